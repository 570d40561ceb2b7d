//! Invents marks for a scorebook, for trying out `junheng score`: within every limit, mostly good, with some losses.

use std::collections::BTreeSet;

use crate::{
    chance::Chance,
    standard::{
        AdjustmentRule, Comparison, Rule, Standard,
        entry::{Entry, Value, What},
    },
    tables::{
        marks::Unit,
        scorebook::{Filling, Typed},
    },
    words::Words,
};

/// The total points of a year's index, if a standard leaves them to the index.
const YEARLY: f64 = 100.0;

/// Marks for every entry of every unit, identical for the same seed on every machine.
pub fn filling(standard: &Standard, units: &[Unit], seed: u64, words: &Words) -> Filling {
    let mut chance = Chance::new(seed);
    let mut filling = Filling { marker: words.say("synth.marker"), ..Filling::default() };
    let without: Vec<usize> = (0..standard.items.len())
        .filter(|item| matches!(standard.items[*item].rule, Rule::Scored { points: None, .. }))
        .collect();
    let each = (YEARLY / without.len().max(1) as f64).floor();
    for (k, item) in without.iter().enumerate() {
        let rest = YEARLY - each * (without.len() - 1) as f64;
        filling.points.insert(*item, if k == 0 { rest } else { each });
    }
    let entries = standard.entries();
    let mut shared = BTreeSet::new();
    for (number, unit) in units.iter().enumerate() {
        // Some units are better than others throughout.
        let good = chance.between(0.75, 0.97);
        let of_items = |entry: &&Entry| !matches!(entry.what, What::Paper { .. } | What::Fact { .. });
        let concerned = |entry: &&Entry| standard.concerns(entry, |name| unit.is_called(name));
        for entry in entries.iter().filter(of_items).filter(concerned) {
            if standard.is_shared(entry) && !shared.insert(entry.id.clone()) {
                continue;
            }
            let points = entry.item.and_then(|item| filling.points.get(&item).copied());
            let maker = Maker { standard, words, good, points };
            let typed = maker.typed(entry, &mut chance);
            filling.reasons.extend(maker.reason(entry, &typed, &unit.name));
            filling.entries.insert((entry.id.clone(), number), typed);
        }
        confirm(&mut filling, standard, &entries, number, words);
    }
    filling
}

/// Confirms the condition of the grade that the marks of a unit make, and denies those of the others.
fn confirm(filling: &mut Filling, standard: &Standard, entries: &[Entry], unit: usize, words: &Words) {
    let grades = standard.scoring.as_ref().map_or(&[][..], |scoring| &scoring.grades);
    let scores = entries.iter().filter(|entry| matches!(entry.value, Value::Score { .. }));
    let sum: f64 = scores
        .filter_map(|entry| match filling.entries.get(&(entry.id.clone(), unit)) {
            Some(Typed::Number(score)) => Some(*score),
            _ => None,
        })
        .sum();
    for entry in entries {
        let What::Condition { grade, .. } = &entry.what else { continue };
        let holds = grades.iter().any(|own| own.name == *grade && own.holds(sum));
        let said = words.say(if holds { "marking.yes" } else { "marking.no" });
        filling.entries.insert((entry.id.clone(), unit), Typed::Text(said));
    }
}

struct Maker<'a> {
    standard: &'a Standard,
    words: &'a Words,
    good: f64,
    /// The points of the item, if they depend on the year.
    points: Option<f64>,
}

impl Maker<'_> {
    fn typed(&self, entry: &Entry, chance: &mut Chance) -> Typed {
        let yes = |yes: bool| Typed::Text(self.words.say(if yes { "marking.yes" } else { "marking.no" }));
        match &entry.value {
            Value::Score { most } => {
                let most = most.or(self.points).unwrap_or_default();
                // Half points, as offices give them.
                let share = (self.good + chance.normal() * 0.08).clamp(0.0, 1.0);
                let share = if entry.what == What::Bonus { share * 0.4 } else { share };
                Typed::Number(((share * most * 2.0).round() / 2.0).min(most))
            }
            Value::Count if matches!(entry.what, What::Level(_)) => {
                Typed::Number(chance.integer(0, 1) as f64)
            }
            Value::Deduction { least } => {
                let points =
                    if chance.happens(self.good) { 0.0 } else { least + chance.integer(0, 2) as f64 / 2.0 };
                Typed::Number(points)
            }
            Value::Count => {
                let count = if chance.happens(self.good) { 0 } else { chance.integer(1, 3) };
                Typed::Number(count as f64)
            }
            // The register of papers stays empty: a made county hands in what its marks say.
            Value::Date => Typed::Text(String::new()),
            Value::YesNo => yes(chance.happens(if self.is_bad(entry) { 0.02 } else { self.good })),
            Value::Amount { unit } => {
                let around = self.required(entry).unwrap_or(85.0) * chance.between(0.9, 1.25);
                let amount = if unit.contains('%') { around.min(100.0) } else { around };
                Typed::Number((amount * 100.0).round() / 100.0)
            }
            Value::Percent => Typed::Number(chance.between(85.0, 99.5).round()),
            Value::OneOf { .. } => {
                let tiers = entry.value.tiers();
                let at = if chance.happens(self.good - 0.3) {
                    0
                } else {
                    chance.integer(0, tiers.len() as i64 - 1)
                };
                let tier = tiers.get(at as usize).cloned().unwrap_or_default();
                // Tiers without names are numbers.
                tier.parse().map_or(Typed::Text(tier), Typed::Number)
            }
            Value::Direction => {
                let way = if chance.happens(self.good) { "up" } else { "flat" };
                let said = self.words.say(&format!("marks.direction.{way}"));
                Typed::Text(said.split('、').next().unwrap_or_default().to_string())
            }
            Value::Range { least, .. } => Typed::Number(if chance.happens(self.good) { 0.0 } else { *least }),
        }
    }

    /// An invented reason for a mark that takes points off.
    fn reason(&self, entry: &Entry, typed: &Typed, unit: &str) -> Option<[String; 7]> {
        let Typed::Number(value) = typed else { return None };
        let most = match (&entry.value, &entry.what) {
            (_, What::Bonus) => return None,
            (Value::Score { most }, _) => most.or(self.points)?,
            (Value::Count, What::Count(_)) => 0.0,
            _ => return None,
        };
        let is_lost = if most > 0.0 { *value < most } else { *value > 0.0 };
        let say = |key: &str| self.words.say(&format!("synth.reason.{key}"));
        is_lost.then(|| {
            let number = entry.number(self.standard);
            [
                number,
                unit.to_string(),
                say("fact"),
                say("evidence"),
                say("document"),
                String::new(),
                say("required"),
            ]
        })
    }

    /// Whether yes is bad: an accident, a late report, a veto.
    fn is_bad(&self, entry: &Entry) -> bool {
        let item = entry.item.and_then(|item| self.standard.items.get(item));
        let Some(Rule::Scored { adjustments, .. }) = item.map(|item| &item.rule) else { return false };
        let bad = |rule: &AdjustmentRule| *rule != AdjustmentRule::Precondition;
        matches!(entry.what, What::Adjustment(_))
            && adjustments.iter().any(|a| entry.id.ends_with(&format!(".{}", a.id)) && bad(&a.rule))
    }

    /// The number that a check requires, if the standard states one; slightly better for a maximum.
    fn required(&self, entry: &Entry) -> Option<f64> {
        let (What::CheckValue { check } | What::CheckRequired { check }) = &entry.what else { return None };
        let item = self.standard.items.get(entry.item?)?;
        let check = item.checks().iter().find(|one| one.id == *check)?;
        let required: f64 = match check.required_by_class.values().next() {
            Some(required) => *required,
            None => check.required.to_string().parse().ok()?,
        };
        let at_most = matches!(check.compare, Comparison::AtMost | Comparison::Less);
        Some(if at_most { required * 0.85 } else { required })
    }
}
