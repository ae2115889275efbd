//! What is known of the word of some modules, by how they name themselves: attributes that mean less than the standard says. Each rule was
//! seen with the version that `docs/tokens.md` names. A finding for people to weigh, never a wall.

use tuf_ceremony::document::{Object, View};

use super::Odd;

/// What "not local" means from this module: NSS says it of every key, also of those that it made itself.
pub(super) fn not_local(told: Object<'_>) -> Odd {
    let is_nss = text(told, "module", "manufacturer").is_some_and(|maker| maker == "Mozilla Foundation");
    if is_nss { Odd::LocalOfNone } else { Odd::NotLocal }
}

/// Whether "local" means nothing from this module: of PIV cards OpenSC's says it of every key, because such cards do not tell.
pub(super) fn says_local_of_all(told: Object<'_>) -> bool {
    let is = |outer, name, wanted| text(told, outer, name).is_some_and(|found| found == wanted);
    is("module", "manufacturer", "OpenSC Project") && is("token", "manufacturer", "piv_II")
}

fn text(told: Object<'_>, outer: &str, name: &str) -> Option<String> {
    let inner = told.member(outer).and_then(View::object)?;
    Some(inner.member(name).and_then(View::string)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{Odd, odd};
    use tuf_ceremony::card::Evidence;

    fn oddities(local: bool, module: &str, token: &str) -> Vec<Odd> {
        let text = format!(
            r#"{{"pkcs11":{{"hardware-slot":true,"local":{local},"extractable":false,"never-extractable":true,"sensitive":true,"always-sensitive":true,"module":{{"manufacturer":"{module}"}},"token":{{"manufacturer":"{token}"}}}}}}"#
        );
        odd(Some(&Evidence::read(text.as_bytes()).unwrap()))
    }

    #[test]
    fn an_attribute_means_what_is_known_of_its_module() {
        assert_eq!(oddities(false, "Mozilla Foundation", "Mozilla Foundation"), [Odd::LocalOfNone]);
        assert_eq!(oddities(true, "Mozilla Foundation", "Mozilla Foundation"), []);
        assert_eq!(oddities(true, "OpenSC Project", "piv_II"), [Odd::LocalOfAll]);
        assert_eq!(oddities(true, "OpenSC Project", "Another Card"), []);
        assert_eq!(oddities(false, "OpenSC Project", "piv_II"), [Odd::NotLocal]);
        assert_eq!(oddities(false, "Somebody", "Somebody"), [Odd::NotLocal]);
    }
}
