//! The score of an item: its parts are added up, and the adjustments applied in the order written, never below 0.

use super::ScoringContext;
use crate::{
    standard::{
        Adjustment, AdjustmentRule, Item, Part, Rule,
        method::{
            Ranking,
            numbers::{result, shown, tidy},
        },
    },
    tables::scored::{Adjusted, Evidence, ItemScore, PartScore, State},
};

/// Decides an item whatever its parts are: the adjustment, and the mark that triggers it.
#[derive(Debug, Clone, Copy)]
pub struct Settled {
    pub adjustment: usize,
    pub mark: usize,
}

/// A scored item, resolved for this year.
pub struct Asked<'a> {
    pub index: usize,
    pub item: &'a Item,
    pub points: Option<f64>,
    pub parts: &'a [Part],
    pub adjustments: &'a [Adjustment],
    /// For each part that compares the units.
    pub rankings: Vec<Option<Ranking>>,
}

/// A sum in progress, with its text.
struct Sum {
    /// `None` while a part or an adjustment is unmarked.
    sum: Option<f64>,
    text: String,
    /// The number of terms in the text; a single term is not shown as a sum.
    terms: usize,
    /// The text of the bounds that were applied.
    ends: String,
}

impl ScoringContext<'_> {
    /// An adjustment that decides the item: zero, a missing precondition, or a veto.
    pub(super) fn settled(&self, unit: usize, item: &Item) -> Option<Settled> {
        let Rule::Scored { adjustments, .. } = &item.rule else { return None };
        adjustments.iter().enumerate().filter(|(_, a)| self.standard.in_force(&a.only)).find_map(
            |(k, adjustment)| {
                let when = match adjustment.rule {
                    AdjustmentRule::Zero | AdjustmentRule::Veto => true,
                    AdjustmentRule::Precondition => false,
                    _ => return None,
                };
                let (said, mark) = self.entered.truth(unit, &format!("{}.{}", item.id, adjustment.id))?;
                (said == when).then_some(Settled { adjustment: k, mark })
            },
        )
    }

    /// Scores one item of one unit; `concerned` is whether the item concerns the unit.
    pub(super) fn item(&self, unit: usize, asked: &Asked, concerned: bool) -> ItemScore {
        let empty = ItemScore {
            unit,
            item: asked.index,
            state: State::NotConcerned,
            points: asked.points,
            score: None,
            arithmetic: self.words.say("score.not_concerned"),
            parts: Vec::new(),
            adjusted: Vec::new(),
            evidence: Vec::new(),
            unmarked: Vec::new(),
            above: false,
            rounds: Vec::new(),
            first: None,
        };
        if !concerned {
            return empty;
        }
        let mut parts: Vec<PartScore> = asked
            .parts
            .iter()
            .enumerate()
            .filter(|(_, part)| self.standard.in_force(&part.only))
            .map(|(k, part)| {
                // With a yearly index there is one part, which has all the points.
                let points = part.points.or(asked.points);
                let ranking = asked.rankings.get(k).and_then(Option::as_ref);
                self.part(unit, (asked.index, asked.item), (k, part), points, ranking)
            })
            .collect();
        let evidence = self.evidence(unit, asked);
        if let Some(settled) = self.settled(unit, asked.item) {
            parts.iter_mut().for_each(|part| part.unmarked.clear());
            return self.nothing(ItemScore { parts, evidence, ..empty }, settled, asked);
        }
        let (sum, adjusted, wanted) = self.adjusted(unit, asked, &parts);
        let mut unmarked: Vec<String> = parts.iter().flat_map(|part| part.unmarked.clone()).collect();
        unmarked.extend(wanted);
        if asked.points.is_none() {
            unmarked.push(format!("{}.points", asked.item.id));
        }
        // Two parts may use the same check.
        let mut seen = std::collections::HashSet::new();
        unmarked.retain(|entry| seen.insert(entry.clone()));
        let taken = adjusted.iter().any(|adjusted| adjusted.taken.is_some_and(|taken| taken > 0.0));
        let arithmetic = match (&parts[..], taken, sum.sum) {
            // A single part shows its own arithmetic.
            ([part], false, Some(score)) if part.score == Some(score) => part.arithmetic.clone(),
            ([part], _, None) if part.score.is_none() && adjusted.is_empty() => part.arithmetic.clone(),
            _ => format!("{}{}", sum.text, sum.ends),
        };
        ItemScore {
            state: if sum.sum.is_some() { State::Scored } else { State::Unmarked },
            score: sum.sum,
            arithmetic,
            above: parts.iter().any(|part| part.above),
            parts,
            adjusted,
            evidence,
            unmarked,
            ..empty
        }
    }

    fn evidence(&self, unit: usize, asked: &Asked) -> Vec<Evidence> {
        let checks = asked.item.checks().iter().filter(|check| self.standard.in_force(&check.only));
        checks
            .filter_map(|check| self.known(unit, asked.index, &check.id))
            .map(|known| known.evidence.clone())
            .collect()
    }

    /// 不予评分, 未申报不评估, 一票否决.
    fn nothing(&self, item: ItemScore, settled: Settled, asked: &Asked) -> ItemScore {
        let known: f64 = item.parts.iter().filter_map(|part| part.score).sum();
        let adjustment = asked.adjustments.get(settled.adjustment);
        let (key, state) = match adjustment.map(|adjustment| &adjustment.rule) {
            Some(AdjustmentRule::Veto) => ("score.vetoed", State::Scored),
            Some(AdjustmentRule::Precondition) => ("score.not_assessed", State::NotAssessed),
            _ => ("score.zeroed", State::NotAssessed),
        };
        let title = adjustment.map(|adjustment| adjustment.title.get(self.words.language).to_string());
        let adjusted =
            Adjusted { adjustment: settled.adjustment, taken: Some(tidy(known)), marks: vec![settled.mark] };
        ItemScore {
            state,
            score: Some(0.0),
            arithmetic: self.say(key, &[("title", title.unwrap_or_default()), ("score", shown(0.0))]),
            adjusted: vec![adjusted],
            ..item
        }
    }

    /// The sum after the adjustments, the adjustments, and the entries that are still missing.
    fn adjusted(&self, unit: usize, asked: &Asked, parts: &[PartScore]) -> (Sum, Vec<Adjusted>, Vec<String>) {
        let unknown = self.words.say("score.unknown");
        let terms: Vec<String> =
            parts.iter().map(|part| part.score.map_or_else(|| unknown.clone(), shown)).collect();
        let start: Option<f64> = parts.iter().map(|part| part.score).sum();
        let mut sum = Sum {
            sum: start.filter(|_| !parts.is_empty()).map(tidy),
            text: terms.join(" + "),
            terms: terms.len(),
            ends: String::new(),
        };
        let (mut adjusted, mut wanted) = (Vec::new(), Vec::new());
        for (k, adjustment) in asked.adjustments.iter().enumerate() {
            if !self.standard.in_force(&adjustment.only) {
                continue;
            }
            let entry = format!("{}.{}", asked.item.id, adjustment.id);
            let entered = match &adjustment.rule {
                AdjustmentRule::Cap { points, share } => {
                    adjusted.extend(self.cap(
                        &mut sum,
                        k,
                        points.or_else(|| Some(asked.points? * (*share)?)),
                    ));
                    continue;
                }
                // They have been handled elsewhere and change nothing here.
                AdjustmentRule::Zero | AdjustmentRule::Precondition | AdjustmentRule::Veto => {
                    self.entered.truth(unit, &entry).map(|(_, mark)| (0.0, shown(0.0), mark))
                }
                AdjustmentRule::Once { each } => self.entered.truth(unit, &entry).map(|(said, mark)| {
                    let taken = if said { *each } else { 0.0 };
                    (taken, shown(taken), mark)
                }),
                AdjustmentRule::Counted { each, .. } => {
                    self.entered.number(unit, &entry).map(|(count, mark)| {
                        (count * each, format!("{} × {}", shown(count), shown(*each)), mark)
                    })
                }
                AdjustmentRule::Range { .. } => {
                    self.entered.number(unit, &entry).map(|(taken, mark)| (taken, shown(taken), mark))
                }
            };
            match entered {
                None => {
                    wanted.push(entry);
                    sum.take(None, &unknown);
                    adjusted.push(Adjusted { adjustment: k, taken: None, marks: Vec::new() });
                }
                Some((amount, text, mark)) => {
                    let taken = sum.take(Some(amount), &text);
                    adjusted.push(Adjusted { adjustment: k, taken: Some(taken), marks: vec![mark] });
                }
            }
        }
        sum.close();
        self.limit(&mut sum, asked.points);
        (sum, adjusted, wanted)
    }

    /// Parts whose points add up to more than the item's: the item has no more than its own points.
    fn limit(&self, sum: &mut Sum, points: Option<f64>) {
        let (Some(now), Some(points)) = (sum.sum, points) else { return };
        if now > points + 1e-9 && !self.standard.scores_may_exceed_points() {
            sum.sum = Some(points);
            sum.ends += &format!(" → {}", shown(points));
        }
    }

    fn cap(&self, sum: &mut Sum, k: usize, most: Option<f64>) -> Option<Adjusted> {
        let most = tidy(most?);
        let before = sum.sum?;
        if before <= most {
            return None;
        }
        sum.close();
        sum.sum = Some(most);
        sum.ends += &self.say("score.capped", &[("most", shown(most))]);
        Some(Adjusted { adjustment: k, taken: Some(tidy(before - most)), marks: Vec::new() })
    }
}

impl Sum {
    /// Subtracts an amount, but no more than the current sum.
    fn take(&mut self, amount: Option<f64>, text: &str) -> f64 {
        if amount != Some(0.0) {
            // After a cap the text starts again from the capped sum.
            if !self.ends.is_empty() {
                self.text = format!("{}{}", self.text, std::mem::take(&mut self.ends));
            }
            self.text += &format!(" − {text}");
            self.terms += 1;
        }
        let before = self.sum;
        self.sum = before.zip(amount).map(|(sum, amount)| tidy(sum - amount));
        let taken = amount.unwrap_or_default();
        match (before, self.sum) {
            (Some(before), Some(after)) if after < 0.0 => {
                self.ends = format!(" {} → {}", result(after), shown(0.0));
                self.sum = Some(0.0);
                tidy(before)
            }
            _ => tidy(taken),
        }
    }

    /// Ends the text with the sum: ` = 7`; nothing after a single term, or if it is already ended.
    fn close(&mut self) {
        if let (Some(sum), true, true) = (self.sum, self.terms > 1, self.ends.is_empty()) {
            self.ends = format!(" {}", result(sum));
        }
    }
}
