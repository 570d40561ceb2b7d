//! Every step that changes the disk goes through one trait, so that a test can stop at each.

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

    /// Waits until a file has been written to the disk.
    fn sync(&self, path: &Path) -> io::Result<()> {
        // Windows only flushes files that were opened for writing.
        File::options().read(true).append(true).open(path)?.sync_all()
    }

    /// Waits until a folder's entries have been written to the disk; does nothing on systems without such a call.
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// Makes a second name for a file; a copy where the disk does not support links.
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

    /// Removes a folder with its content.
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }
}

/// The real disk.
#[derive(Debug, Clone, Copy)]
pub struct Real;

impl Disk for Real {}
