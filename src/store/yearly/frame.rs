//! Converts tables to the bytes of their files and back, and hashes the content of a district's year.
//!
//! The store contains many small files (about 70 rows), and the cost of one is its footer with an entry for each of 215
//! columns. So there are no statistics (readers never skip parts of a file with a single district-year) and, up to
//! [`PLAIN`] rows, no compression: pages of a few hundred bytes gain little, and setting up a compressor for each
//! column costs more than everything else.

use std::{collections::HashMap, io::Cursor, sync::OnceLock};

use polars::prelude::*;
use sha2::{Digest, Sha256};

use super::layout::Hash;
use crate::{
    catch_panic,
    tables::{self, Table, facts::column},
};

/// The number of rows above which a table is compressed (zstd).
const PLAIN: usize = 512;

/// The file of a table. Every file of the store names district and year: a table without these columns gets them, in
/// front.
pub fn bytes(frame: &DataFrame, district_code: &str, year: i32) -> PolarsResult<Vec<u8>> {
    let height = frame.height();
    let mut columns = Vec::with_capacity(frame.width() + 2);
    if frame.column(column::district_code).is_err() {
        let code = Scalar::new(DataType::String, AnyValue::StringOwned(district_code.into()));
        columns.push(Column::new_scalar(column::district_code.into(), code, height));
    }
    if frame.column(column::year).is_err() {
        columns.push(Column::new_scalar(column::year.into(), Scalar::from(year), height));
    }
    columns.extend(frame.columns().iter().cloned());
    let mut frame = DataFrame::new(height, columns)?;
    frame.rechunk_mut();
    let compression =
        if height > PLAIN { ParquetCompression::Zstd(None) } else { ParquetCompression::Uncompressed };
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(compression)
        .with_statistics(StatisticsOptions::empty())
        .set_parallel(false)
        .finish(&mut frame)?;
    Ok(bytes)
}

/// The definition of `facts`, built once because every file needs it.
pub fn facts() -> &'static Table {
    static FACTS: OnceLock<Table> = OnceLock::new();
    FACTS.get_or_init(tables::facts::table)
}

/// The columns `wanted` of a file, in that order; null if the file has no column of that name. Columns that `table`
/// does not define are ignored.
///
/// # Errors
/// The file is not Parquet, or a column does not have the table's type.
pub fn read(bytes: Vec<u8>, table: &Table, wanted: Option<&[String]>) -> PolarsResult<DataFrame> {
    let load = || -> PolarsResult<DataFrame> {
        let bytes = Cursor::new(bytes);
        let mut reader = ParquetReader::new(bytes);
        let present = reader.schema()?;
        let height = reader.num_rows()?;
        let types: HashMap<&str, &DataType> =
            table.columns.iter().map(|column| (column.name.as_str(), &column.dtype)).collect();
        let all: Vec<&str> = match wanted {
            Some(names) => names.iter().map(String::as_str).filter(|name| types.contains_key(name)).collect(),
            None => table.columns.iter().map(|column| column.name.as_str()).collect(),
        };
        let there = all.iter().filter(|name| present.contains(name)).map(|name| name.to_string()).collect();
        let frame = reader.with_columns(Some(there)).read_parallel(ParallelStrategy::None).finish()?;
        let mut columns = Vec::with_capacity(all.len());
        for name in all {
            let Some(&dtype) = types.get(name) else { continue };
            let column = match frame.column(name) {
                Ok(found) if found.dtype() == dtype => found.clone(),
                Ok(found) => found.cast(dtype)?,
                Err(_) => Column::full_null(name.into(), height, dtype),
            };
            columns.push(column);
        }
        DataFrame::new(height, columns)
    };
    // The hash has been compared, but anybody can edit the log.
    catch_panic::run(load).unwrap_or_else(|| polars_bail!(ComputeError: "Parquet"))
}

/// The hash of a district's year: facts sorted by their keys, district facts and answers, without their sources.
/// Columns without any value are ignored, so that a new one in the dictionary changes nothing.
pub fn content(facts: &DataFrame, district_facts: &DataFrame, answers: &DataFrame) -> PolarsResult<Hash> {
    let mut hash = Sha256::new();
    for (frame, keys) in [
        (facts, &[column::section, column::school_code][..]),
        (district_facts, &[tables::district_facts::column::fact.name()]),
        (answers, &[tables::answers::column::item.name()]),
    ] {
        hash.update((frame.height() as u64).to_le_bytes());
        if frame.height() == 0 {
            continue;
        }
        let order = order(frame, keys)?;
        let mut columns: Vec<&Column> = frame.columns().iter().collect();
        columns.retain(|column| {
            !["source_id", "source_row", "cell"].contains(&column.name().as_str())
                && column.null_count() < column.len()
        });
        columns.sort_by_key(|column| column.name().clone());
        for column in columns {
            hash.update(column.name().as_bytes());
            hash.update([0]);
            match column.dtype() {
                DataType::String => {
                    let values = column.str()?;
                    for &row in &order {
                        let value = values.get(row);
                        hash.update(value.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
                        hash.update(value.unwrap_or_default());
                    }
                }
                DataType::Boolean => {
                    let values = column.bool()?;
                    for &row in &order {
                        hash.update([values.get(row).map_or(2, u8::from)]);
                    }
                }
                _ => {
                    let values = column.cast(&DataType::Float64)?;
                    let values = values.f64()?;
                    for &row in &order {
                        // 0 and −0 are the same value; no fact is NaN.
                        let bits = values.get(row).map_or(u64::MAX, |v| (v + 0.0).to_bits());
                        hash.update(bits.to_le_bytes());
                    }
                }
            }
        }
    }
    let mut found = [0; 32];
    found.copy_from_slice(&hash.finalize());
    Ok(Hash::new(found))
}

/// Rows sorted by the texts of `keys`; equal ones keep their order.
fn order(frame: &DataFrame, keys: &[&str]) -> PolarsResult<Vec<usize>> {
    let mut texts = Vec::with_capacity(keys.len());
    for key in keys {
        texts.push(frame.column(key)?.str()?);
    }
    let mut order: Vec<usize> = (0..frame.height()).collect();
    order.sort_by(|&a, &b| texts.iter().map(|text| text.get(a)).cmp(texts.iter().map(|text| text.get(b))));
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county() -> DataFrame {
        let frame = df!(
            "section" => ["primary", "primary", "junior"],
            "school_code" => ["b", "a", "a"],
            "school_name" => [Some("乙"), None, Some("甲")],
            "district_code" => ["01", "01", "01"],
            "year" => [2024i32, 2024, 2024],
            "students" => [Some(10.0), Some(1.0 / 3.0), None],
            "source_row" => [4i32, 5, 6],
        )
        .unwrap();
        let height = frame.height();
        let columns = facts().columns.iter().map(|column| match frame.column(&column.name) {
            Ok(found) => found.clone(),
            Err(_) => Column::full_null(column.name.as_str().into(), height, &column.dtype),
        });
        DataFrame::new(height, columns.collect()).unwrap()
    }

    #[test]
    fn what_is_written_reads_back_in_any_order() {
        let frame = county();
        let file = bytes(&frame, "01", 2024).unwrap();
        assert!(read(file.clone(), facts(), None).unwrap().equals_missing(&frame));
        let wanted = ["year", "students", "section"].map(String::from);
        let some = read(file.clone(), facts(), Some(&wanted)).unwrap();
        assert!(some.equals_missing(&frame.select(["year", "students", "section"]).unwrap()));
        let none = read(file, facts(), Some(&[])).unwrap();
        assert_eq!(none.width(), 0);
    }

    #[test]
    fn a_column_that_a_file_lacks_is_null() {
        let part = county().select(["section", "district_code", "year"]).unwrap();
        let file = bytes(&part, "01", 2024).unwrap();
        let frame = read(file, facts(), None).unwrap();
        facts().check(&frame).unwrap();
        assert_eq!((frame.height(), frame.column("students").unwrap().null_count()), (3, 3));
    }

    #[test]
    fn a_file_names_its_district_and_year() {
        let sources =
            df!("source_id" => [0i32], "file" => ["a.xlsx"], "sha256" => ["x"], "sheet" => [""]).unwrap();
        let file = bytes(&sources, "01", 2024).unwrap();
        let all = ParquetReader::new(Cursor::new(file.clone())).finish().unwrap();
        let names: Vec<&str> = all.get_column_names().into_iter().map(|name| name.as_str()).collect();
        assert_eq!(names[..2], ["district_code", "year"]);
        assert!(read(file, &tables::sources::table(), None).unwrap().equals_missing(&sources));
    }

    #[test]
    fn truncated_or_strange_bytes_are_an_error() {
        let file = bytes(&county(), "01", 2024).unwrap();
        for cut in [0, 3, 4, 8, 100, file.len() / 2, file.len() - 1] {
            assert!(read(file[..cut].to_vec(), facts(), None).is_err(), "{cut}");
        }
    }

    #[test]
    fn content_is_what_is_said_and_not_where() {
        let (no_facts, no_answers) =
            (tables::district_facts::table().empty(), tables::answers::table().empty());
        let of = |frame: &DataFrame| content(frame, &no_facts, &no_answers).unwrap();
        let frame = county();
        let first = of(&frame);
        let turned = frame.take(&IdxCa::from_vec("".into(), vec![2, 0, 1])).unwrap();
        assert_eq!(of(&turned), first, "rows in another order");
        let mut moved = frame.clone();
        moved.with_column(Column::new("source_row".into(), [9i32, 9, 9])).unwrap();
        assert_eq!(of(&moved), first, "rows elsewhere in the file");
        let mut other = frame.clone();
        other.with_column(Column::new("students".into(), [Some(10.0), Some(0.5), None])).unwrap();
        assert_ne!(of(&other), first);
        let mut renamed = frame;
        renamed.with_column(Column::new("school_name".into(), [None, Some("乙"), Some("甲")])).unwrap();
        assert_ne!(of(&renamed), first, "a value at another school");
    }
}
