//! The workbooks of a scoring: `对比表.xlsx` for all units, and one per unit. Every text is written as text: nothing in
//! them is a formula, and numbers are numbers.

use super::{
    comparison::Comparison,
    feedback::{Feedback, Lost},
    lists::{self, Cell, List, Look, SHEET, Value},
    view::View,
};
use crate::{
    problem::Result,
    report::workbook::{self, Paper, Print, Style, Table, Workbook, style},
};

/// Background colours of shares, from full points to none; lighter is better in grey print too.
const SHADES: [Option<u32>; 5] = [None, None, Some(style::YELLOW), Some(style::ORANGE), Some(style::RED)];
/// With more units than this, a row of all units needs A3.
const UNITS_ON_A4: usize = 6;

/// All units: ranks and totals, headings, items, unmarked entries, scores above their points, markers.
///
/// # Errors
/// The workbook cannot be built (a defect of the program).
pub fn comparison(view: &View<'_>, all: &Comparison) -> Result<Vec<u8>> {
    let year = all.year.map_or(String::new(), |year| year.to_string());
    let args = [("title", all.standard.title.clone()), ("year", year)];
    let title = view.say(if all.year.is_some() { "book.title_of_year" } else { "book.title" }, &args);
    let mut book = Lists::new(view, &title);
    let wide = if all.units.len() > UNITS_ON_A4 { Paper::A3 } else { Paper::A4 };
    let mut add = |key: &str, list: List, fixed, paper, remarks: &[String]| {
        let sheet = view.say(&format!("sheet.{key}"), &[]);
        let line = view.say("book.sheet_title", &[("title", title.clone()), ("sheet", sheet)]);
        book.add((key, line), &list, (fixed, paper), remarks);
    };
    add("standings", lists::comparison::standings(view, all), 2, Paper::A4, &[]);
    add("headings", lists::comparison::headings(view, all), 1, wide, &all.headed);
    add("items", lists::comparison::items(view, all), 2, wide, &[]);
    add("reasons", lists::comparison::reasons(view, all), 2, Paper::A3, &[]);
    add("unmarked", lists::comparison::unmarked(view, &all.unmarked), 1, Paper::A4, &[]);
    add("above", lists::comparison::above(view, all), 1, Paper::A4, &[]);
    if !view.scoring.scored.papers.is_empty() {
        add("papers", lists::comparison::papers(view), 2, Paper::A4, &[]);
    }
    if !view.scoring.standard.consequences.is_empty() {
        let remark = [view.say("consequences_remark", &[])];
        add("consequences", lists::comparison::consequences(view), 1, Paper::A4, &remark);
    }
    add("markers", lists::comparison::markers(view, all), 1, Paper::A4, &[]);
    if let Some(own) = &all.self_assessments {
        let missing = view
            .words()
            .fill("self_assessment.missing", &[("units", own.missing.join(&view.words().say("scores.and")))]);
        let remarks: &[String] = if own.missing.is_empty() { &[] } else { &[missing] };
        add("self_assessment", lists::comparison::self_assessment(view), 2, Paper::A3, remarks);
    }
    book.bytes()
}

/// The feedback of a unit: losses, headings, unmarked entries, strengths.
///
/// # Errors
/// The workbook cannot be built (a defect of the program).
pub fn feedback(view: &View<'_>, own: &Feedback) -> Result<Vec<u8>> {
    let title = view.say("book.feedback_title", &[("unit", own.unit.clone())]);
    let mut book = Lists::new(view, &title);
    let place = &own.standing;
    let or = |text: Option<String>| text.unwrap_or_else(|| "—".into());
    let args = [
        ("title", title),
        ("result", or(place.result.clone())),
        ("rank", or(place.rank.map(|rank| rank.to_string()))),
        // A rank counts among the ranked units.
        ("units", place.ranks.ranked.to_string()),
        ("measure", own.measure.clone()),
        ("grade", if place.grade.is_empty() { "—".into() } else { place.grade.clone() }),
    ];
    let line = view.say("book.feedback_line", &args);
    let mut add = |key: &str, list: List, fixed, remarks: &[String]| {
        book.add((key, line.clone()), &list, (fixed, Paper::A4), remarks);
    };
    let lost: Vec<&Lost> = own.items.iter().chain(&own.doubtful).collect();
    add("lost", lists::feedback::lost(view, own, &lost, true), 2, &[]);
    add("headings", lists::feedback::headings(view, own), 1, &own.headed);
    add("unmarked", lists::comparison::unmarked(view, &own.unmarked).without(&["unit"]), 1, &[]);
    add("strengths", lists::feedback::strengths(view, own), 1, &[]);
    book.bytes()
}

/// A workbook of one scoring, list by list.
struct Lists<'a> {
    view: &'a View<'a>,
    made: String,
    book: Workbook,
}

impl<'a> Lists<'a> {
    fn new(view: &'a View<'a>, title: &str) -> Lists<'a> {
        let scoring = view.scoring;
        let book = Workbook::new(scoring.made.date)
            .title(title)
            .subject(format!("{} {}", scoring.standard.id, scoring.standard.version))
            .author(&scoring.made.program);
        Lists { view, made: scoring.made_line(), book }
    }

    /// Adds the sheet `key` of the catalogue: a list below its title, whose first columns stay in view, and small lines
    /// below it.
    fn add(
        &mut self,
        (key, title): (&str, String),
        list: &List,
        (fixed, paper): (u16, Paper),
        remarks: &[String],
    ) {
        let mut table = Table::new(Style::head())
            .above(title, Style::title(14))
            .above(&self.made, Style::note())
            .fixed(fixed)
            .fitted();
        for (at, column) in list.columns_of(SHEET) {
            table.column(&column.title, column.width, move |row: &&Vec<Cell>| cell(&row[at]));
        }
        let mut sheet = self.book.sheet(&self.view.say(&format!("sheet.{key}"), &[]));
        let filled = table.fill(&mut sheet, &list.rows);
        for (row, remark) in (filled.next..).zip(remarks) {
            sheet.put(row, 0, remark, &Style::note());
        }
        let page = self.view.words().say("ledger.print.page");
        let print = Print::new(paper).narrow().repeat(filled.head, filled.head).made(&self.made).page(&page);
        sheet.print(print);
        self.book.add(sheet);
    }

    fn bytes(self) -> Result<Vec<u8>> {
        self.book.bytes("xlsx")
    }
}

fn cell(own: &Cell) -> workbook::Cell {
    let style = style_of(own.look);
    let text = |text: &str| workbook::Cell::new(text, &style.clone().typed());
    let number = |number: Option<f64>, picture: &str| {
        let style = style.clone().number_format(picture);
        match number.filter(|number| number.is_finite()) {
            Some(number) => workbook::Cell::new(number, &style),
            None => workbook::Cell::new("—", &style.right()),
        }
    };
    // `0.##` would leave a dot after whole numbers.
    let points = |value: Option<f64>| match value {
        Some(whole) if whole.fract() == 0.0 => number(value, "#,##0"),
        _ => number(value, "#,##0.##;-#,##0.##;0"),
    };
    let made = match &own.value {
        Value::Text(own) => text(own),
        Value::Lines(lines) => text(&lines.join("\n")),
        Value::Points(value) => points(*value),
        Value::SoFar(value) => points(Some(*value)),
        Value::Nothing(_) => points(None),
        Value::Share(share) => number(*share, "0.0%"),
        Value::Count(Some(count)) => workbook::Cell::new(*count, &style.clone().decimals(0)),
        Value::Count(None) => text("—"),
    };
    made.comment(own.comment.clone())
}

fn style_of(look: Look) -> Style {
    let mut style = Style::cell();
    if look.strong {
        style = style.bold();
    }
    if let Some(ground) = look.shade.and_then(|shade| SHADES.get(usize::from(shade)).copied().flatten()) {
        style = style.fill(ground);
        // Heavier, for print without colours.
        if look.shade >= Some(4) {
            style = style.bold();
        }
    }
    // Not marked yet: italic on grey.
    if look.awaited {
        style = style.italic().fill(style::PALE);
    }
    if look.indent > 0 {
        style = style.indent(look.indent);
    }
    style
}
