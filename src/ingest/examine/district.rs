//! Checks on district facts: parts that exceed their wholes, percentages, and units.

use std::collections::{BTreeMap, HashMap};

use super::{
    super::Facts,
    plain, units,
    view::{View, labels},
};
use crate::{
    dictionary::MONITORED,
    problem::{Place, Problem},
    tables::{district_facts, facts},
};

/// A value, and its row in `district_facts`.
#[derive(Clone, Copy)]
struct Entry {
    value: f64,
    row: usize,
}

struct District<'a> {
    name: String,
    facts: BTreeMap<&'a str, Entry>,
}

/// Parts and their wholes; several parts are added up before they are compared.
const PARTS: [(&[&str], &str); 29] = [
    (&["rotation_actual"], "rotation_eligible"),
    (&["rotation_backbone"], "rotation_actual"),
    (&["senior_quota_allocated"], "senior_quota_total"),
    (&["senior_quota_rural"], "senior_quota_allocated"),
    // Children counted in 公办学校就读 or 政府购买服务就读 are counted once.
    (&["migrant_public", "migrant_purchased"], "migrant_eligible"),
    (&["disabled_enrolled"], "disabled_children"),
    (&["disabled_special_school"], "disabled_enrolled"),
    (&["rural_population"], "population"),
    // 表Ⅵ: valid questionnaires are among those sent, satisfied parents are among those who answered, and parents are a
    // part of all respondents.
    (&["questionnaires_valid"], "questionnaires"),
    (&["questionnaires_satisfied"], "questionnaires_valid"),
    (&["parent_questionnaires_valid"], "parent_questionnaires"),
    (&["parent_questionnaires_satisfied"], "parent_questionnaires_valid"),
    (&["parent_questionnaires"], "questionnaires"),
    (&["parent_questionnaires_valid"], "questionnaires_valid"),
    (&["parent_questionnaires_satisfied"], "questionnaires_satisfied"),
    (&["interviews_satisfied"], "interviews"),
    (&["parent_interviews"], "interviews"),
    (&["parent_interviews_satisfied"], "parent_interviews"),
    // A 普惠性幼儿园 may be public or private, so public and inclusive ones are not added up.
    (&["kindergarten_public_pupils"], "kindergarten_pupils"),
    (&["kindergarten_inclusive_pupils"], "kindergarten_pupils"),
    (&["ordinary_senior_places_allocated"], "ordinary_senior_places"),
    (&["poor_students_aided"], "poor_students"),
    (&["towns_with_public_kindergarten"], "towns"),
    (&["senior_classes_ge56"], "senior_classes"),
    (&["senior_classes_ge56_last_year"], "senior_classes_last_year"),
    (&["vocational_courses_in_mandarin"], "vocational_courses"),
    (&["new_teachers_mandarin"], "new_teachers"),
    (&["secretaries_trained"], "secretaries"),
    (&["local_surcharge_vocational"], "local_surcharge"),
];

/// Shares in percent: none is above 100, and none is likely to be below 1.
const PERCENTAGES: [&str; 18] = [
    "satisfaction",
    "sports_meet_share",
    "room_use",
    "pupil_teacher_satisfaction",
    "school_space_share",
    "teacher_space_share",
    "pupil_space_share",
    "campus_network_share",
    "internet_share",
    "multimedia_classroom_share",
    "video_platform_share",
    "cameras_online_share",
    "rotation_required",
    "compulsory_retention",
    "compulsory_retention_required",
    "vocational_share_required",
    "disabled_enrolment_required",
    "disabled_enrolment_last_year",
];

/// The range in which the value of every district lies, and the unit in which a value outside it was probably given.
struct Range {
    fact: &'static str,
    /// The fact that the value is divided by.
    per: Option<&'static str>,
    lowest: f64,
    if_lower: &'static str,
    highest: f64,
    if_higher: &'static str,
}

/// 年平均工资 is 5 to 30 万元; 生均公用经费基准 is 720 to 5,000 元 (国发〔2015〕67号 and later); 特殊教育 is at least 6,000 元 per pupil. The
/// bounds leave a margin of a factor of ten on both sides.
const RANGES: [Range; 10] = [
    pay("teacher_average_pay"),
    pay("civil_servant_average_pay"),
    funding("standard_funding_primary", None, 100_000.0),
    funding("standard_funding_junior", None, 100_000.0),
    funding("special_school_funding", Some("special_school_students"), 1_000_000.0),
    // The largest county-level district has about 5.7 million people (570 万人).
    Range {
        fact: "population",
        per: None,
        lowest: 0.001,
        if_lower: "亿人",
        highest: 2_000.0,
        if_higher: "人",
    },
    yearly("gdp_per_head"),
    yearly("fiscal_revenue_per_head"),
    yearly("farmer_income"),
    yearly("townspeople_income"),
];

/// 元 per person and year.
const fn yearly(fact: &'static str) -> Range {
    Range { fact, per: None, lowest: 50.0, if_lower: "万元", highest: 5_000_000.0, if_higher: "分" }
}

const fn pay(fact: &'static str) -> Range {
    Range { fact, per: None, lowest: 0.5, if_lower: "十万元", highest: 200.0, if_higher: "元" }
}

const fn funding(fact: &'static str, per: Option<&'static str>, highest: f64) -> Range {
    Range { fact, per, lowest: 50.0, if_lower: "万元", highest, if_higher: "分" }
}

/// Runs all checks on `district_facts`.
pub fn examine(facts: &Facts, view: &View) -> Vec<Problem> {
    if facts.district_facts.height() == 0 {
        return Vec::new();
    }
    let cells = facts.cells().unwrap_or_default();
    let mut problems = Vec::new();
    for district in districts(&facts.district_facts, view) {
        let at = |entry: Entry| {
            let row = facts.district_facts.row(entry.row);
            row.and_then(|row| cells.named(row.source_id(), row.cell())).unwrap_or_default()
        };
        parts(&district, &at, &mut problems);
        percentages(&district, &at, &mut problems);
        rates(&district, &at, &mut problems);
        ranges(&district, &at, &mut problems);
        signs(&district, &at, &mut problems);
    }
    problems
}

type At<'a> = dyn Fn(Entry) -> Place + 'a;

/// `district_part_exceeds_whole`: for example, rotated teachers are among those eligible.
fn parts(district: &District, at: &At, problems: &mut Vec<Problem>) {
    for (parts, whole) in PARTS {
        let Some(of) = district.facts.get(whole) else { continue };
        let known: Vec<Entry> = parts.iter().filter_map(|part| district.facts.get(part).copied()).collect();
        let total: f64 = known.iter().map(|entry| entry.value).sum();
        if let Some(first) = known.first()
            && total > of.value
        {
            let names =
                |label: fn(&str) -> String| parts.iter().map(|p| label(p)).collect::<Vec<_>>().join(" + ");
            problems.push(
                Problem::warning("district_part_exceeds_whole", at(*first))
                    .fact(parts[0])
                    .with("district", &district.name)
                    .with("fact", names(|p| labels(p, "", "")[0].1.clone()))
                    .with("fact_en", names(|p| labels(p, "", "")[1].1.clone()))
                    .with("found", plain(total))
                    .with("expected", plain(of.value))
                    .with("whole", &labels(whole, "", "")[0].1)
                    .with("whole_en", &labels(whole, "", "")[1].1),
            );
        }
    }
}

/// `percentage_out_of_range`: from 0 to 100. `percentage_as_fraction`: 0.86 probably means 86 %, since no rate of
/// recognition is below 1 %.
fn percentages(district: &District, at: &At, problems: &mut Vec<Problem>) {
    for fact in PERCENTAGES {
        let Some(&entry) = district.facts.get(fact) else { continue };
        let code = if !(0.0..=100.0).contains(&entry.value) {
            "percentage_out_of_range"
        } else if entry.value > 0.0 && entry.value <= 1.0 {
            "percentage_as_fraction"
        } else {
            continue;
        };
        let mut problem = Problem::warning(code, at(entry))
            .with("district", &district.name)
            .with("found", plain(entry.value))
            .with("likely", plain(entry.value * 100.0));
        problem.args.extend(labels(fact, "fact", "fact_en"));
        problems.push(problem.fact(fact));
    }
}

/// `rate_as_percentage`: the 校际差异率 of the monitoring is a ratio with the limit 0.15, so 12 probably means 12 %.
fn rates(district: &District, at: &At, problems: &mut Vec<Problem>) {
    for subject in MONITORED {
        let fact = format!("monitoring_dispersion_{subject}");
        let Some(&entry) = district.facts.get(fact.as_str()).filter(|entry| entry.value > 1.0) else {
            continue;
        };
        let mut problem = Problem::warning("rate_as_percentage", at(entry))
            .with("district", &district.name)
            .with("found", plain(entry.value))
            .with("likely", plain(entry.value / 100.0));
        problem.args.extend(labels(&fact, "fact", "fact_en"));
        problems.push(problem.fact(fact));
    }
}

/// `district_unit_slip`: a value that no district has, with the unit in which it was probably given.
fn ranges(district: &District, at: &At, problems: &mut Vec<Problem>) {
    for Range { fact, per, lowest, if_lower, highest, if_higher } in RANGES {
        let Some(&entry) = district.facts.get(fact) else { continue };
        let divisor = match per.map(|per| district.facts.get(per)) {
            None => 1.0,
            Some(Some(of)) if of.value > 0.0 => of.value,
            Some(_) => continue,
        };
        let value = entry.value / divisor;
        let likely = if value <= 0.0 {
            continue;
        } else if value < lowest {
            if_lower
        } else if value > highest {
            if_higher
        } else {
            continue;
        };
        let mut problem = Problem::warning("district_unit_slip", at(entry))
            .fact(fact)
            .with("district", &district.name)
            .with("value", plain(value))
            .with("lowest", plain(lowest))
            .with("highest", plain(highest));
        problem.args.extend(units::slip_args(fact, entry.value, likely));
        problems.push(problem);
    }
}

/// `district_negative_value`.
fn signs(district: &District, at: &At, problems: &mut Vec<Problem>) {
    for (fact, &entry) in district.facts.iter().filter(|(_, entry)| entry.value < 0.0) {
        if *fact == "satisfaction" {
            continue;
        }
        let mut problem = Problem::error("district_negative_value", at(entry))
            .fact(*fact)
            .with("district", &district.name)
            .with("found", plain(entry.value));
        problem.args.extend(labels(fact, "fact", "fact_en"));
        problems.push(problem);
    }
}

/// Every district and year with its facts, in the order of codes.
fn districts<'a>(table: &'a district_facts::Frame, facts: &View<'a>) -> Vec<District<'a>> {
    let mut names: HashMap<&str, &str> = HashMap::new();
    let mut last = None;
    for row in 0..facts.rows() {
        let code = facts.text(facts::column::district_code, row);
        if code != last
            && let (Some(code), Some(name)) = (code, facts.text(facts::column::district_name, row))
        {
            names.entry(code).or_insert(name);
        }
        last = code;
    }
    let mut found: BTreeMap<(&str, i32), District> = BTreeMap::new();
    for row in table.rows() {
        let Some(value) = row.value() else { continue };
        let (code, year) = (row.district_code(), row.year());
        let name = names.get(code).copied().unwrap_or(code);
        let district = found
            .entry((code, year))
            .or_insert_with(|| District { name: format!("{name} {year}"), facts: BTreeMap::new() });
        district.facts.insert(row.fact(), Entry { value, row: row.index() });
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::sample;
    use crate::{
        problem::{Place, Problem},
        words::{Language, Words},
    };

    fn examined(values: &[(&str, f64)]) -> Vec<Problem> {
        let mut facts = sample::facts(&[sample::record("a", "primary")]);
        let n = values.len();
        facts.district_facts = crate::tables::district_facts::Frame::partial(df!(
            "district_code" => vec!["430503"; n],
            "year" => vec![2025; n],
            "fact" => values.iter().map(|(fact, _)| *fact).collect::<Vec<_>>(),
            "value" => values.iter().map(|(_, value)| *value).collect::<Vec<_>>(),
            "source_id" => vec![3; n],
            "cell" => (0..n).map(|i| format!("B{}", i + 2)).collect::<Vec<_>>(),
        ));
        facts.sources = crate::tables::sources::Frame::partial(
            df!("source_id" => [3], "file" => ["区县.xlsx"], "sha256" => [""], "sheet" => ["区县"]),
        );
        super::super::examine(&facts)
    }

    fn codes(values: &[(&str, f64)]) -> Vec<&'static str> {
        examined(values).iter().map(|p| p.code).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn parts_are_no_larger_than_wholes() {
        for (parts, whole) in super::PARTS {
            let of = |value: f64| {
                let mut all = vec![(whole, 100.0), (parts[0], value)];
                all.extend(parts[1..].iter().map(|part| (*part, 10.0)));
                codes(&all)
            };
            let full = 100.0 - 10.0 * (parts.len() - 1) as f64;
            assert_eq!(of(full - 1.0), NONE, "{whole}");
            assert_eq!(of(full), NONE, "{whole}");
            assert_eq!(of(full + 1.0), ["district_part_exceeds_whole"], "{whole}");
        }
    }

    #[test]
    fn satisfaction_is_a_percentage() {
        let of = |value: f64| codes(&[("satisfaction", value)]);
        assert_eq!(of(99.9), NONE);
        assert_eq!(of(100.0), NONE);
        assert_eq!(of(100.1), ["percentage_out_of_range"]);
        assert_eq!(of(-0.1), ["percentage_out_of_range"]);
        assert_eq!(of(0.0), NONE);
        assert_eq!(of(0.86), ["percentage_as_fraction"]);
        assert_eq!(of(1.0), ["percentage_as_fraction"]);
        assert_eq!(of(1.1), NONE);
    }

    #[test]
    fn values_that_no_district_has_are_in_another_unit() {
        for super::Range { fact, per, lowest, highest, .. } in super::RANGES {
            let of = |value: f64| {
                let divisor = per.map(|per| (per, 2.0));
                let value = value * divisor.map_or(1.0, |(_, number)| number);
                let mut all = vec![(fact, value)];
                all.extend(divisor);
                codes(&all)
            };
            assert_eq!(of(lowest * 0.999), ["district_unit_slip"], "{fact}");
            assert_eq!(of(lowest), NONE, "{fact}");
            assert_eq!(of(highest), NONE, "{fact}");
            assert_eq!(of(highest * 1.001), ["district_unit_slip"], "{fact}");
        }
    }

    #[test]
    fn a_finding_names_its_cell_and_says_what_to_do() {
        let found = examined(&[("satisfaction", 86.0), ("teacher_average_pay", 98_000.0)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, Place::cell("区县.xlsx", "区县", "B3"));
        let text = Words::load(Language::Chinese).unwrap().problem(&found[0]);
        assert!(text.contains("98000") && text.contains("元") && !text.contains('{'), "{text}");
    }

    #[test]
    fn a_dispersion_rate_is_a_ratio() {
        assert_eq!(codes(&[("monitoring_dispersion_pe", 0.14)]), NONE);
        assert_eq!(codes(&[("monitoring_dispersion_pe", 1.0)]), NONE);
        assert_eq!(codes(&[("monitoring_dispersion_pe", 14.0)]), ["rate_as_percentage"]);
    }

    #[test]
    fn nothing_is_less_than_nothing() {
        assert_eq!(codes(&[("disabled_children", 0.0)]), NONE);
        assert_eq!(codes(&[("disabled_children", -1.0)]), ["district_negative_value"]);
    }
}
