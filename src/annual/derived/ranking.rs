//! Ranks districts by how near they are to passing, and lists those that changed status since the previous year.

use std::collections::BTreeMap;

use super::standings::{Standing, Standings, every};
use crate::{
    dictionary::Section,
    tables::{
        annual::Annual,
        derived::{changes, ranking},
    },
};

/// The CV of a district and its limit.
#[derive(Debug, Clone, Default)]
struct Spread {
    cv: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    limit: Option<f64>,
    met: Option<bool>,
    /// Whether the interval includes the limit.
    open: bool,
}

/// District, section and indicator → its CV in one year.
fn spreads(annual: &Annual, year: i32) -> BTreeMap<(String, String, String), Spread> {
    let of_year = annual.panel.rows().filter(|row| row.year() == year && row.limit().is_some());
    of_year
        .map(|row| {
            let key = (row.district_code().into(), row.section().id().into(), row.indicator().into());
            let spread = Spread {
                cv: row.cv(),
                low: row.cv_low(),
                high: row.cv_high(),
                limit: row.limit(),
                met: row.met(),
                open: row.certainty() == Some("open"),
            };
            (key, spread)
        })
        .collect()
}

/// The section whose CV is furthest over its limit, or least below it.
fn worst(sections: &BTreeMap<String, Standing>) -> Option<(&String, &Standing)> {
    let known = sections.iter().filter(|(_, own)| own.ratio.is_some());
    known.max_by(|a, b| a.1.ratio.unwrap_or(0.0).total_cmp(&b.1.ratio.unwrap_or(0.0)))
}

/// The number of CVs of a district whose interval includes the limit.
fn open_ones<'s>(
    spreads: &'s BTreeMap<(String, String, String), Spread>,
    code: &'s str,
) -> impl Iterator<Item = (&'s (String, String, String), &'s Spread)> {
    let from = (code.to_string(), String::new(), String::new());
    spreads.range(from..).take_while(move |(key, _)| key.0 == code).filter(|(_, own)| own.open)
}

/// Ranks by the largest ratio of a CV to its limit: 1 for the smallest; equal ones share the better rank.
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

pub(super) fn ranking(annual: &Annual, standings: &Standings) -> ranking::Frame {
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
    let mut table = ranking::Builder::new(rows.len());
    for (code, sections) in rows {
        let worst = worst(sections);
        let cell = worst.and_then(|(section, own)| {
            spreads.get(&(code.clone(), section.clone(), own.indicator.clone()?)).cloned()
        });
        let cell = cell.unwrap_or_default();
        let sum = |of: fn(&Standing) -> i64| -> i64 { sections.values().map(of).sum() };
        table.push(ranking::Values {
            rank: now.get(code).copied(),
            rank_change: now.get(code).zip(before.get(code)).map(|(now, before)| now - before),
            district_code: code,
            district_name: sections.values().next().map(|own| own.name.as_str()),
            city_name: regions
                .get(code.as_str())
                .map(|region| region.city_name.as_str())
                .filter(|name| !name.is_empty()),
            ratio: worst.and_then(|(_, own)| own.ratio),
            section: worst.and_then(|(section, _)| Section::from_id(section)),
            indicator: worst.and_then(|(_, own)| own.indicator.as_deref()),
            cv: cell.cv,
            cv_low: cell.low,
            cv_high: cell.high,
            limit: cell.limit,
            limits: sum(|own| own.limits),
            limits_met: sum(|own| own.limits_met),
            limits_open: open_ones(&spreads, code).count() as i64,
            schools: sum(|own| own.schools),
            schools_met: sum(|own| own.met),
            schools_missing: sum(|own| own.missing),
            students: sections.values().map(|own| own.students).sum(),
            passes: every(sections.values().map(|own| own.passes)),
        });
    }
    table.finish()
}

/// One change of status: `小学 L5 0.512→0.488`; without an indicator for schools.
struct Turn {
    section: String,
    indicator: Option<String>,
    before: Option<f64>,
    now: Option<f64>,
    bound: Option<f64>,
}

pub(super) fn changes(annual: &Annual, standings: &Standings) -> changes::Frame {
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
    let rows = rows.iter().map(|(code, name, change, certain, turn)| changes::Values {
        change,
        district_code: code,
        district_name: name,
        certain: *certain,
        section: Section::from_id(&turn.section).unwrap_or(Section::Primary),
        indicator: turn.indicator.as_deref(),
        before: turn.before,
        now: turn.now,
        bound: turn.bound,
    });
    rows.collect()
}
