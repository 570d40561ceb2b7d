//! Compares the units: ranks, and the tiers of ranks.

use num_rational::BigRational;

use super::numbers::Number;

/// How a method compares the units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitComparison<'a> {
    pub by: RankedBy<'a>,
    /// Points of the tiers, from the best down.
    pub tiers: &'a [f64],
    /// Whether a unit that has nothing of what is compared gets nothing.
    pub none: bool,
    /// Only the units that fail one of these checks are compared; all units if it is empty.
    pub failing: &'a [String],
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RankedBy<'a> {
    /// The value of a check.
    Check(&'a str),
    /// The entry `value` of the part.
    Entered { higher: bool },
}

/// The position of a unit in a comparison.
#[derive(Debug, Clone)]
pub enum Stand {
    /// Not compared: not concerned, not assessed, or it reached the threshold.
    Out,
    /// It has nothing of what is compared (没有不给分).
    Nothing {
        marks: Vec<usize>,
    },
    /// Its value is unknown.
    Waits,
    In {
        value: Number,
        marks: Vec<usize>,
        rank: usize,
        tied: bool,
    },
}

/// The units ranked by the value of one part.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// By unit.
    pub stands: Vec<Stand>,
    /// The number of units compared.
    pub count: usize,
    /// The names of the units whose value is unknown.
    pub waiting: Vec<String>,
    /// Points of the tiers, from the best down.
    pub tiers: Vec<f64>,
}

impl Ranking {
    /// The number of the tier, from 1, and its points.
    pub fn tier(&self, rank: usize) -> Option<(usize, f64)> {
        let number = tier_of(rank, self.count, self.tiers.len())?;
        Some((number, *self.tiers.get(number - 1)?))
    }
}

/// Distributes n units over k tiers as evenly as possible: rank r gets tier ⌊(r − 1)·k/n⌋ + 1. A remainder goes to the
/// better tiers; a unit alone has the best one.
fn tier_of(rank: usize, count: usize, tiers: usize) -> Option<usize> {
    let known = (1..=count).contains(&rank) && tiers > 0;
    known.then(|| (rank - 1) * tiers / count + 1)
}

/// Ranks from 1; equal values share the better rank and the next one is skipped.
pub fn ranks(values: &[&BigRational], higher: bool) -> Vec<usize> {
    let better = |a: &BigRational, b: &BigRational| if higher { a > b } else { a < b };
    values.iter().map(|value| 1 + values.iter().filter(|other| better(other, value)).count()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_spread_over_the_tiers() {
        let tiers = |n, k| (1..=n).map(|rank| tier_of(rank, n, k).unwrap()).collect::<Vec<_>>();
        assert_eq!(tiers(7, 3), [1, 1, 1, 2, 2, 3, 3]);
        assert_eq!(tiers(6, 3), [1, 1, 2, 2, 3, 3]);
        assert_eq!(tiers(3, 3), [1, 2, 3]);
        assert_eq!(tiers(2, 3), [1, 2]);
        assert_eq!(tiers(1, 3), [1]);
        assert_eq!(tier_of(0, 3, 3), None);
        assert_eq!(tier_of(4, 3, 3), None);
        assert_eq!(tier_of(1, 1, 0), None);
    }

    #[test]
    fn equal_values_share_the_better_rank() {
        let values: Vec<BigRational> = [90, 80, 90, 70].map(|n| BigRational::from_integer(n.into())).into();
        let values: Vec<&BigRational> = values.iter().collect();
        assert_eq!(ranks(&values, true), [1, 3, 1, 4]);
        assert_eq!(ranks(&values, false), [3, 2, 3, 1]);
    }
}
