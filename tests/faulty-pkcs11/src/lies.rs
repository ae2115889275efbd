//! The calls that can do more than fail: they answer what is not so. Signatures have a room of their own.
#![expect(non_snake_case, reason = "the names are those of the standard")]

use std::sync::atomic::{AtomicU64, Ordering};

use cryptoki_sys::{
    CK_ATTRIBUTE_PTR, CK_BBOOL, CK_FLAGS, CK_FUNCTION_LIST, CK_INFO_PTR, CK_NOTIFY, CK_OBJECT_HANDLE,
    CK_OBJECT_HANDLE_PTR, CK_RV, CK_SESSION_HANDLE, CK_SESSION_HANDLE_PTR, CK_SLOT_ID, CK_SLOT_ID_PTR,
    CK_SLOT_INFO_PTR, CK_TOKEN_INFO_PTR, CK_ULONG, CK_ULONG_PTR, CK_USER_TYPE, CK_UTF8CHAR_PTR, CK_VOID_PTR,
    CKR_BUFFER_TOO_SMALL, CKR_FUNCTION_NOT_SUPPORTED, CKR_OK,
};

use crate::fault::Fault;
use crate::judge::{fault_of, stop};
use crate::real;

/// The functions here.
pub const NAMES: [&str; 8] = [
    "C_GetInfo",
    "C_GetSlotList",
    "C_GetSlotInfo",
    "C_GetTokenInfo",
    "C_OpenSession",
    "C_Login",
    "C_FindObjects",
    "C_GetAttributeValue",
];

pub(crate) fn put_in(list: &mut CK_FUNCTION_LIST) {
    list.C_GetInfo = Some(C_GetInfo);
    list.C_GetSlotList = Some(C_GetSlotList);
    list.C_GetSlotInfo = Some(C_GetSlotInfo);
    list.C_GetTokenInfo = Some(C_GetTokenInfo);
    list.C_OpenSession = Some(C_OpenSession);
    list.C_Login = Some(C_Login);
    list.C_FindObjects = Some(C_FindObjects);
    list.C_GetAttributeValue = Some(C_GetAttributeValue);
}

/// The real function of a name, or the answer that there is none.
macro_rules! real_or_return {
    ($name:ident) => {
        match real().and_then(|real| real.$name) {
            Some(function) => function,
            None => return CKR_FUNCTION_NOT_SUPPORTED,
        }
    };
}
pub(crate) use real_or_return;

/// The bytes with blanks behind them, as fields have them.
fn fill(place: &mut [u8], bytes: &[u8]) {
    place.fill(b' ');
    let length = bytes.len().min(place.len());
    place[..length].copy_from_slice(&bytes[..length]);
}

unsafe extern "C" fn C_GetInfo(told: CK_INFO_PTR) -> CK_RV {
    let fault = fault_of("C_GetInfo");
    if let Some(Fault::Code(code)) = fault {
        return code;
    }
    let function = real_or_return!(C_GetInfo);
    // SAFETY: the caller's argument is passed on unchanged; after CKR_OK the module filled what it points to.
    let (code, told) = unsafe { (function(told), &mut *told) };
    match fault {
        Some(Fault::Text { field, bytes }) => match field.as_str() {
            "maker" => fill(&mut told.manufacturerID, &bytes),
            "description" => fill(&mut told.libraryDescription, &bytes),
            _ => stop("a module has no such field"),
        },
        Some(Fault::Flags { set, clear }) => told.flags = (told.flags | set) & !clear,
        _ => {}
    }
    code
}

unsafe extern "C" fn C_GetSlotList(present: CK_BBOOL, list: CK_SLOT_ID_PTR, count: CK_ULONG_PTR) -> CK_RV {
    let fault = fault_of("C_GetSlotList");
    match fault {
        Some(Fault::Code(code)) => return code,
        Some(Fault::Size(told)) => {
            // SAFETY: the caller's count can be written.
            unsafe { *count = told };
            return CKR_OK;
        }
        Some(Fault::Grows) => {
            // SAFETY: the caller's count can be read and written.
            unsafe { *count = if list.is_null() { 1 } else { *count + 1 } };
            return if list.is_null() { CKR_OK } else { CKR_BUFFER_TOO_SMALL };
        }
        _ => {}
    }
    let function = real_or_return!(C_GetSlotList);
    // SAFETY: the caller's arguments are passed on unchanged.
    unsafe { function(present, list, count) }
}

unsafe extern "C" fn C_GetSlotInfo(slot: CK_SLOT_ID, told: CK_SLOT_INFO_PTR) -> CK_RV {
    let fault = fault_of("C_GetSlotInfo");
    if let Some(Fault::Code(code)) = fault {
        return code;
    }
    let function = real_or_return!(C_GetSlotInfo);
    // SAFETY: the caller's arguments are passed on unchanged; after CKR_OK the module filled what they point to.
    let (code, told) = unsafe { (function(slot, told), &mut *told) };
    match fault {
        Some(Fault::Text { field, bytes }) => match field.as_str() {
            "maker" => fill(&mut told.manufacturerID, &bytes),
            "description" => fill(&mut told.slotDescription, &bytes),
            _ => stop("a slot has no such field"),
        },
        Some(Fault::Flags { set, clear }) => told.flags = (told.flags | set) & !clear,
        _ => {}
    }
    code
}

unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, told: CK_TOKEN_INFO_PTR) -> CK_RV {
    let fault = fault_of("C_GetTokenInfo");
    if let Some(Fault::Code(code)) = fault {
        return code;
    }
    let function = real_or_return!(C_GetTokenInfo);
    // SAFETY: the caller's arguments are passed on unchanged; after CKR_OK the module filled what they point to.
    let (code, told) = unsafe { (function(slot, told), &mut *told) };
    match fault {
        Some(Fault::Flags { set, clear }) => told.flags = (told.flags | set) & !clear,
        Some(Fault::Blank) => {
            fill(&mut told.label, b"");
            fill(&mut told.serialNumber, b"");
            fill(&mut told.model, b"");
            fill(&mut told.manufacturerID, b"");
        }
        Some(Fault::Pins(least, most)) => (told.ulMinPinLen, told.ulMaxPinLen) = (least, most),
        Some(Fault::Text { field, bytes }) => match field.as_str() {
            "label" => fill(&mut told.label, &bytes),
            "serial" => fill(&mut told.serialNumber, &bytes),
            "model" => fill(&mut told.model, &bytes),
            "maker" => fill(&mut told.manufacturerID, &bytes),
            "time" => {
                // CKF_CLOCK_ON_TOKEN, without which nobody reads it.
                told.flags |= 0x40;
                fill(&mut told.utcTime, &bytes);
            }
            _ => stop("a token has no such field"),
        },
        _ => {}
    }
    code
}

unsafe extern "C" fn C_OpenSession(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    data: CK_VOID_PTR,
    notify: CK_NOTIFY,
    session: CK_SESSION_HANDLE_PTR,
) -> CK_RV {
    let function = real_or_return!(C_OpenSession);
    let slot = match fault_of("C_OpenSession") {
        Some(Fault::Code(code)) => return code,
        Some(Fault::OtherSlot) => other_slot(slot).unwrap_or_else(|| stop("there is no other slot")),
        _ => slot,
    };
    // SAFETY: the caller's arguments, or another slot of the same module.
    unsafe { function(slot, flags, data, notify, session) }
}

/// The first other slot with a token that was set up.
fn other_slot(slot: CK_SLOT_ID) -> Option<CK_SLOT_ID> {
    let real = real()?;
    let mut slots = [0; 16];
    let mut count = 16;
    // SAFETY: every pointer is to a value that lives through the call, with its length beside it.
    unsafe {
        (real.C_GetSlotList?)(1, slots.as_mut_ptr(), &raw mut count);
        slots[..usize::try_from(count).ok()?].iter().copied().find(|other| {
            let mut told = cryptoki_sys::CK_TOKEN_INFO::default();
            let code = real.C_GetTokenInfo.map(|function| function(*other, &raw mut told));
            // CKF_TOKEN_INITIALIZED
            *other != slot && code == Some(CKR_OK) && told.flags & 0x400 != 0
        })
    }
}

unsafe extern "C" fn C_Login(
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

/// The object that an endless search finds.
static FOUND: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" fn C_FindObjects(
    session: CK_SESSION_HANDLE,
    objects: CK_OBJECT_HANDLE_PTR,
    most: CK_ULONG,
    count: CK_ULONG_PTR,
) -> CK_RV {
    let fault = fault_of("C_FindObjects");
    if let Some(Fault::Code(code)) = fault {
        return code;
    }
    let function = real_or_return!(C_FindObjects);
    // SAFETY: the caller's arguments are passed on unchanged; there is room for `most` objects.
    unsafe {
        let code = function(session, objects, most, count);
        match fault {
            Some(Fault::Size(told)) => *count = told,
            // The first one again and again; nothing where there never was one.
            Some(Fault::Endless) => {
                if *count > 0 {
                    FOUND.store(*objects, Ordering::Relaxed);
                }
                let found = FOUND.load(Ordering::Relaxed);
                if found != 0 {
                    for at in 0..usize::try_from(most).unwrap_or(0) {
                        *objects.add(at) = found;
                    }
                    *count = most;
                }
            }
            _ => {}
        }
        code
    }
}

unsafe extern "C" fn C_GetAttributeValue(
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
    // What the caller has room for, before the module says what it needs.
    // SAFETY: the template has `count` attributes.
    let template = unsafe { std::slice::from_raw_parts_mut(template, usize::try_from(count).unwrap_or(0)) };
    let room: Vec<CK_ULONG> = template.iter().map(|told| told.ulValueLen).collect();
    // SAFETY: the caller's arguments are passed on unchanged.
    let mut code = unsafe { function(session, object, template.as_mut_ptr(), count) };
    for (told, room) in template.iter_mut().zip(room) {
        match &fault {
            Some(Fault::Claims { attribute, value })
                if code == CKR_OK
                    && told.type_ == *attribute
                    && !told.pValue.is_null()
                    && told.ulValueLen == 1 =>
            {
                // SAFETY: it has a place of one byte.
                unsafe { *told.pValue.cast::<u8>() = *value };
            }
            Some(Fault::Length { attribute, length }) if told.type_ == *attribute => {
                told.ulValueLen = *length
            }
            Some(Fault::Bytes { attribute, bytes }) if told.type_ == *attribute => {
                told.ulValueLen = bytes.len() as CK_ULONG;
                code = CKR_OK;
                if !told.pValue.is_null() && room >= told.ulValueLen {
                    // SAFETY: the caller has room for `room` bytes there.
                    unsafe { told.pValue.cast::<u8>().copy_from(bytes.as_ptr(), bytes.len()) };
                }
            }
            _ => {}
        }
    }
    code
}
