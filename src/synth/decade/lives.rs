//! The history of a district's schools from the first year on.

use super::Decade;
use crate::{
    chance::Chance,
    dictionary::Section,
    synth::{
        County, Settings,
        county::{school, values},
        plan::{Plan, SPECIAL, plans},
    },
};

/// A district and its history.
pub(super) struct Life {
    chance: Chance,
    settings: Settings,
    first: i32,
    /// The share of a school's distance to the mean that is closed per year; negative if it grows.
    narrowing: f64,
    /// The additional yearly growth of rural schools.
    rural: f64,
    /// The yearly growth of all schools.
    growth: f64,
    /// The yearly change of pupils.
    drift: f64,
    schools: Vec<SchoolLife>,
}

struct SchoolLife {
    plan: Plan,
    code: String,
    /// The seed of everything drawn for it; the same every year, so that only intended changes occur.
    seed: u64,
    opens: Option<i32>,
    closes: Option<i32>,
    parts: Vec<Part>,
}

struct Part {
    students: f64,
    /// Pupils per class in the first year.
    class: f64,
    /// The values of the seven indicators.
    values: [f64; 7],
}

/// Derives a seed for a part (the last step of SplitMix64).
fn seed_of(seed: u64, part: u64) -> u64 {
    let mut x = seed ^ part.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

pub(super) fn begin(settings: &Decade) -> Vec<Life> {
    (0..settings.districts).map(|number| Life::new(number, settings)).collect()
}

impl Life {
    fn new(number: usize, decade: &Decade) -> Life {
        let (first, last) = (*decade.years.start(), *decade.years.end());
        let seed = seed_of(decade.seed, number as u64);
        let mut chance = Chance::new(seed);
        let (code, name) = super::names::first(number, decade);
        let spare = decade.schools as i64 / 8;
        let schools = (decade.schools as i64 + chance.integer(-spare, spare)).max(1) as usize;
        let settings = Settings {
            seed,
            schools: Some(schools),
            flaws: false,
            year: first,
            district_code: code,
            district_name: name,
        };
        let plans = plans(&mut chance, &settings);
        let fortunes: Vec<f64> = plans.iter().map(|_| chance.normal()).collect();
        let mut values = values(&mut chance, &plans, &fortunes);
        // Richer and poorer, more and less even districts.
        let (level, evenness) = (chance.between(0.85, 1.3), chance.between(0.75, 1.12));
        for section in Section::ALL {
            let means = means(plans.iter().zip(&values).flat_map(|(plan, values)| {
                plan.sections.iter().zip(values).filter_map(move |(&(of, students, _), values)| {
                    (of == section && plan.school_type != SPECIAL).then_some((students as f64, values))
                })
            }));
            for (plan, values) in plans.iter().zip(&mut values) {
                for (_, values) in plan.sections.iter().zip(values).filter(|((of, ..), _)| *of == section) {
                    for (value, mean) in values.iter_mut().zip(means) {
                        *value = level * (mean + evenness * (*value - mean)).max(0.1 * mean);
                    }
                }
            }
        }
        let stride = (decade.schools + decade.schools / 8 + 1).max(100);
        let schools = plans
            .into_iter()
            .zip(values)
            .enumerate()
            .map(|(at, (plan, values))| {
                let serial = 100_000 + number * stride + at;
                SchoolLife::new(&mut chance, plan, &values, seed_of(seed, at as u64), serial, first..last)
            })
            .collect();
        // One in four diverges.
        let narrows = !number.is_multiple_of(4);
        let (narrowing, rural) = if narrows {
            (chance.between(0.05, 0.11), chance.between(0.005, 0.02))
        } else {
            (chance.between(-0.05, -0.02), chance.between(-0.02, -0.005))
        };
        let (growth, drift) = (chance.between(0.005, 0.025), chance.between(-0.015, 0.01));
        Life { chance, settings, first, narrowing, rural, growth, drift, schools }
    }

    /// The district in its current year.
    pub fn county(&self, year: i32) -> County {
        let there = |life: &&SchoolLife| {
            life.opens.is_none_or(|opens| year >= opens) && life.closes.is_none_or(|closes| year < closes)
        };
        County {
            district_code: self.settings.district_code.clone(),
            district_name: self.settings.district_name.clone(),
            year,
            schools: self.schools.iter().filter(there).map(|life| life.school(&self.settings)).collect(),
            facts: Default::default(),
            flaws: Vec::new(),
            repeated: Vec::new(),
        }
    }

    /// Advances the district to `year`.
    pub fn age(&mut self, year: i32) {
        let gone = f64::from(year - self.first);
        for life in &mut self.schools {
            let place = match life.plan.location.as_str() {
                "城区" => 0.012,
                "镇区" => -0.01,
                _ => -0.05,
            };
            for ((section, students, classes), part) in life.plan.sections.iter_mut().zip(&mut life.parts) {
                // Fewer children are born every year; 初中 is affected later.
                let cohort = match section {
                    Section::Primary => 0.01 - 0.006 * gone,
                    _ => 0.02 - 0.003 * gone,
                };
                let noise = 0.015 * self.chance.normal();
                let before = part.students;
                let rate = (place + self.drift + cohort + noise).clamp(-0.15, 0.15);
                part.students = (before * (1.0 + rate)).max(4.0);
                // Teachers and rooms partly follow the pupils.
                let kept = 1.0 + 0.3 * (before / part.students - 1.0);
                part.values.iter_mut().for_each(|value| *value *= kept);
                *students = part.students as usize;
                *classes = ((part.students / part.class).ceil() as usize).max(1);
            }
        }
        for section in Section::ALL {
            let ordinary = self.schools.iter().filter(|life| life.plan.school_type != SPECIAL);
            let means = means(ordinary.flat_map(|life| {
                life.plan.sections.iter().zip(&life.parts).filter_map(move |((of, ..), part)| {
                    (*of == section).then_some((part.students, &part.values))
                })
            }));
            for life in &mut self.schools {
                let rural = if life.plan.location == "乡村" { self.rural } else { 0.0 };
                let parts = life.plan.sections.iter().zip(&mut life.parts);
                for (_, part) in parts.filter(|((of, ..), _)| *of == section) {
                    for (value, mean) in part.values.iter_mut().zip(means) {
                        let distance = if mean > 0.0 { (mean - *value) / mean } else { 0.0 };
                        let luck = 0.004 * self.chance.normal();
                        let rate = self.growth + self.narrowing * distance + rural + luck;
                        *value *= 1.0 + rate.clamp(-0.12, 0.12);
                    }
                }
            }
        }
    }
}

/// Means weighted by pupils.
fn means<'a>(parts: impl Iterator<Item = (f64, &'a [f64; 7])>) -> [f64; 7] {
    let (mut students, mut sums) = (0.0, [0.0; 7]);
    for (weight, values) in parts {
        students += weight;
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
    }
    sums.map(|sum| if students > 0.0 { sum / students } else { 0.0 })
}

impl SchoolLife {
    fn new(
        chance: &mut Chance,
        plan: Plan,
        values: &[[f64; 7]],
        seed: u64,
        serial: usize,
        years: std::ops::Range<i32>,
    ) -> SchoolLife {
        let later =
            |chance: &mut Chance| chance.integer(i64::from(years.start) + 1, i64::from(years.end)) as i32;
        // Drawn for every school, whether used or not, so that the numbers drawn after them are the same.
        let (opens, closes, year) = (chance.unit(), chance.unit(), later(chance));
        let ordinary = plan.school_type != SPECIAL && years.end > years.start;
        let rural = plan.location == "乡村";
        SchoolLife {
            code: format!("2143{serial:06}"),
            seed,
            opens: (ordinary && !rural && opens < 0.07).then_some(year),
            closes: (ordinary && rural && closes < 0.2).then_some(year),
            parts: plan
                .sections
                .iter()
                .zip(values)
                .map(|(&(_, students, classes), values)| Part {
                    students: students as f64,
                    class: (students as f64 / classes.max(1) as f64).max(1.0),
                    values: *values,
                })
                .collect(),
            plan,
        }
    }

    fn school(&self, settings: &Settings) -> crate::synth::School {
        let values: Vec<[f64; 7]> = self.parts.iter().map(|part| part.values).collect();
        let mut made = school(&mut Chance::new(self.seed), &self.plan, 0, settings, &values);
        made.code.clone_from(&self.code);
        if let Some(opens) = self.opens {
            made.built_year = opens;
        }
        made
    }
}
