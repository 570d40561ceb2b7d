//! The marks that were entered, by unit and entry. Invalid ones (above their points, not a whole count, another kind of
//! cell) are reported and count as not entered.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;

use crate::{
    problem::Problem,
    standard::{
        Standard,
        entry::{Entry, Value},
        method::numbers::shown,
        stages::{staged, unstaged},
    },
    tables::marks::{Entered as Cell, Marks},
    words::Words,
};

/// The valid marks, by unit and entry.
#[derive(Debug, Default)]
pub struct Entered {
    index: Arc<HashMap<(usize, String), (Cell, usize)>>,
    /// The stages whose marks count, the first that has one for an entry before the others.
    stages: Vec<String>,
    /// Items that are marked, by item, unit and stage.
    marked: Arc<HashSet<(usize, usize, String)>>,
    /// Units for which anything is marked, by stage.
    begun: Arc<HashSet<(usize, String)>>,
}

impl Entered {
    pub fn new(standard: &Standard, marks: &Marks, words: &Words) -> (Entered, Vec<Problem>) {
        let entries: HashMap<String, Entry> =
            standard.entries().into_iter().map(|entry| (entry.id.clone(), entry)).collect();
        let (mut index, mut problems) = (HashMap::new(), Vec::new());
        let (mut marked, mut begun) = (HashSet::new(), HashSet::new());
        for (at, mark) in marks.marks.iter().enumerate() {
            let unit = marks.units.get(mark.unit).map_or("", |unit| unit.name.as_str());
            let problem = |code| {
                Problem::warning(code, mark.place.clone()).with("unit", unit).with("entry", &mark.entry)
            };
            let (entry, stage) = unstaged(&mark.entry);
            let asked = entries.get(entry).filter(|entry| standard.is_in_stage(entry, stage));
            let Some(entry) = asked else {
                // The workbook was made with other settings.
                problems.push(problem("score_entry_not_asked"));
                continue;
            };
            match refused(entry, mark.entered, standard, marks, words) {
                Some(allowed) => problems.push(
                    problem("score_out_of_bounds")
                        .with("found", cell_shown(mark.entered, words))
                        .with("allowed", allowed),
                ),
                None => {
                    marked.extend(entry.item.map(|item| (item, mark.unit, stage.to_string())));
                    begun.insert((mark.unit, stage.to_string()));
                    let key = (mark.unit, mark.entry.clone());
                    index.entry(key).or_insert((mark.entered, at));
                }
            }
        }
        let stages = vec![String::new()];
        let (index, marked, begun) = (Arc::new(index), Arc::new(marked), Arc::new(begun));
        (Entered { index, stages, marked, begun }, problems)
    }

    /// The same marks, where those of these stages count.
    pub fn in_stages(&self, stages: &[&str]) -> Entered {
        let stages = stages.iter().map(|stage| (*stage).to_string()).collect();
        let (marked, begun) = (Arc::clone(&self.marked), Arc::clone(&self.begun));
        Entered { index: Arc::clone(&self.index), stages, marked, begun }
    }

    /// Whether anything of an item is marked for a unit in a stage.
    pub fn is_marked(&self, item: usize, unit: usize, stage: &str) -> bool {
        self.marked.contains(&(item, unit, stage.to_string()))
    }

    /// Whether anything at all is marked for a unit in a stage.
    pub fn is_begun(&self, unit: usize, stage: &str) -> bool {
        self.begun.contains(&(unit, stage.to_string()))
    }

    fn get(&self, unit: usize, entry: &str) -> Option<(Cell, usize)> {
        self.stages.iter().find_map(|stage| self.index.get(&(unit, staged(entry, stage))).copied())
    }

    /// A number, and the index of its mark.
    pub fn number(&self, unit: usize, entry: &str) -> Option<(f64, usize)> {
        match self.get(unit, entry)? {
            (Cell::Number(number), at) => Some((number, at)),
            _ => None,
        }
    }

    pub fn truth(&self, unit: usize, entry: &str) -> Option<(bool, usize)> {
        match self.get(unit, entry)? {
            (Cell::Truth(truth), at) => Some((truth, at)),
            _ => None,
        }
    }

    /// A truth from the first stage in which any of `all`, which are answered together, is entered.
    pub fn truth_of_latest(
        &self,
        unit: usize,
        entry: &str,
        all: impl Iterator<Item = String>,
    ) -> Option<(bool, usize)> {
        let all: Vec<String> = all.collect();
        let answered =
            |stage: &&String| all.iter().any(|own| self.index.contains_key(&(unit, staged(own, stage))));
        let stage = self.stages.iter().find(answered)?;
        match self.index.get(&(unit, staged(entry, stage))) {
            Some((Cell::Truth(truth), at)) => Some((*truth, *at)),
            _ => None,
        }
    }

    pub fn date(&self, unit: usize, entry: &str) -> Option<(NaiveDate, usize)> {
        match self.get(unit, entry)? {
            (Cell::Date(day), at) => Some((day, at)),
            _ => None,
        }
    }

    /// Enters what another mark decides in a stage, in place of what stands there.
    pub fn decide(&mut self, unit: usize, (entry, stage): (&str, &str), truth: bool, mark: usize) {
        Arc::make_mut(&mut self.index).insert((unit, staged(entry, stage)), (Cell::Truth(truth), mark));
    }

    /// 1 up, 0 the same, −1 down.
    pub fn direction(&self, unit: usize, entry: &str) -> Option<(i8, usize)> {
        match self.get(unit, entry)? {
            (Cell::Direction(direction), at) => Some((direction.signum(), at)),
            _ => None,
        }
    }
}

fn cell_shown(cell: Cell, words: &Words) -> String {
    match cell {
        Cell::Number(number) => shown(number),
        Cell::Truth(true) => words.say("score.yes"),
        Cell::Truth(false) => words.say("score.no"),
        Cell::Direction(direction) => words.say(match direction {
            1.. => "score.up",
            0 => "score.same",
            _ => "score.down",
        }),
        Cell::Date(day) => day.to_string(),
    }
}

/// The expected value of an invalid cell; `None` if the cell is valid.
fn refused(entry: &Entry, cell: Cell, standard: &Standard, marks: &Marks, words: &Words) -> Option<String> {
    let number = match (&entry.value, cell) {
        (Value::YesNo, Cell::Truth(_))
        | (Value::Direction, Cell::Direction(_))
        | (Value::Date, Cell::Date(_)) => return None,
        (Value::Date, _) => return Some(words.say("score.allowed.date")),
        (Value::YesNo, _) => return Some(words.say("score.allowed.yes_no")),
        (Value::Direction, _) => return Some(words.say("score.allowed.direction")),
        (_, Cell::Number(number)) if number.is_finite() => number,
        (_, _) => return Some(words.say("score.allowed.number")),
    };
    let within = |least: f64, most: f64| (least - 1e-9..=most + 1e-9).contains(&number);
    let from_to =
        |key: &str, least: f64, most: f64| words.fill(key, &[("least", shown(least)), ("most", shown(most))]);
    match &entry.value {
        Value::Score { most } => {
            let most = most.or_else(|| yearly_most(entry, standard, marks)).unwrap_or(f64::MAX);
            (!within(0.0, most)).then(|| from_to("score.allowed.range", 0.0, most))
        }
        Value::Percent => (!within(0.0, 100.0)).then(|| from_to("score.allowed.range", 0.0, 100.0)),
        Value::Count => (number < 0.0 || number.fract() != 0.0).then(|| words.say("score.allowed.count")),
        Value::Amount { .. } => (number < 0.0).then(|| words.say("score.allowed.amount")),
        Value::Deduction { least } => (number != 0.0 && number < *least - 1e-9)
            .then(|| words.fill("score.allowed.deduction", &[("least", shown(*least))])),
        Value::OneOf { points, .. } => {
            let one = points.iter().any(|point| (point - number).abs() < 1e-9);
            let list: Vec<String> = points.iter().map(|point| shown(*point)).collect();
            (!one).then(|| words.fill("score.allowed.one_of", &[("list", list.join(&words.say("score.or")))]))
        }
        Value::Range { least, most } => {
            (number != 0.0 && !within(*least, *most)).then(|| from_to("score.allowed.fault", *least, *most))
        }
        Value::YesNo | Value::Direction | Value::Date => None,
    }
}

/// The maximum of a score whose points depend on the yearly index.
fn yearly_most(entry: &Entry, standard: &Standard, marks: &Marks) -> Option<f64> {
    let item = standard.items.get(entry.item?)?;
    let points = marks.yearly_points.get(&item.id)?.0;
    standard.most_of_the_year(entry, points)
}
