//! A unit's feedback as a workbook: what is lost, the headings, what is unmarked, strengths.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{A4, Formats, Look, Page, Value, book, failed, number, text};
use crate::{
    problem::Result,
    report::scores::{
        feedback::{Feedback, Lost},
        view::{View, share},
    },
};

struct Sheets<'a> {
    view: &'a View<'a>,
    own: &'a Feedback,
    formats: Formats,
    title: String,
    made: String,
    page: String,
}

/// The workbook.
///
/// # Errors
/// It cannot be put together (a defect of ours).
pub fn write(view: &View<'_>, own: &Feedback) -> Result<Vec<u8>> {
    let sheets = Sheets {
        view,
        own,
        formats: Formats::new(),
        title: view.say("book.feedback_title", &[("unit", own.unit.clone())]),
        made: view.scoring.made_line(),
        page: view.words().say("ledger.print.page"),
    };
    let made = || -> Result<Vec<u8>, XlsxError> {
        let mut book = book(view, &sheets.title)?;
        book.push_worksheet(sheets.lost()?);
        book.push_worksheet(sheets.headings()?);
        book.push_worksheet(sheets.unmarked()?);
        book.push_worksheet(sheets.strengths()?);
        book.save_to_buffer()
    };
    made().map_err(failed)
}

impl Sheets<'_> {
    fn column(&self, key: &str, width: f64) -> (String, f64) {
        (self.view.say(&format!("column.{key}"), &[]), width)
    }

    fn page(&self, key: &str, columns: &[(String, f64)]) -> Result<Page<'_>, XlsxError> {
        let name = self.view.say(&format!("sheet.{key}"), &[]);
        let place = &self.own.standing;
        // A rank is one of those that are ranked.
        let ranked = place.ranks.ranked;
        let or = |text: Option<String>| text.unwrap_or_else(|| "—".into());
        let args = [
            ("title", self.title.clone()),
            ("result", or(place.result.clone())),
            ("rank", or(place.rank.map(|rank| rank.to_string()))),
            ("units", ranked.to_string()),
            ("measure", self.own.measure.clone()),
            ("grade", if place.grade.is_empty() { "—".into() } else { place.grade.clone() }),
        ];
        let title = self.view.say("book.feedback_line", &args);
        Page::new(&name, &title, &self.made, columns, &self.formats)
    }

    fn finish(&self, page: Page<'_>, fixed: u16) -> Result<Worksheet, XlsxError> {
        page.finish(fixed, A4, (&self.made, &self.page))
    }

    /// Worst first; the parts of an item in one cell.
    fn lost(&self) -> Result<Worksheet, XlsxError> {
        let columns = [
            self.column("heading", 14.0),
            self.column("item", 18.0),
            self.column("points", 7.0),
            self.column("score", 7.0),
            self.column("lost", 7.0),
            self.column("arithmetic", 24.0),
            self.column("requirements", 44.0),
            self.column("part", 30.0),
            self.column("who", 14.0),
            self.column("cells", 22.0),
        ];
        // No empty columns.
        let all = || self.own.items.iter().chain(&self.own.doubtful);
        let (with_evidence, with_notes) = (
            all().any(|item| !item.evidence.is_empty()),
            all().any(|item| item.note.is_some() || !item.doubts.is_empty()),
        );
        let mut columns = columns.to_vec();
        columns.extend(with_evidence.then(|| self.column("check", 26.0)));
        columns.extend(with_notes.then(|| self.column("note", 18.0)));
        let mut page = self.page("lost", &columns)?;
        for item in self.own.items.iter().chain(&self.own.doubtful) {
            let Some(score) = self.view.item(self.own.at, item.at) else { continue };
            let parts: Vec<String> = item
                .parts
                .iter()
                .map(|part| {
                    let args = [
                        ("part", part.title.clone()),
                        ("points", part.points.clone()),
                        ("score", part.score.clone()),
                        ("arithmetic", part.arithmetic.clone()),
                    ];
                    let key = if part.arithmetic.is_empty() { "book.part" } else { "book.part_arithmetic" };
                    self.view.say(key, &args)
                })
                .collect();
            let evidence: Vec<String> = item
                .evidence
                .iter()
                .map(|line| {
                    let args = [
                        ("check", line.title.clone()),
                        ("value", line.value.clone()),
                        ("required", line.required.clone()),
                        ("cells", line.cells.clone()),
                    ];
                    self.view.say("book.evidence", &args)
                })
                .collect();
            let rate = share(score.score, score.points);
            let shade = crate::report::scores::comparison::shade(rate);
            let mut line = vec![
                text(item.heading.clone()),
                text(item.title.clone()),
                number(score.points),
                (Value::Number(score.score), Look { shade, ..Look::default() }),
                (Value::Number(Some(self.view.lost(score))), Look { strong: true, ..Look::default() }),
                text(item.arithmetic.clone()),
                text(item.requirements.join("\n")),
                text(parts.join("\n")),
                text(item.who.join("\n")),
                text(item.cells.clone()),
            ];
            line.extend(with_evidence.then(|| text(evidence.join("\n"))));
            line.extend(with_notes.then(|| text(self.notes(item))));
            page.line(&line)?;
        }
        self.finish(page, 2)
    }

    /// What the standard notes, and what is doubtful about the document there.
    fn notes(&self, item: &Lost) -> String {
        let doubts = item.doubts.iter().map(|doubt| self.view.say("doubt", &[("text", doubt.clone())]));
        item.note.iter().cloned().chain(doubts).collect::<Vec<_>>().join("\n")
    }

    fn headings(&self) -> Result<Worksheet, XlsxError> {
        let columns = [
            self.column("heading", 36.0),
            self.column("points", 9.0),
            self.column("score", 9.0),
            self.column("share", 9.0),
            self.column("mean", 12.0),
            self.column("best", 12.0),
        ];
        let mut page = self.page("headings", &columns)?;
        for heading in &self.own.headings {
            let Some(own) = self.view.group(self.own.at, heading.at) else { continue };
            let indent = u8::try_from(heading.level.saturating_sub(1)).unwrap_or(0);
            let look = Look { strong: heading.level == 1, awaited: !own.complete, ..Look::default() };
            let shade = heading.below_mean.then_some(3);
            let across = self.view.across(heading.at);
            page.line(&[
                (Value::Text(heading.title.clone()), Look { indent, ..look }),
                (Value::Number(own.points), look),
                (Value::Number(Some(own.score)), Look { shade, ..look }),
                (Value::Percent(share(Some(own.score), own.points)), Look { shade, ..look }),
                (Value::Percent(across.as_ref().map(|all| all.mean)), look),
                (Value::Percent(across.as_ref().map(|all| all.best)), look),
            ])?;
        }
        page.remarks(&self.own.headed)?;
        self.finish(page, 1)
    }

    fn unmarked(&self) -> Result<Worksheet, XlsxError> {
        let columns = [self.column("item", 34.0), self.column("what", 44.0), self.column("offices", 30.0)];
        let mut page = self.page("unmarked", &columns)?;
        let and = self.view.words().say("scores.and");
        for one in &self.own.unmarked {
            page.line(&[text(one.item.clone()), text(one.what.clone()), text(one.offices.join(&and))])?;
        }
        self.finish(page, 1)
    }

    fn strengths(&self) -> Result<Worksheet, XlsxError> {
        let columns = [
            self.column("item", 44.0),
            self.column("points", 10.0),
            self.column("score", 10.0),
            self.column("mean", 14.0),
        ];
        let mut page = self.page("strengths", &columns)?;
        for one in &self.own.strengths {
            page.line(&[
                text(one.title.clone()),
                number(Some(one.points)),
                number(Some(one.score)),
                number(Some(one.mean)),
            ])?;
        }
        self.finish(page, 1)
    }
}
