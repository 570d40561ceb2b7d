//! Tables derived from the annual tables by joining and counting, so that every number in a sentence is one cell of one
//! table.

mod ranking;
mod standings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::{
    ranking::{changes, ranking},
    standings::{Standings, overview},
};
use crate::{
    dictionary::Section,
    panel::Level,
    tables::{
        annual::{Annual, Derived, certainty},
        definition::{Defined, Frame},
        derived::{classes, facts_missing, limits, location_gap},
    },
};

/// The tables that the report counts and compares by, derived from those of the year.
pub fn derive(annual: &Annual) -> Derived {
    let standings = Standings::of(annual);
    Derived {
        // Both sections together first, then 小学, 初中.
        overview: in_order(&overview(&standings), |row| (row.year(), Section::from_id(row.section()))),
        limits: in_order(&limits(annual), |row| (row.year(), row.section())),
        ranking: ranking(annual, &standings),
        changes: changes(annual, &standings),
        facts: in_order(&facts(annual), |row| (row.year(), row.section())),
        location_gap: in_order(&location_gap(annual), |row| (row.year(), row.section())),
        classes: in_order(&classes(annual), |row| (row.year(), row.section())),
    }
}

/// Sorts rows by `place`; equal ones keep their order.
fn in_order<T: Defined, Place: Ord>(frame: &Frame<T>, place: impl Fn(T::Row<'_>) -> Place) -> Frame<T> {
    let mut rows: Vec<(usize, Place)> = frame.rows().map(place).enumerate().collect();
    rows.sort_by(|a, b| a.1.cmp(&b.1));
    frame.take(rows.into_iter().map(|(at, _)| at))
}

fn limits(annual: &Annual) -> limits::Frame {
    let mut counts: BTreeMap<(i32, Section), limits::Values> = BTreeMap::new();
    for row in annual.whole.rows().filter(|row| row.limit().is_some()) {
        let own = counts.entry((row.year(), row.section())).or_default();
        own.limits += 1;
        match certainty(row.certainty(), row.met()) {
            Some("met") => own.met += 1,
            Some("unmet") => own.unmet += 1,
            Some(_) => own.open += 1,
            None => own.missing += 1,
        }
    }
    counts.into_iter().map(|((year, section), own)| limits::Values { year, section, ..own }).collect()
}

fn facts(annual: &Annual) -> facts_missing::Frame {
    let mut counts: BTreeMap<(Section, &str), facts_missing::Values> = BTreeMap::new();
    let of_year = annual.coverage.rows().filter(|row| row.year() == annual.year);
    for row in of_year.filter(|row| row.level() == Level::District.id()) {
        let Some(fact) = row.fact() else { continue };
        let own = counts.entry((row.section(), fact)).or_default();
        own.known += row.known();
        own.of += row.of();
        own.districts_complete += i64::from(row.status() == "complete");
        own.districts_without += i64::from(row.status() == "none");
    }
    counts
        .into_iter()
        .map(|((section, fact), own)| facts_missing::Values {
            year: annual.year,
            section,
            fact,
            missing: own.of - own.known,
            status: match own.known {
                known if known == own.of => "complete",
                0 => "none",
                _ => "partly",
            },
            ..own
        })
        .collect()
}

fn location_gap(annual: &Annual) -> location_gap::Frame {
    let mut means: BTreeMap<(i32, Section, &str), BTreeMap<&str, f64>> = BTreeMap::new();
    for row in annual.by_location.rows() {
        if let (Some(group), Some(mean)) = (row.group(), row.mean()) {
            let key = (row.year(), row.section(), row.indicator());
            means.entry(key).or_default().insert(group, mean);
        }
    }
    let pairs: BTreeMap<(Section, &str), (&str, &str)> = annual
        .comparison
        .rows()
        .map(|row| ((row.section(), row.indicator()), (row.first(), row.second())))
        .collect();
    let rows = means.iter().filter_map(|((year, section, indicator), own)| {
        let (first, second) = *pairs.get(&(*section, *indicator))?;
        let (one, other) = (*own.get(first)?, *own.get(second)?);
        Some(location_gap::Values {
            year: *year,
            section: *section,
            indicator,
            first,
            second,
            first_mean: Some(one),
            second_mean: Some(other),
            gap: Some(one - other),
            ratio: (other > 0.0).then(|| one / other),
        })
    });
    rows.collect()
}

fn classes(annual: &Annual) -> classes::Frame {
    let mut sums: BTreeMap<(i32, Section), classes::Values> = BTreeMap::new();
    for row in annual.class_sizes.rows().filter(|row| row.level() == Level::All.id()) {
        let nothing = classes::Values { classes: 0.0, over: 0.0, either: 0.0, ..Default::default() };
        let own = sums.entry((row.year(), row.section())).or_insert(nothing);
        own.classes += row.classes();
        match row.over() {
            Some(true) => own.over += row.classes(),
            Some(false) => {}
            // A bracket that extends to both sides of the allowed size.
            None => own.either += row.classes(),
        }
        own.unknown = own.unknown.max(row.unknown());
    }
    sums.retain(|_, own| own.classes > 0.0);
    let share = |own: &classes::Values| own.over / own.classes;
    let rows = sums.iter().map(|((year, section), own)| classes::Values {
        year: *year,
        section: *section,
        over_share: Some(share(own)),
        over_share_change: sums.get(&(year - 1, *section)).map(|before| share(own) - share(before)),
        ..*own
    });
    rows.collect()
}
