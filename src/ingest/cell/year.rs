//! Years, from years, dates and Excel's serial day numbers.

use chrono::{Datelike, Days, NaiveDate};

use super::{Reading, Trouble, bare, fold, is_blank, unreadable};
use crate::ingest::sheet::Cell;

/// Reads the year from a year, a date, 1978年9月, 197809, or Excel's serial day number (above 10,000, which is no year).
/// With an `offset` (學年度 110 + 1911; 0 for a year as it is) only a year is accepted.
pub fn year(cell: &Cell, offset: Option<i32>) -> Reading<f64> {
    let found = match cell {
        Cell::Empty => return (None, None),
        Cell::Date(year, ..) => Some(*year),
        Cell::Number(value) => year_of_number(*value, offset),
        Cell::Text(text) => {
            let folded = fold(bare(text));
            if is_blank(&folded) {
                return (None, None);
            }
            match folded.parse::<f64>() {
                // Only a number cell can hold a serial day number: as text it is a typing error.
                Ok(value) if (10_001.0..100_000.0).contains(&value) => None,
                Ok(value) => year_of_number(value, offset),
                Err(_) => year_of_text(&folded, offset),
            }
        }
        Cell::Error(_) => return (None, Some(Trouble::Error)),
        Cell::Uncalculated => return (None, Some(Trouble::Uncalculated)),
        Cell::YesNo(_) => None,
    };
    match found.map(|y| y.saturating_add(offset.unwrap_or(0))).filter(|y| (1000..=2200).contains(y)) {
        Some(year) => (Some(f64::from(year)), None),
        None => unreadable(),
    }
}

fn year_of_number(value: f64, offset: Option<i32>) -> Option<i32> {
    let whole = value.trunc();
    if value.fract() != 0.0 && !(1000.0..2200.0).contains(&value) {
        return None;
    }
    if offset.is_some() {
        return (0.0..3000.0).contains(&whole).then_some(whole as i32);
    }
    match whole as i64 {
        n @ 1000..=2200 => Some(n as i32),
        n @ 10_001..=80_000 => Some(year_of_serial(n)),
        n @ 100_001..=220_012 if (1..=12).contains(&(n % 100)) => Some((n / 100) as i32),
        n @ 10_000_101..=22_001_231 if (1..=12).contains(&(n / 100 % 100)) => Some((n / 10_000) as i32),
        _ => None,
    }
}

/// The year of Excel's serial day number (1 = 1900-01-01, and Excel counts a 1900-02-29 that never existed).
fn year_of_serial(serial: i64) -> i32 {
    // Day 0, for serial numbers after Excel's 1900-02-29.
    let days = u64::try_from(serial).unwrap_or_default();
    NaiveDate::from_ymd_opt(1899, 12, 30)
        .and_then(|day| day.checked_add_days(Days::new(days)))
        .map_or(0, |day| day.year())
}

fn year_of_text(folded: &str, offset: Option<i32>) -> Option<i32> {
    let digits = folded.len() - folded.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let lengths = if offset.is_some() { 2..=4 } else { 4..=4 };
    if !lengths.contains(&digits) {
        return None;
    }
    let rest = &folded[digits..];
    rest.chars()
        .all(|c| {
            c.is_ascii_digit()
                || matches!(
                    c,
                    '年' | '月'
                        | '日'
                        | '-'
                        | '.'
                        | '/'
                        | ':'
                        | '学'
                        | '度'
                        | '學'
                        | '建'
                        | '成'
                        | '始'
                        | '春'
                        | '秋'
                        | '季'
                )
        })
        .then(|| folded[..digits].parse().ok())?
}
