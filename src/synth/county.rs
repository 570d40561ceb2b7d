//! Invents a county from a seed: the facts of each of its schools.

use super::{
    County, Facts, School, SchoolSection, Settings, Value, flaws,
    plan::{Plan, SPECIAL, plans},
    resources::{
        BACKBONE, DEGREE, DESIGNS, EQUIPMENT, Place, ROOMS, SPORT_AND_ART, SPORTS, TEACHING, spread,
        whole_units,
    },
};
use crate::{chance::Chance, dictionary::Section, tables::facts};

/// A county of `settings`, identical for the same settings on every machine.
pub fn county(settings: &Settings) -> County {
    let mut chance = Chance::new(settings.seed);
    let plans = plans(&mut chance, settings);
    let mut county = furnish(&mut chance, settings, plans);
    if settings.flaws {
        flaws::plant_all(&mut county);
    }
    county
}

/// Gives every planned school its facts, and the county its own.
pub(super) fn furnish(chance: &mut Chance, settings: &Settings, plans: Vec<Plan>) -> County {
    let fortunes: Vec<f64> = plans.iter().map(|_| chance.normal()).collect();
    let values = values(chance, &plans, &fortunes);
    let schools: Vec<School> = plans
        .iter()
        .enumerate()
        .map(|(number, plan)| school(chance, plan, number, settings, &values[number]))
        .collect();
    let facts = district_facts(chance, &schools);
    let mut county = County {
        district_code: settings.district_code.clone(),
        district_name: settings.district_name.clone(),
        year: settings.year,
        schools,
        facts,
        flaws: Vec::new(),
        repeated: Vec::new(),
    };
    // Last, so that the random numbers drawn before do not change.
    for_the_form(chance, &mut county);
    county
}

/// Facts that the application form prints and nothing judges (tables Ⅰ, Ⅱ-2, Ⅴ, Ⅵ).
fn for_the_form(chance: &mut Chance, county: &mut County) {
    let mut students = 0.0;
    for school in &mut county.schools {
        for part in &mut school.sections {
            let (teachers, classes) =
                (part.number(facts::column::teachers), part.number(facts::column::classes));
            students += part.number(facts::column::students);
            // 教学点 have the lower grades, with one class each.
            let grades = if part.section == Section::Primary { 6.0_f64 } else { 3.0 }.min(classes);
            let staff = teachers + (teachers * chance.between(0.04, 0.10)).round();
            part.facts.insert("grades", Value::Number(grades));
            part.facts.insert("staff_total", Value::Number(staff));
        }
    }
    // About one person in eleven attends a school of the county.
    let population = (students * chance.between(10.0, 12.0) / 100.0).round() / 100.0;
    let number = |fact: &str| county.facts.get(fact).and_then(Value::number).unwrap_or(0.0);
    let special = number("special_school_students").min(number("disabled_enrolled"));
    let satisfaction = number("satisfaction") / 100.0;
    let sent = (students * 0.08).ceil();
    let valid = (sent * chance.between(0.94, 0.98)).round();
    let parents = (sent * 0.7).round();
    let parents_valid = (parents * valid / sent.max(1.0)).floor();
    let spoken_to = (students * 0.004).ceil();
    let parents_spoken_to = (spoken_to * 0.6).floor();
    let schools = county.schools.iter().filter(|school| school.school_type == SPECIAL).count();
    let mut facts = vec![
        ("population", population),
        ("rural_population", (population * chance.between(28.0, 40.0)).round() / 100.0),
        ("towns", chance.integer(8, 20) as f64),
        ("villages", chance.integer(60, 260) as f64),
        ("gdp_per_head", chance.integer(48_000, 76_000) as f64),
        ("fiscal_revenue_per_head", chance.integer(2_600, 5_200) as f64),
        ("farmer_income", chance.integer(19_000, 26_000) as f64),
        ("townspeople_income", chance.integer(36_000, 46_000) as f64),
        ("special_schools", schools as f64),
        ("disabled_special_school", (special * 0.6).floor()),
        ("questionnaires", sent),
        ("questionnaires_valid", valid),
        ("questionnaires_satisfied", (valid * satisfaction).round()),
        ("parent_questionnaires", parents),
        ("parent_questionnaires_valid", parents_valid),
        ("parent_questionnaires_satisfied", (parents_valid * (satisfaction - 0.01)).floor()),
        ("interviews", spoken_to),
        ("interviews_satisfied", (spoken_to * 0.92).floor()),
        ("parent_interviews", parents_spoken_to),
        ("parent_interviews_satisfied", (parents_spoken_to * 0.9).floor()),
    ];
    for (level, dispersion) in MONITORING {
        facts.push((level, if chance.happens(0.2) { 4.0 } else { 3.0 }));
        facts.push((dispersion, chance.integer(70, 145) as f64 / 1000.0));
    }
    county.facts.extend(facts.into_iter().map(|(fact, value)| (fact, Value::Number(value))));
}

const MONITORING: [(&str, &str); 6] = [
    ("monitoring_level_chinese", "monitoring_dispersion_chinese"),
    ("monitoring_level_mathematics", "monitoring_dispersion_mathematics"),
    ("monitoring_level_science", "monitoring_dispersion_science"),
    ("monitoring_level_pe", "monitoring_dispersion_pe"),
    ("monitoring_level_arts", "monitoring_dispersion_arts"),
    ("monitoring_level_moral", "monitoring_dispersion_moral"),
];

/// The values of the seven indicators for each school and section.
pub(super) type Values = Vec<Vec<[f64; 7]>>;

pub(super) fn values(chance: &mut Chance, plans: &[Plan], fortunes: &[f64]) -> Values {
    let mut values: Values = plans.iter().map(|plan| vec![[0.0; 7]; plan.sections.len()]).collect();
    for section in Section::ALL {
        let junior = section != Section::Primary;
        let mut slots = Vec::new();
        let mut places = Vec::new();
        for (school, plan) in plans.iter().enumerate() {
            for (part, &(of, students, _)) in plan.sections.iter().enumerate() {
                if of != section {
                    continue;
                }
                if plan.school_type == SPECIAL {
                    // Small classes and many teachers; it does not count in the dispersion.
                    values[school][part] = DESIGNS.map(|d| 4.0 * d.threshold[usize::from(junior)]);
                } else {
                    slots.push((school, part));
                    places.push(Place { students: students as f64, fortune: fortunes[school] });
                }
            }
        }
        for (indicator, design) in DESIGNS.iter().enumerate() {
            let multiples = spread(chance, &places, design, junior);
            for (&(school, part), multiple) in slots.iter().zip(multiples) {
                values[school][part][indicator] = multiple * design.threshold[usize::from(junior)];
            }
        }
    }
    values
}

pub(super) fn school(
    chance: &mut Chance,
    plan: &Plan,
    number: usize,
    settings: &Settings,
    values: &[[f64; 7]],
) -> School {
    let built_year = chance.integer(1986, 2022) as i32;
    let sections: Vec<SchoolSection> = plan
        .sections
        .iter()
        .zip(values)
        .map(|(&(section, students, classes), values)| {
            let facts = section_facts(chance, plan, section, students, classes, values);
            SchoolSection { section, facts }
        })
        .collect();
    let facts = school_facts(chance, plan, built_year, values);
    School {
        code: format!("2143{:06}", 100_000 + number),
        name: plan.name.clone(),
        school_type: plan.school_type.clone(),
        ownership: if plan.private { "民办" } else { "公办" }.to_string(),
        location: plan.location.clone(),
        boarding: plan.boarding,
        built_year: built_year.min(settings.year),
        dense_urban_core: false,
        sections,
        facts,
    }
}

const BANDS: [(&str, usize); 10] = [
    ("classes_le25", 25),
    ("classes_26_30", 30),
    ("classes_31_35", 35),
    ("classes_36_40", 40),
    ("classes_41_45", 45),
    ("classes_46_50", 50),
    ("classes_51_55", 55),
    ("classes_56_60", 60),
    ("classes_61_65", 65),
    ("classes_ge66", usize::MAX),
];

/// Class sizes that add up to `students`; if the average is within the limit, so is every class.
fn class_sizes(chance: &mut Chance, students: usize, classes: usize, limit: usize) -> Vec<usize> {
    let classes = classes.max(1);
    let (base, over) = (students / classes, students % classes);
    let mut sizes: Vec<usize> = (0..classes).map(|i| base + usize::from(i < over)).collect();
    let highest = base + usize::from(over > 0);
    let room = if highest <= limit { limit - highest } else { 3 };
    for pair in 0..classes / 2 {
        let step = chance.integer(0, room.min(4).min(base.saturating_sub(1)) as i64) as usize;
        sizes[pair] += step;
        sizes[classes - 1 - pair] -= step;
    }
    sizes
}

fn section_facts(
    chance: &mut Chance,
    plan: &Plan,
    section: Section,
    students: usize,
    classes: usize,
    values: &[f64; 7],
) -> Facts {
    let junior = section != Section::Primary;
    let pupils = students as f64;
    let threshold = |indicator: usize| DESIGNS[indicator].threshold[usize::from(junior)];
    let mut facts = Facts::new();
    let mut set = |fact: &'static str, value: f64| {
        facts.insert(fact, Value::Number(value));
    };

    let sizes = class_sizes(chance, students, classes, if junior { 50 } else { 45 });
    set("students", pupils);
    set("classes", sizes.len() as f64);
    set("max_class_size", sizes.iter().copied().max().unwrap_or(0) as f64);
    let mut least = 0;
    for (fact, most) in BANDS {
        set(fact, sizes.iter().filter(|&&size| size > least && size <= most).count() as f64);
        least = most;
    }

    // 高于规定学历: 专科 and above for 小学, 本科 and above for 初中; a few teachers are below it.
    let qualified = whole_units(pupils, values[DEGREE], threshold(DEGREE)).max(1.0);
    let master = (qualified * chance.between(0.02, 0.10)).round();
    let doctor = if qualified > 60.0 && chance.happens(0.2) { 1.0 } else { 0.0 };
    let (associate, bachelor) = if junior {
        ((qualified * chance.between(0.02, 0.10)).round(), qualified - master - doctor)
    } else {
        let associate = ((qualified - master - doctor) * chance.between(0.22, 0.45)).round();
        (associate, qualified - master - doctor - associate)
    };
    let teachers = associate + bachelor + master + doctor + (qualified * chance.between(0.0, 0.02)).round();
    set("teachers", teachers);
    set("teachers_associate", associate);
    set("teachers_bachelor", bachelor);
    set("teachers_master", master);
    set("teachers_doctor", doctor);
    set("backbone_teachers", whole_units(pupils, values[BACKBONE], threshold(BACKBONE)).min(teachers));

    let sport_and_art = whole_units(pupils, values[SPORT_AND_ART], threshold(SPORT_AND_ART)).min(teachers);
    let sport = (sport_and_art * 0.45).round();
    let music = ((sport_and_art - sport) * 0.5).round();
    let arts = if sport_and_art > 12.0 { 1.0 } else { 0.0 };
    set("pe_teachers", sport);
    set("music_teachers", music);
    set("art_teachers", sport_and_art - sport - music - arts);
    set("arts_teachers", arts);
    let visited = plan.location == "乡村" && (50..100).contains(&students);
    for (fact, share) in [
        ("visiting_pe_teachers", 0.8),
        ("visiting_music_teachers", 0.6),
        ("visiting_art_teachers", 0.4),
        ("visiting_arts_teachers", 0.0),
    ] {
        set(fact, if visited && chance.happens(share) { 1.0 } else { 0.0 });
    }
    set("midtitle_teachers", (teachers * chance.between(0.40, 0.65)).round());
    set("certified_teachers", teachers);
    set("trained_teachers", teachers);

    let migrants =
        if plan.location == "城区" { chance.between(0.06, 0.2) } else { chance.between(0.0, 0.06) };
    set("migrant_students", (pupils * migrants).round());
    let outside = match (plan.private || plan.school_type == SPECIAL, junior) {
        (true, _) => chance.between(0.2, 0.4),
        (false, true) => chance.between(0.0, 0.03),
        (false, false) => 0.0,
    };
    set("catchment_students", pupils - (pupils * outside).floor());

    if section == Section::Junior {
        let cohort = (pupils / 3.0 * chance.between(0.96, 1.02)).round();
        let (into, out) =
            ((cohort * chance.between(0.0, 0.02)).round(), (cohort * chance.between(0.0, 0.02)).round());
        let lost = (cohort * chance.between(0.0, 0.012)).round();
        let deaths = if cohort > 200.0 && chance.happens(0.1) { 1.0 } else { 0.0 };
        set("graduates", cohort + into - out - lost - deaths);
        set("entry_cohort", cohort);
        set("transfers_in", into);
        set("transfers_out", out);
        set("deaths", deaths);
    }
    facts
}

/// Two decimals, rounded up, so that a threshold is still reached.
fn cents(value: f64) -> f64 {
    (value * 100.0).ceil() / 100.0
}

fn school_facts(chance: &mut Chance, plan: &Plan, built_year: i32, values: &[[f64; 7]]) -> Facts {
    let mut facts = Facts::new();
    let mut set = |fact: &'static str, value: f64| {
        facts.insert(fact, Value::Number(value));
    };
    // Shared resources are apportioned 1 : 1.1 : 1.32; a combined school gets what its neediest section requires.
    let weight = |section: Section| match section {
        Section::Primary => 1.0,
        Section::Junior => 1.1,
        Section::Senior => 1.32,
    };
    let weighted: f64 =
        plan.sections.iter().map(|&(section, students, _)| students as f64 * weight(section)).sum();
    let total = |indicator: usize| {
        let wanted =
            plan.sections.iter().zip(values).map(|(&(section, ..), v)| v[indicator] / weight(section));
        weighted * wanted.fold(0.0, f64::max)
    };
    let students: f64 = plan.sections.iter().map(|&(_, students, _)| students as f64).sum();
    let compulsory: usize = plan
        .sections
        .iter()
        .filter(|(section, ..)| *section != Section::Senior)
        .map(|(.., classes)| classes)
        .sum();

    let sports = total(SPORTS);
    let indoor = match plan.location.as_str() {
        "城区" if chance.happens(0.7) => (students * chance.between(0.2, 0.7)).min(0.4 * sports),
        "镇区" if chance.happens(0.4) => (students * chance.between(0.1, 0.5)).min(0.4 * sports),
        _ => 0.0,
    };
    let indoor = cents(indoor);
    set("teaching_area", cents(total(TEACHING) + indoor));
    set("indoor_sports_area", indoor);
    set("gym_area", indoor);
    set("sports_ground_area", cents(sports - indoor));
    set("leased_sports_area", 0.0);
    set("other_sports_area", 0.0);
    set("equipment_value", cents(total(EQUIPMENT) / 10_000.0));
    let design =
        DESIGNS[ROOMS].threshold[usize::from(plan.sections.iter().all(|(s, ..)| *s != Section::Primary))];
    set(
        "multimedia_rooms",
        match plan.sections.len() {
            1 => whole_units(weighted, values[0][ROOMS], design),
            _ => (total(ROOMS) / 100.0).ceil(),
        },
    );
    set("computers", (students * chance.between(0.10, 0.16)).ceil());
    set("books", (students * chance.between(18.0, 34.0)).round());

    let needed = compulsory.div_ceil(12) as f64;
    for (large, middle, rest, sum) in [
        ("music_rooms_ge96", "music_rooms_73_96", ["music_rooms_61_73", "music_rooms_54_61"], "music_rooms"),
        ("art_rooms_ge90", "art_rooms_67_90", ["art_rooms_61_67", "art_rooms_54_61"], "art_rooms"),
    ] {
        // In schools built by 2016 a smaller room is sufficient for a time (规程), so these schools demonstrate a relief.
        let smaller = if built_year <= 2016 && chance.happens(0.06) { 1.0 } else { 0.0 };
        let spare = if chance.happens(0.2) { 1.0 } else { 0.0 };
        set(large, needed - smaller);
        set(middle, smaller + spare);
        rest.into_iter().for_each(|fact| set(fact, 0.0));
        set(sum, needed + spare);
    }

    let norm = |section: Section| match (plan.school_type.as_str(), section) {
        (SPECIAL, _) => 6_500.0,
        (_, Section::Primary) => 720.0,
        (_, Section::Junior) => 940.0,
        (_, Section::Senior) => 1_500.0,
    };
    // 不足100人的学校按100人核定.
    let raised =
        if students < 100.0 && plan.school_type != SPECIAL { 100.0 / students.max(1.0) } else { 1.0 };
    let funds: f64 =
        plan.sections.iter().map(|&(section, students, _)| students as f64 * norm(section) * raised).sum();
    let budget = cents(funds / 10_000.0 * chance.between(1.0, 1.06));
    let training =
        if chance.happens(0.05) { chance.between(0.06, 0.075) } else { chance.between(0.082, 0.10) };
    set("operating_budget", budget);
    set("operating_outturn", cents(budget * chance.between(0.97, 0.999)));
    set("training_budget", (budget * training * 1000.0).ceil() / 1000.0);
    facts
}

/// District facts: most requirements are met; too few of the rotated teachers are backbone teachers.
fn district_facts(chance: &mut Chance, schools: &[School]) -> Facts {
    let sum = |fact: &str, keep: &dyn Fn(&School, Section) -> bool| -> f64 {
        let sections =
            schools.iter().flat_map(|school| school.sections.iter().map(move |part| (school, part)));
        sections.filter(|(school, part)| keep(school, part.section)).map(|(_, part)| part.number(fact)).sum()
    };
    let compulsory = |_: &School, section: Section| section != Section::Senior;
    let ordinary =
        |school: &School, section: Section| section != Section::Senior && school.school_type != SPECIAL;
    let special =
        sum("students", &|school, section| school.school_type == SPECIAL && section != Section::Senior);
    let eligible = (sum("teachers", &ordinary) * chance.between(0.48, 0.56)).round();
    let rotated = (eligible * chance.between(0.105, 0.125)).ceil();
    let places = (sum("graduates", &ordinary) * chance.between(0.45, 0.52)).round();
    let allocated = (places * chance.between(0.52, 0.60)).ceil();
    let private =
        sum("migrant_students", &|school, section| school.ownership == "民办" && section != Section::Senior);
    let migrants = sum("migrant_students", &compulsory);
    let disabled = (sum("students", &compulsory) * 0.0036).ceil();
    [
        ("standard_funding_primary", 720.0),
        ("standard_funding_junior", 940.0),
        ("special_school_funding", special * 6_500.0),
        ("special_school_students", special),
        ("teacher_average_pay", 9.42),
        ("civil_servant_average_pay", 9.18),
        ("rotation_eligible", eligible),
        ("rotation_actual", rotated),
        ("rotation_backbone", (rotated * chance.between(0.15, 0.19)).floor()),
        ("senior_quota_total", places),
        ("senior_quota_allocated", allocated),
        ("senior_quota_rural", (allocated * chance.between(0.35, 0.45)).round()),
        ("migrant_eligible", (migrants * 1.02).ceil()),
        ("migrant_public", migrants - private),
        ("migrant_purchased", (private * 0.5).floor()),
        ("disabled_children", disabled),
        ("disabled_enrolled", (disabled * 0.97).ceil()),
        ("satisfaction", 88.6),
    ]
    .into_iter()
    .map(|(fact, value)| (fact, Value::Number(value)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_add_up_and_keep_the_limit_they_can_keep() {
        let mut chance = Chance::new(3);
        for (students, classes, limit) in
            [(450, 10, 45), (431, 10, 45), (1000, 20, 45), (7, 1, 45), (3, 2, 45)]
        {
            let sizes = class_sizes(&mut chance, students, classes, limit);
            assert_eq!(sizes.iter().sum::<usize>(), students);
            if students.div_ceil(classes) <= limit {
                assert!(sizes.iter().all(|&size| size <= limit && size > 0));
            }
        }
    }
}
