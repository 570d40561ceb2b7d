//! `对比表.xlsx`: ranks and totals, headings, items, what is unmarked, what is above its points, who marked.

use super::{Lists, Look, number, percent, text};
use crate::{
    problem::Result,
    report::{
        scores::{
            comparison::{Awaited, Comparison, Heading, Item, Marker, Ranked, shade},
            feedback::arithmetic,
            view::{View, share},
        },
        workbook::{Cell, Paper, Table},
    },
    tables::scored::{ItemScore, Standing, State},
};

/// Points and a share for each unit, side by side, up to so many units; with more of them the share is left to
/// the shades.
const WITH_SHARES: usize = 20;
/// With more units than this a line of all of them wants A3.
const UNITS_ON_A4: usize = 6;

/// The workbook.
///
/// # Errors
/// It cannot be put together (a defect of ours).
pub fn write(view: &View<'_>, all: &Comparison) -> Result<Vec<u8>> {
    let year = all.year.map_or(String::new(), |year| year.to_string());
    let args = [("title", all.standard.title.clone()), ("year", year)];
    let title = view.say(if all.year.is_some() { "book.title_of_year" } else { "book.title" }, &args);
    let mut sheets = Sheets { view, all, lists: Lists::new(view, &title), title };
    sheets.standings();
    sheets.headings();
    sheets.items();
    sheets.unmarked();
    sheets.above();
    sheets.markers();
    sheets.lists.bytes()
}

struct Sheets<'a> {
    view: &'a View<'a>,
    all: &'a Comparison,
    lists: Lists<'a>,
    title: String,
}

impl<'a> Sheets<'a> {
    fn column(&self, key: &str) -> String {
        self.lists.column(key)
    }

    fn list<'b, R>(&self, key: &str, fixed: u16) -> Table<'b, R> {
        let sheet = self.view.say(&format!("sheet.{key}"), &[]);
        let title = self.view.say("book.sheet_title", &[("title", self.title.clone()), ("sheet", sheet)]);
        self.lists.list(title, fixed)
    }

    fn wide_paper(&self) -> Paper {
        if self.all.units.len() > UNITS_ON_A4 { Paper::A3 } else { Paper::A4 }
    }

    fn standings(&mut self) {
        let all = self.all;
        let whole = |count: Option<usize>| count.map_or(text("—"), |count| Look::default().count(count));
        let mut list = self.list("standings", 2);
        list.column(self.column("rank"), 7.0, |(_, own): &(&Ranked, &Standing)| whole(own.rank));
        list.column(self.column("unit"), 20.0, |(unit, own)| {
            Look::strong(own.rank == Some(1)).text(&unit.name)
        });
        list.column(self.column("code"), 10.0, |(unit, _)| text(unit.code.clone().unwrap_or_default()));
        list.column(self.column("points"), 9.0, |(_, own)| number(own.points));
        list.column(self.column("score"), 10.0, |(_, own)| number(Some(own.score)));
        if all.has_bonus {
            list.column(self.column("bonus"), 8.0, |(_, own)| number(Some(own.bonus)));
        }
        // Without components the total is the result: once is enough.
        if !all.components.is_empty() {
            list.column(self.column("total"), 10.0, |(_, own)| number(own.total));
        }
        for (at, title) in all.components.iter().enumerate() {
            list.column(title, 12.0, move |(_, own)| number(own.components.get(at).copied().flatten()));
        }
        list.column(self.column("result"), 10.0, |(_, own)| {
            Look { strong: true, ..Look::awaited(own.unmarked > 0) }.number(own.result)
        });
        if all.has_last {
            list.column(self.column("last_rank"), 9.0, |(_, own)| whole(own.last_rank));
            list.column(self.column("risen"), 9.0, |(unit, _)| match unit.standing.risen {
                Some(up @ 1..) => text(format!("↑ {up}")),
                Some(0) => text("→"),
                Some(down) => text(format!("↓ {}", -down)),
                None => text("—"),
            });
            list.column(self.column("last_result"), 10.0, |(_, own)| number(own.last_result));
        }
        let any = |is: fn(&Ranked) -> bool| all.units.iter().any(is);
        if all.has_grades {
            list.column(self.column("grade"), 18.0, |(unit, _)| text(&unit.standing.grade));
            if any(|unit| unit.standing.condition.is_some()) {
                let condition = |unit: &Ranked| unit.standing.condition.clone().unwrap_or_default();
                list.column(self.column("condition"), 30.0, move |(unit, _)| text(condition(unit)));
            }
        }
        if all.has_veto {
            list.column(self.column("vetoed"), 24.0, |(unit, _)| text(unit.standing.vetoed.join("\n")));
        }
        list.column(self.column("unmarked"), 8.0, |(_, own)| {
            Look::awaited(own.unmarked > 0).count(own.unmarked)
        });
        // Where components make the result.
        if any(|unit| !unit.standing.arithmetic.is_empty()) {
            list.column(self.column("arithmetic"), 30.0, |(unit, _)| text(&unit.standing.arithmetic));
        }
        let view = self.view;
        let rows = all.units.iter().filter_map(|unit| Some((unit, view.standing(unit.at)?)));
        self.lists.add("standings", (&list, Paper::A4), rows, &[]);
    }

    fn headings(&mut self) {
        let (view, all) = (self.view, self.all);
        let look = |heading: &Heading| Look::strong(heading.level == 1);
        let mut list = self.list("headings", 1);
        list.column(self.column("heading"), 30.0, |heading: &&Heading| {
            let indent = u8::try_from(heading.level.saturating_sub(1)).unwrap_or(0);
            Look { indent, ..look(heading) }.text(&heading.title)
        });
        list.column(self.column("points"), 8.0, |heading| match view.basis(heading.at) {
            Some(points) => look(heading).number(Some(points)),
            None => look(heading).text(&heading.points),
        });
        list.column(self.column("mean"), 9.0, |heading| {
            look(heading).percent(view.across(heading.at).map(|all| all.mean))
        });
        for unit in &all.units {
            // Points, share of them, and how both look.
            let own = move |heading: &Heading| {
                let own = view.group(unit.at, heading.at).filter(|own| own.points != Some(0.0));
                let rate = own.filter(|own| own.complete).and_then(|own| share(Some(own.score), own.points));
                let shade = if heading.bonus { None } else { shade(rate) };
                let awaited = own.is_some_and(|own| !own.complete);
                (own.map(|own| own.score), rate, Look { awaited, shade, ..look(heading) })
            };
            list.column(&unit.name, 10.0, move |heading| {
                let (score, _, look) = own(heading);
                look.number(score)
            });
            if all.units.len() <= WITH_SHARES {
                let name = view.say("book.share_of", &[("unit", unit.name.clone())]);
                list.column(name, 9.0, move |heading| {
                    let (_, rate, look) = own(heading);
                    look.percent(rate)
                });
            }
        }
        self.lists.add("headings", (&list, self.wide_paper()), &all.headings, &all.headed);
    }

    /// Each score with its arithmetic in a comment.
    fn items(&mut self) {
        let (view, all) = (self.view, self.all);
        let mut list = self.list("items", 2);
        list.column(self.column("heading"), 20.0, |item: &&Item| text(&item.heading));
        list.column(self.column("item"), 30.0, |item| text(&item.title));
        list.column(self.column("points"), 8.0, |item| {
            number(all.units.iter().find_map(|unit| view.item(unit.at, item.at)?.points))
        });
        list.column(self.column("mean_share"), 9.0, |item| percent(item.mean));
        for unit in &all.units {
            list.column(&unit.name, 11.0, |item| match view.item(unit.at, item.at) {
                Some(score) => score_of(view, item, score),
                None => text("—"),
            });
        }
        self.lists.add("items", (&list, self.wide_paper()), &all.items, &[]);
    }

    fn unmarked(&mut self) {
        let and = self.view.words().say("scores.and");
        let mut list = self.list("unmarked", 1);
        list.column(self.column("unit"), 20.0, |one: &&Awaited| text(&one.unit));
        list.column(self.column("item"), 34.0, |one| text(&one.item));
        list.column(self.column("what"), 40.0, |one| text(&one.what));
        list.column(self.column("offices"), 26.0, |one| text(one.offices.join(&and)));
        self.lists.add("unmarked", (&list, Paper::A4), &self.all.unmarked, &[]);
    }

    fn above(&mut self) {
        let (view, all) = (self.view, self.all);
        let mut list = self.list("above", 1);
        list.column(self.column("unit"), 20.0, |(unit, _): &(&Ranked, &ItemScore)| text(&unit.name));
        list.column(self.column("item"), 34.0, |(_, score)| text(view.item_title(score.item)));
        list.column(self.column("points"), 9.0, |(_, score)| number(score.points));
        list.column(self.column("score"), 9.0, |(_, score)| number(score.score));
        list.column(self.column("arithmetic"), 40.0, |(_, score)| text(arithmetic(score)));
        let rows = all.units.iter().flat_map(|unit| {
            view.scores(unit.at).filter(|score| score.above).map(move |score| (unit, score))
        });
        self.lists.add("above", (&list, Paper::A4), rows, &[]);
    }

    fn markers(&mut self) {
        let mut list = self.list("markers", 1);
        list.column(self.column("office"), 26.0, |one: &&Marker| text(&one.office));
        list.column(self.column("marker"), 16.0, |one| text(&one.marker));
        list.column(self.column("marks"), 9.0, |one| Look::default().count(one.marks));
        list.column(self.column("items"), 9.0, |one| Look::default().count(one.items));
        list.column(self.column("awaited"), 9.0, |one| Look::awaited(one.awaited > 0).count(one.awaited));
        list.column(self.column("files"), 50.0, |one| text(&one.files));
        self.lists.add("markers", (&list, Paper::A4), &self.all.markers, &[]);
    }
}

/// What a unit has of an item, and how it came to it.
fn score_of(view: &View, item: &Item, score: &ItemScore) -> Cell {
    let shade = if item.bonus { None } else { shade(share(score.score, score.points)) };
    let look = Look { shade, strong: score.above, ..Look::awaited(score.state == State::Unmarked) };
    let cell = match score.score {
        Some(_) => look.number(score.score),
        None => look.text(view.say(&format!("state.{}", score.state.id()), &[])),
    };
    let mut told = arithmetic(score);
    if score.parts.len() > 1 {
        for part in &score.parts {
            let own = view.parts(item.at).get(part.part);
            let title = own.map_or(String::new(), |own| own.title.clone());
            told += "\n";
            told += &view.say("book.note", &[("part", title), ("arithmetic", part.arithmetic.clone())]);
        }
    }
    let who = view.who(view.marks_of(score));
    if !who.is_empty() {
        told += &format!("\n{}", who.join(&view.words().say("scores.and")));
    }
    cell.comment(told)
}
