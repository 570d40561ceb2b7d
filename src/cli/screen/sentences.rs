//! The sentences of a document, with what the program does for each.

use super::layout::{Column, WIDTH, heading, table, wrap};
use crate::{
    standard::{
        Standard,
        coverage::{Sentence, counts},
    },
    words::Words,
};

/// The number of sentences of each kind; below, the sentences by clause, each with the phrase that says what the
/// program does for it and the names of what carries it.
pub fn sentences(standard: &Standard, sentences: &[Sentence], words: &Words) -> String {
    let kind = |id: &str| words.say(&format!("coverage.does.{id}"));
    let args =
        [("title", standard.title.get(words.language).to_string()), ("count", sentences.len().to_string())];
    let mut out = vec![heading(&words.fill("coverage.heading", &args))];
    out.extend(wrap(&words.fill("coverage.about", &args), "  ", WIDTH));
    out.push(String::new());
    let columns = ["kind", "count", "meaning"].map(|key| words.say(&format!("coverage.column.{key}")));
    let [does, count, meaning] = columns;
    let columns = [Column::left(does), Column::right(count), Column::giving(meaning, 20)];
    let rows = counts(sentences).map(|(does, count)| {
        vec![kind(does.id()), count.to_string(), words.say(&format!("coverage.meaning.{}", does.id()))]
    });
    out.extend(table(&columns, &rows));
    for of_clause in sentences.chunk_by(|one, next| one.clause == next.clause) {
        let clause = of_clause.first().map_or("", |sentence| &sentence.clause);
        out.extend([String::new(), heading(clause)]);
        for sentence in of_clause {
            let first = words.fill("coverage.first", &[("kind", kind(sentence.does.id()))]);
            out.extend(wrap(&sentence.text, &format!("  {first}"), WIDTH));
            let args = [
                ("how", sentence.how.get(words.language).to_string()),
                ("by", sentence.by.join(&words.say("judge.comma"))),
            ];
            let key = if sentence.by.is_empty() { "coverage.how" } else { "coverage.how_by" };
            out.extend(wrap(&words.fill(key, &args), "      → ", WIDTH));
        }
    }
    out.join("\n")
}
