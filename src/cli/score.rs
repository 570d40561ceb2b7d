//! `score`: from scoring workbooks and county data to scores, ranks and documents.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    Exit, assess,
    context::{self, RunContext},
    ledger::{self, Covered, Wanted},
    options::{LeftOut, Reading, settings, standard},
    progress::Step,
    screen, usage,
    user_edits::SCORE_LEDGER,
};
use crate::{
    assess::units,
    calendar::{self, DatedStep},
    encoding,
    gap::{self, ledger::rectification},
    ingest::{self, Options, scorebook},
    problem::{Error, Level, Place, Problem, Result},
    report::{
        self, csv,
        documents::Documents,
        json,
        scores::{self, Scoring},
        standings,
    },
    scoring::{Last, reasons},
    standard::{Standard, StepKind},
    tables::{
        marks::{Marks, Unit},
        run::{Input, RUN, Run},
    },
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-score";

#[derive(Debug, Args)]
pub struct ScoreArguments {
    #[arg(long, value_name = "S")]
    standard: String,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder of last year's `score`.
    #[arg(long, value_name = "DIR")]
    last_year: Option<PathBuf>,
    /// The previous `rectification.xlsx`, as people filled it in.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    documents: LeftOut,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<chrono::NaiveDate>,
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

/// A run of `score`, resolved from arguments or from a pipeline file.
pub struct Plan {
    pub inputs: Vec<PathBuf>,
    /// Year, district and encoding given for the inputs.
    pub findings: Vec<Problem>,
    pub options: Options,
    /// The name as given, and the standard with its settings chosen.
    pub standard: (String, Standard),
    pub out: Option<PathBuf>,
    pub documents: Documents,
    /// The folder of last year's `score`.
    pub last_year: Option<PathBuf>,
    /// The previous ledger of rectification.
    pub ledger: Option<PathBuf>,
    pub date: Option<chrono::NaiveDate>,
    pub json: bool,
}

impl Plan {
    pub fn from_arguments(arguments: ScoreArguments) -> Result<Plan> {
        let standard = standard(&arguments.standard, &settings(&arguments.set)?)?;
        let (inputs, options) = arguments.reading.resolve();
        let documents = arguments.documents.resolve(Documents::all());
        if arguments.ledger.is_some() && !documents.gaps {
            return Err(usage("ledger_unwritten", &[]));
        }
        Ok(Plan {
            inputs,
            findings: Vec::new(),
            options,
            standard,
            out: arguments.out,
            documents,
            last_year: arguments.last_year,
            ledger: arguments.ledger,
            date: arguments.date,
            json: arguments.json,
        })
    }
}

pub fn execute(plan: Plan, words: &Words) -> Result<Exit> {
    let Plan { inputs, options, standard: (named, standard), documents, .. } = plan;
    let standard = &standard;
    if standard.units.is_none() {
        return Err(usage("score_judged", &[("standard", standard.id.clone())]));
    }
    let out = plan.out.unwrap_or_else(|| OUT.into());
    // Before the work, so that a folder that cannot be written is reported at once.
    let mut context = RunContext::open(&out)?;
    let last = match plan.last_year.as_deref() {
        Some(last) => last_year(last, &out, standard)?,
        None => Last::new(),
    };

    let standards = [standard];
    let wanted = Wanted {
        standards: &standards,
        asked: plan.ledger.as_deref(),
        out: &out,
        options: &options,
        written: documents.gaps,
    };
    let last_ledger = ledger::Last::read(wanted, &context, words)?;

    let Split { workbooks, data, findings } = split(&inputs, &options)?;
    context.protect(workbooks.iter().chain(&data).map(PathBuf::as_path))?;
    let mut marks = read(&workbooks, &data, standard, &options, words)?;
    marks.year = marks.year.or(options.year);
    let facts = if data.is_empty() { None } else { Some(assess::read(&data, &options, words)?) };
    let mut scored = {
        let title = standard.title.get(words.language).to_string();
        let _step = Step::new(words.fill("score.doing", &[("standard", title)]));
        units::run(&marks, facts.as_ref(), standard, &last, words)?
    };
    // What scoring itself could not decide stands beside the results; what was read wrongly stops the run.
    let undecided = scored.findings.iter().any(|finding| finding.level == Level::Error);
    let computed = scored.findings.len();
    scored.findings.extend(plan.findings.into_iter().chain(findings));
    scored.findings.extend(marks.findings.iter().cloned());
    scored.findings.extend(reasons::without_fact(standard, &marks, &scored.items, words));
    if scored.year.is_none() {
        scored.findings.push(Problem::note("score_no_year", Place::default()));
    }
    let mut read = used(&marks);
    if let Some(facts) = &facts {
        read.extend(json::inputs(&facts.sources));
        scored.findings.extend(facts.findings.iter().cloned());
    }
    refuse(scored.findings.get(if options.strict { 0 } else { computed }..).unwrap_or_default(), &options)?;
    let exit = if undecided { Exit::BadInput } else { Exit::Done };
    let made = context::made(plan.date, &read);
    let due = due(standard, scored.year);
    let covered = Covered {
        standard,
        scope: gap::ledger::scored::scope(standard, &scored),
        found: gap::ledger::scored::found(standard, (&marks, &scored), &due, words),
        name: SCORE_LEDGER.to_string(),
    };
    let ledgers = ledger::carry(last_ledger, wanted, vec![covered], &made, &mut context.folder, words)?;
    scored.findings.extend(ledgers.findings());
    if let Some(carried) = ledgers.of(standard) {
        rectification::join(standard, &carried.ledger, &mut scored, words);
    }

    let step = Step::new(words.say("cli.doing.write"));
    let scoring = Scoring { standard, marks: &marks, scored: &scored, made: &made, words };
    scores::tables(&mut context.folder, scoring)?;
    if let Some(carried) = ledgers.of(standard) {
        let table = report::ledger::table(carried, words);
        report::table(&mut context.folder, "", "rectification", &table.into_frame())?;
    }
    ledgers.write(&mut context.folder, standard, &made, words)?;
    scores::documents(&mut context.folder, scoring, &documents)?;
    let standards = vec![context::used(&named, standard, String::new())];
    let run = Run { standards, inputs: read, ..context::run_of(&options) };
    let finished = context.commit(run, words)?;
    drop(step);

    if plan.json {
        let mut text = Vec::new();
        json::write(&standings::json(standard, &scored, words), &mut text)?;
        screen::say(String::from_utf8_lossy(&text).trim_end())?;
        ledgers.said().iter().chain(&finished.kept).for_each(|line| screen::tell(line));
        return Ok(exit);
    }
    let mut parts = vec![screen::standings(standard, &scored, words)];
    if !scored.findings.is_empty() {
        parts.push(screen::findings(&scored.findings, 8, words));
    }
    parts.extend(Some(ledgers.shown(words)).filter(|text| !text.is_empty()));
    parts.push(finished.files(screen::score_files, words));
    screen::say(&parts.join("\n\n"))?;
    Ok(exit)
}

/// The last day for rectification, as far as the document dates it without knowing when its visits end; otherwise its
/// words; empty if it has no such step.
fn due(standard: &Standard, year: Option<i32>) -> String {
    let Some(step) = standard.step_of(StepKind::Rectification) else { return String::new() };
    let dated = year.map(|year| calendar::steps(standard, year, &BTreeMap::new())).unwrap_or_default();
    let own = dated.iter().find(|dated| standard.steps.get(dated.step).is_some_and(|s| s.id == step.id));
    match own.and_then(DatedStep::end) {
        Some(day) => day.to_string(),
        None => step.said.clone(),
    }
}

/// With `--strict`, warnings stop the run like errors.
fn refuse(findings: &[Problem], options: &Options) -> Result<()> {
    let grave = |problem: &&Problem| {
        problem.level == Level::Error || (options.strict && problem.level == Level::Warning)
    };
    let mut errors: Vec<Problem> = findings.iter().filter(grave).cloned().collect();
    errors.iter_mut().for_each(|problem| problem.level = Level::Error);
    if errors.is_empty() { Ok(()) } else { Err(Error::Input(errors)) }
}

/// The input files.
struct Split {
    workbooks: Vec<PathBuf>,
    /// Files that are read as facts.
    data: Vec<PathBuf>,
    /// Findings about files that are neither.
    findings: Vec<Problem>,
}

/// Separates scoring workbooks from data files.
fn split(inputs: &[PathBuf], options: &Options) -> Result<Split> {
    let listing = ingest::list(inputs);
    let (errors, findings): (Vec<_>, Vec<_>) =
        listing.problems.into_iter().partition(|problem| problem.level == Level::Error);
    if !errors.is_empty() {
        return Err(Error::Input(errors));
    }
    let files = listing.files.into_iter().map(|file| file.path);
    let (workbooks, data): (Vec<_>, Vec<_>) =
        files.partition(|path| scorebook::is_scoring_workbook(path, options));
    // Cells copied from a scoring sheet are not data.
    let mut lost = Vec::new();
    for path in &data {
        if scorebook::lost_its_keys(path, options)? {
            lost.push(Problem::error("marks_hidden_lost", Place::file(path.display().to_string())));
        }
    }
    if lost.is_empty() { Ok(Split { workbooks, data, findings }) } else { Err(Error::Input(lost)) }
}

/// The marks of all workbooks; if there is no workbook, no marks for the units that the document names.
fn read(
    workbooks: &[PathBuf],
    data: &[PathBuf],
    standard: &Standard,
    options: &Options,
    words: &Words,
) -> Result<Marks> {
    let _step = Step::new(words.say("score.reading"));
    if !workbooks.is_empty() {
        return scorebook::read(workbooks, standard, options);
    }
    let members = standard.units.as_ref().map_or(&[][..], |units| &units.members);
    if members.is_empty() {
        let none = |file: &PathBuf| {
            let place = Place::file(file.display().to_string());
            Problem::error("score_no_workbook", place).with("standard", &standard.id)
        };
        return Err(Error::Input(data.iter().map(none).collect()));
    }
    let unit = |member: &crate::standard::Member| Unit {
        name: member.name.clone(),
        code: member.code.clone(),
        aliases: member.aliases.clone(),
        class: member.class.clone(),
    };
    Ok(Marks { standard: standard.id.clone(), units: members.iter().map(unit).collect(), ..Marks::default() })
}

fn used(marks: &Marks) -> Vec<Input> {
    marks.files.iter().map(|(file, sha256)| Input { file: file.clone(), sha256: sha256.clone() }).collect()
}

/// Results and ranks of an earlier `score`, by unit name.
fn last_year(folder: &Path, out: &Path, standard: &Standard) -> Result<Last> {
    let path = folder.join("standings.csv");
    let shown = || Place::file(path.display().to_string());
    let real = |folder: &Path| folder.canonicalize().ok();
    if real(folder).is_some_and(|last| real(out) == Some(last)) {
        // Overwriting it would leave nothing to compare with next year.
        return Err(usage("score_last_year_out", &[("folder", out.display().to_string())]));
    }
    if let Some(other) = other_standard(&folder.join(RUN), standard) {
        return Err(Problem::error("score_last_year_other", shown())
            .with("found", other)
            .with("expected", &standard.id)
            .into());
    }
    let missing = || Problem::error("score_no_last_year", shown());
    let text = encoding::read(&path)?.ok_or_else(missing)?;
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let broken = |why: ::csv::Error| Problem::error("score_last_year_broken", shown()).with("why", why);
    let headers = reader.headers().map_err(broken)?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (Some(unit), Some(result), Some(rank)) = (column("unit"), column("result"), column("rank")) else {
        return Err(Problem::error("score_last_year_broken", shown())
            .with("why", "unit, result, rank?")
            .into());
    };
    let mut last = Last::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        if let Ok(value) = cell(result).parse::<f64>() {
            last.insert(csv::plain(cell(unit)).to_string(), (value, cell(rank).parse().ok()));
        }
    }
    Ok(last)
}

/// The standard of an earlier run, if it differs. A folder without `run.json` is accepted as it is.
fn other_standard(run: &Path, standard: &Standard) -> Option<String> {
    let text = std::fs::read_to_string(run).ok()?;
    let run: serde_json::Value = serde_json::from_str(&text).ok()?;
    let ids: Vec<&str> =
        run.get("standards")?.as_array()?.iter().filter_map(|s| s.get("id")?.as_str()).collect();
    (!ids.is_empty() && !ids.contains(&standard.id.as_str())).then(|| ids.join("、"))
}
