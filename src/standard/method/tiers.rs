//! Tiers by comparison of the units.

use serde::Serialize;

use super::{BestScore, PartInput, PartReader, PartResult, RankedBy, ScoringMethod, Sentence, UnitComparison};
use crate::standard::{
    Comparison, Text,
    entry::{PartEntries, Value, What},
    raw,
};

/// The points of the tiers, from the best down; `none`: no points at all are possible, too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tiers {
    pub tiers: Vec<f64>,
    pub names: Vec<String>,
    pub none: bool,
    pub by: Compared,
}

/// How units are ranked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// The office chooses the tier.
    Office,
    /// By the value of a check; higher is better unless it is compared with `<=` or `<`.
    Check(String),
    /// By a value that is entered; `percent`: from 0 to 100.
    Entered { title: Text, higher: bool, percent: bool },
}

impl ScoringMethod for Tiers {
    fn keys() -> &'static [&'static str] {
        &["check", "tiers", "tier_names", "none", "entered", "unit", "better"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        let tiers = part.tiers();
        let names = part.written.tier_names.clone().unwrap_or_default();
        let none = part.written.none.unwrap_or(false);
        if !names.is_empty() && names.len() != tiers.len() + usize::from(none) && names.len() != tiers.len() {
            let args = [("found", names.len().to_string()), ("expected", tiers.len().to_string())];
            part.problem("standard_tier_names", "tier_names", &args);
        }
        for (i, name) in names.iter().enumerate() {
            // A choice is identified by its name or by its points.
            let again = names.iter().take(i).any(|before| before.trim() == name.trim());
            if again || name.trim().is_empty() || name.trim().parse::<f64>().is_ok() {
                part.problem("standard_tier_name", "tier_names", &[("found", name.clone())]);
            }
        }
        let (better, unit) = (part.written.better, part.written.unit);
        let unbound = better.is_some() && part.check.is_none() || unit.is_some();
        if unbound && part.written.entered.is_none() {
            part.need(None::<()>, "entered");
        }
        let by = match (part.check.clone(), part.written.entered.clone()) {
            (Some(_), Some(_)) => {
                part.one_of_two("check", "entered");
                Compared::Office
            }
            (Some(check), None) => Compared::Check(check),
            (None, Some(title)) => {
                let higher = better != Some(raw::Better::Lower);
                Compared::Entered { title, higher, percent: unit.is_some() }
            }
            (None, None) => Compared::Office,
        };
        Tiers { tiers, names, none, by }
    }

    fn checks(&self) -> &[String] {
        match &self.by {
            Compared::Check(check) => std::slice::from_ref(check),
            _ => &[],
        }
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        let chosen = self.by == Compared::Office || part.standard.tiers_are_marked();
        if let Compared::Entered { title, percent, .. } = &self.by {
            let value = if *percent { Value::Percent } else { Value::Amount { unit: String::new() } };
            let what = What::Value(title.clone());
            match chosen {
                // If the office chooses, the value is the basis of its choice.
                true => part.add_optional("value", what, value),
                false => part.add("value", what, value),
            }
        }
        if chosen {
            let mut points = self.tiers.clone();
            points.extend((self.none && !points.contains(&0.0)).then_some(0.0));
            part.add("tier", What::Tier, Value::OneOf { points, names: self.names.clone() });
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let tiers = ("tiers", text.tiers(&self.tiers, &self.names));
        let units = ("units", text.units.to_string());
        let ranked = |value: String, higher: bool| {
            let key = if higher { "ranked_higher" } else { "ranked_lower" };
            text.say(key, &[("value", value), units.clone(), tiers.clone()])
        };
        let sentence = match &self.by {
            Compared::Office => text.say("tiers", &[units.clone(), tiers.clone()]),
            Compared::Check(id) => {
                use Comparison::{AtMost, Less};
                let lower =
                    text.checks.iter().any(|check| check.id == *id && matches!(check.compare, AtMost | Less));
                ranked(text.title(id), !lower)
            }
            Compared::Entered { title, higher, .. } => {
                ranked(title.get(text.words.language).to_string(), *higher)
            }
        };
        if self.none { sentence + &text.say("none", &[]) } else { sentence }
    }

    fn best(&self) -> Option<BestScore> {
        Some(BestScore { points: *self.tiers.first()?, key: "tiers", is_full_mark: true })
    }

    fn comparison(&self) -> Option<UnitComparison<'_>> {
        let by = match &self.by {
            Compared::Office => return None,
            Compared::Check(id) => RankedBy::Check(id),
            Compared::Entered { higher, .. } => RankedBy::Entered { higher: *higher },
        };
        Some(UnitComparison { by, tiers: &self.tiers, none: self.none, failing: &[] })
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        if let Some(ranking) = part.ranking {
            return part.ranked(ranking, self.wanted(part));
        }
        let mut found = part.chosen(&self.tiers, &self.names);
        if let Compared::Entered { .. } = self.by {
            // The basis of the choice.
            found.marks.extend(part.number("value").ok().map(|(_, mark)| mark));
        }
        found
    }
}

impl Tiers {
    /// The entries that are missing for the unit to be compared.
    fn wanted(&self, part: &PartInput<'_>) -> Vec<String> {
        match &self.by {
            Compared::Office => Vec::new(),
            Compared::Entered { .. } => vec![part.entry("value")],
            Compared::Check(id) => {
                let wanted = part.answers.check(id).map(|known| known.wanted.clone()).unwrap_or_default();
                // A rank only needs the value.
                wanted.into_iter().filter(|entry| !entry.ends_with(".required")).collect()
            }
        }
    }
}
