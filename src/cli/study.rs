//! What `panel`, `equity`, `outlook` and `annual` have in common: arguments → a study, read from the store.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    STANDARD,
    context::{self, RunContext},
    options::{StorePlace, settings, standard},
    usage,
};
use crate::{
    panel::{Resampling, StudyOptions, crosswalk::Crosswalk},
    problem::{Problem, Result},
    sha256,
    standard::Standard,
    store::yearly::{AsOf, STORE, Snapshot},
    tables::run::{Input, Run, Studied},
};

/// Arguments that say what is studied, and how.
#[derive(Debug, Args)]
pub struct StudyArguments {
    #[command(flatten)]
    place: StorePlace,
    #[arg(long, value_name = "COMMIT|DATE")]
    as_of: Option<String>,
    #[arg(long, value_name = "A..B")]
    years: Option<String>,
    #[arg(long, value_name = "D,E", value_delimiter = ',')]
    districts: Vec<String>,
    #[arg(long, value_name = "S")]
    standard: Option<String>,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long)]
    reliefs: bool,
    #[arg(long, value_name = "FILE")]
    crosswalk: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    regions: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    replicates: Option<usize>,
    #[arg(long, value_name = "0.95")]
    level: Option<f64>,
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A study, resolved from its arguments.
pub struct Study {
    pub years: Snapshot,
    pub asked: StudyOptions,
    pub standard: Standard,
    /// Findings to show before the results.
    pub findings: Vec<Problem>,
    /// The standard as the user named it.
    named: String,
    out: PathBuf,
    /// Files besides the store that the study reads.
    files: Vec<PathBuf>,
    /// For `run.json`.
    record: Studied,
}

impl Study {
    /// `out` and `replicates` are the defaults of `--out` and `--replicates`.
    ///
    /// # Errors
    /// The call is wrong, or the store cannot be read.
    pub fn open(arguments: StudyArguments, out: &str, replicates: usize) -> Result<Study> {
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
            // The defaults are the rules by which the stored results were judged; arguments take precedence.
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
        let (named, standard) = standard(&named, &settings)?;
        if standard.units.is_some() {
            return Err(usage("assess_scored", &[("standard", standard.id.clone())]));
        }
        let (crosswalk, regions) = (arguments.crosswalk, arguments.regions);
        let districts = arguments.districts.iter().map(|district| district.trim().to_string());
        let asked = StudyOptions {
            years,
            districts: districts.filter(|district| !district.is_empty()).collect(),
            reliefs,
            resampling: Resampling {
                replicates: arguments.replicates.unwrap_or(replicates),
                level,
                seed: arguments.seed.unwrap_or(usual.seed),
            },
            crosswalk: Crosswalk::read(crosswalk.as_deref(), regions.as_deref())?,
        };
        let record = Studied {
            store: snapshot.root.display().to_string(),
            commit: snapshot.commit(),
            years,
            districts: asked.districts.clone(),
            crosswalk: crosswalk.as_deref().and_then(input),
            regions: regions.as_deref().and_then(input),
            replicates: asked.resampling.replicates,
            level,
            seed: asked.resampling.seed,
        };
        Ok(Study {
            years: snapshot,
            asked,
            standard,
            findings,
            named,
            out: arguments.out.unwrap_or_else(|| out.into()),
            files: crosswalk.into_iter().chain(regions).collect(),
            record,
        })
    }

    /// Opens the folder of the result before the work, so that a folder that cannot be written is reported at once.
    ///
    /// # Errors
    /// As [`RunContext::open`].
    pub fn begin(&self) -> Result<RunContext> {
        let mut context = RunContext::open(&self.out)?;
        context.protect(self.files.iter().map(PathBuf::as_path))?;
        Ok(context)
    }

    pub fn out(&self) -> &Path {
        &self.out
    }

    /// The store as an input: the record names its commit instead of a hash.
    pub fn inputs(&self) -> Vec<Input> {
        vec![Input { file: self.years.root.display().to_string(), sha256: String::new() }]
    }

    /// For [`RunContext::commit`].
    pub fn record(&self) -> Run {
        Run {
            reliefs: self.asked.reliefs,
            standards: vec![context::used(&self.named, &self.standard, String::new())],
            inputs: self.inputs(),
            study: Some(self.record.clone()),
            ..Run::default()
        }
    }
}

/// A named file with its hash. A file that cannot be read is reported when it is read.
pub fn input(path: &Path) -> Option<Input> {
    Some(Input { file: path.display().to_string(), sha256: sha256::of_file(path).ok()? })
}

/// `2016..2025`, `2016..`, `..2025` or `2020`.
pub fn span(text: &str) -> Result<(i32, i32)> {
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
