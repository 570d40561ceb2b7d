//! Finds values in another unit than their column: 元 for 万元, 亩 for ㎡, a misplaced decimal point.
//!
//! Values are compared per pupil with the other schools of the district and year, because schools differ in size by a
//! factor of a hundred while resources per pupil do not.

use rayon::prelude::*;

use super::{
    Findings, plain,
    view::{Numbers, View, labels},
};
use crate::{dictionary::Dictionary, tables::facts};

/// Facts of the whole school, compared per pupil of the whole school.
const OF_SCHOOLS: [&str; 14] = [
    "teaching_area",
    "indoor_sports_area",
    "gym_area",
    "sports_ground_area",
    "leased_sports_area",
    "other_sports_area",
    "equipment_value",
    "multimedia_rooms",
    "computers",
    "books",
    "operating_budget",
    "operating_outturn",
    "training_budget",
    "music_rooms",
];

/// Facts of a section, compared per pupil of the section; they also reveal numbers of pupils with a digit too many.
const OF_SECTIONS: [&str; 2] = ["teachers", "classes"];

/// A value this many times larger or smaller than the district's median is implausible. Sound schools, except tiny
/// ones, stay within a factor of 30.
const OFF: f64 = 100.0;

/// A tiny school is far from the median per pupil because of its pupils alone: its value itself must differ by this
/// factor, too.
const OFF_ITSELF: f64 = 10.0;

/// The minimum number of schools for a meaningful median.
const ENOUGH: usize = 5;

/// A value of a fact: its row, the value, and the value per pupil.
#[derive(Clone, Copy)]
struct Value {
    group: u32,
    row: u32,
    itself: f64,
    per_pupil: f64,
}

/// `unit_slip` and `value_far_off`: a value per pupil 100 times or more away from the district's median, with the
/// likely unit if there is one that explains it.
pub fn slips(view: &View, findings: &mut Findings) {
    let groups = view.group_count;
    let students = view.numbers_or_missing(facts::column::students);
    let school = |fact: &&str| {
        let values = view.numbers(fact);
        values.map_or_else(Vec::new, |v| far_off(of_schools(view, &v), groups, Some(OFF_ITSELF)))
    };
    let section = |fact: &&str| {
        let values = view.numbers(fact);
        values.map_or_else(Vec::new, |v| far_off(of_sections(view, &v, &students), groups, None))
    };
    let found: Vec<Vec<(Value, f64)>> =
        OF_SCHOOLS.par_iter().map(school).chain(OF_SECTIONS.par_iter().map(section)).collect();
    for (fact, found) in OF_SCHOOLS.iter().chain(&OF_SECTIONS).zip(found) {
        let unit = Dictionary::get().fact(fact).map_or("", |fact| fact.unit.as_str());
        for (value, median) in found {
            let ratio = value.per_pupil / median;
            let likely = likely_unit(unit, ratio);
            let code = if likely.is_some() { "unit_slip" } else { "value_far_off" };
            findings.warn(code, value.row as usize, fact, || {
                let mut args = vec![
                    ("found", plain(value.itself)),
                    ("per_pupil", plain(value.per_pupil)),
                    ("median", plain(median)),
                    ("times", times(ratio)),
                    ("unit", unit.to_string()),
                ];
                args.extend(likely.map(|(name, _)| ("likely", name.to_string())));
                args
            });
        }
    }
}

/// The highest median per pupil of any district, by fact. Ten times that has only been seen in files that give 元 under
/// 万元. Provinces spend 0.1 to 0.5 万元 per pupil and year on 公用经费, and own 0.1 to 1 万元 of 教学仪器设备.
const HIGHEST: [(&str, f64); 4] = [
    ("equipment_value", 50.0),
    ("operating_budget", 50.0),
    ("operating_outturn", 50.0),
    ("training_budget", 5.0),
];

/// `unit_of_column`: if every school gives 元, no value is far from the median, but the median is implausible.
pub fn whole_columns(view: &View, findings: &mut Findings) {
    for (fact, highest) in HIGHEST {
        let Some(values) = view.numbers(fact) else { continue };
        if !of_schools(view, &values).any(|value| value.per_pupil > highest) {
            continue;
        }
        let mut values: Vec<Value> = of_schools(view, &values).collect();
        values.sort_unstable_by_key(|value| value.group);
        for group in values.chunk_by(|a, b| a.group == b.group) {
            let median = median(group.iter().map(|value| value.per_pupil).collect());
            if median > highest
                && let Some(first) = group.iter().min_by_key(|value| value.row)
            {
                findings.warn("unit_of_column", first.row as usize, fact, || {
                    vec![
                        ("median", plain(median)),
                        ("expected", plain(highest)),
                        ("schools", group.len().to_string()),
                    ]
                });
            }
        }
    }
}

/// Every school with a value and pupils, except values of zero, which have no unit.
fn of_schools<'v>(view: &'v View, values: &'v Numbers) -> impl Iterator<Item = Value> + Clone + 'v {
    let each = view.schools().zip(view.school_students()).filter_map(|(rows, &pupils)| {
        let row = *rows.iter().find(|&&row| values[row as usize] > 0.0)?;
        Some((row, values[row as usize], pupils))
    });
    per_pupil(view, each)
}

/// Every section with a value and pupils.
fn of_sections<'v>(
    view: &'v View,
    values: &'v Numbers,
    students: &'v Numbers,
) -> impl Iterator<Item = Value> + Clone + 'v {
    per_pupil(view, (0..view.rows()).map(|row| (row as u32, values[row], students[row])))
}

fn per_pupil<'v>(
    view: &'v View,
    each: impl Iterator<Item = (u32, f64, f64)> + Clone + 'v,
) -> impl Iterator<Item = Value> + Clone + 'v {
    let sound = |number: f64| number > 0.0 && number.is_finite();
    each.filter(move |&(_, itself, pupils)| sound(itself) && sound(pupils)).map(|(row, itself, pupils)| {
        Value { group: view.groups[row as usize], row, itself, per_pupil: itself / pupils }
    })
}

/// Values that differ from their group's median by [`OFF`] or more, with that median.
fn far_off(
    values: impl Iterator<Item = Value> + Clone,
    groups: usize,
    off_itself: Option<f64>,
) -> Vec<(Value, f64)> {
    // The median lies between the minimum and the maximum: if these are close, nothing is far off and no values need to
    // be collected.
    let mut range = vec![(f64::INFINITY, 0.0_f64); groups];
    for value in values.clone() {
        let (low, high) = &mut range[value.group as usize];
        *low = low.min(value.per_pupil);
        *high = high.max(value.per_pupil);
    }
    if !range.iter().any(|(low, high)| *high >= OFF * low) {
        return Vec::new();
    }
    let wide = |value: &Value| {
        let (low, high) = range[value.group as usize];
        high >= OFF * low
    };
    let mut suspects: Vec<Value> = values.filter(wide).collect();
    suspects.sort_unstable_by_key(|value| (value.group, value.row));
    let mut found = Vec::new();
    for group in suspects.chunk_by(|a, b| a.group == b.group).filter(|group| group.len() >= ENOUGH) {
        let median_per_pupil = median(group.iter().map(|value| value.per_pupil).collect());
        let median_itself = median(group.iter().map(|value| value.itself).collect());
        for &value in group {
            let apart = |value: f64, median: f64| (value / median).max(median / value);
            let same_way = (value.itself > median_itself) == (value.per_pupil > median_per_pupil);
            let itself = off_itself.is_none_or(|off| same_way && apart(value.itself, median_itself) >= off);
            if apart(value.per_pupil, median_per_pupil) >= OFF && itself {
                found.push((value, median_per_pupil));
            }
        }
    }
    found
}

/// The median; NaN if there are no values.
fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut high, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if !even {
        return high;
    }
    let low = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low + high) / 2.0
}

/// The unit in which a value `ratio` times too large for `unit` was probably given, and how many of it make one `unit`.
/// The ratio may be off by a factor of five, since schools differ that much among themselves.
fn likely_unit(unit: &str, ratio: f64) -> Option<(&'static str, f64)> {
    let others: &[(&str, f64)] = match unit {
        "万元" => &[("元", 1e4), ("千元", 1e3), ("亿元", 1e-4)],
        "㎡" => &[("亩", 1.0 / 666.67), ("公顷", 1e-4)],
        _ => &[],
    };
    let distance = |times: f64| (ratio / times).ln().abs();
    let nearest = others.iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))?;
    (distance(nearest.1) <= 5.0_f64.ln()).then_some(*nearest)
}

/// `120`, or `1/120`: the factor by which a value differs from the median.
fn times(ratio: f64) -> String {
    if ratio >= 1.0 { format!("{}", ratio.round()) } else { format!("1/{}", (1.0 / ratio).round()) }
}

/// The arguments of the message: the fact's labels, the value, and the unit in which it was probably given.
pub fn slip_args(fact: &str, value: f64, likely: &str) -> Vec<(&'static str, String)> {
    let mut args: Vec<(&'static str, String)> = labels(fact, "fact", "fact_en").into();
    args.push(("found", plain(value)));
    args.push(("likely", likely.to_string()));
    args
}

#[cfg(test)]
mod tests {
    use super::{super::sample::*, *};

    /// Nine schools with 10 ㎡ and 0.2 万元 per pupil and twenty pupils per teacher, and one with `values`.
    fn beside(values: &[(&str, f64)]) -> Vec<String> {
        let school = |i: usize| {
            let pupils = 200.0 + i as f64;
            record(&format!("s{i}"), "primary").numbers([
                ("students", pupils),
                ("teachers", pupils / 20.0).map(f64::round),
                ("teaching_area", pupils * 10.0),
                ("equipment_value", pupils * 0.2),
            ])
        };
        let mut records: Vec<Record> = (0..9).map(school).collect();
        let odd = values.iter().fold(school(9), |record, (fact, value)| record.with(fact, *value));
        records.push(odd.with("school_code", "odd"));
        let found = examined(&records);
        found
            .iter()
            .map(|p| {
                let likely = p.args.iter().find(|(name, _)| *name == "likely").map_or("", |(_, unit)| unit);
                format!("{} {} {likely}", p.code, p.school_code.clone().unwrap_or_default())
            })
            .collect()
    }

    trait Round {
        fn map(self, f: impl Fn(f64) -> f64) -> Self;
    }
    impl Round for (&str, f64) {
        fn map(self, f: impl Fn(f64) -> f64) -> Self {
            (self.0, f(self.1))
        }
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn a_hundred_times_the_median_is_far_off() {
        // The median of the ten schools is 10 ㎡ per pupil whatever the tenth gives.
        assert_eq!(beside(&[("students", 100.0), ("teaching_area", 99_999.0)]), NONE);
        assert_eq!(beside(&[("students", 100.0), ("teaching_area", 100_000.0)]), ["value_far_off odd "]);
        assert_eq!(beside(&[("students", 100.0), ("teaching_area", 100_001.0)]), ["value_far_off odd "]);
    }

    #[test]
    fn the_likely_unit_is_named() {
        assert_eq!(beside(&[("equipment_value", 418_000.0)]), ["unit_slip odd 元"]);
        assert_eq!(beside(&[("equipment_value", 41_800.0)]), ["unit_slip odd 千元"]);
        assert_eq!(beside(&[("teaching_area", 3.13)]), ["unit_slip odd 亩"]);
        assert_eq!(beside(&[("teaching_area", 0.209)]), ["unit_slip odd 公顷"]);
    }

    #[test]
    fn a_tiny_school_is_not_off_by_its_pupils_alone() {
        assert_eq!(
            beside(&[
                ("students", 1.0),
                ("teachers", 1.0),
                ("teaching_area", 2_000.0),
                ("equipment_value", 0.2)
            ]),
            NONE
        );
    }

    #[test]
    fn a_few_schools_have_no_median() {
        let school = |code: &str, area: f64| {
            record(code, "primary").numbers([("students", 100.0), ("teaching_area", area)])
        };
        let few = ["a", "b", "c"].map(|code| school(code, 1_000.0));
        let mut records = few.to_vec();
        records.push(school("odd", 1.0));
        assert_eq!(codes(&records), NONE);
        records.push(school("e", 1_000.0));
        assert_eq!(codes(&records), ["unit_slip: odd"]);
    }

    #[test]
    fn a_whole_column_in_another_unit_is_found_by_its_median() {
        let of = |per_pupil: f64| {
            let school = |code: &str| {
                record(code, "primary").numbers([("students", 100.0), ("equipment_value", 100.0 * per_pupil)])
            };
            codes(&[school("a"), school("b")])
        };
        assert_eq!(of(49.0), NONE);
        assert_eq!(of(50.0), NONE);
        assert_eq!(of(51.0), ["unit_of_column: a"]);
    }

    #[test]
    fn medians_are_those_of_the_books() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(vec![7.0]), 7.0);
        assert!(median(Vec::new()).is_nan());
    }
}
