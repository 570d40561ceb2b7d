//! Adds to the store: everything is written to a separate folder and synced, one rename commits it, and then the files
//! are moved into place.
//!
//! ```text
//! pending/18/new/<sha256>      the commit's files              ─┐ 3. to their places, after
//! pending/18/old/<sha256>      links to those they replace     ─┴─▶  superseded/<their commit>/…
//! pending/18/commit.json       ─2. one rename─▶ log/00000018.json
//! ```
//!
//! An error or a kill before step 2 leaves the store as it was, with leftovers that the next writer removes. After step
//! 2 the commit is in force: readers find its files in `pending`, and the next writer finishes step 3, which can be
//! repeated from any point and needs no space.

mod add;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    about::{self, About, NEW_ABOUT},
    disk::{Disk, Real},
    find,
    layout::{self, Hash},
    lock::{Holder, Lock},
    log::{Commit, Entry, Log, Lost, Rules},
};
use crate::{
    problem::{Error, Result},
    tables::years::DistrictYear,
};

/// What a writer found unfinished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// Who wrote it, if known.
    pub by: Option<Holder>,
    /// Commits that were in force and have now been moved into place.
    pub finished: Vec<u64>,
    /// Folders of commits that never took effect.
    pub undone: Vec<String>,
}

/// The result of adding a district's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The first version.
    New,
    /// A further version; `changed` is `None` if the previous one cannot be read.
    Version {
        number: u32,
        changed: Option<Changed>,
    },
    Unchanged {
        version: u32,
    },
    /// Damaged files of a version were written again with the same content.
    Restored {
        version: u32,
        files: usize,
    },
}

/// The differences between a version and the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub facts: usize,
    /// The number of sections whose facts changed, or that were added or removed.
    pub schools: usize,
}

/// A store opened for writing. If it is dropped without [`Writer::commit`], the store is unchanged.
pub struct Writer<'d> {
    root: PathBuf,
    disk: &'d dyn Disk,
    log: Log,
    number: u64,
    recovered: Option<Recovered>,
    /// Whether this writer created the store.
    made: bool,
    staged: Mutex<Staged>,
    /// The results of [`Writer::heals`], by inputs.
    heals: Mutex<BTreeMap<Vec<String>, bool>>,
    committed: bool,
    // The last field: the lock is released after everything else is done.
    _lock: Lock,
}

#[derive(Default)]
struct Staged {
    rules: Vec<Rules>,
    entries: BTreeMap<DistrictYear, Entry>,
    lost: Vec<Lost>,
    /// Files of earlier versions, and their paths.
    restored: BTreeMap<PathBuf, Hash>,
}

impl Writer<'static> {
    /// Opens the store at `root` for writing, and creates it if there is nothing. What a killed writer left is finished
    /// or undone first. Waits for another writer.
    ///
    /// # Errors
    /// The folder is something else, has a newer format, is damaged, or is still locked by another writer after `wait`;
    /// the disk cannot be read or written.
    pub fn begin(root: &Path, wait: Duration) -> Result<Writer<'static>> {
        Writer::begin_on(&Real, root, wait)
    }
}

impl<'d> Writer<'d> {
    /// Like [`Writer::begin`], on the given disk.
    pub fn begin_on(disk: &'d dyn Disk, root: &Path, wait: Duration) -> Result<Writer<'d>> {
        let made = About::read(root)?.is_none();
        disk.make_folders(root).map_err(|why| Error::disk(root, why))?;
        let mut lock = Lock::take(root, wait)?;
        // Another writer may have created it, or changed it to a newer format, in the meantime.
        let made = made && About::read(root)?.is_none();
        let stale = lock.stale.take();
        let mut writer = Writer {
            root: root.to_path_buf(),
            disk,
            log: Log::default(),
            number: 0,
            recovered: None,
            made,
            staged: Mutex::default(),
            heals: Mutex::default(),
            committed: false,
            _lock: lock,
        };
        if made {
            writer.make()?;
        }
        writer.log = Log::read(root)?;
        writer.recover(stale)?;
        writer.number = writer.log.commits.len() as u64 + 1;
        for kind in [layout::NEW, layout::OLD] {
            writer.folder(&writer.pending().join(kind))?;
        }
        writer.folder(&writer.root.join(layout::LOG))?;
        Ok(writer)
    }

    pub fn recovered(&self) -> Option<&Recovered> {
        self.recovered.as_ref()
    }

    fn pending(&self) -> PathBuf {
        self.root.join(layout::pending(self.number))
    }

    fn folder(&self, path: &Path) -> Result<()> {
        self.disk.make_folders(path).map_err(|why| Error::disk(path, why))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.disk.write(path, bytes).map_err(|why| Error::disk(path, why))
    }

    fn make(&self) -> Result<()> {
        let (new, path) = (self.root.join(NEW_ABOUT), self.root.join(layout::ABOUT));
        let mut text = serde_json::to_vec_pretty(&About::new()).unwrap_or_default();
        text.push(b'\n');
        self.write(&new, &text)?;
        self.disk.sync(&new).map_err(|why| Error::disk(&new, why))?;
        self.disk.rename(&new, &path).map_err(|why| Error::disk(&path, why))
    }

    /// Finishes commits that are in force and removes those that are not.
    fn recover(&mut self, by: Option<Holder>) -> Result<()> {
        let mut found = Recovered { by, finished: Vec::new(), undone: Vec::new() };
        for name in find::pending(&self.root)? {
            let number = name.parse::<u64>().ok().filter(|number| layout::pending(*number).ends_with(&name));
            match number {
                Some(number) if number > 0 && number <= self.log.commits.len() as u64 => {
                    self.place(number)?;
                    found.finished.push(number);
                }
                _ => {
                    let path = self.root.join(layout::PENDING).join(&name);
                    // A regular file here is not ours, and is removed like other leftovers.
                    let removed =
                        if path.is_dir() { self.disk.remove_folder(&path) } else { self.disk.remove(&path) };
                    gone(removed).map_err(|why| Error::disk(&path, why))?;
                    found.undone.push(name);
                }
            }
        }
        if !(found.finished.is_empty() && found.undone.is_empty()) {
            self.recovered = Some(found);
        }
        Ok(())
    }

    /// Commits everything that was added. Returns the number of the commit, or `None` if nothing changed.
    ///
    /// # Errors
    /// The disk cannot be written. Before the moment of the commit nothing has changed in that case; after it the
    /// commit is in force, and the next writer finishes it.
    pub fn commit(mut self) -> Result<Option<u64>> {
        let staged = std::mem::take(self.staged.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner()));
        let folder = self.pending();
        if staged.entries.is_empty() && staged.restored.is_empty() {
            return Ok(None);
        }
        self.sync_all(&staged)?;
        for (place, hash) in &staged.restored {
            let path = self.root.join(place);
            self.parent(&path)?;
            let from = folder.join(layout::NEW).join(hash.to_string());
            // The same bytes may belong in two places.
            let again = folder.join(layout::OLD).join("restored");
            self.disk.link(&from, &again).map_err(|why| Error::disk(&path, why))?;
            self.disk.rename(&again, &path).map_err(|why| Error::disk(&path, why))?;
        }
        if staged.entries.is_empty() {
            return Ok(None);
        }
        let time = match self.log.commits.last() {
            Some(last) => about::now().max(last.time.clone()),
            None => about::now(),
        };
        let mut lost = staged.lost;
        lost.sort();
        let commit = Commit {
            number: self.number,
            time,
            program: about::program(),
            rules: staged.rules,
            entries: staged.entries.into_values().collect(),
            lost,
        };
        self.prepare(&commit)?;
        let file = folder.join(layout::COMMIT);
        self.write(&file, commit.text().as_bytes())?;
        let disk = |why| Error::disk(&file, why);
        self.disk.sync(&file).map_err(disk)?;
        self.disk.sync_folder(&folder).map_err(disk)?;
        let log = self.root.join(layout::log_file(self.number));
        self.disk.rename(&file, &log).map_err(|why| Error::disk(&log, why))?;
        // From here on the commit is in force.
        self.committed = true;
        self.disk.sync_folder(&self.root.join(layout::LOG)).map_err(|why| Error::disk(&log, why))?;
        let mut commits = std::mem::take(&mut self.log.commits);
        commits.push(commit);
        self.log = Log::of(commits);
        self.place(self.number)?;
        Ok(Some(self.number))
    }

    /// Waits until all new files are on the disk; many at a time, so that the file system's journal is written for many
    /// together.
    fn sync_all(&self, staged: &Staged) -> Result<()> {
        const AT_ONCE: usize = 16;
        let new = self.pending().join(layout::NEW);
        let mut hashes: Vec<Hash> = staged.restored.values().copied().collect();
        hashes.extend(staged.entries.values().flat_map(|e| e.tables.values()).map(|file| file.sha256));
        hashes.sort_unstable();
        hashes.dedup();
        let (next, failed) = (AtomicUsize::new(0), Mutex::new(None));
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(hashes.len()) {
                scope.spawn(|| {
                    while let Some(hash) = hashes.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let path = new.join(hash.to_string());
                        if let Err(why) = self.disk.sync(&path) {
                            let mut failed = failed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                            *failed = Some(Error::disk(&path, why));
                            return;
                        }
                    }
                });
            }
        });
        match failed.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
            Some(error) => Err(error),
            None => self.disk.sync_folder(&new).map_err(|why| Error::disk(&new, why)),
        }
    }

    /// Makes second names for all files to be replaced, and every folder that will be needed, so that the steps after
    /// the commit need no more space.
    fn prepare(&self, commit: &Commit) -> Result<()> {
        let old = self.pending().join(layout::OLD);
        for entry in &commit.entries {
            for table in entry.tables.keys() {
                self.parent(&self.root.join(layout::place(table, entry.year, &entry.district_code)))?;
            }
            let Some(&at) = self.log.versions(&entry.of()).last() else { continue };
            let (before, replaced) = self.log.get(at);
            for (table, written) in &replaced.tables {
                let place = layout::place(table, replaced.year, &replaced.district_code);
                self.parent(&self.root.join(layout::superseded(before.number, &place)))?;
                let (from, to) = (self.root.join(place), old.join(written.sha256.to_string()));
                match self.disk.link(&from, &to) {
                    // Tables with identical bytes share the link.
                    Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
                    other => gone(other).map_err(|why| Error::disk(&from, why))?,
                }
            }
        }
        self.disk.sync_folder(&old).map_err(|why| Error::disk(&old, why))
    }

    fn parent(&self, path: &Path) -> Result<()> {
        path.parent().map_or(Ok(()), |folder| self.folder(folder))
    }

    /// Moves the files of a commit in force into place. May be interrupted at any point and repeated.
    fn place(&self, number: u64) -> Result<()> {
        let Some(commit) = self.log.commits.iter().find(|commit| commit.number == number) else {
            return Ok(());
        };
        let folder = self.root.join(layout::pending(number));
        for entry in &commit.entries {
            let versions = self.log.versions(&entry.of());
            let own = versions.iter().position(|&at| self.log.get(at).0.number == number);
            let before = own.and_then(|own| versions.get(own.checked_sub(1)?)).map(|&at| self.log.get(at));
            if let Some((before, replaced)) = before {
                for (table, written) in &replaced.tables {
                    let place = layout::place(table, replaced.year, &replaced.district_code);
                    let link = folder.join(layout::OLD).join(written.sha256.to_string());
                    self.shift(&link, &self.root.join(layout::superseded(before.number, &place)))?;
                    if !entry.tables.contains_key(table) {
                        let path = self.root.join(place);
                        gone(self.disk.remove(&path)).map_err(|why| Error::disk(&path, why))?;
                    }
                }
            }
            for (table, written) in &entry.tables {
                let place = layout::place(table, entry.year, &entry.district_code);
                let new = folder.join(layout::NEW).join(written.sha256.to_string());
                self.shift(&new, &self.root.join(place))?;
            }
        }
        gone(self.disk.remove_folder(&folder)).map_err(|why| Error::disk(&folder, why))
    }

    /// Renames a file; one that no longer exists has already arrived.
    fn shift(&self, from: &Path, to: &Path) -> Result<()> {
        let moved = match self.disk.rename(from, to) {
            Err(why) if why.kind() == io::ErrorKind::NotFound && from.exists() => {
                self.parent(to)?;
                self.disk.rename(from, to)
            }
            other => other,
        };
        gone(moved).map_err(|why| Error::disk(to, why))
    }
}

/// Ignores that a file no longer exists.
fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        // A commit in force that is not in place is finished by the next writer.
        if self.committed {
            return;
        }
        if self.number > 0 {
            let _ = self.disk.remove_folder(&self.pending());
        }
        if self.made && self.log.commits.is_empty() {
            for name in [layout::ABOUT, NEW_ABOUT, layout::LOCK] {
                let _ = self.disk.remove(&self.root.join(name));
            }
            for folder in [layout::PENDING, layout::LOG, ""] {
                let _ = std::fs::remove_dir(self.root.join(folder));
            }
        }
    }
}

#[cfg(test)]
mod tests;
