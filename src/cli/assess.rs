//! `assess`: read, judge by every standard that was named, write, show.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::{Instant, SystemTime},
};

use super::{
    AssessArguments, Exit, LeftOut, OUT, Reading, Rules, STANDARD, ledger, progress::Step, screen, settings,
    stream, touched, usage,
};
use chrono::NaiveDate;

use crate::{
    assess::{self, Assessment, Outcome, Verdict},
    ingest::{self, Facts, Limits, Options},
    problem::{Error, Level, Result},
    report::{
        self, annotate,
        documents::{self, Documents},
        json::{self, Input, Run, Used},
    },
    standard::Standard,
    store::Folder,
    tables::made::Made,
    words::{Language, Words},
};

/// A run resolved: what to read and how, by which rules, where to.
pub struct Plan {
    pub inputs: Vec<PathBuf>,
    pub options: Options,
    /// As named, and loaded with its settings chosen. Never empty.
    pub standards: Vec<(String, Standard)>,
    pub reliefs: bool,
    pub out: PathBuf,
    pub tables: report::Tables,
    pub documents: Documents,
    /// Last time's `gaps.xlsx`, as people filled it in.
    pub ledger: Option<PathBuf>,
    /// The day of the report; today without it.
    pub date: Option<NaiveDate>,
    pub json: bool,
    pub fail_unless_ready: bool,
}

impl Plan {
    pub fn from_arguments(arguments: AssessArguments) -> Result<Plan> {
        let Rules { mut standard, set } = arguments.rules;
        if standard.is_empty() {
            standard.push(STANDARD.into());
        }
        // What is wrong with the call is said before any file is opened.
        let (tables, settings) = (tables(arguments.tables)?, settings(&set)?);
        // Who asks for some tables asks for no documents.
        let asked = if tables.is_some() { Documents::default() } else { Documents::all() };
        let documents = documents(asked, arguments.documents, arguments.ledger.is_some())?;
        let (inputs, options) = reading(arguments.reading);
        Ok(Plan {
            inputs,
            options,
            standards: standards(&standard, &settings)?,
            reliefs: arguments.reliefs,
            documents,
            ledger: arguments.ledger,
            date: arguments.date,
            out: arguments.out.unwrap_or_else(|| OUT.into()),
            tables,
            json: arguments.json,
            fail_unless_ready: arguments.fail_unless_ready,
        })
    }
}

/// Inputs and how to read them.
pub fn reading(reading: Reading) -> (Vec<PathBuf>, Options) {
    let usual = Limits::default();
    let mut district = reading.district.unwrap_or_default().into_iter();
    let options = Options {
        year: reading.year,
        district: district.next().zip(district.next()),
        encoding: reading.encoding,
        strict: reading.strict,
        limits: Limits {
            entries: reading.max_entries.unwrap_or(usual.entries),
            inflated: reading.max_bytes.unwrap_or(usual.inflated),
            ratio: reading.max_ratio.unwrap_or(usual.ratio),
            cells: reading.max_cells.unwrap_or(usual.cells),
            text: reading.max_text.unwrap_or(usual.text),
        },
        mappings: Vec::new(),
    };
    (reading.inputs, options)
}

/// Loads every standard that was named, once. A setting is chosen in those that have it; one that none of
/// them has is an error.
pub fn standards(names: &[String], settings: &[(String, String)]) -> Result<Vec<(String, Standard)>> {
    let mut standards: Vec<(String, Standard)> = Vec::new();
    for name in names {
        let standard = Standard::load(name)?;
        // Tables of two standards with one id would stand in one folder.
        if standards.iter().all(|(_, other)| other.id != standard.id) {
            standards.push((name.clone(), standard));
        }
    }
    for (setting, value) in settings {
        let has = |standard: &Standard| standard.settings.iter().any(|s| s.id == *setting);
        let nobody = !standards.iter().any(|(_, standard)| has(standard));
        for (_, standard) in &mut standards {
            if nobody || has(standard) {
                standard.choose(setting, value)?;
            }
        }
    }
    Ok(standards)
}

/// The documents asked for without those that were left out.
///
/// # Errors
/// A ledger is to be carried on and none is to be written.
pub fn documents(asked: Documents, left_out: LeftOut, ledger: bool) -> Result<Documents> {
    let none = left_out.documents;
    if ledger && (!asked.gaps || left_out.gaps || none) {
        return Err(usage("ledger_unwritten", &[]));
    }
    Ok(Documents {
        form: asked.form && !left_out.form && !none,
        annotated: asked.annotated && !left_out.annotated && !none,
        gaps: asked.gaps && !left_out.gaps && !none,
        charts: asked.charts && !left_out.charts && !none,
        formats: if none { Vec::new() } else { left_out.formats.leave(asked.formats) },
        templates: left_out.templates.or(asked.templates),
    })
}

/// What made this run's documents.
pub fn made(date: Option<NaiveDate>, inputs: Vec<Input>) -> Made {
    // Names without folders: what is handed in does not tell how somebody's disk is laid out.
    let name = |file: &str| Path::new(file).file_name().map(|name| name.to_string_lossy().into_owned());
    let mut inputs: Vec<String> =
        inputs.into_iter().map(|input| name(&input.file).unwrap_or(input.file)).collect();
    inputs.dedup();
    Made {
        program: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        inputs,
        date: date.unwrap_or_else(|| chrono::Local::now().date_naive()),
    }
}

/// Names of tables, known ones only.
pub fn tables(given: Option<Vec<String>>) -> Result<report::Tables> {
    let known = || report::READ.iter().chain(&report::JUDGED);
    let Some(list) = given else { return Ok(None) };
    let list: Vec<String> = list.iter().map(|t| t.trim().to_string()).filter(|t| !t.is_empty()).collect();
    match list.iter().find(|table| !known().any(|k| k == table)) {
        Some(unknown) => {
            let allowed: Vec<&str> = known().copied().collect();
            Err(usage("unknown_table", &[("found", unknown.clone()), ("allowed", allowed.join(" "))]))
        }
        None => Ok(Some(list)),
    }
}

pub fn execute(plan: Plan, words: &Words) -> Result<Exit> {
    let (clock, started) = (Instant::now(), SystemTime::now());
    if let Some((_, scored)) = plan.standards.iter().find(|(_, standard)| standard.units.is_some()) {
        return Err(usage("assess_scored", &[("standard", scored.id.clone())]));
    }
    // Before the work, so that a folder that cannot be written is known now and not in ten minutes.
    let written = touched::Earlier::of(&plan.out);
    let mut folder = Folder::begin(&plan.out, written.files.iter().cloned())?;
    let last = ledger::Last::read(&plan, &folder, &written, words)?;

    if let Some(path) = stream::fits(&plan)
        && let Some(streamed) = stream::write(&plan, path, &mut folder, words)?
    {
        last.leave(&mut folder);
        let kept = written.keep(&mut folder, &plan.out, words)?;
        let used = plan.standards.iter().map(|(named, s)| use_of(named, s, prefix(&plan, s))).collect();
        let asked = (&plan.options, plan.reliefs);
        let run = run_of(asked, used, streamed.inputs, (&folder, &written), (clock, started), words);
        folder.write(json::RUN, |file| json::write(&run, file))?;
        folder.commit()?;
        let files = screen::files(&plan.out.display().to_string(), &run.files, words);
        kept.iter().for_each(|line| screen::tell(line));
        screen::tell(&format!("{}\n\n{files}", streamed.summary));
        return Ok(Exit::Done);
    }
    let mut facts = read(&plan.inputs, &plan.options, words)?;
    let mut assessments = Vec::new();
    for (_, standard) in &plan.standards {
        let title = standard.title.get(words.language).to_string();
        let _step = Step::new(words.text("cli.doing.judge", &[("standard", title)]));
        assessments.push(assess::assess(&facts, standard, plan.reliefs, words)?);
    }
    // Two standards may miss the same fact of the same school: it is one finding.
    let mut told = HashSet::new();
    for problem in assessments.iter().flat_map(|assessment| &assessment.missing) {
        if told.insert((&problem.place, &problem.school_code, &problem.fact)) {
            facts.findings.push(problem.clone());
        }
    }
    let made = made(plan.date, json::inputs(&facts.sources));
    let ledgers = ledger::carry(last, &plan, (&facts, &assessments), &made, &mut folder, words)?;
    facts.findings.extend(ledgers.findings());
    let kept = written.keep(&mut folder, &plan.out, words)?;

    let step = Step::new(words.say("cli.doing.write"));
    report::read(&mut folder, &facts, &plan.tables, words)?;
    if plan.documents.annotated {
        let copies = annotate::copies(&plan.inputs, &facts.findings, &plan.options, &made, words)?;
        for (name, content) in copies {
            folder.put(&name, &content)?;
        }
    }
    let many = plan.standards.len() > 1;
    let mut used = Vec::new();
    for ((named, standard), assessment) in plan.standards.iter().zip(&assessments) {
        let prefix = prefix(&plan, standard);
        report::judged(&mut folder, &prefix, assessment, &plan.tables)?;
        ledgers.write(&mut folder, &prefix, standard, &made, words)?;
        let inputs = (&facts, assessment);
        documents::write(
            &mut folder,
            &prefix,
            &plan.documents,
            inputs,
            (standard, &made, words),
            &|done, all| step.watch("", done, all),
        )?;
        used.push(use_of(named, standard, prefix));
    }
    let verdicts: Vec<&Verdict> = assessments.iter().flat_map(|a| &a.verdicts).collect();
    if many {
        folder.write("verdict.json", |file| json::write(&verdicts, file))?;
    }
    let (asked, inputs) = ((&plan.options, plan.reliefs), json::inputs(&facts.sources));
    let run = run_of(asked, used, inputs, (&folder, &written), (clock, started), words);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    drop(step);

    if plan.json {
        let mut text = Vec::new();
        json::write(&verdicts, &mut text)?;
        screen::say(String::from_utf8_lossy(&text).trim_end())?;
        ledgers.said().iter().chain(&kept).for_each(|line| screen::tell(line));
    } else {
        show(&plan, &facts, &assessments, (&ledgers, &kept), &run, words)?;
    }
    let ready = !verdicts.is_empty() && verdicts.iter().all(|v| v.outcome == Outcome::Ready);
    Ok(if plan.fail_unless_ready && !ready { Exit::NotReady } else { Exit::Done })
}

/// Where a standard's tables stand in the folder: a folder of their own where there are several standards.
pub fn prefix(plan: &Plan, standard: &Standard) -> String {
    if plan.standards.len() > 1 { format!("{}/", standard.id) } else { String::new() }
}

/// What made a result, when all of its files but `run.json` are written.
pub fn run_of(
    (options, reliefs): (&Options, bool),
    used: Vec<Used>,
    inputs: Vec<Input>,
    (folder, earlier): (&Folder, &touched::Earlier),
    (clock, started): (Instant, SystemTime),
    words: &Words,
) -> Run {
    Run {
        program: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        started: json::utc(started),
        seconds: clock.elapsed().as_secs_f64(),
        language: match words.language {
            Language::Chinese => "zh".into(),
            Language::English => "en".into(),
        },
        reliefs,
        strict: options.strict,
        year: options.year,
        district: options.district.clone(),
        standards: used,
        inputs,
        files: folder.files().map(String::from).chain([json::RUN.into()]).collect(),
        documents: earlier.documents(folder),
        study: None,
    }
}

/// Reads the inputs; findings that are errors stop the run.
pub fn read(inputs: &[PathBuf], options: &Options, words: &Words) -> Result<Facts> {
    let step = Step::new(words.say("cli.doing.read"));
    let facts = ingest::read(inputs, options, &|what, done, total| step.watch(what, done, total))?;
    let errors: Vec<_> = facts.findings.iter().filter(|p| p.level == Level::Error).cloned().collect();
    if errors.is_empty() { Ok(facts) } else { Err(Error::Input(errors)) }
}

fn show(
    plan: &Plan,
    facts: &Facts,
    assessments: &[Assessment],
    (ledgers, kept): (&ledger::Ledgers, &[String]),
    run: &Run,
    words: &Words,
) -> Result<()> {
    let mut parts = Vec::new();
    for ((_, standard), assessment) in plan.standards.iter().zip(assessments) {
        parts.push(screen::verdicts(&screen::View { standard, assessment }, words));
    }
    if !facts.findings.is_empty() {
        parts.push(screen::findings(&facts.findings, 5, words));
    }
    parts.extend(Some(ledgers.shown(words)).filter(|text| !text.is_empty()));
    let mut files = screen::files(&plan.out.display().to_string(), &run.files, words);
    files.extend(kept.iter().map(|line| format!("\n{}", screen::wrap(line, "  ", screen::WIDTH).join("\n"))));
    parts.push(files);
    screen::say(&parts.join("\n\n"))
}

pub fn use_of(named: &str, standard: &Standard, folder: String) -> Used {
    Used {
        id: standard.id.clone(),
        version: standard.version.clone(),
        named: named.to_string(),
        folder,
        settings: standard.settings.iter().map(|s| (s.id.clone(), s.value.clone())).collect(),
    }
}
