//! This year compared with last year.

use serde::Serialize;

use super::{
    BestScore, PartInput, PartReader, PartResult, ScoringMethod, Sentence,
    numbers::{compared, shown},
};
use crate::standard::entry::{PartEntries, Value, What};

/// This year compared with last year, as the office states it, or by the value of a check and its requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    pub up: f64,
    pub same: f64,
    pub down: f64,
    pub check: Option<String>,
}

impl ScoringMethod for Trend {
    fn keys() -> &'static [&'static str] {
        &["check", "up", "same", "down"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        Trend {
            up: part.not_negative(part.written.up, "up"),
            same: part.not_negative(part.written.same, "same"),
            down: part.not_negative(part.written.down, "down"),
            check: part.check.clone(),
        }
    }

    fn checks(&self) -> &[String] {
        self.check.as_slice()
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        if self.check.is_none() {
            part.add("trend", What::Direction, Value::Direction);
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let args = [
            ("up", text.points(self.up)),
            ("same", text.points(self.same)),
            ("down", text.points(self.down)),
            ("check", self.check.as_ref().map(|id| text.title(id)).unwrap_or_default()),
        ];
        text.say(if self.check.is_some() { "trend_of" } else { "trend" }, &args)
    }

    fn best(&self) -> Option<BestScore> {
        Some(BestScore { points: self.up, key: "up", is_full_mark: true })
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let (direction, detail, marks) = match &self.check {
            Some(id) => {
                let Some((check, known)) = part.check(id) else { return PartResult::default() };
                let Some(direction) = known.direction else {
                    return PartResult::unmarked(known.wanted.clone());
                };
                let detail = match (&known.value, &known.required) {
                    (Some(now), Some(before)) => {
                        let (now, before) = compared(now, before, check.decimals);
                        part.say("trend_detail", &[("before", before), ("now", now)])
                    }
                    _ => String::new(),
                };
                (direction, detail, known.marks.clone())
            }
            None => {
                let entry = part.entry("trend");
                match part.answers.direction(&entry) {
                    Some((direction, mark)) => (direction, String::new(), vec![mark]),
                    None => return PartResult::unmarked([entry]),
                }
            }
        };
        let (score, said) = match direction {
            1.. => (self.up, "up"),
            0 => (self.same, "same"),
            _ => (self.down, "down"),
        };
        let args = [("direction", part.say(said, &[])), ("detail", detail), ("score", shown(score))];
        PartResult::scored(score, part.say("trend", &args), marks)
    }
}
