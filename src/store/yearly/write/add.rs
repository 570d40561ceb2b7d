//! Adds one district's year to a commit: decides whether it is new, unchanged, a further version, or repairs damaged
//! files of earlier versions.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use polars::prelude::DataFrame;

use super::{Changed, Outcome, Writer};
use crate::{
    problem::{Problem, Result},
    store::yearly::{
        about, difference,
        find::{self, Wanted},
        frame,
        layout::{self, Hash},
        log::{At, Commit, Entry, Input, Lost, Rules, Written},
        split::Part,
    },
    tables::years::DistrictYear,
};

impl Writer<'_> {
    /// Writes one district's year without committing it, and returns what it will be. May be called from several
    /// threads.
    ///
    /// # Errors
    /// The disk cannot be written; the same district and year was already added in this commit.
    pub fn add(&self, part: &Part, rules: &Rules, outcome: Option<&str>) -> Result<Outcome> {
        let of = &part.of;
        let empty = DataFrame::empty();
        let table = |name: &str| part.tables.get(name).unwrap_or(&empty);
        let content = frame::content(table("facts"), table("district_facts"), table("answers"))?;
        let inputs: Vec<Input> = part
            .inputs
            .iter()
            .map(|(file, sha256)| Input { file: file.clone(), sha256: sha256.clone() })
            .collect();
        let mut files: BTreeMap<String, (Written, Vec<u8>)> = BTreeMap::new();
        for (name, frame) in part.tables.iter().filter(|(_, frame)| frame.height() > 0) {
            let bytes = frame::bytes(frame, &of.district_code, of.year)?;
            let written =
                Written { sha256: Hash::of(&bytes), bytes: bytes.len() as u64, rows: frame.height() };
            files.insert(name.to_string(), (written, bytes));
        }
        let mut entry = Entry {
            year: of.year,
            district_code: of.district_code.clone(),
            district_name: part.district_name.clone(),
            version: 1,
            rows: table("facts").height(),
            rules: 0,
            inputs,
            content,
            outcome: outcome.map(str::to_string),
            tables: files.iter().map(|(name, (written, _))| (name.clone(), *written)).collect(),
        };
        let versions = self.log.versions(of);
        let last = versions.last().map(|&at| self.log.get(at));
        let (restored, lost) = self.damages(versions, &entry, &files)?;
        let same = last.is_some_and(|(commit, last)| self.is_same(commit, last, &entry, rules));
        // A version with damage that this input cannot repair is replaced by a new one.
        let beyond = last.is_some_and(|(_, last)| lost.iter().any(|lost| lost.version == last.version));
        if let Some((_, last)) = last
            && same
            && !beyond
        {
            let version = last.version;
            let count = restored.iter().filter(|(v, _, _)| *v == version).count();
            self.stage(of, None, rules, restored, lost, &files)?;
            return Ok(match count {
                0 => Outcome::Unchanged { version },
                files => Outcome::Restored { version, files },
            });
        }
        // If an older version was repaired, that was the purpose of adding its files again.
        let whole = versions.iter().rev().map(|&at| self.log.get(at)).find(|(commit, old)| {
            self.is_same(commit, old, &entry, rules) && restored.iter().any(|(v, _, _)| *v == old.version)
        });
        if let Some((_, old)) = whole
            && lost.is_empty()
        {
            let version = old.version;
            let files_restored = restored.iter().filter(|(v, _, _)| *v == version).count();
            self.stage(of, None, rules, restored, lost, &files)?;
            return Ok(Outcome::Restored { version, files: files_restored });
        }
        // Repairing an earlier version of one district must not turn another district back to its earlier version.
        let earlier = versions.iter().rev().map(|&at| self.log.get(at));
        let before = earlier.skip(1).find(|(commit, old)| self.is_same(commit, old, &entry, rules));
        if let Some((_, old)) = before
            && lost.is_empty()
            && self.heals(&entry)?
        {
            return Ok(Outcome::Unchanged { version: old.version });
        }
        let number = last.map_or(0, |(_, last)| last.version) + 1;
        entry.version = number;
        self.stage(of, Some(entry), rules, restored, lost, &files)?;
        Ok(match last {
            None => Outcome::New,
            Some((commit, last)) => {
                Outcome::Version { number, changed: self.changed(commit, last, table("facts")) }
            }
        })
    }

    fn changed(&self, commit: &Commit, last: &Entry, facts: &DataFrame) -> Option<Changed> {
        let wanted = Wanted {
            place: layout::place("facts", last.year, &last.district_code),
            commit: commit.number,
            sha256: last.tables.get("facts")?.sha256,
            replaced: false,
        };
        let found = find::find(&self.root, &wanted).ok()?.ok()?;
        let old = frame::read(found.bytes, frame::facts(), None).ok()?;
        let changes = difference::facts(&old, facts).ok()?;
        let schools: BTreeSet<_> = changes.iter().map(|c| (&c.school_code, &c.section)).collect();
        let facts = changes.iter().filter(|change| change.kind == difference::Kind::Fact).count();
        Some(Changed { facts, schools: schools.len() })
    }

    fn is_same(&self, commit: &Commit, last: &Entry, entry: &Entry, rules: &Rules) -> bool {
        last.content == entry.content
            && last.input_hashes() == entry.input_hashes()
            && commit.program == about::program()
            && commit.rules_of(last).is_some_and(|own| own.same(rules))
    }

    /// Whether a file of an earlier version of any district, made from these inputs, is damaged.
    fn heals(&self, entry: &Entry) -> Result<bool> {
        let inputs: Vec<String> = entry.input_hashes().into_iter().map(String::from).collect();
        let mut known = self.heals.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(&heals) = known.get(&inputs) {
            return Ok(heals);
        }
        let mut heals = false;
        'all: for (_, versions) in self.log.all() {
            let Some((_, earlier)) = versions.split_last() else { continue };
            for &at in earlier {
                let (commit, old) = self.log.get(at);
                if old.input_hashes() != entry.input_hashes() {
                    continue;
                }
                for (table, written) in &old.tables {
                    let place = layout::place(table, old.year, &old.district_code);
                    let wanted =
                        Wanted { place, commit: commit.number, sha256: written.sha256, replaced: true };
                    if !find::find(&self.root, &wanted)?.is_ok_and(|found| found.path == wanted.final_path())
                    {
                        heals = true;
                        break 'all;
                    }
                }
            }
        }
        known.insert(inputs, heals);
        Ok(heals)
    }

    /// The damaged files of versions made from the same inputs: those whose bytes are available again (version, place,
    /// table), and those that are lost.
    #[allow(clippy::type_complexity)]
    fn damages(
        &self,
        versions: &[At],
        entry: &Entry,
        files: &BTreeMap<String, (Written, Vec<u8>)>,
    ) -> Result<(Vec<(u32, PathBuf, String)>, Vec<Lost>)> {
        let (mut restored, mut lost) = (Vec::new(), Vec::new());
        for &at in versions {
            let (commit, old) = self.log.get(at);
            if old.input_hashes() != entry.input_hashes() {
                continue;
            }
            let replaced = versions.last() != Some(&at);
            for (table, written) in &old.tables {
                let place = layout::place(table, old.year, &old.district_code);
                let wanted = Wanted { place, commit: commit.number, sha256: written.sha256, replaced };
                let found = find::find(&self.root, &wanted)?;
                if found.as_ref().is_ok_and(|found| found.path == wanted.final_path()) {
                    continue;
                }
                let given_up = Lost {
                    year: old.year,
                    district_code: old.district_code.clone(),
                    version: old.version,
                    table: table.clone(),
                };
                if files.get(table).is_some_and(|(new, _)| new.sha256 == written.sha256) {
                    restored.push((old.version, wanted.final_path(), table.clone()));
                } else if found.is_err() && !self.log.is_lost(&given_up) {
                    lost.push(given_up);
                }
            }
        }
        Ok((restored, lost))
    }

    fn stage(
        &self,
        of: &DistrictYear,
        entry: Option<Entry>,
        rules: &Rules,
        restored: Vec<(u32, PathBuf, String)>,
        lost: Vec<Lost>,
        files: &BTreeMap<String, (Written, Vec<u8>)>,
    ) -> Result<()> {
        let new = self.pending().join(layout::NEW);
        {
            let mut staged = self.staged.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if staged.entries.contains_key(of) {
                return Err(Problem::error("store_added_twice", Default::default())
                    .with("district", &of.district_code)
                    .with("year", of.year)
                    .into());
            }
            for (_, place, table) in &restored {
                if let Some((written, _)) = files.get(table) {
                    staged.restored.insert(place.clone(), written.sha256);
                }
            }
            staged.lost.extend(lost);
            if let Some(mut entry) = entry.clone() {
                entry.rules = match staged.rules.iter().position(|known| known == rules) {
                    Some(at) => at,
                    None => {
                        staged.rules.push(rules.clone());
                        staged.rules.len() - 1
                    }
                };
                staged.entries.insert(of.clone(), entry);
            }
        }
        for (table, (written, bytes)) in files {
            if entry.is_some() || restored.iter().any(|(_, _, name)| name == table) {
                self.write(&new.join(written.sha256.to_string()), bytes)?;
            }
        }
        Ok(())
    }
}
