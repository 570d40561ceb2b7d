//! `run.json`: what made a result, and which files of a folder the program wrote.

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

/// The name of the record of a run in its folder. A folder that has it is a result.
pub const RUN: &str = "run.json";
/// The file by which a store of many years is known, and the folder of its commits.
pub const STORE: &str = "store.json";
pub const STORE_LOG: &str = "log";
/// The list of the districts' pages of an annual report: it stands beside the run, not in it.
pub const PORTRAITS: &str = "portraits/portraits.csv";

/// What made a result: enough to do it again and to explain it later.
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
    /// As given; what the files say themselves is not repeated here.
    pub year: Option<i32>,
    pub district: Option<(String, String)>,
    pub standards: Vec<Used>,
    pub inputs: Vec<Input>,
    /// Every file of this result, relative to the folder, with `/`. The next run may replace or remove them.
    pub files: Vec<String>,
    /// SHA-256 of each document that people write on in, as it was written: another one means that somebody
    /// saved it since.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, String>,
    /// Copies of documents that somebody had saved before a run replaced them. No run replaces or removes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// Which years of a store were studied, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<Studied>,
}

/// A study of a store, so that it can be done again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Studied {
    pub store: String,
    /// The last commit that anything was read of.
    pub commit: u64,
    /// First and last year, and districts, as asked for; all without.
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
    /// As named on the command line: an id, or the path of a file.
    pub named: String,
    /// Where its tables stand: empty, or `daxiang/`.
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
    /// The record of the result in `folder`.
    ///
    /// # Errors
    /// The folder holds no result, or its record is damaged or cannot be read.
    pub fn load(folder: &Path) -> Result<Run> {
        let absent = || Problem::error("no_result_here", Place::file(folder.display().to_string()));
        Ok(Run::find(folder)?.ok_or_else(absent)?)
    }

    /// The record of the result in `folder`; `None` where there is none.
    ///
    /// # Errors
    /// The record is damaged, or it cannot be known whether there is one.
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

    /// Whether the document `name`, which stands at `path`, is not byte for byte what the run wrote, or nobody
    /// knows what the run wrote; `None` where nothing stands there any more.
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

/// The files that the program wrote into a folder: all that its `run.json` lists. They are never the input of a
/// run that was given the folder, unless one of them is named itself.
#[derive(Debug)]
pub struct OwnFiles {
    pub run: Run,
    names: HashSet<String>,
}

impl OwnFiles {
    /// Those of `folder`; `None` where it is no result of the program.
    ///
    /// # Errors
    /// It cannot be known whether it is one.
    pub fn of(folder: &Path) -> Result<Option<OwnFiles>> {
        let run = match Run::find(folder) {
            Ok(Some(run)) => run,
            // Another program may call a file so.
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

/// Whether an error says for certain that nothing stands there.
pub fn is_absent(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
