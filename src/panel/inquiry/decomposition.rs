//! How much of the inequality lies between groups of schools and how much within them.

use super::{cells, school};
use crate::{
    equity::{Grouped, Measure, Nested, School, Undefined, nested},
    panel::{Grouping, Level},
    standard::Standard,
    tables::{
        decomposition,
        years::{Measured, Region},
    },
    words::Words,
};

const MEASURES: [(Measure, &str); 3] =
    [(Measure::CvSquared, "cv_squared"), (Measure::TheilT, "theil_t"), (Measure::TheilL, "theil_l")];

/// A total below this is a rounding error: all are alike, and there are no shares.
const NOTHING: f64 = 1e-14;

/// The division of the schools.
#[derive(Debug, Clone, Copy)]
enum By {
    Grouping(Grouping),
    Region(Level),
}

impl By {
    fn id(self) -> &'static str {
        match self {
            By::Grouping(grouping) => grouping.id(),
            By::Region(level) => level.id(),
        }
    }

    /// The group of a row; `None` if unknown, which is a group of its own.
    fn group(self, measured: &Measured, row: u32) -> Option<&str> {
        let identity = measured.rows.get(row as usize)?;
        let code = match self {
            By::Grouping(grouping) => return grouping.group(identity),
            By::Region(level) => code(measured.regions.get(identity.district as usize)?, level),
        };
        (!code.is_empty()).then_some(code)
    }
}

fn code(region: &Region, level: Level) -> &str {
    match level {
        Level::District => &region.district_code,
        Level::City => &region.city_code,
        Level::Province => &region.province_code,
        Level::All => "all",
    }
}

/// The levels at which a place of this level can have several members, from the outermost.
fn inside(level: Level) -> &'static [Level] {
    match level {
        Level::District => &[],
        Level::City => &[Level::District],
        Level::Province => &[Level::City, Level::District],
        Level::All => &[Level::Province, Level::City, Level::District],
    }
}

/// The table [`mod@crate::tables::decomposition`] of the places of a level: by location, ownership and type;
/// by districts, cities and provinces; and nested (`region`) where a place has several members. Unknown groups (no 城乡
/// label, a district whose city is unknown) form a group of their own without a name; groups of places have their
/// codes. GE(2) is half of CV², part by part. Null if no school has anything, and for L if one school has nothing;
/// shares also if all are alike.
pub fn decomposition(
    measured: &Measured,
    level: Level,
    standard: &Standard,
    words: &Words,
) -> decomposition::Frame {
    let (places, cells) = cells(measured, level, words);
    let mut table = decomposition::Builder::new(0);
    let mut ways: Vec<By> = Grouping::ALL.into_iter().map(By::Grouping).collect();
    ways.extend(inside(level).iter().map(|inner| By::Region(*inner)));
    for cell in &cells {
        let Some(place) = places.get(cell.place as usize) else { continue };
        for (at, indicator) in standard.indicators.iter().enumerate().take(measured.panel.width) {
            let known: Vec<(u32, School)> =
                cell.rows.iter().filter_map(|&row| Some((row, school(measured, row, at)?))).collect();
            let mut add = |by: &str, measure: &str, part: &str, group: Option<&str>, value, total| {
                let share = |(value, total): (f64, f64)| (total > NOTHING).then(|| value / total);
                let value: Option<f64> = value;
                table.push(decomposition::Values {
                    level: level.id(),
                    district_code: &place.code,
                    district_name: &place.name,
                    year: measured.year,
                    section: cell.section,
                    indicator: &indicator.id,
                    measure,
                    by,
                    part,
                    group,
                    value,
                    share: value.zip(total).and_then(share),
                });
            };
            for by in &ways {
                if matches!(by, By::Region(_)) && place.regions.len() < 2 {
                    continue;
                }
                let grouped = Grouped::of(known.iter().map(|(row, school)| {
                    (by.group(measured, *row), Some(school.amount), Some(school.students))
                }));
                for (measure, name) in MEASURES {
                    let parts = grouped.parts(measure).ok();
                    let total = parts.as_ref().map(|parts| parts.total);
                    add(by.id(), name, "total", None, total, total);
                    add(by.id(), name, "between", None, parts.as_ref().map(|p| p.between), total);
                    add(by.id(), name, "within", None, parts.as_ref().map(|p| p.within), total);
                    for (group, value) in parts.iter().flat_map(|parts| &parts.groups) {
                        add(by.id(), name, "group", *group, Some(*value), total);
                    }
                }
            }
            if place.regions.len() < 2 {
                continue;
            }
            for (measure, name) in MEASURES {
                let found = regions(measured, level, &known, measure);
                let total = found.as_ref().ok().map(|(total, _)| *total);
                add("region", name, "total", None, total, total);
                let parts = ["between_provinces", "between_cities", "between_districts", "within_districts"];
                // The first part of a province is that between its cities.
                let first = 3 - inside(level).len();
                for (at, part) in parts.into_iter().skip(first).enumerate() {
                    let value = found.as_ref().ok().and_then(|(_, values)| values.get(at).copied());
                    add("region", name, part, None, value, total);
                }
            }
        }
    }
    table.finish()
}

/// The whole, and its parts from the outermost level inwards, ending with those within districts.
fn regions(
    measured: &Measured,
    level: Level,
    known: &[(u32, School)],
    measure: Measure,
) -> std::result::Result<(f64, Vec<f64>), Undefined> {
    fn sums_of<const DEPTH: usize>(found: Nested<DEPTH>) -> (f64, Vec<f64>) {
        (found.total, found.between.into_iter().chain([found.within]).collect())
    }
    let group = |row: u32, level: Level| By::Region(level).group(measured, row).unwrap_or_default();
    let amounts = |school: &School| (Some(school.amount), Some(school.students));
    let schools = || known.iter().map(|(row, school)| (*row, amounts(school)));
    use Level::{City, District, Province};
    match inside(level).len() {
        3 => nested(
            schools().map(|(row, (x, p))| ([Province, City, District].map(|level| group(row, level)), x, p)),
            measure,
        )
        .map(sums_of),
        2 => nested(
            schools().map(|(row, (x, p))| ([City, District].map(|level| group(row, level)), x, p)),
            measure,
        )
        .map(sums_of),
        _ => nested(schools().map(|(row, (x, p))| ([group(row, District)], x, p)), measure).map(sums_of),
    }
}
