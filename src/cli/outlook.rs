//! `outlook`: from the store to projected trends, and to the effects of a change in enrolment.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    Exit,
    progress::Step,
    screen,
    study::{self, Study, StudyArguments},
    usage,
};
use crate::{
    outlook::{self, Enrolment},
    panel::{self, Level, PanelSpec, measured},
    problem::{Error, Place, Problem, Result},
    report::{self, outlook as shown},
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-outlook";
/// Number of years for which trends are projected by default.
const AHEAD: i32 = 3;
/// Maximum number of years for which trends are projected.
const FARTHEST: i32 = 100;
/// Maximum number of lines on the screen.
const MAX_LINES: usize = 12;

#[derive(Debug, Args)]
pub struct OutlookArguments {
    #[command(flatten)]
    study: StudyArguments,
    #[arg(long, value_name = "Y")]
    to: Option<i32>,
    #[arg(long, value_name = "FILE", conflicts_with = "rate")]
    enrolment: Option<PathBuf>,
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    rate: Option<f64>,
}

/// The last year with data, and the last projected year.
#[derive(Clone, Copy)]
struct Span {
    last: i32,
    to_year: i32,
}

pub fn execute(arguments: OutlookArguments, words: &Words) -> Result<Exit> {
    // Only the intervals of the trend are shown, so those of each year's CV are not computed.
    let study = Study::open(arguments.study, OUT, 0)?;
    let Study { years, asked, standard, .. } = &study;
    let Some(&last) = measured::years_asked(years, asked)?.last() else {
        return Err(Problem::error("panel_nothing_kept", Place::default()).into());
    };
    let to_year = arguments.to.unwrap_or(last.saturating_add(AHEAD));
    if to_year <= last || to_year - last > FARTHEST {
        return Err(usage("outlook_to", &[("found", to_year.to_string()), ("last", last.to_string())]));
    }
    let span = Span { last, to_year };
    let enrolment = enrolment(&arguments.enrolment, arguments.rate, to_year, arguments.to.is_some())?;
    let mut context = study.begin()?;
    context.protect(arguments.enrolment.as_deref())?;

    let found = {
        let step = Step::new(words.say("cli.doing.panel"));
        let wanted = [PanelSpec { level: Level::District, grouping: None }];
        panel::panel(years, standard, asked, &wanted, words, &|done, all| step.watch("", done, all))?
    };
    let step = Step::new(words.say("cli.doing.write"));
    let panel = found.panels.first().cloned().unwrap_or_default();
    let table = outlook::outlook(&panel, standard, to_year, asked.resampling.level);
    let shocked = enrolment
        .map(|enrolment| outlook::shocks(years, standard, asked, &enrolment, words))
        .transpose()
        .map_err(|error| placed(error, arguments.enrolment.as_deref()))?;
    let urgent = outlook::ordered(&table);
    let urgent_shocks = shocked.as_ref().map(outlook::shocks_ordered);

    let folder = &mut context.folder;
    report::table(folder, "", "outlook", table.frame())?;
    if let Some(shocked) = &shocked {
        report::table(folder, "", "shocks", shocked.frame())?;
    }
    folder.put("outlook.xlsx", &shown::workbook(&urgent, urgent_shocks.as_ref(), standard, words)?)?;
    let mut run = study.record();
    run.inputs.extend(arguments.enrolment.as_deref().and_then(study::input));
    let finished = context.commit(run, words)?;
    drop(step);

    let lines = shown::warnings(&urgent.head(MAX_LINES), standard, words);
    let mut parts = vec![warning_list("outlook", &lines, urgent.height(), span, words)];
    if let Some(urgent) = &urgent_shocks {
        let lines = shown::shocks(&urgent.head(MAX_LINES), standard, words);
        parts.push(warning_list("shocks", &lines, urgent.height(), span, words));
    }
    let findings: Vec<Problem> = study.findings.iter().chain(&found.findings).cloned().collect();
    if !findings.is_empty() {
        parts.push(screen::findings(&findings, 8, words));
    }
    parts.push(finished.files(screen::score_files, words));
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

/// The changes in enrolment; lines of the file after `--to` are ignored.
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

/// Problems of the lines are reported as problems of the file.
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

/// Prints the most urgent lines, and the number of the others.
fn warning_list(table: &str, lines: &[String], all: usize, span: Span, words: &Words) -> String {
    let years =
        [("to", span.to_year.to_string()), ("last", span.last.to_string()), ("count", all.to_string())];
    let mut out = vec![screen::heading(&words.fill(&format!("outlook.screen.{table}"), &years))];
    out.extend(lines.iter().flat_map(|line| screen::wrap(line, "  ", screen::WIDTH)));
    if all > lines.len() {
        let rest = [("count", (all - lines.len()).to_string()), ("file", format!("{table}.csv"))];
        out.push(format!("  {}", words.fill("outlook.screen.rest", &rest)));
    }
    out.join("\n")
}
