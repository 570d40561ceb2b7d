//! Real statistics with all their irregularities: three schemas, old workbooks, merged headers, four encodings. Every
//! CV was computed independently.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    process::Output,
};

use junheng::notebook::Facts;

use crate::support::{junheng, project, shared};

/// n, pupils, mean, sd, cv.
type Row = [f64; 5];

/// Year, district, indicator.
type Key = (i32, String, String);

fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// What a file of expected values says; the year is 學年度 + 1911.
fn expected(path: &Path, district: impl Fn(&HashMap<String, String>) -> String) -> HashMap<Key, Row> {
    table(path)
        .iter()
        .map(|row| {
            let year = row.get("學年度").map_or(110, |year| year.parse::<i32>().unwrap()) + 1911;
            let values = ["n", "P_N", "xbar", "S", "CV"].map(|column| number(row, column));
            ((year, district(row), row["indicator"].clone()), values)
        })
        .collect()
}

fn found(folder: &Path) -> HashMap<Key, Row> {
    table(&folder.join("dispersion.csv"))
        .iter()
        .map(|row| {
            let key = (row["year"].parse().unwrap(), row["district_code"].clone(), row["indicator"].clone());
            (key, ["schools", "students", "mean", "sd", "cv"].map(|column| number(row, column)))
        })
        .collect()
}

fn run(pipeline: &Path) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let arguments = ["run", pipeline.to_str().unwrap(), "--out", out.to_str().unwrap(), "--no-documents"];
    let output = junheng(folder.path(), &arguments);
    assert!(output.status.success(), "{}: {}", pipeline.display(), String::from_utf8_lossy(&output.stderr));
    (folder, output)
}

/// Every expected row of the pipeline's own years and districts is found, and to 1e-9.
fn agree(pipeline: &Path, expected: &HashMap<Key, Row>) {
    let (folder, _) = run(pipeline);
    let found = found(&folder.path().join("out"));
    for (key, row) in expected {
        let mine = found.get(key).unwrap_or_else(|| panic!("{}: no {key:?}", pipeline.display()));
        assert_eq!(mine[..2], row[..2], "{}: schools and pupils of {key:?}", pipeline.display());
        for (mine, theirs) in mine.iter().zip(row) {
            assert!(
                (mine - theirs).abs() <= 1e-9 * theirs.abs(),
                "{}: {key:?}: {mine} is not {theirs}",
                pipeline.display()
            );
        }
    }
}

fn pipeline(name: &str) -> PathBuf {
    project(&format!("pipelines/{name}.toml"))
}

fn primary(kind: &str) -> Option<PathBuf> {
    shared(&format!("data/taiwan-primary/expected-{kind}.csv"))
}

#[test]
fn eight_years_in_three_schemas_by_code() {
    let Some(path) = primary("by_code") else { return };
    let expected = expected(&path, |row| row["縣市代碼"].clone());
    assert_eq!(expected.len(), 800);
    agree(&pipeline("taiwan-primary"), &expected);
}

#[test]
fn two_codes_with_one_name_are_one_district_by_name() {
    let Some(path) = primary("by_name") else { return };
    let expected = expected(&path, |row| row["縣市名稱"].clone());
    assert_eq!(expected.len(), 704);
    agree(&pipeline("taiwan-primary-by-name"), &expected);
}

#[test]
fn all_counties_as_one() {
    let Some(path) = primary("national") else { return };
    let expected = expected(&path, |_| "TW".to_string());
    assert_eq!(expected.len(), 32);
    let cv = |year: i32| expected[&(year, "TW".to_string(), "teachers".to_string())][4];
    assert_eq!(
        [cv(2014), cv(2017), cv(2021)].map(|cv| (cv * 1e9).round()),
        [444228103.0, 504231992.0, 560576463.0]
    );
    agree(&pipeline("taiwan-primary-national"), &expected);
}

/// School, fact, in the workbook, in the csv: the two publications of year 110 differ in these fourteen sums
/// (read with another library, the workbook says the same). All else is equal.
const REVISED: [(&str, &str, f64, f64); 14] = [
    ("011604", "staff", 20.0, 11.0),
    ("014687", "staff", 2.0, 4.0),
    ("014698", "staff", 1.0, 4.0),
    ("024678", "staff", 0.0, 2.0),
    ("054651", "staff", 0.0, 3.0),
    ("054693", "staff", 0.0, 2.0),
    ("064733", "female_teachers", 10.0, 8.0),
    ("064733", "teachers", 16.0, 14.0),
    ("074682", "staff", 3.0, 5.0),
    ("094710", "staff", 0.0, 2.0),
    ("114734", "staff", 0.0, 2.0),
    ("134641", "staff", 0.0, 2.0),
    ("134642", "staff", 0.0, 2.0),
    ("154711", "classes", 27.0, 18.0),
];

/// Values by school and fact.
type Values = BTreeMap<(String, &'static str), f64>;

/// Facts of a pipeline's year 2021, by school; and every school's district.
fn facts_of_2021(name: &str) -> (Values, HashMap<String, String>) {
    let facts = Facts::of_pipeline(pipeline(name)).unwrap().schools();
    let text = |column: &str| facts.column(column).unwrap().str().unwrap().clone();
    let (schools, districts) = (text("school_code"), text("district_code"));
    let years = facts.column("year").unwrap().i32().unwrap();
    let (mut values, mut homes) = (BTreeMap::new(), HashMap::new());
    for fact in ["students", "classes", "teachers", "female_teachers", "staff"] {
        let column = facts.column(fact).unwrap().f64().unwrap();
        for row in (0..facts.height()).filter(|row| years.get(*row) == Some(2021)) {
            let school = schools.get(row).unwrap().to_string();
            homes.insert(school.clone(), districts.get(row).unwrap().to_string());
            values.insert((school, fact), column.get(row).unwrap());
        }
    }
    (values, homes)
}

#[test]
fn an_old_binary_workbook_says_the_same_as_the_csv_of_its_year() {
    let Some(path) = primary("by_code") else { return };
    let (workbook, homes) = facts_of_2021("taiwan-primary-xls");
    let (csv, _) = facts_of_2021("taiwan-primary");
    assert_eq!(homes.len(), 2668);
    assert!(workbook.keys().eq(csv.keys()));
    let revised: Vec<_> = workbook
        .iter()
        .filter(|(key, value)| csv[*key] != **value)
        .map(|((school, fact), value)| (school.as_str(), *fact, *value, csv[&(school.clone(), *fact)]))
        .collect();
    assert_eq!(revised, REVISED);

    let mut expected = expected(&path, |row| row["縣市代碼"].clone());
    expected.retain(|(year, ..), _| *year == 2021);
    assert_eq!(expected.len(), 100);
    expected.retain(|(_, district, indicator), _| {
        !REVISED.iter().any(|(school, fact, ..)| homes[*school] == *district && fact == indicator)
    });
    assert_eq!(expected.len(), 90);
    agree(&pipeline("taiwan-primary-xls"), &expected);
}

#[test]
fn an_encoding_is_detected() {
    let Some(path) = primary("by_code") else { return };
    let mut expected = expected(&path, |row| row["縣市代碼"].clone());
    expected.retain(|(year, ..), _| *year == 2014);
    let text = std::fs::read_to_string(pipeline("taiwan-primary")).unwrap();
    let (common, _) = text.split_once("[[sources]]").unwrap();
    for encoding in ["gbk", "gb18030", "big5hkscs"] {
        let name = format!("103_basec.{encoding}.csv");
        let Some(input) = shared(&format!("data/taiwan-primary/derived/{name}")) else { return };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.toml");
        let inputs = "\"../../shared/data/taiwan-primary/*_basec.csv\"";
        assert!(common.contains(inputs));
        let common = common.replace(inputs, &format!("'{}'", input.display()));
        std::fs::write(&path, format!("{common}\n[[sources]]\nfile = \"{name}\"\nyear = 103\n")).unwrap();
        agree(&path, &expected);
    }
}

fn junior() -> Option<HashMap<Key, Row>> {
    let path = shared("data/taiwan-junior/expected-by_code.csv")?;
    Some(expected(&path, |row| row["縣市代碼"].replace("ALL", "TW")))
}

#[test]
fn junior_schools_under_a_plain_and_under_a_merged_header() {
    let Some(mut expected) = junior() else { return };
    expected.retain(|(_, district, _), _| district != "TW");
    assert_eq!(expected.len(), 75);
    agree(&pipeline("taiwan-junior"), &expected);
    agree(&pipeline("taiwan-junior-merged-header"), &expected);
}

#[test]
fn teachers_booked_elsewhere_are_found_and_said() {
    let Some(mut expected) = junior() else { return };
    expected.retain(|(_, district, _), _| district == "TW");
    let pipeline = pipeline("taiwan-junior-national");
    agree(&pipeline, &expected);
    let (folder, _) = run(&pipeline);
    let findings = table(&folder.path().join("out/findings.csv"));
    let of = |code: &str| findings.iter().filter(|row| row["code"] == code).collect::<Vec<_>>();
    let without = of("students_without_teachers");
    assert_eq!(without.len(), 225);
    assert!(without.iter().all(|row| !row["cell"].is_empty() && !row["school_code"].is_empty()));
    let note = of("many_without_teachers");
    assert_eq!(note.len(), 1);
    assert!(note[0]["message"].contains("225") && note[0]["message"].contains("959"), "{note:?}");
}

#[test]
fn one_school_has_pupils_and_no_teachers_and_one_teachers_and_no_pupils() {
    let Some(_) = primary("national") else { return };
    let (folder, _) = run(&pipeline("taiwan-primary"));
    let findings = table(&folder.path().join("out/findings.csv"));
    let schools = |code: &str| -> Vec<&str> {
        let rows = findings.iter().filter(|row| row["code"] == code && row["file"].contains("110_"));
        rows.map(|row| row["school_code"].as_str()).collect()
    };
    assert_eq!(schools("students_without_teachers"), ["191315"]);
    assert_eq!(schools("teachers_without_students"), ["063601"]);
}
