//! Reads the shares of the sources of the result that are set for the year, on the sheet 年度分值.

use super::{reading::Reading, values::DUST};
use crate::{
    ingest::{cell, sheet::Cell},
    number,
    problem::{Place, Problem},
    standard::sources::Component,
};

/// One cell, as it is written: 30, 30%, 0.3.
pub fn one(reading: &mut Reading, id: &str, found: &Cell, place: Place) {
    let source = reading.standard.yearly_sources().find(|source| source.id == id);
    let Some(title) = source.map(|source| source.title.zh.clone()) else {
        let known = reading.standard.yearly_sources().map(|source| source.title.zh.clone());
        let problem = Problem::error("marks_source_unknown", place).list("allowed", known);
        reading.problems.push(problem.with("found", id));
        return;
    };
    let share = match cell::number(found, cell::unit("%"), None) {
        (None, None) => return,
        (Some(share), None) if (0.0..=100.0).contains(&share) => share,
        _ => {
            let problem = Problem::error("marks_share_unread", place).with("found", cell::shown(found));
            reading.problems.push(problem.with("source", title));
            return;
        }
    };
    match reading.shares.get(id) {
        Some((first, there)) if (first - share).abs() > DUST => {
            let problem = Problem::error("marks_points_differ", place)
                .with("item", title)
                .with("found", share)
                .with("expected", first)
                .with("first", there);
            reading.problems.push(problem);
        }
        Some(_) => {}
        None => drop(reading.shares.insert(id.to_string(), (share, place))),
    }
}

/// All shares of the year together: none, so that nothing is weighed, or all, which add up to 100 % or 1.
pub fn complete(reading: &mut Reading) {
    let yearly: Vec<Component> = reading.standard.yearly_sources().cloned().collect();
    if yearly.is_empty() {
        return;
    }
    let first = reading.shares.values().next().map(|(_, place)| place.clone());
    let Some(first) = first else {
        let titles = yearly.iter().map(|source| source.title.zh.clone());
        let note = Problem::note("marks_shares_none", Place::default()).list("sources", titles);
        reading.findings.push(note);
        return;
    };
    let missing: Vec<String> = yearly
        .iter()
        .filter(|source| !reading.shares.contains_key(&source.id))
        .map(|source| source.title.zh.clone())
        .collect();
    if !missing.is_empty() {
        let problem = Problem::error("marks_shares_missing", first).list("sources", missing);
        reading.problems.push(problem);
        return;
    }
    let sources = reading.standard.scoring.iter().flat_map(|scoring| &scoring.components);
    let fixed: f64 = sources.filter_map(|source| source.share).sum();
    let sum: f64 = reading.shares.values().map(|(share, _)| share).sum();
    let is = |whole: f64| (sum - whole * (1.0 - fixed)).abs() <= 1e-6;
    let whole = match (is(100.0), is(1.0)) {
        (true, _) => 100.0,
        (_, true) => 1.0,
        _ => {
            let said = reading.shares.iter().map(|(id, (share, _))| {
                let title = yearly.iter().find(|source| source.id == *id).map_or("", |one| &one.title.zh);
                format!("{title} {}", number::calculated(Some(*share)))
            });
            let problem = Problem::error("marks_shares_sum", first)
                .with("found", number::calculated(Some(sum)))
                .with("expected", number::calculated(Some(100.0 * (1.0 - fixed))))
                .list("shares", said.collect::<Vec<_>>());
            reading.problems.push(problem);
            return;
        }
    };
    for (share, _) in reading.shares.values_mut() {
        *share /= whole;
    }
}
