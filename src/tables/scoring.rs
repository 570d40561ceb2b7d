//! One scoring whole, as its tables, pictures and documents see it.

use crate::{
    standard::Standard,
    tables::{made::Made, marks::Marks, scored::Scored},
    words::Words,
};

#[derive(Clone, Copy)]
pub struct Scoring<'a> {
    pub standard: &'a Standard,
    pub marks: &'a Marks,
    pub scored: &'a Scored,
    pub made: &'a Made,
    pub words: &'a Words,
}

impl Scoring<'_> {
    /// The one line under every document: program, standard, inputs, date.
    pub fn made_line(&self) -> String {
        self.made.line(Some(self.standard), self.words)
    }

    /// A text of the standard in the run's language.
    pub fn said<'t>(&self, text: &'t crate::standard::Text) -> &'t str {
        text.get(self.words.language)
    }
}
