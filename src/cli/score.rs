//! `score`: scoring workbooks and county data to scores, ranks and documents.

use std::{
    path::{Path, PathBuf},
    time::{Instant, SystemTime},
};

use super::{Exit, ScoreArguments, assess, progress::Step, screen, settings, touched, usage};
use crate::{
    encoding,
    ingest::{self, Options, marks},
    problem::{Error, Level, Place, Problem, Result},
    report::{
        csv,
        documents::Documents,
        json::{self, Input},
        scores::{self, Scoring},
        standings,
    },
    score::Last,
    scoring,
    standard::Standard,
    store::Folder,
    tables::marks::{Marks, Unit},
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-score";

/// A scoring, resolved: from arguments or from a pipeline file.
pub struct Plan {
    pub inputs: Vec<PathBuf>,
    pub options: Options,
    /// What the standard was called, and the standard.
    pub standard: (String, Standard),
    pub out: Option<PathBuf>,
    pub documents: Documents,
    /// The folder of last year's `score`.
    pub last_year: Option<PathBuf>,
    pub date: Option<chrono::NaiveDate>,
    pub json: bool,
}

impl Plan {
    pub fn from_arguments(arguments: ScoreArguments) -> Result<Plan> {
        let chosen = settings(&arguments.set)?;
        let mut standards = assess::standards(std::slice::from_ref(&arguments.standard), &chosen)?;
        let (inputs, options) = assess::reading(arguments.reading);
        Ok(Plan {
            inputs,
            options,
            standard: standards.remove(0),
            out: arguments.out,
            documents: assess::documents(Documents::all(), arguments.documents, false)?,
            last_year: arguments.last_year,
            date: arguments.date,
            json: arguments.json,
        })
    }
}

pub fn execute(plan: Plan, words: &Words) -> Result<Exit> {
    let (clock, started) = (Instant::now(), SystemTime::now());
    let Plan { inputs, options, standard: (named, standard), documents, .. } = plan;
    let standard = &standard;
    if standard.units.is_none() {
        return Err(usage("score_judged", &[("standard", standard.id.clone())]));
    }
    let out = plan.out.unwrap_or_else(|| OUT.into());
    // Before the work, so that a folder that cannot be written is known now.
    let written = touched::Earlier::of(&out);
    let mut folder = Folder::begin(&out, written.files.iter().cloned())?;
    let last = match plan.last_year.as_deref() {
        Some(last) => last_year(last, &out, standard)?,
        None => Last::new(),
    };

    let (workbooks, data) = split(&inputs, &options)?;
    let mut marks = read(&workbooks, &data, standard, &options, words)?;
    marks.year = marks.year.or(options.year);
    let facts = if data.is_empty() { None } else { Some(assess::read(&data, &options, words)?) };
    let mut scored = {
        let title = standard.title.get(words.language).to_string();
        let _step = Step::new(words.text("score.doing", &[("standard", title)]));
        scoring::run(&marks, facts.as_ref(), standard, &last, words)?
    };
    scored.findings.extend(marks.findings.iter().cloned());
    if scored.year.is_none() {
        scored.findings.push(Problem::note("score_no_year", Place::default()));
    }
    let mut read = used(&marks);
    if let Some(facts) = &facts {
        read.extend(json::inputs(&facts.sources));
        scored.findings.extend(facts.findings.iter().cloned());
    }
    refuse(&scored.findings, &options)?;
    let made = assess::made(plan.date, read.clone());

    let step = Step::new(words.say("cli.doing.write"));
    let kept = written.keep(&mut folder, &out, words)?;
    let scoring = Scoring { standard, marks: &marks, scored: &scored, made: &made, words };
    scores::tables(&mut folder, scoring)?;
    scores::documents(&mut folder, scoring, &documents)?;
    let used = vec![assess::use_of(&named, standard, String::new())];
    let run = assess::run_of((&options, false), used, read, (&folder, &written), (clock, started), words);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    drop(step);

    if plan.json {
        let mut text = Vec::new();
        json::write(&standings::json(standard, &scored, words), &mut text)?;
        screen::say(String::from_utf8_lossy(&text).trim_end())?;
        kept.iter().for_each(|line| screen::tell(line));
        return Ok(Exit::Done);
    }
    let mut parts = vec![screen::standings(standard, &scored, words)];
    if !scored.findings.is_empty() {
        parts.push(screen::findings(&scored.findings, 8, words));
    }
    let mut files = screen::score_files(&out.display().to_string(), &run.files, words);
    files.extend(kept.iter().map(|line| format!("\n{}", screen::wrap(line, "  ", screen::WIDTH).join("\n"))));
    parts.push(files);
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

/// With `--strict` warnings stop the run as errors do.
fn refuse(findings: &[Problem], options: &Options) -> Result<()> {
    let grave = |problem: &&Problem| {
        problem.level == Level::Error || (options.strict && problem.level == Level::Warning)
    };
    let mut errors: Vec<Problem> = findings.iter().filter(grave).cloned().collect();
    errors.iter_mut().for_each(|problem| problem.level = Level::Error);
    if errors.is_empty() { Ok(()) } else { Err(Error::Input(errors)) }
}

/// Scoring workbooks, and what is read as data. What is no file at all is data too, so that reading says so.
fn split(inputs: &[PathBuf], options: &Options) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let absent: Vec<Problem> = inputs
        .iter()
        .filter(|input| !input.exists())
        .map(|input| Problem::error("path_missing", Place::file(input.display().to_string())))
        .collect();
    if !absent.is_empty() {
        return Err(Error::Input(absent));
    }
    let results =
        |input: &&PathBuf| input.join(json::RUN).exists() && input.join("standings.parquet").exists();
    let results: Vec<Problem> = inputs
        .iter()
        .filter(results)
        .map(|input| Problem::error("score_folder", Place::file(input.display().to_string())))
        .collect();
    if !results.is_empty() {
        return Err(Error::Input(results));
    }
    let (mut workbooks, mut data) = (Vec::new(), Vec::new());
    let files = ingest::files(inputs);
    for file in &files {
        let is_book = marks::is_scoring_workbook(&file.path, options);
        if is_book { &mut workbooks } else { &mut data }.push(file.path.clone());
    }
    // What was copied out of our sheets is no data.
    let mut lost = Vec::new();
    for path in &data {
        if marks::lost_its_keys(path, options)? {
            lost.push(Problem::error("marks_hidden_lost", Place::file(path.display().to_string())));
        }
    }
    if !lost.is_empty() {
        return Err(Error::Input(lost));
    }
    let unread = |input: &&PathBuf| {
        !input.is_dir() && !ingest::is_lock(input) && !files.iter().any(|file| file.path == **input)
    };
    // A file given twice is read once.
    let known = |input: &&PathBuf| {
        let real = |path: &Path| path.canonicalize().ok();
        real(input).is_some_and(|input| files.iter().any(|file| real(&file.path) == Some(input.clone())))
    };
    data.extend(inputs.iter().filter(unread).filter(|input| !known(input)).cloned());
    if workbooks.is_empty() && data.is_empty() {
        data.extend(inputs.iter().cloned());
    }
    Ok((workbooks, data))
}

/// The marks of all workbooks; without one, of nobody yet, for the units that the document names.
fn read(
    workbooks: &[PathBuf],
    data: &[PathBuf],
    standard: &Standard,
    options: &Options,
    words: &Words,
) -> Result<Marks> {
    let _step = Step::new(words.say("score.reading"));
    if !workbooks.is_empty() {
        return marks::read(workbooks, standard, options);
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

/// Results and ranks of an earlier `score`, by the names of its units.
fn last_year(folder: &Path, out: &Path, standard: &Standard) -> Result<Last> {
    let path = folder.join("standings.csv");
    let shown = || Place::file(path.display().to_string());
    let real = |folder: &Path| folder.canonicalize().ok();
    if real(folder).is_some_and(|last| real(out) == Some(last)) {
        // Next year there would be nothing to compare with.
        return Err(usage("score_last_year_out", &[("folder", out.display().to_string())]));
    }
    if let Some(other) = other_standard(&folder.join(json::RUN), standard) {
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

/// The standard of an earlier run, where it was another one. A folder without its run is taken at its word.
fn other_standard(run: &Path, standard: &Standard) -> Option<String> {
    let text = std::fs::read_to_string(run).ok()?;
    let run: serde_json::Value = serde_json::from_str(&text).ok()?;
    let ids: Vec<&str> =
        run.get("standards")?.as_array()?.iter().filter_map(|s| s.get("id")?.as_str()).collect();
    (!ids.is_empty() && !ids.contains(&standard.id.as_str())).then(|| ids.join("、"))
}
