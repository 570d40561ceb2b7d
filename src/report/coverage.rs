//! The list of a document's sentences, with what the program does for each, as a table.

use crate::{standard::coverage::Sentence, tables::sentences as written, words::Language};

/// One row per sentence.
pub fn table(sentences: &[Sentence], language: Language) -> written::Frame {
    let mut table = written::Builder::new(sentences.len());
    for sentence in sentences {
        table.push(written::Values {
            number: sentence.number as i64,
            clause: &sentence.clause,
            text: &sentence.text,
            does: sentence.does.id(),
            by: &sentence.by.join(" "),
            how: sentence.how.get(language),
        });
    }
    table.finish()
}
