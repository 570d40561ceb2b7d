//! A sheet that lists entries: header, rows, dropdowns, shades, print.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, Format, FormatAlign,
    FormatBorder, Worksheet, XlsxError,
};

use unicode_width::UnicodeWidthStr;

use super::put;
use crate::{
    tables::ledger::{Column, Entry, Field, Ledger, Say, State, clean},
    words::Words,
};

/// Rows under the list that dropdowns reach, for problems that people add.
const SPARE_ROWS: u32 = 500;
/// A3 in Excel's list of papers: a ledger of so many columns is read on nothing smaller.
const A3: u8 = 8;
/// Printed up to this column; what stands behind it is for the machine.
const LAST_PRINTED: Field = Field::Note;

pub struct Formats {
    pub text: Format,
    pub date: Format,
    whole: Format,
    amount: Format,
    /// Typed as it is seen: 2026年3月 does not become a day.
    typed: Format,
    general: Format,
    of_data: Format,
    of_people: Format,
}

impl Formats {
    pub fn new() -> Formats {
        let cell = || {
            Format::new()
                .set_align(FormatAlign::Top)
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xA6A6A6))
        };
        let head = || cell().set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        Formats {
            text: cell(),
            date: cell().set_num_format("yyyy-mm-dd"),
            whole: cell().set_num_format("0"),
            amount: cell().set_num_format("#,##0.0##"),
            typed: cell().set_num_format("@"),
            general: cell(),
            of_data: head().set_background_color(Color::RGB(0xD9D9D9)),
            of_people: head(),
        }
    }

    /// 370, 4.18.
    pub fn number(&self, value: f64) -> &Format {
        if value.fract() == 0.0 { &self.whole } else { &self.amount }
    }

    fn of(&self, column: &Column) -> &Format {
        match column {
            Column::Known(Field::Closed | Field::Found) => &self.date,
            Column::Known(Field::Reached) | Column::Own(_) => &self.general,
            _ => &self.typed,
        }
    }
}

pub struct Layout<'a> {
    pub ledger: &'a Ledger,
    pub words: &'a Words,
    pub formats: &'a Formats,
    pub title: String,
    pub made: &'a str,
}

/// Characters of a column's width.
fn width(column: &Column) -> f64 {
    match column {
        Column::Known(field) => match field {
            Field::Number | Field::Section | Field::Unit | Field::Year => 6.0,
            Field::Status | Field::Source | Field::Person | Field::Reviewer | Field::Reached => 7.0,
            Field::Current | Field::Required | Field::Shortfall | Field::First => 9.0,
            Field::Office | Field::Basis => 10.0,
            Field::School | Field::Department | Field::Evidence => 12.0,
            Field::Item | Field::Progress | Field::Note => 15.0,
            Field::Problem => 22.0,
            Field::Measures => 30.0,
            _ => 11.0,
        },
        Column::Own(_) => 14.0,
    }
}

/// Points of a row that shows all of its wrapped texts, as far as it stays a row: not every program finds it
/// out by itself.
fn height(entry: &Entry) -> f64 {
    let lines = entry.cells.iter().map(|(column, value)| {
        let wide = (width(column) as usize).max(1);
        value.shown().lines().map(|line| line.width().div_ceil(wide).max(1)).sum::<usize>()
    });
    (lines.max().unwrap_or(1).clamp(1, 20) * 14 + 2) as f64
}

impl Layout<'_> {
    /// Ours in their order, people's own before those that are for the machine.
    fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for field in Field::ALL {
            columns.push(Column::Known(field));
            if field == LAST_PRINTED {
                columns.extend(self.ledger.columns.iter().cloned().map(Column::Own));
            }
        }
        columns
    }

    pub fn fill(&self, sheet: &mut Worksheet, entries: &[&Entry]) -> Result<(), XlsxError> {
        let columns = self.columns();
        let name = sheet.name();
        let above = self.ledger.above.iter().find(|above| above.name == name);
        let mut header = 0;
        for (row, column, value) in above.into_iter().flat_map(|above| &above.cells) {
            if let Ok(column) = u16::try_from(*column) {
                put(sheet, (*row, column), value, &self.formats.typed, self.formats)?;
                header = header.max(row + 1);
            }
        }
        for (at, column) in (0u16..).zip(&columns) {
            let format = match column {
                Column::Known(field) if field.say() == Say::Data => &self.formats.of_data,
                Column::Known(field) if field.say() == Say::Offered => &self.formats.of_data,
                _ => &self.formats.of_people,
            };
            let text = match column {
                Column::Known(field) => self.words.say(&format!("ledger.column.{}", field.id())),
                Column::Own(header) => header.clone(),
            };
            sheet.set_column_width(at, width(column))?;
            sheet.write_string_with_format(header, at, super::cut(&text), format)?;
        }
        for (row, entry) in (header + 1..).zip(entries) {
            self.row(sheet, row, entry, &columns)?;
        }
        let last = header + u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let last_column = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        sheet.autofilter(header, 0, last, last_column)?;
        sheet.set_freeze_panes(header + 1, 1)?;
        self.dropdowns(sheet, &columns, (header + 1, last + SPARE_ROWS))?;
        self.shades(sheet, (header + 1, last + SPARE_ROWS), last_column)?;
        let printed = columns.iter().position(|c| *c == Column::Known(Field::Check)).unwrap_or(columns.len());
        let printed = u16::try_from(printed).unwrap_or(u16::MAX).saturating_sub(1);
        self.print(sheet, header, last, printed)
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        entry: &Entry,
        columns: &[Column],
    ) -> Result<(), XlsxError> {
        for (at, column) in (0u16..).zip(columns) {
            let format = self.formats.of(column);
            match (column, entry.cells.get(column)) {
                (Column::Known(Field::Number), _) => {
                    sheet.write_number_with_format(row, at, entry.number as f64, &self.formats.whole)?;
                }
                (Column::Known(Field::Status), _) => {
                    let word = self.words.say(&format!("ledger.state.{}", entry.state.id()));
                    sheet.write_string_with_format(row, at, word, format)?;
                }
                (_, Some(value)) => put(sheet, (row, at), value, format, self.formats)?,
                // Lines around it, and the way what is typed there is taken.
                (_, None) => {
                    sheet.write_blank(row, at, format)?;
                }
            }
        }
        sheet.set_row_height(row, height(entry))?;
        Ok(())
    }

    /// Of status and source. Other words are allowed: people have reasons.
    fn dropdowns(
        &self,
        sheet: &mut Worksheet,
        columns: &[Column],
        (first, last): (u32, u32),
    ) -> Result<(), XlsxError> {
        let states: Vec<String> =
            State::ALL.iter().map(|s| self.words.say(&format!("ledger.state.{}", s.id()))).collect();
        let sources = self.words.say("ledger.source.list");
        let sources: Vec<String> = sources.split('、').map(str::to_string).collect();
        for (field, list) in [(Field::Status, states), (Field::Source, sources)] {
            let Some(at) = columns.iter().position(|column| *column == Column::Known(field)) else {
                continue;
            };
            let at = at as u16;
            let validation = DataValidation::new().allow_list_strings(&list)?;
            let validation = validation.set_error_style(DataValidationErrorStyle::Information);
            sheet.add_data_validation(first, at, last, at, &validation)?;
        }
        Ok(())
    }

    /// By the word in the column of the status, so that a line changes with what people choose there. Shade and
    /// weight, not colour alone: it is read in grey print.
    fn shades(
        &self,
        sheet: &mut Worksheet,
        (first, last): (u32, u32),
        columns: u16,
    ) -> Result<(), XlsxError> {
        let word = |state: State| self.words.say(&format!("ledger.state.{}", state.id()));
        let row = first + 1;
        let is = |state: State| format!("$B{row}=\"{}\"", word(state).replace('"', "\"\""));
        let closed = Format::new()
            .set_font_color(Color::RGB(0x595959))
            .set_background_color(Color::RGB(0xEDEDED))
            .set_italic();
        let late = Format::new().set_bold().set_background_color(Color::RGB(0xFFD9B3));
        let back = Format::new().set_background_color(Color::RGB(0xFFF2CC));
        let rules = [
            (format!("={}", is(State::Closed)), closed),
            (format!("=OR({},{})", is(State::Overdue), is(State::BackOverdue)), late),
            (format!("={}", is(State::Back)), back),
        ];
        for (formula, format) in rules {
            let rule = ConditionalFormatFormula::new().set_rule(formula.as_str()).set_format(format);
            sheet.add_conditional_format(first, 0, last, columns, &rule)?;
        }
        Ok(())
    }

    fn print(&self, sheet: &mut Worksheet, header: u32, last: u32, column: u16) -> Result<(), XlsxError> {
        sheet.set_landscape();
        sheet.set_paper_size(A3);
        sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(header, header)?;
        sheet.set_print_area(0, 0, last, column)?;
        // Excel allows 255 characters, and takes & as the start of a code.
        let plain = |text: &str, most: usize| -> String {
            clean(text).chars().take(most).collect::<String>().replace('&', "&&")
        };
        sheet.set_header(format!("&C&12{}", plain(&self.title, 60)));
        let page = self.words.say("ledger.print.page");
        sheet.set_footer(format!("&L&7{}&R&8{page}", plain(self.made, 90)));
        Ok(())
    }
}
