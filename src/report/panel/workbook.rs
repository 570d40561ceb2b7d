//! The workbook: first which district has which year, then the panels, one sheet per section. Texts are written as
//! texts: nothing in it is a formula. The csv has the remaining columns and rows.

use super::{Kept, Matrix};
use crate::{
    dictionary::Section,
    problem::Result,
    report::workbook::{Cell, Paper, Print, Style, Table, Workbook, style},
    standard::Standard,
    tables::{panel, panel::column, provenance::Provenance},
    words::Words,
};

/// Maximum number of rows per sheet. More rows would take more memory than the whole pass over the years; the csv has
/// all. Excel's maximum is 1,048,576.
const MAX_ROWS: usize = 50_000;
/// Maximum number of years; Excel has 16,384 columns.
const MAX_YEARS: usize = 200;

/// The columns shown, and their decimals; texts and counts have none.
const SHOWN: [(&str, Option<u32>); 24] = [
    (column::district_code.name(), None),
    (column::district_name.name(), None),
    (column::year.name(), None),
    (column::group.name(), None),
    (column::indicator.name(), None),
    (column::schools.name(), Some(0)),
    (column::missing.name(), Some(0)),
    (column::students.name(), Some(0)),
    (column::mean.name(), Some(4)),
    (column::sd.name(), Some(4)),
    (column::cv.name(), Some(3)),
    (column::cv_low.name(), Some(3)),
    (column::cv_high.name(), Some(3)),
    (column::limit.name(), Some(2)),
    (column::status.name(), None),
    (column::certainty.name(), None),
    (column::gini.name(), Some(3)),
    (column::p10.name(), Some(4)),
    (column::median.name(), Some(4)),
    (column::p90.name(), Some(4)),
    (column::schools_at_threshold.name(), Some(3)),
    (column::mean_change.name(), Some(4)),
    (column::cv_change.name(), Some(3)),
    (column::rank.name(), Some(0)),
];

/// `panels`: the name of each ([`crate::words`] of `panel.sheet`, or empty for the districts) and its rows. It contains
/// no time, so the same tables give the same bytes.
///
/// # Errors
/// As [`Workbook::bytes`].
pub fn write(
    coverage: &Matrix,
    panels: &[(String, &panel::Frame)],
    standard: &Standard,
    made: &Provenance,
    words: &Words,
) -> Result<Vec<u8>> {
    let book = Workbook::new(made.date).title(words.say("panel.title")).author(&made.program);
    let mut sheets = Sheets { standard, made, words, book };
    sheets.coverage(coverage);
    for (name, panel) in panels {
        for section in Section::ALL {
            let rows: Vec<panel::Row> = panel.rows().filter(|row| row.section() == section).collect();
            if !rows.is_empty() {
                sheets.panel(name, section, rows);
            }
        }
    }
    sheets.book.bytes("xlsx")
}

/// Code, name, and the data of each year.
type Coverage = (String, String, Vec<Kept>);

struct Sheets<'a> {
    standard: &'a Standard,
    made: &'a Provenance,
    words: &'a Words,
    book: Workbook,
}

impl Sheets<'_> {
    /// A list below its title, its provenance and a note.
    fn table<'b, R>(&self, name: &str, note: String) -> Table<'b, R> {
        Table::new(Style::new().bold().wrap().centre().boxed().fill(style::GREY))
            .above(name, Style::title(14))
            .above(self.made.line(Some(self.standard), self.words), Style::note())
            .above(note, Style::note())
    }

    fn add<R>(&mut self, name: &str, table: &Table<R>, rows: impl IntoIterator<Item = R>) {
        let mut sheet = self.book.sheet(name);
        let list = table.fill(&mut sheet, rows);
        sheet.print(Print::new(Paper::A4).repeat(list.head, list.head));
        self.book.add(sheet);
    }

    fn heading(&self, id: &str) -> String {
        self.words.say(&format!("panel.column.{id}"))
    }

    fn coverage(&mut self, coverage: &Matrix) {
        let name = self.words.say("panel.sheet.coverage");
        let complete = Style::new().centre();
        let partly = complete.clone().fill(style::YELLOW);
        let none = complete.clone().fill(style::RED);
        let mut table = self.table(&name, self.words.say("panel.legend")).fixed(2).unfiltered();
        table.column(self.heading("district_code"), 12.0, |(code, ..): &&Coverage| Cell::plain(code));
        table.column(self.heading("district_name"), 20.0, |(_, name, _)| Cell::plain(name));
        for (at, year) in coverage.years.iter().take(MAX_YEARS).enumerate() {
            let (complete, partly, none) = (&complete, &partly, &none);
            table.column(year.to_string(), None, move |(.., kept)| {
                let kept = kept.get(at);
                let style = match kept {
                    Some(Kept::Complete) => complete,
                    Some(Kept::Partly) => partly,
                    _ => none,
                };
                Cell::given(kept.map(|kept| kept.mark()), style)
            });
        }
        self.add(&name, &table, coverage.districts.iter().take(MAX_ROWS));
    }

    fn panel(&mut self, name: &str, section: Section, rows: Vec<panel::Row>) {
        let section = self.words.section(section.id());
        let name = if name.is_empty() { section } else { format!("{section}·{name}") };
        let note = if rows.len() > MAX_ROWS {
            let args = [("shown", MAX_ROWS.to_string()), ("all", rows.len().to_string())];
            self.words.fill("panel.more_rows", &args)
        } else {
            self.words.say("panel.all_columns")
        };
        let (standard, words) = (self.standard, self.words);
        let mut table = self.table(&name, note).fixed(3);
        for (id, decimals) in SHOWN {
            let width = if [column::district_name.name(), column::indicator.name()].contains(&id) {
                22.0
            } else {
                10.0
            };
            let style = match decimals {
                Some(0) => Style::new().number_format("#,##0"),
                Some(decimals) => Style::new().decimals(decimals),
                None => Style::new(),
            };
            let is_number = decimals.is_some() || id == column::year.name();
            table.column(self.heading(id), width, move |row: &panel::Row| match is_number {
                true => Cell::given(row.any().number(id), &style),
                false => {
                    Cell::given(row.any().text(id).map(|text| cell_text(id, text, standard, words)), &style)
                }
            });
        }
        self.add(&name, &table, rows.into_iter().take(MAX_ROWS));
    }
}

/// An id in the run's language.
fn cell_text(column: &str, text: &str, standard: &Standard, words: &Words) -> String {
    match column {
        "indicator" => match standard.title_of(text, words.language) {
            "" => text.to_string(),
            title => title.to_string(),
        },
        "status" | "certainty" => words.say(&format!("panel.{column}.{text}")),
        _ => text.to_string(),
    }
}
