//! A share of the points for what is in place, plus a bonus, minus faults.

use serde::Serialize;

use super::{
    PartInput, PartReader, PartResult, ScoringMethod, Sentence,
    numbers::{result, shown},
};
use crate::{
    number,
    standard::entry::{PartEntries, Value, What},
};

/// `share` × points + bonus − fault, from 0 to the points. The maximum bonus is the rest; a fault is 0 or between the
/// two numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Base {
    pub share: f64,
    pub fault: Option<(f64, f64)>,
}

impl ScoringMethod for Base {
    fn keys() -> &'static [&'static str] {
        &["base", "fault"]
    }

    fn read(part: &mut PartReader<'_, '_>) -> Self {
        let share = part.share(part.written.base, "base");
        let fault = part.written.fault.map(|[least, most]| (part.between(least, 0.0, most, "fault"), most));
        Base { share, fault }
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        // With points of a yearly index the entry has no maximum; the arithmetic limits the bonus.
        let most = part.points().map(|points| points * (1.0 - self.share));
        part.add("bonus", What::Bonus, Value::Score { most });
        if let Some((least, most)) = self.fault {
            part.add("fault", What::Fault, Value::Range { least, most });
        }
    }

    fn most_entered(&self, what: &What, points: f64) -> f64 {
        if *what == What::Bonus { points * (1.0 - self.share) } else { points }
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        let percent = |share: f64| number::calculated(Some(share * 100.0));
        let share = ("share", percent(self.share));
        let base = match text.points {
            Some(points) => {
                let bonus = text.points(points * (1.0 - self.share));
                text.say("base", &[share, ("base", text.points(points * self.share)), ("bonus", bonus)])
            }
            None => text.say("base_yearly", &[share, ("rest", percent(1.0 - self.share))]),
        };
        match self.fault {
            Some((least, most)) => {
                let args = [("least", number::calculated(Some(least))), ("most", text.points(most))];
                base + &text.say("fault", &args)
            }
            None => base,
        }
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        let (mut marks, mut wanted) = (Vec::new(), Vec::new());
        let mut read = |name: &str| match part.number(name) {
            Ok((number, mark)) => {
                marks.push(mark);
                number
            }
            Err(entry) => {
                wanted.push(entry);
                0.0
            }
        };
        let bonus = read("bonus");
        let fault = if self.fault.is_some() { read("fault") } else { 0.0 };
        if !wanted.is_empty() {
            return PartResult { marks, ..PartResult::unmarked(wanted) };
        }
        let sum = self.share * part.points + bonus - fault;
        let mut text = format!("{} × {}", shown(self.share), shown(part.points));
        for (sign, number) in [("+", bonus), ("−", fault)] {
            if number != 0.0 {
                text += &format!(" {sign} {}", shown(number));
            }
        }
        let score = sum.clamp(0.0, part.points.max(0.0));
        PartResult::within(format!("{text} {}", result(sum)), sum, score, marks)
    }
}
