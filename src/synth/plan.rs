//! Plans the schools of a county: types, locations, names, pupils and classes.

use super::{Settings, layout::Layout};
use crate::{chance::Chance, dictionary::Section};

/// A school before its facts are invented.
pub(super) struct Plan {
    pub name: String,
    pub school_type: String,
    pub location: String,
    pub private: bool,
    pub boarding: bool,
    /// Section, pupils, classes.
    pub sections: Vec<(Section, usize, usize)>,
}

pub(super) const SPECIAL: &str = "特殊教育学校";
const POINT: &str = "教学点";

/// Schools of each type, in the proportions of real districts.
pub(super) fn plans(chance: &mut Chance, settings: &Settings) -> Vec<Plan> {
    let schools = settings.schools.unwrap_or(40);
    let part = |share: f64| (schools as f64 * share + 0.5) as usize;
    let mut types = Vec::with_capacity(schools);
    if schools >= 10 {
        types.push(SPECIAL);
    }
    for (school_type, share) in [
        ("十二年一贯制学校", 0.015),
        ("完全中学", 0.025),
        ("九年一贯制学校", 0.06),
        ("初中", 0.12),
        (POINT, 0.15),
    ] {
        types.extend(std::iter::repeat_n(school_type, part(share)));
    }
    types.resize(schools, "小学");
    types.reverse();
    let mut used = std::collections::HashMap::new();
    types
        .into_iter()
        .map(|school_type| {
            let location = match (school_type, chance.unit()) {
                (POINT, _) => "乡村",
                (SPECIAL, _) => "城区",
                (_, x) if x < 0.45 => "城区",
                (_, x) if x < 0.70 => "镇区",
                _ => "乡村",
            };
            let private = school_type != POINT && school_type != SPECIAL && chance.happens(0.06);
            let sections = sections(chance, school_type, location);
            let boarding = school_type == SPECIAL
                || location != "城区" && school_type != POINT && {
                    let junior = sections.iter().any(|(section, ..)| *section != Section::Primary);
                    chance.happens(if junior { 0.8 } else { 0.2 })
                };
            Plan {
                name: name(chance, &mut used, school_type, location, settings),
                school_type: school_type.to_string(),
                location: location.to_string(),
                private,
                boarding,
                sections,
            }
        })
        .collect()
}

fn sections(chance: &mut Chance, school_type: &str, location: &str) -> Vec<(Section, usize, usize)> {
    let place: f64 = match location {
        "城区" => 1.0,
        "镇区" => 0.6,
        _ => 0.25,
    };
    let mut section = |section: Section, median: f64, least: f64, most: f64| {
        let students = chance.around(median, 0.5).clamp(least, most);
        let target = match (location, section) {
            // Large classes occur in large urban schools.
            ("城区", Section::Primary) if students > 900.0 && chance.happens(0.35) => 49.0,
            ("城区", Section::Primary) => 43.5,
            ("城区", _) => 47.0,
            (_, Section::Primary) => 37.0,
            _ => 44.0,
        };
        let grades = if section == Section::Primary { 6.0 } else { 3.0 };
        // A school of some size has one class per grade; a teaching point combines grades.
        let least_classes = if students >= grades * 16.0 { grades } else { (students / 16.0).ceil() };
        (section, students as usize, (students / target).ceil().max(least_classes) as usize)
    };
    match school_type {
        POINT => vec![section(Section::Primary, 36.0, 4.0, 96.0)],
        SPECIAL => vec![
            (Section::Primary, 60 + chance.integer(0, 30) as usize, 6),
            (Section::Junior, 25 + chance.integer(0, 12) as usize, 3),
        ],
        "初中" => vec![section(Section::Junior, 1050.0 * place.max(0.4), 120.0, 2100.0)],
        "九年一贯制学校" => vec![
            section(Section::Primary, 900.0 * place, 100.0, 1700.0),
            section(Section::Junior, 600.0 * place.max(0.4), 90.0, 1000.0),
        ],
        "完全中学" => vec![
            section(Section::Junior, 800.0 * place.max(0.6), 200.0, 1500.0),
            section(Section::Senior, 1000.0 * place.max(0.6), 200.0, 2400.0),
        ],
        "十二年一贯制学校" => vec![
            section(Section::Primary, 900.0 * place.max(0.6), 150.0, 1500.0),
            section(Section::Junior, 500.0 * place.max(0.6), 90.0, 900.0),
            section(Section::Senior, 450.0 * place.max(0.6), 90.0, 900.0),
        ],
        _ => vec![section(Section::Primary, 950.0 * place, 60.0, 2300.0)],
    }
}

fn name(
    chance: &mut Chance,
    used: &mut std::collections::HashMap<String, usize>,
    school_type: &str,
    location: &str,
    settings: &Settings,
) -> String {
    let names = &Layout::get().names;
    let suffix = names.suffix.get(school_type).map_or(school_type, String::as_str);
    if school_type == SPECIAL {
        return format!("{}{suffix}", settings.district_name);
    }
    let places = match location {
        "城区" => &names.urban,
        "镇区" => &names.town,
        _ => &names.rural,
    };
    let start = chance.integer(0, places.len() as i64 - 1) as usize;
    let times = |place: &String| used.get(&format!("{place}{suffix}")).copied().unwrap_or(0);
    // The place with the fewest schools of this kind, starting from a random one.
    let place =
        (0..places.len()).map(|i| &places[(start + i) % places.len()]).min_by_key(|place| times(place));
    let place = place.map_or("", String::as_str);
    let count = used.entry(format!("{place}{suffix}")).or_insert(0);
    *count += 1;
    match *count {
        1 => format!("{place}{suffix}"),
        n => names.again.replace("{place}", place).replace("{n}", &numeral(n)).replace("{suffix}", suffix),
    }
}

/// 二, 十, 十二, 一百零三 … to 9,999.
fn numeral(n: usize) -> String {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut out = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = n / unit % 10;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out += digits[0];
            gap = false;
        }
        if !(digit == 1 && unit == 10 && out.is_empty()) {
            out += digits[digit];
        }
        out += name;
    }
    if n >= 10_000 { n.to_string() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_as_written() {
        for (n, text) in [
            (2, "二"),
            (10, "十"),
            (12, "十二"),
            (30, "三十"),
            (103, "一百零三"),
            (110, "一百一十"),
            (1002, "一千零二"),
        ] {
            assert_eq!(numeral(n), text);
        }
    }
}
