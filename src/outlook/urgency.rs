//! What to look at first.

use crate::tables::{definition::Defined, definition::Frame, outlook, shocks};

/// Rows of `outlook` with a warning, worst first: who crosses (the sooner and the farther, the worse), who may, who stays
/// beyond, who recovers.
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

/// Rows of `shocks` where a limit or threshold is concerned, worst first.
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

/// How far beyond its bound, as a share of it.
fn distance(value: Option<f64>, bound: Option<f64>) -> f64 {
    value
        .zip(bound)
        .filter(|(_, bound)| *bound > 0.0)
        .map_or(0.0, |(value, bound)| (value / bound - 1.0).abs())
}

/// The rows that have a place, by it; equal ones stay in their order.
fn chosen<T: Defined>(frame: &Frame<T>, place: impl Fn(T::Row<'_>) -> Option<(i32, i32, f64)>) -> Frame<T> {
    let mut rows: Vec<((i32, i32, f64), usize)> =
        frame.rows().enumerate().filter_map(|(at, row)| Some((place(row)?, at))).collect();
    rows.sort_by(|((a, b, c), _), ((x, y, z), _)| (a, b).cmp(&(x, y)).then(c.total_cmp(z)));
    frame.take(rows.into_iter().map(|(_, row)| row))
}
