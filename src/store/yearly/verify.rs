//! Verifies every file of the store by its hash. It takes no lock and works beside an unfinished write.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    about::{About, NEW_ABOUT},
    find::{self, Wanted, find},
    layout,
    log::{Log, Lost},
    snapshot::{about_file, damaged},
};
use crate::problem::{Error, Level, Place, Problem, Result};

/// The result of verifying every file.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    pub commits: usize,
    /// The number of files compared with their hashes.
    pub files: usize,
    pub bytes: u64,
    /// Errors: damaged or missing files, and foreign files where readers look. Notes: leftovers of a write, foreign
    /// files elsewhere, and damaged files that were given up.
    pub problems: Vec<Problem>,
}

impl Verified {
    pub fn is_intact(&self) -> bool {
        self.problems.iter().all(|problem| problem.level < Level::Error)
    }
}

/// Verifies a store.
///
/// # Errors
/// There is no store, its format is newer, or its log is damaged; the disk cannot be read.
pub fn verify(root: &Path) -> Result<Verified> {
    About::expect(root)?;
    let log = Log::read(root)?;
    let mut wanted = Vec::new();
    for (_, versions) in log.all() {
        for &at in versions {
            let (commit, entry) = log.get(at);
            let replaced = versions.last() != Some(&at);
            for (table, written) in &entry.tables {
                let place = layout::place(table, entry.year, &entry.district_code);
                let file = Wanted { place, commit: commit.number, sha256: written.sha256, replaced };
                wanted.push((file, table, entry, written));
            }
        }
    }
    let looked: Result<Vec<Option<(Problem, bool)>>> = wanted
        .par_iter()
        .map(|(file, table, entry, _)| {
            let fault = match find(root, file)? {
                Ok(found) if found.path == file.final_path() || found.path.starts_with(layout::PENDING) => {
                    return Ok(None);
                }
                // This program finds the file, but other tools read what is in its place.
                Ok(found) => {
                    let problem = about_file("store_file_displaced", root, file, entry)
                        .with("found", layout::shown(root, &found.path));
                    return Ok(Some((problem, true)));
                }
                Err(fault) => fault,
            };
            let problem = damaged(root, file, entry, fault);
            let lost = Lost {
                year: entry.year,
                district_code: entry.district_code.clone(),
                version: entry.version,
                table: table.to_string(),
            };
            if !log.is_lost(&lost) {
                return Ok(Some((problem, false)));
            }
            let mut note = Problem::note("store_given_up", problem.place);
            note.args = problem.args;
            Ok(Some((note, false)))
        })
        .collect();
    let looked = looked?;
    let mut rest = Vec::new();
    let moving = strangers(root, log.commits.len(), &mut rest)?;
    // A file that a writer is moving meanwhile is not misplaced.
    let told = looked.into_iter().flatten().filter(|(_, displaced)| !(*displaced && moving));
    let mut problems: Vec<Problem> = told.map(|(problem, _)| problem).collect();
    problems.append(&mut rest);
    Ok(Verified {
        commits: log.commits.len(),
        files: wanted.len(),
        bytes: wanted.iter().map(|(_, _, _, written)| written.bytes).sum(),
        problems,
    })
}

/// Reports files that no commit knows, and leftovers of unfinished writes. Returns whether files are being moved into
/// place, or were since there were `commits`.
fn strangers(root: &Path, commits: usize, problems: &mut Vec<Problem>) -> Result<bool> {
    let pending = find::pending(root)?;
    // The folder is read before the log, so that files of a concurrent commit are known.
    let mut found = Vec::new();
    walk(root, Path::new(""), &mut found)?;
    let log = Log::read(root)?;
    let (mut current, mut known) = (BTreeSet::new(), BTreeSet::new());
    for (_, versions) in log.all() {
        for &at in versions {
            let (commit, entry) = log.get(at);
            for table in entry.tables.keys() {
                let place = layout::place(table, entry.year, &entry.district_code);
                if versions.last() == Some(&at) {
                    current.insert(place.clone());
                } else {
                    known.insert(layout::superseded(commit.number, &place));
                }
                known.insert(place);
            }
        }
    }
    let mut moving = log.commits.len() > commits;
    for name in &pending {
        let in_force = name.parse::<usize>().is_ok_and(|number| (1..=log.commits.len()).contains(&number));
        moving |= in_force;
        let code = if in_force { "store_rest_placed" } else { "store_rest" };
        let path = Path::new(layout::PENDING).join(name);
        // A file that has disappeared belonged to a live writer.
        if root.join(&path).exists() {
            problems.push(Problem::note(code, Place::file(layout::shown(root, &path))));
        }
    }
    for path in found {
        let first = path.iter().next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
        let place = || Place::file(layout::shown(root, &path));
        match first.as_str() {
            layout::ABOUT | NEW_ABOUT | layout::LOCK | layout::PENDING => {}
            layout::LOG if super::log::is_file(&path) => {}
            _ if current.contains(&path) => {}
            // A file of the previous version that the current one lacks: it is being removed while anything is pending.
            _ if known.contains(&path) && (first == layout::SUPERSEDED || !pending.is_empty()) => {}
            table if layout::TABLES.contains(&table) => {
                problems.push(Problem::error("store_unknown_file", place()));
            }
            _ => problems.push(Problem::note("store_foreign", place())),
        }
    }
    Ok(moving)
}

fn walk(root: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let folder = root.join(below);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(Error::disk(&folder, why)),
    };
    for entry in entries {
        let entry = entry.map_err(|why| Error::disk(&folder, why))?;
        let path = below.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(root, &path, found)?,
            _ => found.push(path),
        }
    }
    Ok(())
}
