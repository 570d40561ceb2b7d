//! The store of many districts' years: Parquet, partitioned by year and district, read by anything as it stands.
//!
//! ```text
//! STORE/ store.json                                            format, who made it
//!        log/00000017.json                                     a commit: what it added, the hash of every file
//!        facts/year=2024/district_code=430503/facts.parquet    the latest version of every table, for any reader
//!        districts/year=2024/district_code=430503/districts.parquet …
//!        superseded/3/facts/year=2024/district_code=430503/facts.parquet      what commit 3 wrote and a later one replaced
//!        pending/18/…                                          being written, or being put in place
//!        lock                                                  who writes
//! ```
//!
//! A commit is in force once its file stands in `log` (one rename); its data files are then put in place, by its own writer or,
//! after a kill, by the next. A reader takes the log as it finds it and knows every file by its hash: it finds the file in
//! place, still pending, or superseded, and never a mixture.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use crate::{
    problem::Result,
    tables::{
        Table,
        years::{Kept, Years},
    },
};

/// Where the store is without `--store`.
pub const STORE: &str = "junheng-store";

/// Which state of the store: the latest, after a commit, or at the end of a day or moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AsOf {
    #[default]
    Latest,
    Commit(u64),
    /// UTC, `2026-11-21T17:00:00Z`; what was committed up to then.
    Moment(String),
}

/// A state of the store, for reading; a writer beside it changes nothing here.
#[derive(Debug)]
pub struct Snapshot {
    pub root: PathBuf,
    kept: Vec<Kept>,
}

impl Snapshot {
    /// # Errors
    /// There is no store, it is of a newer format, its log is damaged, or nothing had been committed by then.
    pub fn open(_root: &Path, _as_of: &AsOf) -> Result<Snapshot> {
        todo!()
    }

    /// The standard that all results kept were made by; `None` where there are several.
    pub fn standard(&self) -> Option<String> {
        todo!()
    }
}

impl Years for Snapshot {
    fn kept(&self) -> &[Kept] {
        &self.kept
    }
    fn facts(&self, _of: &Kept, _columns: Option<&[String]>) -> Result<DataFrame> {
        todo!()
    }
    fn table(&self, _of: &Kept, _table: &Table) -> Result<DataFrame> {
        todo!()
    }
}
