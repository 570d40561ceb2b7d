//! Reads 年度分值: the points of the items of this year's index.

use std::collections::BTreeSet;

use super::{
    find::Found,
    office::same_number,
    reading::{Reading, said},
    shares,
};
use crate::{
    ingest::{
        cell::{self, fold},
        sheet::{Cell, Row},
    },
    nearest::nearest,
    problem::{Place, Problem},
    standard::{Item, Rule},
    tables::scorebook::{Lead, SOURCE},
    words::Language,
};

/// The sum of the points of a year's index, unless the document states another.
const TOTAL: f64 = 100.0;

fn yearly(item: &&Item) -> bool {
    matches!(item.rule, Rule::Scored { points: None, .. })
}

pub fn read(reading: &mut Reading, found: &Found) {
    let blank = Row::default();
    let keys = found.sheet.rows.iter().find(|row| row.index == found.row).unwrap_or(&blank);
    let column =
        |lead: Lead| keys.cells.iter().find(|(_, cell)| said(cell) == lead.key()).map(|(column, _)| *column);
    let Some(points) = column(Lead::Points) else {
        let problem = Problem::error("marks_keys_lost", found.sheet_place()).with("sheet", &found.sheet.name);
        reading.problems.push(problem);
        return;
    };
    let standard = reading.standard;
    let mut seen = BTreeSet::new();
    for row in &found.sheet.rows {
        let id = said(row.get(found.column));
        if row.index == found.row || id.starts_with('@') {
            continue;
        }
        if let Some(source) = id.strip_prefix(SOURCE) {
            shares::one(reading, source, row.get(points), found.place(row.index, points));
            continue;
        }
        let Some(item) = standard.items.iter().filter(yearly).find(|item| item.id == id) else {
            if !id.is_empty() {
                let near = nearest(&id, standard.items.iter().map(|item| item.id.as_str())).join("、");
                let near = super::near(near);
                let problem = Problem::error("marks_entry_unknown", found.place(row.index, found.column));
                reading.problems.push(problem.with("found", id).with("nearest", near));
            }
            continue;
        };
        seen.insert(item.id.clone());
        let shown = [Lead::Number, Lead::Title].map(|lead| column(lead).map(|at| (at, said(row.get(at)))));
        if let Some((at, shown)) = of_another(item, shown) {
            let problem = Problem::error("marks_number_changed", found.place(row.index, at));
            let label = format!("{} {}", item.id, item.title.zh);
            reading
                .problems
                .push(problem.with("found", shown).with("expected", &item.id).with("item", label));
            continue;
        }
        one(reading, item, row.get(points), found.place(row.index, points));
    }
    for item in standard.items.iter().filter(yearly).filter(|item| !seen.contains(&item.id)) {
        let title = format!("{} {}", item.id, item.title.zh);
        let problem = Problem::error("marks_row_missing", found.sheet_place());
        reading.problems.push(problem.with("item", title).with("id", &item.id));
    }
}

/// The number or title of a row, with its column, if it is not that of the item that its hidden key names: the rows were
/// sorted without their keys, and the points are those of another item.
fn of_another(item: &Item, shown: [Option<(u32, String)>; 2]) -> Option<(u32, String)> {
    let [number, title] = shown;
    let is_title = |shown: &str| {
        [Language::Chinese, Language::English].map(|l| fold(item.title.get(l))).contains(&fold(shown))
    };
    number
        .filter(|(_, shown)| !shown.is_empty() && !same_number(shown, &item.id))
        .or_else(|| title.filter(|(_, shown)| !shown.is_empty() && !is_title(shown)))
}

fn one(reading: &mut Reading, item: &Item, found: &Cell, place: Place) {
    let bare = match found {
        Cell::Text(text) => Cell::Text(text.trim_end().trim_end_matches('分').into()),
        other => other.clone(),
    };
    let points = match cell::number(&bare, cell::unit("个"), None) {
        (None, None) => return,
        (Some(points), None) if points >= 0.0 => points,
        _ => {
            let problem = Problem::error("marks_points_unread", place).with("found", cell::shown(found));
            reading.problems.push(problem.with("item", format!("{} {}", item.id, item.title.zh)));
            return;
        }
    };
    match reading.yearly_points.get(&item.id) {
        Some((first, there)) if (first - points).abs() > super::values::DUST => {
            let problem = Problem::error("marks_points_differ", place)
                .with("item", format!("{} {}", item.id, item.title.zh))
                .with("found", points)
                .with("expected", first)
                .with("first", there);
            reading.problems.push(problem);
        }
        Some(_) => {}
        None => {
            reading.yearly_points.insert(item.id.clone(), (points, place));
        }
    }
}

/// Reports points that are still missing, or that do not add up.
pub fn complete(reading: &mut Reading) {
    let items: Vec<&Item> = reading.standard.items.iter().filter(yearly).collect();
    if items.is_empty() {
        return;
    }
    let missing: Vec<&str> = items
        .iter()
        .filter(|item| !reading.yearly_points.contains_key(&item.id))
        .map(|item| item.id.as_str())
        .collect();
    let place = reading
        .yearly_points
        .values()
        .next()
        .map_or_else(Place::default, |(_, place)| Place { cell: None, ..place.clone() });
    if !missing.is_empty() {
        let warning = Problem::warning("marks_points_missing", place);
        reading.findings.push(warning.list("items", missing));
        return;
    }
    let total = reading.standard.scoring.as_ref().and_then(|scoring| scoring.total).unwrap_or(TOTAL);
    let sum: f64 = reading.yearly_points.values().map(|(points, _)| points).sum();
    if (sum - total).abs() > super::values::DUST {
        let note = Problem::note("marks_points_sum", place);
        let found = crate::number::calculated(Some(sum));
        reading.findings.push(note.with("found", found).with("expected", total));
    }
}
