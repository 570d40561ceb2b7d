//! The standing of districts in their years: per section, per district, and counted over all districts.

use std::collections::BTreeMap;

use crate::tables::{
    annual::{Annual, TOGETHER},
    derived::overview,
};

/// What separates a district's section from passing.
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

/// The conjunction of several parts: false if one is false, otherwise unknown if one is unknown.
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
        for row in annual.standings.rows().filter(|row| row.level() == "district") {
            let standing = Standing {
                name: row.district_name().into(),
                schools: row.schools(),
                students: row.students(),
                met: row.schools_met().unwrap_or_default(),
                unmet: row.schools_unmet().unwrap_or_default(),
                missing: row.schools_missing().unwrap_or_default(),
                limits: row.limits(),
                limits_met: row.limits_met(),
                ratio: row.worst_ratio(),
                indicator: row.worst_indicator().map(String::from),
                passes: row.passes(),
            };
            let district = of.entry(row.year()).or_default().entry(row.district_code().into());
            district.or_default().insert(row.section().id().into(), standing);
        }
        Standings { of }
    }
}

impl Standings {
    /// The districts that have both `year` and the previous one: their number, their schools then and now, and the
    /// change of their pupils. `None` without a previous year.
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

/// The counts of one year and section.
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

pub(super) fn overview(standings: &Standings) -> overview::Frame {
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
    let mut table = overview::Builder::new(counts.len());
    for (key, own) in &counts {
        let (year, section) = key;
        let before = counts.get(&(year - 1, section.clone()));
        let change = |of: fn(&Counts) -> i64| before.map(|before| of(own) - of(before));
        // For the districts that have both this year and the previous one: districts, schools and pupils then and now.
        let same = standings.same(*year, section);
        table.push(overview::Values {
            year: *year,
            section,
            districts: own.districts,
            districts_change: change(|own| own.districts),
            schools: own.schools,
            schools_change: change(|own| own.schools),
            same_districts: same
                .zip(before)
                .map(|((same, _), before)| same[0] == own.districts && same[0] == before.districts),
            districts_same: same.map(|(same, _)| same[0]),
            schools_change_same: same.map(|(same, _)| same[2] - same[1]),
            students_change_same: same.map(|(_, students)| students),
            students: own.students,
            students_change: before.map(|before| own.students - before.students),
            schools_met: own.met,
            schools_unmet: own.unmet,
            schools_missing: own.missing,
            met_share: own.share(),
            met_share_change: own.share().zip(before.and_then(Counts::share)).map(|(now, then)| now - then),
            districts_passing: own.passing,
            districts_passing_change: change(|own| own.passing),
            districts_failing: own.failing,
            districts_undetermined: own.open,
        });
    }
    table.finish()
}
