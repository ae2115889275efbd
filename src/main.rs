//! The command line of conclave.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|first| first == tuf_conclave::token::HIDDEN_ARGUMENT) {
        return tuf_conclave::token::child_main();
    }
    ExitCode::from(2)
}
