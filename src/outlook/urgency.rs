//! Sorts by urgency.

use crate::tables::{definition::Defined, definition::Frame, outlook, shocks};

/// The rows of `outlook` with a warning, worst first: those that cross (the sooner and the farther, the worse), those
/// that may cross, those that stay beyond, those that recover.
pub fn ordered(outlook: &outlook::Frame) -> outlook::Frame {
    chosen(outlook, |row| {
        let rank = match row.warning()? {
            "crosses" => 0,
            "may_cross" => 1,
            "stays_unmet" => 2,
            "recovers" => 3,
            _ => return None,
        };
        Some((rank, row.crossing_year().unwrap_or(i32::MAX), -distance(row.projected(), row.bound())))
    })
}

/// The rows of `shocks` where a limit or threshold is affected, worst first.
pub fn shocks_ordered(shocks: &shocks::Frame) -> shocks::Frame {
    chosen(shocks, |row| {
        let rank = |warning: Option<&str>| match warning {
            Some("crosses") => 0,
            Some("stays_unmet") => 1,
            Some("recovers") => 2,
            _ => 9,
        };
        let least = rank(row.warning()).min(rank(row.mean_warning()));
        (least < 9).then(|| (least, i32::MAX, -distance(row.cv_after(), row.limit())))
    })
}

/// The relative distance beyond the bound.
fn distance(value: Option<f64>, bound: Option<f64>) -> f64 {
    value
        .zip(bound)
        .filter(|(_, bound)| *bound > 0.0)
        .map_or(0.0, |(value, bound)| (value / bound - 1.0).abs())
}

/// The rows with a sort key, sorted by it; equal ones keep their order.
fn chosen<T: Defined>(frame: &Frame<T>, place: impl Fn(T::Row<'_>) -> Option<(i32, i32, f64)>) -> Frame<T> {
    let mut rows: Vec<((i32, i32, f64), usize)> =
        frame.rows().enumerate().filter_map(|(at, row)| Some((place(row)?, at))).collect();
    rows.sort_by(|((a, b, c), _), ((x, y, z), _)| (a, b).cmp(&(x, y)).then(c.total_cmp(z)));
    frame.take(rows.into_iter().map(|(_, row)| row))
}
