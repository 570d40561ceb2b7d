//! Documents that people write in, where a run would replace them: one that was saved since it was written is kept
//! under another name. The ledger has its own way ([`super::assess`]): it is carried on.

use std::{collections::BTreeMap, path::Path};

use crate::{
    problem::{Error, Place, Problem, Result},
    sha256,
    store::Folder,
    tables::run::Run,
    words::Words,
};

/// How a kept copy is marked: `report-旧.docx`.
pub const KEPT: &str = "旧";
/// What the ledger is called in a result.
pub const LEDGER: &str = "gaps.xlsx";
/// What Excel, WPS and Word save.
const ENDINGS: [&str; 3] = [".xlsx", ".xlsm", ".docx"];

/// `gaps.xlsx`, `daxiang/gaps.xlsx`.
pub fn is_ledger(name: &str) -> bool {
    name.rsplit('/').next() == Some(LEDGER)
}

/// What an earlier run wrote where this one writes; nothing where there was none.
#[derive(Debug)]
pub struct PreviousRun(pub Run);

impl PreviousRun {
    /// The run whose result stands in the folder.
    ///
    /// # Errors
    /// Its `run.json` cannot be read: then nobody knows which files may be replaced.
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

    /// Keeps every document that somebody saved since, and says so of each. `out` is the folder as it was named.
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

    /// For `run.json`: the documents of this run as they are, and of those left where they were what is known.
    pub fn documents(&self, folder: &Folder) -> BTreeMap<String, String> {
        let document = |name: &&str| ENDINGS.iter().any(|ending| name.ends_with(ending));
        let known = |name: &str| match folder.content(name) {
            Some(content) => Some(sha256::of(content)),
            None => self.0.documents.get(name).cloned(),
        };
        folder.files().filter(document).filter_map(|name| Some((name.to_string(), known(name)?))).collect()
    }

    /// For `run.json`: the copies that earlier runs and this one keep for good.
    pub fn kept(&self, folder: &Folder) -> Vec<String> {
        let mut kept: Vec<String> =
            self.0.kept.iter().cloned().chain(folder.kept().map(String::from)).collect();
        kept.sort();
        kept.dedup();
        kept
    }
}
