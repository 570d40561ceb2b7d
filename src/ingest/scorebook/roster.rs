//! The units of all workbooks together, each once, even if it has several names.

use std::collections::HashMap;

use crate::{
    ingest::cell::fold,
    nearest::nearest,
    problem::{Place, Problem},
    tables::{marks::Unit, scorebook::unit_from},
};

#[derive(Default)]
pub struct Roster {
    pub units: Vec<Unit>,
    places: Vec<Place>,
    /// Folded name → index, since every sheet names all units again.
    names: HashMap<String, usize>,
}

impl Roster {
    /// The unit that a hidden text names; `None` for other text.
    pub fn hidden(&mut self, text: &str, place: &Place, problems: &mut Vec<Problem>) -> Option<usize> {
        let (name, code, class, aliases) = unit_from(text)?;
        let some = |text: String| (!text.is_empty()).then_some(text);
        let unit = Unit { name, code: some(code), class: some(class), aliases };
        if let Some(at) = self.names.get(&fold(&unit.name)).copied() {
            let differs =
                |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
            if let (Some(known), Some(first)) = (self.units.get_mut(at), self.places.get(at)) {
                if differs(&known.code, &unit.code) || differs(&known.class, &unit.class) {
                    let said = |unit: &Unit| {
                        [&unit.code, &unit.class]
                            .into_iter()
                            .flatten()
                            .cloned()
                            .collect::<Vec<_>>()
                            .join(" / ")
                    };
                    let problem = Problem::error("marks_unit_differs", place.clone())
                        .with("unit", &unit.name)
                        .with("found", said(&unit))
                        .with("expected", said(known))
                        .with("first", first);
                    problems.push(problem);
                }
                known.code = known.code.take().or(unit.code);
                known.class = known.class.take().or(unit.class);
                for alias in unit.aliases {
                    if !known.aliases.contains(&alias) {
                        known.aliases.push(alias);
                    }
                }
            }
            return Some(at);
        }
        // One workbook lists 乌拉特前旗 with the alias 乌前旗; another lists 乌前旗.
        let same = |known: &Unit| {
            let names = |unit: &Unit| -> Vec<String> {
                let all = std::iter::once(&unit.name).chain(&unit.code).chain(&unit.aliases);
                all.map(|name| fold(name)).collect()
            };
            let known = names(known);
            names(&unit).iter().any(|name| known.contains(name))
        };
        if let Some(at) = self.units.iter().position(same) {
            if let (Some(known), Some(first)) = (self.units.get(at), self.places.get(at)) {
                let problem = Problem::error("marks_unit_two_names", place.clone())
                    .with("found", &unit.name)
                    .with("other", &known.name)
                    .with("first", first);
                problems.push(problem);
            }
            return Some(at);
        }
        self.names.insert(fold(&unit.name), self.units.len());
        self.units.push(unit);
        self.places.push(place.clone());
        Some(self.units.len() - 1)
    }

    /// Finds a unit by name, code or alias.
    pub fn called(&self, text: &str) -> Option<usize> {
        let wanted = fold(text);
        self.names.get(&wanted).copied().or_else(|| {
            let other = |unit: &Unit| unit.code.iter().chain(&unit.aliases).any(|name| fold(name) == wanted);
            self.units.iter().position(other)
        })
    }

    /// Whether a header names the unit.
    pub fn is(&self, unit: usize, text: &str) -> bool {
        let wanted = fold(text);
        self.units.get(unit).is_some_and(|unit| {
            std::iter::once(&unit.name)
                .chain(&unit.code)
                .chain(&unit.aliases)
                .any(|name| fold(name) == wanted)
        })
    }

    pub fn name(&self, unit: usize) -> &str {
        self.units.get(unit).map_or("", |unit| unit.name.as_str())
    }

    /// Names similar to this one, for messages.
    pub fn near(&self, text: &str) -> String {
        super::near(nearest(text, self.units.iter().map(|unit| unit.name.as_str())).join("、"))
    }
}
