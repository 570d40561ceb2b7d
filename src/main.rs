//! `junheng`: the command line of the library of the same name.

use std::process::ExitCode;

/// Keeps pages between the chunks of a long file.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    junheng::cli::main(std::env::args_os().collect())
}
