//! The demonstration county: 大祥区 in its real size, with invented schools (`data/synth/daxiang.csv`).

use serde::Deserialize;

use super::{County, Settings, county::furnish, flaws, plan::Plan};
use crate::{chance::Chance, dictionary::Section};

#[derive(Deserialize)]
struct Line {
    school_name: String,
    school_type: String,
    location: String,
    ownership: String,
    boarding: String,
    primary_students: Option<usize>,
    primary_classes: Option<usize>,
    junior_students: Option<usize>,
    junior_classes: Option<usize>,
    senior_students: Option<usize>,
    senior_classes: Option<usize>,
}

/// A seed for which the county is instructive: some schools fall short, and one dispersion is over its limit.
const SEED: u64 = 430_503;

/// 34 小学, 8 教学点 and 6 初中 (counted by section) with 30,197 and 4,347 pupils, and a special school; with flaws that leave
/// the three layouts identical.
pub fn demo() -> County {
    let settings = Settings { seed: SEED, ..Settings::default() };
    let mut chance = Chance::new(settings.seed);
    let mut county = furnish(&mut chance, &settings, plans());
    flaws::plant_demonstration(&mut county);
    county
}

fn plans() -> Vec<Plan> {
    let roster = include_str!("../../data/synth/daxiang.csv");
    csv::Reader::from_reader(roster.as_bytes())
        .deserialize()
        .map(|line| {
            let line: Line = line.expect("data/synth/daxiang.csv is part of the program and tested");
            let sections = [
                (Section::Primary, line.primary_students, line.primary_classes),
                (Section::Junior, line.junior_students, line.junior_classes),
                (Section::Senior, line.senior_students, line.senior_classes),
            ];
            Plan {
                name: line.school_name,
                school_type: line.school_type,
                location: line.location,
                private: line.ownership == "民办",
                boarding: line.boarding == "是",
                sections: sections
                    .into_iter()
                    .filter_map(|(section, students, classes)| Some((section, students?, classes?)))
                    .collect(),
            }
        })
        .collect()
}
