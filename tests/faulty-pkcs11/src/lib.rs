//! A PKCS#11 module that forwards to a real one and fails where a rule says so.
//!
//! Environment: `FAULTY_PKCS11_TARGET` (the real module), `FAULTY_PKCS11_RULES` (a file, read again at each
//! call, see [`rules`]), optionally `FAULTY_PKCS11_LOG` (each call's name is appended, one a line) and
//! `FAULTY_PKCS11_AT_LOAD` (what is done while the file is loaded).
//!
//! The list of functions is that of PKCS#11 2.40, and every function in it can have a rule. `C_GetInterface` is there and offers
//! nothing, so clients go on to that list. Asking `C_Sign` for a length only is a call of its own, `C_Sign-length`: clients
//! do it once per signature.

pub mod crimes;
pub mod fault;
mod forward;
mod judge;
mod lies;
pub mod rules;
mod signing;
mod sockets;
mod starting;

use std::ffi::c_void;
use std::sync::OnceLock;

use cryptoki_sys::{
    CK_FLAGS, CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR_PTR, CK_INTERFACE, CK_RV, CKR_GENERAL_ERROR, CKR_OK,
};

use fault::Fault;
use judge::{fault_of, variable};

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
fn real() -> Option<&'static CK_FUNCTION_LIST> {
    FORWARDER.get()?.as_ref().map(|forwarder| &forwarder.real)
}

/// Every function that can have a rule.
pub fn functions() -> impl Iterator<Item = &'static str> {
    let own = ["C_GetInterface", "C_GetFunctionList"];
    own.into_iter().chain(lies::NAMES).chain(signing::NAMES).chain(forward::NAMES.iter().copied())
}

/// The way to newer lists of functions (PKCS#11 v3.0 5.4.6): there is none.
///
/// # Safety
/// `interface` must be valid for writing one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterface(
    _: *mut u8,
    _: *mut c_void,
    interface: *mut *mut CK_INTERFACE,
    _: CK_FLAGS,
) -> CK_RV {
    match fault_of("C_GetInterface") {
        Some(Fault::Code(code)) => code,
        _ => {
            // SAFETY: the caller promises that it can be written.
            unsafe { *interface = std::ptr::null_mut() };
            CKR_OK
        }
    }
}

/// The way to everything else (PKCS#11 v3.0 5.4.5). A target that cannot be loaded is `CKR_GENERAL_ERROR`.
///
/// # Safety
/// `list` must be valid for writing one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: CK_FUNCTION_LIST_PTR_PTR) -> CK_RV {
    if let Some(Fault::Code(code)) = fault_of("C_GetFunctionList") {
        return code;
    }
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
        forward::put_in(&mut ours);
        lies::put_in(&mut ours);
        signing::put_in(&mut ours);
        starting::put_in(&mut ours);
        Some(Forwarder { real, ours, _library: library })
    }
}
