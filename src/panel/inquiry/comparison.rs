//! 城区 against 乡村: whether they differ by more than random divisions of the same schools would.

use rayon::prelude::*;

use super::{cells, school};
use crate::{
    equity::{Distribution, permutation},
    panel::{Grouping, PanelSpec, Resampling},
    standard::Standard,
    tables::{comparison, years::Measured},
    words::Words,
};

/// The pairs of groups: the first pair of which both have a school in the place is compared.
const LOCATIONS: [(&str, &str); 2] = [("城区", "乡村"), ("城区", "镇区")];
const OWNERSHIPS: [(&str, &str); 1] = [("公办", "民办")];

/// The table [`mod@crate::tables::comparison`]: 城区 against 乡村 (against 镇区 if there is no 乡村) in the places of
/// `wanted`'s level; with the grouping `Ownership`, 公办 against 民办; no rows for types, of which no pair is defined. The
/// test uses as many random divisions as there are replicates, with a stream of its own per place, section and
/// indicator; without replicates there is no p. The mean of a group without schools is null, and so is everything
/// calculated from it.
pub fn comparison(
    measured: &Measured,
    wanted: PanelSpec,
    resampling: Resampling,
    standard: &Standard,
    words: &Words,
) -> comparison::Frame {
    let grouping = wanted.grouping.unwrap_or(Grouping::Location);
    let pairs: &[(&str, &str)] = match grouping {
        Grouping::Location => &LOCATIONS,
        Grouping::Ownership => &OWNERSHIPS,
        Grouping::Type => &[],
    };
    let (places, cells) = cells(measured, wanted.level, words);
    let members = |rows: &[u32], group: &str| -> Vec<u32> {
        let is = |row: &&u32| {
            measured.rows.get(**row as usize).is_some_and(|row| grouping.group(row) == Some(group))
        };
        rows.iter().filter(is).copied().collect()
    };
    // Every place, section and indicator with its two groups.
    let mut asked = Vec::new();
    for cell in &cells {
        let Some(place) = places.get(cell.place as usize) else { continue };
        let there = |pair: &&(&str, &str)| {
            !members(&cell.rows, pair.0).is_empty() && !members(&cell.rows, pair.1).is_empty()
        };
        let Some(pair) = pairs.iter().find(there).or(pairs.first()) else { continue };
        let (first, second) = (members(&cell.rows, pair.0), members(&cell.rows, pair.1));
        for at in 0..standard.indicators.len().min(measured.panel.width) {
            asked.push((place, cell.section, *pair, at, first.clone(), second.clone()));
        }
    }
    let found: Vec<_> = asked
        .par_iter()
        .map(|(place, section, _, at, first, second)| {
            let of = |rows: &[u32]| {
                let known = rows.iter().filter_map(|&row| school(measured, row, *at));
                Distribution::of(known.map(|school| (Some(school.amount), Some(school.students))))
            };
            let (first, second) = (of(first), of(second));
            let indicator = standard.indicators.get(*at).map_or("", |indicator| indicator.id.as_str());
            let year = measured.year.to_string();
            let key = [wanted.level.id(), &place.code, &year, section.id(), grouping.id(), indicator];
            let seed = stream(resampling.seed, &key);
            let p = match resampling.replicates {
                0 => None,
                divisions => permutation(&first, &second, divisions, seed).ok().map(|(_, p)| p),
            };
            (first, second, p)
        })
        .collect();
    let mut table = comparison::Builder::new(asked.len());
    for ((place, section, pair, at, ..), (first, second, p)) in asked.iter().zip(found) {
        let Some(indicator) = standard.indicators.get(*at) else { continue };
        let factor = measured.panel.factor.get(*at).copied().unwrap_or(indicator.factor);
        let mean = |of: &Distribution| of.mean().ok().map(|mean| factor * mean);
        let (one, other) = (mean(&first), mean(&second));
        let both = one.zip(other);
        table.push(comparison::Values {
            level: wanted.level.id(),
            district_code: &place.code,
            district_name: &place.name,
            year: measured.year,
            section: *section,
            indicator: &indicator.id,
            first: pair.0,
            second: pair.1,
            first_schools: Some(first.schools().len() as i64),
            second_schools: Some(second.schools().len() as i64),
            first_mean: one,
            second_mean: other,
            gap: both.map(|(one, other)| one - other),
            ratio: both.filter(|(_, other)| *other > 0.0).map(|(one, other)| one / other),
            p,
            permutations: Some(if p.is_some() { resampling.replicates as i64 } else { 0 }),
        });
    }
    table.finish()
}

/// A seed derived from the key (FNV-1a), so that no result depends on what else is requested.
fn stream(seed: u64, key: &[&str]) -> u64 {
    let bytes = key.iter().flat_map(|part| part.bytes().chain([0]));
    seed.to_le_bytes().into_iter().chain(bytes).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
