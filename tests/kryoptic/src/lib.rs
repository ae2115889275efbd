//! Nothing: this crate only names what `tests/kryoptic/install` builds, kryoptic's own shared library, as its makers wrote it.
