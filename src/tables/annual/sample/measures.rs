//! MeasureMatrix, standings, coverage and the tables of one district.

use std::{cell::RefCell, collections::HashMap};

use polars::prelude::DataFrame;

use super::{
    numbers::Numbers,
    rows::{Cell, Rows},
    schools::{LOCATIONS, Made, Plan, regions, schools},
};
use crate::{dictionary::Section, standard::Standard, tables::years::Region};

/// The made schools, with what the tables ask of them.
pub struct Maker<'a> {
    pub plan: &'a Plan,
    pub standard: &'a Standard,
    pub regions: Vec<Region>,
    pub schools: Vec<Made>,
}

/// What a row is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    pub level: &'static str,
    pub code: String,
    pub name: String,
}

impl Place {
    pub fn all() -> Place {
        Place { level: "all", code: "all".into(), name: "全部".into() }
    }

    pub fn cells(&self, year: i32) -> Vec<(&'static str, Cell)> {
        vec![
            ("level", self.level.into()),
            ("district_code", (&self.code).into()),
            ("district_name", (&self.name).into()),
            ("year", year.into()),
        ]
    }
}

/// Of one row of the panel, what the next year's is compared with.
#[derive(Clone, Copy)]
struct Before {
    mean: f64,
    cv: Option<f64>,
    gini: Option<f64>,
    at_threshold: Option<f64>,
    rank: Option<i64>,
}

type Key = (Place, Section, usize, Option<&'static str>);

impl<'a> Maker<'a> {
    pub fn of(plan: &'a Plan, standard: &'a Standard) -> Maker<'a> {
        Maker { plan, standard, regions: regions(plan), schools: schools(plan, standard) }
    }

    pub fn years(&self) -> impl Iterator<Item = (usize, i32)> {
        self.plan.years.clone().enumerate()
    }
    pub fn sections(&self) -> &[Section] {
        &self.standard.scope.sections
    }
    pub fn indicators(&self) -> impl Iterator<Item = (usize, &str)> {
        self.standard.indicators.iter().enumerate().map(|(k, indicator)| (k, indicator.id.as_str()))
    }
    pub fn limit(&self, section: Section, indicator: usize) -> Option<f64> {
        self.standard.indicators[indicator].limit.get(section).copied()
    }
    pub fn threshold(&self, section: Section, indicator: usize) -> Option<f64> {
        self.standard.indicators[indicator].threshold.get(section).copied()
    }

    /// Schools of a section that are there that year.
    pub fn there(&self, section: Section, year: usize, mine: impl Fn(&Made) -> bool) -> Vec<&Made> {
        let there =
            |school: &&Made| school.section == section && school.students[year].is_some() && mine(school);
        self.schools.iter().filter(there).collect()
    }

    pub fn numbers(&self, schools: &[&Made], year: usize, indicator: usize) -> Option<Numbers> {
        let known = schools.iter().filter_map(|s| Some((s.students[year]?, s.values[year][indicator]?)));
        Numbers::of(known.collect())
    }

    fn places(&self, level: &'static str) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for region in &self.regions {
            let (code, name) = match level {
                "district" => (&region.district_code, &region.district_name),
                "city" => (&region.city_code, &region.city_name),
                "province" => (&region.province_code, &region.province_name),
                _ => return vec![Place::all()],
            };
            if places.last().is_none_or(|last| last.code != *code) {
                places.push(Place { level, code: code.clone(), name: name.clone() });
            }
        }
        places
    }

    fn lies_in(&self, school: &Made, place: &Place) -> bool {
        let region = &self.regions[school.district];
        let code = match place.level {
            "district" => &region.district_code,
            "city" => &region.city_code,
            "province" => &region.province_code,
            _ => return true,
        };
        *code == place.code
    }

    /// `panel`, `regional`, `whole` and `by_location`.
    pub fn panel(&self) -> (DataFrame, DataFrame, DataFrame, DataFrame) {
        let one = |levels: &[&'static str], groups: &[Option<&'static str>]| {
            let mut rows = Rows::of(crate::tables::panel::table());
            let before = RefCell::default();
            for (year, said) in self.years() {
                for &level in levels {
                    for &section in self.sections() {
                        self.level((year, said), level, section, groups, &before, &mut rows);
                    }
                }
            }
            rows.frame()
        };
        (
            one(&["district"], &[None]),
            one(&["city", "province"], &[None]),
            one(&["all"], &[None]),
            one(&["all"], &LOCATIONS.map(Some)),
        )
    }

    fn level(
        &self,
        (year, said): (usize, i32),
        level: &'static str,
        section: Section,
        groups: &[Option<&'static str>],
        before: &RefCell<HashMap<Key, (i32, Before)>>,
        rows: &mut Rows,
    ) {
        // Schools of a place, found once: there may be thousands.
        let mut found: Vec<(Place, Option<&'static str>, Vec<&Made>)> = Vec::new();
        let mut of: HashMap<(String, Option<&str>), usize> = HashMap::new();
        for place in self.places(level) {
            for &group in groups {
                of.insert((place.code.clone(), group), found.len());
                found.push((place.clone(), group, Vec::new()));
            }
        }
        for school in self.there(section, year, |_| true) {
            let region = &self.regions[school.district];
            let code = match level {
                "district" => &region.district_code,
                "city" => &region.city_code,
                "province" => &region.province_code,
                _ => "all",
            };
            for group in [None, Some(school.location)] {
                if let Some(&at) = of.get(&(code.to_string(), group)) {
                    found[at].2.push(school);
                }
            }
        }
        found.retain(|(.., schools)| !schools.is_empty());
        for (indicator, id) in self.indicators() {
            let numbers: Vec<Option<Numbers>> =
                found.iter().map(|(.., schools)| self.numbers(schools, year, indicator)).collect();
            let cvs: Vec<f64> = numbers.iter().flatten().filter_map(Numbers::cv).collect();
            for ((place, group, schools), numbers) in found.iter().zip(&numbers) {
                let key = (place.clone(), section, indicator, *group);
                let last = before.borrow().get(&key).filter(|(of, _)| of + 1 == said).map(|(_, last)| *last);
                let mut row = place.cells(said);
                row.extend([
                    ("section", section.id().into()),
                    ("grouping", group.map(|_| "location").into()),
                    ("group", (*group).into()),
                    ("indicator", id.into()),
                ]);
                let now = self.measured(
                    (section, indicator),
                    schools.len(),
                    numbers.as_ref(),
                    &cvs,
                    last,
                    &mut row,
                );
                if let Some(now) = now {
                    before.borrow_mut().insert(key, (said, now));
                }
                rows.push(row);
            }
        }
    }

    fn measured(
        &self,
        (section, indicator): (Section, usize),
        schools: usize,
        numbers: Option<&Numbers>,
        cvs: &[f64],
        last: Option<Before>,
        row: &mut Vec<(&'static str, Cell)>,
    ) -> Option<Before> {
        let (limit, threshold) = (self.limit(section, indicator), self.threshold(section, indicator));
        row.extend([("threshold", threshold.into()), ("limit", limit.into())]);
        let Some(numbers) = numbers else {
            row.extend([("schools", 0.into()), ("missing", schools.into()), ("status", "missing".into())]);
            return None;
        };
        let (cv, gini) = (numbers.cv(), numbers.gini());
        let n = numbers.schools as f64;
        // The standard error of a CV of normal values; the tables' own come from a bootstrap.
        let error = cv.filter(|_| n > 1.0).map(|cv| cv * ((0.5 + cv * cv) / n).sqrt());
        let low = cv.zip(error).map(|(cv, error)| (cv - 1.9 * error).max(0.0));
        let high = cv.zip(error).map(|(cv, error)| cv + 2.1 * error);
        let missing = schools - numbers.schools;
        let met = cv.zip(limit).filter(|_| missing == 0).map(|(cv, limit)| cv <= limit);
        let status = match (met, limit) {
            (Some(true), _) => "met",
            (Some(false), _) => "unmet",
            (None, None) => "not_applicable",
            (None, Some(_)) => "missing",
        };
        let certainty = low.zip(high).zip(limit).map(|((low, high), limit)| match () {
            () if high <= limit => "met",
            () if low > limit => "unmet",
            () => "open",
        });
        let above = cv.zip(error).zip(limit).map(|((cv, error), limit)| {
            let z = (cv - limit) / error.max(1e-9);
            1.0 / (1.0 + (-1.7 * z).exp())
        });
        let at = threshold.map(|threshold| numbers.at(threshold));
        let floor = threshold.map(|threshold| numbers.at(0.85 * threshold));
        let rank = cv.map(|cv| 1 + cvs.iter().filter(|other| **other < cv).count() as i64);
        let (tenth, ninth) = (numbers.quantile(0.1), numbers.quantile(0.9));
        let scaled = |gini: f64| gini * n / (n - 1.0);
        row.extend([
            ("schools", numbers.schools.into()),
            ("missing", missing.into()),
            ("students", numbers.students.into()),
            ("mean", numbers.mean.into()),
            ("sd", numbers.sd.into()),
            ("cv", cv.into()),
            ("minimum", numbers.least().into()),
            ("p10", tenth.into()),
            ("p25", numbers.quantile(0.25).into()),
            ("median", numbers.quantile(0.5).into()),
            ("p75", numbers.quantile(0.75).into()),
            ("p90", ninth.into()),
            ("maximum", numbers.most().into()),
            ("range_ratio", (numbers.least() > 0.0).then(|| numbers.most() / numbers.least()).into()),
            ("schools_at_threshold", at.map(|at| at.0).into()),
            ("students_at_threshold", at.map(|at| at.1).into()),
            ("schools_at_floor", floor.map(|at| at.0).into()),
            ("students_at_floor", floor.map(|at| at.1).into()),
            ("status", status.into()),
            ("met", met.into()),
            ("borderline", met.map(|_| false).into()),
            ("gini", gini.into()),
            ("gini_corrected", gini.filter(|_| n > 1.0).map(scaled).into()),
            ("theil_t", numbers.sum(|r| if r > 0.0 { r * r.ln() } else { 0.0 }).into()),
            ("theil_l", numbers.sum(|r| -r.ln()).into()),
            ("entropy_2", cv.map(|cv| cv * cv / 2.0).into()),
            ("atkinson", numbers.sum(f64::sqrt).map(|sum| 1.0 - sum * sum).into()),
            ("ratio_90_10", (tenth > 0.0).then(|| ninth / tenth).into()),
            ("cv_error", error.into()),
            ("cv_error_jackknife", error.map(|error| 1.03 * error).into()),
            ("cv_low", low.into()),
            ("cv_high", high.into()),
            ("cv_percentile_low", low.into()),
            ("cv_percentile_high", high.into()),
            ("above_limit", above.into()),
            ("certainty", certainty.into()),
            (
                "gini_error",
                gini.zip(error).map(|(gini, error)| error * gini / numbers.cv().unwrap_or(1.0)).into(),
            ),
            ("gini_low", gini.map(|gini| 0.85 * gini).into()),
            ("gini_high", gini.map(|gini| 1.15 * gini).into()),
            ("mean_change", last.map(|last| numbers.mean - last.mean).into()),
            ("cv_change", cv.zip(last.and_then(|last| last.cv)).map(|(now, last)| now - last).into()),
            ("gini_change", gini.zip(last.and_then(|last| last.gini)).map(|(now, last)| now - last).into()),
            (
                "schools_at_threshold_change",
                at.zip(last.and_then(|last| last.at_threshold)).map(|(now, last)| now.0 - last).into(),
            ),
            ("rank", rank.into()),
            ("ranked", cvs.len().into()),
            ("rank_change", rank.zip(last.and_then(|last| last.rank)).map(|(now, last)| now - last).into()),
        ]);
        Some(Before { mean: numbers.mean, cv, gini, at_threshold: at.map(|at| at.0), rank })
    }

    /// Whether a school is at standard; `None` where it cannot be judged. And whether it is at its floors.
    fn stands(&self, school: &Made, year: usize) -> (Option<bool>, bool) {
        let Some(rule) = &self.standard.school_rule else { return (None, false) };
        let judged: Vec<(Option<f64>, f64)> = self
            .indicators()
            .filter_map(|(k, _)| Some((school.values[year][k], self.threshold(school.section, k)?)))
            .collect();
        let at_floor = judged
            .iter()
            .all(|(value, threshold)| value.is_some_and(|value| value >= rule.floor * threshold));
        let unknown = judged.iter().any(|(value, _)| value.is_none());
        let met = judged.iter().filter(|(value, threshold)| value.is_some_and(|v| v >= *threshold)).count();
        let enough = met as u64 >= rule.at_least as u64 && at_floor;
        ((!unknown).then_some(enough), at_floor)
    }

    pub fn standings(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::standings::table());
        for (year, said) in self.years() {
            for &section in self.sections() {
                for place in self.places("district").into_iter().chain([Place::all()]) {
                    let schools = self.there(section, year, |school| self.lies_in(school, &place));
                    if !schools.is_empty() {
                        rows.push(self.standing(&place, (year, said), section, &schools));
                    }
                }
            }
        }
        rows.frame()
    }

    fn standing(
        &self,
        place: &Place,
        (year, said): (usize, i32),
        section: Section,
        schools: &[&Made],
    ) -> Vec<(&'static str, Cell)> {
        let judged: Vec<(Option<bool>, bool)> =
            schools.iter().map(|school| self.stands(school, year)).collect();
        let rule = self.standard.school_rule.is_some();
        let count = |of: Option<bool>| judged.iter().filter(|(met, _)| *met == of).count();
        let students = |mine: &dyn Fn(usize) -> bool| {
            let own = schools.iter().enumerate().filter(|(at, _)| mine(*at));
            own.filter_map(|(_, school)| school.students[year]).sum::<f64>()
        };
        let mut ratios: Vec<(&str, f64)> = Vec::new();
        let (mut limits, mut met, mut missing) = (0, 0, 0);
        for (indicator, id) in self.indicators() {
            let Some(limit) = self.limit(section, indicator) else { continue };
            limits += 1;
            let numbers = self.numbers(schools, year, indicator);
            let cv = numbers.as_ref().and_then(Numbers::cv);
            let whole = numbers.is_some_and(|numbers| numbers.schools == schools.len());
            ratios.extend(cv.map(|cv| (id, cv / limit)));
            met += usize::from(whole && cv.is_some_and(|cv| cv <= limit));
            missing += usize::from(!whole || cv.is_none());
        }
        let worst = ratios.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let (known, unmet) = (count(Some(true)), count(Some(false)));
        let open = if rule { count(None) } else { 0 };
        let passes = match () {
            () if unmet > 0 || met + missing < limits => Some(false),
            () if open > 0 || missing > 0 || limits == 0 => None,
            () => Some(true),
        };
        let mut row = place.cells(said);
        row.extend([
            ("section", section.id().into()),
            ("schools", schools.len().into()),
            ("students", students(&|_| true).into()),
            ("schools_met", known.into()),
            ("schools_unmet", unmet.into()),
            ("schools_missing", open.into()),
            ("students_met", students(&|at| judged[at].0 == Some(true)).into()),
            ("schools_at_floor", judged.iter().filter(|(_, floor)| *floor).count().into()),
            ("limits", limits.into()),
            ("limits_met", met.into()),
            ("limits_missing", missing.into()),
            ("worst_ratio", worst.map(|worst| worst.1).into()),
            ("worst_indicator", worst.map(|worst| worst.0).into()),
            ("passes", passes.into()),
        ]);
        row
    }

    pub fn coverage(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::coverage::table());
        for (year, said) in self.years() {
            for &section in self.sections() {
                for place in self.places("district") {
                    let schools = self.there(section, year, |school| self.lies_in(school, &place));
                    let all = schools.len();
                    let backbone =
                        schools.iter().filter(|s| s.values[year].get(1).is_some_and(Option::is_some));
                    let facts =
                        [(None, all), (Some("students"), all), (Some("backbone_teachers"), backbone.count())];
                    for (fact, known) in facts {
                        let status = match known {
                            0 => "none",
                            known if known == all => "complete",
                            _ => "partly",
                        };
                        let mut row = place.cells(said);
                        row.extend([
                            ("section", section.id().into()),
                            ("fact", fact.into()),
                            ("known", known.into()),
                            ("of", all.into()),
                            ("status", status.into()),
                        ]);
                        rows.push(row);
                    }
                }
            }
        }
        rows.frame()
    }

    /// One county that became a district after the first year.
    pub fn joined(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::joined::table());
        if self.plan.years.clone().count() > 1 {
            let region = &self.regions[0];
            rows.push(vec![
                ("year", (*self.plan.years.start()).into()),
                ("from_code", "990191".into()),
                ("from_name", "东川县".into()),
                ("to_code", (&region.district_code).into()),
                ("to_name", (&region.district_name).into()),
                ("schools", (self.plan.schools * self.sections().len()).into()),
                ("line", 2.into()),
                ("kind", "renamed".into()),
            ]);
        }
        rows.frame()
    }
}
