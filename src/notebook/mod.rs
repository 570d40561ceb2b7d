//! For notebooks and other programs: the rooms in a few calls. Data frames go in and come out; a table or a picture
//! that is the last expression of a cell is displayed. `notebooks-rs/` uses it from top to bottom.
//!
//! ```text
//! files, pipeline ──▶ Facts ──assess──▶ Judged: verdict, tables, pictures
//! Facts, store    ──▶ Study ──▶ coverage, panel, decomposition, convergence … ──annual──▶ Annual: tables, pictures
//! ```
//!
//! All values own what they hold, so that a notebook can keep them from one cell to the next. Errors say in the
//! run's language what the program says: file, sheet, cell, what was found and what to do.
//!
//! ```
//! use junheng::notebook::*;
//!
//! let facts: Facts = Facts::read(["data/demo/大祥区.xlsx"])?;
//! let judged: Judged = facts.assess("quality-balance-2017")?;
//! assert_eq!(judged.verdicts()[0].district_name, "大祥区");
//! let teachers = [("section", "primary"), ("indicator", "L1")];
//! assert!(number(&judged.dispersion(), &teachers, "cv")? > 0.0);
//! # Ok::<(), junheng::notebook::Error>(())
//! ```

mod facts;
mod frame;
mod show;
mod study;

use std::fmt;

/// Frames are Polars' own: `polars::prelude` has what selects, filters and joins them.
pub use polars;
pub use polars::prelude::DataFrame;

pub use self::{
    facts::{Facts, Judged},
    frame::{number, rows},
    show::{Content, Pictures, Show, Text},
    study::{Annual, Study},
};
pub use crate::{
    assess::{Outcome, Verdict},
    chart::{Kind, Picture},
    dictionary::Section,
    ingest::Options,
    panel::{Grouping, Level, convergence::Convergence},
    words::Language,
};
use crate::{problem, standard::Standard, words::Words};

/// Why a call stopped, as the user reads it.
#[derive(thiserror::Error)]
#[error("{said}")]
pub struct Error {
    said: String,
    /// What it is, for programs; `None` where the engine failed on a frame of the caller's.
    pub problem: Option<problem::Error>,
}

/// As [`fmt::Display`]: a cell that ends in an error shows it by this.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl From<polars::error::PolarsError> for Error {
    fn from(why: polars::error::PolarsError) -> Error {
        Error { said: why.to_string(), problem: None }
    }
}

/// A result whose error is said in the language of the run.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Says an error of the rooms in the words of the run.
trait Said<T> {
    fn said(self, words: &Words) -> Result<T>;
}

impl<T> Said<T> for problem::Result<T> {
    fn said(self, words: &Words) -> Result<T> {
        self.map_err(|why| Error { said: words.error(&why), problem: Some(why) })
    }
}

/// The catalogue; it is part of the program, so that only a broken override folder makes it fail.
fn words(language: Language) -> Result<Words> {
    Words::load(language).said(&Words::embedded(language))
}

/// A standard that judges districts; one that scores units is for `junheng score`.
fn standard(name: &str, words: &Words) -> Result<Standard> {
    let standard = Standard::load(name).said(words)?;
    if standard.units.is_some() {
        let problem = problem::Problem::error("assess_scored", Default::default());
        return Err(problem::Error::usage(problem.with("standard", &standard.id))).said(words);
    }
    Ok(standard)
}
