//! Documents that people write on in, where a run would replace them: whatever was saved since it was written
//! is kept under another name. The ledger has its own way ([`super::ledger`]): it is carried on.

use std::{collections::BTreeMap, path::Path};

use sha2::{Digest, Sha256};

use super::ledger::is_ledger;
use crate::{
    problem::{Error, Result},
    report::json::Run,
    store::Folder,
    words::Words,
};

/// How a kept copy is marked: `report-旧.docx`.
pub const KEPT: &str = "旧";
/// What Excel, WPS and Word save.
const ENDINGS: [&str; 3] = [".xlsx", ".xlsm", ".docx"];

/// What an earlier run wrote where this one writes; nothing where there was none.
#[derive(Debug, Default)]
pub struct Earlier {
    pub files: Vec<String>,
    documents: BTreeMap<String, String>,
}

impl Earlier {
    pub fn of(out: &Path) -> Earlier {
        Run::load(out)
            .map_or_else(|_| Earlier::default(), |run| Earlier { files: run.files, documents: run.documents })
    }

    /// Not byte for byte what was written, or nobody knows.
    pub fn is_touched(&self, name: &str, path: &Path) -> Result<bool> {
        let content = std::fs::read(path).map_err(|why| Error::disk(path, why))?;
        Ok(self.documents.get(name).is_none_or(|known| *known != hash(&content)))
    }

    /// Keeps every document that somebody saved since; what is said of each. `out`: as the user named it.
    pub fn keep(&self, folder: &mut Folder, out: &Path, words: &Words) -> Result<Vec<String>> {
        let mut said = Vec::new();
        for name in self.documents.keys().filter(|name| !is_ledger(name)) {
            let path = folder.target().join(name);
            if path.is_file() && self.is_touched(name, &path)? {
                let kept = folder.keep(name, KEPT)?;
                let file = out.join(name).display().to_string();
                said.push(words.text("screen.kept", &[("file", file), ("kept", kept)]));
            }
        }
        Ok(said)
    }

    /// For `run.json`: the documents of this run as they are, and of those left where they were what is known.
    pub fn documents(&self, folder: &Folder) -> BTreeMap<String, String> {
        let document = |name: &&str| ENDINGS.iter().any(|ending| name.ends_with(ending));
        let known = |name: &str| match folder.content(name) {
            Some(content) => Some(hash(&content)),
            None => self.documents.get(name).cloned(),
        };
        folder.files().filter(document).filter_map(|name| Some((name.to_string(), known(name)?))).collect()
    }
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
