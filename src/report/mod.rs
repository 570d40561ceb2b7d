//! The results as files for people and programs: csv, Parquet, xlsx, json, documents. Calculates nothing.
//!
//! ```text
//! DIR/ facts, sources, columns, record_sources, district_facts, answers, findings   as .csv and .parquet
//!      measures, schools, districts, dispersion, items, gaps, shares                as .csv and .parquet
//!      gaps.xlsx  verdict.json  run.json
//! ```
//!
//! With several standards, the tables of the first line stay in DIR and the others go to `DIR/<standard>/`, one folder
//! per standard; `DIR/verdict.json` then contains the verdicts of all.

pub mod annotate;
pub mod annual;
pub mod calculation;
pub mod calendar;
pub mod changes;
pub mod coverage;
pub mod csv;
pub mod document;
pub mod documents;
pub mod draw;
pub mod equity;
pub mod escape;
pub mod form;
pub mod format;
pub mod html;
mod jobs;
pub mod json;
pub mod ledger;
pub mod outlook;
pub mod panel;
pub mod parquet;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
pub mod scorebook;
pub mod scores;
pub mod self_evaluation;
pub mod standings;
pub mod template;
pub mod templates;
pub(crate) mod workbook;

use polars::prelude::DataFrame;

use self::format::Format;
use crate::{
    ingest::Facts,
    problem::{Problem, Result},
    store::Folder,
    tables::{assessment::Assessment, findings},
    words::Words,
};

/// Tables of what was read: one set per run.
pub const READ: [&str; 7] =
    ["facts", "sources", "columns", "record_sources", "district_facts", "answers", "findings"];
/// Tables of the results: one set per standard.
pub const JUDGED: [&str; 7] = ["measures", "schools", "districts", "dispersion", "items", "gaps", "shares"];

/// Which tables are written; `None` means all.
pub type Tables = Option<Vec<String>>;

fn wanted(tables: &Tables, name: &str) -> bool {
    tables.as_ref().is_none_or(|list| list.iter().any(|table| table == name))
}

/// Writes one table as `prefix + name` in every table format.
pub fn table(folder: &mut Folder, prefix: &str, name: &str, frame: &DataFrame) -> Result<()> {
    Format::tables().try_for_each(|(format, write)| {
        folder.write(&format!("{prefix}{name}.{}", format.extension()), |file| write(frame, file))
    })
}

/// Writes the tables of what was read, `facts` to `findings`.
pub fn read(folder: &mut Folder, facts: &Facts, tables: &Tables, words: &Words) -> Result<()> {
    let findings = findings(&facts.findings, words);
    let frames = [
        facts.facts.frame(),
        facts.sources.frame(),
        facts.columns.frame(),
        facts.record_sources.frame(),
        facts.district_facts.frame(),
        facts.answers.frame(),
        findings.frame(),
    ];
    for (name, frame) in READ.into_iter().zip(frames) {
        if wanted(tables, name) {
            table(folder, "", name, frame)?;
        }
    }
    Ok(())
}

/// Writes the tables of one standard and its `verdict.json`. `prefix` is empty or `<standard>/`.
pub fn judged(folder: &mut Folder, prefix: &str, assessment: &Assessment, tables: &Tables) -> Result<()> {
    let frames = [
        assessment.measures.frame(),
        assessment.schools.frame(),
        assessment.districts.frame(),
        assessment.dispersion.frame(),
        assessment.items.frame(),
        assessment.gaps.frame(),
        assessment.shares.frame(),
    ];
    for (name, frame) in JUDGED.into_iter().zip(frames) {
        if wanted(tables, name) {
            table(folder, prefix, name, frame)?;
        }
    }
    folder.write(&format!("{prefix}verdict.json"), |file| json::write(&assessment.verdicts, file))
}

/// The table `findings`: the messages in the run's language.
pub fn findings(problems: &[Problem], words: &Words) -> findings::Frame {
    let mut table = findings::Builder::new(problems.len());
    for problem in problems {
        table.push(findings::Values {
            level: problem.level.id(),
            code: problem.code,
            file: problem.place.file.as_deref(),
            sheet: problem.place.sheet.as_deref(),
            cell: problem.place.cell.as_deref(),
            school_code: problem.school_code.as_deref(),
            fact: problem.fact.as_deref(),
            message: &words.problem(problem),
        });
    }
    table.finish()
}
