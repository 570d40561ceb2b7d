//! The places of a level, and the groups of schools within them.

use std::collections::BTreeMap;

use super::{Grouping, Level};
use crate::{
    dictionary::Section,
    tables::years::{Identity, Measured, Region},
    words::Words,
};

impl Level {
    /// All levels, the smallest first.
    pub const ALL: [Level; 4] = [Level::District, Level::City, Level::Province, Level::All];

    /// As in the column `level`.
    pub fn id(self) -> &'static str {
        match self {
            Level::District => "district",
            Level::City => "city",
            Level::Province => "province",
            Level::All => "all",
        }
    }

    /// The level that has this id in tables.
    pub fn from_id(id: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.id() == id)
    }

    /// The code and name of the place of this level that contains a district, if known.
    pub fn place(self, region: &Region, words: &Words) -> Option<(String, String)> {
        let (code, name) = match self {
            Level::District => (region.district_code.clone(), region.district_name.clone()),
            Level::City => (region.city_code.clone(), region.city_name.clone()),
            Level::Province => (region.province_code.clone(), region.province_name.clone()),
            Level::All => ("all".to_string(), words.say("panel.all")),
        };
        (!code.is_empty()).then_some((code, name))
    }
}

impl Grouping {
    /// All groupings.
    pub const ALL: [Grouping; 3] = [Grouping::Location, Grouping::Ownership, Grouping::Type];

    /// As in the column `grouping`.
    pub fn id(self) -> &'static str {
        match self {
            Grouping::Location => "location",
            Grouping::Ownership => "ownership",
            Grouping::Type => "type",
        }
    }

    /// The grouping that has this id in tables.
    pub fn from_id(id: &str) -> Option<Grouping> {
        Grouping::ALL.into_iter().find(|grouping| grouping.id() == id)
    }

    /// The group of a school, if known.
    pub fn group(self, row: &Identity) -> Option<&str> {
        let group = match self {
            Grouping::Location => &row.location,
            Grouping::Ownership => &row.ownership,
            Grouping::Type => &row.school_type,
        };
        group.as_deref()
    }
}

/// A place of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub code: String,
    pub name: String,
    /// Indices into [`Measured::regions`].
    pub regions: Vec<u32>,
}

/// The places of a level by code, and the index of each region's place.
pub fn places(measured: &Measured, level: Level, words: &Words) -> (Vec<Place>, Vec<Option<u32>>) {
    let mut by_code: BTreeMap<String, Place> = BTreeMap::new();
    let of_region: Vec<Option<String>> = measured
        .regions
        .iter()
        .enumerate()
        .map(|(at, region)| {
            let (code, name) = level.place(region, words)?;
            let new = || Place { code: code.clone(), name, regions: Vec::new() };
            by_code.entry(code.clone()).or_insert_with(new).regions.push(at as u32);
            Some(code)
        })
        .collect();
    let index: BTreeMap<&str, u32> = by_code.keys().map(String::as_str).zip(0..).collect();
    let found = of_region.iter().map(|code| code.as_deref().map(|code| index[code])).collect();
    (by_code.into_values().collect(), found)
}

/// Schools that are taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Index into the places.
    pub place: u32,
    pub section: Section,
    /// The group; `None` without a grouping, and for schools whose group is unknown.
    pub group: Option<String>,
    /// Rows of [`Measured::panel`], ascending.
    pub rows: Vec<u32>,
}

/// The cells of each place by section and group: 城区, 镇区, 乡村, then others by name, unknown ones last.
pub fn cells(measured: &Measured, of_region: &[Option<u32>], grouping: Option<Grouping>) -> Vec<Cell> {
    type Key<'a> = (u32, Section, (usize, Option<&'a str>));
    let mut found: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
    for (at, row) in measured.rows.iter().enumerate() {
        let Some(place) = of_region.get(row.district as usize).copied().flatten() else { continue };
        let group = grouping.and_then(|grouping| grouping.group(row));
        let order = match group {
            Some("城区") => 0,
            Some("镇区") => 1,
            Some("乡村") => 2,
            Some(_) => 3,
            None => 4,
        };
        found.entry((place, row.section, (order, group))).or_default().push(at as u32);
    }
    let cell = |((place, section, (_, group)), rows): (Key, Vec<u32>)| Cell {
        place,
        section,
        group: group.map(str::to_string),
        rows,
    };
    found.into_iter().map(cell).collect()
}
