//! A reader that panics is a file that cannot be read: the panic is caught and nothing is printed of it.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What `read` returns; nothing if it panics. Panics of other threads, and of this one at other times, are
/// told as before.
pub(super) fn run<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                told(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    // What `read` leaves half done is dropped with it.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    QUIET.set(before);
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
