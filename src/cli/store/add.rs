//! `store add`: reads and judges like `assess`, and stores the results.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use clap::Args;
use rayon::prelude::*;

use super::super::{
    Exit, STANDARD, context,
    options::{Reading, StorePlace, settings, standard},
    progress::Step,
    screen, usage,
};
use crate::{
    assess::{self, Outcome as Verdict},
    ingest::{self, Facts, Options, parquet::long},
    number, pipeline,
    problem::{Level, Place, Problem, Result},
    standard::Standard,
    store::yearly::{Outcome, Part, Recovered, STORE, Writer, log::Rules, split},
    tables::{run::Run, years::DistrictYear},
    words::Words,
};

#[derive(Debug, Args)]
pub struct StoreAddArguments {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    place: StorePlace,
    #[arg(long, value_name = "S")]
    standard: Option<String>,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long)]
    reliefs: bool,
    /// How long to wait for another writer.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide_default_value = true)]
    wait: u64,
}

/// The resolved arguments: what to add.
pub struct Addition {
    pub units: Vec<Unit>,
    /// Year, district and encoding given for the inputs.
    pub findings: Vec<Problem>,
    pub store: PathBuf,
    pub wait: Duration,
}

/// Inputs that are read together and judged by one standard.
pub struct Unit {
    pub inputs: Vec<PathBuf>,
    pub options: Options,
    /// The name as given, and the standard with its settings chosen.
    pub standard: (String, Standard),
    pub reliefs: bool,
}

/// Options for inputs that state nothing themselves.
struct Asked {
    standard: Option<String>,
    settings: Vec<(String, String)>,
    reliefs: bool,
    options: Options,
}

impl Addition {
    pub fn from_arguments(arguments: StoreAddArguments) -> Result<Addition> {
        let settings = settings(&arguments.set)?;
        let (inputs, options) = arguments.reading.resolve();
        let asked = Asked { standard: arguments.standard, settings, reliefs: arguments.reliefs, options };
        let mut findings = Vec::new();
        Ok(Addition {
            units: units(&inputs, &asked, &mut findings)?,
            findings,
            store: arguments.place.store.unwrap_or_else(|| STORE.into()),
            wait: Duration::from_secs(arguments.wait),
        })
    }
}

/// Every run folder, pipeline file and table of facts is a unit of its own; all other files are read together, as
/// `assess` reads them.
fn units(inputs: &[PathBuf], asked: &Asked, findings: &mut Vec<Problem>) -> Result<Vec<Unit>> {
    let mut loaded = Loaded::default();
    let (mut units, mut together) = (Vec::new(), Vec::new());
    for input in inputs {
        if input.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
            let pipeline = pipeline::load(input)?;
            findings.extend(pipeline.findings.iter().cloned());
            units.push(of_pipeline(pipeline, asked, &mut loaded)?);
            continue;
        }
        let listing = ingest::list(std::slice::from_ref(input));
        let (tables, others): (Vec<_>, Vec<_>) =
            listing.files.into_iter().partition(|file| ingest::is_parquet(&file.path));
        for table in &tables {
            let path = match table.path.parent() {
                // A run folder is named as the user named it, or relative to what the user named.
                Some(folder) if run_of(&table.path)?.is_some() && input != &table.path => {
                    folder.to_path_buf()
                }
                _ => table.path.clone(),
            };
            units.push(of_table(path, &table.path, asked, &mut loaded)?);
        }
        if tables.is_empty() {
            together.push(input.clone());
        } else {
            together.extend(others.into_iter().map(|file| file.path));
            findings.extend(listing.problems);
        }
    }
    if !together.is_empty() {
        let standard = loaded.get(asked.standard.as_deref().unwrap_or(STANDARD), &asked.settings)?;
        let options = asked.options.clone();
        units.push(Unit { inputs: together, options, standard, reliefs: asked.reliefs });
    }
    Ok(units)
}

/// The run to which a `facts.parquet` belongs.
///
/// # Errors
/// There is a run, but it cannot be read.
fn run_of(facts: &Path) -> Result<Option<Run>> {
    let Some(folder) = facts.parent() else { return Ok(None) };
    let is_facts = facts.file_name().is_some_and(|name| name == "facts.parquet");
    if is_facts { Run::find(folder) } else { Ok(None) }
}

fn of_table(path: PathBuf, facts: &Path, asked: &Asked, loaded: &mut Loaded) -> Result<Unit> {
    let run = run_of(facts)?;
    let used = run.as_ref().and_then(|run| run.standards.first());
    let (named, settings, reliefs) = match (&asked.standard, used) {
        // If a run has several standards, the first applies.
        (None, Some(used)) => {
            let mut settings: Vec<(String, String)> = used.settings.clone().into_iter().collect();
            settings.extend(asked.settings.iter().cloned());
            let reliefs = asked.reliefs || run.as_ref().is_some_and(|run| run.reliefs);
            (used.named.as_str(), settings, reliefs)
        }
        (named, _) => (named.as_deref().unwrap_or(STANDARD), asked.settings.clone(), asked.reliefs),
    };
    let standard = loaded.get(named, &settings)?;
    Ok(Unit { inputs: vec![path], options: asked.options.clone(), standard, reliefs })
}

fn of_pipeline(pipeline: pipeline::Pipeline, asked: &Asked, loaded: &mut Loaded) -> Result<Unit> {
    let own = Some(pipeline.standard.as_str()).filter(|name| !name.is_empty());
    let named = asked.standard.as_deref().or(own).unwrap_or(STANDARD);
    // Settings belong to a standard, so a pipeline's settings apply to the pipeline's own standard.
    let mut settings: Vec<(String, String)> = match &asked.standard {
        None => pipeline.settings.into_iter().collect(),
        Some(_) => Vec::new(),
    };
    settings.extend(asked.settings.iter().cloned());
    let options = Options {
        year: asked.options.year.or(pipeline.year),
        district: asked.options.district.clone().or(pipeline.district),
        strict: asked.options.strict || pipeline.strict,
        encoding: asked.options.encoding.clone().or(pipeline.encoding),
        mappings: pipeline.sources,
        limits: asked.options.limits,
    };
    let standard = loaded.get(named, &settings)?;
    Ok(Unit { inputs: pipeline.inputs, options, standard, reliefs: asked.reliefs || pipeline.reliefs })
}

/// Standards loaded so far, because thousands of run folders name the same one.
#[derive(Default)]
struct Loaded(BTreeMap<Named, (String, Standard)>);

/// The name as given, and the settings.
type Named = (String, Vec<(String, String)>);

impl Loaded {
    fn get(&mut self, named: &str, settings: &[(String, String)]) -> Result<(String, Standard)> {
        let key = (named.to_string(), settings.to_vec());
        if let Some(found) = self.0.get(&key) {
            return Ok(found.clone());
        }
        let found = standard(named, settings)?;
        if found.1.units.is_some() {
            return Err(usage("assess_scored", &[("standard", found.1.id.clone())]));
        }
        self.0.insert(key, found.clone());
        Ok(found)
    }
}

/// One district-year on the screen.
pub struct Line {
    pub of: DistrictYear,
    pub district_name: String,
    pub rows: usize,
    pub outcome: Outcome,
}

/// The result of an addition.
pub struct Added {
    /// Ordered by year and code.
    pub lines: Vec<Line>,
    /// The commit; `None` where nothing changed.
    pub commit: Option<u64>,
    pub recovered: Option<Recovered>,
    pub findings: Vec<Problem>,
}

pub fn execute(arguments: StoreAddArguments, words: &Words) -> Result<Exit> {
    let addition = Addition::from_arguments(arguments)?;
    let added = add(&addition, words)?;
    screen::say(&summary(&addition.store, &added, words))?;
    Ok(Exit::Done)
}

/// Maximum number of district-years listed; the others are only counted.
const MAX_DISTRICTS_SHOWN: usize = 20;
/// Maximum number of findings shown.
const FINDINGS: usize = 5;

/// Lines about everything that was added.
pub fn summary(store: &Path, added: &Added, words: &Words) -> String {
    let store = store.display().to_string();
    let mut parts = Vec::new();
    if let Some(found) = &added.recovered {
        parts.push(recovered(found, words));
    }
    let warnings: Vec<Problem> =
        added.findings.iter().filter(|finding| finding.level == Level::Warning).cloned().collect();
    if !warnings.is_empty() {
        parts.push(screen::findings(&warnings, FINDINGS, words));
    }
    let mut lines = vec![screen::heading(&match added.commit {
        Some(number) => words.fill("store.add.commit", &[("store", store), ("number", number.to_string())]),
        None => words.fill("store.add.nothing", &[("store", store)]),
    })];
    // Changes come first, because only a few of thousands are of interest.
    let mut order: Vec<&Line> = added.lines.iter().collect();
    order.sort_by_key(|line| matches!(line.outcome, Outcome::Unchanged { .. }));
    for line in order.iter().take(MAX_DISTRICTS_SHOWN) {
        let mut args = vec![
            ("district", line.district_name.clone()),
            ("code", line.of.district_code.clone()),
            ("year", line.of.year.to_string()),
            ("rows", number::count(line.rows as i64)),
        ];
        let key = match line.outcome {
            Outcome::New => "new",
            Outcome::Unchanged { version } => {
                args.push(("version", version.to_string()));
                "unchanged"
            }
            Outcome::Restored { version, files } => {
                args.push(("version", version.to_string()));
                args.push(("files", files.to_string()));
                "restored"
            }
            Outcome::Version { number, changed } => {
                args.push(("version", number.to_string()));
                match changed {
                    Some(changed) => {
                        args.push(("facts", number::count(changed.facts as i64)));
                        args.push(("schools", number::count(changed.schools as i64)));
                        match (changed.schools, changed.facts) {
                            (0, _) => "version_same",
                            (_, 0) => "version_schools",
                            _ => "version",
                        }
                    }
                    None => "version_only",
                }
            }
        };
        lines.extend(screen::wrap(&words.fill(&format!("store.add.{key}"), &args), "  ", screen::WIDTH));
    }
    if let Some(more) = order.len().checked_sub(MAX_DISTRICTS_SHOWN).filter(|more| *more > 0) {
        lines.push(format!("  {}", words.fill("store.more", &[("more", number::count(more as i64))])));
    }
    parts.push(lines.join("\n"));
    parts.join("\n\n")
}

fn recovered(found: &Recovered, words: &Words) -> String {
    let mut lines = Vec::new();
    if let Some(by) = &found.by {
        lines.push(
            words.fill("store.recovered.by", &[("pid", by.pid.to_string()), ("since", by.since.clone())]),
        );
    }
    for number in &found.finished {
        lines.push(words.fill("store.recovered.finished", &[("number", number.to_string())]));
    }
    if !found.undone.is_empty() {
        lines.push(words.say("store.recovered.undone"));
    }
    lines.join("\n")
}

/// Reads, judges and commits.
///
/// # Errors
/// As `assess`; the store cannot be written; two units give the same district-year.
pub fn add(addition: &Addition, words: &Words) -> Result<Added> {
    // Before the work, so that a store that cannot be written is reported at once and not after ten minutes.
    let writer = Writer::begin(&addition.store, addition.wait)?;
    let step = Step::new(words.say("cli.doing.read"));
    let done = AtomicUsize::new(0);
    let all = addition.units.len();
    let by: Mutex<BTreeMap<DistrictYear, String>> = Mutex::default();
    let one = |unit: &Unit| -> Result<(Vec<Line>, Vec<Problem>)> {
        let shown = unit.inputs.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("、");
        let found = of_unit(unit, &shown, &writer, &by, words);
        step.watch(&shown, done.fetch_add(1, Ordering::Relaxed) + 1, all);
        found
    };
    let found: Result<Vec<_>> = addition.units.par_iter().map(one).collect();
    let (mut lines, mut findings) = (Vec::new(), addition.findings.clone());
    for (mut more, mut said) in found? {
        lines.append(&mut more);
        findings.append(&mut said);
    }
    lines.sort_by(|a: &Line, b: &Line| a.of.cmp(&b.of));
    let recovered = writer.recovered().cloned();
    drop(step);
    let _step = Step::new(words.say("cli.doing.write"));
    Ok(Added { commit: writer.commit()?, lines, recovered, findings })
}

fn of_unit(
    unit: &Unit,
    shown: &str,
    writer: &Writer,
    by: &Mutex<BTreeMap<DistrictYear, String>>,
    words: &Words,
) -> Result<(Vec<Line>, Vec<Problem>)> {
    // A decade of a whole country does not fit into memory, so it is processed district by district.
    if let [path] = unit.inputs.as_slice()
        && ingest::is_parquet(path)
        && run_of(path)?.is_none()
        && !path.with_file_name("sources.parquet").exists()
        && long::is_longer(path, AT_ONCE)
    {
        let (mut lines, mut findings) = (Vec::new(), Vec::new());
        long::read(path, shown, &unit.options, AT_ONCE, &mut |mut facts| {
            lines.extend(of_facts(unit, &facts, shown, writer, by, words)?);
            findings.append(&mut facts.findings);
            Ok(())
        })?;
        return Ok((lines, findings));
    }
    let facts = ingest::read(&unit.inputs, &unit.options, &|_, _, _| {})?;
    let lines = of_facts(unit, &facts, shown, writer, by, words)?;
    Ok((lines, facts.findings))
}

/// Number of rows of a long Parquet file that are in memory at once.
const AT_ONCE: usize = 50_000;

fn of_facts(
    unit: &Unit,
    facts: &Facts,
    shown: &str,
    writer: &Writer,
    by: &Mutex<BTreeMap<DistrictYear, String>>,
    words: &Words,
) -> Result<Vec<Line>> {
    let (named, standard) = &unit.standard;
    let assessed = assess::assess(facts, standard, unit.reliefs, words)?;
    let parts = split(&[
        facts.facts.described(),
        facts.district_facts.described(),
        facts.answers.described(),
        facts.sources.described(),
        facts.columns.described(),
        facts.record_sources.described(),
        assessed.districts.described(),
        assessed.dispersion.described(),
        assessed.schools.described(),
        assessed.items.described(),
        assessed.gaps.described(),
    ])?;
    let used = context::used(named, standard, String::new());
    let rules = Rules {
        standard: used.id,
        version: used.version,
        named: used.named,
        settings: used.settings,
        reliefs: unit.reliefs,
    };
    let verdicts: BTreeMap<(&str, i32), Verdict> =
        assessed.verdicts.iter().map(|v| ((v.district_code.as_str(), v.year), v.outcome)).collect();
    let line = |part: &Part| -> Result<Line> {
        let of = &part.of;
        {
            let mut by = by.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if let Some(other) = by.insert(of.clone(), shown.to_string()) {
                return Err(Problem::error("store_added_twice", Place::default())
                    .with("district", &part.district_name)
                    .with("code", &of.district_code)
                    .with("year", of.year)
                    .with("first", other)
                    .with("second", shown)
                    .into());
            }
        }
        let verdict = verdicts.get(&(of.district_code.as_str(), of.year)).map(|outcome| match outcome {
            Verdict::Ready => "ready",
            Verdict::NotReady => "not_ready",
            Verdict::CannotBeJudged => "cannot_be_judged",
        });
        Ok(Line {
            outcome: writer.add(part, &rules, verdict)?,
            of: of.clone(),
            district_name: part.district_name.clone(),
            rows: part.tables.get("facts").map_or(0, |facts| facts.height()),
        })
    };
    parts.par_iter().map(line).collect()
}
