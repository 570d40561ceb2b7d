//! The documents of 大祥区, 洮北区, 阿合奇县 and 内蒙古自治区 as standard files: every item, weight, office, duty, date
//! and word, counted and compared with the documents.

mod akqi;
mod daxiang;
mod inner_mongolia;
mod taobei;

use std::collections::{BTreeMap, BTreeSet};

use crate::standard::{
    self, AdjustmentRule, Check, Comparison, FindingKind, Method, MonthDay, Over, Part, Rule, Standard,
    UnitKind, When, method::Office,
};

use crate::testing::{project, shared};

pub(super) fn load(name: &str) -> Standard {
    Standard::load(name).unwrap_or_else(|why| panic!("{name}: {why:?}"))
}

/// A document, or a text of a file, without its formatting.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

pub(super) fn document(name: &str) -> Option<String> {
    let path = shared(&format!("seeds/{name}"))?;
    Some(squeezed(&std::fs::read_to_string(path).unwrap()))
}

/// The rows of an item table, without comment lines.
fn table(name: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = shared(&format!("items/{name}"))?;
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).unwrap();
    Some(reader.deserialize().map(|row| row.unwrap()).collect())
}

fn parts(standard: &Standard, item: &str) -> Vec<Part> {
    match &standard.item(item).unwrap().rule {
        Rule::Scored { parts, .. } => parts.clone(),
        other => panic!("{item} is {}", other.kind()),
    }
}

fn points(standard: &Standard, item: &str) -> Option<f64> {
    match &standard.item(item).unwrap().rule {
        Rule::Scored { points, .. } => *points,
        other => panic!("{item} is {}", other.kind()),
    }
}

fn check<'a>(standard: &'a Standard, item: &str, id: &str) -> &'a Check {
    let found = standard.item(item).unwrap().checks().iter().find(|check| check.id == id);
    found.unwrap_or_else(|| panic!("{item} has no check {id}"))
}

/// The condition of a check: `>= 95`.
fn asks(standard: &Standard, item: &str, id: &str) -> String {
    let check = check(standard, item, id);
    let compare = match check.compare {
        Comparison::AtLeast => ">=",
        Comparison::AtMost => "<=",
        Comparison::More => ">",
        Comparison::Less => "<",
        Comparison::Equal => "=",
    };
    format!("{compare} {}", check.required)
}

fn about<'a>(standard: &'a Standard, id: &str) -> Vec<(FindingKind, &'a str)> {
    let of = standard.document_findings.iter().filter(|finding| finding.about == id);
    of.map(|finding| (finding.kind, finding.text.zh.as_str())).collect()
}

/// The top headings, and those below them.
fn headings(standard: &Standard) -> (Vec<&str>, Vec<&str>) {
    let ids = |top: bool| {
        let those = standard.groups.iter().filter(|group| group.within.is_none() == top);
        those.map(|group| group.id.as_str()).collect()
    };
    (ids(true), ids(false))
}

/// Texts for readers are in both languages.
fn said_in_both_languages(standard: &Standard) {
    assert!(standard.title.en.is_some());
    for item in &standard.items {
        assert!(item.title.en.is_some(), "{}", item.id);
        assert!(item.note.as_ref().is_none_or(|note| note.en.is_some()), "{}", item.id);
        for check in item.checks() {
            assert!(check.title.en.is_some(), "{}.{}", item.id, check.id);
        }
    }
    for group in &standard.groups {
        assert!(group.title.en.is_some(), "{}", group.id);
    }
    for event in &standard.steps {
        assert!(
            event.title.en.is_some() && event.actor.en.is_some() && event.due.en.is_some(),
            "{}",
            event.id
        );
    }
    for text in standard.notes.iter().chain(standard.document_findings.iter().map(|finding| &finding.text)) {
        assert!(text.en.is_some(), "{}", text.zh);
    }
}

/// Every item has its text, an office and one part of the office's marking, unless `points` says otherwise.
fn marked_by_offices(standard: &Standard) {
    for item in &standard.items {
        assert!(
            !item.requirements.is_empty() && !item.offices.is_empty() && !item.clause.is_empty(),
            "{}",
            item.id
        );
        let parts = parts(standard, &item.id);
        assert_eq!(parts.len(), 1, "{}", item.id);
        assert_eq!(parts[0].method, Method::Office(Office), "{}", item.id);
        assert_eq!(parts[0].points, points(standard, &item.id), "{}", item.id);
        assert_eq!(parts[0].offices, item.offices, "{}", item.id);
    }
}

/// The words that an event quotes for its date are in the document.
fn dates_are_the_documents_words(standard: &Standard, seed: &str) {
    let Some(document) = document(seed) else { return };
    for event in &standard.steps {
        let dated = event.when != When::Unknown;
        assert!(!dated || !event.said.is_empty(), "{}", event.id);
        assert!(document.contains(&squeezed(&event.said)), "{}: {}", event.id, event.said);
    }
}

#[test]
fn every_document_has_its_calendar() {
    for (name, seed) in [
        ("bayannur-2020", "000_9398ef6a1cb67b42.txt"),
        ("taobei-2023", "001_8edf4f027e9bbda6.txt"),
        ("akqi-2021", "002_3cc2d5c2ad6db554.txt"),
        ("daxiang", "003_956f970e9311ed85.txt"),
        ("inner-mongolia", "004_2c34805fe727ab6d.txt"),
    ] {
        let standard = load(name);
        assert!(standard.step_of(standard::StepKind::Check).is_some(), "{name}");
        for step in &standard.steps {
            // A step that the document leaves open says so.
            let told = step.note.is_some()
                || step.every.is_some()
                || standard
                    .document_findings
                    .iter()
                    .any(|finding| finding.about == format!("step.{}", step.id))
                || step.said.is_empty();
            assert!(step.kind.is_some() && (step.when != When::Unknown || told), "{name} {}", step.id);
        }
        dates_are_the_documents_words(&standard, seed);
    }
}

#[test]
fn every_file_is_in_order() {
    for name in ["daxiang", "taobei-2023", "akqi-2021", "inner-mongolia"] {
        let path = project(&format!("data/standards/{name}.toml"));
        assert_eq!(standard::checked(&path).err(), None, "{name}");
        assert!(standard::names().unwrap().contains(&name.to_string()), "{name}");
    }
}
