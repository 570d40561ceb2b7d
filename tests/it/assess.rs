//! The main job compared with independently computed answers (`tests/county`: inputs and expected results).

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
    args.extend(["--out", "out", "--no-documents"]);
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
    let run = junheng(
        first.path(),
        &[&["assess", "out/facts.parquet", "--out", "again", "--no-documents"], &NATIONAL[..]].concat(),
    );
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
            let amount = number(&measure["numerator"]) + number(&row["amount"]);
            schools.push((Some(amount), Some(number(&measure["denominator"]))));
        }
        let raised = junheng::equity::Distribution::of(schools).cv().unwrap();
        assert!((raised - 0.2).abs() < 1e-9, "{section}: {raised}");
    }
}

/// `explain --sql` in another engine gives our numbers. DuckDB comes from PyPI (`tests/run.sh`).
#[test]
fn the_query_in_duckdb() {
    let Some(python) = crate::support::python_with("duckdb") else { return };
    for (county, standard, reliefs) in [
        ("county.xlsx", "quality-balance-2017", false),
        ("county.xlsx", "quality-balance-2017", true),
        ("county.xlsx", "daxiang", false),
        ("../../data/demo/大祥区.xlsx", "basic-balance-2012", false),
    ] {
        let mut more = vec!["--standard", standard];
        if reliefs {
            more.push("--reliefs");
        }
        let (folder, out) = assess(&[county], &more);
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
                // A mean of CVs has no mean and no deviation of its own.
                if a["indicator"] == "CV" && matches!(column, "mean" | "sd") {
                    assert_eq!((a[column].as_str(), b[column].as_str()), ("", ""));
                    continue;
                }
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

/// What items and gaps of the example county are, worked out apart (`tests/county/expected_items.py`).
#[test]
fn items_and_gaps_as_worked_out_apart() {
    let text = std::fs::read_to_string(project("tests/county/expected-items.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    for (mode, more) in [("plain", &[][..]), ("reliefs", &["--reliefs"])] {
        let (_folder, out) = assess(&["county.xlsx"], &[&NATIONAL[..], more].concat());
        let key = |parts: [&str; 4], value: f64| format!("{}|{value:.6}", parts.join("|"));
        let mut ours: Vec<(String, f64, f64)> = rows(&out.join("gaps.csv"))
            .iter()
            .filter(|row| !row["shortfall"].is_empty())
            .map(|row| {
                let parts = ["item", "school_code", "section", "unit"].map(|column| row[column].as_str());
                let number = |column: &str| row[column].parse::<f64>().unwrap();
                (key(parts, number("current")), number("required"), number("shortfall"))
            })
            .collect();
        let mut theirs: Vec<(String, f64, f64)> = expected[mode]["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|gap| {
                let parts = ["item", "school_code", "section", "unit"].map(|c| gap[c].as_str().unwrap());
                let number = |column: &str| gap[column].as_f64().unwrap();
                (key(parts, number("current")), number("required"), number("shortfall"))
            })
            .collect();
        ours.sort_by(|a, b| a.0.cmp(&b.0));
        theirs.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(ours.len(), theirs.len(), "{mode}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours.0, theirs.0, "{mode}");
            for (a, b) in [(ours.1, theirs.1), (ours.2, theirs.2)] {
                assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{mode} {}: {a}, expected {b}", ours.0);
            }
        }
        let items = rows(&out.join("items.csv"));
        for (id, wanted) in expected[mode]["items"].as_object().unwrap() {
            let item = items.iter().find(|row| row["item"] == *id).unwrap();
            let numbers = |name: &str| wanted.get(name).and_then(Value::as_object).into_iter().flatten();
            let unmet = numbers("unmet").any(|(_, n)| n.as_f64() > Some(0.0))
                || numbers("met").any(|(_, met)| met.as_bool() == Some(false));
            assert_eq!(item["status"] == "unmet", unmet, "{mode} {id}");
            for (check, n) in numbers("unmet") {
                // Of an item that is not met, a list in which nothing is wrong is not told.
                if unmet && n.as_f64() == Some(0.0) {
                    continue;
                }
                let (all, detail) = (&wanted["rows"][check], &item["detail"]);
                let parts =
                    [format!("{all} 个学段部中 {n} 个未达标"), format!("{all} 所学校中 {n} 所未达标")];
                assert!(parts.iter().any(|part| detail.contains(part)), "{mode} {id}: {detail}");
            }
            if let Some((_, value)) = numbers("values").find(|_| numbers("values").count() == 1) {
                near(&item["value"], value, id);
            }
        }
    }
}

/// The same run twice says the same, row by row.
#[test]
fn twice_is_the_same() {
    let [(_a, first), (_b, second)] = [(); 2].map(|()| assess(&["county.xlsx"], &["--standard", "daxiang"]));
    for table in ["measures", "dispersion", "items", "gaps"] {
        let text = |out: &Path| std::fs::read_to_string(out.join(table).with_extension("csv")).unwrap();
        assert_eq!(text(&first), text(&second), "{table}");
    }
}

/// 99.97 % of the pupils is not 100 %, and does not print as if it were; by the printed number it is.
#[test]
fn an_item_on_the_edge_is_compared_as_the_setting_says() {
    for (setting, status) in [("comparison=exact", "unmet"), ("comparison=printed", "met")] {
        let (_folder, out) = assess(&["county.xlsx"], &[&NATIONAL[..], &["--set", setting]].concat());
        let items = rows(&out.join("items.csv"));
        let item = items.iter().find(|row| row["item"] == "G13").unwrap();
        assert_eq!(item["status"], status);
        assert!(item["detail"].contains("99.97%"), "{}", item["detail"]);
    }
}

/// The example county as a wide csv of its own, with cells of the first rows changed: the header's name, the
/// row (0 the first school), and what stands there. `schools`: how many rows are kept.
fn changed(
    schools: usize,
    cells: &[(&str, usize, &str)],
    answers: &[(&str, &str)],
) -> (tempfile::TempDir, Vec<String>) {
    let bytes = std::fs::read(project("tests/county/county-gbk.csv")).unwrap();
    let (text, _, _) = encoding_rs::GBK.decode(&bytes);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
    let mut lines: Vec<Vec<String>> =
        reader.records().take(schools).map(|r| r.unwrap().iter().map(str::to_string).collect()).collect();
    for (name, row, value) in cells {
        let column = header.iter().position(|h| h == name).unwrap_or_else(|| panic!("{name}"));
        lines[*row][column] = value.to_string();
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, lines: &[Vec<String>]| {
        let path = folder.path().join(name);
        let mut writer = csv::Writer::from_path(&path).unwrap();
        lines.iter().for_each(|line| writer.write_record(line).unwrap());
        writer.flush().unwrap();
        path.display().to_string()
    };
    lines.insert(0, header);
    let mut inputs = vec![write("county.csv", &lines)];
    if !answers.is_empty() {
        let head = ["编号", "结论或得分"].map(str::to_string).to_vec();
        let of = |(id, answer): &(&str, &str)| vec![id.to_string(), answer.to_string()];
        let lines: Vec<Vec<String>> = std::iter::once(head).chain(answers.iter().map(of)).collect();
        inputs.push(write("answers.csv", &lines));
    }
    (folder, inputs)
}

fn run(folder: &Path, inputs: &[String], more: &[&str]) -> Vec<HashMap<String, String>> {
    let mut args = vec!["assess"];
    args.extend(inputs.iter().map(String::as_str));
    args.extend(["--out", "out", "--no-documents"]);
    args.extend(more);
    let run = junheng(folder, &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    rows(&folder.join("out/items.csv"))
}

/// On the threshold, on the floor, under it: no binary fraction decides.
#[test]
fn exactly_on_the_threshold_and_the_floor() {
    let of = |row: usize| {
        [
            ("小学在校生数", row, "500"),
            ("小学专科学历教师数", row, "1"),
            ("小学本科学历教师数", row, "20"),
            ("小学硕士学历教师数", row, "0"),
            ("小学博士学历教师数", row, "0"),
            ("教学及辅助用房面积", row, "2250.3"),
            ("室内体育用房面积", row, "0.3"),
            ("体育馆面积", row, "0.1"),
            ("体育场面积", row, "3187.4"),
        ]
    };
    let mut cells = of(0).to_vec();
    cells.extend(of(1));
    // 6.37498 is under the floor of 6.375, 500 × 0.00002 = 0.01 ㎡ short.
    cells.push(("体育场面积", 1, "3187.39"));
    let (folder, inputs) = changed(2, &cells, &[]);
    run(folder.path(), &inputs, &NATIONAL);
    let measures = rows(&folder.path().join("out/measures.csv"));
    let said = |school: &str, indicator: &str| {
        let row =
            measures.iter().find(|m| m["school_code"] == school && m["indicator"] == indicator).unwrap();
        (row["met"].clone(), row["floor_met"].clone(), row["floor"].clone())
    };
    let expected =
        |met: &str, floor_met: &str, floor: &str| (met.to_string(), floor_met.to_string(), floor.to_string());
    assert_eq!(said("2143000000", "L1"), expected("true", "true", "3.57"));
    assert_eq!(said("2143000000", "L4"), expected("true", "true", "3.825"));
    assert_eq!(said("2143000000", "L5"), expected("false", "true", "6.375"));
    assert_eq!(said("2143000001", "L5"), expected("false", "false", "6.375"));
}

/// A CV of exactly 0.5 is within the limit (values 1 and 3 of schools alike in size).
#[test]
fn a_dispersion_exactly_on_its_limit() {
    let mut cells = Vec::new();
    for (row, equipment) in [(0, "0.3"), (1, "0.9")] {
        cells.extend([("小学在校生数", row, "500"), ("教学仪器设备值", row, equipment)]);
    }
    let (folder, inputs) = changed(2, &cells, &[]);
    run(folder.path(), &inputs, &NATIONAL);
    let dispersion = rows(&folder.path().join("out/dispersion.csv"));
    let found = dispersion.iter().find(|row| row["indicator"] == "L6").unwrap();
    assert_eq!((found["met"].as_str(), found["borderline"].as_str()), ("true", "false"), "{found:?}");
}

/// A fact missing in one school: named with its school and cell, and neither the item nor the value is met.
#[test]
fn what_is_missing_is_named_and_not_met() {
    let cells = [("小学五年满360学时教师数", 1, ""), ("教学仪器设备值", 0, "")];
    let (folder, inputs) = changed(3, &cells, &[]);
    let items = run(folder.path(), &inputs, &NATIONAL);
    assert_eq!(items.iter().find(|row| row["item"] == "G9").unwrap()["status"], "missing");
    assert_eq!(items.iter().find(|row| row["item"] == "L6").unwrap()["status"], "missing");
    let findings = rows(&folder.path().join("out/findings.csv"));
    let found = |code: &str, fact: &str, school: &str| {
        findings.iter().any(|f| {
            f["code"] == code && f["fact"] == fact && f["school_code"] == school && f["cell"].len() > 1
        })
    };
    assert!(found("check_missing", "trained_teachers", "2143000001"), "{findings:?}");
    assert!(found("measure_missing", "equipment_value", "2143000000"), "{findings:?}");
    // A fact of the district is one finding; so is a column that the sheet has not.
    let about = |fact: &str| findings.iter().filter(|f| f["fact"] == fact).count();
    assert_eq!(about("satisfaction"), 1);
}

/// A conclusion that says no is a gap of its own, beside data that are met; a score above its points is a slip, not a
/// failure; a total without a grade is no failure either.
#[test]
fn conclusions_and_scores() {
    let (folder, inputs) =
        changed(2, &[], &[("16", "未达标"), ("8.1", "4"), ("8.2", "2"), ("8.3", "3"), ("8.4", "2")]);
    let items = run(folder.path(), &inputs, &["--standard", "daxiang"]);
    let item = |id: &str| items.iter().find(|row| row["item"] == id).unwrap();
    assert_eq!(item("16")["status"], "unmet");
    assert_eq!((item("8")["status"].as_str(), item("8")["score"].as_str()), ("missing", ""));
    let gaps = rows(&folder.path().join("out/gaps.csv"));
    let of = |id: &str| gaps.iter().filter(|gap| gap["item"] == id).collect::<Vec<_>>();
    assert!(of("16").iter().any(|gap| gap["unit"] == "佐证"), "{:?}", of("16"));
    assert_eq!(of("8").len(), 1);
}
