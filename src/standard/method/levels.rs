//! Points per level of honour.

use serde::Serialize;

use super::{
    PartInput, PartReader, PartResult, ScoringMethod, Sentence,
    numbers::{result, shown},
};
use crate::standard::{
    entry::{PartEntries, Value, What},
    raw::Level,
};

/// The first and further honours of each level, limited to the points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Levels {
    pub levels: Vec<Level>,
}

impl ScoringMethod for Levels {
    fn keys() -> &'static [&'static str] {
        &["level"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        let levels = part.written.level.clone();
        if levels.is_empty() {
            part.need(None::<()>, "level");
        }
        for (i, level) in levels.iter().enumerate() {
            part.between(level.first, 1e-9, f64::MAX, &format!("level.{i}.first"));
            part.between(level.more, 0.0, f64::MAX, &format!("level.{i}.more"));
        }
        Levels { levels }
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        for (n, level) in self.levels.iter().enumerate() {
            part.add(&format!("level{}", n + 1), What::Level(level.name.clone()), Value::Count);
        }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let each = self.levels.iter().map(|level| {
            let args = [
                ("level", level.name.get(text.words.language).to_string()),
                ("first", text.points(level.first)),
                ("more", text.points(level.more)),
            ];
            text.say(if level.more > 0.0 { "level" } else { "level_once" }, &args)
        });
        let each = each.collect::<Vec<_>>().join(&text.say("comma", &[]));
        text.say("levels", &[("levels", each), ("points", text.own_points())])
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let (mut sum, mut terms) = (0.0, Vec::new());
        let (mut marks, mut wanted) = (Vec::new(), Vec::new());
        for (n, level) in self.levels.iter().enumerate() {
            match part.number(&format!("level{}", n + 1)) {
                Ok((count, mark)) => {
                    marks.push(mark);
                    if count >= 1.0 {
                        sum += level.first + level.more * (count - 1.0);
                        terms.push(shown(level.first));
                    }
                    if count >= 2.0 && level.more > 0.0 {
                        terms.push(format!("{} × {}", shown(count - 1.0), shown(level.more)));
                    }
                }
                Err(entry) => wanted.push(entry),
            }
        }
        if !wanted.is_empty() {
            return PartResult { marks, ..PartResult::unmarked(wanted) };
        }
        let text = match &terms[..] {
            [] => shown(0.0),
            [one] if !one.contains('×') => one.clone(),
            terms => format!("{} {}", terms.join(" + "), result(sum)),
        };
        PartResult::within(text, sum, sum.min(part.points), marks)
    }
}
