//! The points of a scoring standard: what the document writes over its headings, and what the items under them add up
//! to with the chosen settings.

use super::{Group, Item, Rule, Standard, method::numbers::shown};
use crate::words::Words;

/// Differences below this are rounding.
const NEAR: f64 = 1e-9;

/// A heading whose points in the document are not the sum of its items.
#[derive(Debug, Clone)]
pub struct HeadedOtherwise<'a> {
    pub group: &'a Group,
    /// As the document writes it over the heading.
    pub headed: f64,
    /// What its items add up to.
    pub sum: f64,
}

impl HeadedOtherwise<'_> {
    /// `B17 依法行政：文件标 50 分，各项合计 60 分`; the label is not repeated if the title begins with it.
    pub fn said(&self, words: &Words) -> String {
        let (label, title) = (self.group.label.as_str(), self.group.title.get(words.language));
        let heading = if title.starts_with(label) { title.to_string() } else { format!("{label} {title}") };
        let args = [("heading", heading), ("headed", shown(self.headed)), ("sum", shown(self.sum))];
        words.fill("score.headed_otherwise", &args)
    }
}

impl Standard {
    /// The headings above an item, from the innermost: indices into the groups.
    pub fn headings_of(&self, item: &Item) -> Vec<usize> {
        let position = |id: &str| self.groups.iter().position(|group| group.id == id);
        let mut found = Vec::new();
        let mut next = position(&item.heading);
        while let Some(here) = next {
            // A heading stands after its parent, so this ends.
            if found.contains(&here) {
                break;
            }
            found.push(here);
            next = self.groups[here].within.as_deref().and_then(position);
        }
        found
    }

    /// Whether the item stands under a heading of 加分.
    pub fn is_bonus(&self, item: &Item) -> bool {
        self.headings_of(item).iter().any(|group| self.groups[*group].bonus)
    }

    /// The factor by which the points of an item count: 1, or less where its heading is to count no more than its own
    /// points (`[[group]]`, `scaled`).
    pub fn factor(&self, item: &Item) -> f64 {
        let scaled = |at: &usize| {
            let group = &self.groups[*at];
            let headed = group.points.filter(|_| group.scaled.is_some() && self.in_force(&group.scaled))?;
            let sum = self.sum_under(*at).filter(|sum| *sum > 0.0)?;
            Some(headed / sum)
        };
        self.headings_of(item).iter().filter_map(scaled).product()
    }

    /// What the document's own items under a heading add up to; `None` if a yearly index decides some.
    fn sum_under(&self, group: usize) -> Option<f64> {
        let under = |item: &&Item| self.headings_of(item).contains(&group);
        self.items.iter().filter(under).map(points).sum()
    }

    /// The full points of a unit that all items concern, without 加分, with the chosen settings. `None` if a yearly
    /// index decides them.
    pub fn full_points(&self) -> Option<f64> {
        let counted = self.items.iter().filter(|item| !self.is_bonus(item));
        counted.map(|item| Some(points(item)? * self.factor(item))).sum()
    }

    /// The innermost headings whose points in the document differ from the sum of their items as they count.
    pub fn headed_otherwise(&self) -> Vec<HeadedOtherwise<'_>> {
        let differs = |at: usize| {
            let group = &self.groups[at];
            let under = self.items.iter().filter(|item| item.heading == group.id);
            let sum: f64 = under.map(|item| Some(points(item)? * self.factor(item))).sum::<Option<f64>>()?;
            let headed = group.points?;
            let has_own_items = self.items.iter().any(|item| item.heading == group.id);
            (has_own_items && (sum - headed).abs() > NEAR).then_some(HeadedOtherwise { group, headed, sum })
        };
        (0..self.groups.len()).filter_map(differs).collect()
    }
}

/// The points of an item; `None` if they depend on a yearly index.
pub(super) fn points(item: &Item) -> Option<f64> {
    match item.rule {
        Rule::Scored { points, .. } => points,
        _ => Some(0.0),
    }
}
