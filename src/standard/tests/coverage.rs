//! The lists of sentences against the documents and the standard files.

use std::collections::BTreeSet;

use super::documents::{document, load};
use crate::standard::{
    self, Rule, Standard,
    coverage::{Carried, Sentence, counts, coverage},
    method::Method,
};

/// The standards whose documents are listed, with their texts.
const DOCUMENTS: [(&str, &str); 5] = [
    ("bayannur-2020", "000_9398ef6a1cb67b42.txt"),
    ("taobei-2023", "001_8edf4f027e9bbda6.txt"),
    ("akqi-2021", "002_3cc2d5c2ad6db554.txt"),
    ("daxiang", "003_956f970e9311ed85.txt"),
    ("inner-mongolia", "004_2c34805fe727ab6d.txt"),
];

/// The standard with its list; names that the standard does not have are an error of the reader.
fn listed(name: &str) -> (Standard, Vec<Sentence>) {
    let standard = load(name);
    let sentences = coverage(&standard).unwrap_or_else(|why| panic!("{name}: {why:?}"));
    let sentences = sentences.unwrap_or_else(|| panic!("{name} has no list"));
    (standard, sentences)
}

#[test]
fn the_sentences_together_are_the_document() {
    for (name, seed) in DOCUMENTS {
        let Some(document) = document(seed) else { return };
        let (_, sentences) = listed(name);
        let together: String = sentences.iter().flat_map(|one| one.text.split_whitespace()).collect();
        let same = document.chars().zip(together.chars()).take_while(|(one, other)| one == other).count();
        let from = |text: &str| text.chars().skip(same).take(40).collect::<String>();
        assert_eq!(from(&document), from(&together), "{name}, after {same} characters");
        assert_eq!(document.chars().count(), together.chars().count(), "{name}");
    }
}

#[test]
fn every_sentence_is_numbered_and_said_in_both_languages() {
    for (name, _) in DOCUMENTS {
        let (_, sentences) = listed(name);
        for (at, sentence) in sentences.iter().enumerate() {
            assert_eq!(sentence.number, at + 1, "{name}");
            let what = format!("{name} {}: {}", sentence.number, sentence.text);
            assert!(!sentence.text.is_empty() && !sentence.clause.is_empty(), "{what}");
            assert!(!sentence.how.zh.is_empty(), "{what}");
            let english = sentence.how.en.as_deref().unwrap_or_default();
            let chinese = |c: char| ('\u{3000}'..='\u{9fff}').contains(&c);
            assert!(!english.is_empty() && !english.contains(chinese), "{what}: {english}");
            // A sentence that the program carries names what carries it.
            let carried = !matches!(sentence.does, Carried::Context | Carried::None);
            assert!(!carried || !sentence.by.is_empty(), "{what}");
        }
        assert_eq!(counts(&sentences).iter().map(|(_, n)| n).sum::<usize>(), sentences.len());
    }
}

#[test]
fn everything_in_the_standard_file_carries_a_sentence() {
    for (name, _) in DOCUMENTS {
        let (standard, sentences) = listed(name);
        let named: BTreeSet<&str> = sentences.iter().flat_map(|one| &one.by).map(String::as_str).collect();
        let kinds =
            ["item:", "part:", "adjust:", "step:", "paper:", "round:", "source:", "consequence:", "grade:"];
        let of_item = |id: &str| {
            named
                .iter()
                .any(|name| name.split_once(':').is_some_and(|(_, rest)| rest.split('.').next() == Some(id)))
        };
        let left: Vec<String> = standard::coverage::names(&serde_json::to_value(&standard).unwrap())
            .into_iter()
            .filter(|one| kinds.iter().any(|kind| one.starts_with(kind)))
            .filter(|one| match one.strip_prefix("item:") {
                // An item is named by itself or by one of its parts or checks.
                Some(id) => !of_item(id),
                None => !named.contains(one.as_str()),
            })
            .collect();
        assert!(left.is_empty(), "{name}: no sentence names these: {left:?}");
    }
}

/// What computes: a method that is more than an office's mark, a check, an adjustment, an item that data decide, a
/// grade, a source of the result, or a rule of the whole.
fn computes(standard: &Standard, name: &str) -> bool {
    let (kind, id) = name.split_once(':').unwrap_or((name, ""));
    match kind {
        "part" => {
            let (item, part) = id.split_once('.').unwrap();
            let Rule::Scored { parts, .. } = &standard.item(item).unwrap().rule else { return false };
            parts.iter().any(|one| one.id == part && !matches!(one.method, Method::Office(_)))
        }
        "item" => !matches!(standard.item(id).unwrap().rule, Rule::Evidence),
        "check" | "adjust" | "grade" | "source" | "paper" | "round" => true,
        "school_rule" | "scoring" | "scoring.total" | "scoring.item_floor" => true,
        _ => false,
    }
}

#[test]
fn what_is_computed_points_at_what_computes_it() {
    for (name, _) in DOCUMENTS {
        let (standard, sentences) = listed(name);
        for sentence in sentences.iter().filter(|one| one.does == Carried::Computed) {
            let found = sentence.by.iter().any(|by| computes(&standard, by));
            assert!(found, "{name} {} {}: {:?}", sentence.number, sentence.text, sentence.by);
        }
        // What a reminder reminds of is a step of the calendar.
        for sentence in sentences.iter().filter(|one| one.does == Carried::Reminded) {
            let step = sentence.by.iter().any(|by| by.starts_with("step:"));
            assert!(step, "{name} {} {}: {:?}", sentence.number, sentence.text, sentence.by);
        }
    }
}

#[test]
fn a_standard_without_a_list_has_none() {
    let mut standard = load("inner-mongolia");
    standard.id = "another".into();
    assert!(coverage(&standard).unwrap().is_none());
}

#[test]
fn a_name_that_the_standard_does_not_have_is_an_error() {
    // The list of one standard against the items of another.
    let mut standard = load("inner-mongolia");
    standard.id = "taobei-2023".into();
    let why = format!("{:?}", coverage(&standard).unwrap_err());
    assert!(why.contains("coverage_unknown") && why.contains("part:C1.1"), "{why}");
}
