//! Extrapolates trends: least squares through the available years, with the prediction interval of a single future
//! value.

use std::collections::BTreeMap;

use crate::{
    dictionary::Section,
    equity,
    standard::Standard,
    tables::{outlook, panel},
};

/// The quantity that is extrapolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistic {
    Cv,
    Mean,
    SchoolsAtThreshold,
}

impl Statistic {
    pub const ALL: [Statistic; 3] = [Statistic::Cv, Statistic::Mean, Statistic::SchoolsAtThreshold];

    pub fn id(self) -> &'static str {
        match self {
            Statistic::Cv => "cv",
            Statistic::Mean => "mean",
            Statistic::SchoolsAtThreshold => "schools_at_threshold",
        }
    }

    /// Whether a value keeps its bound: a maximum for a CV, a minimum for the others.
    fn keeps(self, value: f64, bound: f64) -> bool {
        // Values on a line carry rounding errors: this close to the bound counts as equal.
        let near = NEAR * bound.abs();
        if self == Statistic::Cv { value <= bound + near } else { value >= bound - near }
    }

    /// Clamps to the possible range: no resource is negative, and no share exceeds 1.
    fn within(self, value: f64) -> f64 {
        if self == Statistic::SchoolsAtThreshold { value.clamp(0.0, 1.0) } else { value.max(0.0) }
    }
}

const NEAR: f64 = 1e-9;

/// The minimum number of years: two points always lie on a line.
const MIN_YEARS: usize = 3;

/// The maximum number of years ahead.
const FARTHEST: usize = 1_000;

/// Why there is no projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// No year has a value.
    NoValue,
    /// Fewer than three years have a value.
    TooFewYears,
    /// The place is not in the panel's last year: it was merged, renamed or not reported.
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

/// A trend and its projection.
#[derive(Debug, Clone, PartialEq)]
pub struct Projected {
    pub slope: f64,
    /// Standard error of the slope; 0 if the values lie on a line.
    pub error: f64,
    pub p: Option<f64>,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Whether the projected value keeps the bound; `None` without a bound.
    pub met: Option<bool>,
    /// met, unmet or open: the whole interval compared with the bound.
    pub certainty: Option<&'static str>,
    /// crosses, recovers, stays_unmet, may_cross, none.
    pub warning: Option<&'static str>,
    /// The first year in which the line lies on the other side of the bound than the last value, if it crosses or
    /// recovers.
    pub crossing_year: Option<i32>,
}

/// Extrapolates `values` (year, value; ascending, without repeated years) to `to_year`. `met`: whether the last value
/// keeps the bound; if `None`, the value is compared.
///
/// # Errors
/// There are fewer than three years.
pub fn project(
    of: Statistic,
    values: &[(i32, f64)],
    bound: Option<f64>,
    met: Option<bool>,
    to_year: i32,
    level: f64,
) -> Result<Projected, WhyNot> {
    let Some(&(last, now)) = values.last() else { return Err(WhyNot::NoValue) };
    if values.len() < MIN_YEARS {
        return Err(WhyNot::TooFewYears);
    }
    // Counted from the last year: small numbers avoid cancellation.
    let from_last = |year: i32| f64::from(year) - f64::from(last);
    let points: Vec<(f64, f64)> = values.iter().map(|&(year, value)| (from_last(year), value)).collect();
    let equal = values.iter().all(|&(_, value)| value == now);
    let line = if equal { None } else { equity::line(&points).ok() };
    if !equal && line.is_none() {
        return Err(WhyNot::TooFewYears);
    }
    // Equal values are used as they are, because least squares would round them.
    let at = |year: i32| line.as_ref().map_or((now, 0.0), |line| line.at(from_last(year), level));
    let (middle, half) = at(to_year);
    let (value, low, high) = (of.within(middle), of.within(middle - half), of.within(middle + half));
    let met_now = bound.map(|bound| met.unwrap_or_else(|| of.keeps(now, bound)));
    let met_then = bound.map(|bound| of.keeps(value, bound));
    let (best, worst) = if of == Statistic::Cv { (low, high) } else { (high, low) };
    let certainty = bound.map(|bound| match (of.keeps(best, bound), of.keeps(worst, bound)) {
        (_, true) => "met",
        (false, _) => "unmet",
        _ => "open",
    });
    // If a line leads away from the bound and still ends beyond it, only the earlier years put it there: the last value
    // is better than the trend, and nothing is crossing.
    let slope = line.as_ref().map_or(0.0, |line| line.slope);
    let worsens = if of == Statistic::Cv { slope > 0.0 } else { slope < 0.0 };
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
    /// Whether the CV keeps its limit, compared exactly; `None` if the CV is missing.
    met: Option<bool>,
}

/// By level, code, section and the standard's order of indicators.
type Key = (usize, String, Section, usize, String);

const LEVELS: [&str; 4] = ["all", "province", "city", "district"];

/// The table [`mod@crate::tables::outlook`] for the rows of a panel (any level, without grouping), extrapolated to
/// `to_year` with intervals at `level` (0.95).
///
/// One row per place, section, indicator and projected quantity. The line is fitted to the years that have a value, at
/// least three; a gap between them is reported (`why_not` = gap) and does not affect the line. Shares stay between 0
/// and 1, and other values do not fall below 0. A place that is not in the panel's last year is not extrapolated.
pub fn outlook(panel: &panel::Frame, standard: &Standard, to_year: i32, level: f64) -> outlook::Frame {
    let common = panel.rows().map(|row| row.year()).max();
    let mut table = outlook::Builder::new(0);
    for ((at, code, section, _, indicator), points) in &series(panel, standard) {
        for of in Statistic::ALL {
            let k = of as usize;
            let known: Vec<(&Point, f64)> =
                points.iter().filter_map(|point| Some((point, point.values[k]?))).collect();
            let values: Vec<(i32, f64)> = known.iter().map(|(point, value)| (point.year, *value)).collect();
            let (first, last) = (values.first().copied(), values.last().copied());
            let of_last = known.last().map(|(point, _)| *point).or(points.last());
            let bound = of_last.and_then(|point| point.bounds[k]);
            let met = of_last.and_then(|point| if of == Statistic::Cv { point.met } else { None });
            let ends = points.last().map(|point| point.year);
            let projected = match project(of, &values, bound, met, to_year, level) {
                Ok(_) if ends < common => Err(WhyNot::NotInLastYear),
                other => other,
            };
            let gap = first.zip(last).is_some_and(|((first, _), (last, _))| {
                i64::from(last) - i64::from(first) + 1 > values.len() as i64 || Some(last) < ends
            });
            let why_not = match &projected {
                Err(why) => Some(why.id()),
                Ok(_) => gap.then_some("gap"),
            };
            let found = projected.as_ref().ok();
            table.push(outlook::Values {
                level: LEVELS.get(*at).copied().unwrap_or_default(),
                district_code: code,
                district_name: points.last().map(|point| point.name.as_str()),
                year: last.map(|(year, _)| year).or(ends),
                section: Some(*section),
                indicator,
                of: of.id(),
                years: values.len() as i64,
                from_year: first.map(|(year, _)| year),
                last: last.map(|(_, value)| value),
                slope: found.map(|one| one.slope),
                error: found.map(|one| one.error),
                p: found.and_then(|one| one.p),
                to_year,
                projected: found.map(|one| one.value),
                low: found.map(|one| one.low),
                high: found.map(|one| one.high),
                bound,
                met_now: last.zip(bound).map(|((_, now), bound)| met.unwrap_or_else(|| of.keeps(now, bound))),
                met_then: found.and_then(|one| one.met),
                certainty: found.and_then(|one| one.certainty),
                warning: found.and_then(|one| one.warning),
                crossing_year: found.and_then(|one| one.crossing_year),
                why_not,
            });
        }
    }
    table.finish()
}

fn series(panel: &panel::Frame, standard: &Standard) -> BTreeMap<Key, Vec<Point>> {
    let level = |id: &str| LEVELS.iter().position(|level| *level == id).unwrap_or(LEVELS.len());
    let mut series: BTreeMap<Key, Vec<Point>> = BTreeMap::new();
    for row in panel.rows().filter(|row| row.grouping().is_none()) {
        let order = standard.indicators.iter().position(|one| one.id == row.indicator());
        series
            .entry((
                level(row.level()),
                row.district_code().to_string(),
                row.section(),
                order.unwrap_or(usize::MAX),
                row.indicator().to_string(),
            ))
            .or_default()
            .push(Point {
                year: row.year(),
                name: row.district_name().to_string(),
                values: [row.cv(), row.mean(), row.schools_at_threshold()],
                bounds: [row.limit(), row.threshold(), row.threshold().map(|_| 1.0)],
                met: row.met(),
            });
    }
    for points in series.values_mut() {
        points.sort_by_key(|point| point.year);
        points.dedup_by_key(|point| point.year);
    }
    series
}
