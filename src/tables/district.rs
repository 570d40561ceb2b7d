//! One district and year by one standard: all that a document or a picture of it is made of.

use polars::prelude::DataFrame;

use super::{made::Made, verdict::Verdict};
use crate::{problem::Problem, standard::Standard, words::Words};

/// The tables of [`super`] with this district's and year's rows alone, and what they are read with.
pub struct District<'a> {
    pub code: String,
    pub name: String,
    pub year: i32,
    pub facts: DataFrame,
    pub district_facts: DataFrame,
    pub answers: DataFrame,
    pub record_sources: DataFrame,
    /// Whole: their ids are those of the run.
    pub sources: &'a DataFrame,
    pub columns: &'a DataFrame,
    pub measures: DataFrame,
    pub schools: DataFrame,
    pub districts: DataFrame,
    pub dispersion: DataFrame,
    pub items: DataFrame,
    pub gaps: DataFrame,
    pub shares: DataFrame,
    /// What was found wrong in this district's files and schools.
    pub findings: Vec<Problem>,
    pub verdict: &'a Verdict,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub made: &'a Made,
}

impl District<'_> {
    /// What the standard calls an indicator or item, in the run's language.
    pub fn title(&self, id: &str) -> &str {
        self.standard.title_of(id, self.words.language)
    }

    /// The one line under every document: program, standard, inputs, date.
    pub fn made_line(&self) -> String {
        self.made.line(Some(self.standard), self.words)
    }
}
