//! The workbook: which district has which year first, then the panels, a sheet a section. Texts are texts: nothing in it is
//! a formula. The rest of the columns and rows stands in the csv.

use polars::prelude::DataFrame;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Kept, Matrix};
use crate::{
    dictionary::Section,
    problem::{Error, Result},
    standard::Standard,
    tables::{Row, ledger::clean, made::Made},
    words::Words,
};

/// More rows are not what a person reads in Excel, and take more memory than the whole pass over the years; all of them
/// stand in the csv. Excel's own bound is 1,048,576.
const MOST_ROWS: usize = 50_000;
/// Excel's own bound on the text of a cell.
const MOST_TEXT: usize = 32_767;
/// Years that Excel's 16,384 columns would hold are more than anybody keeps.
const MOST_YEARS: usize = 200;
const A4: u8 = 9;

/// Columns that are shown, and their decimals; texts and counts have none.
const SHOWN: [(&str, Option<u32>); 24] = [
    ("district_code", None),
    ("district_name", None),
    ("year", None),
    ("group", None),
    ("indicator", None),
    ("schools", Some(0)),
    ("missing", Some(0)),
    ("students", Some(0)),
    ("mean", Some(4)),
    ("sd", Some(4)),
    ("cv", Some(3)),
    ("cv_low", Some(3)),
    ("cv_high", Some(3)),
    ("limit", Some(2)),
    ("status", None),
    ("certainty", None),
    ("gini", Some(3)),
    ("p10", Some(4)),
    ("median", Some(4)),
    ("p90", Some(4)),
    ("schools_at_threshold", Some(3)),
    ("mean_change", Some(4)),
    ("cv_change", Some(3)),
    ("rank", Some(0)),
];

/// `panels`: the name of each ([`crate::words`] of `panel.sheet`, or empty for the districts) and its rows. The same
/// bytes for the same tables: no clock.
///
/// # Errors
/// Only Excel's own bounds, which these tables keep.
pub fn write(
    coverage: &Matrix,
    panels: &[(String, &DataFrame)],
    standard: &Standard,
    made: &Made,
    words: &Words,
) -> Result<Vec<u8>> {
    let book = Book { standard, made, words };
    book.made(coverage, panels).map_err(|why| Error::disk("xlsx", std::io::Error::other(why.to_string())))
}

struct Book<'a> {
    standard: &'a Standard,
    made: &'a Made,
    words: &'a Words,
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xD9D9D9))
}

fn small() -> Format {
    Format::new().set_font_size(9).set_font_color(Color::RGB(0x595959))
}

fn title() -> Format {
    Format::new().set_bold().set_font_size(14)
}

fn cut(text: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MOST_TEXT
    };
    clean(text).chars().take_while(fits).collect()
}

impl Book<'_> {
    fn made(&self, coverage: &Matrix, panels: &[(String, &DataFrame)]) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let day = ExcelDateTime::parse_from_str(&self.made.date.to_string())?;
        let properties =
            DocProperties::new().set_title(self.words.say("panel.title")).set_author(&self.made.program);
        book.set_properties(&properties.set_creation_datetime(&day));
        self.coverage(book.add_worksheet(), coverage)?;
        for (name, panel) in panels {
            for section in Section::ALL {
                let rows: Vec<Row> =
                    Row::all(panel).filter(|row| row.text("section") == Some(section.id())).collect();
                if !rows.is_empty() {
                    self.panel(book.add_worksheet(), name, section, &rows)?;
                }
            }
        }
        book.save_to_buffer()
    }

    /// Title, the line that says what made it, the heads. Rows begin below.
    fn begin(
        &self,
        sheet: &mut Worksheet,
        name: &str,
        note: &str,
        heads: &[String],
    ) -> Result<u32, XlsxError> {
        sheet.set_name(name)?;
        sheet.write_string_with_format(0, 0, cut(name), &title())?;
        let made = self.made.line(Some(self.standard), self.words);
        sheet.write_string_with_format(1, 0, cut(&made), &small())?;
        sheet.write_string_with_format(2, 0, cut(note), &small())?;
        for (at, text) in (0u16..).zip(heads) {
            sheet.write_string_with_format(3, at, cut(text), &head())?;
        }
        sheet.set_landscape();
        sheet.set_paper_size(A4);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(3, 3)?;
        Ok(4)
    }

    fn coverage(&self, sheet: &mut Worksheet, coverage: &Matrix) -> Result<(), XlsxError> {
        let column = |id: &str| self.words.say(&format!("panel.column.{id}"));
        let mut heads = vec![column("district_code"), column("district_name")];
        heads.extend(coverage.years.iter().take(MOST_YEARS).map(i32::to_string));
        let name = self.words.say("panel.sheet.coverage");
        let first = self.begin(sheet, &name, &self.words.say("panel.legend"), &heads)?;
        sheet.set_column_width(0, 12)?;
        sheet.set_column_width(1, 20)?;
        let centred = Format::new().set_align(FormatAlign::Center);
        let lacking = centred.clone().set_background_color(Color::RGB(0xFFF2CC));
        let absent = centred.clone().set_background_color(Color::RGB(0xE8A08C));
        for (row, (code, name, kept)) in (first..).zip(coverage.districts.iter().take(MOST_ROWS)) {
            sheet.write_string(row, 0, cut(code))?;
            sheet.write_string(row, 1, cut(name))?;
            for (at, kept) in (2u16..).zip(kept.iter().take(MOST_YEARS)) {
                let format = match kept {
                    Kept::Complete => &centred,
                    Kept::Partly => &lacking,
                    Kept::None => &absent,
                };
                sheet.write_string_with_format(row, at, kept.mark(), format)?;
            }
        }
        sheet.set_freeze_panes(4, 2)?;
        Ok(())
    }

    fn panel(
        &self,
        sheet: &mut Worksheet,
        name: &str,
        section: Section,
        rows: &[Row],
    ) -> Result<(), XlsxError> {
        let section = self.words.section(section.id());
        let name = if name.is_empty() { section } else { format!("{section}·{name}") };
        let heads: Vec<String> =
            SHOWN.iter().map(|(id, _)| self.words.say(&format!("panel.column.{id}"))).collect();
        let note = if rows.len() > MOST_ROWS {
            let args = [("shown", MOST_ROWS.to_string()), ("all", rows.len().to_string())];
            self.words.text("panel.more_rows", &args)
        } else {
            self.words.say("panel.all_columns")
        };
        let mut at = self.begin(sheet, &name, &note, &heads)?;
        let formats: Vec<Format> = SHOWN
            .iter()
            .map(|(_, decimals)| match decimals {
                Some(0) => Format::new().set_num_format("#,##0"),
                Some(decimals) => {
                    Format::new().set_num_format(format!("0.{}", "0".repeat(*decimals as usize)))
                }
                None => Format::new(),
            })
            .collect();
        for (column, (id, _)) in (0u16..).zip(&SHOWN) {
            sheet.set_column_width(
                column,
                if matches!(*id, "district_name" | "indicator") { 22 } else { 10 },
            )?;
        }
        for row in rows.iter().take(MOST_ROWS) {
            for ((column, (id, decimals)), format) in (0u16..).zip(&SHOWN).zip(&formats) {
                if decimals.is_some() || *id == "year" {
                    if let Some(number) = row.number(id) {
                        sheet.write_number_with_format(at, column, number, format)?;
                    }
                } else if let Some(text) = row.text(id) {
                    sheet.write_string_with_format(at, column, cut(&self.said(id, text)), format)?;
                }
            }
            at += 1;
        }
        let last = u16::try_from(SHOWN.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(3, 0, at.saturating_sub(1), last)?;
        sheet.set_freeze_panes(4, 3)?;
        Ok(())
    }

    /// An id in the run's language.
    fn said(&self, column: &str, text: &str) -> String {
        match column {
            "indicator" => {
                let title = self.standard.title_of(text, self.words.language);
                if title.is_empty() { text.to_string() } else { title.to_string() }
            }
            "status" | "certainty" => self.words.say(&format!("panel.{column}.{text}")),
            _ => text.to_string(),
        }
    }
}
