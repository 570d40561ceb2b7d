//! The origin of a document.

use chrono::NaiveDate;

use crate::{standard::Standard, words::Words};

/// Program, inputs and date; together with the standard, the line under every document.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// `junheng 0.1.0`
    pub program: String,
    /// The names of the files that were read, without their folders.
    pub inputs: Vec<String>,
    /// The date of the report: today, or `--date`.
    pub date: NaiveDate,
}

/// The maximum number of files listed; further ones are counted.
const MAX_INPUTS: usize = 3;

impl Provenance {
    pub fn line(&self, standard: Option<&Standard>, words: &Words) -> String {
        let inputs = match &self.inputs[..] {
            all if all.len() <= MAX_INPUTS => all.join("、"),
            all => words.fill("made.many", &[("first", all[0].clone()), ("count", all.len().to_string())]),
        };
        let mut args =
            vec![("program", self.program.clone()), ("inputs", inputs), ("date", self.date.to_string())];
        let Some(standard) = standard else { return words.fill("made.by", &args) };
        args.push(("standard", standard.title.get(words.language).to_string()));
        args.push(("version", standard.version.clone()));
        words.fill("made.by_standard", &args)
    }
}
