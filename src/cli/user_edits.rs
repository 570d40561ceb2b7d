//! Documents that people edit and a run would replace: a document that was saved after the run that wrote it is kept
//! under another name. Ledgers are handled by [`super::ledger`], which continues them.

use std::{collections::BTreeMap, path::Path};

use crate::{
    problem::{Error, Place, Problem, Result},
    sha256,
    store::Folder,
    tables::run::Run,
    words::Words,
};

/// The suffix of a kept copy: `report-旧.docx`.
pub const KEPT: &str = "旧";
/// The name of the ledger in a result.
pub const LEDGER: &str = "gaps.xlsx";
/// The name of the ledger in a result of `score`.
pub const SCORE_LEDGER: &str = "rectification.xlsx";
/// Extensions of files that Excel, WPS and Word save.
const ENDINGS: [&str; 3] = [".xlsx", ".xlsm", ".docx"];

/// `gaps.xlsx`, `daxiang/gaps.xlsx`.
pub fn is_ledger(name: &str) -> bool {
    matches!(name.rsplit('/').next(), Some(LEDGER | SCORE_LEDGER))
}

/// The files of the earlier result in the folder of this run; empty if there is none.
#[derive(Debug)]
pub struct PreviousRun(pub Run);

impl PreviousRun {
    /// Reads the earlier run from the folder.
    ///
    /// # Errors
    /// Its `run.json` cannot be read, so it is unknown which files may be replaced.
    pub fn find(folder: &Folder) -> Result<PreviousRun> {
        match Run::find(folder.target()) {
            Ok(run) => Ok(PreviousRun(run.unwrap_or_default())),
            Err(Error::Input(_)) => {
                let place = Place::file(folder.target().display().to_string());
                Err(Problem::error("out_run_json_broken", place).into())
            }
            Err(other) => Err(other),
        }
    }

    /// Keeps every document that somebody has saved since, and returns one message for each. `out` is the folder as the
    /// user named it.
    ///
    /// # Errors
    /// The disk.
    pub fn keep_edited(&self, folder: &mut Folder, out: &Path, words: &Words) -> Result<Vec<String>> {
        let mut said = Vec::new();
        for name in self.0.documents.keys().filter(|name| !is_ledger(name)) {
            let is_edited = self.0.is_edited(name, &folder.target().join(name))?.unwrap_or(false);
            if is_edited && !folder.reads(name) {
                let kept = folder.keep(name, KEPT)?;
                let file = out.join(name).display().to_string();
                said.push(words.fill("screen.kept", &[("file", file), ("kept", kept)]));
            }
        }
        Ok(said)
    }

    /// For `run.json`: the hashes of this run's documents, and what is known of documents that stay in place.
    pub fn documents(&self, folder: &Folder) -> BTreeMap<String, String> {
        let document = |name: &&str| ENDINGS.iter().any(|ending| name.ends_with(ending));
        let known = |name: &str| match folder.content(name) {
            Some(content) => Some(sha256::of(content)),
            None => self.0.documents.get(name).cloned(),
        };
        folder.files().filter(document).filter_map(|name| Some((name.to_string(), known(name)?))).collect()
    }

    /// For `run.json`: the copies that earlier runs and this one keep permanently.
    pub fn kept(&self, folder: &Folder) -> Vec<String> {
        let mut kept: Vec<String> =
            self.0.kept.iter().cloned().chain(folder.kept().map(String::from)).collect();
        kept.sort();
        kept.dedup();
        kept
    }
}
