//! Entries and marks: what was entered, by whom, and what has still to be entered.

use super::{View, once, points_text};
use crate::{
    standard::{
        entry::{Entry, Value, What},
        sources::SourceKind,
        stages::unstaged,
    },
    tables::{
        marks::{Entered, Mark},
        scored::ItemScore,
    },
};

/// An entry that has still to be made for a unit.
pub struct Unmarked {
    pub unit: usize,
    /// `None` if it concerns the unit as a whole.
    pub item: Option<usize>,
    pub entry: String,
    pub what: String,
    pub offices: Vec<String>,
}

impl<'a> View<'a> {
    pub fn mark(&self, at: usize) -> Option<&'a Mark> {
        self.scoring.marks.marks.get(at)
    }

    /// All marks that a score depends on.
    pub fn marks_of(&self, score: &'a ItemScore) -> impl Iterator<Item = &'a Mark> + '_ {
        let of_parts = score.parts.iter().flat_map(|part| &part.marks);
        let of_adjusted = score.adjusted.iter().flat_map(|adjusted| &adjusted.marks);
        of_parts.chain(of_adjusted).filter_map(|at| self.mark(*at))
    }

    /// Offices and signatures of marks, each once: 督导室（王敏）.
    pub fn who<'m>(&self, marks: impl Iterator<Item = &'m Mark>) -> Vec<String> {
        once(marks.map(|mark| {
            let office = self.office(&mark.office);
            match mark.marker.is_empty() {
                true => office,
                false => self.say("signed", &[("office", office), ("marker", mark.marker.clone())]),
            }
        }))
    }

    /// An office; entries without a named office belong to the organizer of the assessment.
    pub fn office(&self, name: &str) -> String {
        crate::report::scorebook::office_name(name, self.words())
    }

    /// An entry in words.
    pub fn entered(&self, mark: &Mark) -> String {
        let entry = self.entry(&mark.entry).map(|entry| &entry.value);
        match mark.entered {
            Entered::Truth(true) => self.say("yes", &[]),
            Entered::Truth(false) => self.say("no", &[]),
            Entered::Direction(way) => self.say(
                match way {
                    1.. => "up",
                    0 => "same",
                    _ => "down",
                },
                &[],
            ),
            Entered::Date(day) => day.to_string(),
            Entered::Number(number) => match entry {
                Some(Value::OneOf { points, names }) => {
                    let named = points.iter().position(|own| *own == number).and_then(|at| names.get(at));
                    named
                        .map_or_else(|| points_text(number), |name| format!("{name} {}", points_text(number)))
                }
                Some(Value::Percent) => points_text(number) + "%",
                Some(Value::Deduction { .. }) => {
                    self.words().fill("rule.points", &[("points", points_text(number))])
                }
                Some(Value::Amount { unit }) if !unit.is_empty() => {
                    format!("{} {}", points_text(number), self.words().unit(unit))
                }
                _ => points_text(number),
            },
        }
    }

    /// The description of an entry: the title of the part, and what to enter.
    pub fn what(&self, id: &str) -> String {
        let Some(entry) = self.entry(id) else { return id.to_string() };
        let said = match &entry.what {
            What::Score => self.say("what.score", &[]),
            What::Met => self.say("what.met", &[]),
            What::Bonus => self.say("what.bonus", &[]),
            What::Fault => self.say("what.fault", &[]),
            What::Tier => self.say("what.tier", &[]),
            What::Direction => self.say("what.direction", &[]),
            What::Element(element) => element.clone(),
            What::CheckValue { check } => self.check_title(entry.item, check),
            What::CheckRequired { check } => {
                self.say("what.required", &[("check", self.check_title(entry.item, check))])
            }
            What::Level(level) => self.say("what.level", &[("level", self.said(level).to_string())]),
            What::Count(text) | What::Value(text) | What::Adjustment(text) | What::Component(text) => {
                self.said(text).to_string()
            }
            What::Paper { title, asked } => {
                let asked = self.words().say(&format!("marking.what.{}", asked.id()));
                self.say("what.paper", &[("title", self.said(title).to_string()), ("asked", asked)])
            }
            What::Fact { consequence, fact } => self.say(
                "what.fact",
                &[("consequence", self.said(consequence).to_string()), ("fact", self.said(fact).to_string())],
            ),
            What::Condition { grade, words } => self.say(
                "what.condition",
                &[("grade", self.said(grade).to_string()), ("words", self.said(words).to_string())],
            ),
        };
        let said = match self.scoring.standard.stage_title(unstaged(id).1) {
            Some(stage) => {
                self.say("what.in_stage", &[("stage", self.said(stage).to_string()), ("what", said)])
            }
            None => said,
        };
        let parts = entry.item.map(|item| self.parts(item)).unwrap_or_default();
        match entry.part.and_then(|at| parts.get(at)).map(|part| part.title.as_str()) {
            Some(title) if !title.is_empty() && parts.len() > 1 => {
                self.say("what.of_part", &[("part", title.to_string()), ("what", said)])
            }
            _ => said,
        }
    }

    /// The entry with this id, whatever stage it is entered in.
    fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(unstaged(id).0)
    }

    fn check_title(&self, item: Option<usize>, check: &str) -> String {
        let item = item.and_then(|item| self.items().get(item));
        let check = item.and_then(|item| item.checks().iter().find(|own| own.id == check));
        check.map_or(String::new(), |check| self.said(&check.title).to_string())
    }

    pub fn entry_item(&self, id: &str) -> Option<usize> {
        self.entry(id).and_then(|entry| entry.item)
    }

    /// The offices that make an entry: those whose workbook has its row, otherwise those that the document names.
    pub fn offices(&self, entry: &str) -> Vec<String> {
        let asked = self.scoring.marks.asked.get(entry).filter(|offices| !offices.is_empty());
        let named = || self.entry(entry).map(|entry| entry.offices.clone()).unwrap_or_default();
        asked.cloned().unwrap_or_else(named)
    }

    /// Entries not yet made for a unit, in the order of the items; those about the whole unit come last.
    pub fn unmarked(&self, unit: usize) -> Vec<Unmarked> {
        let one = |item: Option<usize>, entry: &str| Unmarked {
            unit,
            item,
            entry: entry.to_string(),
            what: self.what(entry),
            offices: self.offices(entry),
        };
        let mut all: Vec<Unmarked> = self
            .scores(unit)
            .flat_map(|score| score.unmarked.iter().map(move |entry| (score.item, entry)))
            .map(|(item, entry)| one(Some(item), entry))
            .collect();
        let sources = self.sources();
        if let Some(own) = self.standing(unit) {
            for ((source, _), value) in sources.iter().zip(&own.components) {
                if value.is_none() && source.kind != SourceKind::Items {
                    let entry = one(None, &format!("component.{}", source.id));
                    // What the unit's self-assessment gives is no entry of an office.
                    let what =
                        if entry.what.is_empty() { self.said(&source.title).into() } else { entry.what };
                    all.push(Unmarked { what, ..entry });
                }
            }
            if let (Some(grade), Some(_), None) = (own.grade, self.condition(own), own.condition) {
                all.push(one(None, &format!("condition.{grade}")));
            }
        }
        all
    }
}
