//! The first sheet: how many are open, closed, overdue, back; by department and by kind.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::{
    gap::ledger::{Carried, Scope},
    standard::Standard,
    tables::ledger::{Entry, Field, State, clean},
    words::Words,
};

/// Columns of a table: what, all, open, overdue, back, closed.
const STATES: [&str; 5] = ["entries", "open", "overdue", "back", "closed"];
/// Groups of a table; the rest of them is seen by filtering the list.
const MOST_GROUPS: usize = 200;

/// One group's counts, in the order of [`STATES`].
type Counted = [usize; 5];

struct Page<'a> {
    sheet: &'a mut Worksheet,
    words: &'a Words,
    row: u32,
    head: Format,
    label: Format,
    count: Format,
    wide: Format,
}

pub fn fill(
    sheet: &mut Worksheet,
    carried: &Carried,
    scope: &Scope,
    standard: &Standard,
    (made, with_departments): (&str, bool),
    words: &Words,
) -> Result<(), XlsxError> {
    let border = || Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xA6A6A6));
    let wide = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut page = Page {
        sheet,
        words,
        row: 0,
        head: border().set_bold().set_text_wrap().set_background_color(Color::RGB(0xD9D9D9)),
        label: border().set_text_wrap(),
        count: border().set_num_format("#,##0"),
        wide,
    };
    page.sheet.set_column_width(0, 34)?;
    for column in 1..=5 {
        page.sheet.set_column_width(column, 13)?;
    }
    let title = Format::new().set_bold().set_font_size(16);
    let name = super::title(scope, words);
    page.sheet.write_string_with_format(0, 0, super::cut(&name), &title)?;
    page.row = 1;
    let args = [
        ("title", standard.title.get(words.language).to_string()),
        ("id", standard.id.clone()),
        ("version", standard.version.clone()),
    ];
    page.text(&words.text("ledger.summary.standard", &args))?;
    for seen in scope.districts.values().take(MOST_GROUPS) {
        let args = [("district", clean(&seen.name)), ("year", seen.year.to_string())];
        page.text(&words.text("ledger.summary.year", &args))?;
        if !seen.earlier.is_empty() {
            let mut years = seen.earlier.clone();
            years.sort_unstable();
            let years: Vec<String> = years.iter().map(i32::to_string).collect();
            let args = [("district", clean(&seen.name)), ("years", years.join("、"))];
            page.text(&words.text("ledger.summary.earlier", &args))?;
        }
    }
    page.text(made)?;
    page.row += 1;

    let counts = &carried.counts;
    page.sheet.write_string_with_format(page.row, 0, words.say("ledger.summary.state"), &page.head)?;
    page.sheet.write_string_with_format(page.row, 1, words.say("ledger.summary.count"), &page.head)?;
    page.row += 1;
    for (id, count) in [
        ("entries", counts.entries),
        ("open", counts.open),
        ("overdue", counts.overdue),
        ("back", counts.back),
        ("closed", counts.closed),
        ("new_now", counts.new_now),
        ("closed_now", counts.closed_now),
        ("back_now", counts.back_now),
    ] {
        page.sheet.write_string_with_format(
            page.row,
            0,
            words.say(&format!("ledger.summary.{id}")),
            &page.label,
        )?;
        page.sheet.write_number_with_format(page.row, 1, count as f64, &page.count)?;
        page.row += 1;
    }
    let entries = &carried.ledger.entries;
    let nobody = words.say("ledger.summary.nobody");
    page.table("department", entries, |entry| match entry.departments() {
        none if none.is_empty() => vec![nobody.clone()],
        departments => departments,
    })?;
    page.table("kind", entries, |entry| vec![kind(entry, standard, words)])?;
    page.table("source", entries, |entry| vec![entry.said(Field::Source)])?;
    if scope.districts.len() > 1 {
        page.table("district", entries, |entry| {
            let (code, name) = (entry.said(Field::DistrictCode), entry.said(Field::District));
            vec![format!("{code} {name}").trim().to_string()]
        })?;
    }
    page.row += 1;
    page.sheet.write_string_with_format(
        page.row,
        0,
        words.say("ledger.summary.how"),
        &Format::new().set_bold(),
    )?;
    page.row += 1;
    for key in ["how_white", "how_sheets", "how_next", "how_own"] {
        page.paragraph(&words.say(&format!("ledger.summary.{key}")))?;
    }
    if !with_departments {
        page.paragraph(&words.say("ledger.summary.no_departments"))?;
    }
    page.sheet.set_paper_size(9);
    page.sheet.set_print_fit_to_pages(1, 0);
    page.sheet.set_portrait();
    // What is typed here would be gone with the next run; nothing else is locked.
    page.sheet.protect();
    Ok(())
}

/// What kind of item an entry is of; people's own entries are of none.
fn kind(entry: &Entry, standard: &Standard, words: &Words) -> String {
    let item = entry.key.as_ref().map(|key| key.item.as_str());
    let kind = match item.map(|id| (standard.item(id), id)) {
        Some((Some(item), _)) => item.kind(),
        Some((None, id)) if standard.indicator(id).is_some() => "indicator",
        _ => "other",
    };
    words.say(&format!("ledger.kind.{kind}"))
}

impl Page<'_> {
    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, 0, super::cut(&clean(text)))?;
        self.row += 1;
        Ok(())
    }

    fn paragraph(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, 0, self.row, 5, &super::cut(text), &self.wide)?;
        // Merged cells do not grow by themselves: about 49 Chinese characters a line.
        let lines = unicode_width::UnicodeWidthStr::width(text).div_ceil(96).max(1);
        self.sheet.set_row_height(self.row, 16.0 * lines as f64)?;
        self.row += 1;
        Ok(())
    }

    /// A table of counts a group, the most entries first.
    fn table(
        &mut self,
        id: &str,
        entries: &[Entry],
        groups: impl Fn(&Entry) -> Vec<String>,
    ) -> Result<(), XlsxError> {
        let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
        for entry in entries {
            let open = entry.state != State::Closed;
            let marks = [true, open, entry.state.is_overdue(), entry.state.is_back(), !open];
            for group in groups(entry) {
                let counts = counted.entry(group).or_default();
                counts.iter_mut().zip(marks).for_each(|(count, mark)| *count += usize::from(mark));
            }
        }
        let mut counted: Vec<(String, Counted)> = counted.into_iter().collect();
        counted.sort_by(|a, b| b.1[0].cmp(&a.1[0]).then(a.0.cmp(&b.0)));
        self.row += 1;
        let bold = Format::new().set_bold();
        self.sheet.write_string_with_format(
            self.row,
            0,
            self.words.say(&format!("ledger.summary.by_{id}")),
            &bold,
        )?;
        self.row += 1;
        self.sheet.set_row_height(self.row, 32.0)?;
        let names = std::iter::once(id).chain(STATES);
        for (column, name) in (0u16..).zip(names) {
            let text = self.words.say(&format!("ledger.summary.{name}"));
            self.sheet.write_string_with_format(self.row, column, text, &self.head)?;
        }
        self.row += 1;
        for (group, counts) in counted.iter().take(MOST_GROUPS) {
            self.sheet.write_string_with_format(self.row, 0, super::cut(&clean(group)), &self.label)?;
            for (column, count) in (1u16..).zip(counts) {
                self.sheet.write_number_with_format(self.row, column, *count as f64, &self.count)?;
            }
            self.row += 1;
        }
        Ok(())
    }
}
