//! Plants flaws on purpose and records them, so that the findings of `check` can be compared with them.

use super::{County, Facts, Flaw, School, Value};
use crate::{dictionary::Section, tables::facts};

/// One of every kind.
pub(super) fn plant_all(county: &mut County) {
    let ordinary: Vec<(usize, Section)> = county
        .schools
        .iter()
        .enumerate()
        .filter(|(_, school)| !matches!(school.school_type.as_str(), "特殊教育学校" | "教学点"))
        .filter_map(|(index, school)| Some((index, school.sections.first()?.section)))
        .collect();
    if ordinary.is_empty() {
        return;
    }
    let step = (ordinary.len() / KINDS.len()).max(1);
    for (kind, &plant) in KINDS.iter().enumerate() {
        let (school, section) = ordinary[kind * step % ordinary.len()];
        plant(&mut Planter { county, school, section });
    }
}

type Plant = fn(&mut Planter);

const KINDS: [Plant; 15] = [
    |p| p.degrees_exceed_teachers(),
    |p| p.largest_class_too_small(),
    |p| p.sports_rooms_exceed_teaching_area(),
    |p| p.unit_slip("equipment_value"),
    |p| p.number_as_text("students"),
    |p| p.full_width("teachers"),
    |p| p.missing_mark("backbone_teachers"),
    |p| p.blank("multimedia_rooms"),
    |p| p.duplicate_row(),
    |p| p.pupils_without_teachers(),
    |p| p.class_bands_do_not_add_up(),
    |p| p.negative_count(),
    |p| p.unit_in_cell("teaching_area", "㎡"),
    |p| p.thousands_separator("books"),
    |p| p.identical_rows(),
];

/// The flaws of the demonstration county, which do not affect the comparison of its three layouts. If exports contain
/// the fact, all three layouts contain the flaw; the others are in facts that no indicator uses.
#[cfg(test)]
pub(super) fn plant_demonstration(county: &mut County) {
    let plants: [(&str, Plant); 11] = [
        ("翠园小学", |p| p.number_as_text("students")),
        ("城南小学", |p| p.full_width("teachers")),
        ("梅园小学", |p| p.unit_in_cell("multimedia_rooms", "间")),
        ("檀江中学", |p| p.thousands_separator("books")),
        ("桂花小学", |p| p.degrees_exceed_teachers()),
        ("板竹小学", |p| p.largest_class_too_small()),
        ("面铺小学", |p| p.class_bands_do_not_add_up()),
        ("百春园小学", |p| p.unit_slip("operating_outturn")),
        ("栗山小学", |p| p.missing_mark("computers")),
        ("清溪小学", |p| p.duplicate_row()),
        ("月形教学点", |p| p.pupils_without_teachers()),
    ];
    for (name, plant) in plants {
        let found = county.schools.iter().position(|school| school.name == name);
        if let Some((school, section)) =
            found.and_then(|index| Some((index, county.schools[index].sections.first()?.section)))
        {
            plant(&mut Planter { county, school, section });
        }
    }
}

struct Planter<'a> {
    county: &'a mut County,
    school: usize,
    section: Section,
}

impl Planter<'_> {
    fn facts(&mut self, fact: &str) -> &mut Facts {
        let school = &mut self.county.schools[self.school];
        match school.sections.iter().position(|part| part.section == self.section) {
            Some(part) if !school.facts.contains_key(fact) => &mut school.sections[part].facts,
            _ => &mut school.facts,
        }
    }

    fn number(&mut self, fact: &str) -> f64 {
        self.facts(fact).get(fact).and_then(Value::number).unwrap_or(0.0)
    }

    fn remember(&mut self, code: &'static str, fact: &'static str, written: String) {
        let school = &self.county.schools[self.school];
        let section = school.section(self.section).filter(|part| part.facts.contains_key(fact));
        let flaw = Flaw {
            code,
            school_code: school.code.clone(),
            school_name: school.name.clone(),
            section: section.map(|part| part.section),
            fact,
            written,
        };
        self.county.flaws.push(flaw);
    }

    fn put(&mut self, code: &'static str, fact: &'static str, value: Value) {
        let written = match &value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        };
        self.facts(fact).insert(fact, value);
        self.remember(code, fact, written);
    }

    fn degrees_exceed_teachers(&mut self) {
        let degrees: f64 = ["teachers_associate", "teachers_bachelor", "teachers_master", "teachers_doctor"]
            .into_iter()
            .map(|fact| self.number(fact))
            .sum();
        let more = (self.number(facts::column::teachers) - degrees).max(0.0) + 3.0;
        let bachelor = self.number("teachers_bachelor") + more;
        self.put("degrees_exceed_teachers", "teachers_bachelor", Value::Number(bachelor));
    }

    fn largest_class_too_small(&mut self) {
        let average =
            (self.number(facts::column::students) / self.number(facts::column::classes).max(1.0)).floor();
        self.put("largest_class_too_small", "max_class_size", Value::Number((average - 5.0).max(1.0)));
    }

    fn sports_rooms_exceed_teaching_area(&mut self) {
        let area = Value::Number(self.number("teaching_area").ceil() + 50.0);
        self.facts("gym_area").insert("gym_area", area.clone());
        self.put("part_exceeds_whole", "indoor_sports_area", area);
    }

    /// 元 written under a header of 万元.
    fn unit_slip(&mut self, fact: &'static str) {
        let value = (self.number(fact) * 10_000.0).round();
        self.put("unit_slip", fact, Value::Number(value));
    }

    fn number_as_text(&mut self, fact: &'static str) {
        let text = self.number(fact).to_string();
        self.put("number_as_text", fact, Value::Text(text));
    }

    fn full_width(&mut self, fact: &'static str) {
        let text = self.number(fact).to_string();
        let wide = text.chars().map(|c| c.to_digit(10).and_then(|d| char::from_u32(0xFF10 + d)).unwrap_or(c));
        let wide = wide.collect();
        self.put("full_width_digits", fact, Value::Text(wide));
    }

    fn thousands_separator(&mut self, fact: &'static str) {
        let digits = self.number(fact).to_string();
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        self.put("thousands_separator", fact, Value::Text(text));
    }

    fn unit_in_cell(&mut self, fact: &'static str, unit: &str) {
        let text = format!("{}{unit}", self.number(fact));
        self.put("unit_in_cell", fact, Value::Text(text));
    }

    fn missing_mark(&mut self, fact: &'static str) {
        self.put("missing_mark", fact, Value::Text("—".into()));
    }

    fn blank(&mut self, fact: &'static str) {
        self.remember("blank_required", fact, String::new());
        self.facts(fact).remove(fact);
    }

    fn duplicate_row(&mut self) {
        self.county.repeated.push(self.school);
        self.remember("same_school_twice", "", String::new());
    }

    /// Gives the next school with one section the numbers of this school.
    fn identical_rows(&mut self) {
        let here = self.county.schools[self.school].clone();
        let flawed: Vec<String> = self.county.flaws.iter().map(|flaw| flaw.school_code.clone()).collect();
        let alike = |other: &School| {
            let sections =
                |school: &School| school.sections.iter().map(|part| part.section).collect::<Vec<_>>();
            other.code != here.code && sections(other) == sections(&here) && !flawed.contains(&other.code)
        };
        if let Some(other) = self.county.schools.iter().position(alike) {
            self.county.schools[other].sections = here.sections;
            self.county.schools[other].facts = here.facts;
            self.school = other;
            self.remember("identical_rows", "", here.name);
        }
    }

    /// 空壳学校 (schools without pupils or teachers).
    fn pupils_without_teachers(&mut self) {
        for fact in [
            "teachers_associate",
            "teachers_bachelor",
            "teachers_master",
            "teachers_doctor",
            "backbone_teachers",
            "pe_teachers",
            "music_teachers",
            "art_teachers",
            "arts_teachers",
            "midtitle_teachers",
            "certified_teachers",
            "trained_teachers",
        ] {
            self.facts(fact).insert(fact, Value::Number(0.0));
        }
        self.put("students_without_teachers", "teachers", Value::Number(0.0));
    }

    fn class_bands_do_not_add_up(&mut self) {
        let more = self.number("classes_31_35") + 2.0;
        self.put("class_bands_differ", "classes_31_35", Value::Number(more));
    }

    fn negative_count(&mut self) {
        self.put("negative_value", "pe_teachers", Value::Number(-2.0));
    }
}
