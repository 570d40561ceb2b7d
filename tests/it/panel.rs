//! Many districts and years: the panel of a real decade against values that somebody else computed.

use std::collections::HashMap;

use junheng::{
    ingest::{self, Options},
    panel::{self, Level, PanelResult, PanelSpec, Resampling, StudyOptions, crosswalk::Crosswalk},
    pipeline,
    standard::Standard,
    tables::{row::Row, years::InMemoryYears},
    words::{Language, Words},
};

use crate::support::{copy, junheng, once, project, python_with, rows, shared};

const DISTRICTS: PanelSpec = PanelSpec { level: Level::District, grouping: None };
const ALL: PanelSpec = PanelSpec { level: Level::All, grouping: None };

/// The decade by the pipeline's own mappings.
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

/// Every expected row is found, and to 1e-9. `key` says where an expected row is found: the column and its value.
fn agree(
    found: &polars::prelude::DataFrame,
    expected: &str,
    key: impl Fn(&HashMap<String, String>) -> (&'static str, String),
) {
    let path = shared(&format!("data/taiwan-primary/expected-{expected}.csv")).unwrap();
    let mut by_key = HashMap::new();
    for row in Row::all(found) {
        for column in ["district_code", "district_name"] {
            let key = (column, row.said(column), row.whole("year").unwrap(), row.said("indicator"));
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

/// A store of made districts: eight of them in three years, of which two merge, one is not there in the middle, one is
/// renamed with its code and one without.
fn made() -> tempfile::TempDir {
    copy(&once("panel", |folder| {
        let run = |args: &[&str]| {
            let output = junheng(folder, args);
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(&["synth", "--years", "2022..2024", "--districts", "8", "--schools", "10", "--out", "made"]);
        run(&["store", "add", "made/years", "--store", "kept"]);
    }))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_program_from_store_to_panel() {
    let folder = made();
    let panel = |out: &str, threads: &str, more: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_junheng"))
            .args(["panel", "--store", "kept", "--replicates", "40", "--out", out])
            .args(more)
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let crosswalk = ["--crosswalk", "made/crosswalk.csv"];
    insta::assert_snapshot!(
        "panel_screen",
        panel("p", "2", &[&crosswalk[..], &["--group", "city", "--group", "location"]].concat())
    );
    let at = |out: &str, name: &str| folder.path().join(out).join(name);
    for name in ["panel", "panel-city", "panel-city-location", "standings", "coverage", "joined"] {
        assert!(
            at("p", &format!("{name}.csv")).exists() && at("p", &format!("{name}.parquet")).exists(),
            "{name}"
        );
    }
    // Alone and with one thread: the same districts to the last byte.
    panel("alone", "1", &crosswalk);
    let bytes = |out: &str| std::fs::read(at(out, "panel.csv")).unwrap();
    assert!(bytes("p") == bytes("alone"));
    // What made it.
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(at("p", "run.json")).unwrap()).unwrap();
    let study = &run["study"];
    assert_eq!(
        (study["commit"].as_u64(), study["seed"].as_u64(), study["replicates"].as_u64()),
        (Some(1), Some(1), Some(40))
    );
    assert_eq!(study["crosswalk"]["file"], "made/crosswalk.csv");
    // Merged districts are told, with the line that says so.
    let joined = rows(&at("p", "joined.csv"));
    assert!(joined.iter().any(|row| row["kind"] == "merged" && !row["line"].is_empty()), "{joined:?}");
    // The year that is not there: coverage says none, and changes are null on both sides of it.
    let absent: Vec<_> = rows(&at("p", "coverage.csv")).into_iter().filter(|row| row["of"] == "0").collect();
    assert!(!absent.is_empty() && absent.iter().all(|row| row["year"] == "2023" && row["status"] == "none"));
    let code = &absent[0]["district_code"];
    let mine: Vec<_> =
        rows(&at("p", "panel.csv")).into_iter().filter(|row| row["district_code"] == *code).collect();
    assert!(!mine.is_empty() && mine.iter().all(|row| row["cv_change"].is_empty() && row["year"] != "2023"));
    // Without the crosswalk one is suggested, in its own form: it is read back.
    panel("suggest", "2", &[]);
    let suggested = at("suggest", "crosswalk-suggested.csv");
    assert!(!rows(&suggested).is_empty());
    panel("again", "2", &["--crosswalk", "suggest/crosswalk-suggested.csv"]);
    assert!(!at("again", "crosswalk-suggested.csv").exists());
}

#[test]
fn what_cannot_be_studied_is_said() {
    let folder = made();
    let refused = |more: &[&str]| {
        let args = [&["panel", "--store", "kept", "--replicates", "0", "--out", "p"], more].concat();
        let output = junheng(folder.path(), &args);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        assert!(!folder.path().join("p").exists());
        text(&output.stderr)
    };
    std::fs::write(
        folder.path().join("circle.csv"),
        "原代码,原名称,现代码,现名称,起始年度,终止年度\n430501,,430502,,,\n430502,,430503,,2020,\n430503,,430501,,,2023\n",
    )
    .unwrap();
    insta::assert_snapshot!("crosswalk_circle", refused(&["--crosswalk", "circle.csv"]));
    let told = refused(&["--districts", "大翔区"]);
    assert!(told.contains("大翔区") && told.contains("相近的"), "{told}");
    let told = refused(&["--years", "2030.."]);
    assert!(told.contains("2022、2023、2024"), "{told}");
    let outlook = junheng(folder.path(), &["outlook", "--store", "kept", "--years", "2030", "--out", "p"]);
    assert!(text(&outlook.stderr).contains("2022、2023、2024"), "{}", text(&outlook.stderr));
}

/// What is kept was judged by a setting and with reliefs: a study does so too, where it names no standard.
#[test]
fn a_study_goes_by_the_rules_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = junheng(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    run(&["synth", "--years", "2023..2024", "--districts", "2", "--schools", "6", "--out", "made"]);
    let add = |year: &str, more: &[&str]| {
        run(&[&["store", "add", year, "--store", "kept"], more].concat());
    };
    add("made/years/2023.csv", &["--set", "comparison=printed", "--reliefs"]);
    let panel = |out: &str, more: &[&str]| {
        let args =
            [&["panel", "--store", "kept", "--replicates", "0", "--no-xlsx", "--out", out], more].concat();
        let told = run(&args);
        let json = std::fs::read(folder.path().join(out).join("run.json")).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let comparison = json["standards"][0]["settings"]["comparison"].as_str().unwrap().to_string();
        (comparison, json["reliefs"].as_bool().unwrap(), told)
    };
    let (comparison, reliefs, _) = panel("a", &[]);
    assert_eq!((comparison.as_str(), reliefs), ("printed", true));
    assert!(!folder.path().join("a/panel.xlsx").exists() && folder.path().join("a/panel.csv").exists());
    let (comparison, reliefs, _) = panel("b", &["--set", "comparison=exact"]);
    assert_eq!((comparison.as_str(), reliefs), ("exact", true), "what is asked for goes first");
    let (comparison, reliefs, _) = panel("c", &["--standard", "quality-balance-2017"]);
    assert_eq!((comparison.as_str(), reliefs), ("exact", false));
    // Rules that differ are not chosen among: that is said.
    add("made/years/2024.csv", &[]);
    let (comparison, reliefs, told) = panel("d", &[]);
    assert_eq!((comparison.as_str(), reliefs), ("exact", false));
    assert!(told.contains("不同的标准、设置或过渡性放宽"), "{told}");
}

#[test]
fn the_rules_by_themselves_say_the_same() {
    let Some(python) = python_with("fractions") else { return };
    let folder = crate::outlook::store(Some(&python));
    let here = folder.path();
    let script = |args: &[&str]| {
        let run = std::process::Command::new(&python)
            .arg(project("tests/panel.py"))
            .args(args)
            .env("PYTHONIOENCODING", "utf-8")
            .current_dir(here)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}{}", text(&run.stdout), text(&run.stderr));
    };
    let run = |args: &[&str]| {
        let output = junheng(here, args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    };
    let panel = |out: &str, groups: &[&str]| {
        let usual = ["panel", "--replicates", "0", "--crosswalk", "made/crosswalk.csv"];
        let mut args = [&usual[..], &["--regions", "made/regions.csv", "--out", out]].concat();
        args.extend(groups.iter().flat_map(|group| ["--group", *group]));
        run(&args);
    };
    // Every level, and by location within it; districts by each grouping.
    panel("levels", &["city", "province", "all", "location"]);
    panel("groups", &["location", "ownership", "type"]);
    script(&["check", "made", "levels", "groups"]);
}
