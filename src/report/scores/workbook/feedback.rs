//! A unit's feedback as a workbook: what is lost, the headings, what is unmarked, strengths.

use super::{Lists, Look, number, text};
use crate::{
    problem::Result,
    report::{
        scores::{
            comparison::shade,
            feedback::{Awaited, EvidenceLine, Feedback, Heading, Lost, PartLine, Strength},
            view::{View, share},
        },
        workbook::{Paper, Table},
    },
    tables::scored::{GroupScore, ItemScore},
};

/// The workbook.
///
/// # Errors
/// It cannot be put together (a defect of ours).
pub fn write(view: &View<'_>, own: &Feedback) -> Result<Vec<u8>> {
    let title = view.say("book.feedback_title", &[("unit", own.unit.clone())]);
    let mut sheets = Sheets { view, own, lists: Lists::new(view, &title), title };
    sheets.lost();
    sheets.headings();
    sheets.unmarked();
    sheets.strengths();
    sheets.lists.bytes()
}

struct Sheets<'a> {
    view: &'a View<'a>,
    own: &'a Feedback,
    lists: Lists<'a>,
    title: String,
}

impl Sheets<'_> {
    fn column(&self, key: &str) -> String {
        self.lists.column(key)
    }

    fn list<'b, R>(&self, fixed: u16) -> Table<'b, R> {
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
        self.lists.list(self.view.say("book.feedback_line", &args), fixed)
    }

    /// Worst first; the parts of an item in one cell.
    fn lost(&mut self) {
        let view = self.view;
        let items = || self.own.items.iter().chain(&self.own.doubtful);
        let mut list = self.list(2);
        list.column(self.column("heading"), 14.0, |(item, _): &(&Lost, &ItemScore)| text(&item.heading));
        list.column(self.column("item"), 18.0, |(item, _)| text(&item.title));
        list.column(self.column("points"), 7.0, |(_, score)| number(score.points));
        list.column(self.column("score"), 7.0, |(_, score)| {
            Look::shaded(shade(share(score.score, score.points))).number(score.score)
        });
        list.column(self.column("lost"), 7.0, |(_, score)| Look::strong(true).number(Some(view.lost(score))));
        list.column(self.column("arithmetic"), 24.0, |(item, _)| text(&item.arithmetic));
        list.column(self.column("requirements"), 44.0, |(item, _)| text(item.requirements.join("\n")));
        list.column(self.column("part"), 30.0, |(item, _)| text(parts(view, item)));
        list.column(self.column("who"), 14.0, |(item, _)| text(item.who.join("\n")));
        list.column(self.column("cells"), 22.0, |(item, _)| text(&item.cells));
        // No empty columns.
        if items().any(|item| !item.evidence.is_empty()) {
            list.column(self.column("check"), 26.0, |(item, _)| text(evidence(view, item)));
        }
        if items().any(|item| item.note.is_some() || !item.doubts.is_empty()) {
            list.column(self.column("note"), 18.0, |(item, _)| text(notes(view, item)));
        }
        let rows = items().filter_map(|item| Some((item, view.item(self.own.at, item.at)?)));
        self.lists.add("lost", (&list, Paper::A4), rows, &[]);
    }

    fn headings(&mut self) {
        let (view, own) = (self.view, self.own);
        let look = |(heading, own): &(&Heading, &GroupScore)| Look {
            awaited: !own.complete,
            ..Look::strong(heading.level == 1)
        };
        let below =
            |row: &(&Heading, &GroupScore)| Look { shade: row.0.below_mean.then_some(3), ..look(row) };
        let mut list = self.list::<(&Heading, &GroupScore)>(1);
        list.column(self.column("heading"), 36.0, |row| {
            let indent = u8::try_from(row.0.level.saturating_sub(1)).unwrap_or(0);
            Look { indent, ..look(row) }.text(&row.0.title)
        });
        list.column(self.column("points"), 9.0, |row| look(row).number(row.1.points));
        list.column(self.column("score"), 9.0, |row| below(row).number(Some(row.1.score)));
        list.column(self.column("share"), 9.0, |row| {
            below(row).percent(share(Some(row.1.score), row.1.points))
        });
        list.column(self.column("mean"), 12.0, |row| {
            look(row).percent(view.across(row.0.at).map(|all| all.mean))
        });
        list.column(self.column("best"), 12.0, |row| {
            look(row).percent(view.across(row.0.at).map(|all| all.best))
        });
        let rows = own.headings.iter().filter_map(|heading| Some((heading, view.group(own.at, heading.at)?)));
        self.lists.add("headings", (&list, Paper::A4), rows, &own.headed);
    }

    fn unmarked(&mut self) {
        let and = self.view.words().say("scores.and");
        let mut list = self.list(1);
        list.column(self.column("item"), 34.0, |one: &&Awaited| text(&one.item));
        list.column(self.column("what"), 44.0, |one| text(&one.what));
        list.column(self.column("offices"), 30.0, |one| text(one.offices.join(&and)));
        self.lists.add("unmarked", (&list, Paper::A4), &self.own.unmarked, &[]);
    }

    fn strengths(&mut self) {
        let mut list = self.list(1);
        list.column(self.column("item"), 44.0, |one: &&Strength| text(&one.title));
        list.column(self.column("points"), 10.0, |one| number(Some(one.points)));
        list.column(self.column("score"), 10.0, |one| number(Some(one.score)));
        list.column(self.column("mean"), 14.0, |one| number(Some(one.mean)));
        self.lists.add("strengths", (&list, Paper::A4), &self.own.strengths, &[]);
    }
}

/// The parts of an item, a line each.
fn parts(view: &View, item: &Lost) -> String {
    let line = |part: &PartLine| {
        let args = [
            ("part", part.title.clone()),
            ("points", part.points.clone()),
            ("score", part.score.clone()),
            ("arithmetic", part.arithmetic.clone()),
        ];
        view.say(if part.arithmetic.is_empty() { "book.part" } else { "book.part_arithmetic" }, &args)
    };
    item.parts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the item's checks found, a line each.
fn evidence(view: &View, item: &Lost) -> String {
    let line = |line: &EvidenceLine| {
        let args = [
            ("check", line.title.clone()),
            ("value", line.value.clone()),
            ("required", line.required.clone()),
            ("cells", line.cells.clone()),
        ];
        view.say("book.evidence", &args)
    };
    item.evidence.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the standard notes, and what is doubtful about the document there.
fn notes(view: &View, item: &Lost) -> String {
    let doubts = item.doubts.iter().map(|doubt| view.say("doubt", &[("text", doubt.clone())]));
    item.note.iter().cloned().chain(doubts).collect::<Vec<_>>().join("\n")
}
