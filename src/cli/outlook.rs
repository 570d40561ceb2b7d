//! `outlook`: the store to trends carried on, and to what a change of enrolment does.

use std::{
    path::Path,
    time::{Instant, SystemTime},
};

use super::{Exit, OutlookArguments, assess, progress::Step, screen, study, study::Study, touched, usage};
use crate::{
    ingest,
    outlook::{self, Enrolment},
    panel::{self, Level, Wanted, measured},
    problem::{Error, Place, Problem, Result},
    report::{
        self,
        json::{self, Input},
        outlook as shown,
    },
    store::Folder,
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-outlook";
/// Years that trends are carried on without `--to`.
const AHEAD: i32 = 3;
/// Farther ahead than this nobody looks.
const FARTHEST: i32 = 100;
/// Lines on the screen.
const MOST: usize = 12;

pub fn execute(arguments: OutlookArguments, words: &Words) -> Result<Exit> {
    let (clock, started) = (Instant::now(), SystemTime::now());
    let mut note = study::note(&arguments.study);
    // Intervals of a year's CV are not asked for: those of the line are what is told.
    let study = Study::from_arguments(arguments.study.usually_in(OUT), 0)?;
    let Study { years, asked, named, standard, out, findings } = study;
    note.settle(&years, &asked);
    let Some(&last) = measured::years_asked(&years, &asked)?.last() else {
        return Err(Problem::error("panel_nothing_kept", Place::default()).into());
    };
    let to_year = arguments.to.unwrap_or(last.saturating_add(AHEAD));
    if to_year <= last || to_year - last > FARTHEST {
        return Err(usage("outlook_to", &[("found", to_year.to_string()), ("last", last.to_string())]));
    }
    let enrolment = enrolment(&arguments.enrolment, arguments.rate, to_year, arguments.to.is_some())?;
    let written = touched::Earlier::of(&out);
    let mut folder = Folder::begin(&out, written.files.iter().cloned())?;

    let found = {
        let step = Step::new(words.say("cli.doing.panel"));
        let wanted = [Wanted { level: Level::District, grouping: None }];
        panel::panel(&years, &standard, &asked, &wanted, words, &|done, all| step.watch("", done, all))?
    };
    let step = Step::new(words.say("cli.doing.write"));
    let panel = found.panels.first().cloned().unwrap_or_default();
    let table = outlook::outlook(&panel, &standard, to_year, asked.resampling.level);
    let shocked = enrolment
        .map(|enrolment| outlook::shocks(&years, &standard, &asked, &enrolment, words))
        .transpose()
        .map_err(|error| placed(error, arguments.enrolment.as_deref()))?;
    let urgent = outlook::ordered(&table);
    let urgent_shocks = shocked.as_ref().map(outlook::shocks_ordered);

    let kept = written.keep(&mut folder, &out, words)?;
    report::table(&mut folder, "", "outlook", &table)?;
    if let Some(shocked) = &shocked {
        report::table(&mut folder, "", "shocks", shocked)?;
    }
    folder.put("outlook.xlsx", &shown::workbook(&urgent, urgent_shocks.as_ref(), &standard, words)?)?;
    let mut inputs = vec![Input { file: years.root.display().to_string(), sha256: String::new() }];
    inputs.extend(study::input(&arguments.enrolment));
    let used = vec![assess::use_of(&named, &standard, String::new())];
    let options = ingest::Options::default();
    let mut run =
        assess::run_of((&options, asked.reliefs), used, inputs, (&folder, &written), (clock, started), words);
    run.study = Some(note);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    drop(step);

    let lines = shown::warnings(&urgent.head(MOST), &standard, words);
    let mut parts = vec![told("outlook", &lines, urgent.height(), (to_year, last), words)];
    if let Some(urgent) = &urgent_shocks {
        let lines = shown::shocks(&urgent.head(MOST), &standard, words);
        parts.push(told("shocks", &lines, urgent.height(), (to_year, last), words));
    }
    let findings: Vec<Problem> = findings.into_iter().chain(found.findings.clone()).collect();
    if !findings.is_empty() {
        parts.push(screen::findings(&findings, 8, words));
    }
    let mut files = screen::score_files(&out.display().to_string(), &run.files, words);
    files.extend(kept.iter().map(|line| format!("\n{}", screen::wrap(line, "  ", screen::WIDTH).join("\n"))));
    parts.push(files);
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

/// What is to change; lines of the file that lie after `--to` are of no interest.
fn enrolment(
    file: &Option<std::path::PathBuf>,
    rate: Option<f64>,
    to_year: i32,
    bounded: bool,
) -> Result<Option<Enrolment>> {
    if let Some(rate) = rate {
        if !rate.is_finite() || !(-1.0..=1.0).contains(&rate) {
            return Err(usage("enrolment_rate", &[("found", rate.to_string())]));
        }
        return Ok(Some(Enrolment::Rate { rate, to_year }));
    }
    let Some(path) = file else { return Ok(None) };
    let mut lines = outlook::read(path)?;
    if bounded {
        lines.retain(|line| line.year <= to_year);
    }
    Ok(Some(Enrolment::Given(lines)))
}

/// Problems of the lines are those of the file.
fn placed(error: Error, file: Option<&Path>) -> Error {
    match (error, file) {
        (Error::Input(problems), Some(file)) => Error::Input(
            problems
                .into_iter()
                .map(|mut problem| {
                    if problem.code.starts_with("enrolment_") && problem.place.file.is_none() {
                        problem.place = Place::file(file.display().to_string());
                    }
                    problem
                })
                .collect(),
        ),
        (error, _) => error,
    }
}

/// The worst, and how many more there are.
fn told(table: &str, lines: &[String], all: usize, (to_year, last): (i32, i32), words: &Words) -> String {
    let years = [("to", to_year.to_string()), ("last", last.to_string()), ("count", all.to_string())];
    let mut out = vec![screen::heading(&words.text(&format!("outlook.screen.{table}"), &years))];
    out.extend(lines.iter().flat_map(|line| screen::wrap(line, "  ", screen::WIDTH)));
    if all > lines.len() {
        let rest = [("count", (all - lines.len()).to_string()), ("file", format!("{table}.csv"))];
        out.push(format!("  {}", words.text("outlook.screen.rest", &rest)));
    }
    out.join("\n")
}
