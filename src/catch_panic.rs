//! Catches the panics of a file reader: a file that makes its reader panic is reported as unreadable, and the panic is
//! not printed.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// The number of readers running now, on any thread.
static READERS: AtomicUsize = AtomicUsize::new(0);

/// The prefix of the names of the engine's worker threads.
const WORKERS: &str = "polars-";

/// Runs `read` and returns its result, or `None` if it panics. Only panics of this thread and of the engine's workers,
/// and only during the call, are kept from being printed.
pub fn run<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let thread = thread::current();
            let is_worker = || thread.name().is_some_and(|name| name.starts_with(WORKERS));
            // A panic in a worker is raised again in the thread that waits for it.
            if !(QUIET.get() || READERS.load(Ordering::Relaxed) > 0 && is_worker()) {
                told(info);
            }
        }));
    });
    READERS.fetch_add(1, Ordering::Relaxed);
    let before = QUIET.replace(true);
    // Whatever `read` leaves half done is dropped with it.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    QUIET.set(before);
    READERS.fetch_sub(1, Ordering::Relaxed);
    result.ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_panic_is_caught_and_what_follows_runs() {
        assert_eq!(super::run(|| "".parse::<u8>().unwrap()), None);
        assert_eq!(super::run(|| 1), Some(1));
    }
}
