//! Finds the bytes of a file of the log, whatever stage a writer has reached with it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::layout::{self, Hash};
use crate::problem::{Error, Result};

/// A file that the log names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path in the visible tree, from the root.
    pub place: PathBuf,
    /// The commit that wrote it.
    pub commit: u64,
    pub sha256: Hash,
    /// Whether a later version has taken its place.
    pub replaced: bool,
}

impl Wanted {
    /// Its path when no writer is at work.
    pub fn final_path(&self) -> PathBuf {
        match self.replaced {
            true => layout::superseded(self.commit, &self.place),
            false => self.place.clone(),
        }
    }
}

/// Where a file was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// What was found instead of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another file is in its place.
    Changed,
    Absent,
}

/// The number of attempts: if a writer moves a file during the search, it is in its new place the next time.
const TIMES: u32 = 4;

/// `Ok(Err)` if no file has the hash.
///
/// # Errors
/// The disk cannot be read.
pub fn find(root: &Path, wanted: &Wanted) -> Result<Result<Found, Fault>> {
    let mut fault = Fault::Absent;
    for time in 0..TIMES {
        if time > 0 {
            std::thread::sleep(Duration::from_millis(u64::from(2 * time)));
        }
        match once(root, wanted)? {
            Ok(found) => return Ok(Ok(found)),
            Err(found) => fault = found,
        }
        // Without a writer nothing moves.
        if !root.join(layout::PENDING).exists() && time > 0 {
            break;
        }
    }
    Ok(Err(fault))
}

fn once(root: &Path, wanted: &Wanted) -> Result<Result<Found, Fault>> {
    let mut fault = Fault::Absent;
    let superseded = layout::superseded(wanted.commit, &wanted.place);
    let mut places = vec![wanted.place.clone()];
    if wanted.replaced {
        places.insert(0, superseded.clone());
    }
    for path in places {
        match bytes(&root.join(&path))? {
            Some(bytes) if Hash::of(&bytes) == wanted.sha256 => return Ok(Ok(Found { path, bytes })),
            // Another version may be in its place.
            Some(_) if path == superseded || !wanted.replaced => fault = Fault::Changed,
            _ => {}
        }
    }
    for folder in pending(root)? {
        for kind in [layout::NEW, layout::OLD] {
            let path = Path::new(layout::PENDING).join(&folder).join(kind).join(wanted.sha256.to_string());
            if let Some(bytes) = bytes(&root.join(&path))?
                && Hash::of(&bytes) == wanted.sha256
            {
                return Ok(Ok(Found { path, bytes }));
            }
        }
    }
    match bytes(&root.join(&superseded))? {
        Some(bytes) if Hash::of(&bytes) == wanted.sha256 => Ok(Ok(Found { path: superseded, bytes })),
        Some(_) => Ok(Err(Fault::Changed)),
        None => Ok(Err(fault)),
    }
}

/// The names of the folders in `pending`.
pub fn pending(root: &Path) -> Result<Vec<String>> {
    let folder = root.join(layout::PENDING);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(why) if absent(&why) => return Ok(Vec::new()),
        Err(why) => return Err(Error::disk(&folder, why)),
    };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

fn bytes(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(why) if absent(&why) => Ok(None),
        Err(why) => Err(Error::disk(path, why)),
    }
}

/// Whether there is nothing, or something that cannot be such a file.
fn absent(why: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(why.kind(), NotFound | NotADirectory | IsADirectory)
}
