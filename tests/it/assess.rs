//! The main job against answers computed apart (`tests/county`: the inputs and what they must give).

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::support::{junheng, project, rows};

/// Runs `assess` on files of `tests/county`; gives the folder with the tables.
fn assess(inputs: &[&str], more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let inputs: Vec<String> =
        inputs.iter().map(|i| project("tests/county").join(i).display().to_string()).collect();
    let mut args = vec!["assess"];
    args.extend(inputs.iter().map(String::as_str));
    args.extend(["--out", "out"]);
    args.extend(more);
    let run = junheng(folder.path(), &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let out = folder.path().join("out");
    (folder, out)
}

const NATIONAL: [&str; 2] = ["--standard", "quality-balance-2017"];

fn near(found: &str, expected: &Value, what: &str) {
    let (found, expected) = (found.parse::<f64>().expect(what), expected.as_f64().expect(what));
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{what}: {found}, expected {expected}"
    );
}

/// Every value, verdict and dispersion of `tests/county/<oracle>`, no more and no less.
fn matches(out: &Path, oracle: &str) {
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(project("tests/county").join(oracle)).unwrap())
            .unwrap();
    let said = |row: &HashMap<String, String>, column: &str| row[column] == "true";

    let measures = rows(&out.join("measures.csv"));
    let wanted = expected["measures"].as_object().unwrap();
    assert_eq!(measures.len(), wanted.len());
    for row in &measures {
        let key = format!("{}|{}|{}", row["school_code"], row["section"], row["indicator"]);
        let wanted = &wanted[&key];
        near(&row["value"], &wanted["value"], &key);
        near(&row["denominator"], &wanted["students"], &key);
        assert_eq!(said(row, "met"), wanted["met"].as_bool().unwrap(), "{key}");
        assert_eq!(said(row, "floor_met"), wanted["floor_met"].as_bool().unwrap(), "{key}");
    }

    let schools = rows(&out.join("schools.csv"));
    let wanted = expected["schools"].as_object().unwrap();
    assert_eq!(schools.len(), wanted.len());
    for row in &schools {
        let key = format!("{}|{}", row["school_code"], row["section"]);
        near(&row["indicators_met"], &wanted[&key]["indicators_met"], &key);
        assert_eq!(said(row, "met"), wanted[&key]["met"].as_bool().unwrap(), "{key}");
    }

    let dispersion = rows(&out.join("dispersion.csv"));
    let wanted = expected["dispersion"].as_object().unwrap();
    assert_eq!(dispersion.len(), wanted.len());
    for row in &dispersion {
        let key = format!("{}|{}", row["section"], row["indicator"]);
        for column in ["schools", "mean", "sd", "cv"] {
            near(&row[column], &wanted[&key][column], &format!("{key} {column}"));
        }
        assert_eq!(said(row, "met"), wanted[&key]["met"].as_bool().unwrap(), "{key}");
    }
}

#[test]
fn the_wide_sheet() {
    matches(&assess(&["county.xlsx"], &NATIONAL).1, "expected.json");
}

#[test]
fn the_wide_sheet_as_csv_in_gbk() {
    matches(&assess(&["county-gbk.csv"], &NATIONAL).1, "expected.json");
}

#[test]
fn the_wide_sheet_with_reliefs() {
    let more = [&NATIONAL[..], &["--reliefs"]].concat();
    matches(&assess(&["county.xlsx"], &more).1, "expected-reliefs.json");
}

#[test]
fn the_three_exports() {
    matches(&assess(&["export"], &NATIONAL).1, "expected-export.json");
}

#[test]
fn the_exports_one_by_one() {
    let files = ["export/初中.xlsx", "export/小学.xlsx", "export/高中.xlsx"];
    matches(&assess(&files, &NATIONAL).1, "expected-export.json");
}

#[test]
fn the_folder_of_forms() {
    matches(&assess(&["forms"], &NATIONAL).1, "expected-forms.json");
}

/// The same county as a sheet and as forms: equal values are one, and nothing changes.
#[test]
fn sheet_and_forms_at_once() {
    matches(&assess(&["county.xlsx", "forms"], &NATIONAL).1, "expected.json");
}

/// A run's own facts.parquet is an input like any other, with the cells it came from.
#[test]
fn facts_of_a_run_again() {
    let (first, out) = assess(&["county.xlsx"], &NATIONAL);
    let run =
        junheng(first.path(), &[&["assess", "out/facts.parquet", "--out", "again"], &NATIONAL[..]].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    matches(&first.path().join("again"), "expected.json");
    let text = |folder: &Path| std::fs::read_to_string(folder.join("measures.csv")).unwrap();
    assert_eq!(text(&out), text(&first.path().join("again")));
}

/// The streaming way (`--tables districts,dispersion` on one Parquet file) gives the tables of the ordinary way.
#[test]
fn chunk_by_chunk_is_the_same() {
    let (folder, out) = assess(&["county.xlsx"], &NATIONAL);
    let args = ["assess", "out/facts.parquet", "--tables", "districts,dispersion", "--out", "stream"];
    let run = junheng(folder.path(), &[&args[..], &NATIONAL[..]].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    for table in ["districts.csv", "dispersion.csv"] {
        let text = |folder: &Path| std::fs::read_to_string(folder.join(table)).unwrap();
        assert_eq!(text(&out), text(&folder.path().join("stream")), "{table}");
    }
}

/// 大祥区 wants all seven of every school.
#[test]
fn all_seven_by_daxiang() {
    let (_folder, out) = assess(&["county.xlsx"], &["--standard", "daxiang"]);
    let schools = rows(&out.join("schools.csv"));
    assert!(schools.iter().any(|row| row["indicators_met"] == "6" && row["met"] == "false"));
    for row in &schools {
        assert_eq!(row["met"] == "true", row["indicators_met"] == "7", "{row:?}");
    }
    let items = rows(&out.join("items.csv"));
    let ids: Vec<String> = (1..=36).map(|i| i.to_string()).collect();
    assert_eq!(items.iter().map(|row| row["item"].clone()).collect::<Vec<_>>(), ids);
}

/// The shares of CV² add up, and the amounts bring the CV to its limit.
#[test]
fn a_lower_limit_has_shares_that_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let edition = "id = \"strict\"\nextends = \"quality-balance-2017\"\ntitle.zh = \"严\"\nversion = \"1\"\n\
        source = \"试验\"\n[[indicator]]\nid = \"L5\"\nlimit = { primary = 0.2, junior = 0.2 }\n";
    let path = folder.path().join("strict.toml");
    std::fs::write(&path, edition).unwrap();
    let (_run, out) = assess(&["county.xlsx"], &["--standard", path.to_str().unwrap()]);
    let shares = rows(&out.join("shares.csv"));
    assert_eq!(shares.len(), 43);
    let of = |section: &str| -> Vec<&HashMap<String, String>> {
        shares.iter().filter(|row| row["section"] == section).collect()
    };
    let measures = rows(&out.join("measures.csv"));
    for section in ["primary", "junior"] {
        let whole: f64 = of(section).iter().map(|row| row["share"].parse::<f64>().unwrap()).sum();
        assert!((whole - 1.0).abs() < 1e-9);
        let mut schools = Vec::new();
        for row in of(section) {
            let own = |m: &&HashMap<String, String>| {
                m["school_code"] == row["school_code"] && m["section"] == *section && m["indicator"] == "L5"
            };
            let measure = measures.iter().find(own).unwrap();
            let number = |text: &String| text.parse::<f64>().unwrap();
            schools.push((
                number(&measure["numerator"]) + number(&row["amount"]),
                number(&measure["denominator"]),
            ));
        }
        let raised = junheng::measure::dispersion::dispersion(1.0, &schools).unwrap();
        assert!((raised.cv - 0.2).abs() < 1e-9, "{section}: {}", raised.cv);
    }
}

/// `explain --sql` in another engine gives our numbers. DuckDB comes from PyPI (`tests/run.sh`).
#[test]
fn the_query_in_duckdb() {
    let Some(python) = crate::support::python_with("duckdb") else { return };
    for (standard, reliefs) in
        [("quality-balance-2017", false), ("quality-balance-2017", true), ("daxiang", false)]
    {
        let mut more = vec!["--standard", standard];
        if reliefs {
            more.push("--reliefs");
        }
        let (folder, out) = assess(&["county.xlsx"], &more);
        let mut args = vec!["explain", "--sql"];
        args.extend(&more);
        let query = junheng(folder.path(), &args);
        assert_eq!(query.status.code(), Some(0), "{}", String::from_utf8_lossy(&query.stderr));
        std::fs::write(out.join("query.sql"), &query.stdout).unwrap();
        let script =
            "import duckdb,sys;duckdb.sql(open('query.sql',encoding='utf-8').read()).write_csv('duckdb.csv')";
        let run =
            std::process::Command::new(&python).args(["-c", script]).current_dir(&out).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let (ours, theirs) = (rows(&out.join("dispersion.csv")), rows(&out.join("duckdb.csv")));
        assert_eq!(ours.len(), theirs.len());
        for (a, b) in ours.iter().zip(&theirs) {
            for key in ["district_code", "year", "section", "indicator", "schools"] {
                assert_eq!(a[key], b[key], "{a:?}");
            }
            for column in ["students", "mean", "sd", "cv"] {
                let (a, b): (f64, f64) = (a[column].parse().unwrap(), b[column].parse().unwrap());
                assert!((a - b).abs() <= 1e-12 * a.abs(), "{column} {a} {b}");
            }
        }
    }
}

/// A folder with the county in four shapes, and a file named twice: every school once, and it is said once a folder.
#[test]
fn a_county_given_several_times_is_judged_once() {
    let (_folder, out) = assess(&["county.xlsx", "./county.xlsx"], &NATIONAL);
    matches(&out, "expected.json");
    let codes = |out: &Path| -> Vec<String> {
        rows(&out.join("findings.csv")).into_iter().map(|row| row["code"].clone()).collect()
    };
    assert!(!codes(&out).iter().any(|code| code.contains("twice")));

    let (_folder, out) = assess(&["."], &NATIONAL);
    matches(&out, "expected.json");
    let said: Vec<String> = codes(&out).into_iter().filter(|code| code.contains("twice")).collect();
    assert_eq!(said, ["schools_given_twice"; 3], "of the other wide sheet, the exports, the forms");
}
