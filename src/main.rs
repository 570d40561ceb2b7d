//! `junheng`: the command line of the library of the same name.

use std::process::ExitCode;

/// Keeps memory pages between the chunks of a long file.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`: −1 keeps freed memory for the next chunk instead of returning it to the system.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    // Sets one number inside the allocator, before any other thread exists.
    #[allow(unsafe_code)]
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, -1)
    };
    junheng::cli::main(std::env::args_os().collect())
}
