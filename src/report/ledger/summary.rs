//! The first sheet: numbers of entries that are open, closed, overdue or came back; by department and by kind.

use std::collections::BTreeMap;

use super::LedgerReport;
use crate::{
    report::workbook::{Paper, Print, Sheet, Style, lines, style},
    standard::Standard,
    tables::ledger::{Entry, Field, State, clean},
    words::Words,
};

/// Columns of a table: what, all, open, overdue, back, closed.
const STATES: [&str; 5] = ["entries", "open", "overdue", "back", "closed"];
/// Maximum number of groups in a table; for the others, people filter the list.
const MAX_GROUPS: usize = 200;
/// Widths of the first column and of the others.
const WIDTHS: [f64; 6] = [34.0, 13.0, 13.0, 13.0, 13.0, 13.0];
/// Half-width characters per line over all columns.
const LINE: f64 = 96.0;

/// One group's counts, in the order of [`STATES`].
type Counted = [usize; 5];

struct Page<'a> {
    sheet: &'a mut Sheet,
    words: &'a Words,
    row: u32,
    head: Style,
    label: Style,
    count: Style,
}

pub fn fill(sheet: &mut Sheet, of: &LedgerReport, made: &str, with_departments: bool) {
    let LedgerReport { carried, scope, standard, words, .. } = *of;
    let bordered = || Style::new().lines();
    let (head, label) = (bordered().bold().wrap().fill(style::GREY), bordered().wrap());
    let mut page = Page { sheet, words, row: 0, head, label, count: bordered().number_format("#,##0") };
    page.sheet.widths(&WIDTHS).put(0, 0, super::title(scope, words), &Style::title(16));
    page.row = 1;
    let args = [
        ("title", standard.title.get(words.language).to_string()),
        ("id", standard.id.clone()),
        ("version", standard.version.clone()),
    ];
    page.text(&words.fill("ledger.summary.standard", &args));
    // The units of a scored system are listed below.
    let named = if standard.units.is_some() { 0 } else { MAX_GROUPS };
    for seen in scope.districts.values().take(named) {
        let args = [("district", clean(&seen.name)), ("year", seen.year.to_string())];
        page.text(&words.fill("ledger.summary.year", &args));
        if !seen.earlier.is_empty() {
            let mut years = seen.earlier.clone();
            years.sort_unstable();
            let years: Vec<String> = years.iter().map(i32::to_string).collect();
            let args = [("district", clean(&seen.name)), ("years", years.join(&words.say("judge.comma")))];
            page.text(&words.fill("ledger.summary.earlier", &args));
        }
    }
    page.text(made);
    page.row += 1;

    page.head(["state", "count"]);
    for (id, count) in carried.counts.by_name() {
        let label = page.say(id);
        page.counted(&label, &[count]);
    }
    let entries = &carried.ledger.entries;
    let nobody = page.say("nobody");
    page.table("department", entries, |entry| match entry.departments() {
        none if none.is_empty() => vec![nobody.clone()],
        departments => departments,
    });
    page.table("kind", entries, |entry| vec![kind(entry, standard, words)]);
    page.table("source", entries, |entry| vec![entry.text_or_empty(Field::Source)]);
    if scope.districts.len() > 1 && standard.units.is_none() {
        page.table("district", entries, |entry| {
            let (code, name) =
                (entry.text_or_empty(Field::DistrictCode), entry.text_or_empty(Field::District));
            vec![format!("{code} {name}").trim().to_string()]
        });
    }
    page.row += 1;
    page.heading("how");
    for key in ["how_white", "how_sheets", "how_next", "how_own"] {
        page.paragraph(key);
    }
    if !with_departments {
        page.paragraph("no_departments");
    }
    // Only this sheet is locked, because the next run would discard what is typed here.
    page.sheet.print(Print::new(Paper::A4).upright()).protect();
}

/// The kind of item of an entry; entries that people added have none.
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
    fn say(&self, key: &str) -> String {
        self.words.say(&format!("ledger.summary.{key}"))
    }

    fn text(&mut self, text: &str) {
        self.sheet.write(self.row, 0, clean(text));
        self.row += 1;
    }

    fn heading(&mut self, key: &str) {
        self.sheet.put(self.row, 0, self.say(key), &Style::new().bold());
        self.row += 1;
    }

    fn head<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) {
        let titles: Vec<String> = keys.into_iter().map(|key| self.say(key)).collect();
        self.sheet.put_row((self.row, 0), titles, &self.head);
        self.row += 1;
    }

    fn counted(&mut self, label: &str, counts: &[usize]) {
        self.sheet.put(self.row, 0, label, &self.label);
        self.sheet.put_row((self.row, 1), counts.iter().copied(), &self.count);
        self.row += 1;
    }

    fn paragraph(&mut self, key: &str) {
        let text = self.say(key);
        // The height of merged cells is not fitted automatically.
        let height = 16.0 * lines(&text, LINE) as f64;
        self.sheet.merge((self.row, 0), (self.row, 5), &text, &Style::wrapped()).height(self.row, height);
        self.row += 1;
    }

    /// A table of counts per group, the largest group first.
    fn table(&mut self, id: &str, entries: &[Entry], groups: impl Fn(&Entry) -> Vec<String>) {
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
        self.heading(&format!("by_{id}"));
        self.sheet.height(self.row, 32.0);
        self.head(std::iter::once(id).chain(STATES));
        for (group, counts) in counted.iter().take(MAX_GROUPS) {
            self.counted(&clean(group), counts);
        }
    }
}
