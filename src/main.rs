//! The binary `conclave`: everything is in the library.

fn main() -> std::process::ExitCode {
    tuf_conclave::commands::main()
}
