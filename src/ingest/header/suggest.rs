//! Suggestions for headers that are not known: similar facts, and a pipeline file that maps the columns.

use super::part;
use crate::{
    dictionary::{Dictionary, Fact},
    nearest,
};

/// Up to three facts whose names are most similar to `header`, best first.
pub fn nearest(header: &str) -> Vec<&'static Fact> {
    let header = part(header).text;
    let wanted = pairs(&header);
    let mut scored: Vec<(f64, &Fact)> = Dictionary::get()
        .facts()
        .iter()
        .map(|fact| {
            let best = std::iter::once(&fact.label_zh)
                .chain(&fact.aliases_zh)
                .map(|name| likeness(&wanted, &pairs(&part(name).text)))
                .fold(0.0, f64::max);
            (best, fact)
        })
        .filter(|(score, _)| *score > 0.25)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, fact)| fact).collect()
}

/// Ids similar to `name`; if there are none, the ids of facts whose names are similar to it.
pub fn nearest_ids(name: &str) -> Vec<&'static str> {
    let near = nearest::nearest(name, Dictionary::get().facts().iter().map(|fact| fact.id.as_str()));
    if near.is_empty() { nearest(name).into_iter().map(|fact| fact.id.as_str()).collect() } else { near }
}

/// Characters and pairs of adjacent characters, sorted.
fn pairs(text: &str) -> Vec<(char, char)> {
    let chars: Vec<char> = text.chars().collect();
    let mut pairs: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
    pairs.extend(chars.iter().map(|c| (*c, '\0')));
    pairs.sort_unstable();
    pairs
}

/// Dice's coefficient of two sorted lists.
fn likeness(a: &[(char, char)], b: &[(char, char)]) -> f64 {
    let (mut i, mut j, mut same) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                same += 1;
                i += 1;
                j += 1;
            }
        }
    }
    if a.is_empty() && b.is_empty() { 0.0 } else { 2.0 * same as f64 / (a.len() + b.len()) as f64 }
}

/// A complete pipeline file that maps `columns` (fact, header) of `file`; it runs unchanged if it is saved in the
/// folder in which the program was called.
pub fn mapping_lines(file: &str, sheet: &str, section: bool, columns: &[(&str, &str)]) -> String {
    // On one line: a line break in a header is equivalent to a blank.
    let quoted =
        |text: &str| toml::Value::String(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string();
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let mut lines = vec![format!("inputs = [{}]", quoted(file)), "[[sources]]".to_string()];
    lines.push(format!("file = {}", quoted(name)));
    if !sheet.is_empty() {
        lines.push(format!("sheet = {}", quoted(sheet)));
    }
    if section {
        lines.push("section = \"primary\"".to_string());
    }
    if !columns.is_empty() {
        lines.push("[sources.columns]".to_string());
        lines.extend(columns.iter().map(|(fact, header)| format!("{fact} = {}", quoted(header))));
    }
    lines.join("\n")
}
