//! The made schools: pupils and values by year, the same on every machine.

use std::ops::RangeInclusive;

use crate::{dictionary::Section, standard::Standard, tables::years::Region, words::Language};

/// What is made.
#[derive(Debug, Clone)]
pub struct Plan {
    pub cities: usize,
    pub districts_a_city: usize,
    pub years: RangeInclusive<i32>,
    /// Of each section, in each district.
    pub schools: usize,
    pub standard: &'static str,
    pub language: Language,
}

impl Plan {
    /// 12 districts in 3 cities, 6 years, both sections.
    pub fn usual(language: Language) -> Plan {
        Plan {
            cities: 3,
            districts_a_city: 4,
            years: 2019..=2024,
            schools: 8,
            standard: "quality-balance-2017",
            language,
        }
    }
}

pub const LOCATIONS: [&str; 3] = ["城区", "镇区", "乡村"];

/// One school in one section.
pub struct Made {
    pub district: usize,
    pub section: Section,
    pub code: String,
    pub name: String,
    pub location: &'static str,
    pub ownership: &'static str,
    /// By year; `None` where the district has not that year.
    pub students: Vec<Option<f64>>,
    /// By year and indicator.
    pub values: Vec<Vec<Option<f64>>>,
}

/// From -1 to 1, by what it is of.
fn noise(of: &[usize]) -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for part in of {
        state = (state ^ *part as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// Of variance 1, never further than 3.
fn spread(of: &[usize]) -> f64 {
    (0..3).map(|k| noise(&[of, &[k]].concat())).sum()
}

const CITIES: [&str; 8] = ["东川市", "南溪市", "西岭市", "北原市", "江口市", "云阳市", "临海市", "平湖市"];
const DISTRICTS: [&str; 8] = ["城关区", "新河县", "石门县", "青山县", "白水县", "高桥区", "长坪县", "双塔县"];

/// The districts, and one more at the end that lacks the last year.
pub fn regions(plan: &Plan) -> Vec<Region> {
    let many = plan.cities * plan.districts_a_city;
    let region = |at: usize| {
        let city = (at / plan.districts_a_city.max(1)).min(plan.cities.saturating_sub(1));
        let name = DISTRICTS[(at * 5 + city) % 8];
        // Beyond the names there are, they are numbered.
        let round = at / 8 + 1;
        Region {
            district_code: format!("99{:02}{:02}", city + 1, at - city * plan.districts_a_city + 1),
            district_name: if many > 8 && round > 1 { format!("{name}{round}") } else { name.to_string() },
            city_code: format!("99{:02}", city + 1),
            city_name: CITIES
                .get(city)
                .map_or_else(|| format!("第{}市", city + 1), |name| (*name).to_string()),
            province_code: "99".into(),
            province_name: "示例省".into(),
        }
    };
    (0..=many).map(region).collect()
}

/// Whether a district has a year: one misses the third, one begins with the second, the one after the last lacks the
/// last. With few years or districts everything is there.
fn has(plan: &Plan, district: usize, year: usize) -> bool {
    let years = plan.years.clone().count();
    let districts = plan.cities * plan.districts_a_city;
    match district {
        at if at == districts => years > 1 && year + 1 < years,
        5 if years > 4 => year != 2,
        7 if years > 4 => year != 0,
        _ => true,
    }
}

pub fn schools(plan: &Plan, standard: &Standard) -> Vec<Made> {
    let years = plan.years.clone().count();
    let mut made = Vec::new();
    for (district, region) in regions(plan).iter().enumerate() {
        for &section in &standard.scope.sections {
            for school in 0..plan.schools {
                let of = [district, section as usize, school];
                let place = school * 3 / plan.schools.max(1);
                let location = LOCATIONS[place.min(2)];
                let base =
                    [1400.0, 700.0, 240.0][place.min(2)] * (1.0 + 0.35 * noise(&[&of[..], &[99]].concat()));
                let mut own = Made {
                    district,
                    section,
                    code: format!("{}{}{school:02}", region.district_code, section as usize),
                    name: format!(
                        "{}第{}学校",
                        region.district_name.trim_end_matches(['区', '县']),
                        school + 1
                    ),
                    location,
                    ownership: if school == 1 { "民办" } else { "公办" },
                    students: Vec::new(),
                    values: Vec::new(),
                };
                for year in 0..years {
                    let there = has(plan, district, year);
                    let growth = 1.0 + [0.02, 0.0, -0.04][place.min(2)] * year as f64;
                    own.students.push(there.then(|| (base * growth.max(0.3)).round()));
                    let values = (0..standard.indicators.len()).map(|k| {
                        let known = there && !(district == 3 && school == 1 && k == 1 && year == 2);
                        known.then(|| value(standard, (district, section, school), place.min(2), (k, year)))
                    });
                    own.values.push(values.collect());
                }
                made.push(own);
            }
        }
    }
    made
}

/// Districts grow towards one another, schools too, but for the sixth indicator; villages lag behind.
fn value(
    standard: &Standard,
    (district, section, school): (usize, Section, usize),
    place: usize,
    (indicator, year): (usize, usize),
) -> f64 {
    let t = year as f64;
    let usual = standard.indicators[indicator].threshold.get(section).copied().unwrap_or(0.08);
    let start = 1.25 + 0.3 * noise(&[district, indicator, 7]);
    let level =
        1.3 + (start - 1.3) * 0.9_f64.powf(t) + 0.02 * t + 0.01 * noise(&[district, indicator, year, 11]);
    let width = 0.42 + 0.12 * noise(&[indicator, 13]) + 0.14 * noise(&[district, 17]);
    let width = width * (1.0 + if indicator == 5 { 0.035 } else { -0.03 } * t.min(15.0));
    let behind = [0.08, 0.0, -0.14][place] * (1.0 - 0.04 * t.min(20.0));
    usual * (level + behind + width * spread(&[district, section as usize, school, indicator])).max(0.05)
}
