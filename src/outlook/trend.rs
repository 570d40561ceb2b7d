//! Trends carried on: least squares through the years that are kept, with the interval of a single future value.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::{dictionary::Section, equity, problem::Result, standard::Standard, tables};

/// What is carried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Cv,
    Mean,
    SchoolsAtThreshold,
}

impl Of {
    pub const ALL: [Of; 3] = [Of::Cv, Of::Mean, Of::SchoolsAtThreshold];

    pub fn id(self) -> &'static str {
        match self {
            Of::Cv => "cv",
            Of::Mean => "mean",
            Of::SchoolsAtThreshold => "schools_at_threshold",
        }
    }

    /// Whether a value keeps to its bound: a CV at most, the others at least.
    fn keeps(self, value: f64, bound: f64) -> bool {
        // What a line gives is rounded on the way: so near is at the bound.
        let near = NEAR * bound.abs();
        if self == Of::Cv { value <= bound + near } else { value >= bound - near }
    }

    /// What such a value can be: no resource is negative, no share more than all.
    fn within(self, value: f64) -> f64 {
        if self == Of::SchoolsAtThreshold { value.clamp(0.0, 1.0) } else { value.max(0.0) }
    }
}

const NEAR: f64 = 1e-9;

/// Fewer years show no trend: two lie on a line whatever they are.
const FEWEST: usize = 3;

/// Farther than this nobody looks.
const FARTHEST: usize = 1_000;

/// Why nothing is projected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// No year has a value.
    NoValue,
    /// Fewer than three years.
    TooFewYears,
    /// The place is not in the last year of the panel: it was merged, renamed or not reported.
    NotInLastYear,
}

impl WhyNot {
    pub fn id(self) -> &'static str {
        match self {
            WhyNot::NoValue => "no_value",
            WhyNot::TooFewYears => "too_few_years",
            WhyNot::NotInLastYear => "not_in_last_year",
        }
    }
}

/// A trend and where it leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Projected {
    pub slope: f64,
    /// Standard error of the slope; 0 where the values lie on a line.
    pub error: f64,
    pub p: Option<f64>,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// By the line; `None` without a bound.
    pub met: Option<bool>,
    /// met, unmet, open: the whole interval against the bound.
    pub certainty: Option<&'static str>,
    /// crosses, recovers, stays_unmet, may_cross, none.
    pub warning: Option<&'static str>,
    /// Where it crosses or recovers: the first year after the last in which the line is on the other side of the bound than
    /// the last value is.
    pub crossing_year: Option<i32>,
}

/// Carries `values` (year, value; ascending, each year once) on to `to_year`. `met`: whether the last one keeps to
/// the bound; where it is not given the value is compared.
///
/// # Errors
/// Fewer than three years.
pub fn project(
    of: Of,
    values: &[(i32, f64)],
    bound: Option<f64>,
    met: Option<bool>,
    to_year: i32,
    level: f64,
) -> Result<Projected, WhyNot> {
    let Some(&(last, now)) = values.last() else { return Err(WhyNot::NoValue) };
    if values.len() < FEWEST {
        return Err(WhyNot::TooFewYears);
    }
    // Years from the last one on: small numbers, so that nothing cancels.
    let from_last = |year: i32| f64::from(year) - f64::from(last);
    let points: Vec<(f64, f64)> = values.iter().map(|&(year, value)| (from_last(year), value)).collect();
    let equal = values.iter().all(|&(_, value)| value == now);
    let line = if equal { None } else { equity::line(&points).ok() };
    if !equal && line.is_none() {
        return Err(WhyNot::TooFewYears);
    }
    // Equal values are their own line; the sums of least squares would round them.
    let at = |year: i32| line.as_ref().map_or((now, 0.0), |line| line.at(from_last(year), level));
    let (middle, half) = at(to_year);
    let (value, low, high) = (of.within(middle), of.within(middle - half), of.within(middle + half));
    let met_now = bound.map(|bound| met.unwrap_or_else(|| of.keeps(now, bound)));
    let met_then = bound.map(|bound| of.keeps(value, bound));
    let (best, worst) = if of == Of::Cv { (low, high) } else { (high, low) };
    let certainty = bound.map(|bound| match (of.keeps(best, bound), of.keeps(worst, bound)) {
        (_, true) => "met",
        (false, _) => "unmet",
        _ => "open",
    });
    // A line that leads away from the bound and still ends beyond it lies there because of the years before: the last
    // value is better than the trend says, and nothing is crossing.
    let slope = line.as_ref().map_or(0.0, |line| line.slope);
    let worsens = if of == Of::Cv { slope > 0.0 } else { slope < 0.0 };
    let warning = met_now.zip(met_then).map(|both| match both {
        (true, false) if worsens => "crosses",
        (true, false) => "may_cross",
        (false, true) => "recovers",
        (false, false) => "stays_unmet",
        (true, true) if certainty == Some("met") => "none",
        (true, true) => "may_cross",
    });
    let changes = matches!(warning, Some("crosses" | "recovers"));
    let crossing_year = bound.zip(met_now).filter(|_| changes).and_then(|(bound, met)| {
        let ahead = (last.saturating_add(1)..=to_year).take(FARTHEST);
        let mut other = ahead.filter(|&year| of.keeps(of.within(at(year).0), bound) != met);
        other.next()
    });
    Ok(Projected {
        slope,
        error: line.as_ref().map_or(0.0, |line| line.error),
        p: line.as_ref().and_then(|line| line.p),
        value,
        low,
        high,
        met: met_then,
        certainty,
        warning,
        crossing_year,
    })
}

/// One year of a series.
struct Point {
    year: i32,
    name: String,
    values: [Option<f64>; 3],
    bounds: [Option<f64>; 3],
    /// Of the CV, exactly; null where it is missing.
    met: Option<bool>,
}

/// By level, code, section and the standard's order of indicators.
type Key = (usize, String, usize, usize, String);

const LEVELS: [&str; 4] = ["all", "province", "city", "district"];

/// [`crate::tables::years::outlook`] of the rows of a panel (any level, not grouped), carried on to `to_year`, with
/// intervals at `level` (0.95).
///
/// A row a place, section, indicator and what is projected. The line goes through the years that have a value, at least
/// three; a year between that has none is said (`why_not` = gap) and leaves the line as it is. Shares stay
/// between 0 and 1, the others do not fall below 0. A place that is not in the panel's last year is not carried on.
///
/// # Errors
/// Only the engine's.
pub fn outlook(panel: &DataFrame, standard: &Standard, to_year: i32, level: f64) -> Result<DataFrame> {
    let series = series(panel, standard)?;
    let common = panel.column("year")?.i32()?.max();
    let mut rows = Rows::default();
    for ((at, code, section, _, indicator), points) in &series {
        for of in Of::ALL {
            let k = of as usize;
            let known: Vec<(&Point, f64)> =
                points.iter().filter_map(|point| Some((point, point.values[k]?))).collect();
            let values: Vec<(i32, f64)> = known.iter().map(|(point, value)| (point.year, *value)).collect();
            let (first, last) = (values.first().copied(), values.last().copied());
            let of_last = known.last().map(|(point, _)| *point).or(points.last());
            let bound = of_last.and_then(|point| point.bounds[k]);
            let met = of_last.and_then(|point| if of == Of::Cv { point.met } else { None });
            let ends = points.last().map(|point| point.year);
            let projected = match project(of, &values, bound, met, to_year, level) {
                Ok(_) if ends < common => Err(WhyNot::NotInLastYear),
                other => other,
            };
            let met_now =
                last.zip(bound).map(|((_, now), bound)| met.unwrap_or_else(|| of.keeps(now, bound)));
            let gap = first.zip(last).is_some_and(|((first, _), (last, _))| {
                i64::from(last) - i64::from(first) + 1 > values.len() as i64 || Some(last) < ends
            });
            rows.level.push(LEVELS.get(*at).copied().unwrap_or_default());
            rows.code.push(code.clone());
            rows.name.push(points.last().map(|point| point.name.clone()));
            rows.year.push(last.map(|(year, _)| year).or(ends));
            rows.section.push(Section::ALL.get(*section).map(|section| section.id()));
            rows.indicator.push(indicator.clone());
            rows.of.push(of.id());
            rows.years.push(values.len() as i64);
            rows.from_year.push(first.map(|(year, _)| year));
            rows.last.push(last.map(|(_, value)| value));
            rows.bound.push(bound);
            rows.met_now.push(met_now);
            rows.why_not.push(match &projected {
                Err(why) => Some(why.id()),
                Ok(_) => gap.then_some("gap"),
            });
            rows.projected.push(projected.ok());
        }
    }
    rows.frame(to_year)
}

fn series(panel: &DataFrame, standard: &Standard) -> Result<BTreeMap<Key, Vec<Point>>> {
    let text = |name: &str| -> PolarsResult<StringChunked> { Ok(panel.column(name)?.str()?.clone()) };
    let number = |name: &str| -> PolarsResult<Float64Chunked> { Ok(panel.column(name)?.f64()?.clone()) };
    let (level, code, name) = (text("level")?, text("district_code")?, text("district_name")?);
    let (section, indicator, grouping) = (text("section")?, text("indicator")?, text("grouping")?);
    let year = panel.column("year")?.i32()?.clone();
    let met = panel.column("met")?.bool()?.clone();
    let (cv, mean, share) = (number("cv")?, number("mean")?, number("schools_at_threshold")?);
    let (limit, threshold) = (number("limit")?, number("threshold")?);
    let place = |known: &[&str], found: &str| known.iter().position(|k| *k == found).unwrap_or(known.len());
    let mut series: BTreeMap<Key, Vec<Point>> = BTreeMap::new();
    for row in 0..panel.height() {
        let (Some(year), None) = (year.get(row), grouping.get(row)) else { continue };
        let own = |text: &StringChunked| text.get(row).unwrap_or_default().to_string();
        let indicator = own(&indicator);
        let order = standard.indicators.iter().position(|one| one.id == indicator);
        let known = |value: &Float64Chunked| value.get(row).filter(|value| value.is_finite());
        let threshold = known(&threshold);
        series
            .entry((
                place(&LEVELS, level.get(row).unwrap_or_default()),
                own(&code),
                place(&Section::ALL.map(Section::id), section.get(row).unwrap_or_default()),
                order.unwrap_or(usize::MAX),
                indicator,
            ))
            .or_default()
            .push(Point {
                year,
                name: own(&name),
                values: [known(&cv), known(&mean), known(&share)],
                bounds: [known(&limit), threshold, threshold.map(|_| 1.0)],
                met: met.get(row),
            });
    }
    for points in series.values_mut() {
        points.sort_by_key(|point| point.year);
        points.dedup_by_key(|point| point.year);
    }
    Ok(series)
}

#[derive(Default)]
struct Rows {
    level: Vec<&'static str>,
    code: Vec<String>,
    name: Vec<Option<String>>,
    year: Vec<Option<i32>>,
    section: Vec<Option<&'static str>>,
    indicator: Vec<String>,
    of: Vec<&'static str>,
    years: Vec<i64>,
    from_year: Vec<Option<i32>>,
    last: Vec<Option<f64>>,
    bound: Vec<Option<f64>>,
    met_now: Vec<Option<bool>>,
    why_not: Vec<Option<&'static str>>,
    projected: Vec<Option<Projected>>,
}

impl Rows {
    fn frame(self, to_year: i32) -> Result<DataFrame> {
        let height = self.of.len();
        let found = &self.projected;
        let number = |name: &str, of: &dyn Fn(&Projected) -> Option<f64>| {
            let values: Vec<Option<f64>> = found.iter().map(|one| one.as_ref().and_then(of)).collect();
            Column::new(name.into(), values)
        };
        let text = |name: &str, of: &dyn Fn(&Projected) -> Option<&'static str>| {
            let values: Vec<Option<&str>> = found.iter().map(|one| one.as_ref().and_then(of)).collect();
            Column::new(name.into(), values)
        };
        let met: Vec<Option<bool>> = found.iter().map(|one| one.as_ref().and_then(|one| one.met)).collect();
        let crossing: Vec<Option<i32>> =
            found.iter().map(|one| one.as_ref().and_then(|one| one.crossing_year)).collect();
        let columns = vec![
            Column::new("level".into(), self.level),
            Column::new("district_code".into(), self.code),
            Column::new("district_name".into(), self.name),
            Column::new("year".into(), self.year),
            Column::new("section".into(), self.section),
            Column::new("indicator".into(), self.indicator),
            Column::new("of".into(), self.of),
            Column::new("years".into(), self.years),
            Column::new("from_year".into(), self.from_year),
            Column::new("last".into(), self.last),
            number("slope", &|one| Some(one.slope)),
            number("error", &|one| Some(one.error)),
            number("p", &|one| one.p.filter(|p| p.is_finite())),
            Column::new("to_year".into(), vec![to_year; height]),
            number("projected", &|one| Some(one.value)),
            number("low", &|one| Some(one.low)),
            number("high", &|one| Some(one.high)),
            Column::new("bound".into(), self.bound),
            Column::new("met_now".into(), self.met_now),
            Column::new("met_then".into(), met),
            text("certainty", &|one| one.certainty),
            text("warning", &|one| one.warning),
            Column::new("crossing_year".into(), crossing),
            Column::new("why_not".into(), self.why_not),
        ];
        let frame = DataFrame::new(height, columns)?;
        tables::outlook::table().check(&frame)?;
        Ok(frame)
    }
}
