//! Signatures that are not what they should be.
#![expect(non_snake_case, reason = "the names are those of the standard")]

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_BYTE_PTR, CK_FUNCTION_LIST, CK_MECHANISM_PTR, CK_OBJECT_HANDLE, CK_RV,
    CK_SESSION_HANDLE, CK_ULONG, CK_ULONG_PTR, CKA_CLASS, CKA_KEY_TYPE, CKO_PRIVATE_KEY,
    CKR_FUNCTION_NOT_SUPPORTED, CKR_OK,
};

use crate::fault::Fault;
use crate::judge::{fault_of, fault_with, stop};
use crate::lies::real_or_return;
use crate::real;

/// The functions here; asking for a length is one of its own.
pub const NAMES: [&str; 3] = ["C_SignInit", "C_Sign", "C_Sign-length"];

pub(crate) fn put_in(list: &mut CK_FUNCTION_LIST) {
    list.C_SignInit = Some(C_SignInit);
    list.C_Sign = Some(C_Sign);
}

unsafe extern "C" fn C_SignInit(
    session: CK_SESSION_HANDLE,
    mechanism: CK_MECHANISM_PTR,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: a caller that follows the standard points to a mechanism.
    let asked = unsafe { mechanism.as_ref() }.map(|mechanism| mechanism.mechanism);
    let function = real_or_return!(C_SignInit);
    let key = match fault_with("C_SignInit", asked) {
        Some(Fault::Code(code)) => return code,
        // SAFETY: the session and the key are the caller's.
        Some(Fault::OtherKey) => match unsafe { another(session, key) } {
            Some(other) => other,
            None => stop("there is no other key"),
        },
        _ => key,
    };
    // SAFETY: the caller's arguments, or a key of the same session.
    unsafe { function(session, mechanism, key) }
}

/// Another private key of the same type.
unsafe fn another(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> Option<CK_OBJECT_HANDLE> {
    let real = real()?;
    let attribute = |type_, value: &mut CK_ULONG| CK_ATTRIBUTE {
        type_,
        pValue: std::ptr::from_mut(value).cast(),
        ulValueLen: size_of::<CK_ULONG>() as CK_ULONG,
    };
    let (mut class, mut kind) = (CKO_PRIVATE_KEY, 0);
    let mut found = [0; 64];
    let mut count = 0;
    // SAFETY: every pointer is to a value that lives through the call, with its length beside it.
    unsafe {
        let mut asked = attribute(CKA_KEY_TYPE, &mut kind);
        (real.C_GetAttributeValue?)(session, key, &raw mut asked, 1);
        let mut template = [attribute(CKA_CLASS, &mut class), attribute(CKA_KEY_TYPE, &mut kind)];
        (real.C_FindObjectsInit?)(session, template.as_mut_ptr(), 2);
        (real.C_FindObjects?)(session, found.as_mut_ptr(), 64, &raw mut count);
        (real.C_FindObjectsFinal?)(session);
    }
    found[..usize::try_from(count).ok()?].iter().copied().find(|other| *other != key)
}

unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: CK_BYTE_PTR,
    data_length: CK_ULONG,
    signature: CK_BYTE_PTR,
    length: CK_ULONG_PTR,
) -> CK_RV {
    let fault = fault_of(if signature.is_null() { "C_Sign-length" } else { "C_Sign" });
    match fault {
        Some(Fault::Code(code)) => return code,
        Some(Fault::Size(told)) => {
            // SAFETY: the caller's length can be written.
            unsafe { *length = told };
            return CKR_OK;
        }
        _ => {}
    }
    let function = real_or_return!(C_Sign);
    // SAFETY: the caller's data has that many bytes.
    let mut other =
        unsafe { std::slice::from_raw_parts(data, usize::try_from(data_length).unwrap_or(0)) }.to_vec();
    let data = match fault {
        Some(Fault::OtherMessage) => {
            other[0] ^= 1;
            other.as_mut_ptr()
        }
        _ => data,
    };
    // SAFETY: the caller's arguments, or data of the same length.
    let code = unsafe { function(session, data, data_length, signature, length) };
    if code == CKR_OK && !signature.is_null() {
        // SAFETY: after CKR_OK the module wrote `*length` > 0 bytes to `signature` (PKCS#11 v3.0 5.2).
        unsafe {
            match fault {
                Some(Fault::Flip(bit)) if bit / 8 < usize::try_from(*length).unwrap_or(0) => {
                    *signature.add(bit / 8) ^= 1 << (bit % 8);
                }
                Some(Fault::Flip(_)) => stop("the signature has no such bit"),
                Some(Fault::Told(None)) => *length -= 1,
                Some(Fault::Told(Some(told))) => *length = told,
                _ => {}
            }
        }
    }
    code
}
