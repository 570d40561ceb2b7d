//! Why points were lost: the rule, its numbers, and the facts that offices wrote. Nothing else is a reason: what the
//! document itself says wrongly is no unit's fault.

use serde::Serialize;

use super::{View, points_text};
use crate::{
    standard::rule_text,
    tables::{
        marks::Reason,
        scored::{ItemScore, Loss},
    },
};

/// A loss of points with everything that explains it, as printed.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemLine {
    #[serde(skip)]
    pub loss: Loss,
    /// `27.2`
    pub number: String,
    /// The part or the adjustment; empty if the item has only one.
    pub part: String,
    pub item: String,
    pub lost: String,
    /// How the standard scores it, and the arithmetic of this score.
    pub rule: String,
    pub arithmetic: String,
    pub facts: Vec<FactLine>,
    /// Whether a mark decided it and nobody wrote a fact.
    pub unexplained: bool,
    /// The offices that wrote the facts or made the mark.
    pub offices: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct FactLine {
    pub fact: String,
    /// With number and date: `检查记录（教督〔2026〕3号，2026-03-12）`.
    pub evidence: String,
    pub required: String,
}

impl<'a> View<'a> {
    /// The reasons for an item of a unit, in the order of the workbooks.
    pub fn reasons(&self, unit: usize, item: usize) -> impl Iterator<Item = &'a Reason> {
        let all = &self.scoring.marks.reasons;
        all.iter().filter(move |reason| (reason.unit, reason.item) == (unit, item))
    }

    /// The losses of an item, each with its reasons.
    pub fn problems(&self, score: &ItemScore) -> Vec<ProblemLine> {
        score.losses(self.scoring.standard).into_iter().map(|loss| self.problem(score, loss)).collect()
    }

    fn problem(&self, score: &ItemScore, loss: Loss) -> ProblemLine {
        let reasons: Vec<&Reason> =
            self.reasons(loss.unit, loss.item).filter(|reason| loss.is_of(reason)).collect();
        let facts: Vec<FactLine> = reasons.iter().map(|reason| self.fact(reason)).collect();
        let mut offices: Vec<String> = Vec::new();
        let mark = loss.mark.and_then(|at| self.mark(at));
        let named = reasons.iter().map(|reason| &reason.office).chain(mark.map(|mark| &mark.office));
        for office in named.filter(|office| !office.is_empty()) {
            if !offices.contains(office) {
                offices.push(office.clone());
            }
        }
        let (part, rule) = self.part_and_rule(loss);
        let own = loss.part.and_then(|part| score.parts.iter().find(|own| own.part == part));
        ProblemLine {
            number: loss.number(self.scoring.standard),
            part,
            item: self.item_title(loss.item),
            lost: points_text(loss.points),
            rule,
            arithmetic: match own {
                Some(own) => own.arithmetic.clone(),
                None if loss.adjustment.is_some() => format!("−{}", points_text(loss.points)),
                None => self.say("state.not_assessed", &[]),
            },
            unexplained: mark.is_some() && reasons.iter().all(|reason| reason.fact.is_empty()),
            facts,
            offices,
            loss,
        }
    }

    /// The title of a part or an adjustment, if the item has several, and its rule in words.
    fn part_and_rule(&self, loss: Loss) -> (String, String) {
        let (parts, adjustments) = (self.parts(loss.item), self.adjustments(loss.item));
        let checks = self.items().get(loss.item).map_or(&[][..], |item| item.checks());
        let units = rule_text::units(self.scoring.standard, self.words());
        if let Some(part) = loss.part.and_then(|at| parts.get(at)) {
            let title = if parts.len() > 1 { part.title.clone() } else { String::new() };
            return (title, rule_text::of_part(part, checks, &units, self.words()));
        }
        match loss.adjustment.and_then(|at| adjustments.get(at)) {
            Some(own) => (self.said(&own.title).to_string(), rule_text::of_adjustment(own, self.words())),
            None => (String::new(), String::new()),
        }
    }

    pub fn fact(&self, reason: &Reason) -> FactLine {
        FactLine {
            fact: reason.fact.clone(),
            evidence: self.evidence_of(reason),
            required: reason.required.clone(),
        }
    }

    /// `检查记录（教督〔2026〕3号，2026-03-12）`; empty if there is none.
    fn evidence_of(&self, reason: &Reason) -> String {
        let details: Vec<&str> = [&reason.number, &reason.date]
            .into_iter()
            .map(String::as_str)
            .filter(|t| !t.is_empty())
            .collect();
        let details = details.join(&self.say("comma", &[]));
        match (reason.evidence.is_empty(), details.is_empty()) {
            (_, true) => reason.evidence.clone(),
            (true, false) => details,
            (false, false) => {
                let args = [("evidence", reason.evidence.clone()), ("details", details)];
                self.say("reason.evidence_of", &args)
            }
        }
    }

    /// The facts of a loss as sentences: fact, evidence and what is required; 事由未填 if a mark has none.
    pub fn told(&self, problem: &ProblemLine) -> Vec<String> {
        let mut texts = Vec::new();
        if problem.unexplained {
            texts.push(self.say("reason.none", &[]));
        }
        for line in &problem.facts {
            let said = [("fact", &line.fact), ("evidence", &line.evidence), ("required", &line.required)];
            let said: Vec<String> = said
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(key, text)| {
                    let text = text.trim_end_matches(['。', '.', '；', ';']).to_string();
                    self.say(&format!("reason.{key}"), &[(key, text)])
                })
                .collect();
            texts.push(said.join(&self.say("then", &[])));
        }
        texts
    }
}
