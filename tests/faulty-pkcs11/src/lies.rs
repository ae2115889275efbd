//! The calls that can do more than fail: they answer what is not so.
#![expect(non_snake_case, reason = "the names are those of the standard")]

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_ATTRIBUTE_PTR, CK_BYTE_PTR, CK_MECHANISM_PTR, CK_OBJECT_HANDLE, CK_RV,
    CK_SESSION_HANDLE, CK_SLOT_ID, CK_TOKEN_INFO_PTR, CK_ULONG, CK_ULONG_PTR, CK_USER_TYPE, CK_UTF8CHAR_PTR,
    CKA_CLASS, CKA_KEY_TYPE, CKO_PRIVATE_KEY, CKR_FUNCTION_NOT_SUPPORTED, CKR_OK,
};

use crate::rules::Fault;
use crate::{fault_of, fault_with, real, stop};

/// The real function of a name, or the answer that there is none.
macro_rules! real_or_return {
    ($name:ident) => {
        match real().and_then(|real| real.$name) {
            Some(function) => function,
            None => return CKR_FUNCTION_NOT_SUPPORTED,
        }
    };
}

pub(crate) unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, told: CK_TOKEN_INFO_PTR) -> CK_RV {
    let fault = fault_of("C_GetTokenInfo");
    if let Some(Fault::Code(code)) = fault {
        return code;
    }
    let function = real_or_return!(C_GetTokenInfo);
    // SAFETY: the caller's arguments are passed on unchanged.
    let code = unsafe { function(slot, told) };
    if code != CKR_OK {
        return code;
    }
    // SAFETY: after CKR_OK the module filled what the caller pointed to.
    let told = unsafe { &mut *told };
    match fault {
        Some(Fault::Flags { set, clear }) => told.flags = (told.flags | set) & !clear,
        Some(Fault::Model(name)) => {
            told.model = [b' '; 16];
            for (place, byte) in told.model.iter_mut().zip(name.bytes()) {
                *place = byte;
            }
        }
        _ => {}
    }
    code
}

pub(crate) unsafe extern "C" fn C_Login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: CK_UTF8CHAR_PTR,
    length: CK_ULONG,
) -> CK_RV {
    let fault = fault_of("C_Login");
    let function = real_or_return!(C_Login);
    match fault {
        Some(Fault::Code(code)) => code,
        Some(Fault::Keypad(typed)) if pin.is_null() => {
            let mut typed = typed.into_bytes();
            // SAFETY: the PIN lives through the call; the rest is the caller's.
            unsafe { function(session, user, typed.as_mut_ptr(), typed.len() as CK_ULONG) }
        }
        // SAFETY: the caller's arguments are passed on unchanged.
        _ => unsafe { function(session, user, pin, length) },
    }
}

pub(crate) unsafe extern "C" fn C_GetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: CK_ATTRIBUTE_PTR,
    count: CK_ULONG,
) -> CK_RV {
    let fault = fault_of("C_GetAttributeValue");
    if let Some(Fault::Code(code)) = fault {
        return code;
    }
    let function = real_or_return!(C_GetAttributeValue);
    // SAFETY: the caller's arguments are passed on unchanged.
    let code = unsafe { function(session, object, template, count) };
    if let (CKR_OK, Some(Fault::Claims { attribute, value })) = (code, fault) {
        for at in 0..usize::try_from(count).unwrap_or(0) {
            // SAFETY: the template has `count` attributes, and one with a place for its value has that many bytes.
            unsafe {
                let told = &*template.add(at);
                if told.type_ == attribute && !told.pValue.is_null() && told.ulValueLen == 1 {
                    *told.pValue.cast::<u8>() = value;
                }
            }
        }
    }
    code
}

pub(crate) unsafe extern "C" fn C_SignInit(
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

pub(crate) unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: CK_BYTE_PTR,
    data_length: CK_ULONG,
    signature: CK_BYTE_PTR,
    length: CK_ULONG_PTR,
) -> CK_RV {
    let fault = if signature.is_null() { None } else { fault_of("C_Sign") };
    if let Some(Fault::Code(code)) = fault {
        return code;
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
                Some(Fault::Corrupt) => *signature ^= 1,
                Some(Fault::Short) => *length -= 1,
                _ => {}
            }
        }
    }
    code
}
