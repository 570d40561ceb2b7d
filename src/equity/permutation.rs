//! Tests whether two groups of schools differ more than random divisions of them would.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Distribution, School, Undefined};

/// Tests whether two groups of schools differ in their mean amount per pupil: the share of random divisions of the same
/// schools into groups of the same sizes whose means differ at least as much. Also returns the difference itself (first
/// minus second). The share is never 0, because the actual division counts. Source: E. Pitman, Significance tests which
/// may be applied to samples from any populations, 1937.
///
/// # Errors
/// A group has no school.
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
        // Sums of the same numbers in another order differ by rounding errors.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(schools: &[(f64, f64)]) -> Distribution {
        Distribution::of(schools.iter().map(|&(x, p)| (Some(x), Some(p))))
    }

    #[test]
    fn groups_that_differ_are_told_from_those_that_do_not() {
        let town = weighted(&[(40.0, 100.0), (42.0, 100.0), (41.0, 100.0), (43.0, 100.0), (44.0, 100.0)]);
        let village = weighted(&[(10.0, 100.0), (12.0, 100.0), (11.0, 100.0), (13.0, 100.0), (9.0, 100.0)]);
        let (difference, p) = permutation(&town, &village, 999, 5).unwrap();
        assert!((difference - 0.31).abs() < 1e-12);
        // 2 of the 252 divisions are at least as far apart.
        assert!(p < 0.03, "{p}");
        let (difference, p) = permutation(&town, &town, 999, 5).unwrap();
        assert_eq!((difference, p), (0.0, 1.0));
        assert_eq!(permutation(&town, &weighted(&[]), 9, 5), Err(Undefined::NoSchool));
    }
}
