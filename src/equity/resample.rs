//! How sure a CV or a Gini coefficient is: bootstrap over schools, jackknife, the influence of each school, and a
//! permutation test. 0.49 ± 0.04 is no pass.
//!
//! Every replicate draws from a stream of its own, named by seed, group and number, so that a result is the same on any
//! number of threads and in any order.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};

use super::{Distribution, School, Undefined};

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

/// Amounts, pupils and x²/P of the schools from the least to the most a pupil: all that CV and Gini need.
struct Columns {
    amount: Vec<f64>,
    students: Vec<f64>,
    square: Vec<f64>,
}

impl Columns {
    /// In parts of the largest, so that no sum leaves the range of numbers.
    fn of(schools: &[School]) -> Columns {
        let most = |of: fn(&School) -> f64| schools.iter().map(of).fold(0.0, f64::max);
        let (most_amount, most_students) = (most(|s| s.amount), most(|s| s.students));
        let amount: Vec<f64> = schools.iter().map(|s| s.amount / most_amount).collect();
        let students: Vec<f64> = schools.iter().map(|s| s.students / most_students).collect();
        let square = amount.iter().zip(&students).map(|(x, p)| x * x / p).collect();
        Columns { amount, students, square }
    }

    fn len(&self) -> usize {
        self.amount.len()
    }

    /// With each school so many times. `None`: none has anything.
    fn value(&self, times: &[u32], statistic: Statistic) -> Option<f64> {
        let (mut students, mut amount, mut square, mut area) = (0.0, 0.0, 0.0, 0.0);
        for (i, &times) in times.iter().enumerate().filter(|(_, times)| **times > 0) {
            let times = f64::from(times);
            let (p, x) = (times * self.students[i], times * self.amount[i]);
            students += p;
            // Σ p (2Q − r), Q with this school.
            area += p * (2.0 * amount + x);
            amount += x;
            square += times * self.square[i];
        }
        if amount <= 0.0 {
            return None;
        }
        Some(match statistic {
            // CV² = P_N Q / R² − 1 with Q = Σ x²/P.
            Statistic::Cv => (students * square / (amount * amount) - 1.0).max(0.0).sqrt(),
            Statistic::Gini => (1.0 - area / (students * amount)).clamp(0.0, 1.0),
        })
    }

    /// Each school left out in turn.
    fn without_each(&self, statistic: Statistic) -> Vec<Option<f64>> {
        let mut times = vec![1; self.len()];
        (0..self.len())
            .map(|i| {
                times[i] = 0;
                let value = self.value(&times, statistic);
                times[i] = 1;
                value
            })
            .collect()
    }
}

impl Distribution {
    /// Bootstrap over schools: `replicates` draws of as many schools with replacement, each school with its pupils;
    /// percentile and BCa intervals at `level` (0.95), standard errors of bootstrap and jackknife. `stream` tells groups
    /// of one seed apart. Replicates in which no school has anything are drawn but not counted. Sources: B. Efron,
    /// Better bootstrap confidence intervals, 1987; B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993.
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
        let value = match statistic {
            Statistic::Cv => self.cv()?,
            Statistic::Gini => self.gini()?,
        };
        let n = self.schools().len();
        if n == 1 {
            return Err(Undefined::OneSchool);
        }
        let columns = Columns::of(self.schools());
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let mut times = vec![0u32; n];
        let mut found: Vec<f64> = Vec::with_capacity(replicates);
        for _ in 0..replicates {
            times.fill(0);
            for _ in 0..n {
                // A 32-bit draw times n: uneven by n / 2³², which no interval shows.
                let at = (u64::from(rng.next_u32()) * n as u64) >> 32;
                times[at as usize] += 1;
            }
            found.extend(columns.value(&times, statistic));
        }
        if found.is_empty() {
            return Err(Undefined::NoSpread);
        }
        found.sort_by(f64::total_cmp);
        let tail = (1.0 - level) / 2.0;
        let without: Vec<f64> = columns.without_each(statistic).into_iter().flatten().collect();
        let percentile = Interval { low: at(&found, tail), high: at(&found, 1.0 - tail) };
        Ok(Resampled {
            value,
            error: spread(&found),
            jackknife_error: jackknife(&without),
            percentile,
            bca: bca(&found, value, &without, tail),
            above: bound
                .map(|bound| found.iter().filter(|v| **v > bound).count() as f64 / found.len() as f64),
        })
    }

    /// How much the statistic would change if a school were not there, in the order of [`Self::schools`]: without it
    /// less with it. `None` where nothing would be left.
    ///
    /// # Errors
    /// No school, none has anything, or one school.
    pub fn influence(&self, statistic: Statistic) -> Result<Vec<Option<f64>>, Undefined> {
        let value = match statistic {
            Statistic::Cv => self.cv()?,
            Statistic::Gini => self.gini()?,
        };
        if self.schools().len() == 1 {
            return Err(Undefined::OneSchool);
        }
        let columns = Columns::of(self.schools());
        Ok(columns.without_each(statistic).into_iter().map(|without| Some(without? - value)).collect())
    }
}

/// Whether two groups of schools differ in what a pupil has in the mean: the share of random divisions of the same
/// schools into groups of the same sizes whose means differ at least as much. With the difference itself (first less
/// second). Never 0: the division that is there counts. Source: E. Pitman, Significance tests which may be applied to
/// samples from any populations, 1937.
///
/// # Errors
/// A group without a school.
pub fn permutation(
    first: &Distribution,
    second: &Distribution,
    divisions: usize,
    seed: u64,
) -> Result<(f64, f64), Undefined> {
    let mut schools: Vec<School> = first.schools().iter().chain(second.schools()).copied().collect();
    let n = first.schools().len();
    let difference = |schools: &[School]| {
        let (a, b) = schools.split_at(n);
        mean(a) - mean(b)
    };
    first.mean()?;
    second.mean()?;
    let found = difference(&schools);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut as_far = 0usize;
    for _ in 0..divisions {
        // The first n places of a shuffle (Fisher and Yates).
        for i in 0..n.min(schools.len().saturating_sub(1)) {
            let rest = (schools.len() - i) as u64;
            let other = i + ((u64::from(rng.next_u32()) * rest) >> 32) as usize;
            schools.swap(i, other);
        }
        // Sums of the same numbers in another order differ by their noise.
        if difference(&schools).abs() >= found.abs() * (1.0 - 1e-12) {
            as_far += 1;
        }
    }
    Ok((found, (as_far + 1) as f64 / (divisions + 1) as f64))
}

fn mean(schools: &[School]) -> f64 {
    let sum = schools.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.amount, sum.1 + s.students));
    sum.0 / sum.1
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
    let below = sorted.iter().filter(|v| **v < value).count() as f64;
    let alike = sorted.iter().filter(|v| **v == value).count() as f64;
    // Replicates equal to the value count half to each side.
    let share = (below + alike / 2.0) / sorted.len() as f64;
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
    use proptest::prelude::*;

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

    #[test]
    fn groups_that_differ_are_told_from_those_that_do_not() {
        let town = weighted(&[(40.0, 100.0), (42.0, 100.0), (41.0, 100.0), (43.0, 100.0), (44.0, 100.0)]);
        let village = weighted(&[(10.0, 100.0), (12.0, 100.0), (11.0, 100.0), (13.0, 100.0), (9.0, 100.0)]);
        let (difference, p) = permutation(&town, &village, 999, 5).unwrap();
        assert!((difference - 0.31).abs() < 1e-12);
        // 2 of the 252 divisions are as far apart.
        assert!(p < 0.03, "{p}");
        let (difference, p) = permutation(&town, &town, 999, 5).unwrap();
        assert_eq!((difference, p), (0.0, 1.0));
        assert_eq!(permutation(&town, &weighted(&[]), 9, 5), Err(Undefined::NoSchool));
    }

    proptest! {
        #[test]
        fn the_columns_give_what_the_formulas_give(
            schools in prop::collection::vec((1u32..9_000, 1u32..3_000), 2..40)
        ) {
            let schools: Vec<_> = schools.into_iter().map(|(x, p)| (f64::from(x), f64::from(p))).collect();
            let found = weighted(&schools);
            let columns = Columns::of(found.schools());
            let once = vec![1; columns.len()];
            // √ of what is near 0 keeps half the digits.
            prop_assert!((columns.value(&once, Statistic::Cv).unwrap() - found.cv().unwrap()).abs() < 1e-7);
            prop_assert!((columns.value(&once, Statistic::Gini).unwrap() - found.gini().unwrap()).abs() < 1e-9);
        }
    }
}
