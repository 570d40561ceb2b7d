//! Whether districts converge over the years.
//!
//! For the districts' means (total over total): σ, whether the standard deviation of their logarithms falls from year
//! to year; β, whether those behind grow faster. Each district counts once, whatever its size; `cv_between` is weighted
//! by pupils. A mean of 0 has no logarithm: such a district is left out of both lines, and counted. Fewer than three
//! years or districts do not make a line: `why_not` says which.

use std::collections::BTreeMap;

use crate::{
    dictionary::Section,
    equity::{self, Distribution, Line, Undefined},
    tables::{convergence, growth, panel, sigma},
};

/// The tables `sigma`, `growth` and `convergence` of an ungrouped panel of districts.
#[derive(Debug, Clone)]
pub struct Convergence {
    /// The spread of the districts in every year.
    pub sigma: sigma::Frame,
    /// The start and the growth of every district.
    pub growth: growth::Frame,
    /// The lines through both.
    pub lines: convergence::Frame,
}

/// A section and an indicator, in the order of the panel.
#[derive(Default)]
struct Series<'a> {
    /// By year, then by district: mean and pupils.
    years: BTreeMap<i32, BTreeMap<&'a str, (f64, f64)>>,
    names: BTreeMap<&'a str, &'a str>,
}

/// Rows of other levels or of groups are ignored. β covers the first to the last year with a known mean.
pub fn convergence(panel: &panel::Frame) -> Convergence {
    let (keys, series) = series(panel);
    let mut sigma = sigma::Builder::new(0);
    let mut growth = growth::Builder::new(0);
    let mut lines = convergence::Builder::new(0);
    for (&(section, indicator), series) in keys.iter().zip(&series) {
        let mut spreads = Vec::new();
        for (year, districts) in &series.years {
            let logs: Vec<f64> =
                districts.values().filter(|(mean, _)| *mean > 0.0).map(|(mean, _)| mean.ln()).collect();
            let weighted =
                districts.values().map(|(mean, students)| (Some(mean * students), Some(*students)));
            let sd = spread(&logs);
            spreads.extend(sd.map(|sd| (f64::from(*year), sd)));
            sigma.push(sigma::Values {
                year: *year,
                section,
                indicator,
                districts: Some(logs.len() as i64),
                sd_log: sd,
                cv_between: Distribution::of(weighted).cv().ok(),
            });
        }
        let (Some((&from, first)), Some((&to, last))) =
            (series.years.first_key_value(), series.years.last_key_value())
        else {
            continue;
        };
        let head = convergence::Values {
            section,
            indicator,
            from_year: Some(from),
            to_year: Some(to),
            ..convergence::Values::default()
        };
        let found = equity::line(&spreads);
        let why = why_not(&found, spreads.len(), "too_few_years");
        lines.push(convergence::Values {
            kind: "sigma",
            points: Some(spreads.len() as i64),
            why_not: why,
            ..with_line(head, found.as_ref().ok())
        });
        let mut points = Vec::new();
        for (code, name) in &series.names {
            let mean = |of: &BTreeMap<&str, (f64, f64)>| of.get(code).map(|(mean, _)| *mean);
            let (one, other) = (mean(first), mean(last));
            if one.is_none() && other.is_none() {
                continue;
            }
            points.push((one.unwrap_or(f64::NAN), other.unwrap_or(f64::NAN)));
            let ln = |mean: Option<f64>| mean.filter(|mean| *mean > 0.0).map(f64::ln);
            let rate = ln(one).zip(ln(other)).filter(|_| to > from);
            growth.push(growth::Values {
                district_code: code,
                district_name: name,
                section,
                indicator,
                from_year: Some(from),
                to_year: Some(to),
                first: one,
                last: other,
                log_first: ln(one),
                growth: rate.map(|(one, other)| (other - one) / f64::from(to - from)),
            });
        }
        let usable = points.iter().filter(|(one, other)| *one > 0.0 && *other > 0.0).count();
        let found = equity::beta(&points, to.saturating_sub(from).unsigned_abs());
        let few = if to > from { "too_few_districts" } else { "too_few_years" };
        let why = why_not(&found, if to > from { usable } else { 0 }, few);
        let (speed, half) = found.as_ref().map_or((None, None), |found| (found.speed, found.half_life));
        lines.push(convergence::Values {
            kind: "beta",
            points: Some(usable as i64),
            left_out: Some((points.len() - usable) as i64),
            speed,
            half_life: half,
            why_not: why,
            ..with_line(head, found.as_ref().ok().map(|found| &found.line))
        });
    }
    Convergence { sigma: sigma.finish(), growth: growth.finish(), lines: lines.finish() }
}

/// Sections and indicators in the order of their first row in the panel.
fn series(panel: &panel::Frame) -> (Vec<(Section, &str)>, Vec<Series<'_>>) {
    let mut at: BTreeMap<(Section, &str), usize> = BTreeMap::new();
    let (mut keys, mut found): (Vec<(Section, &str)>, Vec<Series>) = Default::default();
    for row in panel.rows().filter(|row| row.level() == "district" && row.grouping().is_none()) {
        let (section, indicator) = (row.section(), row.indicator());
        let (Some(mean), Some(students)) = (row.mean(), row.students()) else { continue };
        let place = *at.entry((section, indicator)).or_insert_with(|| {
            keys.push((section, indicator));
            found.push(Series::default());
            found.len() - 1
        });
        let Some(series) = found.get_mut(place) else { continue };
        let code = row.district_code();
        series.years.entry(row.year()).or_default().insert(code, (mean, students));
        // The latest name.
        series.names.insert(code, row.district_name());
    }
    (keys, found)
}

/// Standard deviation with n − 1.
fn spread(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt())
}

fn with_line<'a>(row: convergence::Values<'a>, found: Option<&Line>) -> convergence::Values<'a> {
    convergence::Values {
        intercept: found.map(|line| line.intercept),
        slope: found.map(|line| line.slope),
        error: found.map(|line| line.error),
        t: found.and_then(|line| line.t),
        p: found.and_then(|line| line.p),
        r_squared: found.map(|line| line.r_squared),
        ..row
    }
}

fn why_not<T>(
    found: &std::result::Result<T, Undefined>,
    points: usize,
    few: &'static str,
) -> Option<&'static str> {
    let why = found.as_ref().err()?;
    Some(if points < 3 { few } else { why.id() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A district's mean in a year.
    fn panel(rows: &[(&str, i32, Option<f64>)]) -> panel::Frame {
        let mut table = panel::Builder::new(rows.len());
        for &(code, year, mean) in rows {
            table.push(panel::Values {
                level: "district",
                district_code: code,
                district_name: &format!("县{code}"),
                year,
                indicator: "books",
                mean,
                students: Some(100.0),
                ..Default::default()
            });
        }
        table.finish()
    }

    fn near(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?} {expected}");
    }

    #[test]
    fn districts_that_come_closer_by_hand() {
        // Logarithms 0 and 1, then 0 and 0.8, then 0 and 0.6; a third district has nothing in the first year.
        let rows: Vec<_> = [(2020, 1.0), (2021, 0.8), (2022, 0.6f64)]
            .into_iter()
            .flat_map(|(year, log)| {
                let third = if year == 2020 { Some(0.0) } else { None };
                [("a", year, Some(1.0)), ("b", year, Some(log.exp())), ("c", year, third)]
            })
            .collect();
        let found = convergence(&panel(&rows));
        let sigma: Vec<_> = found.sigma.rows().collect();
        assert_eq!(sigma.len(), 3);
        near(sigma[0].sd_log(), 0.5f64.sqrt());
        assert_eq!(sigma[0].districts(), Some(2));
        let lines: Vec<_> = found.lines.rows().collect();
        near(lines[0].slope(), -0.2 * 0.5f64.sqrt());
        assert_eq!((lines[0].kind(), lines[0].points(), lines[0].why_not()), ("sigma", Some(3), None));
        // Two of three districts have both years.
        assert_eq!((lines[1].kind(), lines[1].left_out()), ("beta", Some(1)));
        assert_eq!((lines[1].why_not(), lines[1].slope()), (Some("too_few_districts"), None));
        let growth: Vec<_> = found.growth.rows().collect();
        near(growth[1].growth(), -0.2);
        assert_eq!((growth[2].first(), growth[2].log_first()), (Some(0.0), None));
    }

    #[test]
    fn one_year_is_no_line() {
        let rows: Vec<_> = ["a", "b", "c", "d"].iter().zip([1.0, 2.0, 3.0, 4.0]).collect();
        let rows: Vec<_> = rows.into_iter().map(|(code, mean)| (*code, 2020, Some(mean))).collect();
        let found = convergence(&panel(&rows));
        let why: Vec<&str> = found.lines.rows().filter_map(|row| row.why_not()).collect();
        assert_eq!(why, ["too_few_years", "too_few_years"]);
        let found = convergence(&panel(&[]));
        assert_eq!((found.sigma.height(), found.growth.height(), found.lines.height()), (0, 0, 0));
    }
}
