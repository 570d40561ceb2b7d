//! The facts that a formula may read: those of its own grain, with the right kind of value.

use super::{Formula, Over, Section, formula::Exact, tree::Position};
use crate::{
    dictionary::{Dictionary, Grain, Kind},
    exact::exact_of,
    nearest::nearest,
    problem::Problem,
};

/// Where a formula is evaluated.
#[derive(Debug, Clone, Copy)]
pub enum Reading {
    /// One row of `facts`: a section and its school.
    Row,
    Check(Over),
}

/// The kind of its result (or null).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    Number,
    Truth,
}

/// A section's largest class is a maximum: its sum over a school's sections is meaningless.
const NOT_SUMMED: [&str; 1] = ["max_class_size"];

/// The problems of a formula at `at`.
pub fn problems(formula: &Formula, reading: Reading, wanted: Wanted, at: &Position) -> Vec<Problem> {
    let mut problems: Vec<Problem> =
        formula.columns().iter().filter_map(|column| self::column(column, reading, at)).collect();
    if problems.is_empty() {
        // With every fact known, the value shows the formula's kind.
        let value = formula.exact(&sample);
        let (code, fits) = match wanted {
            Wanted::Number => ("standard_formula_number", matches!(value, Exact::Number(_) | Exact::Null)),
            Wanted::Truth => ("standard_formula_truth", matches!(value, Exact::Truth(_) | Exact::Null)),
        };
        if !fits {
            problems.push(Problem::error(code, at.place()).with("formula", formula));
        }
    }
    problems
}

fn column(column: &str, reading: Reading, at: &Position) -> Option<Problem> {
    let over = match reading {
        Reading::Row => Over::Section,
        Reading::Check(over) => over,
    };
    let by_school = matches!(over, Over::School | Over::SumOfSchools);
    let wrong = |code: &'static str| Some(Problem::error(code, at.place()).with("found", column));
    let (section, id) = match column.split_once('.') {
        Some((section, id)) => (Section::from_id(section), id),
        None => (None, column),
    };
    if id == "section" && section.is_none() {
        return match over {
            Over::Section | Over::SumOfSections => None,
            _ => wrong("standard_formula_no_section"),
        };
    }
    let Some(fact) = Dictionary::get().fact(id) else {
        let near = nearest(id, Dictionary::get().facts().iter().map(|f| f.id.as_str()));
        return Some(
            Problem::error("standard_formula_fact", at.place())
                .with("found", id)
                .with("nearest", if near.is_empty() { "—".into() } else { near.join(", ") }),
        );
    };
    match (section, fact.grain) {
        (Some(_), Grain::School | Grain::District) => wrong("standard_formula_qualified"),
        (Some(_), Grain::Section) if !by_school => wrong("standard_formula_qualifier"),
        (Some(_), Grain::Section) => None,
        (None, Grain::District) if matches!(reading, Reading::Row) => wrong("standard_formula_district"),
        (None, Grain::District) => None,
        (None, _) if over == Over::District => wrong("standard_formula_district_only"),
        (None, Grain::Section) if by_school && NOT_SUMMED.contains(&id) => {
            wrong("standard_formula_not_summed")
        }
        _ => None,
    }
}

fn sample(column: &str) -> Exact {
    let id = column.rsplit('.').next().unwrap_or(column);
    match Dictionary::get().fact(id).map(|f| f.kind) {
        None | Some(Kind::Text | Kind::Choice) => Exact::Text(String::new()),
        Some(Kind::YesNo) => Exact::Truth(true),
        Some(_) => exact_of(1.0).map_or(Exact::Null, Exact::Number),
    }
}
