//! Parquet files that other programs made, and damaged ones.

use std::path::Path;

use junheng::{
    assess::stream,
    ingest::{self, Options, parquet::long},
    standard::Standard,
};
use polars::prelude::*;

use crate::support::{junheng, project, rows};

/// What `assess` reads of an example, without the columns that say where it was read.
fn facts(name: &str) -> Vec<Vec<(String, String)>> {
    let folder = tempfile::tempdir().unwrap();
    let input = project(&format!("tests/examples/{name}"));
    let run =
        junheng(folder.path(), &["assess", input.to_str().unwrap(), "--out", "out", "--tables", "facts"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let rows = rows(&folder.path().join("out/facts.csv")).into_iter();
    let told = |(name, value): &(String, String)| !name.starts_with("source_") && !value.is_empty();
    rows.map(|row| {
        let mut row: Vec<_> = row.into_iter().filter(told).collect();
        row.sort();
        row
    })
    .collect()
}

/// Decimals of every width, integers of every width, a date, a timestamp, an enumeration (`make_duckdb.py`).
#[test]
fn decimals_dates_and_small_integers_read_like_the_same_csv() {
    let parquet = facts("duckdb.parquet");
    assert_eq!(parquet.len(), 7);
    assert_eq!(parquet, facts("duckdb.csv"));
    let first = |column: &str| &parquet[0].iter().find(|(name, _)| name == column).unwrap().1;
    assert_eq!(first("school_code"), "21430503000000000001");
    assert_eq!((first("year").as_str(), first("equipment_value").as_str()), ("2025", "1.2345"));
}

/// A county whose districts and dispersion can be asked for alone.
fn county(path: &Path) {
    let schools: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    let mut frame = df!(
        "district_code" => vec!["430503"; 40],
        "district_name" => vec!["大祥区"; 40],
        "year" => vec![2025i32; 40],
        "school_code" => &schools,
        "school_name" => &schools,
        "school_type" => vec!["小学"; 40],
        "section" => vec!["primary"; 40],
        "students" => (0..40).map(|n| 200.0 + f64::from(n)).collect::<Vec<_>>(),
        "teachers" => (0..40).map(|n| 20.0 + f64::from(n % 7)).collect::<Vec<_>>(),
        "teaching_area" => (0..40).map(|n| (n % 5 > 0).then(|| 1500.0 + f64::from(n))).collect::<Vec<_>>(),
    )
    .unwrap();
    ParquetWriter::new(std::fs::File::create(path).unwrap())
        .with_row_group_size(Some(16))
        .finish(&mut frame)
        .unwrap();
}

/// No byte that is another makes a panic, whichever way the file is read.
#[test]
fn a_flipped_byte_is_an_error_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("county.parquet");
    county(&path);
    let whole = std::fs::read(&path).unwrap();
    let standard = Standard::load("quality-balance-2017").unwrap();
    let (mut refused, all) = (0, 240);
    for at in 0..all {
        let mut bytes = whole.clone();
        // The footer, where the counts and offsets are, is the last third.
        let place =
            if at % 2 == 0 { at * whole.len() / all } else { whole.len() - 1 - at * whole.len() / 3 / all };
        bytes[place] ^= [0x01, 0x80, 0xff, 0x10][at / 2 % 4];
        std::fs::write(&path, bytes).unwrap();
        let read = ingest::read(std::slice::from_ref(&path), &Options::default(), &|_, _, _| {});
        refused += usize::from(read.is_err());
        let _ = stream::rows(&path);
        let _ = stream::parquet(&path, "county.parquet", &standard, false, &|_, _| {});
        let _ = long::is_longer(&path, 10);
        let _ = long::read(&path, "county.parquet", &Options::default(), 10, &mut |_| Ok(()));
    }
    assert!(refused > all / 10, "{refused} of {all}");
}

#[test]
fn a_damaged_file_ends_the_run_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("county.parquet");
    county(&path);
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len() - 8;
    bytes[end - 200..end].iter_mut().for_each(|byte| *byte ^= 0xff);
    std::fs::write(&path, bytes).unwrap();
    for tables in ["districts", "facts"] {
        let run = junheng(folder.path(), &["assess", "county.parquet", "--out", "out", "--tables", tables]);
        let told = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{told}");
        assert!(
            told.contains("county.parquet: Parquet 文件无法读取") && !told.contains("panicked"),
            "{told}"
        );
    }
}

#[test]
fn a_type_that_is_no_fact_is_named_with_its_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let list = Series::new("students".into(), [Series::new("".into(), [1i64, 2])]);
    let mut frame =
        df!("section" => ["primary"], "district_code" => ["430503"], "year" => [2025i32]).unwrap();
    frame.with_column(list.into_column()).unwrap();
    ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
    let run = junheng(folder.path(), &["check", "a.parquet", "--lang", "en"]);
    let told = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{told}");
    assert!(told.contains("the column students has the type LIST; expected DOUBLE"), "{told}");
}

/// A run's own tables beside its facts say where each number stood: a damaged one is no reason to forget it.
#[test]
fn a_damaged_table_beside_the_facts_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let input = project("tests/examples/duckdb.csv");
    let run = junheng(
        folder.path(),
        &["assess", input.to_str().unwrap(), "--out", "run", "--tables", "facts,sources,columns"],
    );
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::write(folder.path().join("run/sources.parquet"), "PAR1").unwrap();
    let run = junheng(folder.path(), &["assess", "run", "--out", "out", "--tables", "facts"]);
    let told = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{told}");
    assert!(told.contains("run/sources.parquet: Parquet 文件无法读取"), "{told}");
}
