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
