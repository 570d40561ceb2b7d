//! What to look at first.

use polars::prelude::*;

use crate::problem::Result;

/// Rows of [`crate::tables::years::outlook`] with a warning, worst first: who crosses (the sooner and the farther, the
/// worse), who may, who stays beyond, who recovers.
///
/// # Errors
/// Only the engine's.
pub fn ordered(outlook: &DataFrame) -> Result<DataFrame> {
    let warning = outlook.column("warning")?.str()?.clone();
    let crossing = outlook.column("crossing_year")?.i32()?.clone();
    let (then, bound) =
        (outlook.column("projected")?.f64()?.clone(), outlook.column("bound")?.f64()?.clone());
    chosen(outlook, |row| {
        let rank = match warning.get(row)? {
            "crosses" => 0,
            "may_cross" => 1,
            "stays_unmet" => 2,
            "recovers" => 3,
            _ => return None,
        };
        Some((rank, crossing.get(row).unwrap_or(i32::MAX), -distance(then.get(row), bound.get(row))))
    })
}

/// Rows of [`crate::tables::years::shocks`] where a limit or threshold is concerned, worst first.
///
/// # Errors
/// Only the engine's.
pub fn shocks_ordered(shocks: &DataFrame) -> Result<DataFrame> {
    let warnings = [shocks.column("warning")?.str()?.clone(), shocks.column("mean_warning")?.str()?.clone()];
    let (cv, limit) = (shocks.column("cv_after")?.f64()?.clone(), shocks.column("limit")?.f64()?.clone());
    chosen(shocks, |row| {
        let rank = |said: &StringChunked| match said.get(row) {
            Some("crosses") => 0,
            Some("stays_unmet") => 1,
            Some("recovers") => 2,
            _ => 9,
        };
        let least = warnings.iter().map(rank).min().filter(|rank| *rank < 9)?;
        Some((least, i32::MAX, -distance(cv.get(row), limit.get(row))))
    })
}

/// How far beyond its bound, as a share of it.
fn distance(value: Option<f64>, bound: Option<f64>) -> f64 {
    value
        .zip(bound)
        .filter(|(_, bound)| *bound > 0.0)
        .map_or(0.0, |(value, bound)| (value / bound - 1.0).abs())
}

/// The rows that have a place, by it; equal ones stay in their order.
fn chosen(frame: &DataFrame, place: impl Fn(usize) -> Option<(i32, i32, f64)>) -> Result<DataFrame> {
    let mut rows: Vec<((i32, i32, f64), usize)> =
        (0..frame.height()).filter_map(|row| Some((place(row)?, row))).collect();
    rows.sort_by(|((a, b, c), _), ((x, y, z), _)| (a, b).cmp(&(x, y)).then(c.total_cmp(z)));
    let rows = rows.into_iter().map(|(_, row)| row as IdxSize).collect();
    Ok(frame.take(&IdxCa::from_vec("".into(), rows))?)
}
