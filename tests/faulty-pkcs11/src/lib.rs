//! A PKCS#11 module that forwards to a real one and fails where a rule says so.
//!
//! Environment: `FAULTY_PKCS11_TARGET` (the real module), `FAULTY_PKCS11_RULES` (a file, read again at each
//! call, see [`rules`]) and optionally `FAULTY_PKCS11_LOG` (each call's name is appended, one a line).
//!
//! Only `C_GetFunctionList` is exported, so clients see PKCS#11 2.40. Asking `C_Sign` for a length only is
//! forwarded and neither counted nor logged: clients do it once per signature.

mod lies;
pub mod rules;
mod sockets;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use cryptoki_sys::{
    CK_ATTRIBUTE_PTR, CK_BBOOL, CK_FLAGS, CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR_PTR, CK_MECHANISM_PTR,
    CK_NOTIFY, CK_OBJECT_HANDLE_PTR, CK_RV, CK_SESSION_HANDLE, CK_SESSION_HANDLE_PTR, CK_SLOT_ID,
    CK_SLOT_ID_PTR, CK_ULONG, CK_ULONG_PTR, CK_VOID_PTR, CKR_FUNCTION_NOT_SUPPORTED, CKR_GENERAL_ERROR,
    CKR_OK,
};

use rules::{Fault, Rule};

struct Forwarder {
    real: CK_FUNCTION_LIST,
    ours: CK_FUNCTION_LIST,
    // The function pointers stay valid only while the library is loaded.
    _library: libloading::Library,
}

// SAFETY: the lists are written once before they are shared; the pointers in them are code, and the data
// pointers that PKCS#11 passes belong to the caller of each function.
unsafe impl Send for Forwarder {}
// SAFETY: as above.
unsafe impl Sync for Forwarder {}

static FORWARDER: OnceLock<Option<Forwarder>> = OnceLock::new();
static CALLS: Mutex<BTreeMap<&'static str, u32>> = Mutex::new(BTreeMap::new());

fn real() -> Option<&'static CK_FUNCTION_LIST> {
    FORWARDER.get()?.as_ref().map(|forwarder| &forwarder.real)
}

/// Counts and logs the call, and says which fault it has. Hangs and aborts happen here.
fn fault_of(function: &'static str) -> Option<Fault> {
    fault_with(function, None)
}

/// The same for a call that names a mechanism.
fn fault_with(function: &'static str, mechanism: Option<u64>) -> Option<Fault> {
    let count = {
        let mut calls = CALLS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let count = calls.entry(function).or_insert(0);
        *count += 1;
        *count
    };
    log(function);
    let text = variable("RULES").map(|path| std::fs::read_to_string(path).expect("the rules can be read"))?;
    // A rule that cannot be read must not let a test pass by doing nothing: the process ends.
    let rules = Rule::parse_all(&text).unwrap_or_else(|wrong| stop(&wrong));
    let fault = rules.into_iter().find(|rule| rule.applies(function, count, mechanism))?.fault;
    match fault {
        Fault::Hang(milliseconds) => {
            std::thread::sleep(Duration::from_millis(milliseconds));
            None
        }
        Fault::Sockets => {
            sockets::attempt(log);
            None
        }
        Fault::Abort => stop("a rule says abort"),
        other => Some(other),
    }
}

/// Adds a line to the log.
fn log(line: &str) {
    if let Some(path) = variable("LOG") {
        let mut log =
            std::fs::File::options().create(true).append(true).open(path).expect("the call log opens");
        writeln!(log, "{line}").expect("the call log takes a line");
    }
}

fn stop(why: &str) -> ! {
    // Said on standard error, where the token host keeps it as the module's chatter.
    let _ = writeln!(std::io::stderr(), "faulty-pkcs11: {why}");
    std::process::abort()
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(format!("FAULTY_PKCS11_{name}"))
}

macro_rules! forwarded {
    ($($function:ident($($argument:ident: $kind:ty),*);)*) => { $(
        #[expect(non_snake_case, reason = "the names are those of the standard")]
        unsafe extern "C" fn $function($($argument: $kind),*) -> CK_RV {
            match fault_of(stringify!($function)) {
                Some(Fault::Code(code)) => code,
                Some(_) => stop(concat!("that fault is not possible in ", stringify!($function))),
                None => match real().and_then(|real| real.$function) {
                    // SAFETY: the caller's arguments are passed on unchanged to the function they are meant for.
                    Some(function) => unsafe { function($($argument),*) },
                    None => CKR_FUNCTION_NOT_SUPPORTED,
                },
            }
        }
    )* };
}

forwarded! {
    C_Initialize(arguments: CK_VOID_PTR);
    C_Finalize(reserved: CK_VOID_PTR);
    C_GetSlotList(present: CK_BBOOL, list: CK_SLOT_ID_PTR, count: CK_ULONG_PTR);
    C_OpenSession(slot: CK_SLOT_ID, flags: CK_FLAGS, data: CK_VOID_PTR, notify: CK_NOTIFY, session: CK_SESSION_HANDLE_PTR);
    C_Logout(session: CK_SESSION_HANDLE);
    C_FindObjectsInit(session: CK_SESSION_HANDLE, template: CK_ATTRIBUTE_PTR, count: CK_ULONG);
    C_GenerateKeyPair(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR, public: CK_ATTRIBUTE_PTR, public_count: CK_ULONG, private: CK_ATTRIBUTE_PTR, private_count: CK_ULONG, public_key: CK_OBJECT_HANDLE_PTR, private_key: CK_OBJECT_HANDLE_PTR);
}

/// The one exported function (PKCS#11 v3.0 5.4.5). A target that cannot be loaded is `CKR_GENERAL_ERROR`.
///
/// # Safety
/// `list` must be valid for writing one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: CK_FUNCTION_LIST_PTR_PTR) -> CK_RV {
    let Some(forwarder) = FORWARDER.get_or_init(load) else { return CKR_GENERAL_ERROR };
    // SAFETY: the caller promises that `list` can be written; the list itself lives as long as the process and
    // clients only read it, which is what the standard asks of them.
    unsafe { *list = std::ptr::from_ref(&forwarder.ours).cast_mut() };
    CKR_OK
}

fn load() -> Option<Forwarder> {
    type Entry = unsafe extern "C" fn(CK_FUNCTION_LIST_PTR_PTR) -> CK_RV;
    // SAFETY: the target is a PKCS#11 module chosen by the test; its entry point has the standard's type and
    // writes a pointer to a list that lives as long as the library.
    unsafe {
        let library = libloading::Library::new(variable("TARGET")?).ok()?;
        let entry: libloading::Symbol<'_, Entry> = library.get(b"C_GetFunctionList").ok()?;
        let mut list = std::ptr::null_mut();
        if entry(&raw mut list) != CKR_OK {
            return None;
        }
        let real = *list;
        let mut ours = real;
        ours.C_GetFunctionList = Some(C_GetFunctionList);
        ours.C_Initialize = Some(C_Initialize);
        ours.C_Finalize = Some(C_Finalize);
        ours.C_GetSlotList = Some(C_GetSlotList);
        ours.C_GetTokenInfo = Some(lies::C_GetTokenInfo);
        ours.C_OpenSession = Some(C_OpenSession);
        ours.C_Login = Some(lies::C_Login);
        ours.C_FindObjectsInit = Some(C_FindObjectsInit);
        ours.C_SignInit = Some(lies::C_SignInit);
        ours.C_Logout = Some(C_Logout);
        ours.C_GenerateKeyPair = Some(C_GenerateKeyPair);
        ours.C_GetAttributeValue = Some(lies::C_GetAttributeValue);
        ours.C_Sign = Some(lies::C_Sign);
        Some(Forwarder { real, ours, _library: library })
    }
}
