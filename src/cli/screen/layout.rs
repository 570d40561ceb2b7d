//! Columns, lines and truncation by display width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Maximum width of the screen output.
pub const WIDTH: usize = 100;
/// The mark before a heading.
pub const HEADING: &str = "■ ";

pub fn heading(text: &str) -> String {
    format!("{HEADING}{}", cut(text, WIDTH - HEADING.width()))
}

/// Cuts `text` to at most `width` columns, with `…` at the cut. Line breaks and tabs become blanks, because a cell is
/// one line.
pub fn cut(text: &str, width: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.width() <= width {
        return text;
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// Writes `text` after `first`, broken so that no line is wider than `width`; continuation lines are indented to the
/// start of the text. Breaks at a blank if one is near, otherwise between any two characters, as is usual in Chinese.
pub fn wrap(text: &str, first: &str, width: usize) -> Vec<String> {
    let indent = " ".repeat(first.width());
    let room = width.saturating_sub(first.width()).max(8);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut rest: Vec<char> = paragraph.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        loop {
            let mut used = 0;
            let fits = rest
                .iter()
                .position(|c| {
                    used += c.width().unwrap_or(0);
                    used > room
                })
                .unwrap_or(rest.len());
            let end = (fits / 3 + 1..=fits).rev().find(|&end| may_break(&rest, end)).unwrap_or(fits);
            let head: String = rest[..end].iter().collect();
            let start = if lines.is_empty() { first } else { &indent };
            lines.push(format!("{start}{}", head.trim_end()).trim_end().to_string());
            rest.drain(..end);
            while rest.first() == Some(&' ') {
                rest.remove(0);
            }
            if rest.is_empty() {
                break;
            }
        }
    }
    lines
}

/// A message after `first`. Lines after its first line are meant to be copied into a file, so they are indented but not
/// broken.
pub fn message(text: &str, first: &str) -> Vec<String> {
    let (said, to_copy) = text.split_once('\n').unwrap_or((text, ""));
    let mut lines = wrap(said, first, WIDTH);
    let indent = " ".repeat(first.width());
    lines.extend(to_copy.lines().map(|line| {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("{indent}{line}")
    }));
    lines
}

/// Keeps words of letters or digits whole, and never begins a line with a closing mark.
fn may_break(text: &[char], at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(at.wrapping_sub(1)), text.get(at)) else { return true };
    let word = before.is_ascii_graphic() && after.is_ascii_graphic();
    !word && !"，。；：、）》」！？…,.;:)%".contains(*after)
}

/// ✓ met, ✗ not met, — cannot be judged.
pub fn mark(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "—",
    }
}

/// A column of a table.
pub struct Column {
    title: String,
    right: bool,
    /// Minimum width when the table is too wide.
    minimum: Option<usize>,
}

impl Column {
    pub fn left(title: String) -> Column {
        Column { title, right: false, minimum: None }
    }
    pub fn right(title: String) -> Column {
        Column { title, right: true, minimum: None }
    }
    /// A column whose texts may be cut.
    pub fn giving(title: String, minimum: usize) -> Column {
        Column { title, right: false, minimum: Some(minimum) }
    }
}

/// Columns side by side, with two blanks before and between them. If the table is too wide, columns that may be cut
/// become narrower, the widest first, until it fits.
pub fn table(columns: &[Column], rows: &[Vec<String>]) -> Vec<String> {
    let mut widths: Vec<usize> = (0..columns.len())
        .map(|i| rows.iter().map(|row| row[i].width()).max().unwrap_or(0).max(columns[i].title.width()))
        .collect();
    while widths.iter().sum::<usize>() + 2 * columns.len() > WIDTH {
        let minimum = |i: usize| columns[i].minimum.unwrap_or(usize::MAX);
        let Some(widest) = (0..columns.len()).filter(|&i| widths[i] > minimum(i)).max_by_key(|&i| widths[i])
        else {
            break;
        };
        widths[widest] -= 1;
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut out = String::new();
        for ((cell, column), width) in cells.zip(columns).zip(&widths) {
            let cell = cut(cell, *width);
            let pad = " ".repeat(width - cell.width().min(*width));
            out += "  ";
            out += &if column.right { pad + &cell } else { cell + &pad };
        }
        cut(out.trim_end(), WIDTH)
    };
    let mut lines = vec![line(&mut columns.iter().map(|c| c.title.as_str()))];
    let wide = widths.iter().sum::<usize>() + 2 * columns.len() - 2;
    lines.push(format!("  {}", "-".repeat(wide.min(WIDTH - 2))));
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_never_wider_than_asked() {
        assert_eq!(cut("大祥区", 6), "大祥区");
        assert_eq!(cut("大祥区第一小学", 6), "大祥…");
        assert_eq!(cut("abc", 2), "a…");
        assert_eq!(cut("a\nb\tc", 9), "a b c");
        for width in 1..20 {
            assert!(cut("a大b祥c区第一小学", width).width() <= width, "{width}");
        }
    }

    #[test]
    fn further_lines_are_indented_and_words_stay_whole() {
        assert_eq!(wrap("一二三四五六", "· ", 10), ["· 一二三四", "  五六"]);
        assert_eq!(wrap("一二三四，五", "· ", 10), ["· 一二三", "  四，五"]);
        assert_eq!(wrap("请看这里的各个标准 taiwan-primary。", "", 34)[1], "taiwan-primary。");
        assert_eq!(wrap("alpha beta gamma", "- ", 14), ["- alpha beta", "  gamma"]);
        assert_eq!(wrap("", "- ", 14), Vec::<String>::new());
        for line in wrap(&"unbreakable".repeat(30), "  ", 100) {
            assert!(line.width() <= 100);
        }
    }

    #[test]
    fn a_table_fits_whatever_it_contains() {
        let columns =
            [Column::left("id".into()), Column::giving("名称".into(), 8), Column::right("n".into())];
        let rows = vec![
            vec!["1".into(), "很长的学校名称".repeat(12), "1,234.50".into()],
            vec!["22".into(), "短".into(), "—".into()],
        ];
        let lines = table(&columns, &rows);
        assert_eq!(lines[2].width(), WIDTH);
        assert!(lines.iter().all(|line| line.width() <= WIDTH));
        assert!(lines[2].contains('…') && lines[2].ends_with("1,234.50"));
    }
}
