//! What the crate cannot do by itself: a module's own text at its start, and one call: `C_Sign` after a login for that signature alone. The crate's own `sign` starts
//! and ends an operation in one go, with no place for the login between, and `sign_update` is not there for `CKM_ECDSA`.

use std::ffi::CStr;
use std::path::Path;
use std::ptr::NonNull;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Function};
use cryptoki::error::{Error, Result, Rv, RvError};
use cryptoki::session::Session;
use cryptoki_sys::{CK_ULONG, CKR_OK, Pkcs11 as Library};

/// More bytes than any signature here has: 4,627 with ML-DSA-87.
const ROOM: usize = 8192;

/// What a module is initialised with. `init` must stay where it is as long as the module is loaded.
pub(super) fn arguments(init: Option<&CStr>) -> CInitializeArgs {
    let flags = CInitializeFlags::OS_LOCKING_OK;
    match init.and_then(|text| NonNull::new(text.as_ptr().cast_mut().cast())) {
        // SAFETY: the text ends with a zero byte and lives as long as the module, which reads it as its maker says; the profile
        // that gives it names that module by its SHA-256.
        Some(text) => unsafe { CInitializeArgs::new_with_reserved(flags, text) },
        None => CInitializeArgs::new(flags),
    }
}

/// Ends the signature that `session` has begun, over `data`. `module` is the file that is loaded already: loading it again
/// gives the same library and the same list of functions.
pub(super) fn sign(module: &Path, session: &Session, data: &[u8]) -> Result<Vec<u8>> {
    let answered = |code, function| Rv::from(code).into_result(function);
    // SAFETY: the module's code runs in this process already; a second load of the file only counts a reference.
    let library = unsafe { Library::new(module) }.map_err(Error::LibraryLoading)?;
    let mut list = std::ptr::null_mut();
    // SAFETY: `list` can be written, and the module fills it with a pointer that lives as long as the module (PKCS#11 v3.0
    // 5.4.5), which the crate's context keeps loaded.
    answered(unsafe { library.C_GetFunctionList(&raw mut list) }, Function::GetFunctionList)?;
    let missing = || Error::Pkcs11(RvError::FunctionNotSupported, Function::Sign);
    // SAFETY: the pointer is null or that list.
    let call = unsafe { list.as_ref() }.and_then(|list| list.C_Sign).ok_or_else(missing)?;
    let mut signature = vec![0_u8; ROOM];
    let mut length = ROOM as CK_ULONG;
    // SAFETY: the session is open and has begun to sign; `data` and `signature` are as long as is said, and the module only
    // reads `data` in spite of its type (PKCS#11 v3.0 5.13.2).
    let code = unsafe {
        call(
            session.handle(),
            data.as_ptr().cast_mut(),
            data.len() as CK_ULONG,
            signature.as_mut_ptr(),
            &raw mut length,
        )
    };
    if code != CKR_OK {
        return Err(answered(code, Function::Sign).expect_err("the code is no success"));
    }
    signature.truncate(usize::try_from(length)?);
    Ok(signature)
}
