//! Elements that are present or not.

use serde::Serialize;

use super::{
    PartInput, PartReader, PartResult, ScoringMethod, Sentence,
    numbers::{result, shown},
};
use crate::standard::entry::{PartEntries, Value, What};

/// An equal share for each element that is present; with `all`, all points or none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Elements {
    pub elements: Vec<String>,
    pub all: bool,
}

impl ScoringMethod for Elements {
    fn keys() -> &'static [&'static str] {
        &["elements", "all"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        let elements = part.written.elements.clone().filter(|list| !list.is_empty());
        Elements { elements: part.need(elements, "elements"), all: part.written.all.unwrap_or(false) }
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        for (n, element) in self.elements.iter().enumerate() {
            part.add(&(n + 1).to_string(), What::Element(element.clone()), Value::YesNo);
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let count = self.elements.len();
        let share = text.points.map(|points| text.points(points / count.max(1) as f64));
        let key = match (self.all, &share) {
            (true, _) => "elements_all",
            (false, Some(_)) => "elements",
            (false, None) => "elements_yearly",
        };
        let args = [
            ("count", count.to_string()),
            ("points", text.own_points()),
            ("share", share.unwrap_or_default()),
        ];
        text.say(key, &args)
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let count = self.elements.len();
        let (mut present, mut marks, mut wanted) = (0, Vec::new(), Vec::new());
        for n in 1..=count {
            let entry = part.entry(&n.to_string());
            match part.answers.truth(&entry) {
                Some((there, mark)) => {
                    present += usize::from(there);
                    marks.push(mark);
                }
                None => wanted.push(entry),
            }
        }
        if !wanted.is_empty() {
            return PartResult { marks, ..PartResult::unmarked(wanted) };
        }
        if self.all {
            let (key, score) = if present == count { ("all_there", part.points) } else { ("not_all", 0.0) };
            let lacking = count - present;
            let args =
                [("count", count.to_string()), ("lacking", lacking.to_string()), ("score", shown(score))];
            return PartResult::scored(score, part.say(key, &args), marks);
        }
        let score = part.points * present as f64 / count.max(1) as f64;
        let text = format!("{} ÷ {count} × {present} {}", shown(part.points), result(score));
        PartResult::scored(score, text, marks)
    }
}
