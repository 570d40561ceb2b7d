//! The losses of a scored system as lines of a ledger: one per unit and part, with the facts that offices wrote.

use std::collections::{BTreeMap, HashMap};

use super::{
    Scope,
    found::{Found, Seen},
};
use crate::{
    number,
    standard::{Rule, Standard, rule_text},
    tables::{
        ledger::{Field, Key, Value, clean},
        marks::{Marks, Reason, Unit},
        scored::{ItemScore, Loss, Scored, State},
        scoring::labelled,
    },
    words::Words,
};

/// Every loss of every unit, in the order of the items. `due` is the day by which the document wants it rectified, as
/// printed; empty if it names none.
pub fn found(
    standard: &Standard,
    (marks, scored): (&Marks, &Scored),
    due: &str,
    words: &Words,
) -> Vec<Found> {
    let losses = scored
        .items
        .iter()
        .flat_map(|score| score.losses(standard).into_iter().map(move |loss| (score, loss)));
    let line = |(score, loss)| Line { standard, marks, scored, words, score, loss };
    losses.map(line).map(|line| Found { key: line.key(), cells: line.cells(due) }).collect()
}

/// The units that were scored. Nothing is known about an item that is not marked; an item without a loss is resolved,
/// with its present score.
pub fn scope(standard: &Standard, scored: &Scored) -> Scope {
    let year = scored.year.unwrap_or_default();
    let mut scope = Scope { evidence_closes: true, ..Scope::default() };
    for unit in &scored.units {
        let seen = Seen { name: unit.name.clone(), year, ..Seen::default() };
        scope.districts.insert(code(unit), seen);
    }
    let mut resolved: HashMap<Key, Vec<(Field, Value)>> = HashMap::new();
    for score in &scored.items {
        let Some(unit) = scored.units.get(score.unit) else { continue };
        let Some(item) = standard.items.get(score.item) else { continue };
        if score.state == State::Unmarked {
            scope.unknown.insert((code(unit), item.id.clone()));
            continue;
        }
        let mut now = |check: &str, value: Option<f64>| {
            let key =
                Key { district: code(unit), item: clean(&item.id), check: clean(check), ..Key::default() };
            resolved
                .insert(key, value.map(|value| (Field::Current, Value::Number(value))).into_iter().collect());
        };
        now("", score.score);
        let Rule::Scored { parts, adjustments, .. } = &item.rule else { continue };
        for part in &score.parts {
            if let Some(own) = parts.get(part.part) {
                now(&own.id, part.score);
            }
        }
        for own in adjustments {
            now(&own.id, Some(0.0));
        }
    }
    scope.resolved = resolved.into_iter().collect::<BTreeMap<_, _>>();
    scope
}

/// The code of a unit, otherwise its name.
pub(super) fn code(unit: &Unit) -> String {
    clean(unit.code.as_deref().unwrap_or(&unit.name))
}

struct Line<'a> {
    standard: &'a Standard,
    marks: &'a Marks,
    scored: &'a Scored,
    words: &'a Words,
    score: &'a ItemScore,
    loss: Loss,
}

impl Line<'_> {
    fn unit(&self) -> Option<&Unit> {
        self.scored.units.get(self.loss.unit)
    }

    fn key(&self) -> Key {
        let item = self.standard.items.get(self.loss.item).map(|item| item.id.as_str());
        let number = self.loss.number(self.standard);
        let check = item.and_then(|item| number.strip_prefix(item)?.strip_prefix('.')).unwrap_or_default();
        Key {
            district: self.unit().map(code).unwrap_or_default(),
            item: clean(item.unwrap_or_default()),
            check: clean(check),
            ..Key::default()
        }
    }

    fn cells(&self, due: &str) -> Vec<(Field, Value)> {
        let (standard, words, loss) = (self.standard, self.words, self.loss);
        let unit = self.unit().map(|unit| unit.name.clone()).unwrap_or_default();
        let item = standard.items.get(loss.item);
        let title = item.map_or_else(String::new, |item| labelled(&item.id, item.title.get(words.language)));
        let reasons: Vec<&Reason> = self.marks.reasons.iter().filter(|reason| loss.is_of(reason)).collect();
        let (check, rule, points, score) = self.part();
        let office = |at: usize| self.marks.marks.get(at).map(|mark| mark.office.as_str());
        let offices = reasons.iter().map(|reason| reason.office.as_str()).chain(loss.mark.and_then(office));
        let clause = item.map_or("", |item| item.clause.as_str());
        let basis = [clause, &standard.source].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let basis = match rule.is_empty() {
            true => basis.to_string(),
            false => format!("{basis}\n{rule}"),
        };
        let mut cells = vec![
            (Field::Source, words.say("ledger.source.scored")),
            (Field::School, unit.clone()),
            (Field::Item, title),
            (Field::Check, check),
            (Field::Problem, self.problem(&reasons)),
            (Field::Unit, words.unit("分")),
            (Field::Basis, basis),
            (Field::Measures, each(reasons.iter().map(|reason| reason.required.as_str()), "\n")),
            (Field::Department, unit),
            (Field::Office, each(offices, "、")),
            (Field::Due, due.to_string()),
            (Field::DistrictCode, self.unit().map(code).unwrap_or_default()),
        ];
        cells.iter_mut().for_each(|(_, text)| *text = clean(text));
        let mut cells: Vec<(Field, Value)> =
            cells.into_iter().map(|(field, text)| (field, Value::Text(text))).collect();
        let year = self.scored.year.map(f64::from);
        let numbers = [
            (Field::Current, score),
            (Field::Required, points),
            (Field::Shortfall, Some(loss.points)),
            (Field::Year, year),
        ];
        cells.extend(numbers.into_iter().filter_map(|(field, number)| Some((field, Value::Number(number?)))));
        cells
    }

    /// Title, rule, points and score of what lost the points.
    fn part(&self) -> (String, String, Option<f64>, Option<f64>) {
        let (standard, words, loss) = (self.standard, self.words, self.loss);
        let item = standard.items.get(loss.item);
        let Some(Rule::Scored { parts, adjustments, checks, .. }) = item.map(|item| &item.rule) else {
            return (String::new(), String::new(), self.score.points, self.score.score);
        };
        if let Some(part) = loss.part.and_then(|at| parts.get(at)) {
            let own = self.score.parts.iter().find(|own| Some(own.part) == loss.part);
            let rule = rule_text::of_part(part, checks, &rule_text::units(standard, words), words);
            return (part.title.clone(), rule, own.and_then(|o| o.points), own.and_then(|o| o.score));
        }
        match loss.adjustment.and_then(|at| adjustments.get(at)) {
            Some(own) => {
                let title = own.title.get(words.language).to_string();
                (title, rule_text::of_adjustment(own, words), Some(0.0), Some(-loss.points))
            }
            None => (String::new(), String::new(), self.score.points, self.score.score),
        }
    }

    /// The facts, and the arithmetic of the score; 事由未填 if a mark decided it and nobody wrote a fact.
    fn problem(&self, reasons: &[&Reason]) -> String {
        let words = self.words;
        let own = self.score.parts.iter().find(|own| Some(own.part) == self.loss.part);
        let arithmetic = match own {
            Some(own) => own.arithmetic.clone(),
            None if self.loss.adjustment.is_some() => {
                format!("−{}", number::at_most(self.loss.points, 2))
            }
            None => String::new(),
        };
        let facts = each(reasons.iter().map(|reason| reason.fact.as_str()), "\n");
        let facts = match facts.is_empty() && self.loss.mark.is_some() {
            true => words.say("scores.reason.none"),
            false => facts,
        };
        match (facts.is_empty(), arithmetic.is_empty()) {
            (false, false) => {
                words.fill("ledger.problem.fact", &[("fact", facts), ("arithmetic", arithmetic)])
            }
            (false, true) => facts,
            (true, _) => arithmetic,
        }
    }
}

/// Each text once, in the order in which they come.
fn each<'t>(texts: impl Iterator<Item = &'t str>, between: &str) -> String {
    let mut all: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all.join(between)
}
