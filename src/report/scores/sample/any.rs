//! Invented units under any built-in standard, marked entry by entry and scored by the program's own arithmetic: every
//! item and every heading.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Whole;
use crate::{
    problem::Place,
    scoring::{Last, score},
    standard::{
        AdjustmentRule, Rule, Standard,
        entry::{Entry, Value, What},
    },
    tables::{
        marks::{Entered, Mark, Marks, Unit},
        provenance::Provenance,
    },
    words::{Language, Words},
};

/// This number of units (or the units that the document names) under the standard of this name. The second unit lacks
/// some marks.
pub fn under(name: &str, units: usize, language: Language) -> Whole {
    let standard = Standard::load(name).expect("a standard that is shipped");
    let members = &standard.units.as_ref().expect("it scores").members;
    let made_up = |at: usize| Unit { name: format!("第{at}个示例单位"), ..Unit::default() };
    let units: Vec<Unit> = match members.is_empty() {
        true => (1..=units).map(made_up).collect(),
        false => members
            .iter()
            .map(|member| Unit {
                name: member.name.clone(),
                code: member.code.clone(),
                aliases: member.aliases.clone(),
                class: member.class.clone(),
            })
            .collect(),
    };
    let words = Words::load(language).expect("a catalogue");
    let mut marks = Marks { standard: standard.id.clone(), year: Some(2026), ..Marks::default() };
    for (at, entry) in standard.entries().iter().enumerate() {
        marks.asked.insert(entry.id.clone(), entry.offices.clone());
        for unit in (0..units.len()).filter(|unit| *unit != 1 || at % 17 != 3) {
            marks.marks.push(Mark {
                unit,
                entry: entry.id.clone(),
                entered: entered(&standard, entry, unit * 7 + at * 3),
                place: Place::cell(
                    "计分.xlsx",
                    "计分",
                    format!("{}{}", char::from(b'E' + unit as u8 % 20), at + 5),
                ),
                office: entry.offices.first().cloned().unwrap_or_default(),
                marker: String::new(),
            });
        }
    }
    // Items whose points come with the yearly index.
    for item in &standard.items {
        if matches!(&item.rule, Rule::Scored { points: None, .. }) {
            marks.yearly_points.insert(item.id.clone(), (6.0, Place::file("计分.xlsx")));
        }
    }
    let last: Last =
        units.iter().enumerate().map(|(at, unit)| (unit.name.clone(), (60.0, Some(at + 1)))).collect();
    marks.units = units;
    let scored = score(&standard, &marks, &HashMap::new(), &last, &words);
    let made = Provenance {
        program: "junheng 0".into(),
        inputs: vec!["计分.xlsx".into()],
        date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day"),
    };
    Whole { standard, marks, scored, made, words }
}

/// A valid entry, different for every `turn`.
fn entered(standard: &Standard, entry: &Entry, turn: usize) -> Entered {
    let step = (turn % 5) as f64;
    match &entry.value {
        Value::Score { most } => Entered::Number(most.unwrap_or(6.0) * step / 4.0),
        Value::Date => Entered::Date(NaiveDate::from_ymd_opt(2026, 1 + turn as u32 % 12, 5).expect("a day")),
        Value::Count => Entered::Number(step),
        Value::Amount { .. } => Entered::Number(step * 3.0),
        Value::Deduction { least } => Entered::Number(if step < 1.0 { 0.0 } else { least + step / 2.0 }),
        Value::Percent => Entered::Number(60.0 + step * 8.0),
        Value::OneOf { points, .. } => Entered::Number(points[turn % points.len()]),
        Value::Direction => Entered::Direction((turn % 3) as i8 - 1),
        Value::Range { least, .. } => Entered::Number(if step < 1.0 { *least } else { 0.0 }),
        // Nobody is vetoed or left out here.
        Value::YesNo if matches!(entry.what, What::Adjustment(_)) => {
            Entered::Truth(is_precondition(standard, entry))
        }
        Value::YesNo => Entered::Truth(!turn.is_multiple_of(5)),
    }
}

fn is_precondition(standard: &Standard, entry: &Entry) -> bool {
    let item = entry.item.and_then(|at| standard.items.get(at));
    let Some(Rule::Scored { adjustments, .. }) = item.map(|item| &item.rule) else { return false };
    let own = adjustments.iter().find(|own| entry.id.ends_with(&format!(".{}", own.id)));
    own.is_some_and(|own| matches!(own.rule, AdjustmentRule::Precondition))
}
