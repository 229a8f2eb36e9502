//! The command: arguments in, exit status out.

use std::process::ExitCode;

/// See `mimalloc` in Cargo.toml.
#[cfg(all(target_env = "musl", feature = "mimalloc"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    flux_identity::cli::main()
}
