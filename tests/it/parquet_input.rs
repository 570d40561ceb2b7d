//! Parquet files that other programs made, and damaged ones.

use polars::prelude::*;

use crate::{
    support::{junheng, project, rows},
    testing::county,
};

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
