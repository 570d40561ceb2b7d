//! Tables as CSV that Excel opens correctly: UTF-8 with BOM, numbers with all their digits.
//!
//! A text that a spreadsheet would take for a formula (it starts with `=`, `+`, `-`, `@`, their full-width
//! forms, a tab or a carriage return) is written with a leading apostrophe, the spreadsheets' own mark for
//! text. Numbers are never touched: a negative number stays one. Programs that want the texts as they are
//! read the Parquet file beside it.

use std::{borrow::Cow, io::Write};

use polars::prelude::*;
use rayon::prelude::*;

use crate::problem::{Error, Result};

/// Writes `frame` with its column names as the header. Nulls are empty; booleans are `true` and `false`.
pub fn write(frame: &DataFrame, out: &mut (impl Write + ?Sized)) -> Result<()> {
    out.write_all("\u{feff}".as_bytes()).map_err(disk)?;
    let mut header = csv::Writer::from_writer(Vec::new());
    header.write_record(frame.columns().iter().map(|c| c.name().as_str())).map_err(failed)?;
    out.write_all(&header.into_inner().map_err(|why| disk(why.into_error()))?).map_err(disk)?;
    // Long tables are formatted by all threads, a few slices at a time, and written in order.
    let starts: Vec<usize> = (0..frame.height()).step_by(SLICE).collect();
    for batch in starts.chunks(2 * rayon::current_num_threads()) {
        let texts: Vec<Vec<u8>> =
            batch.par_iter().map(|&start| lines(&frame.slice(start as i64, SLICE))).collect::<Result<_>>()?;
        texts.iter().try_for_each(|text| out.write_all(text)).map_err(disk)?;
    }
    Ok(())
}

/// Number of rows formatted at a time.
const SLICE: usize = 20_000;

fn disk(why: std::io::Error) -> Error {
    Error::disk("csv", why)
}

fn failed(why: csv::Error) -> Error {
    match why.into_kind() {
        csv::ErrorKind::Io(why) => disk(why),
        other => Error::defect("csv", format!("{other:?}")),
    }
}

/// The rows of `frame` as text.
fn lines(frame: &DataFrame) -> Result<Vec<u8>> {
    let mut lines = csv::Writer::from_writer(Vec::with_capacity(frame.height() * 64));
    let cells: Vec<Cells> = frame.columns().iter().map(Cells::of).collect::<PolarsResult<_>>()?;
    let mut field = String::new();
    for row in 0..frame.height() {
        for column in &cells {
            field.clear();
            match column.get(row, &mut field) {
                Some(text) => lines.write_field(text.as_ref()),
                None => lines.write_field(&field),
            }
            .map_err(failed)?;
        }
        lines.write_record(None::<&[u8]>).map_err(failed)?;
    }
    lines.into_inner().map_err(|why| disk(why.into_error()))
}

/// A text that no spreadsheet interprets as a formula.
pub fn harmless(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// A text as it was before [`harmless`].
pub fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if harmless(rest).len() > rest.len() => rest,
        _ => text,
    }
}

/// The shortest digits that read back as the same number; whole ones without `.0`.
fn number(value: f64, into: &mut String) {
    if !value.is_finite() {
        into.push_str(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        });
    } else if value.fract() == 0.0 && value.abs() < 1e15 {
        use std::fmt::Write;
        let _ = write!(into, "{}", value as i64);
    } else {
        into.push_str(zmij::Buffer::new().format_finite(value));
    }
}

/// A column whose type is determined once instead of for every cell.
enum Cells<'a> {
    Text(&'a StringChunked),
    Number(&'a Float64Chunked),
    Whole(&'a Int64Chunked),
    Small(&'a Int32Chunked),
    Truth(&'a BooleanChunked),
}

impl<'a> Cells<'a> {
    fn of(column: &'a Column) -> PolarsResult<Cells<'a>> {
        Ok(match column.dtype() {
            DataType::String => Cells::Text(column.str()?),
            DataType::Float64 => Cells::Number(column.f64()?),
            DataType::Int64 => Cells::Whole(column.i64()?),
            DataType::Int32 => Cells::Small(column.i32()?),
            DataType::Boolean => Cells::Truth(column.bool()?),
            other => polars_bail!(SchemaMismatch: "csv: column {} is {other}", column.name()),
        })
    }

    /// A text as it goes out, or the other types written into `into`.
    fn get(&self, row: usize, into: &mut String) -> Option<Cow<'a, str>> {
        use std::fmt::Write;
        match self {
            Cells::Text(cells) => return cells.get(row).map(harmless),
            // −0 is 0.
            Cells::Number(cells) => cells.get(row).into_iter().for_each(|v| number(v + 0.0, into)),
            Cells::Whole(cells) => drop(cells.get(row).map(|v| write!(into, "{v}"))),
            Cells::Small(cells) => drop(cells.get(row).map(|v| write!(into, "{v}"))),
            Cells::Truth(cells) => drop(cells.get(row).map(|v| write!(into, "{v}"))),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(frame: &DataFrame) -> String {
        let mut out = Vec::new();
        write(frame, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_mark_of_text_comes_off_again() {
        for text in ["=甲", "-乙", "丙", "'丁", "'=戊", "", "＝己"] {
            assert_eq!(plain(&harmless(text)), if text == "'=戊" { "=戊" } else { text }, "{text}");
        }
    }

    #[test]
    fn no_text_becomes_a_formula_and_no_number_a_text() {
        let frame = df!(
            "name" => [Some("=1+1"), Some("+86"), Some("-"), Some("@x"), Some("\tx"), Some("＝x"), Some("a=b"), None],
            "value" => [-1.5, 0.1 + 0.2, -0.0, 1e21, f64::MIN_POSITIVE, 3.0, 1.0 / 3.0, 0.0],
            "met" => [Some(true), Some(false), None, None, None, None, None, None],
        )
        .unwrap();
        let text = written(&frame);
        assert!(text.starts_with("\u{feff}name,value,met\n"));
        let names: Vec<&str> = text.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
        assert_eq!(names, ["'=1+1", "'+86", "'-", "'@x", "'\tx", "'＝x", "a=b", ""]);
        assert!(text.contains("'=1+1,-1.5,true\n'+86,0.30000000000000004,false\n'-,0,\n"), "{text}");
    }

    #[test]
    fn numbers_read_back_the_same() {
        let values = [0.1, 1.0 / 3.0, 1545.0700000000002, f64::MAX, f64::MIN_POSITIVE, -2.5e-7];
        let text = written(&df!("v" => values).unwrap());
        let back: Vec<f64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
        assert_eq!(back, values);
    }

    #[test]
    fn commas_quotes_and_line_breaks_are_quoted() {
        let frame = df!("a" => ["x,y", "say \"好\"", "one\ntwo"], "b" => [1i64, 2, 3]).unwrap();
        let expected = "\u{feff}a,b\n\"x,y\",1\n\"say \"\"好\"\"\",2\n\"one\ntwo\",3\n";
        assert_eq!(written(&frame), expected);
    }
}
