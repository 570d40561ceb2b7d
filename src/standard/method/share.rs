//! The points times a percentage.

use serde::Serialize;

use super::{
    PartInput, PartReader, PartResult, ScoringMethod, Sentence,
    numbers::{result, shown},
};
use crate::standard::{
    Text,
    entry::{PartEntries, Value, What},
};

/// Points × a percentage, which is entered or the value of a check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    pub check: Option<String>,
    pub entered: Text,
}

impl ScoringMethod for Share {
    fn keys() -> &'static [&'static str] {
        &["check", "entered"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        let entered = match (&part.check, part.written.entered.clone()) {
            (None, None) => part.need(None, "entered"),
            (_, entered) => entered.unwrap_or_default(),
        };
        Share { check: part.check.clone(), entered }
    }

    fn checks(&self) -> &[String] {
        self.check.as_slice()
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        if self.check.is_none() {
            part.add("value", What::Value(self.entered.clone()), Value::Percent);
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let entered = match &self.check {
            Some(check) => text.title(check),
            None => self.entered.get(text.words.language).to_string(),
        };
        text.say("share", &[("points", text.own_points()), ("entered", entered)])
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let (percent, marks) = match &self.check {
            Some(id) => {
                let Some((check, known)) = part.check(id) else { return PartResult::default() };
                match &known.value {
                    // A value that is not a percentage is a share of 1.
                    Some(value) if check.unit == "%" => (value.value, known.marks.clone()),
                    Some(value) => (value.value * 100.0, known.marks.clone()),
                    None => return PartResult::unmarked([part.check_entry(id)]),
                }
            }
            None => match part.number("value") {
                Ok((percent, mark)) => (percent, vec![mark]),
                Err(entry) => return PartResult::unmarked([entry]),
            },
        };
        let raw = part.points * percent / 100.0;
        let text = format!("{} × {}% {}", shown(part.points), shown(percent), result(raw));
        PartResult::within(text, raw, raw.clamp(0.0, part.points), marks)
    }
}
