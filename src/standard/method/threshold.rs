//! Full points if a requirement is met.

use serde::Serialize;

use super::{
    BestScore, UnitComparison, PartInput, PartReader, PartResult, RankedBy, ScoringMethod, Sentence, numbers::shown,
};
use crate::standard::{
    entry::{PartEntries, Value, What},
    raw,
};

/// Full points if all checks are met or, without checks, if the office confirms it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Threshold {
    pub checks: Vec<String>,
    pub otherwise: Otherwise,
}

/// The score of a unit that does not reach a threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    Points(f64),
    Office,
    /// By comparison with the other units that do not reach it, by the value of the first check; without a check the
    /// office chooses.
    Tiers(Vec<f64>),
}

/// Whether a unit meets all checks, with the evidence.
struct Seen {
    met: Option<bool>,
    detail: String,
    marks: Vec<usize>,
    wanted: Vec<String>,
}

impl ScoringMethod for Threshold {
    fn keys() -> &'static [&'static str] {
        &["check", "checks", "otherwise", "tiers"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        let mut checks: Vec<String> = part.check.clone().into_iter().collect();
        for (i, id) in part.written.checks.iter().flatten().enumerate() {
            checks.push(part.known_check(id.clone(), &format!("checks.{i}")));
        }
        let otherwise = match (&part.written.otherwise, &part.written.tiers) {
            (Some(_), Some(_)) => {
                part.one_of_two("otherwise", "tiers");
                Otherwise::Office
            }
            (None, Some(_)) => Otherwise::Tiers(part.tiers()),
            (Some(raw::Otherwise::Marked(_)), None) => Otherwise::Office,
            (Some(raw::Otherwise::Points(points)), None) => {
                Otherwise::Points(part.not_negative(Some(*points), "otherwise"))
            }
            (None, None) => Otherwise::Points(0.0),
        };
        Threshold { checks, otherwise }
    }

    fn checks(&self) -> &[String] {
        &self.checks
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        if self.checks.is_empty() {
            part.add("met", What::Met, Value::YesNo);
        }
        match &self.otherwise {
            Otherwise::Points(_) => {}
            // Only needed for a unit that does not reach it.
            Otherwise::Office => part.score(true),
            Otherwise::Tiers(tiers) if self.checks.is_empty() || part.standard.tiers_are_marked() => {
                let value = Value::OneOf { points: tiers.clone(), names: Vec::new() };
                part.add_optional("tier", What::Tier, value);
            }
            Otherwise::Tiers(_) => {}
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let points = ("points", text.own_points());
        let met = match &self.checks[..] {
            [] => text.say("threshold", &[points]),
            some => text.say("threshold_of", &[("conditions", text.conditions(some)), points]),
        };
        let rest = match &self.otherwise {
            Otherwise::Points(points) => text.say("otherwise", &[("points", text.points(*points))]),
            Otherwise::Office => text.say("otherwise_office", &[]),
            Otherwise::Tiers(tiers) => {
                let args = [("units", text.units.to_string()), ("tiers", text.tiers(tiers, &[]))];
                let key = if self.checks.is_empty() { "otherwise_chosen" } else { "otherwise_tiers" };
                text.say(key, &args)
            }
        };
        met + &rest
    }

    fn best(&self) -> Option<BestScore> {
        let (points, key) = match &self.otherwise {
            Otherwise::Tiers(tiers) => (*tiers.first()?, "tiers"),
            Otherwise::Points(points) => (*points, "otherwise"),
            Otherwise::Office => return None,
        };
        Some(BestScore { points, key, is_full_mark: false })
    }

    fn comparison(&self) -> Option<UnitComparison<'_>> {
        let Otherwise::Tiers(tiers) = &self.otherwise else { return None };
        // Units that do not reach it are ranked by the first check.
        let by = RankedBy::Check(self.checks.first()?);
        Some(UnitComparison { by, tiers, none: false, failing: &self.checks })
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let Seen { met, detail, mut marks, wanted } = self.seen(part);
        let Some(met) = met else {
            return PartResult { arithmetic: detail, marks, ..PartResult::unmarked(wanted) };
        };
        let plain = detail.is_empty();
        let says = |key: &str, score: f64| {
            part.say(key, &[("detail", detail.clone()), ("score", shown(score))])
        };
        if met {
            let text = says(if plain { "met" } else { "met_by" }, part.points);
            return PartResult::scored(part.points, text, marks);
        }
        let mut found = match (&self.otherwise, part.ranking) {
            (Otherwise::Points(points), _) => {
                let text = says(if plain { "unmet" } else { "unmet_by" }, *points);
                return PartResult::scored(*points, text, marks);
            }
            (Otherwise::Office, _) => part.given(),
            (Otherwise::Tiers(_), Some(ranking)) => {
                let known = self.checks.iter().filter_map(|id| part.answers.check(id));
                part.ranked(ranking, known.flat_map(|known| known.wanted.clone()).collect())
            }
            (Otherwise::Tiers(tiers), None) => part.chosen(tiers, &[]),
        };
        let then = match found.score.is_none() && found.arithmetic.is_empty() {
            true => part.say("unmarked", &[]),
            false => found.arithmetic,
        };
        let key = if plain { "unmet_then" } else { "unmet_by_then" };
        found.arithmetic = part.say(key, &[("detail", detail), ("then", then)]);
        marks.append(&mut found.marks);
        found.marks = marks;
        found
    }
}

impl Threshold {
    fn seen(&self, part: &PartInput<'_>) -> Seen {
        if self.checks.is_empty() {
            let entry = part.entry("met");
            return match part.answers.truth(&entry) {
                Some((met, mark)) => {
                    Seen { met: Some(met), detail: String::new(), marks: vec![mark], wanted: Vec::new() }
                }
                None => Seen { met: None, detail: String::new(), marks: Vec::new(), wanted: vec![entry] },
            };
        }
        let met = part.all_met(&self.checks);
        let (mut details, mut marks, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        let mut classless = false;
        for (check, known) in self.checks.iter().filter_map(|id| part.check(id)) {
            marks.extend(&known.marks);
            if known.met.is_none() {
                wanted.extend(known.wanted.clone());
                classless |= known.classless;
            } else if met != Some(false) || known.met == Some(false) {
                details.push(known.shown(check, part.words));
            }
        }
        if met.is_none() && classless {
            details = vec![part.say("no_class", &[])];
        } else if met.is_none() {
            details.clear();
        }
        Seen { met, detail: details.join(&part.say("joint", &[])), marks, wanted }
    }
}
