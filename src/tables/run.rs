//! `run.json`: how a result was made, and which files of a folder the program wrote.

use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{
    problem::{Error, Place, Problem, Result},
    sha256,
};

/// The name of a run's record in its folder. A folder that contains it is a result.
pub const RUN: &str = "run.json";
/// The file that identifies a store of many years, and the folder of its commits.
pub const STORE: &str = "store.json";
pub const STORE_LOG: &str = "log";
/// The list of the districts' pages of an annual report, which is beside the run rather than in it.
pub const PORTRAITS: &str = "portraits/portraits.csv";

/// How a result was made: enough to repeat it and to explain it later.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Run {
    pub program: String,
    pub version: String,
    /// Start, UTC, `2024-09-01T08:00:00Z`.
    pub started: String,
    pub seconds: f64,
    pub language: String,
    pub reliefs: bool,
    pub strict: bool,
    /// As given on the command line; what the files contain is not repeated here.
    pub year: Option<i32>,
    pub district: Option<(String, String)>,
    pub standards: Vec<Used>,
    pub inputs: Vec<Input>,
    /// Every file of this result, relative to the folder, with `/`. The next run may replace or remove them.
    pub files: Vec<String>,
    /// The SHA-256 of each document that users edit, as it was written: a different one means that somebody has saved
    /// it since.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, String>,
    /// Copies of documents that users had edited before a run replaced them. No run replaces or removes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// The years of a store that were studied, and the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<Studied>,
}

/// A study of a store, with what is needed to repeat it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Studied {
    pub store: String,
    /// The last commit that was read.
    pub commit: u64,
    /// First and last year, and districts, as requested; `None` or empty for all.
    pub years: Option<(i32, i32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<String>,
    pub crosswalk: Option<Input>,
    pub regions: Option<Input>,
    pub replicates: usize,
    pub level: f64,
    pub seed: u64,
}

/// A standard of the run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Used {
    pub id: String,
    pub version: String,
    /// The standard as the user named it: an id, or the path of a file.
    pub named: String,
    /// The folder of its tables: empty, or `daxiang/`.
    pub folder: String,
    /// Every setting with its value in this run.
    pub settings: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    pub file: String,
    pub sha256: String,
}

impl Run {
    /// Loads the record of the result in `folder`.
    ///
    /// # Errors
    /// The folder contains no result, or its record is damaged or unreadable.
    pub fn load(folder: &Path) -> Result<Run> {
        let absent = || Problem::error("no_result_here", Place::file(folder.display().to_string()));
        Ok(Run::find(folder)?.ok_or_else(absent)?)
    }

    /// The record of the result in `folder`; `None` if there is none.
    ///
    /// # Errors
    /// The record is damaged, or it cannot be determined whether there is one.
    pub fn find(folder: &Path) -> Result<Option<Run>> {
        let path = folder.join(RUN);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(why) if is_absent(&why) => return Ok(None),
            Err(why) => return Err(Error::disk(&path, why)),
        };
        let broken = |why: serde_json::Error| {
            Problem::error("run_json_broken", Place::file(path.display().to_string())).with("why", why)
        };
        Ok(Some(serde_json::from_str(&text).map_err(broken)?))
    }

    /// Whether the document `name` at `path` differs from what the run wrote, or it is unknown what the run wrote;
    /// `None` if it no longer exists.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn is_edited(&self, name: &str, path: &Path) -> Result<Option<bool>> {
        match sha256::of_file(path) {
            Ok(found) => Ok(Some(self.documents.get(name) != Some(&found))),
            Err(why) if is_absent(&why) => Ok(None),
            Err(why) => Err(Error::disk(path, why)),
        }
    }
}

/// The files that the program wrote into a folder, as listed in its `run.json`. They are never input to a run that was
/// given the folder, unless one of them is named explicitly.
#[derive(Debug)]
pub struct OwnFiles {
    pub run: Run,
    names: HashSet<String>,
}

impl OwnFiles {
    /// The files of `folder`; `None` if it is not a result of the program.
    ///
    /// # Errors
    /// It cannot be determined whether it is one.
    pub fn of(folder: &Path) -> Result<Option<OwnFiles>> {
        let run = match Run::find(folder) {
            Ok(Some(run)) => run,
            // Another program may use the same file name.
            Ok(None) | Err(Error::Input(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let mut names: HashSet<String> = run.files.iter().chain(&run.kept).cloned().collect();
        names.extend([RUN, PORTRAITS].map(String::from));
        Ok(Some(OwnFiles { run, names }))
    }

    /// `name` is relative to the folder, with `/`.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

/// Whether an error proves that a path does not exist.
pub fn is_absent(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
