//! Reads the tables of a web page. Web systems export their tables as HTML under the name of a workbook.
//!
//! As in Excel, all tables of the page are on one sheet, one below the other. Only text and the layout of cells are
//! read: nothing is loaded, and no script is run.

use std::collections::HashMap;

use html5gum::{StartTag, Token, Tokenizer, emitters::default::DefaultEmitter};

use super::text;
use crate::{
    ingest::{
        Limits, delimited,
        sheet::{Builder, COLUMNS, Cell, ROWS, Sheet, Tally},
    },
    problem::{Place, Problem, Result},
};

/// Reads the page as one sheet without a name.
///
/// # Errors
/// Its bytes are valid in no known encoding; it has no table; a limit is exceeded.
pub(in crate::ingest) fn read(
    bytes: &[u8],
    shown: &str,
    encoding: Option<&str>,
    limits: &Limits,
) -> Result<Vec<Sheet>> {
    let mut tally = Tally::new(shown, limits);
    // The text, and the text of one token.
    tally.hold(bytes.len().saturating_mul(3))?;
    let page = delimited::decoded(bytes, shown, encoding)?;
    let mut tables = Tables::new(Builder::new(&mut tally, ""));
    // What is within a script or a style is no HTML.
    let mut tokens = DefaultEmitter::<()>::default();
    tokens.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(&page, tokens) {
        match token {
            Token::StartTag(tag) => tables.start(&tag)?,
            Token::EndTag(tag) => tables.end(&tag.name)?,
            Token::String(text) => tables.text(&text),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    tables.finish(shown)
}

/// A cell that is being read.
struct Open {
    text: String,
    /// The number that Excel wrote beside the text as it is displayed.
    number: Option<f64>,
    rows: u32,
    columns: u32,
}

struct Tables<'a, 'b> {
    sheet: Builder<'a, 'b>,
    /// The number of tables that enclose this place.
    depth: usize,
    /// Whether the page has a table at all.
    any: bool,
    /// The current row; the first row of the page is 0.
    row: u32,
    in_row: bool,
    column: u32,
    cell: Option<Open>,
    /// The columns that a cell above still covers, each with the first row that it does not cover.
    covered: HashMap<u32, u32>,
    /// The name of the element whose text is not displayed (script, style).
    silent: Option<Vec<u8>>,
}

impl<'a, 'b> Tables<'a, 'b> {
    fn new(sheet: Builder<'a, 'b>) -> Self {
        Tables {
            sheet,
            depth: 0,
            any: false,
            row: 0,
            in_row: false,
            column: 0,
            cell: None,
            covered: HashMap::new(),
            silent: None,
        }
    }

    fn start(&mut self, tag: &StartTag<()>) -> Result<()> {
        match tag.name.as_slice() {
            b"script" | b"style" | b"title" if !tag.self_closing => self.silent = Some(tag.name.to_vec()),
            b"table" => {
                // A table within a cell begins in a row of its own, as do the tables that only lay out a page.
                self.close_row()?;
                self.depth += 1;
                self.any = true;
                self.covered.clear();
            }
            b"tr" if self.depth > 0 => {
                self.close_row()?;
                self.in_row = true;
            }
            b"td" | b"th" if self.depth > 0 => {
                self.close_cell()?;
                self.in_row = true;
                let span = |name: &str, most: u32| {
                    let value = attribute(tag, name).and_then(|value| value.trim().parse::<u32>().ok());
                    value.unwrap_or(1).clamp(1, most)
                };
                self.cell = Some(Open {
                    text: String::new(),
                    number: attribute(tag, "x:num").and_then(|value| value.trim().parse().ok()),
                    rows: span("rowspan", ROWS),
                    columns: span("colspan", COLUMNS),
                });
            }
            b"br" | b"p" | b"div" => {
                if let Some(cell) = self.cell.as_mut().filter(|cell| !cell.text.trim().is_empty()) {
                    cell.text.push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<()> {
        if self.silent.as_deref() == Some(name) {
            self.silent = None;
        }
        match name {
            b"td" | b"th" => self.close_cell()?,
            b"tr" => self.close_row()?,
            b"table" => {
                self.close_row()?;
                self.depth = self.depth.saturating_sub(1);
                self.covered.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8]) {
        if self.silent.is_some() {
            return;
        }
        let Some(cell) = &mut self.cell else { return };
        // Line breaks of the page are blanks, as are its blanks that do not break.
        for c in String::from_utf8_lossy(text).chars() {
            let c = if c.is_ascii_whitespace() || c == '\u{a0}' { ' ' } else { c };
            if c != ' ' || !cell.text.ends_with([' ', '\n']) {
                cell.text.push(c);
            }
        }
    }

    fn close_cell(&mut self) -> Result<()> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        while self.covered.get(&self.column).is_some_and(|until| *until > self.row) {
            self.column += 1;
        }
        let content = match cell.number.filter(|number| number.is_finite()) {
            Some(number) => Cell::Number(number),
            None => text(cell.text.trim()),
        };
        self.sheet.put(self.row, self.column, content)?;
        let last = (self.row.saturating_add(cell.rows - 1), self.column.saturating_add(cell.columns - 1));
        if cell.rows > 1 || cell.columns > 1 {
            self.sheet.merge((self.row, self.column), last)?;
        }
        if cell.rows > 1 {
            for column in self.column..=last.1.min(COLUMNS - 1) {
                self.covered.insert(column, last.0.saturating_add(1));
            }
        }
        self.column = last.1.saturating_add(1);
        Ok(())
    }

    fn close_row(&mut self) -> Result<()> {
        self.close_cell()?;
        if self.in_row {
            self.row = self.row.saturating_add(1);
        }
        (self.in_row, self.column) = (false, 0);
        Ok(())
    }

    fn finish(mut self, shown: &str) -> Result<Vec<Sheet>> {
        self.close_row()?;
        if !self.any {
            return Err(Problem::error("file_is_html", Place::file(shown)).into());
        }
        Ok(vec![self.sheet.finish()?])
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.iter().find(|(key, _)| key.as_slice() == name.as_bytes())?.1;
    Some(String::from_utf8_lossy(&value.value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::sheet::address;

    fn cells(page: &str) -> Vec<(String, String)> {
        let sheets = read(page.as_bytes(), "表.xls", None, &Limits::default()).unwrap();
        let cells = sheets[0].rows.iter().flat_map(|row| {
            row.cells.iter().map(|(column, cell)| {
                let cell = match cell {
                    Cell::Text(text) => text.to_string(),
                    Cell::Number(number) => format!("={number}"),
                    other => format!("{other:?}"),
                };
                (address(row.index, *column), cell)
            })
        });
        cells.collect()
    }

    fn are(page: &str, expected: &[(&str, &str)]) {
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        assert_eq!(cells(page), expected, "{page}");
    }

    #[test]
    fn cells_are_where_a_browser_shows_them() {
        are(
            "<style>td{}</style><table><tr><th rowspan=2>学校<th colspan='2'>教师&nbsp;数</tr>\
             <tr><td>男<td>女</td></tr><tr><td>一小<br>（本部）</td><td x:num=\"1200.5\">1,200.50</td><td></td></tr></table>",
            &[
                ("A1", "学校"),
                ("B1", "教师 数"),
                ("B2", "男"),
                ("C2", "女"),
                ("A3", "一小\n（本部）"),
                ("B3", "=1200.5"),
            ],
        );
        // Tables that only lay out the page, and two tables one below the other.
        are(
            "<table><tr><td>标题<table><tr><td>a<td>b</table></td></tr></table><p>注<table><tr><td>c</table>",
            &[("A1", "标题"), ("A2", "a"), ("B2", "b"), ("A3", "c")],
        );
        are(
            "<table><tr><td>a<script>'<td>b'</script></td><td>&lt;&#20013;</td></tr>",
            &[("A1", "a"), ("B1", "<中")],
        );
    }

    #[test]
    fn spans_cannot_exhaust_memory() {
        let page = format!(
            "<table><tr><td colspan=9999999 rowspan=9999999>a</td>{}",
            "<td colspan=60000>".repeat(500)
        );
        assert!(read(page.as_bytes(), "表.xls", None, &Limits::default()).is_ok());
        let page = "<table>".repeat(100_000);
        assert!(read(page.as_bytes(), "表.xls", None, &Limits::default()).is_ok());
        assert!(read(b"<html><p>a</html>", "表.xls", None, &Limits::default()).is_err());
    }
}
