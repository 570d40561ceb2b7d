//! Every method and adjustment just below, at and just above its bounds; whole systems; properties.

mod adjustments;
mod comparisons;
mod methods;
mod papers;
mod properties;
mod reasons;
mod stages;
mod whole;

use super::*;
use crate::{
    standard::Standard,
    tables::{
        marks::{Entered as Cell, Mark, Unit},
        scored::{PartScore, State},
    },
    words::{Language, Words},
};

const HEAD: &str = r#"
id = "sample"
version = "1"
source = "样例"
title.zh = "样例"

[units]
kind = "district"
title.zh = "旗县区"
"#;

/// A standard from the text after its units; errors in a test's own text are printed.
fn standard(rest: &str) -> Standard {
    let words = Words::load(Language::Chinese).unwrap();
    let text = format!("{HEAD}{rest}");
    Standard::parse(&text, "sample.toml").unwrap_or_else(|why| panic!("{}\n{text}", words.error(&why)))
}

/// One item `1` with one part `1.1` of `points`.
fn one(points: f64, method: &str, rest: &str) -> Standard {
    standard(&format!(
        r#"
[scoring]
total = {points}
[[group]]
id = "A"
title.zh = "甲"
[[document_finding]]
about = "1.1"
kind = "contradiction"
zh = "样例"
[[item]]
id = "1"
group = "A"
kind = "scored"
points = {points}
title.zh = "一"
[[item.part]]
id = "1"
title = "一"
points = {points}
{method}
{rest}
"#
    ))
}

/// A county check over `value`, required as written.
fn check(required: &str, compare: &str) -> String {
    format!(
        r#"
[[item.check]]
id = "c"
title.zh = "数"
over = "district"
numerator = "population"
compare = "{compare}"
{required}
unit = "人"
decimals = 1
"#
    )
}

fn units(names: &[&str]) -> Vec<Unit> {
    names.iter().map(|name| Unit { name: (*name).into(), ..Unit::default() }).collect()
}

/// Marks of units A, B, …: unit, entry, what was entered.
fn marks(count: usize, entered: &[(usize, &str, Cell)]) -> Marks {
    const NAMES: [&str; 9] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬"];
    let mark = |(n, (unit, entry, cell)): (usize, &(usize, &str, Cell))| Mark {
        unit: *unit,
        entry: (*entry).into(),
        entered: *cell,
        place: Place::cell("评分.xlsx", "督导室", format!("D{}", n + 2)),
        office: "督导室".into(),
        marker: String::new(),
    };
    Marks {
        standard: "sample".into(),
        units: units(&NAMES[..count]),
        marks: entered.iter().enumerate().map(mark).collect(),
        ..Marks::default()
    }
}

fn number(value: f64) -> Cell {
    Cell::Number(value)
}

const YES: Cell = Cell::Truth(true);
const NO: Cell = Cell::Truth(false);

fn scored(standard: &Standard, marks: &Marks, data: &Data) -> Scored {
    let words = Words::load(Language::Chinese).unwrap();
    score(standard, marks, data, &Last::new(), &words)
}

/// The first part of the first item for the first unit.
fn part_of(standard: &Standard, entered: &[(usize, &str, Cell)]) -> PartScore {
    scored(standard, &marks(1, entered), &Data::new()).items[0].parts[0].clone()
}

/// Its score and arithmetic.
fn found(standard: &Standard, entered: &[(usize, &str, Cell)]) -> (Option<f64>, String) {
    let part = part_of(standard, entered);
    (part.score, part.arithmetic)
}

fn is(score: f64, text: &str) -> (Option<f64>, String) {
    (Some(score), text.to_string())
}

/// A row of data: value and, if the facts have it, requirement.
fn row(value: f64, required: Option<f64>) -> CheckedRow {
    CheckedRow { numerator: Some(value), value: Some(value), required, ..CheckedRow::default() }
}

fn computed(rows: Vec<CheckedRow>) -> Computed {
    Computed { rows, places: vec![Place::cell("区县.xlsx", "区县", "C4")] }
}
