//! Texts and names of sheets within the limits of Excel.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

/// Excel's maximum length of the text of a cell or comment, in UTF-16 units.
const MAX_TEXT: usize = 32_767;
/// Excel's maximum length of the name of a sheet, in UTF-16 units.
const MAX_SHEET_NAME: usize = 31;

/// A text without control characters (line breaks and tabs are kept), cut at Excel's maximum.
pub(super) fn cell_text(text: String) -> String {
    let kept = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if text.chars().all(kept) { cut(text) } else { cut(text.chars().filter(|c| kept(*c)).collect()) }
}

/// A text cut at Excel's maximum, and otherwise unchanged.
pub(super) fn cut(text: String) -> String {
    // No character takes fewer bytes than UTF-16 units.
    if text.len() <= MAX_TEXT {
        return text;
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MAX_TEXT
    };
    text.chars().take_while(fits).collect()
}

/// Escapes a text for a header or footer, which has room for 255 characters and in which `&` begins a code.
pub(super) fn header_text(text: &str, max: usize) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).take(max).collect();
    text.replace('&', "&&")
}

/// Number of lines that a text takes in a cell with room for `room` half-width characters, of which a Chinese character
/// takes two; at least 1.
pub fn lines(text: &str, room: f64) -> usize {
    let room = (room as usize).max(1);
    text.lines().map(|line| line.width().div_ceil(room).max(1)).sum::<usize>().max(1)
}

/// The names of a workbook's sheets: at most 31 characters, none of `[]:*?/\'`, unique ignoring case.
#[derive(Debug, Default)]
pub struct SheetNames(BTreeSet<String>);

impl SheetNames {
    /// Reserves the name most similar to `name` that Excel allows and that is not in use.
    pub fn distinct(&mut self, name: &str) -> String {
        let clean: String =
            name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
        let mut number = 1;
        loop {
            let end = if number == 1 { String::new() } else { format!(" {number}") };
            let mut short = clean.trim().to_string();
            while short.encode_utf16().count() + end.len() > MAX_SHEET_NAME {
                short.pop();
            }
            let name = if short.is_empty() { format!("_{end}") } else { short + &end };
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_a_workbook_can_hold() {
        assert_eq!(cell_text("a\u{0}b\u{1b}c\r\n𠮷\t".into()), "abc\n𠮷\t");
        assert_eq!(cell_text("𠮷".repeat(20_000)).encode_utf16().count(), MAX_TEXT - 1);
        assert_eq!(cell_text("长".repeat(MAX_TEXT + 1)).chars().count(), MAX_TEXT);
        assert_eq!(cut("a\u{1}".into()), "a\u{1}");
        assert_eq!(header_text("a&b\n长长", 4), "a&&b长");
    }

    #[test]
    fn lines_are_counted_by_width() {
        assert_eq!(lines("", 8.0), 1);
        assert_eq!(lines("四个汉字", 8.0), 1);
        assert_eq!(lines("五个汉字了", 8.0), 2);
        assert_eq!(lines("a\n\nb", 8.0), 3);
        assert_eq!(lines("ab", 0.0), 2);
    }

    #[test]
    fn sheet_names_are_those_excel_allows() {
        let mut names = SheetNames::default();
        assert_eq!(names.distinct("区教育局"), "区教育局");
        assert_eq!(names.distinct("区教育局"), "区教育局 2");
        assert_eq!(names.distinct("a/b:c*d?[e]'"), "a b c d  e");
        assert_eq!(names.distinct("A B C D  E"), "A B C D  E 2");
        assert_eq!(names.distinct("''"), "_");
        assert_eq!(names.distinct(""), "_ 2");
        assert_eq!(names.distinct(&"长".repeat(40)).chars().count(), 31);
        assert_eq!(names.distinct(&"长".repeat(40)), format!("{} 2", "长".repeat(29)));
    }
}
