//! The documents of a scoring: the comparison table (对比表) and every unit's feedback (问题清单), as xlsx, html, docx
//! and csv, and the charts.
//!
//! ```text
//! DIR/ scores, parts, totals, standings, marks, reasons, unmarked, above, evidence, scored_findings   as .csv and .parquet
//!      对比表.xlsx  对比表.html  对比表.docx  charts/*.svg *.png
//!      反馈/NAME.xlsx .html .docx .csv                                                  of every unit
//!      自评报告/NAME.html .docx             of every unit that handed in a self-assessment; then self_assessment.csv too
//!      反馈意见/NAME.docx                                                               the written feedback to it
//!      通报.docx  年度评价报告.docx  评价意见/NAME.docx     if the standard has steps: the papers that close the year
//! ```
//!
//! [`view`] looks things up, [`feedback`] and [`comparison`] put them into words, [`lists`] arranges them in columns,
//! the other modules write the formats.

mod comparison;
mod documents;
mod feedback;
mod lists;
mod opinion;
mod page;
mod publication;
#[cfg(test)]
pub(crate) mod sample;
mod self_assessment;
mod self_report;
mod tables;
#[cfg(test)]
mod tests;
mod view;
mod workbook;

use rayon::prelude::*;

use self::{
    comparison::Comparison,
    feedback::Feedback,
    publication::{Evaluation, Publication},
    view::View,
};
use super::{
    documents::Documents,
    format::Format,
    jobs::{Files, Jobs},
};
use crate::{chart, file_name, problem::Result, store::Folder};

pub use crate::tables::scoring::Scoring;

/// Writes the tables `scores`, `parts`, `totals`, `standings`, `marks`, `unmarked`, `above`, `evidence`, `findings`.
///
/// # Errors
/// A file cannot be written.
pub fn tables(folder: &mut Folder, scoring: Scoring<'_>) -> Result<()> {
    for (name, frame) in tables::all(&View::of(scoring))? {
        super::table(folder, "", name, &frame)?;
    }
    Ok(())
}

/// The formats of a scoring's documents.
fn formats(asked: &Documents) -> impl Iterator<Item = Format> {
    asked.formats.iter().copied().filter(|format| matches!(format, Format::Html | Format::Docx))
}

/// Writes the documents asked for (`gaps` means the xlsx; charts, html, docx).
///
/// # Errors
/// A template cannot be read or filled; a file cannot be written.
pub fn documents(folder: &mut Folder, scoring: Scoring<'_>, asked: &Documents) -> Result<()> {
    let view = View::of(scoring);
    let templates = asked.templates.as_deref();
    let pictured = asked.charts || formats(asked).next().is_some();
    let pictures = if pictured { chart::scoring_pictures(&scoring)? } else { Vec::new() };
    let all = Comparison::of(&view);
    let name = view.say("file.comparison", &[]);
    let written = formats(asked).any(|format| format != Format::Html);
    let report = match written {
        true => Some(documents::comparison(&view, &all, &pictures, templates)?),
        false => None,
    };
    let mut jobs = Jobs::default();
    if asked.charts {
        jobs.charts(&pictures);
    }
    if asked.gaps {
        jobs.add(format!("{name}.xlsx"), || workbook::comparison(&view, &all));
    }
    for format in formats(asked) {
        match (format, &report) {
            (Format::Html, _) => {
                jobs.add(format!("{name}.html"), || page::write(&view, &all, &pictures, templates));
            }
            (format, Some(report)) => jobs.report(&name, format, report),
            _ => {}
        }
    }
    for (name, content) in jobs.make()? {
        folder.put(&name, &content)?;
    }
    // Written feedback, evaluations and the yearly report say the same of a unit.
    let evaluations: Vec<Evaluation> = match formats(asked).any(|format| format == Format::Docx) {
        true => (0..view.units().len()).into_par_iter().map(|unit| Evaluation::of(&view, unit)).collect(),
        false => Vec::new(),
    };
    of_units(folder, &view, &evaluations, asked)?;
    self_reports(folder, &view, asked)?;
    if evaluations.is_empty() || !closes_a_year(&view) {
        return Ok(());
    }
    let content = Publication::of(&view, &all, &evaluations);
    let [notice, yearly] = ["score-notice", "score-report"]
        .map(|template| publication::document::of_all(&view, template, &content, &pictures, templates));
    let (notice, yearly) = (notice?, yearly?);
    let mut jobs = Jobs::default();
    jobs.report(&view.say("file.notice", &[]), Format::Docx, &notice);
    jobs.report(&view.say("file.report", &[]), Format::Docx, &yearly);
    for (name, content) in jobs.make()? {
        folder.put(&name, &content)?;
    }
    Ok(())
}

/// Whether the standard describes a year, which papers close.
fn closes_a_year(view: &View<'_>) -> bool {
    !view.scoring.standard.steps.is_empty()
}

/// Adds the report on itself of every unit that handed in a self-assessment.
fn self_reports(folder: &mut Folder, view: &View<'_>, asked: &Documents) -> Result<()> {
    let own = view.say("file.self_report", &[]);
    let reports = &view.scoring.marks.self_reports;
    let names = file_name::distinct(reports.iter().map(|report| view.unit_name(report.unit)));
    for (report, name) in reports.iter().zip(&names) {
        let content = self_report::SelfReport::of(view, report);
        let written = self_report::document(view, &content, asked.templates.as_deref())?;
        for format in formats(asked) {
            let mut jobs = Jobs::default();
            jobs.report(&format!("{own}/{name}"), format, &written);
            for (name, content) in jobs.make()? {
                folder.put(&name, &content)?;
            }
        }
    }
    Ok(())
}

/// Adds the feedback of every unit, and where there are evaluations the written feedback and, at the end of a year, the
/// evaluation.
fn of_units(
    folder: &mut Folder,
    view: &View<'_>,
    evaluations: &[Evaluation],
    asked: &Documents,
) -> Result<()> {
    let folders = ["feedback", "opinion", "evaluation"].map(|key| view.say(&format!("file.{key}"), &[]));
    let names = file_name::distinct(view.units().iter().map(|unit| unit.name.as_str()));
    let named = |name: &String| folders.each_ref().map(|folder| format!("{folder}/{name}"));
    let units: Vec<(usize, [String; 3])> = names.iter().map(named).enumerate().collect();
    // A few at a time, so that the documents of a whole province are never in memory together.
    for some in units.chunks(4 * rayon::current_num_threads()) {
        let made: Result<Vec<Files>> =
            some.par_iter().map(|(unit, names)| of_unit(view, *unit, names, evaluations, asked)).collect();
        for (name, content) in made?.into_iter().flatten() {
            folder.put(&name, &content)?;
        }
    }
    Ok(())
}

/// Adds the papers of one unit: `name` with the extension of each format asked for, and those that are docx alone.
fn of_unit(
    view: &View<'_>,
    unit: usize,
    [name, opinion, evaluation]: &[String; 3],
    evaluations: &[Evaluation],
    asked: &Documents,
) -> Result<Files> {
    let feedback = Feedback::of(view, unit);
    let mut files = Files::new();
    if asked.gaps {
        files.push((format!("{name}.xlsx"), workbook::feedback(view, &feedback)?));
        let mut table = Vec::new();
        super::csv::write(tables::lost(view, &feedback).frame(), &mut table)?;
        files.push((format!("{name}.csv"), table));
    }
    for format in formats(asked) {
        // Cells are shown on the screen, where they can be looked up; on paper they would fill pages that nobody reads.
        let with_cells = format == Format::Html;
        let report = documents::feedback(view, &feedback, (&[], with_cells), asked.templates.as_deref())?;
        let mut jobs = Jobs::default();
        jobs.report(name, format, &report);
        files.extend(jobs.make()?);
    }
    if let Some(own) = evaluations.get(unit) {
        let templates = asked.templates.as_deref();
        let written = documents::opinion(view, &own.opinion, templates)?;
        let closing = match closes_a_year(view) {
            true => Some(publication::document::of_unit(view, own, templates)?),
            false => None,
        };
        let mut jobs = Jobs::default();
        jobs.report(opinion, Format::Docx, &written);
        if let Some(closing) = &closing {
            jobs.report(evaluation, Format::Docx, closing);
        }
        files.extend(jobs.make()?);
    }
    Ok(files)
}
