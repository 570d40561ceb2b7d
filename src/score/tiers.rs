//! Comparison of the units: ranks, and the tiers that ranks are given.

use num_rational::BigRational;

use super::{Room, numbers::Number};
use crate::standard::{Check, Compared, Item, Method, Otherwise, Part};

/// Where a unit stands in a comparison.
#[derive(Debug, Clone)]
pub enum Stand {
    /// It takes no part: not concerned, not assessed, or it reached the threshold.
    Out,
    /// It has nothing of what is compared (没有不给分).
    Nothing {
        marks: Vec<usize>,
    },
    /// Its value is not known.
    Waits,
    In {
        value: Number,
        marks: Vec<usize>,
        rank: usize,
        tied: bool,
    },
}

/// The units by the value of one part.
#[derive(Debug, Clone)]
pub struct Ranking {
    pub stands: Vec<Stand>,
    /// How many are compared.
    pub count: usize,
    /// Names of the units whose value is not known.
    pub waiting: Vec<String>,
    pub tiers: Vec<f64>,
}

impl Ranking {
    /// Number of the tier from 1, and its points.
    pub fn tier(&self, rank: usize) -> Option<(usize, f64)> {
        let number = tier_of(rank, self.count, self.tiers.len())?;
        Some((number, *self.tiers.get(number - 1)?))
    }
}

/// n units over k tiers as evenly as can be: rank r gets tier ⌊(r − 1)·k/n⌋ + 1. What does not come out even goes to
/// the better tiers; a unit compared with nobody has the best one.
pub fn tier_of(rank: usize, count: usize, tiers: usize) -> Option<usize> {
    let known = (1..=count).contains(&rank) && tiers > 0;
    known.then(|| (rank - 1) * tiers / count + 1)
}

/// Ranks from 1; equal values share the better one and the next is skipped.
pub fn ranks(values: &[&BigRational], higher: bool) -> Vec<usize> {
    let better = |a: &BigRational, b: &BigRational| if higher { a > b } else { a < b };
    values.iter().map(|value| 1 + values.iter().filter(|other| better(other, value)).count()).collect()
}

impl Room<'_> {
    /// The comparison a part needs; `None` for a part that needs none. `takes_part`: unit by unit.
    pub(super) fn ranking(&self, i: usize, item: &Item, part: &Part, takes_part: &[bool]) -> Option<Ranking> {
        if self.standard.tiers_are_marked() {
            return None;
        }
        let (tiers, none) = match &part.method {
            Method::Tiers { by: Compared::Office, .. } => return None,
            Method::Tiers { tiers, none, .. } => (tiers.clone(), *none),
            Method::Threshold { checks, otherwise: Otherwise::Tiers(tiers) } if !checks.is_empty() => {
                (tiers.clone(), false)
            }
            _ => return None,
        };
        let mut higher = true;
        let mut stands = Vec::new();
        for (unit, takes_part) in takes_part.iter().enumerate() {
            if !takes_part {
                stands.push(Stand::Out);
                continue;
            }
            let (stand, is_higher) = self.stand(unit, i, item, part);
            higher = is_higher;
            let zero = |value: &Number| value.exact <= BigRational::from_integer(0.into());
            stands.push(match stand {
                Stand::In { value, marks, .. } if none && higher && zero(&value) => Stand::Nothing { marks },
                stand => stand,
            });
        }
        let values: Vec<(usize, BigRational)> = stands
            .iter()
            .enumerate()
            .filter_map(|(unit, stand)| match stand {
                Stand::In { value, .. } => Some((unit, value.exact.clone())),
                _ => None,
            })
            .collect();
        let exact: Vec<&BigRational> = values.iter().map(|(_, exact)| exact).collect();
        let found = ranks(&exact, higher);
        for ((unit, _), rank) in values.iter().zip(&found) {
            if let Some(Stand::In { rank: at, tied, .. }) = stands.get_mut(*unit) {
                (*at, *tied) = (*rank, found.iter().filter(|other| *other == rank).count() > 1);
            }
        }
        let waits = |(unit, stand): (usize, &Stand)| {
            matches!(stand, Stand::Waits).then(|| self.name(unit).to_string())
        };
        let waiting = stands.iter().enumerate().filter_map(waits).collect();
        Some(Ranking { count: values.len(), stands, waiting, tiers })
    }

    /// The value by which a unit is compared, and whether more is better.
    fn stand(&self, unit: usize, i: usize, item: &Item, part: &Part) -> (Stand, bool) {
        let of_check = |check: &Check| {
            let Some(known) = self.known(unit, i, &check.id) else { return (Stand::Waits, true) };
            let stand = match &known.value {
                Some(value) => joins(value.clone(), known.marks.clone()),
                None => Stand::Waits,
            };
            (stand, known.higher(check))
        };
        let check = |id: &str| item.checks().iter().find(|check| check.id == id);
        match &part.method {
            Method::Tiers { by: Compared::Check(id), .. } => check(id).map_or((Stand::Waits, true), of_check),
            Method::Tiers { by: Compared::Entered { higher, .. }, .. } => {
                let entered = self.entered.number(unit, &format!("{}.{}.value", item.id, part.id));
                let stand = entered.and_then(|(value, mark)| Some(joins(Number::of(value)?, vec![mark])));
                (stand.unwrap_or(Stand::Waits), *higher)
            }
            Method::Threshold { checks, .. } => {
                // Those that do not reach it are ranked by the first check.
                let Some(first) = checks.first().and_then(|id| check(id)) else {
                    return (Stand::Waits, true);
                };
                let (stand, higher) = of_check(first);
                match self.reached(unit, i, checks) {
                    Some(true) => (Stand::Out, higher),
                    Some(false) => (stand, higher),
                    None => (Stand::Waits, higher),
                }
            }
            _ => (Stand::Out, true),
        }
    }

    /// Whether all checks are met; one that is not settles it.
    pub(super) fn reached(&self, unit: usize, i: usize, checks: &[String]) -> Option<bool> {
        let met: Vec<Option<bool>> =
            checks.iter().map(|id| self.known(unit, i, id).and_then(|known| known.met)).collect();
        match () {
            () if met.contains(&Some(false)) => Some(false),
            () if met.contains(&None) => None,
            () => Some(true),
        }
    }
}

fn joins(value: Number, marks: Vec<usize>) -> Stand {
    Stand::In { value, marks, rank: 0, tied: false }
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
