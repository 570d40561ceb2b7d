//! Reads a day: as Excel keeps it, or written 2020-11-05, 2020.11.5, 2020/11/5, 2020年11月5日 or 20201105.

use chrono::{Days, NaiveDate};

use super::wrong::{Wrong, wrong};
use crate::{
    ingest::{cell, sheet::Cell},
    tables::marks::Entered,
};

/// Days of Excel from 2000 to 2099; other numbers are no days.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.0;

pub fn read(found: &Cell) -> Result<Option<Entered>, Wrong> {
    let day = match found {
        Cell::Empty => return Ok(None),
        Cell::Error(_) => return wrong("marks_cell_error", &[]),
        Cell::Uncalculated => return wrong("marks_uncalculated", &[]),
        Cell::Date(year, month, day) => NaiveDate::from_ymd_opt(*year, *month, *day),
        Cell::Number(number) if number.fract() == 0.0 && SERIALS.contains(number) => {
            let first = NaiveDate::from_ymd_opt(1899, 12, 30);
            first.and_then(|first| first.checked_add_days(Days::new(*number as u64)))
        }
        Cell::Number(number) if number.fract() == 0.0 => written(&number.to_string()),
        Cell::Number(_) | Cell::YesNo(_) => None,
        Cell::Text(text) => {
            let folded = cell::fold(text);
            if cell::is_blank(&folded) {
                return Ok(None);
            }
            written(&folded)
        }
    };
    match day {
        Some(day) => Ok(Some(Entered::Date(day))),
        None => wrong("marks_not_date", &[]),
    }
}

/// A year of four digits, a month and a day.
fn written(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_end_matches(['日', '号']);
    let numbers: Vec<&str> = match text.bytes().all(|digit| digit.is_ascii_digit()) {
        true if text.len() != 8 => return None,
        true => vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?],
        false => text.split(['年', '月', '-', '.', '/']).map(str::trim).collect(),
    };
    let [year, month, day] = numbers[..] else { return None };
    let number = |digits: &str, most: usize| {
        let plain = (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let year = number(year, 4).filter(|_| year.len() == 4)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month, 2)?, number(day, 2)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_clerks_write_them() {
        let day = Ok(Some(Entered::Date(NaiveDate::from_ymd_opt(2020, 11, 5).unwrap())));
        for text in
            ["2020-11-05", "2020.11.5", "2020/11/5", "2020年11月5日", "２０２０年１１月５号", "20201105"]
        {
            assert_eq!(read(&Cell::Text(text.into())), day, "{text}");
        }
        // 44,140 days after 30 December 1899.
        for cell in [Cell::Date(2020, 11, 5), Cell::Number(44_140.0), Cell::Number(20_201_105.0)] {
            assert_eq!(read(&cell), day, "{cell:?}");
        }
        for cell in [Cell::Empty, Cell::Text(" ".into()), Cell::Text("—".into())] {
            assert_eq!(read(&cell), Ok(None));
        }
    }

    #[test]
    fn anything_else_is_no_day() {
        let texts =
            ["2020-02-30", "11月5日", "20-11-05", "2020-13-01", "2020年11月", "按时", "5/11/2020", "2020111"];
        let texts = texts.into_iter().map(|text| Cell::Text(text.into()));
        let others = [Cell::Number(2020.0), Cell::Number(44_140.5), Cell::YesNo(true), Cell::Number(-1.0)];
        for cell in texts.chain(others) {
            assert_eq!(read(&cell).map_err(|wrong| wrong.code), Err("marks_not_date"), "{cell:?}");
        }
    }
}
