//! `对比表.xlsx`: ranks and totals, headings, items, what is unmarked, what is above its points, who marked.

use rust_xlsxwriter::{Note, Worksheet, XlsxError};

use super::{A3, A4, Formats, Look, Page, Value, book, failed, number, text};
use crate::{
    problem::Result,
    report::scores::{
        comparison::{Comparison, shade},
        feedback::arithmetic,
        view::{View, share},
    },
    tables::scored::State,
};

/// Points and a share for each unit, side by side, up to so many units; with more of them the share is left to
/// the shades.
const WITH_SHARES: usize = 20;
/// Letters of a note's box that stay readable.
const NOTE: (u32, u32) = (260, 120);

struct Sheets<'a> {
    view: &'a View<'a>,
    all: &'a Comparison,
    formats: Formats,
    title: String,
    made: String,
    page: String,
}

/// The workbook.
///
/// # Errors
/// It cannot be put together (a defect of ours).
pub fn write(view: &View<'_>, all: &Comparison) -> Result<Vec<u8>> {
    let year = all.year.map_or(String::new(), |year| year.to_string());
    let args = [("title", all.standard.title.clone()), ("year", year)];
    let sheets = Sheets {
        view,
        all,
        formats: Formats::new(),
        title: view.say(if all.year.is_some() { "book.title_of_year" } else { "book.title" }, &args),
        made: view.scoring.made_line(),
        page: view.words().say("ledger.print.page"),
    };
    let made = || -> Result<Vec<u8>, XlsxError> {
        let mut book = book(view, &sheets.title)?;
        book.push_worksheet(sheets.standings()?);
        book.push_worksheet(sheets.headings()?);
        book.push_worksheet(sheets.items()?);
        book.push_worksheet(sheets.unmarked()?);
        book.push_worksheet(sheets.above()?);
        book.push_worksheet(sheets.markers()?);
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
        let title =
            self.view.say("book.sheet_title", &[("title", self.title.clone()), ("sheet", name.clone())]);
        Page::new(&name, &title, &self.made, columns, &self.formats)
    }

    fn finish(&self, page: Page<'_>, fixed: u16, paper: u8) -> Result<Worksheet, XlsxError> {
        page.finish(fixed, paper, (&self.made, &self.page))
    }

    fn standings(&self) -> Result<Worksheet, XlsxError> {
        let mut columns = vec![
            self.column("rank", 7.0),
            self.column("unit", 20.0),
            self.column("code", 10.0),
            self.column("points", 9.0),
            self.column("score", 10.0),
        ];
        if self.all.has_bonus {
            columns.push(self.column("bonus", 8.0));
        }
        // Without components the total is the result: once is enough.
        columns.extend(self.totals().then(|| self.column("total", 10.0)));
        columns.extend(self.all.components.iter().map(|title| (title.clone(), 12.0)));
        columns.push(self.column("result", 10.0));
        if self.all.has_last {
            columns.extend([
                self.column("last_rank", 9.0),
                self.column("risen", 9.0),
                self.column("last_result", 10.0),
            ]);
        }
        if self.all.has_grades {
            columns.push(self.column("grade", 18.0));
            columns.extend(self.conditions().then(|| self.column("condition", 30.0)));
        }
        columns.extend(self.all.has_veto.then(|| self.column("vetoed", 24.0)));
        columns.push(self.column("unmarked", 8.0));
        columns.extend(self.arithmetic().then(|| self.column("arithmetic", 30.0)));
        let mut page = self.page("standings", &columns)?;
        for unit in &self.all.units {
            let Some(own) = self.view.standing(unit.at) else { continue };
            let whole = |at: Option<usize>| match at {
                Some(at) => (Value::Whole(at), Look::default()),
                None => text("—"),
            };
            let first = own.rank == Some(1);
            let named = (Value::Text(unit.name.clone()), Look { strong: first, ..Look::default() });
            let mut line = vec![
                whole(own.rank),
                named,
                text(unit.code.clone().unwrap_or_default()),
                number(own.points),
                number(Some(own.score)),
            ];
            if self.all.has_bonus {
                line.push(number(Some(own.bonus)));
            }
            line.extend(self.totals().then(|| number(own.total)));
            line.extend(
                (0..self.all.components.len()).map(|at| number(own.components.get(at).copied().flatten())),
            );
            let awaited = own.unmarked > 0;
            line.push((Value::Number(own.result), Look { strong: true, awaited, ..Look::default() }));
            if self.all.has_last {
                line.push(whole(own.last_rank));
                line.push(match unit.standing.risen {
                    Some(up @ 1..) => text(format!("↑ {up}")),
                    Some(0) => text("→"),
                    Some(down) => text(format!("↓ {}", -down)),
                    None => text("—"),
                });
                line.push(number(own.last_result));
            }
            if self.all.has_grades {
                line.push(text(unit.standing.grade.clone()));
                line.extend(
                    self.conditions().then(|| text(unit.standing.condition.clone().unwrap_or_default())),
                );
            }
            line.extend(self.all.has_veto.then(|| text(unit.standing.vetoed.join("\n"))));
            line.push((Value::Whole(own.unmarked), Look { awaited: own.unmarked > 0, ..Look::default() }));
            line.extend(self.arithmetic().then(|| text(unit.standing.arithmetic.clone())));
            page.line(&line)?;
        }
        self.finish(page, 2, A4)
    }

    /// Any unit has a grade with a condition.
    fn conditions(&self) -> bool {
        self.all.units.iter().any(|unit| unit.standing.condition.is_some())
    }

    fn totals(&self) -> bool {
        !self.all.components.is_empty()
    }

    /// Components make the result.
    fn arithmetic(&self) -> bool {
        self.all.units.iter().any(|unit| !unit.standing.arithmetic.is_empty())
    }

    fn headings(&self) -> Result<Worksheet, XlsxError> {
        let shares = self.all.units.len() <= WITH_SHARES;
        let mut columns =
            vec![self.column("heading", 30.0), self.column("points", 8.0), self.column("mean", 9.0)];
        for unit in &self.all.units {
            columns.push((unit.name.clone(), 10.0));
            if shares {
                let name = self.view.say("book.share_of", &[("unit", unit.name.clone())]);
                columns.push((name, 9.0));
            }
        }
        let mut page = self.page("headings", &columns)?;
        for heading in &self.all.headings {
            let strong = heading.level == 1;
            let indent = u8::try_from(heading.level.saturating_sub(1)).unwrap_or(0);
            let look = Look { strong, ..Look::default() };
            let across = self.view.across(heading.at);
            let points = match self.view.basis(heading.at) {
                Some(points) => Value::Number(Some(points)),
                None => Value::Text(heading.points.clone()),
            };
            let mut line = vec![
                (Value::Text(heading.title.clone()), Look { indent, ..look }),
                (points, look),
                (Value::Percent(across.map(|all| all.mean)), look),
            ];
            for unit in &self.all.units {
                let own = self.view.group(unit.at, heading.at).filter(|own| own.points != Some(0.0));
                let awaited = own.is_some_and(|own| !own.complete);
                let rate = own.filter(|own| own.complete).and_then(|own| share(Some(own.score), own.points));
                let shade = if heading.bonus { None } else { shade(rate) };
                let look = Look { awaited, shade, ..look };
                line.push((Value::Number(own.map(|own| own.score)), look));
                if shares {
                    line.push((Value::Percent(rate), look));
                }
            }
            page.line(&line)?;
        }
        page.remarks(&self.all.headed)?;
        self.finish(page, 1, if self.all.units.len() > 6 { A3 } else { A4 })
    }

    /// Each score with its arithmetic in a note.
    fn items(&self) -> Result<Worksheet, XlsxError> {
        let mut columns = vec![
            self.column("heading", 20.0),
            self.column("item", 30.0),
            self.column("points", 8.0),
            self.column("mean_share", 9.0),
        ];
        columns.extend(self.all.units.iter().map(|unit| (unit.name.clone(), 11.0)));
        let mut page = self.page("items", &columns)?;
        for item in &self.all.items {
            let points = self.all.units.iter().find_map(|unit| self.view.item(unit.at, item.at)?.points);
            let mut line = vec![
                text(item.heading.clone()),
                text(item.title.clone()),
                number(points),
                (Value::Percent(item.mean), Look::default()),
            ];
            let mut notes = Vec::new();
            for (at, unit) in (4u16..).zip(&self.all.units) {
                let Some(score) = self.view.item(unit.at, item.at) else {
                    line.push(text("—"));
                    continue;
                };
                let rate = share(score.score, score.points);
                let shade = if item.bonus { None } else { shade(rate) };
                let awaited = score.state == State::Unmarked;
                let look = Look { shade, awaited, strong: score.above, ..Look::default() };
                line.push(match score.score {
                    Some(_) => (Value::Number(score.score), look),
                    None => (Value::Text(self.view.say(&format!("state.{}", score.state.id()), &[])), look),
                });
                let mut told = arithmetic(score);
                if score.parts.len() > 1 {
                    for part in &score.parts {
                        let own = self.view.parts(item.at).get(part.part);
                        let title = own.map_or(String::new(), |own| own.title.clone());
                        let args = [("part", title), ("arithmetic", part.arithmetic.clone())];
                        told += "\n";
                        told += &self.view.say("book.note", &args);
                    }
                }
                let who = self.view.who(self.view.marks_of(score));
                if !who.is_empty() {
                    told += &format!("\n{}", who.join(&self.view.words().say("scores.and")));
                }
                if !told.trim().is_empty() {
                    notes.push((at, told));
                }
            }
            let row = page.row;
            page.line(&line)?;
            for (at, told) in notes {
                // Excel's own bound on a note.
                let told: String = told.chars().take(1000).collect();
                let note = Note::new(told).add_author_prefix(false).set_width(NOTE.0).set_height(NOTE.1);
                page.sheet.insert_note(row, at, &note)?;
            }
        }
        self.finish(page, 2, if self.all.units.len() > 6 { A3 } else { A4 })
    }

    fn unmarked(&self) -> Result<Worksheet, XlsxError> {
        let columns = [
            self.column("unit", 20.0),
            self.column("item", 34.0),
            self.column("what", 40.0),
            self.column("offices", 26.0),
        ];
        let mut page = self.page("unmarked", &columns)?;
        let and = self.view.words().say("scores.and");
        for one in &self.all.unmarked {
            page.line(&[
                text(one.unit.clone()),
                text(one.item.clone()),
                text(one.what.clone()),
                text(one.offices.join(&and)),
            ])?;
        }
        self.finish(page, 1, A4)
    }

    fn above(&self) -> Result<Worksheet, XlsxError> {
        let columns = [
            self.column("unit", 20.0),
            self.column("item", 34.0),
            self.column("points", 9.0),
            self.column("score", 9.0),
            self.column("arithmetic", 40.0),
        ];
        let mut page = self.page("above", &columns)?;
        for unit in &self.all.units {
            for score in self.view.scores(unit.at).filter(|score| score.above) {
                page.line(&[
                    text(unit.name.clone()),
                    text(self.view.item_title(score.item)),
                    number(score.points),
                    number(score.score),
                    text(arithmetic(score)),
                ])?;
            }
        }
        self.finish(page, 1, A4)
    }

    fn markers(&self) -> Result<Worksheet, XlsxError> {
        let columns = [
            self.column("office", 26.0),
            self.column("marker", 16.0),
            self.column("marks", 9.0),
            self.column("items", 9.0),
            self.column("awaited", 9.0),
            self.column("files", 50.0),
        ];
        let mut page = self.page("markers", &columns)?;
        for one in &self.all.markers {
            let awaited = Look { awaited: one.awaited > 0, ..Look::default() };
            page.line(&[
                text(one.office.clone()),
                text(one.marker.clone()),
                (Value::Whole(one.marks), Look::default()),
                (Value::Whole(one.items), Look::default()),
                (Value::Whole(one.awaited), awaited),
                text(one.files.clone()),
            ])?;
        }
        self.finish(page, 1, A4)
    }
}
