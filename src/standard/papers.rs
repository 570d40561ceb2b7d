//! The papers that are handed in, and what follows from a result.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Item, Rule, Scoring, Standard, Step, Text, raw,
    resolver::{Resolver, listed},
};

/// A paper that is handed in.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    pub id: String,
    pub title: Text,
    /// The office that hands it in; `None` if every unit does.
    pub from: Option<String>,
    /// The id of the step whose date is its due date.
    pub step: String,
    pub offices: Vec<String>,
    /// The entries that lateness decides.
    pub fills: Vec<String>,
    pub clause: String,
}

/// What follows from a result.
#[derive(Debug, Clone, Serialize)]
pub struct Consequence {
    pub id: String,
    pub title: Text,
    pub when: ConsequenceWhen,
    pub clause: String,
}

/// Who falls under a consequence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsequenceWhen {
    /// Units of this grade.
    Grade(String),
    Vetoed,
    /// Units whose paper came after its due date.
    PaperLate(String),
    /// Units whose rectification is open after its due date.
    OpenRectification,
    /// Units for which this is entered.
    Fact(Text),
}

impl Standard {
    /// The papers that every unit hands in.
    pub fn papers_of_units(&self) -> impl Iterator<Item = &Paper> {
        let scored = self.units.is_some();
        self.papers.iter().filter(move |paper| scored && paper.from.is_none())
    }

    /// The paper with this id.
    pub fn paper(&self, id: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.id == id)
    }

    /// The last day on which a paper is in time; `None` where the document leaves it open.
    pub fn due_of(&self, paper: &Paper, year: i32) -> Option<NaiveDate> {
        self.step(&paper.step).and_then(|step| step.due_in(year))
    }

    /// Whether the document gives a day for a paper.
    pub fn is_dated(&self, paper: &Paper) -> bool {
        self.step(&paper.step).is_some_and(Step::is_dated)
    }

    /// Whether a paper decides this entry by its date of receipt.
    pub fn filled_by_paper(&self, entry: &str) -> bool {
        self.papers_of_units().any(|paper| paper.fills.iter().any(|filled| filled == entry))
    }
}

impl Resolver<'_> {
    pub(super) fn papers(&mut self, written: Vec<raw::Paper>, steps: &[Step], items: &[Item]) -> Vec<Paper> {
        let filled = fillable(items);
        let mut papers = Vec::new();
        for (i, paper) in written.into_iter().enumerate() {
            let path = format!("paper.{i}");
            let step = self.need(paper.step, &path, "step");
            if !step.is_empty() && !steps.iter().any(|one| one.id == step) {
                let problem = self
                    .error("standard_paper_step", &format!("{path}.step"))
                    .with("found", &step)
                    .with("allowed", listed(steps.iter().map(|step| &step.id)));
                self.problems.push(problem);
            }
            let fills = match paper.fills {
                None => Vec::new(),
                Some(raw::Names::One(one)) => vec![one],
                Some(raw::Names::Several(several)) => several,
            };
            for entry in fills.iter().filter(|entry| !filled.contains(*entry)) {
                let problem = self
                    .error("standard_paper_fills", &format!("{path}.fills"))
                    .with("found", entry)
                    .with("allowed", listed(filled.iter()));
                self.problems.push(problem);
            }
            papers.push(Paper {
                title: self.need(paper.title, &path, "title"),
                from: paper.from.filter(|from| from != "units"),
                step,
                offices: paper.offices.unwrap_or_default(),
                fills,
                clause: paper.clause.unwrap_or_default(),
                id: paper.id,
            });
        }
        papers
    }

    pub(super) fn consequences(
        &mut self,
        written: Vec<raw::Consequence>,
        papers: &[Paper],
        scoring: Option<&Scoring>,
    ) -> Vec<Consequence> {
        let mut consequences = Vec::new();
        for (i, consequence) in written.into_iter().enumerate() {
            let path = format!("consequence.{i}");
            let when = self.falls_under(consequence.when.unwrap_or_default(), &path, papers, scoring);
            consequences.push(Consequence {
                title: self.need(consequence.title, &path, "title"),
                when,
                clause: consequence.clause.unwrap_or_default(),
                id: consequence.id,
            });
        }
        consequences
    }

    fn falls_under(
        &mut self,
        written: raw::ConsequenceWhen,
        path: &str,
        papers: &[Paper],
        scoring: Option<&Scoring>,
    ) -> ConsequenceWhen {
        let mut whens = Vec::new();
        if let Some(grade) = written.grade {
            let grades = scoring.map_or(&[][..], |scoring| &scoring.grades);
            if !grades.iter().any(|own| own.name.zh == grade) {
                let problem = self
                    .error("standard_consequence_grade", &format!("{path}.when.grade"))
                    .with("found", &grade)
                    .with("allowed", listed(grades.iter().map(|grade| &grade.name.zh)));
                self.problems.push(problem);
            }
            whens.push(ConsequenceWhen::Grade(grade));
        }
        if let Some(paper) = written.paper_late {
            if !papers.iter().any(|own| own.id == paper) {
                let problem = self
                    .error("standard_consequence_paper", &format!("{path}.when.paper_late"))
                    .with("found", &paper)
                    .with("allowed", listed(papers.iter().map(|paper| &paper.id)));
                self.problems.push(problem);
            }
            whens.push(ConsequenceWhen::PaperLate(paper));
        }
        whens.extend(written.fact.map(ConsequenceWhen::Fact));
        whens.extend((written.vetoed == Some(true)).then_some(ConsequenceWhen::Vetoed));
        let open = written.open_rectification == Some(true);
        whens.extend(open.then_some(ConsequenceWhen::OpenRectification));
        if whens.len() != 1 {
            let problem = self.error("standard_consequence_when", path).with("found", whens.len());
            self.problems.push(problem);
        }
        whens.into_iter().next().unwrap_or(ConsequenceWhen::Vetoed)
    }
}

/// Adjustments that take off once, and parts.
fn fillable(items: &[Item]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for item in items {
        let Rule::Scored { parts, adjustments, .. } = &item.rule else { continue };
        let once = adjustments.iter().filter(|a| matches!(a.rule, super::AdjustmentRule::Once { .. }));
        let whole = parts.iter().map(|part| &part.id).chain(once.map(|adjustment| &adjustment.id));
        ids.extend(whole.map(|id| format!("{}.{id}", item.id)));
    }
    ids
}
