//! The input of a method for one part of one unit, and its result.

use super::{
    Ranking, Stand,
    numbers::{Number, compared, shown, sign, tidy},
};
use crate::{
    number,
    standard::{Check, Comparison, Item, rule_text},
    words::Words,
};

/// What is known about one unit. Every value comes with the index of its mark.
pub trait Answers {
    fn number(&self, entry: &str) -> Option<(f64, usize)>;
    fn truth(&self, entry: &str) -> Option<(bool, usize)>;
    /// 1 up, 0 the same, −1 down.
    fn direction(&self, entry: &str) -> Option<(i8, usize)>;
    /// A check of the item, by its id.
    fn check(&self, id: &str) -> Option<&CheckValue>;
}

/// The value of a check for one unit, from the data or else from what was entered.
#[derive(Debug, Clone)]
pub struct CheckValue {
    /// For a check of many rows, the number of rows that fail it.
    pub value: Option<Number>,
    pub required: Option<Number>,
    pub met: Option<bool>,
    /// Compared with the requirement: 1 above, 0 equal, −1 below; for several rows the worst.
    pub direction: Option<i8>,
    /// Whether the value is a number of rows, of which zero is best.
    pub counted: bool,
    /// The marks that it is based on.
    pub marks: Vec<usize>,
    /// The entries that are missing to decide it.
    pub wanted: Vec<String>,
    /// Whether the unit's class is unknown, or the check has no requirement for it.
    pub classless: bool,
}

impl CheckValue {
    /// Whether a higher value is better.
    pub fn higher(&self, check: &Check) -> bool {
        !self.counted && !matches!(check.compare, Comparison::AtMost | Comparison::Less)
    }

    /// `32.5 ≥ 30`; for a check of many rows, the number that fail it.
    pub fn shown(&self, check: &Check, words: &Words) -> String {
        match (&self.value, &self.required, self.met) {
            (Some(value), _, _) if self.counted => rule_text::rows_unmet(check, value.value, words),
            (Some(value), Some(required), Some(met)) => {
                let (value, required) = compared(value, required, check.decimals);
                format!("{value} {} {required}", sign(check.compare, met))
            }
            (Some(value), ..) => number::at_most(value.value, check.decimals.max(2)),
            // Some row fails it, whatever the others are.
            _ => words.say("score.a_row"),
        }
    }
}

/// The result of a method: a score with its arithmetic, or the missing entries.
#[derive(Debug, Default)]
pub struct PartResult {
    pub score: Option<f64>,
    pub arithmetic: String,
    /// The marks that it is based on.
    pub marks: Vec<usize>,
    pub unmarked: Vec<String>,
}

impl PartResult {
    pub fn scored(score: f64, arithmetic: String, marks: Vec<usize>) -> PartResult {
        PartResult { score: Some(score), arithmetic, marks, unmarked: Vec::new() }
    }

    pub fn unmarked(entries: impl IntoIterator<Item = String>) -> PartResult {
        PartResult { unmarked: entries.into_iter().collect(), ..PartResult::default() }
    }

    /// A score limited to its bounds, shown after an arrow if they change it: `20 − 23 × 1 = −3 → 0`.
    pub fn within(arithmetic: String, before: f64, after: f64, marks: Vec<usize>) -> PartResult {
        let arithmetic = match tidy(before) == tidy(after) {
            true => arithmetic,
            false => format!("{arithmetic} → {}", shown(after)),
        };
        PartResult::scored(after, arithmetic, marks)
    }
}

/// One part of one unit.
pub struct PartInput<'a> {
    /// `27.2`, the beginning of its entries' ids.
    pub id: String,
    pub points: f64,
    pub item: &'a Item,
    /// The ranking of the units, if the method compares them, with the unit that is scored.
    pub ranking: Option<&'a Ranking>,
    pub unit: usize,
    pub answers: &'a dyn Answers,
    pub words: &'a Words,
}

impl PartInput<'_> {
    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.fill(&format!("score.{key}"), args)
    }

    /// `27.2.count`.
    pub fn entry(&self, name: &str) -> String {
        format!("{}.{name}", self.id)
    }

    /// `27.check.funds`: the entry for a check's value.
    pub fn check_entry(&self, id: &str) -> String {
        format!("{}.check.{id}", self.item.id)
    }

    /// A check of the item, with its value for the unit.
    pub fn check(&self, id: &str) -> Option<(&Check, &CheckValue)> {
        let check = self.item.checks().iter().find(|check| check.id == id)?;
        Some((check, self.answers.check(id)?))
    }

    /// Whether all checks are met; a single unmet one decides.
    pub fn all_met(&self, checks: &[String]) -> Option<bool> {
        all_met(self.answers, checks)
    }

    /// The number that was entered, or the id of the missing entry.
    pub fn number(&self, name: &str) -> Result<(f64, usize), String> {
        let entry = self.entry(name);
        self.answers.number(&entry).ok_or(entry)
    }

    /// The score that the office gave.
    pub fn given(&self) -> PartResult {
        match self.answers.number(&self.id) {
            Some((score, mark)) => PartResult::scored(score, shown(score), vec![mark]),
            None => PartResult::unmarked([self.id.clone()]),
        }
    }

    /// The tier that the office chose.
    pub fn chosen(&self, tiers: &[f64], names: &[String]) -> PartResult {
        let (score, mark) = match self.number("tier") {
            Ok(entered) => entered,
            Err(entry) => return PartResult::unmarked([entry]),
        };
        let at = tiers.iter().position(|tier| (tier - score).abs() < 1e-9);
        let args = |tier: &str| [("tier", tier.to_string()), ("score", shown(score))];
        // If "none" has a name of its own, it follows those of the tiers.
        let text = match (names.get(at.unwrap_or(tiers.len())), at) {
            (Some(name), _) => self.say("tier_named", &args(name)),
            (None, Some(at)) => self.say("tier", &args(&(at + 1).to_string())),
            (None, None) => self.say("has_none", &args("")),
        };
        PartResult::scored(score, text, vec![mark])
    }

    /// The tier by rank. `wanted`: the entries that are missing for the unit to be compared.
    pub fn ranked(&self, ranking: &Ranking, wanted: Vec<String>) -> PartResult {
        let waits_for = || {
            let units = ranking.waiting.join(&self.say("comma", &[]));
            self.say("waits", &[("units", units)])
        };
        match ranking.stands.get(self.unit) {
            Some(Stand::In { value, marks, rank, tied }) if ranking.waiting.is_empty() => {
                let Some((tier, score)) = ranking.tier(*rank) else { return PartResult::default() };
                let args = [
                    ("rank", rank.to_string()),
                    ("count", ranking.count.to_string()),
                    ("value", number::at_most(value.value, 4)),
                    ("tier", tier.to_string()),
                    ("score", shown(score)),
                ];
                let key = if *tied { "tied" } else { "ranked" };
                PartResult::scored(score, self.say(key, &args), marks.clone())
            }
            Some(Stand::Nothing { marks }) => {
                PartResult::scored(0.0, self.say("has_none", &[("score", shown(0.0))]), marks.clone())
            }
            Some(Stand::Waits) => PartResult { arithmetic: waits_for(), ..PartResult::unmarked(wanted) },
            Some(Stand::In { marks, .. }) => {
                PartResult { arithmetic: waits_for(), marks: marks.clone(), ..PartResult::default() }
            }
            Some(Stand::Out) | None => {
                PartResult { arithmetic: self.say("not_compared", &[]), ..PartResult::default() }
            }
        }
    }
}

/// Whether all checks are met; a single unmet one decides.
pub fn all_met(answers: &(impl Answers + ?Sized), checks: &[String]) -> Option<bool> {
    let met: Vec<Option<bool>> =
        checks.iter().map(|id| answers.check(id).and_then(|known| known.met)).collect();
    match () {
        () if met.contains(&Some(false)) => Some(false),
        () if met.contains(&None) => None,
        () => Some(true),
    }
}
