//! Rows and single numbers of a frame, by what their columns say.

use polars::prelude::*;

use super::{Error, Result};
use crate::{
    nearest,
    problem::{self, Problem},
    words::{Language, Words},
};

/// What a cell says, as [`rows`] compares it: texts as they are, numbers as Rust prints them, nothing for null.
fn said(value: &AnyValue) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.to_string(),
        AnyValue::StringOwned(text) => text.to_string(),
        other => other.to_string(),
    }
}

/// The rows whose columns have these values; an empty text stands for null. Every type of column is compared by its text:
/// `("year", "2021")`, `("met", "false")`.
///
/// # Errors
/// A column is not there; the nearest is named.
///
/// ```
/// use junheng::notebook::*;
/// use polars::prelude::*;
///
/// let frame = df!("year" => [2020, 2021], "cv" => [0.48, 0.51])?;
/// assert_eq!(rows(&frame, &[("year", "2021")])?.height(), 1);
/// # Ok::<(), Error>(())
/// ```
pub fn rows(frame: &DataFrame, wanted: &[(&str, &str)]) -> Result<DataFrame> {
    let mut keep = vec![true; frame.height()];
    for (name, text) in wanted {
        let column = column(frame, name)?;
        for (row, keep) in keep.iter_mut().enumerate() {
            *keep = *keep && said(&column.get(row)?) == *text;
        }
    }
    let mask: BooleanChunked = keep.into_iter().map(Some).collect();
    Ok(frame.filter(&mask)?)
}

/// The number in `of` of the one row whose columns have these values.
///
/// # Errors
/// A column is not there, no row or several rows match, or the cell is no number.
///
/// ```
/// use junheng::notebook::*;
/// use polars::prelude::*;
///
/// let frame = df!("year" => [2020, 2021], "cv" => [0.48, 0.51])?;
/// assert_eq!(number(&frame, &[("year", "2021")], "cv")?, 0.51);
/// assert!(number(&frame, &[], "cv").is_err()); // two rows
/// # Ok::<(), Error>(())
/// ```
pub fn number(frame: &DataFrame, wanted: &[(&str, &str)], of: &str) -> Result<f64> {
    let found = rows(frame, wanted)?;
    let column = column(&found, of)?;
    let asked =
        || wanted.iter().map(|(name, text)| format!("{name} = {text}")).collect::<Vec<_>>().join(", ");
    if found.height() != 1 {
        let problem = Problem::error("notebook_rows", Default::default());
        return Err(told(problem.with("asked", asked()).with("found", found.height())));
    }
    let value = column.get(0)?;
    value.extract::<f64>().filter(|number| number.is_finite() && !value.is_null()).ok_or_else(|| {
        let problem = Problem::error("notebook_no_number", Default::default());
        told(problem.with("asked", asked()).with("column", of).with("found", said(&value)))
    })
}

fn column<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Column> {
    frame.column(name).map_err(|_| {
        let names: Vec<&str> = frame.get_column_names().into_iter().map(|name| name.as_str()).collect();
        let near = nearest::nearest(name, names.iter().copied());
        let problem = Problem::error("notebook_column", Default::default()).with("found", name);
        told(problem.with("nearest", near.join(" ")).with("allowed", names.join(" ")))
    })
}

/// A frame has no language of its own: Chinese, as all that is not asked to be otherwise.
fn told(problem: Problem) -> Error {
    let problem = problem::Error::usage(problem);
    let words = Words::load(Language::default()).unwrap_or_else(|_| Words::embedded(Language::default()));
    Error { said: words.error(&problem), problem: Some(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> DataFrame {
        df!(
            "indicator" => [Some("L1"), Some("L1"), None],
            "year" => [2020i32, 2021, 2021],
            "met" => [Some(true), Some(false), None],
            "cv" => [Some(0.4), None, Some(f64::NAN)],
        )
        .unwrap()
    }

    #[test]
    fn rows_are_found_by_text_number_yes_and_null() {
        let height = |wanted: &[(&str, &str)]| rows(&frame(), wanted).unwrap().height();
        assert_eq!(height(&[]), 3);
        assert_eq!(height(&[("indicator", "L1")]), 2);
        assert_eq!(height(&[("year", "2021")]), 2);
        assert_eq!(height(&[("year", "2021"), ("met", "false")]), 1);
        assert_eq!(height(&[("indicator", "")]), 1);
        assert_eq!(height(&[("indicator", "L")]), 0);
    }

    #[test]
    fn one_number_or_the_reason() {
        assert_eq!(number(&frame(), &[("year", "2020")], "cv").unwrap(), 0.4);
        assert_eq!(number(&frame(), &[("year", "2020")], "year").unwrap(), 2020.0);
        let why = |wanted: &[(&str, &str)], of: &str| number(&frame(), wanted, of).unwrap_err().to_string();
        assert!(why(&[("year", "2021")], "cv").contains("2 行"), "{}", why(&[("year", "2021")], "cv"));
        assert!(why(&[("year", "2019")], "cv").contains("0 行"));
        // Null and NaN are no numbers.
        assert!(why(&[("met", "false")], "cv").contains("cv"));
        assert!(why(&[("met", "")], "cv").contains("cv"));
        assert!(why(&[], "cw").contains("cv"), "{}", why(&[], "cw"));
        assert!(why(&[("yaer", "2020")], "cv").contains("year"));
    }
}
