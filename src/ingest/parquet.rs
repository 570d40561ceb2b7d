//! Reads facts from Parquet: a run's own `facts.parquet` with its sources beside it, or a file made elsewhere with
//! dictionary ids as columns.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher},
    path::Path,
};

use polars::prelude::*;

pub mod long;
pub mod stored;

use stored::Footer;

use super::{Facts, Options, header, sheet::letters};
use crate::{
    dictionary::{Dictionary, Section},
    problem::{Level, Place, Problem},
    sha256,
    tables::{
        self, columns,
        definition::{Defined, Frame},
        facts::{self, column},
        sources,
    },
};

/// The tables that a run writes beside `facts.parquet`.
pub const BESIDE: [&str; 5] = ["sources", "columns", "record_sources", "district_facts", "answers"];

/// The facts of a Parquet file; `None` if an error was added to `problems`.
pub fn read(
    path: &Path,
    shown: &str,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> PolarsResult<Option<Facts>> {
    let before = problems.len();
    let refused = |problems: &[Problem]| problems[before..].iter().any(|p| p.level == Level::Error);
    let (frame, known) = match load(path, shown, problems) {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(None),
        Err(why) => {
            problems.push(unreadable(shown, why));
            return Ok(None);
        }
    };
    let frame = in_table_order(frame, &known.footer, shown, options, problems)?;
    if refused(problems) {
        return Ok(None);
    }
    let facts = with_sources(path, shown, frame, &known.order, None, problems)?;
    keys_are_whole(&facts.facts, shown, problems)?;
    if refused(problems) { Ok(None) } else { Ok(Some(facts)) }
}

/// Some of the rows of a long file.
struct Part {
    /// Positions in the file, from 0.
    rows: Vec<usize>,
    sha256: String,
}

/// The name and position of each known column of the file.
type Order = Vec<(String, u32)>;

/// The columns of a file that belong to `facts`.
struct Known {
    footer: Footer,
    order: Order,
}

impl Known {
    fn names(&self) -> Vec<String> {
        self.order.iter().map(|(name, _)| name.clone()).collect()
    }
}

/// A file that cannot be read, with the message of the Parquet library.
pub fn unreadable(shown: &str, why: PolarsError) -> Problem {
    Problem::error("parquet_unreadable", Place::file(shown)).with("why", why)
}

/// Loads the known columns of the file, with the position of each.
fn load(path: &Path, shown: &str, problems: &mut Vec<Problem>) -> PolarsResult<Option<(DataFrame, Known)>> {
    let Some(known) = load_known(path, shown, problems)? else { return Ok(None) };
    let all = (0, known.footer.height());
    let frame = known.footer.read(path, &known.names(), all, ParallelStrategy::Auto)?;
    Ok(Some((frame, known)))
}

/// The known columns; `None` if a required one is missing, or one has a type that no fact can have.
fn load_known(path: &Path, shown: &str, problems: &mut Vec<Problem>) -> PolarsResult<Option<Known>> {
    let before = problems.len();
    let footer = Footer::of(path)?;
    let names = || footer.columns.iter().map(|column| column.name.as_str());
    let facts = tables::facts::table();
    let known: HashMap<&str, &DataType> =
        facts.columns.iter().map(|column| (column.name.as_str(), &column.dtype)).collect();
    let mut order = Vec::new();
    for (i, column) in footer.columns.iter().enumerate() {
        let name = column.name.as_str();
        if let Some(expected) = known.get(name) {
            order.push((name.to_string(), i as u32));
            if !column.is_readable() {
                problems.push(type_problem(shown, &footer, name, expected));
            }
        } else {
            let near = header::nearest_ids(name);
            problems.push(
                Problem::note("parquet_column_unknown", Place::cell(shown, "", name))
                    .with("column", name)
                    .with("nearest", if near.is_empty() { "—".into() } else { near.join(", ") }),
            );
        }
    }
    for needed in [column::section, column::students] {
        if !order.iter().any(|(name, _)| name == needed) {
            problems.push(missing_column(shown, needed, names()));
        }
    }
    if problems[before..].iter().any(|p| p.level == Level::Error) {
        return Ok(None);
    }
    Ok(Some(Known { footer, order }))
}

/// The problem of a column whose values cannot be those of the table.
fn type_problem(shown: &str, footer: &Footer, name: &str, expected: &DataType) -> Problem {
    let expected = match expected {
        DataType::String => "VARCHAR",
        DataType::Boolean => "BOOLEAN",
        DataType::Int32 => "INTEGER",
        _ => "DOUBLE",
    };
    Problem::error("parquet_column_type", Place::cell(shown, "", name))
        .fact(name)
        .with("column", name)
        .with("found", footer.column(name).map_or("", |column| &column.type_name))
        .with("expected", expected)
}

fn missing_column<'a>(shown: &str, column: &str, found: impl Iterator<Item = &'a str>) -> Problem {
    let found: Vec<&str> = found.take(80).collect();
    Problem::error("parquet_column_missing", Place::file(shown))
        .with("column", column)
        .with("found", found.join(", "))
}

/// The columns in the table's order and types; columns that the file lacks are missing values.
fn in_table_order(
    frame: DataFrame,
    footer: &Footer,
    shown: &str,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> PolarsResult<DataFrame> {
    let height = frame.height();
    let mut columns = Vec::new();
    for expected in tables::facts::table().columns {
        let name = PlSmallStr::from(expected.name.as_str());
        let Ok(found) = frame.column(&expected.name) else {
            let constant = match (expected.name.as_str(), options.year, &options.district) {
                (column::year, Some(year), _) => Some(Scalar::from(year)),
                (column::district_code, _, Some((code, _))) => Some(text_scalar(code)),
                (column::district_name, _, Some((_, name))) => Some(text_scalar(name)),
                _ => None,
            };
            match (constant, expected.name.as_str()) {
                (Some(value), _) => columns.push(Column::new_scalar(name, value, height)),
                (None, column::school_code) if frame.column(column::school_name).is_ok() => {
                    let names = cast(frame.column(column::school_name)?, &DataType::String)?;
                    columns.push(
                        names
                            .unwrap_or_else(|| Column::full_null(name.clone(), height, &DataType::String))
                            .with_name(name),
                    );
                }
                (None, column::year | column::district_code | column::school_code) => {
                    let found = frame.get_column_names();
                    problems.push(missing_column(shown, &expected.name, found.iter().map(|n| n.as_str())));
                }
                (None, _) => columns.push(Column::full_null(name, height, &expected.dtype)),
            }
            continue;
        };
        match cast(found, &expected.dtype)? {
            Some(column) if expected.name == column::section => {
                columns.push(sections(column, shown, problems)?)
            }
            Some(column) => columns.push(column),
            None => problems.push(type_problem(shown, footer, &expected.name, &expected.dtype)),
        }
    }
    if columns.len() != tables::facts::table().columns.len() {
        return Ok(DataFrame::empty());
    }
    DataFrame::new(height, columns)
}

fn text_scalar(text: &str) -> Scalar {
    Scalar::new(DataType::String, AnyValue::StringOwned(text.into()))
}

/// Casts the column where nothing is lost; otherwise `None`.
pub fn cast(column: &Column, wanted: &DataType) -> PolarsResult<Option<Column>> {
    use DataType::{Boolean, Float32, Float64, Int32, Int64, Null, String};
    let found = column.dtype().clone();
    if found == *wanted {
        return Ok(Some(column.clone()));
    }
    if found == Null {
        return Ok(Some(Column::full_null(column.name().clone(), column.len(), wanted)));
    }
    let whole = found.is_integer();
    let series = column.as_materialized_series();
    let fraction_free = || -> PolarsResult<bool> {
        let values = series.cast(&Float64)?;
        Ok(values.f64()?.iter().flatten().all(|v| v.fract() == 0.0 && v.abs() < 9e15))
    };
    let fits = match wanted {
        Float64 => whole || found == Float32,
        Int32 => whole || found.is_float() && fraction_free()?,
        String => whole || found.is_float() && fraction_free()?,
        Boolean => whole && series.cast(&Float64)?.f64()?.iter().flatten().all(|v| v == 0.0 || v == 1.0),
        _ => false,
    };
    if !fits {
        return Ok(None);
    }
    let series = match wanted {
        String if found.is_float() => series.strict_cast(&Int64)?.strict_cast(&String),
        Boolean => series.strict_cast(&Int64)?.cast(&Boolean),
        _ => series.strict_cast(wanted),
    };
    // Values beyond the type's range.
    Ok(series.ok().map(Into::into))
}

/// Ids of sections; 小学, 初中 and 高中 are accepted as well.
fn sections(column: Column, shown: &str, problems: &mut Vec<Problem>) -> PolarsResult<Column> {
    let words = column.str()?;
    if words.iter().all(|w| w.is_some_and(|w| Section::from_id(w).is_some())) {
        return Ok(column);
    }
    let mut unknown = None;
    let read = |word: Option<&str>| super::cell::section(&super::cell::fold(word?)).map(Section::id);
    let read: StringChunked = words
        .iter()
        .enumerate()
        .map(|(i, word)| {
            let section = read(word);
            if section.is_none() {
                unknown.get_or_insert((i, word.unwrap_or_default().to_string()));
            }
            section
        })
        .collect();
    if let Some((i, word)) = unknown {
        problems.push(
            Problem::error("parquet_section_unknown", Place::cell(shown, "", format!("section {}", i + 1)))
                .with("found", word),
        );
    }
    Ok(read.with_name(column::section.into()).into_column())
}

/// Adds the tables beside the facts: those of a run, or the file itself as the only source.
fn with_sources(
    path: &Path,
    shown: &str,
    mut frame: DataFrame,
    order: &[(String, u32)],
    part: Option<&Part>,
    problems: &mut Vec<Problem>,
) -> PolarsResult<Facts> {
    let own = order.iter().any(|(name, _)| name == "source_id");
    let is_facts = path.file_name().is_some_and(|n| n == "facts.parquet");
    let mut beside = Beside { facts: path, shown, problems };
    let sources: Option<sources::Frame> = if own && is_facts { beside.read() } else { None };
    let is_run = sources.is_some();
    let (district_facts, answers) = (beside.of_run(is_run), beside.of_run(is_run));
    let (columns, record_sources) = (beside.of_run(is_run), beside.of_run(is_run));
    let (sources, columns) = match sources {
        Some(sources) => (sources, columns),
        None => {
            let height = frame.height();
            frame.with_column(Column::new_scalar("source_id".into(), Scalar::from(0i32), height))?;
            let rows: Int32Chunked = match part {
                Some(part) => part.rows.iter().map(|&row| i32::try_from(row + 1).ok()).collect(),
                None => (1..=height as i32).map(Some).collect(),
            };
            frame.with_column(rows.with_name("source_row".into()).into_column())?;
            let sha256 = match part {
                Some(part) => part.sha256.clone(),
                None => sha256::of_file(path)?,
            };
            (one_source(shown, &sha256), columns_of(order))
        }
    };
    Ok(Facts {
        facts: facts::Frame::new(frame)?,
        district_facts,
        answers,
        sources,
        columns,
        record_sources,
        findings: Vec::new(),
    })
}

/// The tables that a run wrote beside its `facts.parquet`.
struct Beside<'a> {
    facts: &'a Path,
    /// The name of the facts file in messages.
    shown: &'a str,
    /// Damaged tables are reported here rather than silently ignored.
    problems: &'a mut Vec<Problem>,
}

impl Beside<'_> {
    /// Reads a table; it is empty if the facts do not belong to a run, or if there is no such file.
    fn of_run<T: Defined>(&mut self, is_run: bool) -> Frame<T> {
        if is_run { self.read().unwrap_or_default() } else { Frame::empty() }
    }

    fn read<T: Defined>(&mut self) -> Option<Frame<T>> {
        let name = T::table().name;
        let path = self.facts.with_file_name(format!("{name}.parquet"));
        let read = || -> PolarsResult<Option<DataFrame>> {
            if !path.try_exists()? {
                return Ok(None);
            }
            let footer = Footer::of(&path)?;
            let names: Vec<String> = footer.columns.iter().map(|column| column.name.clone()).collect();
            footer.read(&path, &names, (0, footer.height()), ParallelStrategy::Auto).map(Some)
        };
        match read() {
            Ok(frame) => frame.and_then(|frame| Frame::new(frame).ok()),
            Err(why) => {
                let folder = self.shown.trim_end_matches("/facts.parquet");
                self.problems.push(unreadable(&format!("{folder}/{name}.parquet"), why));
                None
            }
        }
    }
}

fn one_source(file: &str, sha256: &str) -> sources::Frame {
    [sources::Values { source_id: 0, file, sha256, sheet: "" }].into_iter().collect()
}

fn columns_of(order: &[(String, u32)]) -> columns::Frame {
    let mut table = columns::Builder::new(order.len());
    for (fact, at) in order.iter().filter(|(name, _)| Dictionary::get().fact(name).is_some()) {
        table.push(columns::Values { source_id: 0, section: None, fact, column: &letters(*at), row: None });
    }
    table.finish()
}

/// Checks that keys have no missing values.
fn keys_are_whole(facts: &facts::Frame, shown: &str, problems: &mut Vec<Problem>) -> PolarsResult<()> {
    let frame = facts.frame();
    for name in [column::section, column::district_code, column::year, column::school_code] {
        let gaps = frame.column(name)?.null_count();
        if gaps > 0 {
            problems.push(
                Problem::error("parquet_key_missing", Place::cell(shown, "", name))
                    .with("column", name)
                    .with("rows", gaps),
            );
        }
    }
    // Years as in any other file; those of other calendars (民国 113 年) count from 1.
    let years = frame.column(column::year)?.i32()?;
    if let Some(year) = [years.min(), years.max()].into_iter().flatten().find(|y| !(1..=2200).contains(y)) {
        problems.push(
            Problem::error("year_unreadable", Place::cell(shown, "", column::year)).with("found", year),
        );
    }
    Ok(())
}

/// Rows of `facts` whose key already occurred. At most `most` are named: one defect can repeat millions.
pub fn repeated_keys(frame: &DataFrame, most: usize) -> PolarsResult<Vec<(usize, usize)>> {
    let mut hashes: Vec<u64> = Vec::with_capacity(frame.height());
    let (districts, years) =
        (frame.column(column::district_code)?.str()?, frame.column(column::year)?.i32()?);
    let (schools, sections) =
        (frame.column(column::school_code)?.str()?, frame.column(column::section)?.str()?);
    let seed = std::collections::hash_map::RandomState::new();
    let keys = || districts.iter().zip(years.iter()).zip(schools.iter().zip(sections.iter()));
    for ((district, year), (school, section)) in keys() {
        let mut hash = seed.build_hasher();
        hash.write(district.unwrap_or_default().as_bytes());
        hash.write_i32(year.unwrap_or_default());
        hash.write(school.unwrap_or_default().as_bytes());
        hash.write_u8(0xff);
        hash.write(section.unwrap_or_default().as_bytes());
        hashes.push(hash.finish());
    }
    let mut sorted = hashes.clone();
    rayon::slice::ParallelSliceMut::par_sort_unstable(sorted.as_mut_slice());
    let twice: std::collections::HashSet<u64> =
        sorted.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
    let mut found = Vec::new();
    if twice.is_empty() {
        return Ok(found);
    }
    let mut first = HashMap::new();
    for (i, key) in keys().enumerate().filter(|(i, _)| twice.contains(&hashes[*i])) {
        match first.get(&key) {
            Some(&before) => found.push((before, i)),
            None => {
                first.insert(key, i);
            }
        }
        if found.len() >= most {
            break;
        }
    }
    Ok(found)
}
