//! Checks for values that no fact can have.

use super::{
    Findings, plain,
    view::{Numbers, View},
};
use crate::{
    dictionary::{Dictionary, Fact, Grain, Kind},
    problem::Level,
};

/// `negative_value`: nothing that a school counts, measures or spends is negative. A minus sign is a stray dash, or a
/// correction that belongs elsewhere; it would lower every total, so it is an error.
pub fn negative(view: &View, findings: &mut Findings) {
    for (fact, values) in numeric(view, &[Kind::Count, Kind::Amount]) {
        each(view, fact, values.values(), |value| value < 0.0, (Level::Error, "negative_value"), findings);
    }
}

/// `fractional_count`: persons, classes and rooms are whole. A fraction is a converted number (折算教师), a percentage, or
/// a value of the next column.
pub fn fractional(view: &View, findings: &mut Findings) {
    for (fact, values) in numeric(view, &[Kind::Count]) {
        let broken = |value: f64| value.is_finite() && value != value.trunc();
        each(view, fact, values.values(), broken, (Level::Warning, "fractional_count"), findings);
    }
}

/// `infinite_value`: a Parquet file made elsewhere can contain the result of a division by zero. NaN is read as
/// missing.
pub fn not_a_number(view: &View, findings: &mut Findings) {
    for (fact, values) in numeric(view, &[Kind::Count, Kind::Amount, Kind::Year]) {
        each(view, fact, values.values(), f64::is_infinite, (Level::Error, "infinite_value"), findings);
    }
}

fn numeric<'a>(view: &View<'a>, kinds: &[Kind]) -> impl Iterator<Item = (&'static Fact, Numbers<'a>)> {
    let facts = Dictionary::get().columns().filter(move |fact| kinds.contains(&fact.kind));
    facts.filter_map(|fact| Some((fact, view.numbers(&fact.id)?)))
}

/// Calls `see` for every row of a section fact, and once per school for a fact that is repeated in its sections.
fn each(
    view: &View,
    fact: &Fact,
    values: &[f64],
    wrong: impl Fn(f64) -> bool,
    (level, code): (Level, &'static str),
    findings: &mut Findings,
) {
    if !values.iter().any(|&value| wrong(value)) {
        return;
    }
    let mut tell =
        |row: usize| findings.add(level, code, row, &fact.id, || vec![("found", plain(values[row]))]);
    if fact.grain == Grain::School {
        for rows in view.schools() {
            if let Some(&row) = rows.iter().find(|&&row| wrong(values[row as usize])) {
                tell(row as usize);
            }
        }
    } else {
        (0..values.len()).filter(|&row| wrong(values[row])).for_each(tell);
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::*;

    #[test]
    fn a_count_is_whole_and_not_negative() {
        let of = |teachers: f64| codes(&[record("a", "primary").with("teachers", teachers)]);
        assert_eq!(of(0.0), [] as [&str; 0]);
        assert_eq!(of(30.0), [] as [&str; 0]);
        assert_eq!(of(-1.0), ["negative_value: a"]);
        assert_eq!(of(30.5), ["fractional_count: a"]);
        assert_eq!(of(f64::NAN), [] as [&str; 0]);
        assert_eq!(of(f64::INFINITY), ["infinite_value: a"]);
    }

    #[test]
    fn an_amount_may_be_a_fraction_and_is_said_once_a_school() {
        let of = |area: f64| {
            codes(&[
                record("a", "primary").with("sports_ground_area", area).with("school_type", "九年一贯制学校"),
                record("a", "junior").with("sports_ground_area", area).with("school_type", "九年一贯制学校"),
            ])
        };
        assert_eq!(of(0.5).iter().filter(|c| c.contains("value") || c.contains("count")).count(), 0);
        assert_eq!(of(-0.5).iter().filter(|c| *c == "negative_value: a").count(), 1);
    }
}
