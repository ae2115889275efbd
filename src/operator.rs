//! Everything that is asked of, or told to, the person at the terminal.

pub mod secret;
