//! Every step that changes something on disk, by one door, so that a test can stop it at each.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// What a writer does to a disk.
pub trait Disk: Sync {
    fn make_folders(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        File::create(path)?.write_all(bytes)
    }

    /// Waits until a file is on the disk.
    fn sync(&self, path: &Path) -> io::Result<()> {
        // Windows flushes only what was opened for writing.
        File::options().read(true).append(true).open(path)?.sync_all()
    }

    /// The same of a folder's names; where the system knows no such thing, it has been done.
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// A second name for a file; a copy where the disk knows none.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        use io::ErrorKind::{AlreadyExists, NotFound, StorageFull};
        match fs::hard_link(from, to) {
            Err(why) if !matches!(why.kind(), NotFound | AlreadyExists | StorageFull) => {
                fs::copy(from, to)?;
                self.sync(to)
            }
            done => done,
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// With everything in it.
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }
}

/// The real one.
#[derive(Debug, Clone, Copy)]
pub struct Real;

impl Disk for Real {}
