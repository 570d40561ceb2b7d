//! Reads a cell as its fact requires: numbers in the fact's unit, yes or no, years, codes and the closed lists.
//!
//! A cell that cannot be read never becomes zero: the value is missing and [`Trouble`] says why.

mod choice;

pub use choice::{choice, section, section_of_row, sections_of_type};

use chrono::{Datelike, Days, NaiveDate};

use super::sheet::Cell;
use crate::dictionary::{FOUNDERS, Fact, Kind, SCHOOL_TYPES};

/// Why a cell could not be read as its fact requires, or what is doubtful about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Not a value that the fact can have.
    Unreadable,
    /// An error value such as `#DIV/0!`.
    Error,
    /// A formula without a stored result.
    Uncalculated,
    /// A code in scientific notation, whose last digits are lost.
    Scientific,
}

impl Trouble {
    pub fn code(self) -> &'static str {
        match self {
            Trouble::Unreadable => "cell_unreadable",
            Trouble::Error => "cell_error",
            Trouble::Uncalculated => "cell_uncalculated",
            Trouble::Scientific => "code_scientific",
        }
    }
}

/// The value of a cell, if any, and what is wrong with the cell.
pub type Reading<T> = (Option<T>, Option<Trouble>);

fn unreadable<T>() -> Reading<T> {
    (None, Some(Trouble::Unreadable))
}

/// A dimension, and the number of its base units (元, ㎡, one, %) in one of this unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    pub dimension: Dimension,
    pub factor: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Money,
    Area,
    Count,
    Percent,
    Year,
    Level,
    /// 万 or 千 alone, which multiply whatever the fact counts.
    Bare,
}

/// Parses folded text as a unit: 元, 万元, ㎡, 人 …; `None` if it is none.
pub fn unit(text: &str) -> Option<Unit> {
    let text = text.strip_prefix("单位:").unwrap_or(text);
    let (scale, base) = [("亿", 1e8), ("万", 1e4), ("千", 1e3), ("百", 1e2)]
        .into_iter()
        .find_map(|(prefix, scale)| Some((scale, text.strip_prefix(prefix)?)))
        .unwrap_or((1.0, text));
    let (dimension, factor) = match base {
        "" if scale > 1.0 => (Dimension::Bare, 1.0),
        "元" | "元人民币" | "rmb" | "yuan" => (Dimension::Money, 1.0),
        "㎡" => (Dimension::Area, 1.0),
        "亩" => (Dimension::Area, 2000.0 / 3.0),
        "公顷" => (Dimension::Area, 1e4),
        "人" | "名" | "位" | "个" | "班" | "间" | "室" | "台" | "套" | "台套" | "台/套" | "册" | "本"
        | "所" | "处" | "片" | "份" => (Dimension::Count, 1.0),
        "%" => (Dimension::Percent, 1.0),
        "年" | "学年" => (Dimension::Year, 1.0),
        "级" => (Dimension::Level, 1.0),
        _ => return None,
    };
    Some(Unit { dimension, factor: factor * scale })
}

/// The unit of a fact; `None` for text and yes/no.
pub fn unit_of(fact: &Fact) -> Option<Unit> {
    unit(&fact.unit)
}

/// Converts `value` from one unit to another; `None` if they have different dimensions. Divides where the result is
/// smaller, so that 1015400 元 is exactly the number nearest to 101.54 万元.
pub fn convert(value: f64, from: Unit, to: Unit) -> Option<f64> {
    if from.dimension == Dimension::Bare {
        // 3.2万 of money is 3.2 万元 whatever the fact's unit; of anything else it is the number.
        return Some(scale(
            value,
            from.factor,
            if to.dimension == Dimension::Money { to.factor } else { 1.0 },
        ));
    }
    (from.dimension == to.dimension).then(|| scale(value, from.factor, to.factor))
}

fn scale(value: f64, from: f64, to: f64) -> f64 {
    if from == to {
        value
    } else if from < to {
        value / (to / from)
    } else {
        value * (from / to)
    }
}

/// Normalizes the width, blanks and look-alikes of a character; `None` for blanks.
pub fn narrow(c: char) -> Option<char> {
    Some(match c {
        c if c.is_whitespace() => return None,
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}' => return None,
        '\u{ff01}'..='\u{ff5e}' => {
            let c = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
            return narrow(c);
        }
        '〔' | '【' | '〈' | '{' | '[' | '﹙' => '(',
        '〕' | '】' | '〉' | '}' | ']' | '﹚' => ')',
        '〜' | '~' | '—' | '–' | '―' | '‐' | '‑' | '−' | '─' => '-',
        '≧' | '⩾' => '≥',
        '≦' | '⩽' => '≤',
        c => c.to_ascii_lowercase(),
    })
}

/// Text without blanks, at half width, with one form of brackets, dashes, ㎡, ≥ and ≤.
pub fn fold(text: &str) -> String {
    let text: String = text.chars().filter_map(narrow).collect();
    if text.is_ascii() && !text.contains(['m', '<', '>']) {
        return text;
    }
    let mut text = text;
    for (from, to) in [
        ("平方米", "㎡"),
        ("平米", "㎡"),
        ("m²", "㎡"),
        ("m2", "㎡"),
        ("m^2", "㎡"),
        (">=", "≥"),
        ("<=", "≤"),
    ] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text
}

/// Whether folded text means that nothing is given.
pub fn is_blank(folded: &str) -> bool {
    matches!(folded, "" | "/" | "\\" | "、" | "无" | "n/a" | "na" | "null" | "…" | "……" | "暂无" | "未填")
        || folded.chars().all(|c| c == '-')
}

/// Reads a count or an amount in the unit `wanted` (see [`unit_of`]). `given` is the unit of the header or of the
/// form's 单位, for cells without a unit of their own.
pub fn number(cell: &Cell, wanted: Option<Unit>, given: Option<Unit>) -> Reading<f64> {
    let in_unit = |value: f64, from: Option<Unit>| match (from.or(given), wanted) {
        (Some(from), Some(to)) => convert(value, from, to),
        _ => Some(value),
    };
    let read = match cell {
        Cell::Empty => return (None, None),
        Cell::Number(value) => value.is_finite().then_some(*value).and_then(|v| in_unit(v, None)),
        Cell::Text(text) if is_plain(text) => text.parse().ok().and_then(|v| in_unit(v, None)),
        Cell::Text(text) => {
            let folded = fold(text.trim_start_matches('\''));
            if is_blank(&folded) {
                return (None, None);
            }
            parse_number(text, &folded).and_then(|(value, unit)| in_unit(value, unit))
        }
        Cell::Error(_) => return (None, Some(Trouble::Error)),
        Cell::Uncalculated => return (None, Some(Trouble::Uncalculated)),
        Cell::YesNo(_) | Cell::Date(..) => None,
    };
    match read.filter(|v| v.is_finite()) {
        Some(value) => (Some(value), None),
        None => unreadable(),
    }
}

/// Only digits and one point: the fast path for nearly every cell of a csv.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 18
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().filter(|b| *b == b'.').count() < 2
        && text != "."
}

/// The number and the unit that follows it. Digits may be grouped by three with commas or blanks; any other blank
/// between digits is an error (`12 34` is not 1234).
fn parse_number(raw: &str, folded: &str) -> Option<(f64, Option<Unit>)> {
    let end = folded
        .char_indices()
        .find(|(i, c)| {
            !(c.is_ascii_digit()
                || matches!(c, '.' | ',' | '+' | '-')
                || (*c == 'e' && *i > 0 && folded[i + 1..].starts_with(['+', '-', '0', '1', '2', '3'])))
        })
        .map_or(folded.len(), |(i, _)| i);
    let (digits, tail) = folded.split_at(end);
    let unit = if tail.is_empty() { None } else { Some(unit(tail)?) };
    let whole = digits.split(['.', 'e']).next().unwrap_or_default().trim_start_matches(['+', '-']);
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() > 1;
    if grouped && !(matches!(groups[0].len(), 1..=3) && groups[1..].iter().all(|g| g.len() == 3)) {
        return None;
    }
    if blank_between_digits(raw) && (grouped || !blanks_group_by_three(raw)) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != ',').collect();
    if !plain.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| (v, unit))
}

fn blank_between_digits(raw: &str) -> bool {
    let mut after_digit = false;
    let mut blank = false;
    for c in raw.chars() {
        match narrow(c) {
            None => blank |= after_digit,
            Some(c) if c.is_ascii_digit() => {
                if blank {
                    return true;
                }
                after_digit = true;
            }
            Some(_) => {
                after_digit = false;
                blank = false;
            }
        }
    }
    false
}

fn blanks_group_by_three(raw: &str) -> bool {
    let whole: String =
        raw.chars().map(|c| narrow(c).unwrap_or(' ')).take_while(|c| *c != '.' && *c != 'e').collect();
    let groups: Vec<String> = whole
        .split_whitespace()
        .map(|g| g.chars().filter(char::is_ascii_digit).collect::<String>())
        .collect();
    let groups: Vec<&String> = groups.iter().filter(|g| !g.is_empty()).collect();
    groups.first().is_some_and(|g| g.len() <= 3) && groups[1..].iter().all(|g| g.len() == 3)
}

/// Reads the many forms of 是 and 否, as 1 and 0.
pub fn yes_no(cell: &Cell) -> Reading<f64> {
    let yes = match cell {
        Cell::Empty => return (None, None),
        Cell::YesNo(yes) => Some(*yes),
        Cell::Number(1.0) => Some(true),
        Cell::Number(0.0) => Some(false),
        Cell::Text(text) => match fold(text).as_str() {
            "是" | "√" | "✓" | "✔" | "☑" | "1" | "有" | "对" | "y" | "yes" | "true" => Some(true),
            "否" | "×" | "✗" | "✘" | "x" | "0" | "无" | "错" | "不是" | "n" | "no" | "false" => {
                Some(false)
            }
            other if is_blank(other) => return (None, None),
            _ => None,
        },
        Cell::Error(_) => return (None, Some(Trouble::Error)),
        Cell::Uncalculated => return (None, Some(Trouble::Uncalculated)),
        _ => None,
    };
    match yes {
        Some(yes) => (Some(f64::from(u8::from(yes))), None),
        None => unreadable(),
    }
}

/// Reads a level of the national monitoring, Ⅰ to Ⅳ, as 1 to 4: Ⅲ, III, 3, 三, with or without 级.
pub fn level(cell: &Cell) -> Reading<f64> {
    let found = match cell {
        Cell::Empty => return (None, None),
        Cell::Number(value) => [1.0, 2.0, 3.0, 4.0].contains(value).then_some(*value),
        Cell::Text(text) => {
            let folded = fold(text);
            if is_blank(&folded) {
                return (None, None);
            }
            match folded.trim_end_matches('级') {
                "1" | "ⅰ" | "Ⅰ" | "i" | "一" => Some(1.0),
                "2" | "ⅱ" | "Ⅱ" | "ii" | "二" => Some(2.0),
                "3" | "ⅲ" | "Ⅲ" | "iii" | "三" => Some(3.0),
                "4" | "ⅳ" | "Ⅳ" | "iv" | "四" => Some(4.0),
                _ => None,
            }
        }
        Cell::Error(_) => return (None, Some(Trouble::Error)),
        Cell::Uncalculated => return (None, Some(Trouble::Uncalculated)),
        Cell::YesNo(_) | Cell::Date(..) => None,
    };
    match found {
        Some(level) => (Some(level), None),
        None => unreadable(),
    }
}

/// Reads the year from a year, a date, 1978年9月, 197809, or Excel's serial day number (above 10,000, which is no year).
/// With an `offset` (學年度 110 + 1911; 0 for a year as it is) only a year is accepted.
pub fn year(cell: &Cell, offset: Option<i32>) -> Reading<f64> {
    let found = match cell {
        Cell::Empty => return (None, None),
        Cell::Date(year, ..) => Some(*year),
        Cell::Number(value) => year_of_number(*value, offset),
        Cell::Text(text) => {
            let folded = fold(text);
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

/// Reads a code or a name. Blanks at the ends are removed; a number becomes its digits; a code also loses inner blanks
/// and full-width characters. Leading zeros are kept.
pub fn text(cell: &Cell, is_code: bool) -> Reading<Box<str>> {
    match cell {
        Cell::Empty => (None, None),
        Cell::Number(value) => {
            if value.fract() == 0.0 && value.abs() < 1e15 {
                (Some(format!("{value:.0}").into()), None)
            } else if is_code {
                (Some(format!("{value}").into()), Some(Trouble::Scientific))
            } else {
                (Some(format!("{value}").into()), None)
            }
        }
        Cell::Text(text) if is_code && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            (Some(text.clone()), None)
        }
        Cell::Text(text) if is_code => {
            let code: String = text
                .trim_start_matches('\'')
                .chars()
                .filter(|c| narrow(*c).is_some())
                .map(|c| match c {
                    '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                    c => c,
                })
                .collect();
            if code.is_empty() || code.chars().all(|c| matches!(c, '-' | '—' | '–' | '/')) || code == "无"
            {
                return (None, None);
            }
            let trouble = is_scientific(&code).then_some(Trouble::Scientific);
            // Some programs write numbers with a decimal: 3143000012.0 is the code 3143000012.
            let whole =
                code.strip_suffix(".0").filter(|c| !c.is_empty() && c.bytes().all(|b| b.is_ascii_digit()));
            (Some(whole.unwrap_or(&code).into()), trouble)
        }
        Cell::Text(text) => {
            let mut words = text.split(|c: char| narrow(c).is_none()).filter(|w| !w.is_empty());
            let Some(first) = words.next() else { return (None, None) };
            let name = words.fold(first.to_string(), |all, word| all + " " + word);
            if name.len() < 16 && is_blank(&fold(&name)) { (None, None) } else { (Some(name.into()), None) }
        }
        Cell::YesNo(_) | Cell::Date(..) => unreadable(),
        Cell::Error(_) => (None, Some(Trouble::Error)),
        Cell::Uncalculated => (None, Some(Trouble::Uncalculated)),
    }
}

fn is_scientific(code: &str) -> bool {
    code.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        mantissa.contains('.')
            && mantissa.parse::<f64>().is_ok()
            && exponent.starts_with('+')
            && exponent[1..].parse::<u8>().is_ok()
    })
}

/// An example of a readable cell of the fact, for messages.
pub fn example(fact: &Fact) -> String {
    match fact.kind {
        Kind::Text => fact.label_zh.clone(),
        Kind::YesNo => "是 / 否".into(),
        Kind::Year => "2009".into(),
        Kind::Level => "Ⅲ / 3".into(),
        Kind::Count => format!("12 {}", fact.unit).trim_end().into(),
        Kind::Amount => format!("512.4 {}", fact.unit).trim_end().into(),
        Kind::Choice => match fact.id.as_str() {
            "school_type" => SCHOOL_TYPES.join(" / "),
            "ownership" => format!("公办 / {}", FOUNDERS.join(" / ")),
            _ => "城区 / 镇区 / 乡村".into(),
        },
    }
}

/// A cell as the user sees it, for messages; long text is shortened.
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(value) => value.to_string(),
        Cell::Text(text) if text.chars().count() > 60 => text.chars().take(60).chain("…".chars()).collect(),
        Cell::Text(text) | Cell::Error(text) => text.to_string(),
        Cell::YesNo(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        Cell::Date(y, m, d) => format!("{y}-{m:02}-{d:02}"),
        Cell::Uncalculated => "=…".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn levels_in_their_many_forms() {
        for written in ["Ⅲ", "Ⅲ级", "III", "iii 级", "3", "三", "三级", " ３ "] {
            assert_eq!(level(&t(written)), (Some(3.0), None), "{written}");
        }
        for (written, expected) in [("Ⅰ", 1.0), ("ii", 2.0), ("Ⅳ级", 4.0)] {
            assert_eq!(level(&t(written)), (Some(expected), None), "{written}");
        }
        assert_eq!(level(&Cell::Number(4.0)), (Some(4.0), None));
        assert_eq!(level(&t("—")), (None, None));
        assert_eq!(level(&Cell::Empty), (None, None));
        for wrong in
            [Cell::Number(0.0), Cell::Number(5.0), Cell::Number(2.5), t("级"), t("合格"), Cell::YesNo(true)]
        {
            assert_eq!(level(&wrong), (None, Some(Trouble::Unreadable)), "{wrong:?}");
        }
    }

    fn t(text: &str) -> Cell {
        Cell::Text(text.into())
    }
    fn read(id: &str, cell: Cell) -> Reading<f64> {
        number(&cell, unit_of(Dictionary::get().fact(id).unwrap()), None)
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (written, value) in [
            ("３７０", 370.0),
            ("1,234", 1234.0),
            ("1，234，567.5", 1234567.5),
            ("1 234", 1234.0),
            (" 12\u{a0}", 12.0),
            ("3 ", 3.0),
            ("500人", 500.0),
            ("1.2万人", 12000.0),
            ("-3", -3.0),
            ("1e3", 1000.0),
        ] {
            assert_eq!(read("students", t(written)), (Some(value), None), "{written}");
        }
        for written in ["", "  ", "—", "——", "–", "-", "/", "、", "无", "N/A", "\u{3000}"] {
            assert_eq!(read("students", t(written)), (None, None), "{written}");
        }
        for written in [
            "约500",
            "12 34",
            "1,23",
            "500㎡",
            "1e999",
            "五百",
            "12人左右",
            "(500)",
            "1-2",
            "--5",
            "50%",
            "e5",
            ".",
        ] {
            assert_eq!(read("students", t(written)), (None, Some(Trouble::Unreadable)), "{written}");
        }
        assert_eq!(read("students", Cell::Error("#DIV/0!".into())), (None, Some(Trouble::Error)));
        assert_eq!(read("students", Cell::Uncalculated), (None, Some(Trouble::Uncalculated)));
        assert_eq!(read("students", Cell::Date(2020, 1, 1)), (None, Some(Trouble::Unreadable)));
    }

    #[test]
    fn units_in_the_cell_and_the_header() {
        assert_eq!(read("equipment_value", t("1015400元")), (Some(101.54), None));
        assert_eq!(read("equipment_value", t("3.2万元")), (Some(3.2), None));
        assert_eq!(read("equipment_value", t("3.2万")), (Some(3.2), None));
        assert_eq!(read("special_school_funding", t("3.2万")), (Some(32000.0), None));
        assert_eq!(read("teaching_area", t("512㎡")), (Some(512.0), None));
        assert_eq!(read("teaching_area", t("512.4 平方米")), (Some(512.4), None));
        assert_eq!(read("teaching_area", t("3亩")), (Some(2000.0), None));
        assert_eq!(read("satisfaction", t("88.5％")), (Some(88.5), None));
        let fact = unit_of(Dictionary::get().fact("equipment_value").unwrap());
        assert_eq!(number(&Cell::Number(1015400.0), fact, unit("元")), (Some(101.54), None));
        assert_eq!(number(&t("3万元"), fact, unit("元")), (Some(3.0), None));
    }

    #[test]
    fn years_from_years_and_dates() {
        for cell in [
            t("1978"),
            t("1978年"),
            t("1978年9月"),
            t("1978-09-01"),
            t("1978.9"),
            t("１９７８"),
            Cell::Number(1978.0),
            Cell::Number(197809.0),
            Cell::Number(19780901.0),
            Cell::Number(28734.0),
            Cell::Date(1978, 9, 1),
        ] {
            assert_eq!(year(&cell, None), (Some(1978.0), None), "{cell:?}");
        }
        assert_eq!(year(&t("2025-2026学年"), None).0, Some(2025.0));
        assert_eq!(year(&Cell::Number(36526.0), None).0, Some(2000.0));
        assert_eq!(year(&Cell::Number(36525.0), None).0, Some(1999.0));
        assert_eq!(year(&Cell::Number(110.0), Some(1911)).0, Some(2021.0));
        for cell in [t("去年"), t("20225"), Cell::Number(3.5), Cell::Number(9999.0), t("78年")] {
            assert_eq!(year(&cell, None), (None, Some(Trouble::Unreadable)), "{cell:?}");
        }
    }

    #[test]
    fn codes_keep_their_digits() {
        assert_eq!(text(&Cell::Number(210102001.0), true).0.as_deref(), Some("210102001"));
        assert_eq!(text(&t(" 011301 "), true).0.as_deref(), Some("011301"));
        assert_eq!(text(&t("２１４３Ａ"), true).0.as_deref(), Some("2143A"));
        assert_eq!(text(&t("2.14E+09"), true), (Some("2.14E+09".into()), Some(Trouble::Scientific)));
        assert_eq!(text(&t("\u{3000}第一\u{a0} 小学 "), false).0.as_deref(), Some("第一 小学"));
        assert_eq!(text(&t("——"), true), (None, None));
    }

    #[test]
    fn words_of_the_closed_lists() {
        let fact = |id| Dictionary::get().fact(id).unwrap();
        for (id, written, word) in [
            ("school_type", "九年一贯制", "九年一贯制学校"),
            ("school_type", "小学教学点", "教学点"),
            ("school_type", "211 普通小学", "小学"),
            ("ownership", "10", "民办"),
            ("ownership", "民办教育", "民办"),
            ("ownership", "7", "县级教育部门"),
            ("ownership", "公办", "公办"),
            ("location", "镇乡结合区", "镇区"),
            ("location", "村庄", "乡村"),
            ("location", "111主城区", "城区"),
        ] {
            assert_eq!(choice(&t(written), fact(id)), (Some(word.into()), None));
        }
        assert_eq!(choice(&t("幼儿园"), fact("school_type")), (None, Some(Trouble::Unreadable)));
        assert_eq!(yes_no(&t("√")), (Some(1.0), None));
        assert_eq!(yes_no(&t("无")), (Some(0.0), None));
        assert_eq!(yes_no(&t("大概")), (None, Some(Trouble::Unreadable)));
    }
}
