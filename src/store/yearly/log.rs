//! `log/00000017.json`: what a commit added.
//!
//! ```json
//! {"sha256":"<of the bytes from after `"commit":` up to the last brace>","commit":{"number":17, …}}
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    AsOf,
    layout::{self, Hash},
};
use crate::{
    problem::{Error, Place, Problem, Result},
    tables::years::DistrictYear,
};

/// One commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// 1 for the first commit, without gaps.
    pub number: u64,
    /// UTC, `2026-11-21T17:00:00Z`; never earlier than the previous commit.
    pub time: String,
    /// `junheng 0.1.0`.
    pub program: String,
    /// The rules by which results were calculated; [`Entry::rules`] is an index into them.
    pub rules: Vec<Rules>,
    pub entries: Vec<Entry>,
    /// Files of earlier versions that were found damaged, cannot be restored and are given up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Lost>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The id and version of the standard.
    pub standard: String,
    pub version: String,
    /// The standard as the user named it: an id, or the path of a file.
    pub named: String,
    pub settings: BTreeMap<String, String>,
    pub reliefs: bool,
}

impl Rules {
    /// Whether both give the same results from the same facts: the name used for the standard does not matter.
    pub fn same(&self, other: &Rules) -> bool {
        (&self.standard, &self.version, &self.settings, self.reliefs)
            == (&other.standard, &other.version, &other.settings, other.reliefs)
    }
}

/// A version of a district's year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub year: i32,
    pub district_code: String,
    pub district_name: String,
    /// 1 for the first.
    pub version: u32,
    /// The number of rows of `facts`.
    pub rows: usize,
    pub rules: usize,
    /// The input files of this district's year.
    pub inputs: Vec<Input>,
    /// The hash of facts, district facts and answers, without their sources.
    pub content: Hash,
    /// `ready`, `not_ready`, `cannot_be_judged`; `None` if nothing was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Name → file; tables without rows have none.
    pub tables: BTreeMap<String, Written>,
}

impl Entry {
    pub fn of(&self) -> DistrictYear {
        DistrictYear { year: self.year, district_code: self.district_code.clone() }
    }

    /// The hashes of the inputs, whose names may change.
    pub fn input_hashes(&self) -> BTreeSet<&str> {
        self.inputs.iter().map(|input| input.sha256.as_str()).collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    /// As the user named it.
    pub file: String,
    pub sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub sha256: Hash,
    pub bytes: u64,
    pub rows: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lost {
    pub year: i32,
    pub district_code: String,
    pub version: u32,
    pub table: String,
}

const BEFORE: &str = "{\"sha256\":\"";
const BETWEEN: &str = "\",\"commit\":";

impl Commit {
    pub fn rules_of(&self, entry: &Entry) -> Option<&Rules> {
        self.rules.get(entry.rules)
    }

    /// The content of the commit's file.
    pub fn text(&self) -> String {
        let commit = serde_json::to_string(self).unwrap_or_default();
        let hash = Hash::of(commit.as_bytes());
        format!("{BEFORE}{hash}{BETWEEN}{commit}}}\n")
    }

    /// Parses a commit's file; `Err` describes what is wrong with it.
    pub fn parse(text: &str) -> std::result::Result<Commit, String> {
        let parts = || {
            let rest = text.strip_prefix(BEFORE)?;
            let (hash, rest) = rest.split_at_checked(64)?;
            let commit = rest.strip_prefix(BETWEEN)?.trim_end().strip_suffix('}')?;
            Some((Hash::parse(hash)?, commit))
        };
        let (hash, commit) = parts().ok_or_else(|| String::from("sha256 … commit"))?;
        let found = Hash::of(commit.as_bytes());
        if found != hash {
            return Err(format!("sha256 {found} ≠ {hash}"));
        }
        let commit: Commit = serde_json::from_str(commit).map_err(|why| why.to_string())?;
        if commit.entries.iter().any(|entry| entry.rules >= commit.rules.len() || entry.version == 0) {
            return Err(String::from("rules, version"));
        }
        Ok(commit)
    }
}

/// A version and the commit that wrote it, as indices into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub commit: usize,
    pub entry: usize,
}

/// All commits, in order.
#[derive(Debug, Clone, Default)]
pub struct Log {
    pub commits: Vec<Commit>,
    /// The versions of every district's year, in order.
    versions: BTreeMap<DistrictYear, Vec<At>>,
}

impl Log {
    /// Reads the log.
    ///
    /// # Errors
    /// The disk cannot be read, a file is damaged, or one is missing: between others, or the first although there are
    /// tables.
    pub fn read(root: &Path) -> Result<Log> {
        let mut numbers = numbers(root)?;
        if numbers.is_empty() && layout::TABLES.iter().any(|table| has_files(&root.join(table))) {
            // A first commit may have been written in the meantime.
            numbers = self::numbers(root)?;
            if numbers.is_empty() {
                let place = Place::file(layout::shown(root, &layout::log_file(1)));
                return Err(Problem::error("store_log_missing", place).into());
            }
        }
        for (at, &number) in numbers.iter().enumerate() {
            let expected = at as u64 + 1;
            if number != expected {
                let place = Place::file(layout::shown(root, &layout::log_file(expected)));
                return Err(Problem::error("store_log_missing", place).into());
            }
        }
        let commits: Result<Vec<Commit>> = numbers.par_iter().map(|&number| one(root, number)).collect();
        Ok(Log::of(commits?))
    }

    pub fn of(commits: Vec<Commit>) -> Log {
        let mut versions: BTreeMap<DistrictYear, Vec<At>> = BTreeMap::new();
        for (c, commit) in commits.iter().enumerate() {
            for (e, entry) in commit.entries.iter().enumerate() {
                versions.entry(entry.of()).or_default().push(At { commit: c, entry: e });
            }
        }
        Log { commits, versions }
    }

    pub fn get(&self, at: At) -> (&Commit, &Entry) {
        let commit = &self.commits[at.commit];
        (commit, &commit.entries[at.entry])
    }

    /// All versions, in the order of year and code.
    pub fn all(&self) -> impl Iterator<Item = (&DistrictYear, &[At])> {
        self.versions.iter().map(|(of, versions)| (of, versions.as_slice()))
    }

    pub fn versions(&self, of: &DistrictYear) -> &[At] {
        self.versions.get(of).map_or(&[], Vec::as_slice)
    }

    /// Whether a commit gave the file up.
    pub fn is_lost(&self, file: &Lost) -> bool {
        self.commits.iter().any(|commit| commit.lost.contains(file))
    }

    /// The number of commits in force at that point.
    ///
    /// # Errors
    /// There is no such commit, or nothing had been committed.
    pub fn until(&self, as_of: &AsOf, root: &Path) -> Result<usize> {
        let place = || Place::file(root.display().to_string());
        let last = self.commits.len();
        let empty = || Problem::error("store_empty", place());
        match as_of {
            AsOf::Latest if last == 0 => Err(empty().into()),
            AsOf::Latest => Ok(last),
            AsOf::Commit(number) => match usize::try_from(*number) {
                Ok(number) if (1..=last).contains(&number) => Ok(number),
                _ => Err(Problem::error("store_no_commit", place())
                    .with("found", number)
                    .with("last", last)
                    .into()),
            },
            AsOf::Moment(moment) => {
                match self.commits.iter().filter(|commit| commit.time <= *moment).count() {
                    0 => {
                        let Some(first) = self.commits.first() else { return Err(empty().into()) };
                        Err(Problem::error("store_nothing_then", place())
                            .with("found", moment)
                            .with("first", &first.time)
                            .into())
                    }
                    count => Ok(count),
                }
            }
        }
    }
}

/// The numbers of all commits, ascending.
fn numbers(root: &Path) -> Result<Vec<u64>> {
    let folder = root.join(layout::LOG);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(Error::disk(&folder, why)),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry.map_err(|why| Error::disk(&folder, why))?.file_name();
        let number = number_of(&name.to_string_lossy());
        numbers.extend(number.filter(|number| layout::log_file(*number).ends_with(&name)));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Whether the folder contains a file at any depth.
fn has_files(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => has_files(&entry.path()),
        _ => true,
    })
}

/// 17 of `00000017.json`.
pub fn number_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".json")?;
    (digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// Whether the path, relative to the root, is that of a commit.
pub fn is_file(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    number_of(&name).is_some_and(|number| layout::log_file(number) == path)
}

fn one(root: &Path, number: u64) -> Result<Commit> {
    let path = layout::log_file(number);
    let damaged = |why: String| {
        Problem::error("store_log_damaged", Place::file(layout::shown(root, &path))).with("why", why)
    };
    let bytes = fs::read(root.join(&path)).map_err(|why| Error::disk(root.join(&path), why))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged("UTF-8".into()))?;
    let commit = Commit::parse(&text).map_err(damaged)?;
    if commit.number != number {
        return Err(damaged(format!("number {}", commit.number)).into());
    }
    Ok(commit)
}
