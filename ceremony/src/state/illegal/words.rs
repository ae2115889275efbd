//! The parts of a refusal's sentence that depend on what it is about.

pub(super) fn mark(rehearsal: bool) -> &'static str {
    if rehearsal { "a rehearsal" } else { "real" }
}

pub(super) fn trust(given: bool) -> &'static str {
    if given {
        "with a root that is none of the plan's"
    } else {
        "on a root, without one of the opener's own"
    }
}

pub(super) fn leaving_out(keys: usize) -> String {
    if keys == 0 {
        String::new()
    } else {
        format!(", without {keys} of signers who have not granted what it needs")
    }
}

pub(super) fn one_device(needed: bool) -> &'static str {
    if needed {
        "it would be kept on one, and nobody says why one is enough"
    } else {
        "it is said why one device is enough, and only a real root on one device needs such a reason"
    }
}
