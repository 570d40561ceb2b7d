//! A reader that panics is a file that cannot be read: the panic is caught and nothing is printed of it.

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

/// How many readers run now, on any thread.
static READERS: AtomicUsize = AtomicUsize::new(0);

/// How the threads are called that the engine shares its work among.
const WORKERS: &str = "polars-";

/// What `read` returns; nothing if it panics. Panics of other threads than this one and the engine's, and of this one
/// at other times, are printed as ever.
pub fn run<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let thread = thread::current();
            let is_worker = || thread.name().is_some_and(|name| name.starts_with(WORKERS));
            // What a worker panics at, it panics at again in the thread that waits for it.
            if !(QUIET.get() || READERS.load(Ordering::Relaxed) > 0 && is_worker()) {
                told(info);
            }
        }));
    });
    READERS.fetch_add(1, Ordering::Relaxed);
    let before = QUIET.replace(true);
    // What `read` leaves half done is dropped with it.
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
