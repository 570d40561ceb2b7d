//! Which facts a standard needs: those that its formulas name, and no others.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    dictionary::{Dictionary, Fact, Grain, Section, is_for_the_form},
    standard::{Check, Formula, Rule, Standard, formula::Exact},
};

/// Identity: needed for every standard, because reading depends on it.
const IDENTITY: [&str; 10] = [
    "district_code",
    "district_name",
    "year",
    "school_code",
    "school_name",
    "school_type",
    "ownership",
    "location",
    "boarding",
    "built_year",
];

/// A fact that replaces others if they are not given; only the others are asked for.
const STAND_INS: [(&str, &[&str]); 3] = [
    ("arts_teachers_total", &["music_teachers", "art_teachers", "arts_teachers"]),
    ("built_by_2010", &["built_year"]),
    ("built_by_2016", &["built_year"]),
];

/// Facts by the sheet and place where they are entered, each in the dictionary's order.
pub(super) struct Asked {
    /// Identity and other facts that describe the school, before its sections.
    pub identity: Vec<&'static Fact>,
    pub sections: Vec<(Section, Vec<&'static Fact>)>,
    /// Facts of the school as a whole.
    pub school: Vec<&'static Fact>,
    pub district: Vec<&'static Fact>,
    /// Facts that are only printed in the application form; empty if the standard fills no form.
    pub form_sections: Vec<(Section, Vec<&'static Fact>)>,
    pub form_district: Vec<&'static Fact>,
}

impl Asked {
    pub fn of(standard: &Standard) -> Asked {
        let mut by_section: BTreeMap<Section, BTreeSet<String>> = BTreeMap::new();
        for &section in &standard.scope.sections {
            by_section.insert(section, facts_of(standard, section));
        }
        // A combined school's shared resources are divided by the pupils of all its sections.
        for section in standard.apportionment.iter().flat_map(|apportionment| apportionment.weights.keys()) {
            by_section.entry(*section).or_default().insert("students".into());
        }
        for facts in by_section.values_mut() {
            facts.insert("students".into());
            // All bands, because they are checked to add up to 班级数.
            if facts.iter().any(|fact| is_band(fact)) {
                facts.insert("classes".into());
                facts.extend(
                    Dictionary::get().facts().iter().map(|fact| fact.id.clone()).filter(|id| is_band(id)),
                );
            }
            for (stand_in, others) in STAND_INS {
                if facts.remove(stand_in) {
                    facts.extend(others.iter().map(|fact| fact.to_string()));
                }
            }
        }

        let dictionary = Dictionary::get().facts();
        let named = |fact: &Fact| by_section.values().any(|facts| facts.contains(&fact.id));
        let first_section_fact = dictionary.iter().position(|fact| fact.grain == Grain::Section).unwrap_or(0);
        let (before, after) = dictionary.split_at(first_section_fact);
        let for_the_form = |grain: Grain| {
            let fills = standard.fills_the_form();
            dictionary
                .iter()
                .filter(move |fact| fills && fact.grain == grain && is_for_the_form(&fact.id) && !named(fact))
        };
        let school = |facts: &'static [Fact]| facts.iter().filter(|fact| fact.grain == Grain::School);
        Asked {
            identity: school(before).filter(|f| IDENTITY.contains(&f.id.as_str()) || named(f)).collect(),
            school: school(after).filter(|fact| named(fact)).collect(),
            district: dictionary.iter().filter(|f| f.grain == Grain::District && named(f)).collect(),
            form_sections: (standard.scope.sections.iter())
                .map(|&section| (section, for_the_form(Grain::Section).collect()))
                .collect(),
            form_district: for_the_form(Grain::District).collect(),
            sections: by_section
                .iter()
                .map(|(&section, facts)| {
                    let asked = dictionary.iter().filter(|fact| {
                        fact.grain == Grain::Section && facts.contains(&fact.id) && has(section, fact)
                    });
                    (section, asked.collect())
                })
                .collect(),
        }
    }
}

/// One of the ten 班额段, `classes_le25` to `classes_ge66`.
fn is_band(fact: &str) -> bool {
    fact.starts_with("classes_")
}

/// Facts of graduates are needed only for 初中, as the dictionary's note says.
fn has(section: Section, fact: &Fact) -> bool {
    fact.note != Section::Junior.label_zh() || section == Section::Junior
}

fn facts_of(standard: &Standard, section: Section) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let mut add = |formula: Option<&Formula>| facts.extend(formula.into_iter().flat_map(Formula::facts));
    for exclusion in standard.scope.exclude.iter().filter(|e| standard.in_force(&e.only)) {
        add(Some(&exclusion.when));
    }
    for indicator in &standard.indicators {
        add(indicator.numerator.get(section));
        add(Some(&indicator.denominator));
        for relief in &indicator.reliefs {
            add(Some(&relief.when));
            add(relief.numerator.as_ref().and_then(|numerator| numerator.get(section)));
        }
    }
    for item in &standard.items {
        let Rule::Checks { checks } = &item.rule else { continue };
        for check in checks.iter().filter(|check| standard.in_force(&check.only) && speaks_of(check, section))
        {
            add(Some(&check.numerator));
            add(check.denominator.as_ref());
            add(check.applies.as_ref());
            add(Some(&check.required));
            add(check.shortfall.as_ref());
            for relief in &check.reliefs {
                add(Some(&relief.when));
                add(relief.numerator.as_ref());
                add(relief.required.as_ref());
            }
        }
    }
    facts
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
