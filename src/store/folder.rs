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

use crate::problem::{Error, Place, Problem, Result};

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
        if !self.path.join(JOURNAL).exists() {
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
    /// Of `files`, those that are the user's from now on.
    kept: BTreeSet<String>,
    /// Of an earlier run, still there and still ours.
    retained: BTreeSet<String>,
    aside: Aside,
}

impl Folder {
    /// Opens a folder aside. What a killed run left behind is undone and removed first. `ours` are the names
    /// in `target` that an earlier run of ours wrote; those not written again are removed by the commit.
    ///
    /// # Errors
    /// The target is a file, cannot be written, or another run is writing there now.
    pub fn begin(target: &Path, ours: impl IntoIterator<Item = String>) -> Result<Folder> {
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
        // The list stands in a file that anybody can edit: nothing outside the target is ever ours.
        let ours = ours.into_iter().filter(|name| stays_inside(name)).collect();
        let (files, kept, retained) = Default::default();
        Ok(Folder { target, ours, exists, files, kept, retained, aside })
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
        self.refuse_foreign(name)?;
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
                    let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                    let name = parts.join("/");
                    self.refuse_foreign(&name)?;
                    self.files.insert(name);
                }
            }
        }
        Ok(value)
    }

    fn refuse_foreign(&self, name: &str) -> Result<()> {
        let path = self.target.join(name);
        if path.exists() && !self.ours.contains(name) {
            return Err(Problem::error("out_file_not_ours", place(&path)).into());
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
            if fs::read(&there).is_ok_and(|old| old == content) {
                // The user's by now, whatever an older list says.
                self.ours.remove(&other);
                return Ok(other);
            }
            if !there.exists() && !self.files.contains(&other) {
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
        fs::write(&journal, list).map_err(|why| Error::disk(&journal, why))?;
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
            if path.is_file() {
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
    if path.exists() { Err(Problem::error("file_exists", place(path)).into()) } else { Ok(()) }
}

/// The folder aside of something that is not there yet, or of a single file.
fn beside(target: &Path) -> PathBuf {
    target.with_file_name(format!("{}{}", beside_prefix(target), std::process::id()))
}

fn beside_prefix(target: &Path) -> String {
    format!(".{}.partial-", target.file_name().unwrap_or_default().to_string_lossy())
}

fn sweep_beside(target: &Path) -> Result<()> {
    target.parent().map_or(Ok(()), |parent| sweep(parent, &beside_prefix(target), target))
}

/// The user knows the place where a file was to stand, not the one aside.
fn shown_at(error: Error, path: &Path) -> Error {
    match error {
        Error::Disk { source, .. } => Error::disk(path, source),
        other => other,
    }
}

/// Undoes and removes what killed runs left in `parent`.
fn sweep(parent: &Path, prefix: &str, target: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(parent) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(prefix) || !path.is_dir() {
            continue;
        }
        if let Ok(lock) = File::open(path.join(LOCK))
            && matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock))
        {
            return Err(Problem::error("out_busy", place(target)).into());
        }
        if path.join(JOURNAL).exists() {
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
    for name in list.lines() {
        let arrived = target.join(name);
        let back = aside.join(NEW).join(name);
        // What is still aside has not arrived: the file in the target, if any, is the old one. So an undo
        // that was itself interrupted may be done again.
        if !back.exists() && arrived.is_file() {
            fs::rename(&arrived, &back).map_err(|why| Error::disk(&arrived, why))?;
        }
        remove_empty_folders(target, name);
    }
    restore(&aside.join(OLD), target)?;
    fs::remove_file(&journal).map_err(|why| Error::disk(&journal, why))
}

fn restore(from: &Path, to: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries.flatten() {
        let (path, back) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir_all(&back).map_err(|why| Error::disk(&back, why))?;
            restore(&path, &back)?;
        } else {
            fs::rename(&path, &back).map_err(|why| Error::disk(&back, why))?;
        }
    }
    Ok(())
}

/// Folders of a name such as `daxiang/gaps.csv` that hold nothing any more.
fn remove_empty_folders(root: &Path, name: &str) {
    for folder in Path::new(name).ancestors().skip(1).filter(|f| !f.as_os_str().is_empty()) {
        let _ = fs::remove_dir(root.join(folder));
    }
}

fn stays_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|c| matches!(c, Component::Normal(_)))
}

fn place(path: &Path) -> Place {
    Place::file(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &mut Folder, name: &str, text: &str) {
        folder.write(name, |file| file.write_all(text.as_bytes()).map_err(|w| Error::disk(name, w))).unwrap();
    }

    /// Every file under `root` and what it holds, folders aside included.
    fn tree(root: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                    found.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
    }

    const OURS: [&str; 3] = ["a.csv", "gone.csv", "x/b.csv"];

    /// A folder with an earlier result and a file of the user's.
    fn earlier() -> (tempfile::TempDir, PathBuf, Vec<(String, String)>) {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("结果");
        let mut folder = Folder::begin(&out, []).unwrap();
        OURS.iter().for_each(|name| put(&mut folder, name, "old"));
        folder.commit().unwrap();
        fs::write(out.join("mine.txt"), "mine").unwrap();
        let tree = tree(root.path());
        assert_eq!(tree.len(), 4, "no trace of the folder aside: {tree:?}");
        (root, out, tree)
    }

    fn second(out: &Path) -> Folder {
        let mut folder = Folder::begin(out, OURS.map(String::from)).unwrap();
        ["a.csv", "x/b.csv", "y/new.csv"].iter().for_each(|name| put(&mut folder, name, "new"));
        folder
    }

    #[test]
    fn a_second_run_replaces_what_is_ours_and_keeps_the_rest() {
        let (root, out, _) = earlier();
        second(&out).commit().unwrap();
        let expected = [("a.csv", "new"), ("mine.txt", "mine"), ("x/b.csv", "new"), ("y/new.csv", "new")];
        assert_eq!(tree(&out), pairs(&expected));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_writer_that_fails_leaves_the_old_result_and_no_trace() {
        let (root, out, before) = earlier();
        let mut folder = second(&out);
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let error = folder.write("z.csv", |_| Err::<(), _>(Error::disk("aside", full()))).unwrap_err();
        assert!(error.to_string().starts_with(&out.join("z.csv").display().to_string()), "{error}");
        drop(folder);
        assert_eq!(tree(root.path()), before);
    }

    /// Three files go aside and three come in: whichever rename fails, everything is as it was.
    #[test]
    fn a_rename_that_fails_is_undone() {
        for fail_at in 0..6 {
            let (root, out, before) = earlier();
            let mut count = 0;
            let result = second(&out).commit_by(&mut |from, to| {
                count += 1;
                if count > fail_at {
                    Err(io::ErrorKind::PermissionDenied.into())
                } else {
                    fs::rename(from, to)
                }
            });
            assert!(matches!(result, Err(Error::Disk { .. })), "{fail_at}");
            assert_eq!(tree(root.path()), before, "{fail_at}");
        }
    }

    /// A panic stands for the kill: nothing after it runs but drops, and those leave the journal alone.
    #[test]
    fn after_a_kill_the_next_run_undoes() {
        for kill_at in 0..6 {
            let (root, out, before) = earlier();
            let folder = second(&out);
            let mut count = 0;
            let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let _ = folder.commit_by(&mut |from, to| {
                    count += 1;
                    assert!(count <= kill_at, "killed");
                    fs::rename(from, to)
                });
            }));
            assert!(killed.is_err());
            drop(Folder::begin(&out, []).unwrap());
            assert_eq!(tree(root.path()), before, "{kill_at}");
        }
    }

    #[test]
    fn an_undo_may_be_interrupted_and_done_again() {
        let (root, out, before) = earlier();
        let folder = second(&out);
        let aside = folder.aside.path.clone();
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut count = 0;
            let _ = folder.commit_by(&mut |from, to| {
                count += 1;
                assert!(count < 6, "killed");
                fs::rename(from, to)
            });
        }));
        let journal = fs::read_to_string(aside.join(JOURNAL)).unwrap();
        undo(&aside, &out).unwrap();
        fs::write(aside.join(JOURNAL), journal).unwrap();
        drop(Folder::begin(&out, []).unwrap());
        assert_eq!(tree(root.path()), before);
    }

    #[test]
    fn leftovers_of_a_killed_run_are_removed_by_the_next() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        let left = root.path().join(".out.partial-1");
        fs::create_dir_all(left.join(NEW)).unwrap();
        fs::write(left.join(LOCK), "").unwrap();
        drop(Folder::begin(&out, []).unwrap());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_live_run_is_not_disturbed() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        let _live = Folder::begin(&out, []).unwrap();
        let Err(Error::Input(problems)) = Folder::begin(&out, []) else { panic!("two at once") };
        assert_eq!(problems[0].code, "out_busy");
    }

    #[test]
    fn a_file_of_the_user_is_not_overwritten() {
        let (_root, out, _) = earlier();
        let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
        let Err(Error::Input(problems)) = folder.write("mine.txt", |_| Ok(())) else { panic!("overwritten") };
        assert_eq!(problems[0].code, "out_file_not_ours");
    }

    #[test]
    fn what_people_filled_in_is_kept_under_another_name_for_good() {
        let (_root, out, _) = earlier();
        for (text, copies) in [("first", vec!["a-旧.csv"]), ("second", vec!["a-旧-2.csv", "a-旧.csv"])] {
            fs::write(out.join("a.csv"), text).unwrap();
            for _ in 0..2 {
                let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
                folder.keep("a.csv", "旧").unwrap();
                folder.retain("gone.csv");
                assert!(folder.files().eq(["gone.csv"]), "the copy is not ours");
                fs::write(out.join("x/b.csv"), "old").unwrap();
                drop(folder);
            }
            let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
            folder.keep("a.csv", "旧").unwrap();
            put(&mut folder, "a.csv", "new");
            folder.retain("gone.csv");
            folder.commit().unwrap();
            let mut names: Vec<String> = tree(&out).into_iter().map(|(name, _)| name).collect();
            names.retain(|name| name.contains('旧'));
            assert_eq!(names, copies);
            assert_eq!(fs::read_to_string(out.join(copies[0])).unwrap(), text);
            assert_eq!(fs::read_to_string(out.join("gone.csv")).unwrap(), "old");
            fs::create_dir_all(out.join("x")).unwrap();
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_removed() {
        let (root, out, _) = earlier();
        fs::write(root.path().join("other"), "other").unwrap();
        let mut folder = Folder::begin(&out, ["../other".to_string(), "/etc/hosts".to_string()]).unwrap();
        put(&mut folder, "new.csv", "new");
        folder.commit().unwrap();
        assert!(root.path().join("other").exists());
    }

    #[test]
    fn a_file_is_no_folder_and_a_folder_no_file() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Folder::begin(&file, []), Err(Error::Input(_))));
        assert!(matches!(Folder::begin(&file.join("below"), []), Err(Error::Disk { .. })));
        assert!(matches!(write_file(root.path(), |_| Ok(())), Err(Error::Input(_))));
    }

    #[test]
    fn a_tree_goes_in_whole_or_not_at_all() {
        let (root, out, before) = earlier();
        let tree_of = |name: &'static str| {
            move |folder: &Path| {
                fs::create_dir_all(folder.join("forms")).unwrap();
                fs::write(folder.join("forms/a.xlsx"), "a").unwrap();
                fs::write(folder.join(name), "b").map_err(|why| Error::disk(name, why))
            }
        };
        let mut folder = Folder::begin(&out, []).unwrap();
        assert!(matches!(folder.fill(tree_of("mine.txt")), Err(Error::Input(_))));
        drop(folder);
        assert_eq!(tree(root.path()), before);
        let mut folder = Folder::begin(&out, []).unwrap();
        folder.fill(tree_of("b.xlsx")).unwrap();
        folder.commit().unwrap();
        assert_eq!(tree(&out).len(), before.len() + 2);
    }

    #[test]
    fn a_single_file_is_whole_or_not_there() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/er/template.xlsx");
        let failed = write_file(&path, |aside| {
            fs::write(aside, "half").unwrap();
            Err::<(), _>(Error::disk(aside, io::ErrorKind::StorageFull.into()))
        });
        assert!(failed.unwrap_err().to_string().starts_with(&path.display().to_string()));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0, "folders made on the way are gone too");
        write_file(&path, |aside| fs::write(aside, "whole").map_err(|w| Error::disk(aside, w))).unwrap();
        assert_eq!(tree(root.path()), pairs(&[("deep/er/template.xlsx", "whole")]));
        assert!(refuse_existing(&path).is_err());
    }
}
