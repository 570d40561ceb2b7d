//! One sheet: cells, links, comments, panes.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, Formula, Note, ProtectionOptions, Url, Worksheet, XlsxError, utility,
};

use super::{
    Allowed, Print, Style,
    text::{cell_text, cut},
};

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Blank,
    Text(String),
    /// A text as it was read, including control characters.
    AsRead(String),
    /// A number that is not finite leaves the cell blank.
    Number(f64),
    YesNo(bool),
    /// Shown as `2026-09-01`.
    Date(NaiveDate),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_string())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Value {
        Value::Number(count as f64)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::YesNo(yes)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Blank, T::into)
    }
}

/// A cell's address: row 0 and column 1 are `B1`.
pub fn address(row: u32, column: u16) -> String {
    utility::row_col_to_cell(row, column)
}

/// A sheet while it is filled. Rows and columns count from 0, heights are in points, widths in characters.
pub struct Sheet {
    inner: Worksheet,
    failed: Option<XlsxError>,
}

impl Sheet {
    /// A sheet of exactly this name: a name from [`super::Workbook::reserve`], or a fixed one.
    pub fn named(name: &str) -> Sheet {
        let mut sheet = Sheet { inner: Worksheet::new(), failed: None };
        sheet.attempt(|sheet| sheet.set_name(name));
        sheet
    }

    pub fn name(&self) -> String {
        self.inner.name()
    }

    pub(super) fn into_parts(self) -> (Worksheet, Option<XlsxError>) {
        (self.inner, self.failed)
    }

    /// Runs an operation unless an earlier one failed.
    fn attempt(
        &mut self,
        write: impl FnOnce(&mut Worksheet) -> Result<&mut Worksheet, XlsxError>,
    ) -> &mut Sheet {
        if self.failed.is_none() {
            self.failed = write(&mut self.inner).err();
        }
        self
    }

    /// Writes a cell in this style. A blank cell has the style too.
    pub fn put(&mut self, row: u32, column: u16, value: impl Into<Value>, style: &Style) -> &mut Sheet {
        let format = style.format();
        match value.into() {
            Value::Text(text) => {
                self.attempt(|sheet| sheet.write_string_with_format(row, column, cell_text(text), format))
            }
            Value::AsRead(text) => {
                self.attempt(|sheet| sheet.write_string_with_format(row, column, cut(text), format))
            }
            Value::Number(number) if number.is_finite() => {
                self.attempt(|sheet| sheet.write_number_with_format(row, column, number, format))
            }
            Value::YesNo(yes) => {
                self.attempt(|sheet| sheet.write_boolean_with_format(row, column, yes, format))
            }
            Value::Date(day) => match super::date(day) {
                Ok(date) => {
                    let style = style.clone().number_format("yyyy-mm-dd");
                    self.attempt(|sheet| sheet.write_datetime_with_format(row, column, &date, style.format()))
                }
                Err(_) => self.put(row, column, day.to_string(), style),
            },
            Value::Blank | Value::Number(_) => self.attempt(|sheet| sheet.write_blank(row, column, format)),
        }
    }

    /// Writes a cell in Excel's default style. Nothing is written for a blank cell.
    pub fn write(&mut self, row: u32, column: u16, value: impl Into<Value>) -> &mut Sheet {
        match value.into() {
            Value::Text(text) => self.attempt(|sheet| sheet.write_string(row, column, cell_text(text))),
            Value::AsRead(text) => self.attempt(|sheet| sheet.write_string(row, column, cut(text))),
            Value::Number(number) if number.is_finite() => {
                self.attempt(|sheet| sheet.write_number(row, column, number))
            }
            Value::YesNo(yes) => self.attempt(|sheet| sheet.write_boolean(row, column, yes)),
            day @ Value::Date(_) => self.put(row, column, day, &Style::new()),
            Value::Blank | Value::Number(_) => self,
        }
    }

    /// Writes cells of a row side by side, from `column` on.
    pub fn put_row<V: Into<Value>>(
        &mut self,
        (row, column): (u32, u16),
        values: impl IntoIterator<Item = V>,
        style: &Style,
    ) -> &mut Sheet {
        for (column, value) in (column..).zip(values) {
            self.put(row, column, value, style);
        }
        self
    }

    /// The same in Excel's default style.
    pub fn write_row<V: Into<Value>>(
        &mut self,
        (row, column): (u32, u16),
        values: impl IntoIterator<Item = V>,
    ) -> &mut Sheet {
        for (column, value) in (column..).zip(values) {
            self.write(row, column, value);
        }
        self
    }

    /// Merges a range into one cell. Overlapping another range is an error; see [`Sheet::merge_if_free`].
    pub fn merge(&mut self, from: (u32, u16), to: (u32, u16), text: &str, style: &Style) -> &mut Sheet {
        if from == to {
            return self.put(from.0, from.1, text, style);
        }
        let text = cell_text(text.to_string());
        self.attempt(|sheet| sheet.merge_range(from.0, from.1, to.0, to.1, &text, style.format()))
    }

    /// Merges an empty range into one cell, unless it overlaps another.
    pub fn merge_if_free(&mut self, from: (u32, u16), to: (u32, u16)) {
        let _ = self.inner.merge_range(from.0, from.1, to.0, to.1, "", Style::new().format());
    }

    /// Writes a formula with its result, which programs that do not calculate show.
    pub fn formula(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: &str,
        style: &Style,
    ) -> &mut Sheet {
        let formula = Formula::new(formula).set_result(result);
        self.attempt(|sheet| sheet.write_formula_with_format(row, column, formula, style.format()))
    }

    /// Writes a text that links to a place in the same workbook, `'学校'!A1`.
    pub fn link(&mut self, row: u32, column: u16, place: &str, text: &str, style: &Style) -> &mut Sheet {
        let (to, text) = (Url::new(format!("internal:{place}")), cell_text(text.to_string()));
        self.attempt(|sheet| sheet.write_url_with_options(row, column, to, text, "", Some(style.format())))
    }

    /// Adds a comment to a cell, in a box of `width` by `height` pixels. `author` may be empty.
    pub fn comment(
        &mut self,
        row: u32,
        column: u16,
        text: &str,
        author: &str,
        (width, height): (u32, u32),
    ) -> &mut Sheet {
        let mut note =
            Note::new(cut(text.to_string())).add_author_prefix(false).set_width(width).set_height(height);
        if !author.is_empty() {
            note = note.set_author(author);
        }
        self.attempt(|sheet| sheet.insert_note(row, column, &note))
    }

    /// Adds a rule for what may be entered in a range of cells; anything else is refused with `message`.
    pub fn allow(
        &mut self,
        from: (u32, u16),
        to: (u32, u16),
        allowed: &Allowed,
        message: &str,
    ) -> &mut Sheet {
        self.attempt(|sheet| match allowed.rule(message)? {
            Some(rule) => sheet.add_data_validation(from.0, from.1, to.0, to.1, &rule),
            None => Ok(sheet),
        })
    }

    /// Styles the cells of a range for which a formula is true; the formula is written for the first cell.
    pub fn style_where(
        &mut self,
        from: (u32, u16),
        to: (u32, u16),
        formula: &str,
        style: &Style,
    ) -> &mut Sheet {
        let rule = ConditionalFormatFormula::new().set_rule(formula).set_format(style.format().clone());
        self.attempt(|sheet| sheet.add_conditional_format(from.0, from.1, to.0, to.1, &rule))
    }

    pub fn width(&mut self, column: u16, characters: f64) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_column_width(column, characters))
    }

    /// Sets the widths of the first columns.
    pub fn widths(&mut self, characters: &[f64]) -> &mut Sheet {
        for (column, width) in (0..).zip(characters) {
            self.width(column, *width);
        }
        self
    }

    /// Makes columns as wide as their content.
    pub fn fit_widths(&mut self) -> &mut Sheet {
        self.inner.autofit();
        self
    }

    pub fn height(&mut self, row: u32, points: f64) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_row_height(row, points))
    }

    /// Sets the style of the cells of a column that are not written.
    pub fn style_column(&mut self, column: u16, style: &Style) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_column_format(column, style.format()))
    }

    /// Keeps the first rows and columns in view.
    pub fn freeze(&mut self, rows: u32, columns: u16) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_freeze_panes(rows, columns))
    }

    /// Adds a filter to the heading `head` of a list, over its rows up to `last` and its columns up to `last_column`.
    pub fn filter(&mut self, head: u32, last: u32, last_column: u16) -> &mut Sheet {
        self.attempt(|sheet| sheet.autofilter(head, 0, last.max(head), last_column))
    }

    pub fn print(&mut self, print: Print) -> &mut Sheet {
        self.attempt(|sheet| print.apply(sheet))
    }

    /// Ends the printed page before this row.
    pub fn page_break(&mut self, row: u32) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_page_breaks(&[row]))
    }

    pub fn hide_row(&mut self, row: u32) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_row_hidden(row))
    }

    pub fn hide_column(&mut self, column: u16) -> &mut Sheet {
        self.attempt(|sheet| sheet.set_column_hidden(column))
    }

    /// Hides a sheet for programs: Excel does not even offer to show it.
    pub fn hide(&mut self) -> &mut Sheet {
        self.inner.set_very_hidden(true);
        self
    }

    /// Makes this the sheet that is shown when the workbook opens.
    pub fn open_first(&mut self) -> &mut Sheet {
        self.inner.set_active(true);
        self
    }

    pub fn tab_colour(&mut self, colour: u32) -> &mut Sheet {
        self.inner.set_tab_color(Color::RGB(colour));
        self
    }

    /// Protects the sheet: nothing can be changed.
    pub fn protect(&mut self) -> &mut Sheet {
        self.inner.protect();
        self
    }

    /// Protects the sheet: people may look, widen columns and filter, but change only cells that are
    /// [`Style::unlocked`].
    pub fn protect_all_but_entries(&mut self) -> &mut Sheet {
        let allowed = ProtectionOptions {
            format_columns: true,
            format_rows: true,
            use_autofilter: true,
            ..ProtectionOptions::default()
        };
        self.inner.protect_with_options(&allowed);
        self
    }
}
