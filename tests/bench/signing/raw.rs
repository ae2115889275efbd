//! The token's own time: `C_SignInit` and `C_Sign` in a loop, with nothing around them but the hash that the caller owes.

use std::path::Path;
use std::time::Instant;

use cryptoki_sys::*;
use sha2::{Digest as _, Sha256, Sha384};

/// How a key signs: which mechanism, over what.
#[derive(Clone, Copy)]
pub enum How {
    Ecdsa256,
    Ecdsa384,
    Ed25519,
    Pss,
}

/// A session that is logged in, and the only private key on the token.
pub struct Signing {
    library: Pkcs11,
    session: CK_SESSION_HANDLE,
    key: CK_OBJECT_HANDLE,
}

/// Longest signature here: RSA-3072.
const LONGEST: usize = 384;

fn ok(code: CK_RV) {
    assert_eq!(code, CKR_OK);
}

fn length(bytes: usize) -> CK_ULONG {
    CK_ULONG::try_from(bytes).unwrap()
}

impl Signing {
    /// Opens the token of this label.
    pub fn open(module: &Path, label: &str, pin: &str) -> Signing {
        // SAFETY: SoftHSM2 is a PKCS#11 module; every pointer below is to a live value of the length that is said.
        unsafe {
            let library = Pkcs11::new(module).unwrap();
            ok(library.C_Initialize(std::ptr::null_mut()));
            let mut count = 16;
            let mut slots = [0; 16];
            ok(library.C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count));
            let labelled = |slot: &CK_SLOT_ID| {
                let mut told = CK_TOKEN_INFO::default();
                ok(library.C_GetTokenInfo(*slot, &mut told));
                String::from_utf8_lossy(&told.label).trim_end() == label
            };
            let slot = slots[..usize::try_from(count).unwrap()].iter().copied().find(labelled).unwrap();
            let mut session = 0;
            ok(library.C_OpenSession(slot, CKF_SERIAL_SESSION, std::ptr::null_mut(), None, &mut session));
            let mut pin = pin.as_bytes().to_vec();
            ok(library.C_Login(session, CKU_USER, pin.as_mut_ptr(), length(pin.len())));
            let mut class = CKO_PRIVATE_KEY;
            let mut wanted = CK_ATTRIBUTE {
                type_: CKA_CLASS,
                pValue: std::ptr::from_mut(&mut class).cast(),
                ulValueLen: length(size_of::<CK_OBJECT_CLASS>()),
            };
            ok(library.C_FindObjectsInit(session, &mut wanted, 1));
            let (mut key, mut found) = (0, 0);
            ok(library.C_FindObjects(session, &mut key, 1, &mut found));
            ok(library.C_FindObjectsFinal(session));
            assert_eq!(found, 1);
            Signing { library, session, key }
        }
    }

    /// Seconds for so many signatures, one before them not counted.
    pub fn seconds(&self, how: How, message: &[u8], count: usize) -> f64 {
        self.sign(how, message);
        let start = Instant::now();
        for _ in 0..count {
            self.sign(how, message);
        }
        start.elapsed().as_secs_f64()
    }

    fn sign(&self, how: How, message: &[u8]) {
        let mut pss = CK_RSA_PKCS_PSS_PARAMS { hashAlg: CKM_SHA256, mgf: CKG_MGF1_SHA256, sLen: 32 };
        let (kind, mut input) = match how {
            How::Ecdsa256 => (CKM_ECDSA, Sha256::digest(message).to_vec()),
            How::Ecdsa384 => (CKM_ECDSA, Sha384::digest(message).to_vec()),
            How::Ed25519 => (CKM_EDDSA, message.to_vec()),
            How::Pss => (CKM_RSA_PKCS_PSS, Sha256::digest(message).to_vec()),
        };
        let mut mechanism =
            CK_MECHANISM { mechanism: kind, pParameter: std::ptr::null_mut(), ulParameterLen: 0 };
        if matches!(how, How::Pss) {
            mechanism.pParameter = std::ptr::from_mut(&mut pss).cast();
            mechanism.ulParameterLen = length(size_of::<CK_RSA_PKCS_PSS_PARAMS>());
        }
        let mut signature = [0; LONGEST];
        let mut got = length(LONGEST);
        // SAFETY: as in `open`.
        unsafe {
            ok(self.library.C_SignInit(self.session, &mut mechanism, self.key));
            let (from, long) = (input.as_mut_ptr(), length(input.len()));
            ok(self.library.C_Sign(self.session, from, long, signature.as_mut_ptr(), &mut got));
        }
        assert!(got >= 64);
    }
}
