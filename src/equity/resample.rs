//! How certain a CV or a Gini coefficient is: bootstrap over schools, jackknife and the influence of each school.
//! 0.49 ± 0.04 is no pass.
//!
//! Every group draws from a stream of its own, named by seed and number, so that a result is the same on any number of
//! threads and in any order. The draws themselves: [`super::bootstrap`].

use statrs::distribution::{ContinuousCDF, Normal};

use super::{
    Distribution, Undefined,
    bootstrap::{Amounts, Bootstrap, Columns},
};

/// What is resampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    Cv,
    Gini,
}

/// From below to above, at a level of confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// What resampling says of one statistic of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    pub value: f64,
    /// Standard error: of the bootstrap's replicates, and of the jackknife.
    pub error: f64,
    pub jackknife_error: f64,
    /// The middle share of the replicates.
    pub percentile: Interval,
    /// Bias-corrected and accelerated. `None` where all replicates lie on one side of the value, or all are alike.
    pub bca: Option<Interval>,
    /// Share of the replicates above this bound; `None` without a bound.
    pub above: Option<f64>,
}

impl Statistic {
    fn place(self) -> usize {
        match self {
            Statistic::Cv => 0,
            Statistic::Gini => 1,
        }
    }
}

impl Distribution {
    /// Bootstrap over schools: `replicates` draws of as many schools with replacement, each school with its pupils;
    /// percentile and BCa intervals at `level` (0.95), standard errors of bootstrap and jackknife. `stream` tells groups
    /// of one seed apart. Replicates in which no school has anything are drawn but not counted. Of several indicators and
    /// of many groups: [`Bootstrap`]. Sources: B. Efron, Better bootstrap confidence intervals, 1987; B. Efron,
    /// R. Tibshirani, An Introduction to the Bootstrap, 1993.
    ///
    /// # Errors
    /// No school, none has anything, one school, or no replicate that has anything.
    pub fn resample(
        &self,
        statistic: Statistic,
        replicates: usize,
        level: f64,
        (seed, stream): (u64, u64),
        bound: Option<f64>,
    ) -> Result<Resampled, Undefined> {
        let amount: Vec<f64> = self.schools().iter().map(|school| school.amount).collect();
        let students: Vec<f64> = self.schools().iter().map(|school| school.students).collect();
        let asked = Amounts { amount: &amount, students: &students, limit: bound };
        let found = Bootstrap::new(replicates, level, seed).group(stream, &[asked]).pop();
        let both = found.ok_or(Undefined::NoSchool)?;
        match statistic {
            Statistic::Cv => both.cv,
            Statistic::Gini => both.gini,
        }
    }

    /// How much the statistic would change if a school were not there, in the order of [`Self::schools`]: without it
    /// less with it. `None` where nothing would be left.
    ///
    /// # Errors
    /// No school, none has anything, or one school.
    pub fn influence(&self, statistic: Statistic) -> Result<Vec<Option<f64>>, Undefined> {
        let columns = Columns::of(self.schools())?;
        if self.schools().len() == 1 {
            return Err(Undefined::OneSchool);
        }
        let value = columns.whole()[statistic.place()];
        let change =
            |both: [f64; 2]| Some(both[statistic.place()] - value).filter(|change| change.is_finite());
        Ok(columns.without_each().into_iter().map(change).collect())
    }
}

/// What the replicates of a statistic say, with its values without each school. Sorts the replicates.
///
/// # Errors
/// There is none.
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

/// The quantile of sorted numbers, between neighbours by their distance (type 7 of Hyndman and Fan).
fn at(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// Standard deviation with n − 1.
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
    // Replicates equal to the value, but for the noise of their sums, count half to each side.
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

    fn weighted(schools: &[(f64, f64)]) -> Distribution {
        Distribution::of(schools.iter().map(|&(x, p)| (Some(x), Some(p))))
    }

    const SEVEN: [(f64, f64); 7] = [
        (20.0, 400.0),
        (9.0, 300.0),
        (31.0, 700.0),
        (5.0, 120.0),
        (44.0, 800.0),
        (12.0, 150.0),
        (26.0, 900.0),
    ];

    #[test]
    fn the_same_seed_is_the_same_answer_and_another_another() {
        let schools = weighted(&SEVEN);
        let of = |seed| schools.resample(Statistic::Cv, 500, 0.95, (seed, 3), Some(0.3)).unwrap();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        let other = schools.resample(Statistic::Cv, 500, 0.95, (1, 4), Some(0.3)).unwrap();
        assert_ne!(of(1), other);
    }

    #[test]
    fn intervals_hold_the_value_and_widen_with_the_level() {
        let schools = weighted(&SEVEN);
        for statistic in [Statistic::Cv, Statistic::Gini] {
            let of = |level| schools.resample(statistic, 2_000, level, (7, 0), None).unwrap();
            let (narrow, wide) = (of(0.8), of(0.95));
            assert!(
                wide.percentile.low < narrow.percentile.low && narrow.percentile.high < wide.percentile.high
            );
            let bca = wide.bca.unwrap();
            assert!(bca.low < wide.value && wide.value < bca.high);
            assert!(wide.error > 0.0 && (wide.error / wide.jackknife_error - 1.0).abs() < 0.6);
        }
    }

    #[test]
    fn the_jackknife_by_hand() {
        // Values 1, 2, 6 left out in turn: mean 3, squares 4 + 1 + 9 = 14; √(⅔ · 14).
        assert!((jackknife(&[1.0, 2.0, 6.0]) - (2.0f64 / 3.0 * 14.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_number_says_why() {
        let of = |schools: &[(f64, f64)]| weighted(schools).resample(Statistic::Cv, 100, 0.95, (1, 1), None);
        assert_eq!(of(&[]), Err(Undefined::NoSchool));
        assert_eq!(of(&[(0.0, 1.0), (0.0, 1.0)]), Err(Undefined::Nothing));
        assert_eq!(of(&[(1.0, 1.0)]), Err(Undefined::OneSchool));
        // All alike: no spread and no BCa, but a value.
        let alike = of(&[(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]).unwrap();
        assert_eq!((alike.value, alike.error, alike.bca), (0.0, 0.0, None));
    }

    #[test]
    fn the_influence_of_each_school_is_what_changes_without_it() {
        let schools = weighted(&SEVEN);
        let influence = schools.influence(Statistic::Cv).unwrap();
        for (i, change) in influence.iter().enumerate() {
            let rest: Vec<(f64, f64)> = schools
                .schools()
                .iter()
                .enumerate()
                .filter(|(k, _)| *k != i)
                .map(|(_, s)| (s.amount, s.students))
                .collect();
            let without = weighted(&rest).cv().unwrap();
            assert!((change.unwrap() - (without - schools.cv().unwrap())).abs() < 1e-9);
        }
        assert_eq!(weighted(&[(1.0, 1.0)]).influence(Statistic::Gini), Err(Undefined::OneSchool));
    }
}
