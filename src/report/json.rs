//! `verdict.json` and `run.json`.

use std::{collections::BTreeMap, io::Write, path::Path, time::SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use crate::problem::{Error, Place, Problem, Result};
use crate::tables::Row;

/// What made a result: enough to do it again and to explain it later.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// Every file of this result, relative to the folder.
    pub files: Vec<String>,
    /// SHA-256 of each document that people write on in, as it was written: another one means that somebody
    /// saved it since.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, String>,
    /// What many years of a store were looked at, and how.
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

pub const RUN: &str = "run.json";

impl Run {
    /// The `run.json` of a result.
    ///
    /// # Errors
    /// The folder holds no result of ours.
    pub fn load(folder: &Path) -> Result<Run> {
        let path = folder.join(RUN);
        let absent = |_| Problem::error("no_result_here", Place::file(folder.display().to_string()));
        let text = std::fs::read_to_string(&path).map_err(absent)?;
        let broken = |why: serde_json::Error| {
            Problem::error("run_json_broken", Place::file(path.display().to_string())).with("why", why)
        };
        Ok(serde_json::from_str(&text).map_err(broken)?)
    }
}

/// Files that were read, each once.
pub fn inputs(sources: &DataFrame) -> Vec<Input> {
    let mut inputs: Vec<Input> = Row::all(sources)
        .map(|row| Input { file: row.said("file").into(), sha256: row.said("sha256").into() })
        .collect();
    inputs.sort();
    inputs.dedup();
    inputs
}

/// Indented, with a line break at the end.
pub fn write(value: &(impl Serialize + ?Sized), out: &mut impl Write) -> Result<()> {
    let disk = |why: std::io::Error| Error::disk("json", why);
    serde_json::to_writer_pretty(&mut *out, value).map_err(|why| Error::json("json", why))?;
    out.write_all(b"\n").map_err(disk)
}

/// `2024-09-01T08:00:00Z`.
pub fn utc(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn times_are_in_utc() {
        let time = UNIX_EPOCH + Duration::from_millis(951_782_400_900);
        assert_eq!(utc(time), "2000-02-29T00:00:00Z");
    }
}
