//! Reads a Parquet file from outside so that no file can make the program panic, in types that the program knows.
//!
//! The engine is built without decimals, dates and small integers, because each is a feature that would be compiled
//! into all of it. Columns are therefore read as they are stored (a decimal as its unscaled integer, a date as its
//! days), and the meaning that the file declares is applied here.

use std::{fs::File, path::Path, sync::Arc};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use num_bigint::BigInt;
use polars::prelude::*;
use polars_parquet::parquet::{
    metadata::SchemaDescriptor,
    schema::{
        Repetition,
        types::{
            GroupConvertedType, GroupLogicalType, IntegerType, ParquetType, PhysicalType,
            PrimitiveConvertedType, PrimitiveLogicalType, PrimitiveType, TimeUnit as Unit,
        },
    },
};

use crate::{
    catch_panic,
    dictionary::{Dictionary, Kind},
};

/// First row and number of rows.
pub type Span = (usize, usize);

/// A column of the file.
#[derive(Debug, Clone)]
pub struct Stored {
    pub name: String,
    /// Its type, as SQL calls it.
    pub type_name: String,
    meaning: Meaning,
}

impl Stored {
    /// Whether it has a type that a fact can have.
    pub fn is_readable(&self) -> bool {
        self.meaning != Meaning::Unreadable
    }
}

/// The meaning of the stored values of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Meaning {
    /// Numbers, booleans and texts that the engine reads itself.
    Plain,
    /// Bytes that may be text: an ENUM, JSON, or a column that an old program wrote without declaring its type.
    Bytes,
    /// Unscaled integers with this many decimals.
    Decimal(usize),
    /// Days since 1970-01-01.
    Date,
    /// The number of units per second, counted from 1970-01-01.
    Timestamp(i64),
    /// Lists, structures, times of day.
    Unreadable,
}

/// The footer of a file.
#[derive(Debug, Clone)]
pub struct Footer {
    metadata: FileMetadataRef,
    pub columns: Vec<Stored>,
}

impl Footer {
    /// Reads the footer.
    ///
    /// # Errors
    /// The file cannot be read, is not Parquet, or is damaged.
    pub fn of(path: &Path) -> PolarsResult<Footer> {
        catching_panics(|| {
            let mut reader = ParquetReader::new(File::open(path)?);
            let mut metadata = FileMetadata::clone(reader.get_metadata()?);
            check_row_counts(&metadata)?;
            // Types that another library stores here are not ours.
            metadata.key_value_metadata = None;
            let schema = metadata.schema();
            let mut columns = Vec::with_capacity(schema.fields().len());
            let mut fields = Vec::with_capacity(schema.fields().len());
            for field in schema.fields() {
                let (stored, field) = column(field);
                columns.push(stored);
                fields.push(field);
            }
            metadata.schema_descr = SchemaDescriptor::new(schema.name().into(), fields);
            Ok(Footer { metadata: Arc::new(metadata), columns })
        })
    }

    /// The number of rows of the file.
    pub fn height(&self) -> usize {
        self.metadata.num_rows
    }

    /// The rows of each row group.
    pub fn groups(&self) -> Vec<Span> {
        let mut start = 0;
        let groups = self.metadata.row_groups.iter().map(|group| {
            let span = (start, group.num_rows());
            start += group.num_rows();
            span
        });
        groups.collect()
    }

    pub fn column(&self, name: &str) -> Option<&Stored> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Reads these columns of some rows. Decimals become numbers, or text if they are codes with more digits than a
    /// number holds; dates become years in a column of years, otherwise text.
    ///
    /// # Errors
    /// The file cannot be read, or is damaged.
    pub fn read(
        &self,
        path: &Path,
        names: &[String],
        (start, rows): Span,
        parallel: ParallelStrategy,
    ) -> PolarsResult<DataFrame> {
        catching_panics(|| {
            let mut reader = ParquetReader::new(File::open(path)?);
            reader.set_metadata(self.metadata.clone());
            let reader = reader.with_columns(Some(names.to_vec())).with_slice(Some((start, rows)));
            let frame = reader.read_parallel(parallel).finish()?;
            let mut columns = Vec::with_capacity(frame.width());
            for column in frame.columns() {
                if column.len() != rows {
                    polars_bail!(ComputeError: "{}: {} / {rows}", column.name(), column.len());
                }
                let meaning = self.column(column.name()).map_or(Meaning::Plain, |stored| stored.meaning);
                columns.push(decoded(column, meaning)?);
            }
            DataFrame::new(rows, columns)
        })
    }
}

/// A hostile file may make the Parquet library panic; it is reported as a damaged file.
fn catching_panics<T>(read: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    catch_panic::run(read).unwrap_or_else(|| polars_bail!(ComputeError: "Parquet"))
}

/// Checks what the library takes on trust: that the row counts agree with one another.
fn check_row_counts(metadata: &FileMetadata) -> PolarsResult<()> {
    let mut rows = 0usize;
    for group in &metadata.row_groups {
        let height = group.num_rows();
        rows = rows.saturating_add(height);
        for column in group.parquet_columns() {
            let is_flat = column.descriptor().descriptor.max_rep_level == 0;
            if is_flat && usize::try_from(column.num_values()) != Ok(height) {
                polars_bail!(ComputeError: "{} / {height}", column.num_values());
            }
        }
    }
    if rows != metadata.num_rows {
        polars_bail!(ComputeError: "{rows} / {}", metadata.num_rows);
    }
    Ok(())
}

/// A column as it is stored, and the field to read it by.
fn column(field: &ParquetType) -> (Stored, ParquetType) {
    let unreadable = |type_name: &str| Stored {
        name: field.name().to_string(),
        type_name: type_name.to_string(),
        meaning: Meaning::Unreadable,
    };
    match field {
        ParquetType::PrimitiveType(of) if of.field_info.repetition == Repetition::Repeated => {
            (unreadable("LIST"), field.clone())
        }
        ParquetType::PrimitiveType(of) => {
            let (type_name, meaning, as_stored) = primitive(of);
            let mut of = of.clone();
            if as_stored {
                (of.logical_type, of.converted_type) = (None, None);
            }
            (
                Stored { name: of.field_info.name.to_string(), type_name, meaning },
                ParquetType::PrimitiveType(of),
            )
        }
        ParquetType::GroupType { logical_type, converted_type, .. } => {
            let type_name = match (logical_type, converted_type) {
                (Some(GroupLogicalType::List), _) | (None, Some(GroupConvertedType::List)) => "LIST",
                (Some(GroupLogicalType::Map), _) | (None, Some(_)) => "MAP",
                (None, None) => "STRUCT",
            };
            (unreadable(type_name), field.clone())
        }
    }
}

/// The type's name, the meaning of its values, and whether they are read as they are stored.
fn primitive(of: &PrimitiveType) -> (String, Meaning, bool) {
    use PrimitiveConvertedType as C;
    use PrimitiveLogicalType as L;
    let stored = |name: &str, meaning| (name.to_string(), meaning, true);
    let plain = |name: &str| (name.to_string(), Meaning::Plain, false);
    let a_second = |unit: Unit| match unit {
        Unit::Milliseconds => 1_000,
        Unit::Microseconds => 1_000_000,
        Unit::Nanoseconds => 1_000_000_000,
    };
    match (of.logical_type, of.converted_type, of.physical_type) {
        (Some(L::Decimal(precision, scale)), ..) | (None, Some(C::Decimal(precision, scale)), _) => {
            stored(&format!("DECIMAL({precision},{scale})"), Meaning::Decimal(scale))
        }
        (Some(L::Date), ..) | (None, Some(C::Date), _) => stored("DATE", Meaning::Date),
        (Some(L::Timestamp { unit, .. }), ..) => stored("TIMESTAMP", Meaning::Timestamp(a_second(unit))),
        (None, Some(C::TimestampMillis), _) => stored("TIMESTAMP", Meaning::Timestamp(1_000)),
        (None, Some(C::TimestampMicros), _) => stored("TIMESTAMP", Meaning::Timestamp(1_000_000)),
        (Some(L::Time { .. }), ..) | (None, Some(C::TimeMillis | C::TimeMicros), _) => {
            stored("TIME", Meaning::Unreadable)
        }
        (None, Some(C::Interval), _) => stored("INTERVAL", Meaning::Unreadable),
        (Some(L::Uuid), ..) => stored("UUID", Meaning::Unreadable),
        (Some(L::Integer(IntegerType::Int8)), ..) | (None, Some(C::Int8), _) => {
            stored("INT8", Meaning::Plain)
        }
        (Some(L::Integer(IntegerType::Int16)), ..) | (None, Some(C::Int16), _) => {
            stored("INT16", Meaning::Plain)
        }
        (Some(L::Integer(IntegerType::UInt8)), ..) | (None, Some(C::Uint8), _) => {
            stored("UINT8", Meaning::Plain)
        }
        (Some(L::Integer(IntegerType::UInt16)), ..) | (None, Some(C::Uint16), _) => {
            stored("UINT16", Meaning::Plain)
        }
        (Some(L::Integer(IntegerType::UInt32)), ..) | (None, Some(C::Uint32), _) => plain("UINT32"),
        (Some(L::Integer(IntegerType::UInt64)), ..) | (None, Some(C::Uint64), _) => plain("UINT64"),
        (Some(L::String), ..) | (None, Some(C::Utf8), _) => plain("VARCHAR"),
        (_, _, PhysicalType::Boolean) => plain("BOOLEAN"),
        (_, _, PhysicalType::Int32) => stored("INT32", Meaning::Plain),
        (_, _, PhysicalType::Int64) => stored("INT64", Meaning::Plain),
        (_, _, PhysicalType::Float) => plain("FLOAT"),
        (_, _, PhysicalType::Double) => plain("DOUBLE"),
        (_, _, PhysicalType::ByteArray) => stored("BLOB", Meaning::Bytes),
        (_, _, PhysicalType::Int96) => stored("INT96", Meaning::Unreadable),
        (_, _, PhysicalType::FixedLenByteArray(_)) => stored("BLOB", Meaning::Unreadable),
    }
}

/// Converts the stored values of a column to their meaning.
fn decoded(column: &Column, meaning: Meaning) -> PolarsResult<Column> {
    let name = column.name().clone();
    match meaning {
        Meaning::Plain | Meaning::Unreadable => Ok(column.clone()),
        Meaning::Bytes => {
            let texts = column.binary()?.iter().map(|bytes| bytes.map(std::str::from_utf8).transpose());
            match texts.collect::<Result<StringChunked, _>>() {
                Ok(texts) => Ok(texts.with_name(name).into_column()),
                Err(_) => Ok(column.clone()),
            }
        }
        Meaning::Decimal(scale) => decimals(column, scale),
        Meaning::Date => dates(column, |days| {
            // Counted from the year 1, 1970-01-01 is day 719,163.
            let day = NaiveDate::from_num_days_from_ce_opt(i32::try_from(days + 719_163).ok()?)?;
            Some((day.year(), day.to_string()))
        }),
        Meaning::Timestamp(a_second) => dates(column, |since| {
            let (seconds, rest) = (since.div_euclid(a_second), since.rem_euclid(a_second));
            let nanoseconds = TimeDelta::nanoseconds(rest * (1_000_000_000 / a_second));
            let time = DateTime::from_timestamp(seconds, 0)?.checked_add_signed(nanoseconds)?.naive_utc();
            Some((time.year(), time.to_string()))
        }),
    }
}

/// Numbers; texts if they are whole and too long for a number.
fn decimals(column: &Column, scale: usize) -> PolarsResult<Column> {
    let name = column.name().clone();
    let values: Vec<Option<BigInt>> = match column.dtype() {
        DataType::Binary => {
            column.binary()?.iter().map(|bytes| bytes.map(BigInt::from_signed_bytes_be)).collect()
        }
        _ => column.cast(&DataType::Int64)?.i64()?.iter().map(|value| value.map(BigInt::from)).collect(),
    };
    // Beyond this a code would lose its last digits.
    let most = BigInt::from(9_000_000_000_000_000i64);
    if scale == 0 && values.iter().flatten().any(|value| value.magnitude() > most.magnitude()) {
        let texts = values.iter().map(|value| value.as_ref().map(BigInt::to_string));
        return Ok(texts.collect::<StringChunked>().with_name(name).into_column());
    }
    // The same number that a csv of the same table would give.
    let number = |value: &BigInt| format!("{value}e-{scale}").parse::<f64>().unwrap_or(f64::NAN);
    let numbers = values.iter().map(|value| value.as_ref().map(number));
    Ok(numbers.collect::<Float64Chunked>().with_name(name).into_column())
}

/// Years in a column of years, otherwise texts as in a csv. A number that is no calendar date is kept as it is.
fn dates(column: &Column, date: impl Fn(i64) -> Option<(i32, String)>) -> PolarsResult<Column> {
    let name = column.name().clone();
    let stored = column.cast(&DataType::Int64)?;
    let stored = stored.i64()?;
    let known = stored.iter().map(|value| value.map_or(Some(None), |value| date(value).map(Some)));
    let Some(dates) = known.collect::<Option<Vec<_>>>() else { return Ok(column.clone()) };
    let is_year = Dictionary::get().fact(&name).is_some_and(|fact| fact.kind == Kind::Year);
    Ok(if is_year {
        dates
            .into_iter()
            .map(|date| date.map(|(year, _)| year))
            .collect::<Int32Chunked>()
            .with_name(name)
            .into_column()
    } else {
        dates
            .into_iter()
            .map(|date| date.map(|(_, text)| text))
            .collect::<StringChunked>()
            .with_name(name)
            .into_column()
    })
}
