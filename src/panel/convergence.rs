//! Whether districts come closer to one another over the years.
//!
//! Of districts' means (total over total): σ, whether the standard deviation of their logarithms falls from year to year;
//! β, whether those behind grow faster. Each district counts once, whatever its size; `cv_between` is weighted by pupils. A
//! mean of 0 has no logarithm: that district is left out of both lines, and counted. Fewer than three years or districts make no
//! line: `why_not` says which.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::inquiry::{Cell, Rows};
use crate::{
    equity::{self, Distribution, Line, Undefined},
    problem::Result,
    tables::Row,
};

/// [`years::sigma`], [`years::growth`] and [`years::convergence`] of a panel of districts that are not grouped.
#[derive(Debug, Clone)]
pub struct Convergence {
    pub sigma: DataFrame,
    pub growth: DataFrame,
    pub lines: DataFrame,
}

/// A section and an indicator, in the order of the panel.
#[derive(Default)]
struct Series<'a> {
    /// By year, then by district: mean and pupils.
    years: BTreeMap<i32, BTreeMap<&'a str, (f64, f64)>>,
    names: BTreeMap<&'a str, &'a str>,
}

/// Rows of other levels or of groups are passed over. β goes from the first year in which a mean is known to the last.
///
/// # Errors
/// Only the engine's.
pub fn convergence(panel: &DataFrame) -> Result<Convergence> {
    let (keys, series) = series(panel);
    let mut sigma = Rows::of(crate::tables::sigma::table());
    let mut growth = Rows::of(crate::tables::growth::table());
    let mut lines = Rows::of(crate::tables::convergence::table());
    for ((section, indicator), series) in keys.iter().zip(&series) {
        let head = [Cell::Text(Some(*section)), Cell::Text(Some(*indicator))];
        let mut spreads = Vec::new();
        for (year, districts) in &series.years {
            let logs: Vec<f64> =
                districts.values().filter(|(mean, _)| *mean > 0.0).map(|(mean, _)| mean.ln()).collect();
            let weighted =
                districts.values().map(|(mean, students)| (Some(mean * students), Some(*students)));
            let sd = spread(&logs);
            spreads.extend(sd.map(|sd| (f64::from(*year), sd)));
            let rest = [
                Cell::Count(Some(logs.len() as i64)),
                Cell::Number(sd),
                Cell::Number(Distribution::of(weighted).cv().ok()),
            ];
            sigma.push([Cell::Year(*year)].into_iter().chain(head).chain(rest));
        }
        let (Some((&from, first)), Some((&to, last))) =
            (series.years.first_key_value(), series.years.last_key_value())
        else {
            continue;
        };
        let span = [Cell::Text(Some("sigma")), Cell::Year(from), Cell::Year(to)];
        let found = equity::line(&spreads);
        let why = why_not(&found, spreads.len(), "too_few_years");
        lines.push(
            head.into_iter()
                .chain(span)
                .chain([Cell::Count(Some(spreads.len() as i64)), Cell::Count(None)])
                .chain(line(found.as_ref().ok()))
                .chain([Cell::Number(None), Cell::Number(None), Cell::Text(why)]),
        );
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
            let rest = [
                Cell::Year(from),
                Cell::Year(to),
                Cell::Number(one),
                Cell::Number(other),
                Cell::Number(ln(one)),
                Cell::Number(rate.map(|(one, other)| (other - one) / f64::from(to - from))),
            ];
            let who = [Cell::Text(Some(*code)), Cell::Text(Some(*name))];
            growth.push(who.into_iter().chain(head).chain(rest));
        }
        let usable = points.iter().filter(|(one, other)| *one > 0.0 && *other > 0.0).count();
        let found = equity::beta(&points, to.saturating_sub(from).unsigned_abs());
        let few = if to > from { "too_few_districts" } else { "too_few_years" };
        let why = why_not(&found, if to > from { usable } else { 0 }, few);
        let span = [Cell::Text(Some("beta")), Cell::Year(from), Cell::Year(to)];
        let (speed, half) = found.as_ref().map_or((None, None), |found| (found.speed, found.half_life));
        lines.push(
            head.into_iter()
                .chain(span)
                .chain([usable, points.len() - usable].map(|count| Cell::Count(Some(count as i64))))
                .chain(line(found.as_ref().ok().map(|found| &found.line)))
                .chain([Cell::Number(speed), Cell::Number(half), Cell::Text(why)]),
        );
    }
    Ok(Convergence { sigma: sigma.finish()?, growth: growth.finish()?, lines: lines.finish()? })
}

/// Sections and indicators in the order in which the panel names them first.
fn series(panel: &DataFrame) -> (Vec<(&str, &str)>, Vec<Series<'_>>) {
    let mut at: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut keys, mut found): (Vec<(&str, &str)>, Vec<Series>) = Default::default();
    for row in Row::all(panel) {
        if row.text("level") != Some("district") || row.text("grouping").is_some() {
            continue;
        }
        let (Some(section), Some(indicator)) = (row.text("section"), row.text("indicator")) else { continue };
        let (Some(mean), Some(students)) = (row.number("mean"), row.number("students")) else { continue };
        let Some(year) = row.whole("year").and_then(|year| i32::try_from(year).ok()) else { continue };
        let place = *at.entry((section, indicator)).or_insert_with(|| {
            keys.push((section, indicator));
            found.push(Series::default());
            found.len() - 1
        });
        let Some(series) = found.get_mut(place) else { continue };
        let code = row.said("district_code");
        series.years.entry(year).or_default().insert(code, (mean, students));
        // The latest name.
        series.names.insert(code, row.said("district_name"));
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

fn line(found: Option<&Line>) -> [Cell<'static>; 6] {
    [
        found.map(|line| line.intercept),
        found.map(|line| line.slope),
        found.map(|line| line.error),
        found.and_then(|line| line.t),
        found.and_then(|line| line.p),
        found.map(|line| line.r_squared),
    ]
    .map(Cell::Number)
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
    use polars::prelude::*;

    use super::*;
    use crate::tables::Row;

    /// A district's mean in a year.
    fn panel(rows: &[(&str, i32, Option<f64>)]) -> DataFrame {
        let texts =
            |of: &dyn Fn(&str) -> Option<String>| rows.iter().map(|row| of(row.0)).collect::<Vec<_>>();
        let same = |text: &str| vec![text.to_string(); rows.len()];
        df!(
            "level" => same("district"),
            "district_code" => texts(&|code| Some(code.to_string())),
            "district_name" => texts(&|code| Some(format!("县{code}"))),
            "year" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
            "section" => same("primary"),
            "grouping" => texts(&|_| None),
            "indicator" => same("books"),
            "mean" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
            "students" => vec![100.0; rows.len()],
        )
        .unwrap()
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
        let found = convergence(&panel(&rows)).unwrap();
        let sigma: Vec<Row> = Row::all(&found.sigma).collect();
        assert_eq!(sigma.len(), 3);
        near(sigma[0].number("sd_log"), 0.5f64.sqrt());
        assert_eq!(sigma[0].whole("districts"), Some(2));
        let lines: Vec<Row> = Row::all(&found.lines).collect();
        near(lines[0].number("slope"), -0.2 * 0.5f64.sqrt());
        assert_eq!(
            (lines[0].said("kind"), lines[0].whole("points"), lines[0].text("why_not")),
            ("sigma", Some(3), None)
        );
        // Of three districts two have both years.
        assert_eq!((lines[1].said("kind"), lines[1].whole("left_out")), ("beta", Some(1)));
        assert_eq!((lines[1].text("why_not"), lines[1].number("slope")), (Some("too_few_districts"), None));
        let growth: Vec<Row> = Row::all(&found.growth).collect();
        near(growth[1].number("growth"), -0.2);
        assert_eq!((growth[2].number("first"), growth[2].number("log_first")), (Some(0.0), None));
    }

    #[test]
    fn one_year_is_no_line() {
        let rows: Vec<_> = ["a", "b", "c", "d"].iter().zip([1.0, 2.0, 3.0, 4.0]).collect();
        let rows: Vec<_> = rows.into_iter().map(|(code, mean)| (*code, 2020, Some(mean))).collect();
        let found = convergence(&panel(&rows)).unwrap();
        let why: Vec<&str> = Row::all(&found.lines).map(|row| row.said("why_not")).collect();
        assert_eq!(why, ["too_few_years", "too_few_years"]);
        let found = convergence(&panel(&[])).unwrap();
        assert_eq!((found.sigma.height(), found.growth.height(), found.lines.height()), (0, 0, 0));
    }
}
