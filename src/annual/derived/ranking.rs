//! Districts in the order of how near they are to passing, and those that turned since the year before.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::standings::{Standing, Standings, every};
use crate::{
    problem::Result,
    tables::{
        Row,
        annual::{Annual, year_of},
    },
};

/// A CV of a district against its limit.
#[derive(Debug, Clone, Default)]
struct Spread {
    cv: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    limit: Option<f64>,
    met: Option<bool>,
    /// The interval holds the limit.
    open: bool,
}

/// District, section and indicator → its CV, in one year.
fn spreads(annual: &Annual, year: i32) -> BTreeMap<(String, String, String), Spread> {
    let of_year = Row::all(&annual.panel).filter(|row| year_of(row) == year && row.number("limit").is_some());
    of_year
        .map(|row| {
            let key =
                (row.said("district_code").into(), row.said("section").into(), row.said("indicator").into());
            let spread = Spread {
                cv: row.number("cv"),
                low: row.number("cv_low"),
                high: row.number("cv_high"),
                limit: row.number("limit"),
                met: row.yes("met"),
                open: row.text("certainty") == Some("open"),
            };
            (key, spread)
        })
        .collect()
}

/// The section whose CV is furthest over (or least under) its limit.
fn worst(sections: &BTreeMap<String, Standing>) -> Option<(&String, &Standing)> {
    let known = sections.iter().filter(|(_, own)| own.ratio.is_some());
    known.max_by(|a, b| a.1.ratio.unwrap_or(0.0).total_cmp(&b.1.ratio.unwrap_or(0.0)))
}

/// How many CVs of a district have an interval that holds the limit.
fn open_ones<'s>(
    spreads: &'s BTreeMap<(String, String, String), Spread>,
    code: &'s str,
) -> impl Iterator<Item = (&'s (String, String, String), &'s Spread)> {
    let from = (code.to_string(), String::new(), String::new());
    spreads.range(from..).take_while(move |(key, _)| key.0 == code).filter(|(_, own)| own.open)
}

/// Ranks by the largest ratio of a CV to its limit: 1 for the smallest, equal ones share the better.
fn ranks(ratios: &BTreeMap<&String, f64>) -> BTreeMap<String, i64> {
    let mut sorted: Vec<(&&String, &f64)> = ratios.iter().collect();
    sorted.sort_by(|a, b| a.1.total_cmp(b.1).then(a.0.cmp(b.0)));
    let mut found = BTreeMap::new();
    let mut last: Option<(f64, i64)> = None;
    for (at, (code, ratio)) in sorted.into_iter().enumerate() {
        let rank = match last {
            Some((same, rank)) if same == *ratio => rank,
            _ => at as i64 + 1,
        };
        last = Some((*ratio, rank));
        found.insert((*code).clone(), rank);
    }
    found
}

pub(super) fn ranking(annual: &Annual, standings: &Standings) -> Result<DataFrame> {
    let none = BTreeMap::new();
    let ratios = |year: i32| -> BTreeMap<&String, f64> {
        let districts = standings.of.get(&year).unwrap_or(&none).iter();
        districts.filter_map(|(code, own)| Some((code, worst(own)?.1.ratio?))).collect()
    };
    let (now, before) = (ranks(&ratios(annual.year)), ranks(&ratios(annual.year - 1)));
    let spreads = spreads(annual, annual.year);
    let mut rows: Vec<(&String, &BTreeMap<String, Standing>)> =
        standings.of.get(&annual.year).unwrap_or(&none).iter().collect();
    rows.sort_by_key(|(code, _)| (now.get(*code).copied().unwrap_or(i64::MAX), (*code).clone()));
    let regions: BTreeMap<&str, &crate::tables::years::Region> =
        annual.regions.iter().map(|region| (region.district_code.as_str(), region)).collect();
    let city = |code: &String| {
        let region = regions.get(code.as_str());
        region.map(|region| region.city_name.clone()).filter(|name| !name.is_empty())
    };
    let cell = |(code, sections): &(&String, &BTreeMap<String, Standing>)| -> Option<Spread> {
        let (section, own) = worst(sections)?;
        spreads.get(&((*code).clone(), section.clone(), own.indicator.clone()?)).cloned()
    };
    let cells: Vec<Spread> = rows.iter().map(|row| cell(row).unwrap_or_default()).collect();
    let sum = |of: fn(&Standing) -> i64| -> Vec<i64> {
        rows.iter().map(|(_, sections)| sections.values().map(of).sum()).collect()
    };
    let name = |(_, sections): &(&String, &BTreeMap<String, Standing>)| {
        sections.values().next().map(|own| own.name.clone())
    };
    Ok(df!(
        "rank" => rows.iter().map(|(code, _)| now.get(*code).copied()).collect::<Vec<_>>(),
        "rank_change" => rows.iter().map(|(code, _)| Some(now.get(*code)? - before.get(*code)?)).collect::<Vec<_>>(),
        "district_code" => rows.iter().map(|(code, _)| (*code).clone()).collect::<Vec<_>>(),
        "district_name" => rows.iter().map(name).collect::<Vec<_>>(),
        "city_name" => rows.iter().map(|(code, _)| city(code)).collect::<Vec<_>>(),
        "ratio" => rows.iter().map(|(_, sections)| worst(sections)?.1.ratio).collect::<Vec<_>>(),
        "section" => rows.iter().map(|(_, sections)| Some(worst(sections)?.0.clone())).collect::<Vec<_>>(),
        "indicator" => rows.iter().map(|(_, sections)| worst(sections)?.1.indicator.clone()).collect::<Vec<_>>(),
        "cv" => cells.iter().map(|own| own.cv).collect::<Vec<_>>(),
        "cv_low" => cells.iter().map(|own| own.low).collect::<Vec<_>>(),
        "cv_high" => cells.iter().map(|own| own.high).collect::<Vec<_>>(),
        "limit" => cells.iter().map(|own| own.limit).collect::<Vec<_>>(),
        "limits" => sum(|own| own.limits),
        "limits_met" => sum(|own| own.limits_met),
        "limits_open" => rows.iter().map(|(code, _)| open_ones(&spreads, code).count() as i64).collect::<Vec<_>>(),
        "schools" => sum(|own| own.schools),
        "schools_met" => sum(|own| own.met),
        "schools_missing" => sum(|own| own.missing),
        "students" => rows.iter().map(|(_, own)| own.values().map(|s| s.students).sum::<f64>()).collect::<Vec<_>>(),
        "passes" => rows.iter().map(|(_, own)| every(own.values().map(|s| s.passes))).collect::<Vec<_>>(),
    )?)
}

/// One thing that turned: `小学 L5 0.512→0.488`; schools without an indicator.
struct Turn {
    section: String,
    indicator: Option<String>,
    before: Option<f64>,
    now: Option<f64>,
    bound: Option<f64>,
}

pub(super) fn changes(annual: &Annual, standings: &Standings) -> Result<DataFrame> {
    let none = BTreeMap::new();
    let of = |year: i32| standings.of.get(&year).unwrap_or(&none);
    let (old, new) = (of(annual.year - 1), of(annual.year));
    let (was, is) = (spreads(annual, annual.year - 1), spreads(annual, annual.year));
    let mut rows: Vec<(String, String, &'static str, bool, Turn)> = Vec::new();
    for (code, sections) in new {
        let Some(earlier) = old.get(code) else { continue };
        let passes = |own: &BTreeMap<String, Standing>| every(own.values().map(|one| one.passes));
        let kind = match (passes(earlier), passes(sections)) {
            (Some(false), Some(true)) => "newly_passes",
            (Some(true), Some(false)) => "newly_fails",
            _ => continue,
        };
        let wanted = Some(kind == "newly_passes");
        let certain = open_ones(&is, code).next().is_none();
        let name = sections.values().next().map_or_else(String::new, |own| own.name.clone());
        for (section, own) in sections {
            let before = earlier.get(section);
            let all_met = |own: &Standing| own.met == own.schools;
            if before.is_some_and(|before| all_met(before) != all_met(own)) {
                let turn = Turn {
                    section: section.clone(),
                    indicator: None,
                    before: before.map(|before| before.met as f64),
                    now: Some(own.met as f64),
                    bound: Some(own.schools as f64),
                };
                rows.push((code.clone(), name.clone(), kind, certain, turn));
            }
        }
        for (key, own) in is.range((code.clone(), String::new(), String::new())..) {
            if key.0 != *code {
                break;
            }
            let Some(before) = was.get(key) else { continue };
            if own.met == wanted && before.met.is_some() && before.met != wanted {
                let turn = Turn {
                    section: key.1.clone(),
                    indicator: Some(key.2.clone()),
                    before: before.cv,
                    now: own.cv,
                    bound: own.limit,
                };
                rows.push((code.clone(), name.clone(), kind, certain, turn));
            }
        }
    }
    rows.sort_by(|a, b| (b.2, &a.0).cmp(&(a.2, &b.0)));
    Ok(df!(
        "change" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "district_code" => rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>(),
        "district_name" => rows.iter().map(|row| row.1.clone()).collect::<Vec<_>>(),
        "certain" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
        "section" => rows.iter().map(|row| row.4.section.clone()).collect::<Vec<_>>(),
        "indicator" => rows.iter().map(|row| row.4.indicator.clone()).collect::<Vec<_>>(),
        "before" => rows.iter().map(|row| row.4.before).collect::<Vec<_>>(),
        "now" => rows.iter().map(|row| row.4.now).collect::<Vec<_>>(),
        "bound" => rows.iter().map(|row| row.4.bound).collect::<Vec<_>>(),
    )?)
}
