//! Ranks the units, for parts whose method compares them.

use num_rational::BigRational;

use super::{ScoringContext, parts::UnitAnswers};
use crate::standard::{
    Item, Part,
    method::{Answers, RankedBy, Ranking, Stand, UnitComparison, input::all_met, numbers::Number, ranks},
};

impl ScoringContext<'_> {
    /// The ranking that a part needs, if any. `takes_part` has one entry per unit.
    pub(super) fn ranking(&self, i: usize, item: &Item, part: &Part, takes_part: &[bool]) -> Option<Ranking> {
        if self.standard.tiers_are_marked() {
            return None;
        }
        let comparison = part.method.comparison()?;
        let mut higher = true;
        let mut stands = Vec::new();
        for (unit, takes_part) in takes_part.iter().enumerate() {
            if !takes_part {
                stands.push(Stand::Out);
                continue;
            }
            let (stand, is_higher) = self.stand(unit, (i, item), part, &comparison);
            higher = is_higher;
            let zero = |value: &Number| value.exact <= BigRational::from_integer(0.into());
            stands.push(match stand {
                Stand::In { value, marks, .. } if comparison.none && higher && zero(&value) => {
                    Stand::Nothing { marks }
                }
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
        Some(Ranking { count: values.len(), stands, waiting, tiers: comparison.tiers.to_vec() })
    }

    /// The value by which a unit is compared, and whether more is better.
    fn stand(
        &self,
        unit: usize,
        (i, item): (usize, &Item),
        part: &Part,
        comparison: &UnitComparison,
    ) -> (Stand, bool) {
        let answers = UnitAnswers { context: self, unit, item: i };
        let (stand, higher) = match comparison.by {
            RankedBy::Check(id) => {
                let Some(check) = item.checks().iter().find(|check| check.id == id) else {
                    return (Stand::Waits, true);
                };
                let Some(known) = answers.check(id) else { return (Stand::Waits, true) };
                let value = known.value.clone().map(|value| (value, known.marks.clone()));
                (value, known.higher(check))
            }
            RankedBy::Entered { higher } => {
                let entered = answers.number(&format!("{}.{}.value", item.id, part.id));
                (entered.and_then(|(value, mark)| Some((Number::of(value)?, vec![mark]))), higher)
            }
        };
        let failing = match comparison.failing {
            [] => Some(false),
            checks => all_met(&answers, checks),
        };
        let stand = match (failing, stand) {
            (Some(true), _) => Stand::Out,
            (Some(false), Some((value, marks))) => Stand::In { value, marks, rank: 0, tied: false },
            _ => Stand::Waits,
        };
        (stand, higher)
    }
}
