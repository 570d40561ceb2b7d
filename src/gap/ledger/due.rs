//! Parses the last day of a 完成期限 (deadline) in the many forms that users write.

use chrono::{Datelike, Days, NaiveDate};

use crate::tables::ledger::Value;

/// The years that a ledger may name; 1200 is not a year, and 46112 is a day as Excel counts them.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;
/// Days since 1899-12-30, as Excel counts them, for 1990 to 2100.
const SERIALS: std::ops::RangeInclusive<u64> = 32_874..=73_415;

/// The last day of the deadline `due`: 2026-03-31 for 2026年3月, 2026/3/31前 or 2026年一季度. If it is ambiguous, the later
/// day, so that nobody in time is called late (2030年前 is the end of 2030). Free text has no day.
pub fn last_day(due: &Value) -> Option<NaiveDate> {
    match due {
        Value::Date(day) => Some(*day),
        Value::Number(number) if number.fract() == 0.0 && SERIALS.contains(&(*number as u64)) => {
            NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(*number as u64))
        }
        Value::Number(number) if number.fract() == 0.0 && *number > 0.0 => written(&number.to_string()),
        Value::Text(text) => written(text),
        _ => None,
    }
}

/// Words before and after a date that do not change its day.
const BEFORE: [&str; 7] = ["截止到", "截至", "截止", "最迟", "bytheendof", "before", "by"];
const AFTER: [&str; 7] = ["完成", "之前", "以前", "前", "止", "。", "00:00:00"];

fn written(text: &str) -> Option<NaiveDate> {
    let mut rest: String = text.chars().filter_map(normalized).collect();
    while let Some(shorter) = AFTER.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = shorter.to_string();
    }
    if let Some(shorter) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter.to_string();
    }
    chinese(&rest).or_else(|| english(&rest))
}

/// Half width, lower case, no blanks.
fn normalized(c: char) -> Option<char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    (!c.is_whitespace()).then(|| c.to_ascii_lowercase())
}

/// The number at the start, of at most `most` digits, and the rest.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    Some((number.parse().ok()?, rest))
}

fn month_end(year: i32, month: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.checked_add_months(chrono::Months::new(1))?.pred_opt()
}

/// 2026-03-31, 2026/3/31, 2026.3.31, 20260331, 2026年3月31日, 2026年3月底, 2026年上半年, 2026年底 …
fn chinese(text: &str) -> Option<NaiveDate> {
    let (year, rest) = number(text, 4)?;
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    if rest.len() == 4 && rest.bytes().all(|b| b.is_ascii_digit()) {
        return day(rest[..2].parse().ok()?, rest[2..].parse().ok()?);
    }
    let (rest, word) = match rest.strip_prefix('年') {
        Some(rest) => (rest, true),
        None => (rest.strip_prefix(['-', '/', '.']).unwrap_or(rest), false),
    };
    match rest {
        "" | "底" | "末" | "年底" | "年末" | "内" | "度" | "终" | "下半年" => return day(12, 31),
        "上半年" => return day(6, 30),
        "一季度" | "第一季度" | "1季度" | "第1季度" => return day(3, 31),
        "二季度" | "第二季度" | "2季度" | "第2季度" => return day(6, 30),
        "三季度" | "第三季度" | "3季度" | "第3季度" => return day(9, 30),
        "四季度" | "第四季度" | "4季度" | "第4季度" => return day(12, 31),
        _ => {}
    }
    let (month, rest) = number(rest, 2)?;
    let rest = match rest.strip_prefix('月') {
        Some(rest) => rest,
        None if word && !rest.is_empty() => return None,
        None => rest.strip_prefix(['-', '/', '.']).unwrap_or(rest),
    };
    match rest {
        "" | "底" | "末" | "份" | "内" | "下旬" => return month_end(year, month),
        "初" | "上旬" => return day(month, 10),
        "中" => return day(month, 15),
        "中旬" => return day(month, 20),
        _ => {}
    }
    let (of_month, rest) = number(rest, 2)?;
    matches!(rest, "" | "日" | "号").then(|| day(month, of_month))?
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// 31 March 2026, March 31, 2026, March 2026, end of 2026.
fn english(text: &str) -> Option<NaiveDate> {
    let text = text.strip_prefix("endof").unwrap_or(text);
    if let Some((year, "")) = number(text, 4) {
        let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
        return NaiveDate::from_ymd_opt(year, 12, 31);
    }
    let (before, rest) = number(text, 2).map_or((None, text), |(day, rest)| (Some(day), rest));
    let month = MONTHS.iter().position(|month| rest.starts_with(month))? as u32 + 1;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let rest = rest.strip_prefix(['.', ',']).unwrap_or(rest);
    let (after, rest) = match rest.split_once(',') {
        Some((day, year)) => (day.parse().ok(), year),
        None => (None, rest),
    };
    let (year, rest) = number(rest, 4)?;
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year) && rest.is_empty())?;
    match before.or(after) {
        Some(day) => NaiveDate::from_ymd_opt(year, month, day),
        None => month_end(year, month),
    }
}

/// Whether the deadline `due` has passed on `date`.
pub fn is_over(due: &Value, date: NaiveDate) -> bool {
    last_day(due).is_some_and(|day| day < date && YEARS.contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_however_it_is_written() {
        for (written, day) in [
            ("2026-03-31", "2026-03-31"),
            ("2026/3/31", "2026-03-31"),
            ("2026.3.31", "2026-03-31"),
            ("20260331", "2026-03-31"),
            ("2026-03-31 00:00:00", "2026-03-31"),
            ("２０２６年３月３１日", "2026-03-31"),
            ("2026年3月31日前", "2026-03-31"),
            ("2026 年 3 月 31 号之前完成", "2026-03-31"),
            ("截至2026年3月31日", "2026-03-31"),
            ("2026年3月", "2026-03-31"),
            ("2026年2月底前", "2026-02-28"),
            ("2026-03", "2026-03-31"),
            ("2026年3月中旬", "2026-03-20"),
            ("2026年", "2026-12-31"),
            ("2026年底前", "2026-12-31"),
            ("2026年年底", "2026-12-31"),
            ("2030年前", "2030-12-31"),
            ("2026年上半年", "2026-06-30"),
            ("2026年第三季度", "2026-09-30"),
            ("31 March 2026", "2026-03-31"),
            ("March 31, 2026", "2026-03-31"),
            ("by Mar 2026", "2026-03-31"),
            ("end of 2026", "2026-12-31"),
        ] {
            let found = last_day(&Value::text(written)).map(|day| day.to_string());
            assert_eq!(found.as_deref(), Some(day), "{written}");
        }
        assert_eq!(last_day(&Value::Number(46_112.0)), NaiveDate::from_ymd_opt(2026, 3, 31));
        assert_eq!(last_day(&Value::Number(20_260_331.0)), NaiveDate::from_ymd_opt(2026, 3, 31));
    }

    #[test]
    fn free_text_has_no_day() {
        for written in
            ["", "尽快", "2026年春季学期", "2026-13-01", "2026年3月至5月", "3月底", "长期坚持", "12"]
        {
            assert_eq!(last_day(&Value::text(written)), None, "{written}");
        }
    }

    #[test]
    fn the_last_day_itself_is_in_time() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(!is_over(&Value::text("2026年3月"), day("2026-03-31")));
        assert!(is_over(&Value::text("2026年3月"), day("2026-04-01")));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,12}") {
            last_day(&Value::Text(text));
        }

        #[test]
        fn dates_with_junk_do_not_panic(text in "[0-9]{0,5}[年./-]?[0-9]{0,3}[月日底前]?\\PC{0,3}", number in any::<f64>()) {
            last_day(&Value::Text(text));
            last_day(&Value::Number(number));
        }
    }
}
