//! Standard errors and intervals from the replicates of a statistic.

use statrs::distribution::{ContinuousCDF, Normal};

use super::Undefined;

/// An interval at a confidence level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The result of resampling one statistic of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// The statistic of the schools themselves.
    pub value: f64,
    /// The standard error by the bootstrap: the standard deviation of the replicates.
    pub error: f64,
    /// The standard error by the jackknife.
    pub jackknife_error: f64,
    /// The interval of the middle replicates.
    pub percentile: Interval,
    /// Bias-corrected and accelerated. `None` if all replicates lie on one side of the value, or are equal.
    pub bca: Option<Interval>,
    /// The share of the replicates above this bound; `None` without a bound.
    pub above: Option<f64>,
}

/// Summarizes the replicates of a statistic, given its values without each school. Sorts the replicates.
///
/// # Errors
/// There is no replicate.
pub(super) fn summary(
    replicates: &mut [f64],
    value: f64,
    without: &[f64],
    level: f64,
    bound: Option<f64>,
) -> Result<Resampled, Undefined> {
    if replicates.is_empty() {
        return Err(Undefined::NoSpread);
    }
    let error = spread(replicates);
    replicates.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    let count = replicates.len();
    Ok(Resampled {
        value,
        error,
        jackknife_error: jackknife(without),
        percentile: Interval { low: at(replicates, tail), high: at(replicates, 1.0 - tail) },
        bca: bca(replicates, value, without, tail),
        above: bound.map(|bound| {
            (count - replicates.partition_point(|replicate| *replicate <= bound)) as f64 / count as f64
        }),
    })
}

/// The quantile of sorted numbers, linearly interpolated (type 7 of Hyndman and Fan).
fn at(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// The standard deviation with n − 1.
fn spread(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 2 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}

fn jackknife(without: &[f64]) -> f64 {
    let n = without.len() as f64;
    if without.is_empty() {
        return 0.0;
    }
    let mean = without.iter().sum::<f64>() / n;
    ((n - 1.0) / n * without.iter().map(|v| (v - mean).powi(2)).sum::<f64>()).sqrt()
}

fn bca(sorted: &[f64], value: f64, without: &[f64], tail: f64) -> Option<Interval> {
    // Replicates equal to the value, except for rounding errors, count half on each side.
    let below = sorted.partition_point(|v| *v < value * (1.0 - 1e-12));
    let not_above = sorted.partition_point(|v| *v <= value * (1.0 + 1e-12));
    let share = (below + not_above) as f64 / 2.0 / sorted.len() as f64;
    if share <= 0.0 || share >= 1.0 || without.is_empty() {
        return None;
    }
    let normal = Normal::standard();
    let bias = normal.inverse_cdf(share);
    let mean = without.iter().sum::<f64>() / without.len() as f64;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for v in without {
        let d = mean - v;
        squares += d * d;
        cubes += d * d * d;
    }
    if squares <= 0.0 {
        return None;
    }
    let acceleration = cubes / (6.0 * squares.powf(1.5));
    let place = |tail: f64| {
        let z = bias + normal.inverse_cdf(tail);
        normal.cdf(bias + z / (1.0 - acceleration * z))
    };
    Some(Interval { low: at(sorted, place(tail)), high: at(sorted, place(1.0 - tail)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jackknife_by_hand() {
        // Values 1, 2, 6 left out in turn: mean 3, squares 4 + 1 + 9 = 14; √(⅔ · 14).
        assert!((jackknife(&[1.0, 2.0, 6.0]) - (2.0f64 / 3.0 * 14.0).sqrt()).abs() < 1e-12);
    }
}
