//! One district and year under one standard: the data of a document or a chart about it.

use super::{
    answers, columns, dispersion, district_facts, districts, facts, gaps, items, measures,
    provenance::Provenance, record_sources, schools, shares, sources, verdict::Verdict,
};
use crate::{problem::Problem, standard::Standard, words::Words};

/// The tables of [`super`] with only this district's and year's rows, and their context.
pub struct District<'a> {
    pub code: String,
    pub name: String,
    pub year: i32,
    pub facts: facts::Frame,
    pub district_facts: district_facts::Frame,
    pub answers: answers::Frame,
    pub record_sources: record_sources::Frame,
    /// All sources of the run, because the ids refer to them.
    pub sources: &'a sources::Frame,
    pub columns: &'a columns::Frame,
    pub measures: measures::Frame,
    pub schools: schools::Frame,
    pub districts: districts::Frame,
    pub dispersion: dispersion::Frame,
    pub items: items::Frame,
    pub gaps: gaps::Frame,
    pub shares: shares::Frame,
    /// The problems found in this district's files and schools.
    pub findings: Vec<Problem>,
    pub verdict: &'a Verdict,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub made: &'a Provenance,
}

impl District<'_> {
    /// The title of an indicator or item in the run's language.
    pub fn title(&self, id: &str) -> &str {
        self.standard.title_of(id, self.words.language)
    }

    /// The one line under every document: program, standard, inputs, date.
    pub fn made_line(&self) -> String {
        self.made.line(Some(self.standard), self.words)
    }
}
