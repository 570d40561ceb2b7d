//! Rows of the annual tables put side by side and counted, so that every number of a sentence is one cell of one table.

mod ranking;
mod standings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use polars::prelude::*;

use self::{
    ranking::{changes, ranking},
    standings::{Standings, overview},
};
use crate::{
    dictionary::Section,
    problem::Result,
    tables::{
        Row,
        annual::{Annual, Derived, certainty, year_of},
    },
};

/// The tables that the report counts and compares by, from those of the year.
///
/// # Errors
/// Only the engine's.
pub fn derive(annual: &Annual) -> Result<Derived> {
    let standings = Standings::of(annual);
    Ok(Derived {
        overview: in_order(&overview(&standings)?)?,
        limits: in_order(&limits(annual)?)?,
        ranking: ranking(annual, &standings)?,
        changes: changes(annual, &standings)?,
        facts: in_order(&facts(annual)?)?,
        location_gap: in_order(&location_gap(annual)?)?,
        classes: in_order(&classes(annual)?)?,
    })
}

/// By year, both sections together first, then 小学, 初中.
fn in_order(frame: &DataFrame) -> Result<DataFrame> {
    let place = |row: &Row| {
        let section = Section::from_id(row.said("section"));
        (year_of(row), section)
    };
    let mut rows: Vec<(IdxSize, (i32, Option<Section>))> =
        (0..).zip(Row::all(frame).map(|row| place(&row))).collect();
    rows.sort_by_key(|(_, place)| *place);
    let rows = rows.into_iter().map(|(at, _)| at).collect();
    Ok(frame.take(&IdxCa::from_vec("rows".into(), rows))?)
}

fn limits(annual: &Annual) -> Result<DataFrame> {
    let mut counts: BTreeMap<(i32, String), [i64; 4]> = BTreeMap::new();
    for row in Row::all(&annual.whole).filter(|row| row.number("limit").is_some()) {
        let own = counts.entry((year_of(&row), row.said("section").into())).or_default();
        let at = match certainty(&row) {
            Some("met") => 0,
            Some("unmet") => 1,
            Some(_) => 2,
            None => 3,
        };
        own[at] += 1;
    }
    let column = |at: usize| counts.values().map(|own| own[at]).collect::<Vec<i64>>();
    Ok(df!(
        "year" => counts.keys().map(|key| key.0).collect::<Vec<_>>(),
        "section" => counts.keys().map(|key| key.1.clone()).collect::<Vec<_>>(),
        "limits" => counts.values().map(|own| own.iter().sum::<i64>()).collect::<Vec<_>>(),
        "met" => column(0),
        "unmet" => column(1),
        "open" => column(2),
        "missing" => column(3),
    )?)
}

fn facts(annual: &Annual) -> Result<DataFrame> {
    // Known, kept, districts where it is complete, and where it is none.
    let mut counts: BTreeMap<(String, String), [i64; 4]> = BTreeMap::new();
    let of_year = Row::all(&annual.coverage)
        .filter(|row| year_of(row) == annual.year && row.said("level") == "district");
    for row in of_year {
        let Some(fact) = row.text("fact") else { continue };
        let own = counts.entry((row.said("section").into(), fact.into())).or_default();
        own[0] += row.whole("known").unwrap_or_default();
        own[1] += row.whole("of").unwrap_or_default();
        own[2] += i64::from(row.text("status") == Some("complete"));
        own[3] += i64::from(row.text("status") == Some("none"));
    }
    let column = |at: usize| counts.values().map(|own| own[at]).collect::<Vec<i64>>();
    let status = |own: &[i64; 4]| match own {
        [known, of, ..] if known == of => "complete",
        [0, ..] => "none",
        _ => "partly",
    };
    Ok(df!(
        "year" => vec![annual.year; counts.len()],
        "section" => counts.keys().map(|key| key.0.clone()).collect::<Vec<_>>(),
        "fact" => counts.keys().map(|key| key.1.clone()).collect::<Vec<_>>(),
        "known" => column(0),
        "of" => column(1),
        "missing" => counts.values().map(|own| own[1] - own[0]).collect::<Vec<i64>>(),
        "districts_complete" => column(2),
        "districts_without" => column(3),
        "status" => counts.values().map(status).collect::<Vec<_>>(),
    )?)
}

/// A year's section and indicator, the two groups, and the mean of each.
type Gap<'a> = (&'a (i32, String, String), &'a (String, String), f64, f64);

fn location_gap(annual: &Annual) -> Result<DataFrame> {
    let mut means: BTreeMap<(i32, String, String), BTreeMap<String, f64>> = BTreeMap::new();
    for row in Row::all(&annual.by_location) {
        if let (Some(group), Some(mean)) = (row.text("group"), row.number("mean")) {
            let key = (year_of(&row), row.said("section").into(), row.said("indicator").into());
            means.entry(key).or_default().insert(group.into(), mean);
        }
    }
    let mut pairs: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
    for row in Row::all(&annual.comparison) {
        let key = (row.said("section").into(), row.said("indicator").into());
        pairs.insert(key, (row.said("first").into(), row.said("second").into()));
    }
    let rows: Vec<Gap<'_>> = means
        .iter()
        .filter_map(|(key, own)| {
            let pair = pairs.get(&(key.1.clone(), key.2.clone()))?;
            Some((key, pair, *own.get(&pair.0)?, *own.get(&pair.1)?))
        })
        .collect();
    Ok(df!(
        "year" => rows.iter().map(|row| row.0.0).collect::<Vec<_>>(),
        "section" => rows.iter().map(|row| row.0.1.clone()).collect::<Vec<_>>(),
        "indicator" => rows.iter().map(|row| row.0.2.clone()).collect::<Vec<_>>(),
        "first" => rows.iter().map(|row| row.1.0.clone()).collect::<Vec<_>>(),
        "second" => rows.iter().map(|row| row.1.1.clone()).collect::<Vec<_>>(),
        "first_mean" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "second_mean" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
        "gap" => rows.iter().map(|row| row.2 - row.3).collect::<Vec<_>>(),
        "ratio" => rows.iter().map(|row| (row.3 > 0.0).then(|| row.2 / row.3)).collect::<Vec<_>>(),
    )?)
}

fn classes(annual: &Annual) -> Result<DataFrame> {
    // Classes, those over, those of brackets that lie on both sides, and sections that say nothing.
    let mut sums: BTreeMap<(i32, String), ([f64; 3], i64)> = BTreeMap::new();
    for row in Row::all(&annual.class_sizes).filter(|row| row.said("level") == "all") {
        let classes = row.number("classes").unwrap_or_default();
        let (own, unknown) = sums.entry((year_of(&row), row.said("section").into())).or_default();
        own[0] += classes;
        match row.yes("over") {
            Some(true) => own[1] += classes,
            Some(false) => {}
            None => own[2] += classes,
        }
        *unknown = (*unknown).max(row.whole("unknown").unwrap_or_default());
    }
    sums.retain(|_, (own, _)| own[0] > 0.0);
    let share = |own: &([f64; 3], i64)| own.0[1] / own.0[0];
    let change = |(key, own): (&(i32, String), &([f64; 3], i64))| {
        let before = sums.get(&(key.0 - 1, key.1.clone()))?;
        Some(share(own) - share(before))
    };
    let column = |at: usize| sums.values().map(|own| own.0[at]).collect::<Vec<f64>>();
    Ok(df!(
        "year" => sums.keys().map(|key| key.0).collect::<Vec<_>>(),
        "section" => sums.keys().map(|key| key.1.clone()).collect::<Vec<_>>(),
        "classes" => column(0),
        "over" => column(1),
        "either" => column(2),
        "over_share" => sums.values().map(share).collect::<Vec<_>>(),
        "over_share_change" => sums.iter().map(change).collect::<Vec<_>>(),
        "unknown" => sums.values().map(|own| own.1).collect::<Vec<_>>(),
    )?)
}
