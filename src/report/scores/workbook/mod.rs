//! The workbooks of a scoring: `对比表.xlsx` for all units, and one a unit. Every text is written as text: nothing in
//! them is a formula, and numbers are numbers.

mod comparison;
mod feedback;

pub use self::{comparison::write as comparison, feedback::write as feedback};
use super::view::View;
use crate::{
    problem::Result,
    report::workbook::{Cell, Paper, Print, Style, Table, Workbook, style},
};

/// Grounds of shares, from full to nothing; lighter is better in grey print too.
const SHADES: [Option<u32>; 5] = [None, None, Some(style::YELLOW), Some(style::ORANGE), Some(style::RED)];

/// How a cell looks besides its kind.
#[derive(Clone, Copy, Default)]
struct Look {
    strong: bool,
    shade: Option<u8>,
    /// Not marked yet: italic on grey.
    awaited: bool,
    /// Levels of indent.
    indent: u8,
}

impl Look {
    fn strong(strong: bool) -> Look {
        Look { strong, ..Look::default() }
    }

    fn awaited(awaited: bool) -> Look {
        Look { awaited, ..Look::default() }
    }

    fn shaded(shade: Option<u8>) -> Look {
        Look { shade, ..Look::default() }
    }

    fn style(self) -> Style {
        let mut style = Style::cell();
        if self.strong {
            style = style.bold();
        }
        if let Some(ground) = self.shade.and_then(|shade| SHADES.get(usize::from(shade)).copied().flatten()) {
            style = style.fill(ground);
            // Heavier, for print without colours.
            if self.shade >= Some(4) {
                style = style.bold();
            }
        }
        if self.awaited {
            style = style.italic().fill(style::PALE);
        }
        if self.indent > 0 {
            style = style.indent(self.indent);
        }
        style
    }

    fn text(self, text: impl Into<String>) -> Cell {
        Cell::new(text.into(), &self.style().as_typed())
    }

    fn number(self, number: Option<f64>) -> Cell {
        // `0.##` leaves a dot behind whole numbers.
        let whole = number.is_some_and(|number| number.fract() == 0.0);
        self.known(number, if whole { "#,##0" } else { "#,##0.##;-#,##0.##;0" })
    }

    fn count(self, count: usize) -> Cell {
        Cell::new(count, &self.style().decimals(0))
    }

    fn percent(self, share: Option<f64>) -> Cell {
        self.known(share, "0.0%")
    }

    fn known(self, number: Option<f64>, picture: &str) -> Cell {
        let style = self.style().number(picture);
        match number.filter(|number| number.is_finite()) {
            Some(number) => Cell::new(number, &style),
            None => Cell::new("—", &style.right()),
        }
    }
}

fn text(text: impl Into<String>) -> Cell {
    Look::default().text(text)
}

fn number(number: Option<f64>) -> Cell {
    Look::default().number(number)
}

fn percent(share: Option<f64>) -> Cell {
    Look::default().percent(share)
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

    fn column(&self, key: &str) -> String {
        self.view.say(&format!("column.{key}"), &[])
    }

    /// A list under its title, of which the first columns stay in sight.
    fn list<'b, R>(&self, title: String, fixed: u16) -> Table<'b, R> {
        Table::new(Style::head())
            .above(title, Style::title(14))
            .above(&self.made, Style::note())
            .fixed(fixed)
            .fitted()
    }

    /// The sheet `key` of the catalogue with a list, and small lines below it.
    fn add<R>(
        &mut self,
        key: &str,
        (list, paper): (&Table<R>, Paper),
        rows: impl IntoIterator<Item = R>,
        remarks: &[String],
    ) {
        let mut sheet = self.book.sheet(&self.view.say(&format!("sheet.{key}"), &[]));
        let filled = list.fill(&mut sheet, rows);
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
