//! Every message that the code refers to is in both catalogues.

use std::path::Path;

use junheng::words::{Language, Words};

use crate::support::project;

fn sources(folder: &Path, into: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            into.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_string());
        }
    }
}

/// The literal that follows each `start`, where a literal follows.
fn literals<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let pieces = text.split(start).skip(1);
    pieces.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
}

#[test]
fn every_key_that_is_said_is_in_both_catalogues() {
    let mut texts = Vec::new();
    sources(&project("src"), &mut texts);
    let mut keys = Vec::new();
    for text in &texts {
        for start in ["Problem::error(", "Problem::warning(", "Problem::note("] {
            keys.extend(literals(text, start).into_iter().map(|code| format!("problem.{code}")));
        }
        for start in ["words.say(", "words.fill("] {
            keys.extend(literals(text, start).into_iter().map(str::to_string));
        }
    }
    keys.retain(|key| !key.contains('{'));
    assert!(keys.len() > 150, "{}", keys.len());
    for language in [Language::Chinese, Language::English] {
        let words = Words::load(language).unwrap();
        let lacking: Vec<&String> = keys.iter().filter(|key| !words.has(key)).collect();
        assert!(lacking.is_empty(), "{language:?}: {lacking:?}");
    }
}
