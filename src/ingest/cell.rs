//! Reads a cell as its fact requires: numbers in the fact's unit, yes or no, years, codes and the closed lists.
//!
//! A cell that cannot be read never becomes zero: the value is missing and [`Trouble`] says why.

mod choice;
mod code;
mod number;
mod unit;
mod year;

pub use choice::{choice, is_outside, section, section_of_row, sections_of_type};
pub use code::{bare, code, district};
pub use number::number;
pub use unit::{Dimension, Unit, convert, unit, unit_of};
pub use year::year;

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

/// The ASCII character of which this is the full-width form; any other as it is.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Normalizes the width, blanks and look-alikes of a character; `None` for blanks.
pub fn narrow(c: char) -> Option<char> {
    Some(match c {
        c if c.is_whitespace() || c.is_control() => return None,
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}' => return None,
        '\u{ff01}'..='\u{ff5e}' => return narrow(half_width(c)),
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

/// Reads the many forms of 是 and 否, as 1 and 0.
pub fn yes_no(cell: &Cell) -> Reading<f64> {
    let yes = match cell {
        Cell::Empty => return (None, None),
        Cell::YesNo(yes) => Some(*yes),
        Cell::Number(1.0) => Some(true),
        Cell::Number(0.0) => Some(false),
        Cell::Text(text) => match fold(bare(text)).as_str() {
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
            let folded = fold(bare(text));
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

/// Reads a code or a name. Blanks at the ends are removed; a number becomes its digits; a code also loses what programs
/// put around it. Leading zeros are kept.
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
            let code = code::code(text);
            if code.is_empty() || code.chars().all(|c| matches!(c, '-' | '—' | '–' | '/')) || code == "无"
            {
                return (None, None);
            }
            let trouble = code::is_scientific(&code).then_some(Trouble::Scientific);
            (Some(code.into()), trouble)
        }
        Cell::Text(text) => {
            let mut words = bare(text).split(|c: char| narrow(c).is_none()).filter(|w| !w.is_empty());
            let Some(first) = words.next() else { return (None, None) };
            let name = words.fold(first.to_string(), |all, word| all + " " + word);
            if name.len() < 16 && is_blank(&fold(&name)) { (None, None) } else { (Some(name.into()), None) }
        }
        Cell::YesNo(_) | Cell::Date(..) => unreadable(),
        Cell::Error(_) => (None, Some(Trouble::Error)),
        Cell::Uncalculated => (None, Some(Trouble::Uncalculated)),
    }
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
        // A kindergarten is known, and left out by the table that it stands in.
        assert_eq!(choice(&t("幼儿园"), fact("school_type")), (Some("幼儿园".into()), None));
        assert_eq!(choice(&t("驾校"), fact("school_type")), (None, Some(Trouble::Unreadable)));
        assert_eq!(yes_no(&t("√")), (Some(1.0), None));
        assert_eq!(yes_no(&t("无")), (Some(0.0), None));
        assert_eq!(yes_no(&t("大概")), (None, Some(Trouble::Unreadable)));
    }
}
