//! The lock that allows one writer at a time. The kernel releases the lock of a process that is gone, however it ended;
//! the content of the file then tells the next writer that a write was not finished.

use std::{
    fs::{self, File},
    io::{Read, Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{about, layout};
use crate::problem::{Error, Place, Problem, Result};

/// The content of the file during a write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// UTC.
    pub since: String,
}

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// The previous holder, if it did not release the lock properly.
    pub stale: Option<Holder>,
}

/// The interval at which a waiting writer tries again.
const ASK: Duration = Duration::from_millis(50);

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// Another writer still holds it after `wait`; the disk cannot be read or written.
    pub fn take(root: &Path, wait: Duration) -> Result<Lock> {
        let path = root.join(layout::LOCK);
        let disk = |why| Error::disk(&path, why);
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(disk)?;
        let until = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(fs::TryLockError::WouldBlock) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(busy(root, holder(&mut file)).into());
                    }
                    std::thread::sleep(ASK.min(left));
                }
                Err(fs::TryLockError::Error(why)) => return Err(disk(why)),
            }
        }
        let stale = holder(&mut file);
        let own = Holder { pid: std::process::id(), host: host(), since: about::now() };
        // Only used in messages: a full disk is reported where it matters.
        let _ = write(&mut file, &serde_json::to_vec(&own).unwrap_or_default());
        Ok(Lock { file, stale })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = write(&mut self.file, b"");
    }
}

fn write(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(bytes)
}

/// The holder that the file names.
fn holder(file: &mut File) -> Option<Holder> {
    let mut text = Vec::new();
    file.rewind().ok()?;
    file.take(4096).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn busy(root: &Path, holder: Option<Holder>) -> Problem {
    let place = Place::file(root.display().to_string());
    match holder {
        Some(Holder { pid, host, since }) => Problem::error("store_busy", place)
            .with("pid", pid)
            .with("host", host.map_or_else(String::new, |host| format!(" {host}")))
            .with("since", since),
        None => Problem::error("store_busy_unknown", place),
    }
}

fn host() -> Option<String> {
    let known = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let known =
        known.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
    known.map(|name| name.trim().to_string()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_who_it_is() {
        let root = tempfile::tempdir().unwrap();
        let first = Lock::take(root.path(), Duration::ZERO).unwrap();
        assert_eq!(first.stale, None);
        let Err(Error::Input(problems)) = Lock::take(root.path(), Duration::from_millis(60)) else {
            panic!("two at once")
        };
        assert_eq!(problems[0].code, "store_busy");
        assert!(problems[0].args.contains(&("pid", std::process::id().to_string())));
        drop(first);
        assert_eq!(Lock::take(root.path(), Duration::ZERO).unwrap().stale, None);
    }

    #[test]
    fn one_who_waits_gets_it() {
        let root = tempfile::tempdir().unwrap();
        let first = Lock::take(root.path(), Duration::ZERO).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| Lock::take(root.path(), Duration::from_secs(60)).map(drop));
            std::thread::sleep(Duration::from_millis(20));
            drop(first);
            second.join().unwrap().unwrap();
        });
    }

    #[test]
    fn what_a_killed_writer_left_is_told() {
        let root = tempfile::tempdir().unwrap();
        let left = Holder { pid: 7, host: None, since: "2026-01-01T00:00:00Z".into() };
        fs::write(root.path().join(layout::LOCK), serde_json::to_vec(&left).unwrap()).unwrap();
        assert_eq!(Lock::take(root.path(), Duration::ZERO).unwrap().stale, Some(left));
        fs::write(root.path().join(layout::LOCK), [0xff; 9000]).unwrap();
        assert_eq!(Lock::take(root.path(), Duration::ZERO).unwrap().stale, None);
    }
}
