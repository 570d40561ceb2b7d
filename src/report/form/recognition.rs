//! 表Ⅵ: the survey on public recognition.

use super::{
    known::Known,
    page::{Cell, Look, Page},
};
use crate::{
    standard::Standard,
    tables::{Status, district::District},
};

/// The facts of a row: L1 to L3, then L5 and L6.
const EVERYONE: [&str; 5] = [
    "questionnaires",
    "questionnaires_valid",
    "questionnaires_satisfied",
    "interviews",
    "interviews_satisfied",
];
const PARENTS: [&str; 5] = [
    "parent_questionnaires",
    "parent_questionnaires_valid",
    "parent_questionnaires_satisfied",
    "parent_interviews",
    "parent_interviews_satisfied",
];

pub fn page(district: &District, known: &Known) -> Page {
    let words = district.words;
    let widths = vec![14.0, 15.0, 15.0, 17.0, 19.0, 14.0, 15.0, 19.0];
    let mut page = Page::new("6", widths, 5, words);
    let say = |key: &str| words.say(&format!("form.6.{key}"));
    // Columns whose heading is one cell over two or more rows, although the form does not merge them.
    for (column, first, last, name) in [
        (0, 1, 4, ""),
        (1, 2, 3, "total"),
        (2, 3, 3, "total"),
        (3, 3, 3, "valid_satisfied"),
        (4, 1, 3, "satisfaction"),
        (5, 2, 3, "total"),
        (6, 2, 3, "visits_satisfied"),
        (7, 1, 3, "visit_satisfaction"),
    ] {
        for row in first..=last {
            let look = match (row == first, row == last) {
                (true, true) => Look::Head,
                (true, false) => Look::HeadTop,
                (false, true) => Look::HeadBelow,
                (false, false) => Look::HeadMiddle,
            };
            let named = row == first && !name.is_empty();
            page.put(row, column, if named { Cell::text(say(name)) } else { Cell::Blank }, look);
        }
    }
    page.merge((1, 1), (1, 3), &say("questionnaires"), Look::Head);
    page.merge((1, 5), (1, 6), &say("visits"), Look::Head);
    page.merge((2, 2), (2, 3), &say("valid"), Look::Head);
    page.line(4, 1, (1..=7).map(|number| Cell::text(format!("L{number}"))), Look::Head);
    page.height(1, 2.5);
    page.height(2, 2.5);
    page.height(3, 2.5);
    let rows = [("total", EVERYONE, known.district("satisfaction")), ("parents", PARENTS, None)];
    for (at, (name, facts, given)) in (5..).zip(rows) {
        let [sent, valid, satisfied, visited, visit_satisfied] = facts.map(|fact| known.district(fact));
        let share = |part: Option<f64>, all: Option<f64>| {
            let all = all.filter(|all| *all > 0.0);
            Cell::known(part.zip(all).map(|(part, all)| 100.0 * part / all), percent(district.standard))
        };
        // 综合满意度 is the reported number, which is judged; otherwise it is computed from the questionnaires.
        let overall = match given {
            Some(given) => Cell::Number(given, percent(district.standard)),
            None => share(satisfied, valid),
        };
        let name = words.say(&format!("form.6.{name}"));
        let count = |value| Cell::known(value, 0);
        let cells = [
            Cell::text(name),
            count(sent),
            count(valid),
            count(satisfied),
            overall,
            count(visited),
            count(visit_satisfied),
            share(visit_satisfied, visited),
        ];
        page.line(at, 0, cells, Look::Center);
        page.height(at, 2.0);
        if at == 5 && known.status("6") == Some(Status::Unmet) {
            page.put(5, 4, Cell::known(given, percent(district.standard)), Look::Unmet);
        }
    }
    page
}

fn percent(standard: &Standard) -> u32 {
    standard.print.percent
}
