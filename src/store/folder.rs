//! The one place that writes results to disk: into a temporary folder first, then renamed, so that nothing is ever half
//! written.
//!
//! A result is many files that belong together. They are written into a temporary folder; [`Folder::commit`] then moves
//! them into place, and either all of them arrive or the old ones stay:
//!
//! - if the target does not exist, the temporary folder *becomes* the target in one rename;
//! - if it exists, a journal is written, the old files are moved out and the new ones in. An error on the way undoes
//!   the moves; after a crash the next run reads the journal and undoes them.
//!
//! Files that the program did not write are neither touched nor overwritten. The next run removes what a killed run
//! left behind; the temporary folder of a live run is recognized by its lock.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Component, Path, PathBuf},
};

use crate::{
    problem::{Error, Place, Problem, Result},
    tables::run::is_absent,
};

#[cfg(test)]
mod tests;

const LOCK: &str = "lock";
const JOURNAL: &str = "journal";
/// Inside the temporary folder: the new files, and the old ones.
const NEW: &str = "new";
const OLD: &str = "old";
/// The prefix of a temporary folder inside its target; a process id follows.
const INSIDE: &str = ".partial-";

/// A temporary folder, recognized as live by its lock. It is removed when dropped, unless it contains old files that
/// have not been moved back yet, which the next run does.
#[derive(Debug)]
struct Aside {
    path: PathBuf,
    lock: Option<File>,
    /// Parent folders that had to be created; they are removed too if they remain empty.
    made: Vec<PathBuf>,
}

impl Aside {
    /// `target` is what the user named, for messages.
    fn create(path: PathBuf, target: &Path) -> Result<Aside> {
        let above = path.ancestors().skip(1);
        let made = above.take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
        let mut aside = Aside { path, lock: None, made };
        fs::create_dir_all(aside.path.join(NEW)).map_err(|why| Error::disk(target, why))?;
        let lock = File::create(aside.path.join(LOCK)).map_err(|why| Error::disk(target, why))?;
        // Some network disks do not support locks.
        let _ = lock.try_lock();
        aside.lock = Some(lock);
        Ok(aside)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.lock = None;
        // If it is unknown whether there is a journal, the old files may still be in here.
        if matches!(look(&self.path.join(JOURNAL)), Ok(None)) {
            let _ = fs::remove_dir_all(&self.path);
            self.made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
        }
    }
}

/// A result being written into a temporary folder. If it is dropped without [`Folder::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    /// Files in the target that an earlier run of the program wrote: they may be replaced or removed.
    ours: BTreeSet<String>,
    /// Whether the target already exists, so that the files are moved one by one.
    exists: bool,
    files: BTreeSet<String>,
    /// `files` in lower case, since some disks ignore case.
    written: BTreeSet<String>,
    /// Copies of documents that users edited, which belong to the user from now on.
    kept: BTreeSet<String>,
    /// Files of an earlier run that are left in place and remain the program's.
    retained: BTreeSet<String>,
    /// Files in the target that this run reads.
    inputs: BTreeSet<String>,
    aside: Aside,
}

impl Folder {
    /// Starts a result in a temporary folder, after undoing and removing what a killed run left behind. `earlier` are
    /// the files in `target` that an earlier run of the program wrote; the commit removes those that are not written
    /// again.
    ///
    /// # Errors
    /// The target is a file, cannot be written, or another run is writing there.
    pub fn begin(target: &Path, earlier: impl IntoIterator<Item = String>) -> Result<Folder> {
        // Links and `.` are resolved once, here, so that files are replaced inside the real folder.
        let target = match target.canonicalize() {
            Ok(real) if !real.is_dir() => return Err(Problem::error("out_is_a_file", place(target)).into()),
            Ok(real) => real,
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                std::path::absolute(target).map_err(|why| Error::disk(target, why))?
            }
            Err(why) => return Err(Error::disk(target, why)),
        };
        let exists = target.is_dir();
        sweep_beside(&target)?;
        let aside = if exists {
            sweep(&target, INSIDE, &target)?;
            target.join(format!("{INSIDE}{}", std::process::id()))
        } else {
            beside(&target)
        };
        let aside = Aside::create(aside, &target)?;
        let (files, written, kept, retained, inputs) = Default::default();
        let ours = BTreeSet::new();
        let mut folder = Folder { target, ours, exists, files, written, kept, retained, inputs, aside };
        folder.add_own_files(earlier);
        Ok(folder)
    }

    /// Adds files in the target that an earlier run of the program wrote. Call this after [`Folder::begin`] has undone
    /// what a killed run left behind: before that, the list may be the killed run's.
    pub fn add_own_files(&mut self, names: impl IntoIterator<Item = String>) {
        // Anybody can edit the list: names outside the target are ignored.
        self.ours.extend(names.into_iter().filter(|name| stays_inside(name)));
    }

    /// Protects a file that this run reads, wherever it is: it is neither removed nor renamed. Only a Parquet table is
    /// replaced, because the new one contains its facts.
    ///
    /// # Errors
    /// The location of the file cannot be determined.
    pub fn protect(&mut self, path: &Path) -> Result<()> {
        let real = match path.canonicalize() {
            Ok(real) => real,
            // Its reader reports that it does not exist.
            Err(why) if is_absent(&why) => return Ok(()),
            Err(why) => return Err(Error::disk(path, why)),
        };
        if let Ok(inside) = real.strip_prefix(&self.target) {
            let name = joined(inside);
            self.retain(&name);
            self.inputs.insert(name);
        }
        Ok(())
    }

    /// Whether this run reads the file.
    pub fn reads(&self, name: &str) -> bool {
        self.inputs.contains(name)
    }

    /// Writes one file; `name` may contain folders, separated by `/`.
    pub fn write<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<T>,
    ) -> Result<T> {
        self.write_at(name, |path| {
            let file = File::create(path).map_err(|why| Error::disk(path, why))?;
            let mut file = BufWriter::with_capacity(1 << 16, file);
            let value = write(&mut file)?;
            file.flush().map_err(|why| Error::disk(path, why))?;
            Ok(value)
        })
    }

    /// Writes a file with this content.
    pub fn put(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.write(name, |file| file.write_all(content).map_err(|why| Error::disk(name, why)))
    }

    /// Writes a file with a writer that needs a path.
    pub fn write_at<T>(&mut self, name: &str, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let final_path = self.target.join(name);
        self.admit(name)?;
        let path = self.aside.path.join(NEW).join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|why| Error::disk(&final_path, why))?;
        }
        let value = write(&path).map_err(|error| shown_at(error, &final_path))?;
        self.files.insert(name.to_string());
        Ok(value)
    }

    /// Writes a whole tree with a writer that is given a folder to fill.
    pub fn fill<T>(&mut self, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let root = self.aside.path.join(NEW);
        let value = write(&root).map_err(|error| shown_at(error, &self.target))?;
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(|why| Error::disk(&self.target, why))?.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(name) = path.strip_prefix(&root) {
                    let name = joined(name);
                    self.admit(&name)?;
                    self.files.insert(name);
                }
            }
        }
        Ok(value)
    }

    /// Checks a new name: inside the target, not written before, not a user's file, and not one that this run reads.
    fn admit(&mut self, name: &str) -> Result<()> {
        let path = self.target.join(name);
        let refused =
            |code| Err(Problem::error(code, place(&path)).with("found", name.escape_debug()).into());
        if !stays_inside(name) {
            return refused("out_outside");
        }
        if self.inputs.contains(name) && !name.ends_with(".parquet") {
            return refused("out_is_input");
        }
        if !self.written.insert(name.to_lowercase()) {
            return refused("out_written_twice");
        }
        if self.retained.remove(name) {
            self.ours.insert(name.to_string());
        }
        if look(&path)?.is_some() && !self.ours.contains(name) {
            return refused("out_file_not_ours");
        }
        Ok(())
    }

    /// The folder that the user named.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The files written so far and those retained, which the next run may replace.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.difference(&self.kept).chain(&self.retained).map(String::as_str)
    }

    /// The copies that [`Folder::keep`] made.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(String::as_str)
    }

    /// The bytes of a file written by this run.
    pub fn content(&self, name: &str) -> Option<Vec<u8>> {
        self.files.contains(name).then(|| fs::read(self.aside.path.join(NEW).join(name)).ok()).flatten()
    }

    /// Leaves a file of an earlier run in place although this run does not write it.
    pub fn retain(&mut self, name: &str) {
        if self.ours.remove(name) {
            self.retained.insert(name.to_string());
        }
    }

    /// Keeps a copy of the file `name` for the user: `gaps-旧.xlsx`, or the first free of `gaps-旧-2.xlsx` … for `label`
    /// 旧. Returns its name, which is that of an earlier copy if the bytes are the same.
    pub fn keep(&mut self, name: &str, label: &str) -> Result<String> {
        let path = self.target.join(name);
        let content = fs::read(&path).map_err(|why| Error::disk(&path, why))?;
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut number = 0;
        loop {
            number += 1;
            let end = if number == 1 { String::new() } else { format!("-{number}") };
            let other = format!("{stem}-{label}{end}.{ending}");
            let there = self.target.join(&other);
            match fs::read(&there) {
                Ok(old) if old == content => {
                    // It belongs to the user now, even if an older list names it.
                    self.ours.remove(&other);
                    self.kept.insert(other.clone());
                    return Ok(other);
                }
                Ok(_) => continue,
                Err(why) if !is_absent(&why) => return Err(Error::disk(&there, why)),
                Err(_) => {}
            }
            if look(&there)?.is_none() && !self.written.contains(&other.to_lowercase()) {
                self.put(&other, &content)?;
                self.kept.insert(other.clone());
                return Ok(other);
            }
        }
    }

    /// Moves everything into place, or leaves everything as it was.
    pub fn commit(self) -> Result<()> {
        self.commit_by(&mut |from, to| fs::rename(from, to))
    }

    fn commit_by(self, rename: &mut dyn FnMut(&Path, &Path) -> io::Result<()>) -> Result<()> {
        let new = self.aside.path.join(NEW);
        if !self.exists {
            rename(&new, &self.target).map_err(|why| Error::disk(&self.target, why))?;
            return Ok(());
        }
        let journal = self.aside.path.join(JOURNAL);
        let list: String = self.files.iter().map(|name| format!("{name}\n")).collect();
        // The journal is written atomically: a truncated name could be that of a user's file.
        let begun = self.aside.path.join(format!("{JOURNAL}.new"));
        let written = fs::write(&begun, list).and_then(|()| fs::rename(&begun, &journal));
        written.map_err(|why| Error::disk(&journal, why))?;
        if let Err(error) = self.replace(rename) {
            undo(&self.aside.path, &self.target)?;
            return Err(error);
        }
        // From here on the new result is in force; the temporary folder is obsolete.
        fs::remove_file(&journal).map_err(|why| Error::disk(&journal, why))?;
        for name in &self.ours {
            remove_empty_folders(&self.target, name);
        }
        Ok(())
    }

    fn replace(&self, rename: &mut dyn FnMut(&Path, &Path) -> io::Result<()>) -> Result<()> {
        let mut shift = |from: PathBuf, to: PathBuf, seen: &Path| {
            to.parent().map_or(Ok(()), fs::create_dir_all).map_err(|why| Error::disk(seen, why))?;
            rename(&from, &to).map_err(|why| Error::disk(seen, why))
        };
        for name in self.ours.union(&self.files) {
            let path = self.target.join(name);
            if is_file(&path)? {
                shift(path.clone(), self.aside.path.join(OLD).join(name), &path)?;
            }
        }
        for name in &self.files {
            let path = self.target.join(name);
            shift(self.aside.path.join(NEW).join(name), path.clone(), &path)?;
        }
        Ok(())
    }
}

/// Writes one file atomically. An existing file is replaced; callers that must not do so call [`refuse_existing`]
/// first.
pub fn write_file<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let path = &std::path::absolute(path).map_err(|why| Error::disk(path, why))?;
    if path.is_dir() {
        return Err(Problem::error("out_is_a_folder", place(path)).into());
    }
    sweep_beside(path)?;
    let aside = Aside::create(beside(path), path)?;
    let new = aside.path.join(NEW).join(path.file_name().unwrap_or_default());
    let value = write(&new).map_err(|error| shown_at(error, path))?;
    fs::rename(&new, path).map_err(|why| Error::disk(path, why))?;
    Ok(value)
}

/// Returns an error if `path` exists, because users fill in what the program wrote.
pub fn refuse_existing(path: &Path) -> Result<()> {
    if look(path)?.is_some() { Err(Problem::error("file_exists", place(path)).into()) } else { Ok(()) }
}

/// The temporary folder for a target that does not exist yet, or for a single file.
fn beside(target: &Path) -> PathBuf {
    target.with_file_name(format!("{}{}", beside_prefix(target), std::process::id()))
}

fn beside_prefix(target: &Path) -> String {
    format!(".{}.partial-", target.file_name().unwrap_or_default().to_string_lossy())
}

fn sweep_beside(target: &Path) -> Result<()> {
    // A temporary folder beside its target has no journal: if the parent is unreadable, no user's file waits to be
    // moved back.
    match target.parent().filter(|parent| fs::read_dir(parent).is_ok()) {
        Some(parent) => sweep(parent, &beside_prefix(target), target),
        None => Ok(()),
    }
}

/// Replaces the temporary path in an error by the path that the user knows.
fn shown_at(error: Error, path: &Path) -> Error {
    match error {
        Error::Disk { source, .. } => Error::disk(path, source),
        other => other,
    }
}

/// Undoes and removes what killed runs left in `parent`: folders named `prefix` and a process id.
fn sweep(parent: &Path, prefix: &str, target: &Path) -> Result<()> {
    for entry in entries(parent)? {
        let path = entry.path();
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_prefix(prefix)).unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) || !path.is_dir() {
            continue;
        }
        match File::open(path.join(LOCK)) {
            Ok(lock) if matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)) => {
                return Err(Problem::error("out_busy", place(target)).into());
            }
            Err(why) if !is_absent(&why) => return Err(Error::disk(&path, why)),
            _ => {}
        }
        if look(&path.join(JOURNAL))?.is_some() {
            undo(&path, target)?;
        }
        fs::remove_dir_all(&path).map_err(|why| Error::disk(&path, why))?;
    }
    Ok(())
}

/// Removes what was moved in and moves back what was moved out. May be interrupted and repeated.
fn undo(aside: &Path, target: &Path) -> Result<()> {
    let journal = aside.join(JOURNAL);
    let list = fs::read_to_string(&journal).map_err(|why| Error::disk(&journal, why))?;
    for name in list.lines().filter(|name| stays_inside(name)) {
        let arrived = target.join(name);
        let back = aside.join(NEW).join(name);
        // A file that is still in the temporary folder was not moved in, so the file in the target, if any, is the old
        // one. An interrupted undo can therefore be repeated.
        if look(&back)?.is_none() && is_file(&arrived)? {
            fs::rename(&arrived, &back).map_err(|why| Error::disk(&arrived, why))?;
        }
        remove_empty_folders(target, name);
    }
    restore(&aside.join(OLD), target)?;
    fs::remove_file(&journal).map_err(|why| Error::disk(&journal, why))
}

fn restore(from: &Path, to: &Path) -> Result<()> {
    for entry in entries(from)? {
        let (path, back) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(|why| Error::disk(&path, why))?.is_dir() {
            fs::create_dir_all(&back).map_err(|why| Error::disk(&back, why))?;
            restore(&path, &back)?;
        } else {
            fs::rename(&path, &back).map_err(|why| Error::disk(&back, why))?;
        }
    }
    Ok(())
}

/// The entries of a folder; none if it does not exist.
fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>> {
    let disk = |why| Error::disk(folder, why);
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<io::Result<_>>().map_err(disk),
        Err(why) if is_absent(&why) => Ok(Vec::new()),
        Err(why) => Err(disk(why)),
    }
}

/// What is at `path`, without following links; `None` only if there is certainly nothing.
fn look(path: &Path) -> Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(why) if is_absent(&why) => Ok(None),
        Err(why) => Err(Error::disk(path, why)),
    }
}

/// Whether there is a file or a link at `path`.
fn is_file(path: &Path) -> Result<bool> {
    Ok(look(path)?.is_some_and(|found| !found.is_dir()))
}

/// Removes the folders of a name such as `daxiang/gaps.csv` that have become empty.
fn remove_empty_folders(root: &Path, name: &str) {
    for folder in Path::new(name).ancestors().skip(1).filter(|f| !f.as_os_str().is_empty()) {
        let _ = fs::remove_dir(root.join(folder));
    }
}

/// Whether a relative name stays inside the folder it is joined to. The journal lists one name per line, so a name must
/// not contain line breaks.
fn stays_inside(name: &str) -> bool {
    !name.chars().any(char::is_control)
        && name.split(['/', '\\']).all(|part| !matches!(part, "" | "." | ".."))
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The parts of a relative path, joined with `/`.
fn joined(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn place(path: &Path) -> Place {
    Place::file(path.display().to_string())
}
