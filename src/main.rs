//! `junheng`: the command line of the library of the same name.

use std::process::ExitCode;

/// Keeps pages between the chunks of a long file.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`: −1 keeps what was freed for the next chunk instead of handing it back and faulting it in anew.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    // SAFETY: sets one number inside the allocator, before any other thread is there.
    #[allow(unsafe_code)]
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, -1)
    };
    junheng::cli::main(std::env::args_os().collect())
}
