//! A table of a document: its cells, and column widths that follow its texts.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::grammar::{Piece, clean, pieces, plain};
use crate::words::Words;

/// A table with its head, which is repeated on every page.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    pub caption: Vec<Piece>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether the table is set in smaller type, because it has many columns.
    pub small: bool,
    /// Anchors of the rows to which a page links; empty if nothing links to them.
    #[serde(skip)]
    pub ids: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub title: String,
    /// Whether the column is right-aligned, for numbers.
    pub number: bool,
    /// Share of the table's width; the shares add up to 1.
    pub width: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    pub pieces: Vec<Piece>,
    /// Not met: shaded, and bold for grey print.
    pub unmet: bool,
}

/// Maximum width of a column, in half-width characters as [`table`] counts.
pub const MAX_TABLE_WIDTH: usize = 34;
/// A column up to this width keeps it, so that no number breaks.
const NARROW: f64 = 16.0;
/// From this number of columns on, the type is smaller.
const MANY: usize = 7;
/// Half-width characters per line of the table, in its usual and its smaller type.
const ROOM: (f64, f64) = (82.0, 102.0);

pub fn text(text: impl AsRef<str>) -> Cell {
    Cell { pieces: vec![Piece::Text(clean(text.as_ref()))], unmet: false }
}

/// A text that may contain places to fill in.
pub fn marked(text: &str) -> Cell {
    Cell { pieces: pieces(text), unmet: false }
}

impl Cell {
    pub fn unmet(self, unmet: bool) -> Cell {
        Cell { unmet, ..self }
    }
}

impl Table {
    /// Sets the table in smaller type, whatever its number of columns.
    pub fn smaller(self) -> Table {
        Table { small: true, ..self }
    }

    /// Number of lines of its rows on portrait paper, estimated without a font.
    pub fn lines(&self) -> usize {
        let room = if self.small { ROOM.1 } else { ROOM.0 };
        let of_row = |row: &Vec<Cell>| {
            let cells = row.iter().zip(&self.columns).map(|(cell, column)| {
                let wide = (column.width * room) as usize;
                plain(&cell.pieces).width().div_ceil(wide.max(1))
            });
            cells.max().unwrap_or(1).max(1)
        };
        self.rows.iter().map(of_row).sum()
    }
}

/// Column headings by their keys under `room.column` in the catalogue; `#` before a key marks a column of numbers.
pub fn heads(words: &Words, room: &str, keys: &[&str]) -> Vec<(String, bool)> {
    let head = |key: &&str| {
        let name = key.trim_start_matches('#');
        (words.say(&format!("{room}.column.{name}")), key.starts_with('#'))
    };
    keys.iter().map(head).collect()
}

/// A table of at most `most` rows; `more(count)` is the text of a last row that says how many are left out.
pub fn bounded(
    heads: Vec<(String, bool)>,
    mut rows: Vec<Vec<Cell>>,
    most: usize,
    more: impl Fn(usize) -> String,
) -> Table {
    if rows.len() > most {
        let mut last = vec![text(more(rows.len() - most))];
        last.resize(heads.len(), text(""));
        rows.truncate(most);
        rows.push(last);
    }
    table(heads, rows)
}

/// Builds a table from headings (`true`: a column of numbers) and rows.
pub fn table(heads: Vec<(String, bool)>, rows: Vec<Vec<Cell>>) -> Table {
    let small = heads.len() >= MANY;
    let room = if small { ROOM.1 } else { ROOM.0 };
    let widest = |column: usize, title: &str| {
        let of_rows = rows.iter().filter_map(|row| row.get(column));
        let cells = of_rows.map(|cell| plain(&cell.pieces).width()).max().unwrap_or(0);
        // A heading may wrap.
        let word = title.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0);
        // Up to four characters stay together (差异系数), longer headings wrap in the middle.
        let head = match title.width() {
            _ if title.is_ascii() => word + 1,
            short @ ..=8 => short.saturating_sub(2),
            long => 2 * long.div_ceil(4) - 2,
        };
        // Columns of whole paragraphs (推进措施) get double width.
        let most = if cells > 4 * MAX_TABLE_WIDTH { 2 * MAX_TABLE_WIDTH } else { MAX_TABLE_WIDTH };
        cells.max(head).clamp(4, most) as f64 + 3.0
    };
    let natural: Vec<f64> =
        heads.iter().enumerate().map(|(column, (title, _))| widest(column, title)).collect();
    // Narrow columns get the width they need; columns of long texts share the rest.
    let of_narrow: f64 = natural.iter().filter(|width| **width <= NARROW).sum();
    let of_wide: f64 = natural.iter().filter(|width| **width > NARROW).sum();
    let shrunk = if of_wide > 0.0 { ((room - of_narrow) / of_wide).clamp(0.4, 1.0) } else { 1.0 };
    let widths: Vec<f64> =
        natural.iter().map(|width| if *width > NARROW { width * shrunk } else { *width }).collect();
    let whole: f64 = widths.iter().sum();
    let columns: Vec<Column> = heads
        .into_iter()
        .zip(widths)
        .map(|((title, number), width)| Column { title: clean(&title), number, width: width / whole })
        .collect();
    Table { caption: vec![], small, columns, rows, ids: vec![] }
}
