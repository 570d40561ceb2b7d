//! The verdict on a district and year: ready, not ready, or undecidable, and why.

use serde_json::json;

use crate::{
    standard::{Rule, Standard, grades},
    tables::{
        Status,
        judged::JudgedItem,
        verdict::{Excluded, Outcome, Reason, Verdict},
    },
    words::Words,
};

/// Everything that a verdict depends on.
pub struct Basis<'a> {
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub reliefs: bool,
    pub district_code: String,
    pub district_name: String,
    pub year: i32,
    /// Status and name of every section in scope.
    pub schools: Vec<(Status, String)>,
    pub excluded: Vec<Excluded>,
    pub items: &'a [JudgedItem],
    /// Whether the value of some school or CV is borderline.
    pub borderline: bool,
    /// The label of each missing fact, and the number of sections that lack it.
    pub missing_facts: Vec<(String, usize)>,
}

impl Basis<'_> {
    pub fn verdict(self) -> Verdict {
        let (standard, words) = (self.standard, self.words);
        let schools = |status: Status| self.schools.iter().filter(|(s, _)| *s == status).count();
        let items = |status: Status| self.items.iter().filter(|i| i.status == status).count();
        let mut reasons = Vec::new();
        if let Some(rule) = &standard.school_rule {
            let rule = rule.text.get(words.language).to_string();
            reasons.extend(self.schools_reason(Status::Unmet, "judge.reason_schools", &rule));
            reasons.extend(self.schools_reason(Status::Missing, "judge.reason_schools_missing", &rule));
        }
        for judged in self.items {
            if matches!(judged.status, Status::Unmet | Status::Missing) {
                reasons.push(self.item_reason(judged));
            }
        }
        for (fact, n) in &self.missing_facts {
            let text = words.fill("judge.reason_facts", &[("fact", fact.clone()), ("n", n.to_string())]);
            reasons.push(Reason {
                status: "missing",
                text,
                rows: json!({"table": "findings", "code": "measure_missing"}),
            });
        }
        // A standard that judges schools or their differences says nothing about a district without schools.
        let wants_schools = standard.school_rule.is_some() || standard.composites().next().is_some();
        if self.schools.is_empty() && wants_schools {
            reasons.push(Reason {
                status: "missing",
                text: words.say("judge.reason_none"),
                rows: json!({"table": "facts"}),
            });
        }
        // A standard without thresholds and items only measures; no district is ready by it.
        if self.items.is_empty() && self.schools.iter().all(|(status, _)| *status == Status::NotApplicable) {
            reasons.push(Reason {
                status: "missing",
                text: words.say("judge.reason_measured_only"),
                rows: json!({"table": "dispersion"}),
            });
        }
        let (score, graded) = self.scored();
        if let (Some(total), Some(graded), true) = (score, &graded, items(Status::Unmet) == 0)
            && graded.grade.is_none()
            // Between two grades the items are met all the same; only the grade has no name.
            && graded.between.is_none()
        {
            reasons.push(Reason {
                status: "unmet",
                text: words.fill("judge.reason_scoring", &[("score", total.to_string())]),
                rows: json!({"table": "items", "kind": "scored"}),
            });
        }
        reasons.sort_by_key(|r| r.status != "unmet");
        let outcome = match () {
            () if reasons.iter().any(|r| r.status == "unmet") => Outcome::NotReady,
            () if !reasons.is_empty() => Outcome::CannotBeJudged,
            () => Outcome::Ready,
        };
        // A grade is only given if everything else is met: the document names none otherwise.
        let grade = graded.as_ref().filter(|_| outcome == Outcome::Ready).and_then(|g| g.grade);
        let grade_note = graded.as_ref().and_then(|g| g.between).map(|(below, above)| {
            words.fill(
                "judge.grade_gap",
                &[
                    ("score", score.unwrap_or_default().to_string()),
                    ("below", below.name.get(words.language).to_string()),
                    ("above", above.name.get(words.language).to_string()),
                    ("policy", format!("grade_gap = {}", grades::policy(standard))),
                ],
            )
        });
        Verdict {
            standard: standard.id.clone(),
            standard_version: standard.version.clone(),
            standard_title: standard.title.get(words.language).to_string(),
            reliefs: if self.reliefs { relief_ids(standard) } else { Vec::new() },
            outcome,
            schools: self.schools.len(),
            schools_met: schools(Status::Met),
            schools_unmet: schools(Status::Unmet),
            schools_missing: schools(Status::Missing),
            items_met: items(Status::Met),
            items_unmet: items(Status::Unmet),
            items_missing: items(Status::Missing),
            score,
            grade: grade.map(|g| g.name.get(words.language).to_string()),
            score_statement: score.map(|score| self.score_statement(score, graded.as_ref(), outcome)),
            grade_note,
            borderline: self.borderline || self.items.iter().any(|i| i.borderline),
            reasons,
            district_code: self.district_code,
            district_name: self.district_name,
            year: self.year,
            excluded: self.excluded,
        }
    }

    fn schools_reason(&self, status: Status, key: &str, rule: &str) -> Option<Reason> {
        let names: Vec<&str> =
            self.schools.iter().filter(|(s, _)| *s == status).map(|(_, name)| name.as_str()).collect();
        if names.is_empty() {
            return None;
        }
        let mut list = names.iter().take(5).copied().collect::<Vec<_>>().join(&self.words.say("judge.comma"));
        if names.len() > 5 {
            list = self.words.fill("judge.and_more", &[("names", list)]);
        }
        let args = [("n", names.len().to_string()), ("rule", rule.to_string()), ("names", list)];
        let met = status.met().map_or(serde_json::Value::Null, serde_json::Value::Bool);
        Some(Reason {
            status: status.id(),
            text: self.words.fill(key, &args),
            rows: json!({"table": "schools", "met": met}),
        })
    }

    fn item_reason(&self, judged: &JudgedItem) -> Reason {
        let item = &self.standard.items[judged.item];
        let rows = match &item.rule {
            Rule::Indicator { indicator } => json!({"table": "dispersion", "indicator": indicator}),
            Rule::Composite { .. } => json!({"table": "dispersion", "indicator": item.id}),
            _ => json!({"table": "items", "item": item.id}),
        };
        let args = [
            ("id", item.id.clone()),
            ("title", item.title.get(self.words.language).to_string()),
            ("detail", judged.detail.clone()),
        ];
        Reason { status: judged.status.id(), text: self.words.fill("judge.reason_item", &args), rows }
    }

    /// `B类 87.5：良好；A类 2 项未达标，不予认定`: the grade of the scores is a fact of its own, whatever else is unmet.
    fn score_statement(&self, score: f64, graded: Option<&grades::Graded<'_>>, outcome: Outcome) -> String {
        let words = self.words;
        let class_of = |judged: &JudgedItem| self.standard.items[judged.item].class.as_str();
        let scored =
            |judged: &JudgedItem| matches!(self.standard.items[judged.item].rule, Rule::Scored { .. });
        let called = |class: &str| match class {
            "" => String::new(),
            class => words.fill("judge.class", &[("class", class.to_string())]),
        };
        let class = self.items.iter().find(|judged| scored(judged)).map_or("", class_of);
        let grade = graded.and_then(|graded| graded.grade);
        let grade =
            grade.map_or_else(|| words.say("judge.no_grade"), |g| g.name.get(words.language).to_string());
        let args = [("class", called(class)), ("score", crate::number::at_most(score, 2)), ("grade", grade)];
        let mut parts = vec![words.fill("judge.score_grade", &args)];
        let mut counted: Vec<(&str, Status, usize)> = Vec::new();
        for judged in self.items.iter().filter(|i| matches!(i.status, Status::Unmet | Status::Missing)) {
            let of = (class_of(judged), judged.status);
            match counted.iter_mut().find(|(class, status, _)| (*class, *status) == of) {
                Some((.., count)) => *count += 1,
                None => counted.push((of.0, of.1, 1)),
            }
        }
        counted.sort_by_key(|(class, status, _)| (*status != Status::Unmet, *class));
        parts.extend(counted.into_iter().map(|(class, status, count)| {
            let args = [("class", called(class)), ("count", count.to_string())];
            words.fill(&format!("judge.items_{}", status.id()), &args)
        }));
        let schools = self.schools.iter().filter(|(status, _)| *status == Status::Unmet).count();
        if parts.len() == 1 && schools > 0 {
            parts.push(words.fill("judge.score_schools", &[("count", schools.to_string())]));
        }
        let parts = parts.join(&words.say("judge.joint"));
        match outcome {
            Outcome::Ready => parts,
            Outcome::NotReady => words.fill("judge.not_recognised", &[("what", parts)]),
            Outcome::CannotBeJudged => words.fill("judge.not_yet_recognised", &[("what", parts)]),
        }
    }

    /// The total, if every scored item is marked, and its grade.
    fn scored(&self) -> (Option<f64>, Option<grades::Graded<'_>>) {
        let Some(scoring) = &self.standard.scoring else { return (None, None) };
        let scores = self
            .items
            .iter()
            .filter(|i| matches!(self.standard.items[i.item].rule, Rule::Scored { .. }))
            .map(|i| i.score);
        match scores.sum::<Option<f64>>() {
            Some(total) => {
                let total = (total * 1e6).round() / 1e6;
                (Some(total), Some(grades::grade(total, scoring, grades::policy(self.standard))))
            }
            None => (None, None),
        }
    }
}

fn relief_ids(standard: &Standard) -> Vec<String> {
    let of_checks = standard.items.iter().flat_map(|i| i.checks()).flat_map(|c| &c.reliefs).map(|r| &r.id);
    let mut ids: Vec<String> = standard
        .indicators
        .iter()
        .flat_map(|i| &i.reliefs)
        .map(|r| &r.id)
        .chain(of_checks)
        .cloned()
        .collect();
    ids.sort();
    ids.dedup();
    ids
}
