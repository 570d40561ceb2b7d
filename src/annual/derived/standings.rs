//! How districts stand in their years: per section, per district, and counted over all of them.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::{
    problem::Result,
    tables::{
        Row,
        annual::{Annual, TOGETHER, year_of},
    },
};

/// What stands between a district's section and passing.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub name: String,
    pub schools: i64,
    pub students: f64,
    pub met: i64,
    pub unmet: i64,
    pub missing: i64,
    pub limits: i64,
    pub limits_met: i64,
    pub ratio: Option<f64>,
    pub indicator: Option<String>,
    pub passes: Option<bool>,
}

/// Year, district and section → standing.
pub(super) struct Standings {
    pub of: BTreeMap<i32, BTreeMap<String, BTreeMap<String, Standing>>>,
}

/// The whole of several parts: false where one is, else unknown where one is.
pub(super) fn every(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
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
    pub fn of(annual: &Annual) -> Standings {
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

pub(super) fn overview(standings: &Standings) -> Result<DataFrame> {
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
