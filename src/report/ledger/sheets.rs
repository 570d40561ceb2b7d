//! A sheet that lists entries: header, rows, dropdowns, shading, print settings.

use crate::{
    report::workbook::{Allowed, Paper, Print, Sheet, Style, Value as Content, lines, style},
    tables::ledger::{Column, Entry, Field, Ledger, Say, State, Value, clean},
    words::Words,
};

/// Number of rows below the list that have dropdowns, for problems that people add.
const SPARE_ROWS: u32 = 500;
/// The last printed column; the columns after it are for the program.
const LAST_PRINTED: Field = Field::Note;

pub struct Styles {
    pub text: Style,
    date: Style,
    whole: Style,
    amount: Style,
    /// Kept as typed: 2026年3月 does not become a date.
    typed: Style,
    of_data: Style,
    of_people: Style,
}

impl Styles {
    pub fn new() -> Styles {
        let cell = Style::cell;
        Styles {
            text: cell(),
            date: cell().number_format("yyyy-mm-dd"),
            whole: cell().decimals(0),
            amount: cell().number_format("#,##0.0##"),
            typed: cell().typed(),
            of_data: Style::head(),
            of_people: cell().bold().centre().middle(),
        }
    }

    fn of(&self, column: &Column) -> &Style {
        match column {
            Column::Known(Field::Closed | Field::Found) => &self.date,
            Column::Known(Field::Reached) | Column::Own(_) => &self.text,
            _ => &self.typed,
        }
    }

    /// Writes one value: texts as texts, in the style `text`; numbers as numbers, dates as dates.
    pub fn put(&self, sheet: &mut Sheet, (row, column): (u32, u16), value: &Value, text: &Style) {
        match value {
            Value::Text(value) => sheet.put(row, column, clean(value), text),
            // 370, 4.18.
            Value::Number(value) if value.fract() == 0.0 => sheet.put(row, column, *value, &self.whole),
            Value::Number(value) => sheet.put(row, column, *value, &self.amount),
            Value::YesNo(value) => sheet.put(row, column, *value, text),
            Value::Date(day) => sheet.put(row, column, Content::Date(*day), text),
        };
    }

    /// Writes the cells of a sheet that people added. Returns the first row below them.
    pub fn fill(&self, sheet: &mut Sheet, cells: &[(u32, u32, Value)], text: &Style) -> u32 {
        let mut next = 0;
        for (row, column, value) in cells {
            if let Ok(column) = u16::try_from(*column) {
                self.put(sheet, (*row, column), value, text);
                next = next.max(row + 1);
            }
        }
        next
    }
}

pub struct Layout<'a> {
    pub ledger: &'a Ledger,
    pub words: &'a Words,
    pub styles: &'a Styles,
    pub title: String,
    pub made: &'a str,
    /// Whether it is the ledger of a scored system.
    pub scored: bool,
}

/// Width of a column in characters.
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

/// Height in points of a row that shows all of its wrapped texts, up to Excel's maximum; not every program computes it.
fn height(entry: &Entry) -> f64 {
    let most = entry.cells.iter().map(|(column, value)| lines(&value.shown(), width(column))).max();
    (most.unwrap_or(1).min(20) * 14 + 2) as f64
}

impl Layout<'_> {
    /// Our columns in order; columns that people added come before those for the program.
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

    /// The header of a column; a scored system speaks of units and points.
    fn header(&self, field: Field) -> String {
        let scored = format!("ledger.scored.{}", field.id());
        match self.scored && self.words.has(&scored) {
            true => self.words.say(&scored),
            false => self.words.say(&format!("ledger.column.{}", field.id())),
        }
    }

    pub fn fill(&self, sheet: &mut Sheet, entries: &[&Entry]) {
        let columns = self.columns();
        let name = sheet.name();
        let above = self.ledger.above.iter().find(|above| above.name == name);
        let above = above.map_or(&[][..], |above| &above.cells);
        let header = self.styles.fill(sheet, above, &self.styles.typed);
        for (at, column) in (0u16..).zip(&columns) {
            let (text, of_data) = match column {
                Column::Known(field) => {
                    let text = self.header(*field);
                    (text, matches!(field.say(), Say::Data | Say::Offered))
                }
                Column::Own(header) => (header.clone(), false),
            };
            let style = if of_data { &self.styles.of_data } else { &self.styles.of_people };
            sheet.width(at, width(column)).put(header, at, text, style);
        }
        for (row, entry) in (header + 1..).zip(entries) {
            self.row(sheet, row, entry, &columns);
        }
        let last = header + u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let last_column = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        sheet.filter(header, last, last_column).freeze(header + 1, 1);
        self.dropdowns(sheet, &columns, (header + 1, last + SPARE_ROWS));
        self.shades(sheet, (header + 1, 0), (last + SPARE_ROWS, last_column));
        let printed = columns.iter().position(|c| *c == Column::Known(Field::Check)).unwrap_or(columns.len());
        let printed = u16::try_from(printed).unwrap_or(u16::MAX).saturating_sub(1);
        let print = Print::new(Paper::A3)
            .narrow()
            .repeat(header, header)
            .up_to(last, printed)
            .header(12, &self.title, 60)
            .made(self.made)
            .page(&self.words.say("ledger.print.page"));
        sheet.print(print);
    }

    fn state(&self, state: State) -> String {
        self.words.say(&format!("ledger.state.{}", state.id()))
    }

    fn row(&self, sheet: &mut Sheet, row: u32, entry: &Entry, columns: &[Column]) {
        for (at, column) in (0u16..).zip(columns) {
            let style = self.styles.of(column);
            match (column, entry.cells.get(column)) {
                (Column::Known(Field::Number), _) => {
                    sheet.put(row, at, entry.number as f64, &self.styles.whole);
                }
                (Column::Known(Field::Status), _) => {
                    sheet.put(row, at, self.state(entry.state), style);
                }
                (_, Some(value)) => self.styles.put(sheet, (row, at), value, style),
                // Borders, and a format that keeps what is typed.
                (_, None) => {
                    sheet.put(row, at, Content::Blank, style);
                }
            }
        }
        sheet.height(row, height(entry));
    }

    /// Dropdowns of status and source. Other words are allowed, because people may need them.
    fn dropdowns(&self, sheet: &mut Sheet, columns: &[Column], (first, last): (u32, u32)) {
        let states = State::ALL.map(|state| self.state(state)).to_vec();
        let sources = self.words.say("ledger.source.list");
        let sources = sources.split('、').map(str::to_string).collect();
        for (field, list) in [(Field::Status, states), (Field::Source, sources)] {
            if let Some(at) = columns.iter().position(|column| *column == Column::Known(field)) {
                let at = at as u16;
                sheet.allow((first, at), (last, at), &Allowed::Offered(list), "");
            }
        }
    }

    /// Depends on the word in the column of the status, so that a row changes with what people choose there. Shading
    /// and weight, not only colour, so that it can be read in grey print.
    fn shades(&self, sheet: &mut Sheet, first: (u32, u16), last: (u32, u16)) {
        let row = first.0 + 1;
        let is = |state: State| format!("$B{row}=\"{}\"", self.state(state).replace('"', "\"\""));
        let closed = Style::new().dim().fill(style::PALE).italic();
        let late = Style::new().bold().fill(style::ORANGE);
        let back = Style::new().fill(style::YELLOW);
        for (formula, style) in [
            (format!("={}", is(State::Closed)), closed),
            (format!("=OR({},{})", is(State::Overdue), is(State::BackOverdue)), late),
            (format!("={}", is(State::Back)), back),
        ] {
            sheet.style_where(first, last, &formula, &style);
        }
    }
}
