//! The documents of a scoring: the comparison table (对比表) and every unit's feedback (问题清单), as xlsx, html, docx
//! and csv, and the charts.
//!
//! ```text
//! DIR/ scores, parts, totals, standings, marks, unmarked, above, evidence, scored_findings   as .csv and .parquet
//!      对比表.xlsx  对比表.html  对比表.docx  charts/*.svg *.png
//!      反馈/NAME.xlsx .html .docx .csv                                                  of every unit
//! ```
//!
//! [`view`] looks things up, [`feedback`] and [`comparison`] say them, the others give them a format.

mod comparison;
mod feedback;
mod frames;
mod name;
pub use name::files as file_names;
mod page;
mod paper;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
mod view;
mod workbook;

use rayon::prelude::*;

use self::{comparison::Comparison, feedback::Feedback, view::View};
use super::{
    document::{docx, html},
    documents::Documents,
};
use crate::{chart, problem::Result, store::Folder};

pub use crate::tables::scoring::Scoring;

/// The tables, always: `scores`, `parts`, `totals`, `standings`, `marks`, `unmarked`, `above`, `evidence`, `findings`.
///
/// # Errors
/// A file cannot be written.
pub fn tables(folder: &mut Folder, scoring: Scoring<'_>) -> Result<()> {
    for (name, frame) in frames::all(&View::of(scoring))? {
        super::table(folder, "", name, &frame)?;
    }
    Ok(())
}

/// The documents that are asked for (`gaps`: the xlsx; charts, html, docx).
///
/// # Errors
/// A template cannot be read or filled; a file cannot be written.
pub fn documents(folder: &mut Folder, scoring: Scoring<'_>, asked: &Documents) -> Result<()> {
    let view = View::of(scoring);
    let templates = asked.templates.as_deref();
    let wants_pictures = asked.charts || asked.html || asked.docx;
    let pictures = if wants_pictures { chart::of_scores(&scoring)? } else { Vec::new() };
    if asked.charts {
        for picture in &pictures {
            folder.put(&format!("charts/{}.svg", picture.name), picture.svg()?.as_bytes())?;
            folder.put(&format!("charts/{}.png", picture.name), &picture.png()?)?;
        }
    }
    let all = Comparison::of(&view);
    let name = view.say("file.comparison", &[]);
    if asked.gaps {
        folder.put(&format!("{name}.xlsx"), &workbook::comparison(&view, &all)?)?;
    }
    if asked.docx {
        let report = paper::comparison(&view, &all, &pictures, templates)?;
        folder.put(&format!("{name}.docx"), &docx::write(&report)?)?;
    }
    if asked.html {
        folder.put(&format!("{name}.html"), &page::write(&view, &all, &pictures, templates)?)?;
    }
    of_units(folder, &view, asked)
}

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// Every unit's feedback.
fn of_units(folder: &mut Folder, view: &View<'_>, asked: &Documents) -> Result<()> {
    if !(asked.gaps || asked.html || asked.docx) {
        return Ok(());
    }
    let templates = asked.templates.as_deref();
    let own = view.say("file.feedback", &[]);
    let names = name::files(view.units().iter().map(|unit| unit.name.as_str()));
    let units: Vec<usize> = (0..names.len()).collect();
    // A few at a time, so that the documents of a province are never in memory together.
    for some in units.chunks(4 * rayon::current_num_threads()) {
        let made: Result<Vec<Files>> = some
            .par_iter()
            .map(|unit| {
                let feedback = Feedback::of(view, *unit);
                let name =
                    |ending: &str| format!("{own}/{}.{ending}", names.get(*unit).map_or("_", String::as_str));
                let mut files = Vec::new();
                if asked.gaps {
                    files.push((name("xlsx"), workbook::feedback(view, &feedback)?));
                    let mut table = Vec::new();
                    super::csv::write(&frames::lost(view, &feedback)?, &mut table)?;
                    files.push((name("csv"), table));
                }
                if asked.html || asked.docx {
                    // Cells are looked up on a screen; on paper they are pages nobody reads.
                    let report =
                        |with_cells: bool| paper::feedback(view, &feedback, (&[], with_cells), templates);
                    if asked.html {
                        files.push((name("html"), html::write(&report(true)?)?));
                    }
                    if asked.docx {
                        files.push((name("docx"), docx::write(&report(false)?)?));
                    }
                }
                Ok(files)
            })
            .collect();
        for (name, content) in made?.into_iter().flatten() {
            folder.put(&name, &content)?;
        }
    }
    Ok(())
}
