//! The totals of headings.

use std::collections::HashSet;

use crate::{
    standard::{Item, Standard, method::numbers::tidy},
    tables::scored::{GroupScore, ItemScore, State},
};

/// The headings above an item, from the innermost.
pub fn headings(standard: &Standard, item: &Item) -> Vec<usize> {
    let position = |id: &str| standard.groups.iter().position(|group| group.id == id);
    let mut found = Vec::new();
    let mut next = position(&item.heading);
    while let Some(here) = next {
        // A heading stands after its parent, so this ends.
        if found.contains(&here) {
            break;
        }
        found.push(here);
        next = standard.groups[here].within.as_deref().and_then(position);
    }
    found
}

/// Whether the item stands under a heading of 加分.
pub fn is_bonus(standard: &Standard, item: &Item) -> bool {
    headings(standard, item).iter().any(|group| standard.groups[*group].bonus)
}

/// The totals of every heading for one unit, from its items.
pub fn groups(standard: &Standard, unit: usize, items: &[&ItemScore]) -> Vec<GroupScore> {
    let mut under: Vec<HashSet<usize>> = vec![HashSet::new(); standard.groups.len()];
    for (i, item) in standard.items.iter().enumerate() {
        for group in headings(standard, item) {
            under[group].insert(i);
        }
    }
    let of_group = |(group, members): (usize, &HashSet<usize>)| {
        let sum = Sum::of(items.iter().filter(|score| members.contains(&score.item)).copied());
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
    pub fn of<'a>(items: impl Iterator<Item = &'a ItemScore>) -> Sum {
        let mut sum = Sum { points: Some(0.0), ..Sum::default() };
        for item in items.filter(|item| item.state != State::NotConcerned) {
            sum.points = sum.points.zip(item.points).map(|(sum, points)| sum + points);
            sum.score += item.score.unwrap_or_default();
            sum.unmarked += usize::from(item.state == State::Unmarked);
        }
        Sum { points: sum.points.map(tidy), score: tidy(sum.score), ..sum }
    }
}
