//! `C_Initialize`: a text in `pReserved` is logged as `reserved TEXT` and not passed on, because SoftHSM2 takes none.
#![expect(non_snake_case, reason = "the name is that of the standard")]

use std::ffi::{CStr, c_void};

use cryptoki_sys::{CK_C_INITIALIZE_ARGS, CK_FUNCTION_LIST, CK_RV, CKR_FUNCTION_NOT_SUPPORTED};

use crate::fault::Fault;
use crate::judge::{fault_of, log, stop};
use crate::real;

unsafe extern "C" fn C_Initialize(arguments: *mut c_void) -> CK_RV {
    match fault_of("C_Initialize") {
        Some(Fault::Code(code)) => return code,
        Some(_) => stop("that fault is not possible in C_Initialize"),
        None => {}
    }
    let Some(function) = real().and_then(|real| real.C_Initialize) else { return CKR_FUNCTION_NOT_SUPPORTED };
    // SAFETY: a caller that follows the standard gives nothing or its arguments (PKCS#11 v3.0 5.4.1).
    let Some(given) = (unsafe { arguments.cast::<CK_C_INITIALIZE_ARGS>().as_ref() }) else {
        // SAFETY: nothing is passed on as nothing.
        return unsafe { function(arguments) };
    };
    let mut passed = *given;
    if !given.pReserved.is_null() {
        // SAFETY: the tests give a text that ends with a zero byte, or nothing.
        let text = unsafe { CStr::from_ptr(given.pReserved.cast()) };
        log(&format!("reserved {}", text.to_string_lossy()));
        passed.pReserved = std::ptr::null_mut();
    }
    // SAFETY: a copy of the caller's arguments, which lives through the call.
    unsafe { function(std::ptr::from_mut(&mut passed).cast()) }
}

/// Puts it in a list of functions.
pub(crate) fn put_in(list: &mut CK_FUNCTION_LIST) {
    list.C_Initialize = Some(C_Initialize);
}
