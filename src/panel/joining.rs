//! What the crosswalk joined, and suggestions for further lines.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    crosswalk::{Followed, is_national},
    measured::Chosen,
};
use crate::{
    problem::{Place, Problem},
    tables::{
        joined, suggested,
        years::{StoredYear, YearSource},
    },
};

/// One row per district-year that is counted under another code or name than it is stored under; and per district-year
/// whose code had another name later, without a line.
pub(super) fn joined(years: &dyn YearSource, chosen: &Chosen) -> joined::Frame {
    struct Row<'a> {
        from: &'a StoredYear,
        to: &'a Followed,
        name: &'a str,
        merged: bool,
    }
    let kept = |at: usize| &years.kept()[at];
    let mut together: BTreeMap<(i32, &str), usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &chosen.entries {
        *together.entry((kept(entry.kept).of.year, &entry.followed.code)).or_default() += 1;
        // Stored years come in order, so the last one remains.
        if kept(entry.kept).of.district_code == entry.followed.code
            || !last.contains_key(&*entry.followed.code)
        {
            last.insert(&entry.followed.code, &entry.followed.name);
        }
    }
    let rows: Vec<Row> = chosen
        .entries
        .iter()
        .filter_map(|entry| {
            let (from, to) = (kept(entry.kept), &entry.followed);
            let name = last.get(&*to.code).copied().unwrap_or(&to.name);
            let elsewhere = from.of.district_code != to.code;
            let merged = elsewhere && together.get(&(from.of.year, &*to.code)).is_some_and(|n| *n > 1);
            (to.line.is_some() || from.district_name != name).then_some(Row { from, to, name, merged })
        })
        .collect();
    let rows = rows.iter().map(|row| joined::Values {
        year: row.from.of.year,
        from_code: &row.from.of.district_code,
        from_name: &row.from.district_name,
        to_code: &row.to.code,
        to_name: row.name,
        schools: row.from.rows as i64,
        line: row.to.line.map(i64::from),
        kind: if row.merged { "merged" } else { "renamed" },
    });
    rows.collect()
}

/// A suggested line of a crosswalk.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suggestion {
    from_code: String,
    from_name: Option<String>,
    to_code: String,
    to_name: Option<String>,
    years: Option<(i32, i32)>,
}

/// A code under one name.
#[derive(Default)]
struct Seen {
    years: BTreeSet<i32>,
    rows: usize,
}

/// Suggests lines for codes without one: codes with the same name in one city (in one year, or in succession), and
/// codes whose name changed. Returned as a table and as findings.
pub(super) fn suggested(years: &dyn YearSource, chosen: &Chosen) -> (suggested::Frame, Vec<Problem>) {
    let mut by_name: BTreeMap<(&str, &str), BTreeMap<&str, Seen>> = BTreeMap::new();
    let mut by_code: BTreeMap<&str, BTreeMap<&str, BTreeSet<i32>>> = BTreeMap::new();
    for entry in &chosen.entries {
        let (kept, to) = (&years.kept()[entry.kept], &entry.followed);
        // The same name in two cities means two districts: many cities have a 鼓楼区.
        let city = if is_national(&to.code) { &to.code[..4] } else { "" };
        if !to.name.is_empty() && to.name != to.code {
            let seen = by_name.entry((city, &to.name)).or_default().entry(&to.code).or_default();
            seen.years.insert(kept.of.year);
            seen.rows += kept.rows;
        }
        by_code.entry(&to.code).or_default().entry(&to.name).or_default().insert(kept.of.year);
    }
    let mut found = Vec::new();
    let mut said = Vec::new();
    let listed = |years: &BTreeSet<i32>| match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    for ((_, name), codes) in &by_name {
        let newest = codes.iter().max_by(|a, b| {
            (a.1.years.last(), a.1.rows).cmp(&(b.1.years.last(), b.1.rows)).then(b.0.cmp(a.0))
        });
        let Some((&to, newest)) = newest.filter(|_| codes.len() > 1) else { continue };
        for (&code, seen) in codes.iter().filter(|(code, _)| **code != to) {
            let beside = !seen.years.is_disjoint(&newest.years);
            let why = if beside { "crosswalk_suggest_merged" } else { "crosswalk_suggest_code" };
            said.push(
                Problem::warning(why, Place::default())
                    .with("name", name)
                    .with("from", code)
                    .with("to", to)
                    .with("years", listed(&seen.years)),
            );
            found.push(Suggestion {
                from_code: code.to_string(),
                from_name: None,
                to_code: to.to_string(),
                to_name: None,
                years: seen.years.first().copied().zip(seen.years.last().copied()).filter(|_| !beside),
            });
        }
    }
    for (code, names) in &by_code {
        let last = names.iter().max_by_key(|(_, years)| years.last());
        let Some((to, _)) = last.filter(|_| names.len() > 1) else { continue };
        for (name, years) in names.iter().filter(|(name, _)| *name != to) {
            said.push(
                Problem::note("crosswalk_suggest_name", Place::default())
                    .with("code", code)
                    .with("from", name)
                    .with("to", to)
                    .with("years", listed(years)),
            );
            found.push(Suggestion {
                from_code: code.to_string(),
                from_name: Some(name.to_string()),
                to_code: code.to_string(),
                to_name: Some(to.to_string()),
                years: years.first().copied().zip(years.last().copied()),
            });
        }
    }
    let rows = found.iter().map(|one| suggested::Values {
        from_code: &one.from_code,
        from_name: one.from_name.as_deref(),
        to_code: &one.to_code,
        to_name: one.to_name.as_deref(),
        from_year: one.years.map(|years| years.0),
        to_year: one.years.map(|years| years.1),
    });
    (rows.collect(), said)
}
