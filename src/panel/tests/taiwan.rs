//! The panel of a real decade compared with independently computed values.

use std::collections::HashMap;

use crate::{
    ingest::{self, Options},
    panel::{self, Level, PanelResult, PanelSpec, Resampling, StudyOptions, crosswalk::Crosswalk},
    pipeline,
    standard::Standard,
    tables::{row::Row, years::InMemoryYears},
    testing::{project, rows, shared},
    words::{Language, Words},
};

const DISTRICTS: PanelSpec = PanelSpec { level: Level::District, grouping: None };
const ALL: PanelSpec = PanelSpec { level: Level::All, grouping: None };

/// The decade, read with the pipeline's own mappings.
fn taiwan(crosswalk: bool) -> Option<PanelResult> {
    shared("data/taiwan-primary")?;
    let pipeline = pipeline::load(&project("pipelines/taiwan-primary-years.toml")).unwrap();
    let options = Options { mappings: pipeline.sources, ..Options::default() };
    let facts = ingest::read(&pipeline.inputs, &options, &|_, _, _| {}).unwrap();
    let standard = Standard::load(&pipeline.standard).unwrap();
    let path = project("pipelines/taiwan-crosswalk.csv");
    let crosswalk = Crosswalk::read(crosswalk.then_some(path.as_path()), None).unwrap();
    let resampling = Resampling { replicates: 0, ..Resampling::default() };
    let asked = StudyOptions { crosswalk, resampling, ..StudyOptions::default() };
    let words = Words::load(Language::Chinese).unwrap();
    let held = InMemoryYears::of(facts.facts.frame()).unwrap();
    Some(panel::panel(&held, &standard, &asked, &[DISTRICTS, ALL], &words, &|_, _| {}).unwrap())
}

/// Every expected row is found and agrees to 1e-9. `key` identifies the row: a column and its value.
fn agree(
    found: &polars::prelude::DataFrame,
    expected: &str,
    key: impl Fn(&HashMap<String, String>) -> (&'static str, String),
) {
    let path = shared(&format!("data/taiwan-primary/expected-{expected}.csv")).unwrap();
    let mut by_key = HashMap::new();
    for row in Row::all(found) {
        for column in ["district_code", "district_name"] {
            let key = (
                column,
                row.text_or_empty(column),
                row.integer("year").unwrap(),
                row.text_or_empty("indicator"),
            );
            assert!(by_key.insert(key, row).is_none() || column == "district_name", "{key:?} twice");
        }
    }
    let all = rows(&path);
    assert_eq!(all.len(), found.height());
    for row in all {
        let (column, value) = key(&row);
        let key = (column, value.as_str(), row["學年度"].parse().unwrap(), row["indicator"].as_str());
        let mine = by_key.get(&key).unwrap_or_else(|| panic!("no {key:?}"));
        let sum = mine.number("mean").unwrap() * mine.number("students").unwrap();
        for (name, found) in [
            ("n", mine.number("schools").unwrap()),
            ("P_N", mine.number("students").unwrap()),
            ("sum_x", sum),
            ("xbar", mine.number("mean").unwrap()),
            ("S", mine.number("sd").unwrap()),
            ("CV", mine.number("cv").unwrap()),
        ] {
            let theirs: f64 = row[name].parse().unwrap();
            assert!((found - theirs).abs() <= 1e-9 * theirs.abs(), "{key:?}: {name} {found}, not {theirs}");
        }
    }
}

#[test]
fn the_decade_by_code_as_it_is_kept() {
    let Some(found) = taiwan(false) else { return };
    agree(found.panels[0].frame(), "by_code", |row| ("district_code", row["縣市代碼"].clone()));
    agree(found.panels[1].frame(), "national", |_| ("district_code", "all".into()));
    // Three names have two codes, and one code two names.
    let told: Vec<&str> = found.findings.iter().map(|problem| problem.code).collect();
    let merged = "crosswalk_suggest_merged";
    assert_eq!(told, [merged, merged, merged, "crosswalk_suggest_name"]);
    assert_eq!(found.suggested.height(), 4);
    assert_eq!(found.joined.height(), 1);
}

#[test]
fn the_decade_by_name_through_the_crosswalk() {
    let Some(found) = taiwan(true) else { return };
    agree(found.panels[0].frame(), "by_name", |row| {
        let name = if row["縣市名稱"] == "桃園縣" { "桃園市" } else { &row["縣市名稱"] };
        ("district_name", name.to_string())
    });
    agree(found.panels[1].frame(), "national", |_| ("district_code", "all".into()));
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    assert_eq!(found.suggested.height(), 0);
    let kinds: Vec<(&str, Option<i64>)> = found.joined.rows().map(|row| (row.kind(), row.line())).collect();
    assert_eq!(kinds.iter().filter(|(kind, _)| *kind == "merged").count(), 3 * 8);
    assert_eq!(kinds.iter().filter(|one| **one == ("renamed", Some(5))).count(), 1);
}

#[test]
fn the_nation_comes_to_lie_over_one_half_in_106() {
    let Some(found) = taiwan(true) else { return };
    let teachers = found.panels[1].rows().filter(|row| row.indicator() == "teachers");
    let cv: HashMap<i32, f64> = teachers.map(|row| (row.year(), row.cv().unwrap())).collect();
    for (year, expected) in [(103, 0.444228103), (106, 0.504231992), (110, 0.560576463)] {
        assert!((cv[&year] - expected).abs() < 1e-9, "{year}: {}", cv[&year]);
    }
    assert!((103..106).all(|year| cv[&year] < 0.5) && (106..=110).all(|year| cv[&year] > 0.5));
}
