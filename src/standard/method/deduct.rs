//! A deduction for each thing counted.

use serde::Serialize;

use super::{
    PartInput, PartReader, PartResult, ScoringMethod, Sentence,
    numbers::{result, shown},
};
use crate::standard::{
    Text,
    entry::{PartEntries, Value, What},
};

/// Points − `each` × count, not below 0. The count is entered, or is the value of a check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deduct {
    pub each: f64,
    pub counted: Text,
    pub check: Option<String>,
    /// Instead of a count, points are entered, halves too: 0, or from `least` up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
}

impl ScoringMethod for Deduct {
    fn keys() -> &'static [&'static str] {
        &["check", "each", "counted", "least"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        Deduct {
            each: part.positive(part.written.each, "each"),
            counted: part.need(part.written.counted.clone(), "counted"),
            check: part.check.clone(),
            least: part.written.least.map(|least| part.between(least, 0.0, f64::MAX, "least")),
        }
    }

    fn checks(&self) -> &[String] {
        self.check.as_slice()
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        if self.check.is_none() {
            // Points that are entered are no whole number.
            let value = match self.least {
                Some(least) => Value::Deduction { least },
                None => Value::Count,
            };
            part.add("count", What::Count(self.counted.clone()), value);
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let what = match &self.check {
            Some(check) if self.counted.zh.is_empty() => text.title(check),
            _ => self.counted.get(text.words.language).to_string(),
        };
        if let (Some(least), None) = (self.least, &self.check) {
            return text.say("deduct_entered", &[("least", text.points(least))]);
        }
        let each = ("each", text.points(self.each));
        if what.is_empty() {
            text.say("deduct", &[each])
        } else {
            text.say("deduct_of", &[each, ("counted", what)])
        }
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let (count, marks) = match &self.check {
            Some(id) => {
                let Some((_, known)) = part.check(id) else { return PartResult::default() };
                match &known.value {
                    Some(value) => (value.value, known.marks.clone()),
                    None => return PartResult::unmarked([part.check_entry(id)]),
                }
            }
            None => match part.number("count") {
                Ok((count, mark)) => (count, vec![mark]),
                Err(entry) => return PartResult::unmarked([entry]),
            },
        };
        // A negative count must not add points.
        let count = count.max(0.0);
        let left = part.points - count * self.each;
        let text =
            format!("{} − {} × {} {}", shown(part.points), shown(count), shown(self.each), result(left));
        PartResult::within(text, left, left.max(0.0), marks)
    }
}
