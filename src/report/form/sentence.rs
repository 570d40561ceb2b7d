//! The names and fill-in sentences of 表Ⅳ and 表Ⅴ, with the standard's numbers and the county's in place.

use super::{
    known::{COMBINED, Known, constant, is_ordinary, naming, over_schools},
    page::printed,
};
use crate::{
    dictionary::{MONITORED, Section},
    number,
    standard::{Check, formula::Exact},
    tables::facts,
    words::Words,
};

/// The value for a place in a sentence; underscores if it is unknown.
type Places = Vec<(&'static str, String)>;

/// The name of a row, with the standard's thresholds.
pub fn name(row: &str, known: &Known, words: &Words) -> String {
    let checks = known.checks(row);
    let blank = || words.say("form.blank");
    let said = |value: Option<f64>| {
        value.map_or_else(blank, |value| {
            // 7.5 keeps its decimal; 85 has none.
            printed(value, if value.fract() == 0.0 { 0 } else { 1 })
        })
    };
    let places: Places = match row {
        "4.4" => {
            let size = |school_type| said(size_allowed(known, school_type));
            vec![("single", size("小学")), ("combined", size(COMBINED[0]))]
        }
        "4.5" => {
            let size = |section| said(class_limit(known, section));
            vec![("primary", size(Section::Primary)), ("junior", size(Section::Junior))]
        }
        _ => {
            let mut numbers = checks.iter().map(|check| constant(&check.required, &[]));
            let mut next = || said(numbers.next().flatten());
            vec![("first", next()), ("second", next())]
        }
    };
    words.fill(&format!("form.row.{row}.name"), &places)
}

/// The sentence of a row; `None` if the form expects a conclusion instead.
pub fn sentence(row: &str, known: &Known, words: &Words) -> Option<String> {
    let places = places(row, known, words)?;
    Some(words.fill(&format!("form.row.{row}.sentence"), &places))
}

fn places(row: &str, known: &Known, words: &Words) -> Option<Places> {
    let blank = words.say("form.blank");
    let said = |value: Option<f64>, decimals: u32| {
        value.map_or_else(|| blank.clone(), |value| printed(value, decimals))
    };
    let whole = |value: Option<f64>| said(value, 0);
    let percent = known.standard.print.percent;
    let share = |part: Option<f64>, all: Option<f64>| {
        let share = part.zip(all).filter(|(_, all)| *all != 0.0).map(|(part, all)| 100.0 * part / all);
        said(share, percent)
    };
    let given = |fact: &str| known.district(fact);
    let checks = known.checks(row);
    Some(match row {
        "4.4" => {
            let over = |types: &[&str]| whole(over_size(known, types));
            vec![
                ("single", whole(size_allowed(known, "小学"))),
                ("combined", whole(size_allowed(known, COMBINED[0]))),
                ("primary", over(&["小学", "教学点"])),
                ("junior", over(&["初中", "完全中学"])),
                ("both", over(&COMBINED)),
            ]
        }
        "4.5" => {
            let limit = |section| whole(class_limit(known, section));
            let over = |section| whole(large_classes(known, section));
            vec![
                ("primary_limit", limit(Section::Primary)),
                ("junior_limit", limit(Section::Junior)),
                ("primary", over(Section::Primary)),
                ("junior", over(Section::Junior)),
            ]
        }
        "4.6" => {
            let (students, budget) = small_schools(known);
            vec![("students", whole(students)), ("funds", whole(budget.map(|budget| 10_000.0 * budget)))]
        }
        "4.7" => {
            let (funds, students) = (given("special_school_funding"), given("special_school_students"));
            let each = funds.zip(students).filter(|(_, students)| *students > 0.0);
            vec![
                ("funds", ten_thousands(funds.map(|funds| funds / 10_000.0), &blank)),
                ("students", whole(students)),
                ("each", whole(each.map(|(funds, students)| funds / students))),
            ]
        }
        "4.8" => {
            let yuan = |fact: &str| whole(given(fact).map(|pay| 10_000.0 * pay));
            vec![("teachers", yuan("teacher_average_pay")), ("civil", yuan("civil_servant_average_pay"))]
        }
        "4.9" => of_teachers(known, "trained_teachers", &checks, &whole, &share),
        "4.12" => of_teachers(known, "certified_teachers", &checks, &whole, &share),
        "4.11" => {
            let all = ["rotation_eligible", "rotation_actual", "rotation_backbone"].map(given);
            vec![
                ("eligible", whole(all[0])),
                ("rotated", whole(all[1])),
                ("share", share(all[1], all[0])),
                ("backbone", whole(all[2])),
                ("backbone_share", share(all[2], all[1])),
            ]
        }
        "4.13" => {
            let of = |section: Section| {
                let check = checks.iter().find(|check| {
                    check.numerator.facts().contains("catchment_students") && speaks_of(check, section)
                });
                let sum = |fact: &str| known.sum_of(fact, check?);
                share(sum("catchment_students"), sum("students"))
            };
            vec![("primary", of(Section::Primary)), ("junior", of(Section::Junior))]
        }
        "4.14" => {
            let all = ["senior_quota_total", "senior_quota_allocated", "senior_quota_rural"].map(given);
            vec![
                ("total", whole(all[0])),
                ("allocated", whole(all[1])),
                ("share", share(all[1], all[0])),
                ("rural", whole(all[2])),
                ("rural_share", share(all[2], all[1])),
            ]
        }
        "4.15" => {
            let all = ["migrant_eligible", "migrant_public", "migrant_purchased"].map(given);
            let both = all[1].zip(all[2]).map(|(public, purchased)| public + purchased);
            vec![
                ("eligible", whole(all[0])),
                ("public", whole(all[1])),
                ("purchased", whole(all[2])),
                ("both", whole(both)),
                ("share", share(both, all[0])),
            ]
        }
        "5.1" => {
            let check = naming(&checks, "graduates");
            let sum = |fact: &str| whole(check.and_then(|check| known.sum_of(fact, check)));
            vec![
                ("graduates", sum("graduates")),
                ("cohort", sum("entry_cohort")),
                ("into", sum("transfers_in")),
                ("deaths", sum("deaths")),
                ("out", sum("transfers_out")),
                // By the formula chosen by the standard's setting.
                ("rate", said(known.value(row), percent)),
            ]
        }
        "5.2" => {
            let all = ["disabled_children", "disabled_enrolled", "disabled_special_school"].map(given);
            vec![
                ("children", whole(all[0])),
                ("enrolled", whole(all[1])),
                ("share", share(all[1], all[0])),
                ("special", whole(all[2])),
                ("special_share", share(all[2], all[1])),
            ]
        }
        "5.9" => {
            let subjects: Vec<String> = MONITORED
                .iter()
                .map(|subject| {
                    let level = given(&format!("monitoring_level_{subject}"));
                    let rate = given(&format!("monitoring_dispersion_{subject}"));
                    let args = [
                        ("subject", words.say(&format!("form.subject.{subject}"))),
                        ("level", level.map_or_else(|| blank.clone(), roman)),
                        ("rate", said(rate, 3)),
                    ];
                    words.fill("form.row.5.9.subject", &args)
                })
                .collect();
            vec![("subjects", subjects.join(&words.say("form.remark.semicolon")))]
        }
        _ => return None,
    })
}

/// 万元 with at most two decimals: 62.4 万元 for 96 pupils is 6500 yuan each, which 62 万元 is not.
fn ten_thousands(value: Option<f64>, blank: &str) -> String {
    value.map_or_else(|| blank.to_string(), |value| number::at_most(value, 2).replace(',', ""))
}

/// The level as the form writes it: Ⅲ.
fn roman(level: f64) -> String {
    match level {
        1.0 => "Ⅰ".into(),
        2.0 => "Ⅱ".into(),
        3.0 => "Ⅲ".into(),
        4.0 => "Ⅳ".into(),
        other => printed(other, 0),
    }
}

/// The numbers of teachers who meet a check and of all teachers to whom it applies, and the share.
fn of_teachers(
    known: &Known,
    fact: &str,
    checks: &[&Check],
    whole: &dyn Fn(Option<f64>) -> String,
    share: &dyn Fn(Option<f64>, Option<f64>) -> String,
) -> Places {
    let check = naming(checks, fact);
    let sum = |fact: &str| check.and_then(|check| known.sum_of(fact, check));
    let (with, all) = (sum(fact), sum("teachers"));
    vec![("with", whole(with)), ("teachers", whole(all)), ("share", share(with, all))]
}

/// False if a check cannot apply to the section, whatever the other facts are.
fn speaks_of(check: &Check, section: Section) -> bool {
    let Some(applies) = &check.applies else { return true };
    let value = applies.exact(&|fact| match fact {
        "section" => Exact::Text(section.id().into()),
        _ => Exact::Null,
    });
    value != Exact::Truth(false)
}

/// The maximum size of a school of this type.
fn size_allowed(known: &Known, school_type: &str) -> Option<f64> {
    let checks = known.checks("4.4");
    constant(&over_schools(&checks)?.required, &[("school_type", school_type)])
}

/// Number of schools of these types with more pupils than the standard allows, disregarding reliefs.
fn over_size(known: &Known, types: &[&str]) -> Option<f64> {
    let checks = known.checks("4.4");
    let check = over_schools(&checks)?;
    let mut count = 0.0;
    for school in &known.schools {
        let school_type = school.school_type();
        if school_type.is_empty() {
            return None;
        }
        if types.contains(&school_type) {
            let (students, most) =
                (school.number(facts::column::students)?, known.required_of(check, school)?);
            count += if students > most { 1.0 } else { 0.0 };
        }
    }
    Some(count)
}

/// The maximum class size in a section under the standard.
fn class_limit(known: &Known, section: Section) -> Option<f64> {
    let checks = known.checks("4.5");
    let check = naming(&checks, "max_class_size")?;
    constant(&check.required, &[("section", section.id())])
}

/// Bands of class size, by their lower bounds.
const BANDS: [(f64, &str); 10] = [
    (1.0, "classes_le25"),
    (26.0, "classes_26_30"),
    (31.0, "classes_31_35"),
    (36.0, "classes_36_40"),
    (41.0, "classes_41_45"),
    (46.0, "classes_46_50"),
    (51.0, "classes_51_55"),
    (56.0, "classes_56_60"),
    (61.0, "classes_61_65"),
    (66.0, "classes_ge66"),
];

/// Number of classes above the limit. Without the bands, a largest class within the limit means that there are none; a
/// larger one does not say how many.
fn large_classes(known: &Known, section: Section) -> Option<f64> {
    let limit = class_limit(known, section)?;
    let above: Vec<&str> = BANDS.iter().filter(|(least, _)| *least > limit).map(|(_, fact)| *fact).collect();
    // The bands answer only if the limit is the upper bound of one of them.
    let limit_is_bound = BANDS.iter().any(|(least, _)| *least == limit + 1.0);
    let mut count = None;
    for school in &known.schools {
        for (of, row) in school.parts.iter().filter(|(of, _)| is_ordinary(school, *of)) {
            if *of != section {
                continue;
            }
            let classes: Option<f64> = above.iter().map(|fact| row.number(fact)).sum();
            let within = row.max_class_size().is_some_and(|largest| largest <= limit);
            let large = classes.filter(|_| limit_is_bound).or(within.then_some(0.0))?;
            count = Some(count.unwrap_or(0.0) + large);
        }
    }
    count
}

/// Pupils and funds (万元) of the schools that are funded as for 100 pupils.
fn small_schools(known: &Known) -> (Option<f64>, Option<f64>) {
    let checks = known.checks("4.6");
    let Some(check) = over_schools(&checks) else { return (None, None) };
    let small = |school| known.applies_to_school(check, school);
    let unknown = known.schools.iter().any(|school| small(school).is_none());
    if unknown {
        return (None, None);
    }
    let schools = || known.schools.iter().filter(|school| small(school) == Some(true));
    let sum = |fact: &str| -> Option<f64> { schools().map(|school| school.number(fact)).sum() };
    (sum("students"), sum("operating_budget"))
}
