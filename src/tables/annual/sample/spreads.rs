//! Decomposition, comparison, convergence, Lorenz curves, classes by size; gaps and outlook of the districts.

use polars::prelude::DataFrame;

use super::{
    measures::{Maker, Place},
    numbers::{Line, Numbers, p},
    rows::{Cell, Rows},
    schools::Made,
};
use crate::{dictionary::Section, tables};

/// The statistics' brackets, with the largest class of each.
const BRACKETS: [(&str, u32); 10] = [
    ("classes_le25", 25),
    ("classes_26_30", 30),
    ("classes_31_35", 35),
    ("classes_36_40", 40),
    ("classes_41_45", 45),
    ("classes_46_50", 50),
    ("classes_51_55", 55),
    ("classes_56_60", 60),
    ("classes_61_65", 65),
    ("classes_ge66", u32::MAX),
];

impl Maker<'_> {
    /// Every year, section and indicator with the schools there are.
    fn each(&self, mut of: impl FnMut((usize, i32), Section, (usize, &str), &[&Made])) {
        for (year, said) in self.years() {
            for &section in self.sections() {
                let schools = self.there(section, year, |_| true);
                for indicator in self.indicators() {
                    of((year, said), section, indicator, &schools);
                }
            }
        }
    }

    pub fn decomposition(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::decomposition::table());
        self.each(|(year, said), section, (indicator, id), schools| {
            let Some(whole) = self.numbers(schools, year, indicator) else { return };
            let Some(total) = whole.cv().map(|cv| cv * cv) else { return };
            let mut push = |by: &str, part: &str, group: Option<&str>, value: f64| {
                let mut row = Place::all().cells(said);
                row.extend([
                    ("section", section.id().into()),
                    ("indicator", id.into()),
                    ("measure", "cv_squared".into()),
                    ("by", by.into()),
                    ("part", part.into()),
                    ("group", group.into()),
                    ("value", value.into()),
                    ("share", (total > 0.0).then_some(value / total).into()),
                ]);
                rows.push(row);
            };
            for (by, of) in [
                ("location", (|school: &Made| school.location) as fn(&Made) -> &str),
                ("ownership", |school| school.ownership),
            ] {
                let mut groups: Vec<&str> = schools.iter().map(|school| of(school)).collect();
                groups.sort_unstable();
                groups.dedup();
                let (mut between, mut within) = (0.0, Vec::new());
                for group in groups {
                    let own: Vec<&Made> =
                        schools.iter().copied().filter(|school| of(school) == group).collect();
                    let Some(numbers) = self.numbers(&own, year, indicator) else { continue };
                    let weight = numbers.students / whole.students;
                    between += weight * (numbers.mean / whole.mean - 1.0).powi(2);
                    within.push((group, weight * (numbers.sd / whole.mean).powi(2)));
                }
                push(by, "total", None, total);
                push(by, "between", None, between);
                push(by, "within", None, within.iter().map(|(_, value)| value).sum());
                for (group, value) in within {
                    push(by, "group", Some(group), value);
                }
            }
            let nested = [("between_provinces", 2), ("between_cities", 4), ("between_districts", usize::MAX)];
            push("region", "total", None, total);
            let mut above = 0.0;
            for (part, digits) in nested {
                let upto = self.between(schools, (year, indicator), digits, &whole);
                push("region", part, None, (upto - above).max(0.0));
                above = upto;
            }
            push("region", "within_districts", None, total - above);
        });
        rows.frame()
    }

    /// Between groups that share so many digits of their code.
    fn between(
        &self,
        schools: &[&Made],
        (year, indicator): (usize, usize),
        digits: usize,
        whole: &Numbers,
    ) -> f64 {
        let code = |school: &Made| {
            let code = &self.regions[school.district].district_code;
            code[..digits.min(code.len())].to_string()
        };
        let mut groups: Vec<String> = schools.iter().map(|school| code(school)).collect();
        groups.sort_unstable();
        groups.dedup();
        let part = |group: &String| {
            let own: Vec<&Made> = schools.iter().copied().filter(|school| code(school) == *group).collect();
            let numbers = self.numbers(&own, year, indicator)?;
            Some(numbers.students / whole.students * (numbers.mean / whole.mean - 1.0).powi(2))
        };
        groups.iter().filter_map(part).sum()
    }

    pub fn comparison(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::comparison::table());
        self.each(|(year, said), section, (indicator, id), schools| {
            let of = |location: &str| {
                let own: Vec<&Made> = schools.iter().copied().filter(|s| s.location == location).collect();
                self.numbers(&own, year, indicator)
            };
            let (Some(first), Some(second)) = (of("城区"), of("乡村")) else { return };
            let error =
                (first.sd.powi(2) / first.schools as f64 + second.sd.powi(2) / second.schools as f64).sqrt();
            let gap = first.mean - second.mean;
            let mut row = Place::all().cells(said);
            row.extend([
                ("section", section.id().into()),
                ("indicator", id.into()),
                ("first", "城区".into()),
                ("second", "乡村".into()),
                ("first_schools", first.schools.into()),
                ("second_schools", second.schools.into()),
                ("first_mean", first.mean.into()),
                ("second_mean", second.mean.into()),
                ("gap", gap.into()),
                ("ratio", (second.mean > 0.0).then(|| first.mean / second.mean).into()),
                ("p", (error > 0.0).then(|| p(gap / error)).into()),
                ("permutations", 9999.into()),
            ]);
            rows.push(row);
        });
        rows.frame()
    }

    fn mean(&self, district: usize, section: Section, year: usize, indicator: usize) -> Option<Numbers> {
        let schools = self.there(section, year, |school| school.district == district);
        self.numbers(&schools, year, indicator).filter(|numbers| numbers.mean > 0.0)
    }

    /// `sigma`, `growth` and `convergence`.
    pub fn convergence(&self) -> (DataFrame, DataFrame, DataFrame) {
        let (mut sigma, mut growth, mut lines) = (
            Rows::of(crate::tables::sigma::table()),
            Rows::of(crate::tables::growth::table()),
            Rows::of(crate::tables::convergence::table()),
        );
        let (start, end) = (*self.plan.years.start(), *self.plan.years.end());
        let span = f64::from(end - start);
        let last = self.plan.years.clone().count().saturating_sub(1);
        for &section in self.sections() {
            for (indicator, id) in self.indicators() {
                let mut spread = Vec::new();
                for (year, said) in self.years() {
                    let means: Vec<(f64, f64)> = (0..self.regions.len())
                        .filter_map(|at| self.mean(at, section, year, indicator))
                        .map(|numbers| (numbers.students, numbers.mean))
                        .collect();
                    let n = means.len() as f64;
                    let centre = means.iter().map(|m| m.1.ln()).sum::<f64>() / n;
                    let sd = means.iter().map(|m| (m.1.ln() - centre).powi(2)).sum::<f64>() / (n - 1.0);
                    let sd = (n > 1.0).then(|| sd.sqrt());
                    spread.extend(sd.map(|sd| (f64::from(said), sd)));
                    sigma.push(vec![
                        ("year", said.into()),
                        ("section", section.id().into()),
                        ("indicator", id.into()),
                        ("districts", means.len().into()),
                        ("sd_log", sd.into()),
                        ("cv_between", Numbers::of(means).and_then(|numbers| numbers.cv()).into()),
                    ]);
                }
                let mut points = Vec::new();
                let mut left_out = 0;
                for (at, region) in self.regions.iter().enumerate().filter(|_| span > 0.0) {
                    let first = self.mean(at, section, 0, indicator);
                    let (Some(first), Some(now)) = (first, self.mean(at, section, last, indicator)) else {
                        left_out += 1;
                        continue;
                    };
                    let (first, now) = (first.mean, now.mean);
                    let rate = (now / first).ln() / span;
                    points.push((first.ln(), rate));
                    growth.push(vec![
                        ("district_code", (&region.district_code).into()),
                        ("district_name", (&region.district_name).into()),
                        ("section", section.id().into()),
                        ("indicator", id.into()),
                        ("from_year", start.into()),
                        ("to_year", end.into()),
                        ("first", first.into()),
                        ("last", now.into()),
                        ("log_first", first.ln().into()),
                        ("growth", rate.into()),
                    ]);
                }
                for (kind, points, left_out) in [("sigma", spread, 0), ("beta", points, left_out)] {
                    let mut row: Vec<(&str, Cell)> = vec![
                        ("section", section.id().into()),
                        ("indicator", id.into()),
                        ("kind", kind.into()),
                        ("from_year", start.into()),
                        ("to_year", end.into()),
                        ("points", points.len().into()),
                        ("left_out", left_out.into()),
                    ];
                    match Line::through(&points) {
                        Some(line) => {
                            let speed = (kind == "beta" && line.slope * span > -1.0)
                                .then(|| -(1.0 + line.slope * span).ln() / span);
                            row.extend([
                                ("intercept", line.intercept.into()),
                                ("slope", line.slope.into()),
                                ("error", line.error.into()),
                                ("t", line.t().into()),
                                ("p", p(line.t()).into()),
                                ("r_squared", line.r_squared.into()),
                                ("speed", speed.into()),
                                ("half_life", speed.filter(|s| *s > 0.0).map(|s| 2f64.ln() / s).into()),
                            ]);
                        }
                        None => row
                            .push(("why_not", if points.len() < 3 { "too_few" } else { "no_spread" }.into())),
                    }
                    lines.push(row);
                }
            }
        }
        (sigma.frame(), growth.frame(), lines.frame())
    }

    pub fn lorenz(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::lorenz::table());
        let (start, end) = (*self.plan.years.start(), *self.plan.years.end());
        self.each(|(year, said), section, (indicator, id), schools| {
            let corners = self.numbers(schools, year, indicator).map(|numbers| numbers.lorenz());
            for (students, amount) in corners.into_iter().flatten().filter(|_| said == start || said == end) {
                rows.push(vec![
                    ("year", said.into()),
                    ("section", section.id().into()),
                    ("indicator", id.into()),
                    ("students", students.into()),
                    ("amount", amount.into()),
                ]);
            }
        });
        rows.frame()
    }

    /// Classes of 20 to 70 pupils, fewer large ones every year.
    pub fn class_sizes(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::class_sizes::table());
        for (year, said) in self.years() {
            for &section in self.sections() {
                let allowed = if section == Section::Primary { 45 } else { 50 };
                let schools = self.there(section, year, |_| true);
                let mut classes = [0.0; 10];
                for (at, school) in schools.iter().enumerate() {
                    let students = school.students[year].unwrap_or(0.0);
                    let size = 47.0 - 0.8 * year as f64 + ((at * 7) % 11) as f64 - 5.0;
                    let size = size.min(20.0 + students / 20.0).max(15.0);
                    let bracket = BRACKETS.iter().position(|(_, to)| size <= f64::from(*to)).unwrap_or(9);
                    classes[bracket] += (students / size).ceil();
                }
                for (k, (id, _)) in BRACKETS.iter().enumerate() {
                    let below = k.checked_sub(1).map_or(0, |k| BRACKETS[k].1);
                    let mut row = Place::all().cells(said);
                    row.extend([
                        ("section", section.id().into()),
                        ("bracket", (*id).into()),
                        ("classes", classes[k].into()),
                        ("unknown", usize::from(year == 0).into()),
                        ("over", (below >= allowed).into()),
                    ]);
                    rows.push(row);
                }
            }
        }
        rows.frame()
    }

    /// What schools lack in the last year, largest part first.
    pub fn gaps(&self) -> DataFrame {
        let mut rows = Rows::of(tables::gaps::table());
        let said = *self.plan.years.end();
        let year = self.plan.years.clone().count().saturating_sub(1);
        for (district, region) in self.regions.iter().enumerate() {
            let mut found: Vec<(f64, Vec<(&str, Cell)>)> = Vec::new();
            for &section in self.sections() {
                for school in self.there(section, year, |school| school.district == district) {
                    for (k, indicator) in self.standard.indicators.iter().enumerate() {
                        let Some(threshold) = self.threshold(section, k) else { continue };
                        let (Some(value), Some(students)) = (school.values[year][k], school.students[year])
                        else {
                            continue;
                        };
                        if value >= threshold {
                            continue;
                        }
                        let lacking = (threshold - value) * students / indicator.factor;
                        let lacking = if indicator.whole { lacking.ceil() } else { lacking };
                        found.push((
                            value / threshold,
                            vec![
                                ("district_code", (&region.district_code).into()),
                                ("year", said.into()),
                                ("item", (&indicator.id).into()),
                                ("school_code", (&school.code).into()),
                                ("school_name", (&school.name).into()),
                                ("section", section.id().into()),
                                ("current", value.into()),
                                ("required", threshold.into()),
                                ("shortfall", lacking.into()),
                                ("unit", (&indicator.shortfall_unit).into()),
                                ("departments", "教育局、财政局".into()),
                                ("measures", "".into()),
                            ],
                        ));
                    }
                }
            }
            found.sort_by(|a, b| a.0.total_cmp(&b.0));
            found.into_iter().for_each(|(_, row)| rows.push(row));
        }
        rows.frame()
    }

    /// Straight lines through the districts' CVs, three years on.
    pub fn outlook(&self) -> DataFrame {
        let mut rows = Rows::of(crate::tables::outlook::table());
        let (start, end) = (*self.plan.years.start(), *self.plan.years.end());
        for (district, region) in self.regions.iter().enumerate() {
            for &section in self.sections() {
                for (indicator, id) in self.indicators() {
                    let cvs: Vec<(f64, f64)> = self
                        .years()
                        .filter_map(|(year, said)| {
                            let schools = self.there(section, year, |school| school.district == district);
                            Some((f64::from(said), self.numbers(&schools, year, indicator)?.cv()?))
                        })
                        .collect();
                    let (Some(line), Some(&(last, cv))) = (Line::through(&cvs), cvs.last()) else { continue };
                    if last < f64::from(end) {
                        continue;
                    }
                    let bound = self.limit(section, indicator);
                    let then = (line.intercept + line.slope * f64::from(end + 3)).max(0.0);
                    let wide = 2.0 * line.error * (line.points as f64).sqrt() + 0.02;
                    let (now, met) = (bound.map(|b| cv <= b), bound.map(|b| then <= b));
                    let certainty = bound.map(|bound| match () {
                        () if then + wide <= bound => "met",
                        () if then - wide > bound => "unmet",
                        () => "open",
                    });
                    let warning = match (now, met, certainty) {
                        (Some(true), Some(false), _) => "crosses",
                        (Some(false), Some(true), _) => "recovers",
                        (Some(false), Some(false), _) => "stays_unmet",
                        (Some(true), Some(true), Some("open")) => "may_cross",
                        _ => "none",
                    };
                    let crossing = bound.filter(|_| now != met).map(|bound| {
                        ((bound - line.intercept) / line.slope)
                            .ceil()
                            .clamp(f64::from(end), f64::from(end + 3))
                    });
                    let place = Place {
                        level: "district",
                        code: region.district_code.clone(),
                        name: region.district_name.clone(),
                    };
                    let mut row = place.cells(end);
                    row.extend([
                        ("section", section.id().into()),
                        ("indicator", id.into()),
                        ("of", "cv".into()),
                        ("years", cvs.len().into()),
                        ("from_year", start.into()),
                        ("last", cv.into()),
                        ("slope", line.slope.into()),
                        ("error", line.error.into()),
                        ("p", p(line.t()).into()),
                        ("to_year", (end + 3).into()),
                        ("projected", then.into()),
                        ("low", (then - wide).max(0.0).into()),
                        ("high", (then + wide).into()),
                        ("bound", bound.into()),
                        ("met_now", now.into()),
                        ("met_then", met.into()),
                        ("certainty", certainty.into()),
                        ("warning", warning.into()),
                        ("crossing_year", crossing.map(|year| year as i32).into()),
                    ]);
                    rows.push(row);
                }
            }
        }
        rows.frame()
    }
}
