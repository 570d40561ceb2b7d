//! A state of the store, for reading.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::{
    AsOf,
    about::About,
    find::{Fault, Wanted, find},
    frame, layout,
    log::{At, Commit, Entry, Log, Rules},
};
use crate::{
    problem::{Place, Problem, Result},
    tables::{
        Table,
        years::{DistrictYear, StoredYear, YearSource},
    },
};

/// A state of the store, for reading; a concurrent writer does not change it.
#[derive(Debug)]
pub struct Snapshot {
    /// The folder of the store.
    pub root: PathBuf,
    kept: Vec<StoredYear>,
    /// The version of each of `kept`.
    at: Vec<At>,
    log: Log,
}

impl Snapshot {
    /// Opens a state of the store.
    ///
    /// # Errors
    /// There is no store, its format is newer, its log is damaged, or nothing had been committed by then.
    pub fn open(root: &Path, as_of: &AsOf) -> Result<Snapshot> {
        About::expect(root)?;
        let log = Log::read(root)?;
        let until = log.until(as_of, root)?;
        let (mut kept, mut at) = (Vec::new(), Vec::new());
        for (of, versions) in log.all() {
            let Some(&last) = versions.iter().rev().find(|at| at.commit < until) else { continue };
            kept.push(kept_of(of, log.get(last).1));
            at.push(last);
        }
        Ok(Snapshot { root: root.to_path_buf(), kept, at, log })
    }

    /// A version of a district's year; `None` if there is no such version.
    pub fn version(&self, of: &DistrictYear, version: u32) -> Option<StoredYear> {
        let versions = self.log.versions(of).iter();
        let entry = versions.map(|&at| self.log.get(at).1).find(|entry| entry.version == version)?;
        Some(kept_of(of, entry))
    }

    /// The last commit that wrote any part of this state; 0 if the store is empty.
    pub fn commit(&self) -> u64 {
        self.at.iter().map(|&at| self.log.get(at).0.number).max().unwrap_or(0)
    }

    /// Every commit, including those after this state.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The rules of the stored results; `None` if they differ between districts.
    pub fn rules(&self) -> Option<&Rules> {
        let mut all = self.at.iter().filter_map(|&at| {
            let (commit, entry) = self.log.get(at);
            commit.rules_of(entry)
        });
        let last = all.next_back()?;
        all.all(|rules| rules.same(last)).then_some(last)
    }

    /// The standard of all stored results, as it was named; `None` if there are several.
    pub fn standard(&self) -> Option<String> {
        let mut all = self.at.iter().filter_map(|&at| {
            let (commit, entry) = self.log.get(at);
            commit.rules_of(entry)
        });
        let last = all.next_back()?;
        let same = |rules: &Rules| (&rules.standard, &rules.version) == (&last.standard, &last.version);
        all.all(same).then(|| last.named.clone())
    }

    /// The entry of a stored year, at its own version.
    fn entry(&self, of: &StoredYear) -> Option<(&Commit, &Entry, At)> {
        // Nearly always the version of this state.
        let place = self.kept.binary_search_by(|kept| kept.of.cmp(&of.of)).ok();
        let own = place.and_then(|place| self.at.get(place)).copied().into_iter();
        own.chain(self.log.versions(&of.of).iter().copied()).find_map(|at| {
            let (commit, entry) = self.log.get(at);
            (entry.version == of.version).then_some((commit, entry, at))
        })
    }

    fn read(&self, of: &StoredYear, table: &Table, columns: Option<&[String]>) -> Result<Option<DataFrame>> {
        let Some((commit, entry, at)) = self.entry(of) else { return Ok(None) };
        let Some(written) = entry.tables.get(table.name) else { return Ok(None) };
        let wanted = Wanted {
            place: layout::place(table.name, entry.year, &entry.district_code),
            commit: commit.number,
            sha256: written.sha256,
            replaced: self.log.versions(&of.of).last() != Some(&at),
        };
        let found = match find(&self.root, &wanted)? {
            Ok(found) => found,
            Err(fault) => return Err(damaged(&self.root, &wanted, entry, fault).into()),
        };
        let shown = layout::shown(&self.root, &found.path);
        match frame::read(found.bytes, table, columns) {
            Ok(frame) => Ok(Some(frame)),
            // The bytes are unchanged but cannot be read: another program wrote them.
            Err(why) => {
                Err(Problem::error("store_file_unreadable", Place::file(shown)).with("why", why).into())
            }
        }
    }
}

impl YearSource for Snapshot {
    fn kept(&self) -> &[StoredYear] {
        &self.kept
    }

    fn facts(&self, of: &StoredYear, columns: Option<&[String]>) -> Result<DataFrame> {
        let table = frame::facts();
        match self.read(of, table, columns)? {
            Some(frame) => Ok(frame),
            None => Ok(match columns {
                Some(names) => table.empty().select(names.iter().map(String::as_str))?,
                None => table.empty(),
            }),
        }
    }

    fn table(&self, of: &StoredYear, table: &Table) -> Result<DataFrame> {
        Ok(self.read(of, table, None)?.unwrap_or_else(|| table.empty()))
    }
}

fn kept_of(of: &DistrictYear, entry: &Entry) -> StoredYear {
    StoredYear {
        of: of.clone(),
        district_name: entry.district_name.clone(),
        version: entry.version,
        rows: entry.rows,
    }
}

/// The problem of a damaged file, with the inputs to add again.
pub fn damaged(root: &Path, wanted: &Wanted, entry: &Entry, fault: Fault) -> Problem {
    let code = match fault {
        Fault::Changed => "store_file_damaged",
        Fault::Absent => "store_file_absent",
    };
    about_file(code, root, wanted, entry)
}

/// The problem of a file of the log that is not as it should be.
pub fn about_file(code: &'static str, root: &Path, wanted: &Wanted, entry: &Entry) -> Problem {
    Problem::error(code, Place::file(layout::shown(root, &wanted.final_path())))
        .with("district", &entry.district_name)
        .with("year", entry.year)
        .with("version", entry.version)
        .with("expected", wanted.sha256)
        .with("inputs", named(entry))
}

/// Input files with the beginning of their hashes; if there are many, the rest are counted.
pub fn named(entry: &Entry) -> String {
    const MAX_SHOWN: usize = 6;
    let short = |sha256: &str| sha256.chars().take(12).collect::<String>();
    let mut names: Vec<String> = entry
        .inputs
        .iter()
        .take(MAX_SHOWN)
        .map(|input| format!("{} (sha256 {}…)", input.file, short(&input.sha256)))
        .collect();
    if entry.inputs.len() > MAX_SHOWN {
        names.push(format!("… {}", entry.inputs.len()));
    }
    names.join("、")
}
