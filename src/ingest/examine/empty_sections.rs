//! Finds 空壳学校 (schools without pupils or teachers), and school types that contradict their sections.

use super::{Findings, view::View};
use crate::{
    dictionary::{Section, sections_of},
    problem::Problem,
    tables::facts,
};

/// `students_without_teachers`, `teachers_without_students`, `empty_school`: the 空壳 checks of the yearly statistics
/// (鲁教计处函〔2014〕14号). If teachers are booked in another section, a section with pupils has no teachers; it enters the
/// dispersion with zero and may double it. A section of a combined school that has neither is reported as
/// `section_without_students`.
pub fn empty_sections(view: &View, findings: &mut Findings) {
    let (Some(students), Some(teachers)) =
        (view.numbers(facts::column::students), view.numbers(facts::column::teachers))
    else {
        return;
    };
    for row in 0..view.rows() {
        let (pupils, staff) = (students[row], teachers[row]);
        let number = |value: f64| vec![("found", super::plain(value))];
        if pupils > 0.0 && staff == 0.0 {
            findings.warn("students_without_teachers", row, "teachers", || number(pupils));
        } else if pupils == 0.0 && staff > 0.0 {
            findings.warn("teachers_without_students", row, "students", || number(staff));
        } else if pupils == 0.0 && staff == 0.0 && expected(view, row).len() < 2 {
            findings.warn("empty_school", row, "students", Vec::new);
        }
    }
}

/// Many sections without teachers: probably not many mistakes, but teachers counted elsewhere.
pub fn many_without_teachers(view: &View, count: usize) -> Problem {
    let students = view.numbers_or_missing(facts::column::students);
    let all = students.values().iter().filter(|&&pupils| pupils > 0.0).count();
    Problem::note("many_without_teachers", Default::default())
        .fact("teachers")
        .with("count", count)
        .with("all", all)
        .with("percent", super::plain((1000.0 * count as f64 / all as f64).round() / 10.0))
}

/// `section_without_students`, `section_missing`: a combined school has every section that its type names. Its shared
/// resources are split by weighted pupils (1 : 1.1 : 1.32), so without the pupils of 高中 the compulsory sections get
/// more than their share. `type_contradicts_sections`: a 小学 with junior pupils is a 九年一贯制学校, or the pupils belong to
/// another school. `school_type_missing`: without a type it is unknown whether the school is in scope at all (特殊教育学校,
/// 职业学校 and small 教学点 are not); reported once where no school has a type.
pub fn school_types(view: &View, findings: &mut Findings) {
    let Some(students) = view.numbers(facts::column::students) else { return };
    let Some(types) = view.texts(facts::column::school_type) else {
        findings.note("school_types_missing", "school_type", Vec::new());
        return;
    };
    let sections = view.sections();
    for rows in view.schools() {
        let first = rows[0] as usize;
        let pupils = rows.iter().map(|&row| row as usize).filter(|&row| students[row] > 0.0);
        let Some(known) = types.get(first) else {
            if let Some(row) = pupils.min() {
                findings.warn("school_type_missing", row, "school_type", Vec::new);
            }
            continue;
        };
        let expected = sections_of(known);
        if expected.is_empty() {
            continue;
        }
        for row in pupils {
            if sections[row].is_some_and(|section| !expected.contains(&section)) {
                findings.warn("type_contradicts_sections", row, "school_type", || {
                    vec![("type", known.to_string()), ("found", super::plain(students[row]))]
                });
            }
        }
        if expected.len() < 2 {
            continue;
        }
        for &section in expected {
            let named = || {
                vec![
                    ("missing", section.label_zh().to_string()),
                    ("missing_en", section.id().to_string()),
                    ("type", known.to_string()),
                ]
            };
            match rows.iter().map(|&row| row as usize).find(|&row| sections[row] == Some(section)) {
                None => findings.warn("section_missing", first, "students", named),
                Some(row) if students[row] == 0.0 || students[row].is_nan() => {
                    findings.warn("section_without_students", row, "students", named);
                }
                Some(_) => {}
            }
        }
    }
}

fn expected(view: &View, row: usize) -> &'static [Section] {
    view.text(facts::column::school_type, row).map_or(&[], sections_of)
}

#[cfg(test)]
mod tests {
    use super::super::sample::*;
    use crate::words::{Language, Words};

    const NONE: [&str; 0] = [];

    #[test]
    fn shells_are_found_each_by_its_code() {
        let of = |students: f64, teachers: f64| {
            codes(&[record("a", "primary").numbers([("students", students), ("teachers", teachers)])])
        };
        assert_eq!(of(1.0, 1.0), NONE);
        assert_eq!(of(1.0, 0.0), ["students_without_teachers: a"]);
        assert_eq!(of(0.0, 1.0), ["teachers_without_students: a"]);
        assert_eq!(of(0.0, 0.0), ["empty_school: a"]);
    }

    #[test]
    fn what_is_missing_is_not_zero() {
        assert_eq!(codes(&[record("a", "primary").with("students", 10.0)]), NONE);
    }

    #[test]
    fn teachers_booked_elsewhere_are_summed_up_with_their_share() {
        let records: Vec<Record> = (0..40)
            .map(|i| {
                let teachers = if i < 21 { 0.0 } else { 3.0 + i as f64 };
                record(&i.to_string(), "junior").numbers([("students", 50.0), ("teachers", teachers)])
            })
            .collect();
        let problems = examined(&records);
        assert_eq!(problems.len(), 22);
        let words = Words::load(Language::Chinese).unwrap();
        let text = words.problem(&problems[21]);
        assert!(text.contains("40") && text.contains("21") && text.contains("52.5"), "{text}");
    }

    #[test]
    fn a_combined_school_has_its_sections() {
        let nine = |section: &str| record("a", section).with("school_type", "九年一贯制学校");
        let both =
            |junior: f64| [nine("primary").with("students", 9.0), nine("junior").with("students", junior)];
        assert_eq!(codes(&both(1.0)), NONE);
        assert_eq!(codes(&both(0.0)), ["section_without_students: a"]);
        assert_eq!(codes(&both(f64::NAN)), ["section_without_students: a"]);
        assert_eq!(codes(&both(1.0)[..1]), ["section_missing: a"]);
    }

    #[test]
    fn an_empty_section_of_a_combined_school_is_said_once() {
        let nine = |section: &str| record("a", section).with("school_type", "九年一贯制学校");
        let records = [
            nine("primary").numbers([("students", 9.0), ("teachers", 1.0)]),
            nine("junior").numbers([("students", 0.0), ("teachers", 0.0)]),
        ];
        assert_eq!(codes(&records), ["section_without_students: a"]);
    }

    #[test]
    fn a_primary_school_has_no_junior_pupils() {
        let of = |pupils: f64| {
            codes(&[record("a", "junior").with("school_type", "小学").with("students", pupils)])
        };
        assert_eq!(of(0.0), NONE);
        assert_eq!(of(1.0), ["type_contradicts_sections: a"]);
        let special = record("b", "junior").with("school_type", "特殊教育学校").with("students", 9.0);
        assert_eq!(codes(&[special]), NONE);
    }

    #[test]
    fn a_type_that_is_missing_is_said_of_the_school_or_once_of_all() {
        let untyped = |code: &str| {
            Record::default().with("section", "primary").with("school_code", code).with("students", 9.0)
        };
        let typed = record("c", "primary").with("students", 9.0);
        assert_eq!(codes(&[untyped("a"), typed]), ["school_type_missing: a"]);
        assert_eq!(codes(&[untyped("a"), untyped("b")]), ["school_types_missing: "]);
    }
}
