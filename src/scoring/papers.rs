//! The papers that units handed in, what their days of receipt decide, and who falls under which consequence.

use super::{Entered, ScoringContext};
use crate::{
    problem::{Place, Problem},
    standard::{
        ConsequenceWhen, Standard,
        entry::Entry,
        method::numbers::shown,
        stages::{RECHECK, staged},
    },
    tables::{
        marks::Marks,
        scored::{FallsUnder, PaperState, Standing},
    },
    words::Words,
};

/// What is known of every paper of every unit.
pub fn register(standard: &Standard, marks: &Marks, entered: &Entered) -> Vec<PaperState> {
    let mut states = Vec::new();
    for (at, paper) in standard.papers.iter().enumerate() {
        if !standard.papers_of_units().any(|own| own.id == paper.id) {
            continue;
        }
        let dated = marks.year.and_then(|year| standard.due_of(paper, year));
        for unit in 0..marks.units.len() {
            let id = |asked: &str| format!("paper.{}.{asked}", paper.id);
            let received = entered.date(unit, &id("received"));
            states.push(PaperState {
                unit,
                paper: at,
                due: entered.date(unit, &id("due")).map(|(day, _)| day).or(dated),
                received: received.map(|(day, _)| day),
                complete: entered.truth(unit, &id("complete")).map(|(complete, _)| complete),
                mark: received.map(|(_, mark)| mark),
            });
        }
    }
    states
}

/// Enters the adjustments that lateness decides: what came after its due date or incomplete is late, and the day counts
/// where somebody entered something else, in every stage. What was not received is left open.
pub fn decide(
    standard: &Standard,
    marks: &Marks,
    papers: &[PaperState],
    entered: &mut Entered,
    words: &Words,
) -> Vec<Problem> {
    let mut findings = Vec::new();
    let entries = standard.entries();
    for state in papers {
        let (Some(paper), Some(mark)) = (standard.papers.get(state.paper), state.mark) else { continue };
        let (Some(days), Some(due), Some(received)) = (state.days_late(), state.due, state.received) else {
            continue;
        };
        let asked = paper.fills.iter().filter_map(|entry| entries.iter().find(|own| own.id == *entry));
        for (asked, stage) in asked.flat_map(|asked| in_stages(standard, asked)) {
            let (by_hand, points) = {
                let there = entered.in_stages(&[stage]);
                (there.truth(state.unit, &asked.id), there.number(state.unit, &asked.id))
            };
            // Only adjustments are yes or no; a part keeps its mark, and is decided where it is scored.
            let part = asked.part.is_some();
            // After rectification a paper may be complete; late it stays.
            let again = stage == RECHECK;
            let completed = again && by_hand.is_some_and(|(said, _)| !said);
            let late = days > 0 || (!part && state.complete == Some(false) && !completed);
            let contradiction = match (part, by_hand) {
                (true, _) => {
                    points.filter(|(points, _)| late && *points > 0.0).map(|(points, at)| (shown(points), at))
                }
                // By hand it may be late for not being as required, unless the register says that it is complete.
                (false, Some((true, _))) if !late && state.complete.is_none() => continue,
                (false, Some((said, at))) if said != late => {
                    Some((words.say(if said { "score.yes" } else { "score.no" }), at))
                }
                (false, _) => None,
            };
            if let Some((found, at)) = contradiction {
                let place = marks.marks.get(at).map(|mark| mark.place.clone()).unwrap_or_default();
                let other = marks.marks.get(mark).map(|mark| mark.place.clone()).unwrap_or_default();
                let unit = marks.units.get(state.unit).map_or("", |unit| unit.name.as_str());
                findings.push(
                    Problem::warning("score_paper_contradicts", place)
                        .with("unit", unit)
                        .with("entry", staged(&asked.id, stage))
                        .with("found", found)
                        .with("paper", paper.title.get(words.language))
                        .with("received", received)
                        .with("due", due)
                        .with("other", other),
                );
            }
            // What nobody says again stays as it was.
            if !part && (!again || by_hand.is_some()) {
                entered.decide(state.unit, (&asked.id, stage), late, mark);
            }
        }
    }
    findings
}

/// An entry in each stage in which it is asked for, the year's first.
fn in_stages<'a>(standard: &'a Standard, asked: &'a Entry) -> impl Iterator<Item = (&'a Entry, &'a str)> {
    let stages = std::iter::once("").chain(standard.stages());
    stages.filter(|stage| standard.is_in_stage(asked, stage)).map(move |stage| (asked, stage))
}

/// A part that got no points because its paper was late.
pub struct LatePart {
    pub mark: usize,
    pub arithmetic: String,
}

impl ScoringContext<'_> {
    /// The paper that takes all points off a part (`87.1`), if it was late.
    pub(super) fn late_part(&self, unit: usize, part: &str) -> Option<LatePart> {
        let late = |state: &&PaperState| state.unit == unit && state.days_late().is_some_and(|days| days > 0);
        self.papers.iter().filter(late).find_map(|state| {
            let paper = self.standard.papers.get(state.paper)?;
            paper.fills.iter().any(|filled| filled == part).then_some(())?;
            let args = [
                ("paper", paper.title.get(self.words.language).to_string()),
                ("received", state.received?.to_string()),
                ("due", state.due?.to_string()),
                ("score", shown(0.0)),
            ];
            Some(LatePart { mark: state.mark?, arithmetic: self.words.fill("score.paper_late", &args) })
        })
    }

    /// Who falls under which consequence, in the order of the standard. Rectification that is open is known from the
    /// ledger alone: see `gap::ledger::rectification`.
    pub(super) fn falls_under(&self, standings: &[Standing]) -> Vec<FallsUnder> {
        let mut found = Vec::new();
        let words = self.words;
        for (at, own) in self.standard.consequences.iter().enumerate() {
            for standing in standings {
                let because = match &own.when {
                    ConsequenceWhen::Grade(grade) => self.grade_of(standing, grade),
                    ConsequenceWhen::Vetoed => (!standing.vetoed.is_empty()).then(|| {
                        let items = standing.vetoed.iter().filter_map(|item| self.standard.items.get(*item));
                        let items: Vec<&str> = items.map(|item| item.id.as_str()).collect();
                        words.fill(
                            "score.because.vetoed",
                            &[("items", items.join(&words.say("standard.and")))],
                        )
                    }),
                    ConsequenceWhen::PaperLate(paper) => self.late_paper(standing.unit, paper),
                    ConsequenceWhen::Fact(fact) => {
                        let said = self.entered.truth(standing.unit, &format!("consequence.{}", own.id));
                        said.filter(|(said, _)| *said).map(|_| fact.get(words.language).to_string())
                    }
                    ConsequenceWhen::OpenRectification => None,
                };
                found.extend(because.map(|because| FallsUnder {
                    unit: standing.unit,
                    consequence: at,
                    because,
                }));
            }
        }
        found
    }

    fn grade_of(&self, standing: &Standing, grade: &str) -> Option<String> {
        let grades = &self.standard.scoring.as_ref()?.grades;
        let own = standing.grade.and_then(|at| grades.get(at)).filter(|own| own.name.zh == grade)?;
        // A condition that does not hold leaves the unit without the grade.
        (standing.condition != Some(false)).then_some(())?;
        let name = own.name.get(self.words.language).to_string();
        Some(self.words.fill("score.because.grade", &[("grade", name)]))
    }

    fn late_paper(&self, unit: usize, paper: &str) -> Option<String> {
        let state = self.papers.iter().find(|state| {
            state.unit == unit && self.standard.papers.get(state.paper).is_some_and(|own| own.id == paper)
        })?;
        let days = state.days_late().filter(|days| *days > 0)?;
        let title = self.standard.papers.get(state.paper)?.title.get(self.words.language).to_string();
        let args = [
            ("paper", title),
            ("received", state.received?.to_string()),
            ("due", state.due?.to_string()),
            ("days", days.to_string()),
        ];
        Some(self.words.fill("score.because.paper_late", &args))
    }
}

/// Papers whose due date is not known although they were received, grouped by paper.
pub fn without_due(standard: &Standard, papers: &[PaperState], words: &Words) -> Vec<Problem> {
    let mut notes = Vec::new();
    for (at, paper) in standard.papers.iter().enumerate().filter(|(_, paper)| !paper.fills.is_empty()) {
        let open = papers.iter().filter(|state| state.paper == at);
        let open = open.filter(|state| state.received.is_some() && state.due.is_none()).count();
        if open > 0 {
            let note = Problem::note("score_paper_without_due", Place::default());
            notes.push(note.with("paper", paper.title.get(words.language)).with("units", open));
        }
    }
    notes
}
