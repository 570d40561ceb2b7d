//! The totals of headings.

use std::collections::HashSet;

use crate::{
    standard::{Standard, method::numbers::tidy},
    tables::scored::{GroupScore, ItemScore, State},
};

/// The totals of every heading for one unit, from its items.
pub fn groups(standard: &Standard, unit: usize, items: &[&ItemScore]) -> Vec<GroupScore> {
    let mut under: Vec<HashSet<usize>> = vec![HashSet::new(); standard.groups.len()];
    for (i, item) in standard.items.iter().enumerate() {
        for group in standard.headings_of(item) {
            under[group].insert(i);
        }
    }
    let of_group = |(group, members): (usize, &HashSet<usize>)| {
        let sum = Sum::of(standard, items.iter().filter(|score| members.contains(&score.item)).copied());
        GroupScore { unit, group, points: sum.points, score: sum.score, complete: sum.unmarked == 0 }
    };
    under.iter().enumerate().map(of_group).collect()
}

/// The sum of some items of one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    /// The points of the items that concern the unit; `None` while one is unknown.
    pub points: Option<f64>,
    pub score: f64,
    pub unmarked: usize,
}

impl Sum {
    pub fn of<'a>(standard: &Standard, items: impl Iterator<Item = &'a ItemScore>) -> Sum {
        let mut sum = Sum { points: Some(0.0), ..Sum::default() };
        for item in items.filter(|item| item.state != State::NotConcerned) {
            let factor = standard.items.get(item.item).map_or(1.0, |item| standard.factor(item));
            sum.points = sum.points.zip(item.points).map(|(sum, points)| sum + points * factor);
            sum.score += item.score.unwrap_or_default() * factor;
            sum.unmarked += usize::from(item.state == State::Unmarked);
        }
        Sum { points: sum.points.map(tidy), score: tidy(sum.score), ..sum }
    }
}
