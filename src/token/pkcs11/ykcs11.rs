//! YubiKeys behind the maker's own module (ykcs11): two things that it does not tell, and that anybody who knows the maker's cards does.
//!
//! Promises: a card's own key, with which it attests the others, is told as that and can sign nothing; the PIN that every card has
//! out of the box is not sent. Not known here: other modules, which do not say that a card is a YubiKey.

use crate::token::entry::Entry;
use crate::token::factory;
use crate::token::facts::{KeyKind, TokenFacts, TokenKey};

/// How the module begins the names of maker and model of such a token; the same maker's YubiHSM is another model.
const MAKER: &str = "Yubico";
const MODEL: &str = "YubiKey";

/// The module numbers the slots of a card; this one is F9.
const OWN_ID: &[u8] = &[25];

/// How it calls what is in there.
const OWN_LABEL: &str = "PIV Attestation";

/// Whether the token is a YubiKey, as its module tells.
fn is_one(token: &TokenFacts) -> bool {
    token.manufacturer.starts_with(MAKER) && token.model.starts_with(MODEL)
}

/// Whether this is the PIN that such a token has out of the box.
pub(super) fn is_factory(token: Option<&TokenFacts>, entry: &Entry) -> bool {
    token.is_some_and(is_one) && matches!(entry, Entry::Pin(pin) if factory::is_factory_pin(pin))
}

/// The same keys, the card's own told as that: no public half leaves here, so nothing can be asked of it.
pub(super) fn set_apart(token: Option<&TokenFacts>, keys: Vec<TokenKey>) -> Vec<TokenKey> {
    if !token.is_some_and(is_one) {
        return keys;
    }
    let is_own = |key: &TokenKey| key.id == OWN_ID || key.label.ends_with(OWN_LABEL);
    let told = |key: TokenKey| match is_own(&key) {
        true => TokenKey { kind: KeyKind::Attestation, public: Vec::new(), ..key },
        false => key,
    };
    keys.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::facts::tests::a_slot;

    #[test]
    fn only_the_own_key_of_a_yubikey_is_set_apart() {
        let mut token = a_slot(1, "YubiKey PIV #1", "1").token.unwrap();
        let key = |id: u8, label: &str| TokenKey {
            kind: KeyKind::EcP256,
            public: vec![4; 65],
            label: label.into(),
            id: vec![id],
            always_authenticate: None,
            has_private: None,
            touch: None,
        };
        let keys = vec![
            key(2, "Public key for Digital Signature"),
            key(25, ""),
            key(7, "X.509 Certificate for PIV Attestation"),
        ];
        assert_eq!(set_apart(Some(&token), keys.clone()), keys, "another maker numbers its keys as it likes");
        assert_eq!(set_apart(None, keys.clone()), keys);
        (token.manufacturer, token.model) = ("Yubico (www.yubico.com)".into(), "YubiKey YK5".into());
        let kinds: Vec<KeyKind> = set_apart(Some(&token), keys).into_iter().map(|key| key.kind).collect();
        assert_eq!(kinds, [KeyKind::EcP256, KeyKind::Attestation, KeyKind::Attestation]);
    }
}
