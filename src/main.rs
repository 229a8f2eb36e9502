//! The command: arguments in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    flux_identity::cli::main()
}
