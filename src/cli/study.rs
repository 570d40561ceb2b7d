//! What `panel`, `equity`, `outlook` and `annual` have in common: raw arguments → a plan, read from the store.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{OUT, STANDARD, Studying, assess, settings, usage};
use crate::{
    panel::{Asked, Resampling, crosswalk::Crosswalk},
    problem::{Problem, Result},
    report::json::{Input, Studied},
    standard::Standard,
    store::yearly::{AsOf, STORE, Snapshot},
};

/// A study resolved.
pub struct Study {
    pub years: Snapshot,
    pub asked: Asked,
    /// As named, and loaded with its settings chosen.
    pub named: String,
    pub standard: Standard,
    pub out: PathBuf,
    /// What is worth a word before the results.
    pub findings: Vec<Problem>,
}

impl Study {
    /// `replicates` without `--replicates`.
    ///
    /// # Errors
    /// The call is wrong, or the store cannot be read.
    pub fn from_arguments(arguments: Studying, replicates: usize) -> Result<Study> {
        let usual = Resampling::default();
        let level = arguments.level.unwrap_or(usual.level);
        if !(0.5..1.0).contains(&level) {
            return Err(usage("study_level", &[("found", level.to_string())]));
        }
        let years = arguments.years.as_deref().map(span).transpose()?;
        let as_of = arguments.as_of.as_deref().map_or(Ok(AsOf::Latest), moment)?;
        let mut settings = settings(&arguments.set)?;
        let root = arguments.place.store.unwrap_or_else(|| STORE.into());
        let snapshot = Snapshot::open(&root, &as_of)?;
        let mut findings = Vec::new();
        let mut reliefs = arguments.reliefs;
        let named = match (arguments.standard, snapshot.rules()) {
            (Some(named), _) => named,
            // As what is kept was judged; what is asked for here goes before it.
            (None, Some(rules)) => {
                reliefs |= rules.reliefs;
                let chosen = std::mem::take(&mut settings);
                settings.extend(rules.settings.clone());
                settings.extend(chosen);
                rules.named.clone()
            }
            (None, None) => {
                let named = snapshot.standard().unwrap_or_else(|| STANDARD.into());
                findings.push(
                    Problem::warning("study_rules_differ", Default::default()).with("standard", &named),
                );
                named
            }
        };
        let mut standards = assess::standards(&[named], &settings)?;
        let Some((named, standard)) = standards.pop() else {
            return Err(Problem::error("study_no_standard", Default::default()).into());
        };
        if standard.units.is_some() {
            return Err(usage("assess_scored", &[("standard", standard.id.clone())]));
        }
        let asked = Asked {
            years,
            districts: arguments
                .districts
                .iter()
                .map(|d| d.trim().to_string())
                .filter(|d| !d.is_empty())
                .collect(),
            reliefs,
            resampling: Resampling {
                replicates: arguments.replicates.unwrap_or(replicates),
                level,
                seed: arguments.seed.unwrap_or(usual.seed),
            },
            crosswalk: Crosswalk::read(arguments.crosswalk.as_deref(), arguments.regions.as_deref())?,
        };
        Ok(Study {
            years: snapshot,
            asked,
            named,
            standard,
            out: arguments.out.unwrap_or_else(|| OUT.into()),
            findings,
        })
    }
}

impl Studying {
    /// The folder for results where none is named.
    pub fn usually_in(mut self, folder: &str) -> Studying {
        self.out.get_or_insert_with(|| folder.into());
        self
    }
}

/// What `run.json` says of a study, as far as the arguments do: [`Studied::settle`] says the rest.
pub fn note(arguments: &Studying) -> Studied {
    Studied {
        crosswalk: input(&arguments.crosswalk),
        regions: input(&arguments.regions),
        ..Studied::default()
    }
}

/// A file that was named, with its hash. One that cannot be read is told when it is.
pub(super) fn input(path: &Option<PathBuf>) -> Option<Input> {
    let path = path.as_ref()?;
    let hash = Sha256::digest(std::fs::read(path).ok()?);
    let sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Input { file: path.display().to_string(), sha256 })
}

impl Studied {
    pub fn settle(&mut self, years: &Snapshot, asked: &Asked) {
        self.store = years.root.display().to_string();
        self.commit = years.commit();
        self.years = asked.years;
        self.districts.clone_from(&asked.districts);
        (self.replicates, self.level, self.seed) =
            (asked.resampling.replicates, asked.resampling.level, asked.resampling.seed);
    }
}

/// `2016..2025`, `2016..`, `..2025` or `2020`.
pub(super) fn span(text: &str) -> Result<(i32, i32)> {
    let wrong = || usage("study_years", &[("found", text.to_string())]);
    let one = |part: &str, open: i32| match part.trim() {
        "" => Ok(open),
        part => part.parse().map_err(|_| wrong()),
    };
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (one(from, i32::MIN)?, one(to.trim_start_matches('='), i32::MAX)?),
        None if text.trim().is_empty() => return Err(wrong()),
        None => (one(text, 0)?, one(text, 0)?),
    };
    if from > to { Err(wrong()) } else { Ok((from, to)) }
}

/// A commit's number, a day (its end) or a moment, UTC.
fn moment(text: &str) -> Result<AsOf> {
    let text = text.trim();
    if let Ok(commit) = text.parse() {
        return Ok(AsOf::Commit(commit));
    }
    if text.parse::<chrono::NaiveDate>().is_ok() {
        return Ok(AsOf::Moment(format!("{text}T23:59:59Z")));
    }
    match text.parse::<chrono::DateTime<chrono::Utc>>() {
        Ok(moment) => Ok(AsOf::Moment(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string())),
        Err(_) => Err(usage("study_as_of", &[("found", text.to_string())])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_in_every_way() {
        for (text, expected) in [
            ("2016..2025", (2016, 2025)),
            ("2016..", (2016, i32::MAX)),
            ("..110", (i32::MIN, 110)),
            ("110", (110, 110)),
        ] {
            assert_eq!(span(text).unwrap(), expected, "{text}");
        }
        for text in ["", "2025..2016", "a..b", "20x"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_ends_with_its_last_second() {
        assert_eq!(moment("17").unwrap(), AsOf::Commit(17));
        assert_eq!(moment("2026-11-21").unwrap(), AsOf::Moment("2026-11-21T23:59:59Z".into()));
        assert_eq!(moment("2026-11-21T18:00:00+08:00").unwrap(), AsOf::Moment("2026-11-21T10:00:00Z".into()));
        assert!(moment("yesterday").is_err());
    }
}
