//! 年度监测报告: html, docx, pdf, xlsx, and one portrait page per district. Sentences are made from the tables' numbers.
//!
//! ```text
//! DIR/ annual-2024.html .docx .pdf .xlsx      charts/*.svg *.png      run.json
//!      panel, regional, whole, by_location, standings, coverage, joined, decomposition, comparison, sigma, convergence,
//!      growth, lorenz, class_sizes, outlook                                    as .csv and .parquet
//!      overview, limits, ranking, changes, facts_missing, location_gap, classes, counts      what sentences count
//!      portraits/index.html  portraits/430503.html …  portraits/portraits.csv
//! ```
//!
//! ```text
//! tables ─derived─▶ rows side by side ─traced_writer─▶ sentences with sources ─template─▶ marked-up text ─▶ blocks ─▶ formats
//! ```

mod content;
mod context;
mod narrative;
pub mod portrait;
pub mod portraits;
mod tables;
#[cfg(test)]
mod tests;
mod traced_writer;
mod workbook;

use std::{collections::HashMap, path::Path};

use polars::prelude::*;

use self::{content::Content, context::ReportContext, traced_writer::TracedWriter};
use super::{
    document::{self, Draft, Report},
    format::Format,
    jobs::Jobs,
};
use crate::{
    chart::Picture,
    problem::Result,
    store::Folder,
    tables::{
        annual::{Annual, Derived},
        column_kind::Text,
        definition::{Defined, Frame, Handle},
        outlook,
        years::Resampling,
    },
};

/// Which files of the report to write.
#[derive(Debug, Clone)]
pub struct Files {
    pub formats: Vec<Format>,
    pub xlsx: bool,
    pub charts: bool,
}

/// Content of the report besides the year's tables.
pub struct Further<'a> {
    pub resampling: Resampling,
    /// The store and its commit, in words.
    pub store: &'a str,
    /// Has no rows if nothing is projected.
    pub outlook: &'a outlook::Frame,
}

/// Writes the report, its tables and its charts into the folder; returns three lines of its findings.
///
/// # Errors
/// The disk fails, or a template of the user is invalid.
pub fn write(
    folder: &mut Folder,
    (annual, derived): (&Annual, &Derived),
    further: &Further,
    pictures: &[Picture],
    files: &Files,
    templates: Option<&Path>,
) -> Result<Vec<String>> {
    let writer = TracedWriter::new(annual.words);
    let named = context::Tables::of(annual, derived, further.outlook);
    let context = ReportContext { annual, tables: &named, writer: &writer, further };
    let report = report(&context, pictures, templates)?;
    let counts = writer.counts();
    for (name, frame) in frames(annual, further) {
        super::table(folder, "", name, frame)?;
    }
    for (name, frame) in named.derived() {
        super::table(folder, "", name, frame)?;
    }
    super::table(folder, "", "counts", counts.frame())?;
    let name = format!("annual-{}", annual.year);
    let mut jobs = Jobs::default();
    for format in files.formats.iter().rev() {
        jobs.report(&name, *format, &report);
    }
    if files.xlsx {
        jobs.add(format!("{name}.xlsx"), || {
            workbook::write(annual, further, derived, counts.frame(), &report)
        });
    }
    if files.charts {
        jobs.charts(pictures);
    }
    for (name, content) in jobs.make()? {
        folder.put(&name, &content)?;
    }
    Ok(findings(&report))
}

/// The tables of the year, by file name.
fn frames<'a>(annual: &'a Annual, further: &'a Further) -> [(&'static str, &'a DataFrame); 15] {
    [
        ("panel", annual.panel.frame()),
        ("regional", annual.regional.frame()),
        ("whole", annual.whole.frame()),
        ("by_location", annual.by_location.frame()),
        ("standings", annual.standings.frame()),
        ("coverage", annual.coverage.frame()),
        ("joined", annual.joined.frame()),
        ("decomposition", annual.decomposition.frame()),
        ("comparison", annual.comparison.frame()),
        ("sigma", annual.sigma.frame()),
        ("convergence", annual.convergence.frame()),
        ("growth", annual.growth.frame()),
        ("lorenz", annual.lorenz.frame()),
        ("class_sizes", annual.class_sizes.frame()),
        ("outlook", further.outlook.frame()),
    ]
}

/// The report before it is written in a format.
fn report<'p>(
    context: &ReportContext<'_>,
    pictures: &'p [Picture],
    templates: Option<&'p Path>,
) -> Result<Report<'p>> {
    let annual = context.annual;
    let content = Content::of(context);
    let sources = context.writer.sources();
    let draft = Draft {
        template: "annual",
        content: &content,
        tables: &|name, of| tables::of(context, &sources, name, of),
        pictures,
        author: &annual.made.program,
        title: &context.writer.say("title", &[]),
        date: annual.made.date,
        made: &content.made,
        wide: false,
        sources: sources.clone(),
    };
    draft.compose(annual.words, templates)
}

/// The first sentences of the chapters on districts and schools, on differences, and on the standing of districts, for
/// the screen.
fn findings(report: &Report) -> Vec<String> {
    use document::{
        Block,
        grammar::{Piece, plain},
    };
    let mut found: std::collections::BTreeMap<usize, String> = Default::default();
    let mut chapter = 0;
    for block in &report.blocks {
        match block {
            Block::Heading(1, _) => chapter += 1,
            Block::Paragraph(pieces) if [1, 2, 4].contains(&chapter) => {
                let first =
                    pieces.iter().position(|piece| matches!(piece, Piece::Note(_))).unwrap_or(pieces.len());
                found.entry(chapter).or_insert_with(|| plain(&pieces[..first]));
            }
            _ => {}
        }
    }
    found.into_values().collect()
}

/// The rows of a table by the value of a column.
fn rows_by<T: Defined>(frame: &Frame<T>, column: Handle<T, Text>) -> HashMap<String, Vec<usize>> {
    let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, value) in frame.values(column).iter().enumerate() {
        rows.entry(value.unwrap_or_default().to_string()).or_default().push(at);
    }
    rows
}
