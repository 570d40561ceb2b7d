//! Points taken off by hand without a fact that says why.

use crate::{
    problem::{Place, Problem},
    standard::Standard,
    tables::{marks::Marks, scored::ItemScore},
    words::Words,
};

/// Numbers that a finding names; the table of reasons has all.
const MAX_NUMBERS: usize = 12;
/// Units that it names for each number.
const MAX_UNITS: usize = 6;

/// One note per office with the numbers and units whose loss nobody explained.
pub fn without_fact(standard: &Standard, marks: &Marks, items: &[ItemScore], words: &Words) -> Vec<Problem> {
    /// Item, adjustment and part: an item's parts come before its adjustments.
    type Order = (usize, Option<usize>, Option<usize>);
    struct Office {
        name: String,
        place: Place,
        /// The units of each number, in the order of the items.
        numbers: Vec<(Order, String, Vec<String>)>,
        count: usize,
    }
    let mut offices: Vec<Office> = Vec::new();
    let lost = items.iter().flat_map(|score| score.losses(standard));
    for (loss, mark) in lost.filter_map(|loss| Some((loss, loss.mark?))) {
        if marks.reasons.iter().any(|reason| !reason.fact.is_empty() && loss.is_of(reason)) {
            continue;
        }
        let Some(mark) = marks.marks.get(mark) else { continue };
        let at = offices.iter().position(|own| own.name == mark.office).unwrap_or_else(|| {
            let place = Place { cell: None, ..mark.place.clone() };
            offices.push(Office { name: mark.office.clone(), place, numbers: Vec::new(), count: 0 });
            offices.len() - 1
        });
        let Some(office) = offices.get_mut(at) else { continue };
        let number = loss.number(standard);
        let unit = marks.units.get(loss.unit).map(|unit| unit.name.clone()).unwrap_or_default();
        office.count += 1;
        match office.numbers.iter_mut().find(|(_, own, _)| *own == number) {
            Some((_, _, units)) => units.push(unit),
            None => {
                let order = (loss.item, loss.adjustment, loss.part);
                office.numbers.push((order, number, vec![unit]));
            }
        }
    }
    let finding = |mut office: Office| {
        if office.name.is_empty() {
            office.name = words.say("marking.nobody");
        }
        office.numbers.sort_by_key(|(order, ..)| *order);
        let more = office.numbers.len() > MAX_NUMBERS;
        let mut named: Vec<String> = office
            .numbers
            .iter()
            .take(MAX_NUMBERS)
            .map(|(_, number, units)| {
                let cut = units.len() > MAX_UNITS;
                let mut units: Vec<&str> = units.iter().take(MAX_UNITS).map(String::as_str).collect();
                units.extend(cut.then_some("…"));
                format!("{number} ({})", units.join(" "))
            })
            .collect();
        named.extend(more.then(|| "…".to_string()));
        Problem::note("score_no_fact", office.place)
            .with("count", office.count)
            .with("office", office.name)
            .list("marks", named)
    };
    offices.into_iter().map(finding).collect()
}
