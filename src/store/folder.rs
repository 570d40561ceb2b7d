//! The one place that writes to disk: aside first, then renamed, so that nothing is ever half written.
//!
//! A result is many files that belong together. They are written into a folder aside; [`Folder::commit`]
//! then puts them in place, and either all of them arrive or the old ones stay:
//!
//! - where the target does not exist, the folder aside *becomes* the target, in one rename;
//! - where it exists, a journal is written, the old files are moved aside, the new ones moved in. An error
//!   on the way undoes what was moved; after a kill the next run reads the journal and undoes it.
//!
//! Files that nobody here wrote are neither touched nor overwritten. A folder left by a killed run is
//! removed by the next; a live one is known by its lock.

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
/// Inside the folder aside: what is to come, and what was there.
const NEW: &str = "new";
const OLD: &str = "old";
/// How a folder aside begins that stands inside its target; a process id follows.
const INSIDE: &str = ".partial-";

/// A folder of ours beside what it is for, known as live by its lock. Dropped, it is gone, unless it holds
/// old files that are not brought back yet: then the next run does that.
#[derive(Debug)]
struct Aside {
    path: PathBuf,
    lock: Option<File>,
    /// Folders that had to be made above it; they go too where they stay empty.
    made: Vec<PathBuf>,
}

impl Aside {
    /// `target` is what the user named: the place in messages.
    fn make(path: PathBuf, target: &Path) -> Result<Aside> {
        let above = path.ancestors().skip(1);
        let made = above.take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
        let mut aside = Aside { path, lock: None, made };
        fs::create_dir_all(aside.path.join(NEW)).map_err(|why| Error::disk(target, why))?;
        let lock = File::create(aside.path.join(LOCK)).map_err(|why| Error::disk(target, why))?;
        // Some network disks know no locks; then there is none to hold.
        let _ = lock.try_lock();
        aside.lock = Some(lock);
        Ok(aside)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.lock = None;
        // Where nobody can say whether there is a journal, the old files may still be in here.
        if matches!(look(&self.path.join(JOURNAL)), Ok(None)) {
            let _ = fs::remove_dir_all(&self.path);
            self.made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
        }
    }
}

/// A result being written aside of its target folder. Dropped without [`Folder::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    /// Names in the target that an earlier run of ours wrote: they may be replaced or go.
    ours: BTreeSet<String>,
    /// The target is there already, so the files go in one by one.
    exists: bool,
    files: BTreeSet<String>,
    /// `files` in small letters: some disks do not tell capitals apart.
    written: BTreeSet<String>,
    /// Copies of what somebody wrote in our documents: the user's from now on.
    kept: BTreeSet<String>,
    /// Of an earlier run, still there and still ours.
    retained: BTreeSet<String>,
    /// What this run reads in the target.
    inputs: BTreeSet<String>,
    aside: Aside,
}

impl Folder {
    /// Opens a folder aside. What a killed run left behind is undone and removed first. `earlier` are the names
    /// in `target` that an earlier run of ours wrote; those not written again are removed by the commit.
    ///
    /// # Errors
    /// The target is a file, cannot be written, or another run is writing there now.
    pub fn begin(target: &Path, earlier: impl IntoIterator<Item = String>) -> Result<Folder> {
        // Links and `.` are followed once, here: what is replaced stands inside the real folder.
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
        let aside = Aside::make(aside, &target)?;
        let (files, written, kept, retained, inputs) = Default::default();
        let ours = BTreeSet::new();
        let mut folder = Folder { target, ours, exists, files, written, kept, retained, inputs, aside };
        folder.own(earlier);
        Ok(folder)
    }

    /// Names in the target that an earlier run of ours wrote. They are read after [`Folder::begin`] has undone what
    /// a killed run left behind: before that, the list may be the killed run's.
    pub fn own(&mut self, names: impl IntoIterator<Item = String>) {
        // The list stands in a file that anybody can edit: nothing outside the target is ever ours.
        self.ours.extend(names.into_iter().filter(|name| stays_inside(name)));
    }

    /// Protects a file that this run reads, wherever it stands: it is neither removed nor renamed, and only a
    /// Parquet table, whose facts the new one holds too, is replaced.
    ///
    /// # Errors
    /// It cannot be known where the file stands.
    pub fn protect(&mut self, path: &Path) -> Result<()> {
        let real = match path.canonicalize() {
            Ok(real) => real,
            // Whoever reads it says that it is not there.
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

    /// Writes one file; `name` may have folders in it, with `/`.
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

    /// The same for what is made already.
    pub fn put(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.write(name, |file| file.write_all(content).map_err(|why| Error::disk(name, why)))
    }

    /// The same for a writer that wants a path.
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

    /// For a writer that makes a whole tree: it is given a folder to fill.
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

    /// Lets a name in, once: inside the target, nobody else's file, and none that this run reads.
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

    /// The folder as the user finds it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Names written so far, and those retained: the next run may replace them.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.difference(&self.kept).chain(&self.retained).map(String::as_str)
    }

    /// Names of the copies that [`Folder::keep`] keeps for good.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(String::as_str)
    }

    /// The bytes of a file that this run wrote.
    pub fn content(&self, name: &str) -> Option<Vec<u8>> {
        self.files.contains(name).then(|| fs::read(self.aside.path.join(NEW).join(name)).ok()).flatten()
    }

    /// Leaves a file of an earlier run where it is, though this run does not write it.
    pub fn retain(&mut self, name: &str) {
        if self.ours.remove(name) {
            self.retained.insert(name.to_string());
        }
    }

    /// Keeps what stands at `name` under another one, for good: `gaps-旧.xlsx` or the first free of
    /// `gaps-旧-2.xlsx` … for `label` 旧. The name it has then; that of an earlier copy of the same bytes.
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
                    // The user's by now, whatever an older list says.
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

    /// Puts everything in place, or leaves everything as it was.
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
        // Whole or not at all: a name cut short could be that of somebody's file.
        let begun = self.aside.path.join(format!("{JOURNAL}.new"));
        let written = fs::write(&begun, list).and_then(|()| fs::rename(&begun, &journal));
        written.map_err(|why| Error::disk(&journal, why))?;
        if let Err(error) = self.replace(rename) {
            undo(&self.aside.path, &self.target)?;
            return Err(error);
        }
        // From here on the new result stands; what is left aside is rubbish.
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

/// Writes one file whole or not at all. A file that is there already is replaced: whoever must not, asks
/// before ([`refuse_existing`]).
pub fn write_file<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let path = &std::path::absolute(path).map_err(|why| Error::disk(path, why))?;
    if path.is_dir() {
        return Err(Problem::error("out_is_a_folder", place(path)).into());
    }
    sweep_beside(path)?;
    let aside = Aside::make(beside(path), path)?;
    let new = aside.path.join(NEW).join(path.file_name().unwrap_or_default());
    let value = write(&new).map_err(|error| shown_at(error, path))?;
    fs::rename(&new, path).map_err(|why| Error::disk(path, why))?;
    Ok(value)
}

/// An error where `path` is there already: people fill in what the program wrote.
pub fn refuse_existing(path: &Path) -> Result<()> {
    if look(path)?.is_some() { Err(Problem::error("file_exists", place(path)).into()) } else { Ok(()) }
}

/// The folder aside of something that is not there yet, or of a single file.
fn beside(target: &Path) -> PathBuf {
    target.with_file_name(format!("{}{}", beside_prefix(target), std::process::id()))
}

fn beside_prefix(target: &Path) -> String {
    format!(".{}.partial-", target.file_name().unwrap_or_default().to_string_lossy())
}

fn sweep_beside(target: &Path) -> Result<()> {
    // What stands beside has no journal: where nobody may look, nothing of the user's waits to be brought back.
    match target.parent().filter(|parent| fs::read_dir(parent).is_ok()) {
        Some(parent) => sweep(parent, &beside_prefix(target), target),
        None => Ok(()),
    }
}

/// The user knows the place where a file was to stand, not the one aside.
fn shown_at(error: Error, path: &Path) -> Error {
    match error {
        Error::Disk { source, .. } => Error::disk(path, source),
        other => other,
    }
}

/// Undoes and removes what killed runs left in `parent`: folders that are called `prefix` and a process id.
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

/// Takes out what was moved in, brings back what was moved out. May be interrupted and called again.
fn undo(aside: &Path, target: &Path) -> Result<()> {
    let journal = aside.join(JOURNAL);
    let list = fs::read_to_string(&journal).map_err(|why| Error::disk(&journal, why))?;
    for name in list.lines().filter(|name| stays_inside(name)) {
        let arrived = target.join(name);
        let back = aside.join(NEW).join(name);
        // What is still aside has not arrived: the file in the target, if any, is the old one. So an undo
        // that was itself interrupted may be done again.
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

/// What stands in a folder; nothing where there is no such folder.
fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>> {
    let disk = |why| Error::disk(folder, why);
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<io::Result<_>>().map_err(disk),
        Err(why) if is_absent(&why) => Ok(Vec::new()),
        Err(why) => Err(disk(why)),
    }
}

/// What stands at `path`, a link as itself; `None` only where certainly nothing does.
fn look(path: &Path) -> Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(why) if is_absent(&why) => Ok(None),
        Err(why) => Err(Error::disk(path, why)),
    }
}

/// Whether a file or a link stands at `path`.
fn is_file(path: &Path) -> Result<bool> {
    Ok(look(path)?.is_some_and(|found| !found.is_dir()))
}

/// Folders of a name such as `daxiang/gaps.csv` that hold nothing any more.
fn remove_empty_folders(root: &Path, name: &str) {
    for folder in Path::new(name).ancestors().skip(1).filter(|f| !f.as_os_str().is_empty()) {
        let _ = fs::remove_dir(root.join(folder));
    }
}

/// Whether a relative name, joined to a folder, is in that folder. Names are listed line by line in the journal,
/// so none has a line break in it.
fn stays_inside(name: &str) -> bool {
    !name.chars().any(char::is_control)
        && name.split(['/', '\\']).all(|part| !matches!(part, "" | "." | ".."))
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The parts of a relative path, with `/`.
fn joined(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn place(path: &Path) -> Place {
    Place::file(path.display().to_string())
}
