//! Rows of the annual tables put side by side and counted, so that every number of a sentence is one cell of one table.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::{
    dictionary::Section,
    problem::Result,
    tables::{Row, annual::Annual},
};

/// Both sections together, in the column `section`.
pub const TOGETHER: &str = "all";

/// The tables that sentences speak of beside those of [`Annual`].
pub struct Derived {
    /// One row a year and section (and one for both): districts, schools, pupils, and how many are up to standard.
    pub overview: DataFrame,
    /// One row a year and section: how many of the CVs of everything together keep their limits.
    pub limits: DataFrame,
    /// One row a district of the report's year, the one nearest to passing first.
    pub ranking: DataFrame,
    /// Districts that pass now and did not the year before, or the other way round.
    pub changes: DataFrame,
    /// One row a section and fact of the report's year.
    pub facts: DataFrame,
    /// One row a year, section and indicator: the two groups of schools that the comparison compares.
    pub location_gap: DataFrame,
    /// One row a year and section.
    pub classes: DataFrame,
}

impl Derived {
    /// # Errors
    /// Only the engine's.
    pub fn of(annual: &Annual) -> Result<Derived> {
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

pub fn year_of(row: &Row) -> i32 {
    row.whole("year").and_then(|year| i32::try_from(year).ok()).unwrap_or_default()
}

/// What stands between a district's section and passing.
#[derive(Debug, Clone, Default)]
struct Standing {
    name: String,
    schools: i64,
    students: f64,
    met: i64,
    unmet: i64,
    missing: i64,
    limits: i64,
    limits_met: i64,
    ratio: Option<f64>,
    indicator: Option<String>,
    passes: Option<bool>,
}

/// Year, district and section → standing.
struct Standings {
    of: BTreeMap<i32, BTreeMap<String, BTreeMap<String, Standing>>>,
}

/// The whole of several parts: false where one is, else unknown where one is.
fn every(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

impl Standings {
    fn of(annual: &Annual) -> Standings {
        let mut of: BTreeMap<i32, BTreeMap<String, BTreeMap<String, Standing>>> = BTreeMap::new();
        for row in Row::all(&annual.standings).filter(|row| row.said("level") == "district") {
            let whole = |column: &str| row.whole(column).unwrap_or_default();
            let standing = Standing {
                name: row.said("district_name").into(),
                schools: whole("schools"),
                students: row.number("students").unwrap_or_default(),
                met: whole("schools_met"),
                unmet: whole("schools_unmet"),
                missing: whole("schools_missing"),
                limits: whole("limits"),
                limits_met: whole("limits_met"),
                ratio: row.number("worst_ratio"),
                indicator: row.text("worst_indicator").map(String::from),
                passes: row.yes("passes"),
            };
            let district = of.entry(year_of(&row)).or_default().entry(row.said("district_code").into());
            district.or_default().insert(row.said("section").into(), standing);
        }
        Standings { of }
    }
}

impl Standings {
    /// The districts that have both `year` and the one before: how many, their schools then and now, and by how many
    /// pupils they changed. `None` without a year before.
    fn same(&self, year: i32, section: &str) -> Option<([i64; 3], f64)> {
        let (before, now) = (self.of.get(&(year - 1))?, self.of.get(&year)?);
        let mut counts = ([0; 3], 0.0);
        for (code, sections) in now {
            let Some(earlier) = before.get(code) else { continue };
            let own = |of: &BTreeMap<String, Standing>| -> Option<(i64, f64)> {
                let own: Vec<&Standing> = of
                    .iter()
                    .filter(|(id, _)| section == TOGETHER || *id == section)
                    .map(|(_, own)| own)
                    .collect();
                let schools = own.iter().map(|one| one.schools).sum();
                (!own.is_empty()).then(|| (schools, own.iter().map(|one| one.students).sum()))
            };
            let (Some(then), Some(now)) = (own(earlier), own(sections)) else { continue };
            counts.0[0] += 1;
            counts.0[1] += then.0;
            counts.0[2] += now.0;
            counts.1 += now.1 - then.1;
        }
        Some(counts)
    }
}

/// Counts of one year and section.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    districts: i64,
    schools: i64,
    students: f64,
    met: i64,
    unmet: i64,
    missing: i64,
    passing: i64,
    failing: i64,
    open: i64,
}

impl Counts {
    fn add(&mut self, standings: &[&Standing]) {
        self.districts += 1;
        for one in standings {
            self.schools += one.schools;
            self.students += one.students;
            self.met += one.met;
            self.unmet += one.unmet;
            self.missing += one.missing;
        }
        match every(standings.iter().map(|one| one.passes)) {
            Some(true) => self.passing += 1,
            Some(false) => self.failing += 1,
            None => self.open += 1,
        }
    }

    fn share(&self) -> Option<f64> {
        (self.schools > 0).then(|| self.met as f64 / self.schools as f64)
    }
}

fn overview(standings: &Standings) -> Result<DataFrame> {
    let mut counts: BTreeMap<(i32, String), Counts> = BTreeMap::new();
    for (year, districts) in &standings.of {
        for sections in districts.values() {
            let all: Vec<&Standing> = sections.values().collect();
            counts.entry((*year, TOGETHER.into())).or_default().add(&all);
            for (section, standing) in sections {
                counts.entry((*year, section.clone())).or_default().add(&[standing]);
            }
        }
    }
    let rows: Vec<(&(i32, String), &Counts)> = counts.iter().collect();
    let whole = |of: &dyn Fn(&Counts) -> i64| rows.iter().map(|(_, own)| of(own)).collect::<Vec<i64>>();
    let before = |key: &(i32, String)| counts.get(&(key.0 - 1, key.1.clone()));
    let change = |of: &dyn Fn(&Counts) -> i64| -> Vec<Option<i64>> {
        rows.iter().map(|(key, own)| Some(of(own) - of(before(key)?))).collect()
    };
    // Of the districts that have both this year and the one before: districts, schools and pupils of then and now.
    let same: Vec<Option<([i64; 3], f64)>> =
        rows.iter().map(|(key, _)| standings.same(key.0, &key.1)).collect();
    let share_change = |(key, own): &(&(i32, String), &Counts)| Some(own.share()? - before(key)?.share()?);
    Ok(df!(
        "year" => rows.iter().map(|(key, _)| key.0).collect::<Vec<_>>(),
        "section" => rows.iter().map(|(key, _)| key.1.clone()).collect::<Vec<_>>(),
        "districts" => whole(&|own| own.districts),
        "districts_change" => change(&|own| own.districts),
        "schools" => whole(&|own| own.schools),
        "schools_change" => change(&|own| own.schools),
        "same_districts" => rows.iter().zip(&same).map(|((key, own), same)| {
            let same = same.as_ref()?.0[0];
            Some(same == own.districts && same == before(key)?.districts)
        }).collect::<Vec<_>>(),
        "districts_same" => same.iter().map(|same| Some(same.as_ref()?.0[0])).collect::<Vec<_>>(),
        "schools_change_same" => same.iter().map(|same| same.as_ref().map(|(own, _)| own[2] - own[1])).collect::<Vec<_>>(),
        "students_change_same" => same.iter().map(|same| Some(same.as_ref()?.1)).collect::<Vec<_>>(),
        "students" => rows.iter().map(|(_, own)| own.students).collect::<Vec<_>>(),
        "students_change" => rows.iter().map(|(key, own)| Some(own.students - before(key)?.students)).collect::<Vec<_>>(),
        "schools_met" => whole(&|own| own.met),
        "schools_unmet" => whole(&|own| own.unmet),
        "schools_missing" => whole(&|own| own.missing),
        "met_share" => rows.iter().map(|(_, own)| own.share()).collect::<Vec<_>>(),
        "met_share_change" => rows.iter().map(share_change).collect::<Vec<_>>(),
        "districts_passing" => whole(&|own| own.passing),
        "districts_passing_change" => change(&|own| own.passing),
        "districts_failing" => whole(&|own| own.failing),
        "districts_undetermined" => whole(&|own| own.open),
    )?)
}

/// What may be said of a CV against its limit: by its interval where there is one, else by the value compared exactly.
pub fn certainty(row: &Row) -> Option<&'static str> {
    match (row.text("certainty"), row.yes("met")) {
        (Some("met"), _) => Some("met"),
        (Some("unmet"), _) => Some("unmet"),
        (Some("open"), Some(true)) => Some("open_met"),
        (Some("open"), Some(false)) => Some("open_unmet"),
        (_, Some(true)) => Some("met"),
        (_, Some(false)) => Some("unmet"),
        _ => None,
    }
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

fn ranking(annual: &Annual, standings: &Standings) -> Result<DataFrame> {
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

fn changes(annual: &Annual, standings: &Standings) -> Result<DataFrame> {
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

/// Years that the tables have, ascending.
pub fn years(overview: &DataFrame) -> Vec<i32> {
    let years: BTreeSet<i32> = Row::all(overview).map(|row| year_of(&row)).collect();
    years.into_iter().collect()
}
