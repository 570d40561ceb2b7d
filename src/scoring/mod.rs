//! Scores: what was entered and what data give, by the methods of the standard ([`crate::standard::method`]), with the
//! rule's own arithmetic.
//!
//! ```text
//! marks ─▶ entered ─┐
//! data ──▶ values ──┼─▶ rankings ─▶ parts ─▶ adjust ─▶ totals ─▶ standings
//! ```

mod adjust;
mod entered;
mod papers;
mod parts;
mod rankings;
pub mod reasons;
mod stages;
mod standings;
mod totals;
mod values;

use std::collections::HashMap;

use adjust::Asked;
use entered::Entered;
use values::Known;

use crate::{
    problem::{Place, Problem},
    standard::{Check, Item, Rule, Standard, method::numbers},
    tables::{
        checks::CheckedRow,
        marks::Marks,
        scored::{ItemScore, PaperState, Scored},
    },
    words::Words,
};

/// The rows of one check and unit, computed from the data.
#[derive(Debug, Clone, Default)]
pub struct Computed {
    pub rows: Vec<CheckedRow>,
    /// The cells of the facts that they were computed from.
    pub places: Vec<Place>,
}

/// By unit, item and check (indices).
pub type Data = HashMap<(usize, usize, usize), Computed>;

/// A unit's result and rank of the year before, by its name.
pub type Last = HashMap<String, (f64, Option<usize>)>;

/// Everything that scoring depends on.
struct ScoringContext<'a> {
    standard: &'a Standard,
    marks: &'a Marks,
    data: &'a Data,
    words: &'a Words,
    entered: Entered,
    papers: Vec<PaperState>,
    /// By unit, item and the check's id.
    known: HashMap<(usize, usize, String), Known>,
}

/// Scores every unit. Nothing missing is ignored: an entry that was not made is reported as unmarked.
pub fn score(standard: &Standard, marks: &Marks, data: &Data, last: &Last, words: &Words) -> Scored {
    let (mut entered, mut findings) = Entered::new(standard, marks, words);
    let papers = papers::register(standard, marks, &entered);
    findings.extend(papers::decide(standard, marks, &papers, &mut entered, words));
    findings.extend(papers::without_due(standard, &papers, words));
    let mut context = ScoringContext { standard, marks, data, words, entered, papers, known: HashMap::new() };
    context.resolve_all(&mut findings);
    let first = context.all_items(&mut findings);
    findings.extend(context.marked_twice());
    let again = (0..marks.units.len()).any(|unit| context.is_marked_again(unit));
    let again = again.then(|| context.after_rectification());
    let before = again.as_ref().map(|_| context.standings(&first, last, &mut Vec::new()));
    let items = again.as_ref().map(|again| again.rechecked(&first)).unwrap_or(first);
    let mut groups = Vec::new();
    for unit in 0..marks.units.len() {
        let own: Vec<&ItemScore> = items.iter().filter(|score| score.unit == unit).collect();
        groups.extend(totals::groups(standard, unit, &own));
    }
    let mut standings = again.as_ref().unwrap_or(&context).standings(&items, last, &mut findings);
    for (standing, before) in standings.iter_mut().zip(before.into_iter().flatten()) {
        if context.is_marked_again(standing.unit) {
            (standing.first_result, standing.first_grade) = (before.result, before.grade);
        }
    }
    let consequences = context.falls_under(&standings);
    findings.extend(context.above(&items));
    findings.extend(context.against_evidence(&items));
    findings.extend(context.out_of_a_hundred(&standings));
    findings.extend(context.total_of_the_items());
    let papers = context.papers;
    Scored {
        papers,
        consequences,
        rectification: Vec::new(),
        year: marks.year,
        units: marks.units.clone(),
        items,
        groups,
        standings,
        findings,
    }
}

impl ScoringContext<'_> {
    fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.fill(key, args)
    }

    fn name(&self, unit: usize) -> &str {
        self.marks.units.get(unit).map_or("", |unit| unit.name.as_str())
    }

    /// The class of a unit, from the list of units, otherwise from the document.
    fn class(&self, unit: usize) -> Option<&str> {
        let unit = self.marks.units.get(unit)?;
        let of_document = || {
            let members = self.standard.units.as_ref().map_or(&[][..], |units| &units.members);
            let own = members.iter().find(|member| {
                unit.is_called(&member.name) || member.aliases.iter().any(|alias| unit.is_called(alias))
            });
            own.and_then(|member| member.class.as_deref())
        };
        unit.class.as_deref().or_else(of_document)
    }

    fn known(&self, unit: usize, item: usize, check: &str) -> Option<&Known> {
        self.known.get(&(unit, item, check.to_string()))
    }

    /// Determines the value of every check for every unit that it concerns.
    fn resolve_all(&mut self, findings: &mut Vec<Problem>) {
        let standard = self.standard;
        let mut classless: Vec<usize> = Vec::new();
        for (i, item) in standard.items.iter().enumerate() {
            for (k, check) in item.checks().iter().enumerate() {
                if !in_use(standard, item, check) {
                    continue;
                }
                let concerned: Vec<usize> =
                    (0..self.marks.units.len()).filter(|unit| self.concerns(*unit, item)).collect();
                for unit in concerned {
                    let (known, problems) = self.resolve(unit, (i, item), k, check);
                    findings.extend(problems);
                    if known.value.classless && !classless.contains(&unit) {
                        classless.push(unit);
                        let known: Vec<&str> = check.required_by_class.keys().map(String::as_str).collect();
                        findings.push(
                            Problem::warning("score_no_class", Place::default())
                                .with("unit", self.name(unit))
                                .with("found", self.class(unit).unwrap_or("—"))
                                .with("item", &item.id)
                                .with("allowed", known.join(&self.words.say("score.comma"))),
                        );
                    }
                    self.known.insert((unit, i, check.id.clone()), known);
                }
            }
        }
    }

    /// Whether the item concerns the unit.
    fn concerns(&self, unit: usize, item: &Item) -> bool {
        let by_department = self.standard.units.as_ref().is_some_and(|units| units.by_department);
        let Some(unit) = self.marks.units.get(unit) else { return false };
        !by_department || item.departments.iter().any(|department| unit.is_called(department.trim()))
    }

    /// Scores one item of every unit.
    fn items(&self, index: usize, item: &Item, findings: &mut Vec<Problem>) -> Vec<ItemScore> {
        let Rule::Scored { points, parts, adjustments, .. } = &item.rule else { return Vec::new() };
        let units = 0..self.marks.units.len();
        let concerned: Vec<bool> = units.clone().map(|unit| self.concerns(unit, item)).collect();
        if !concerned.is_empty() && !concerned.contains(&true) {
            findings.push(
                Problem::note("score_item_of_nobody", Place::default()).with("item", &item.id).with(
                    "departments",
                    match item.departments.is_empty() {
                        true => "—".to_string(),
                        false => item.departments.join(&self.words.say("score.comma")),
                    },
                ),
            );
        }
        // Units that are not scored are not compared, either.
        let compared: Vec<bool> = units
            .clone()
            .zip(&concerned)
            .map(|(unit, concerned)| *concerned && self.settled(unit, item).is_none())
            .collect();
        let rankings = parts
            .iter()
            .map(|part| {
                let in_force = self.standard.in_force(&part.only);
                in_force.then(|| self.ranking(index, item, part, &compared)).flatten()
            })
            .collect();
        let yearly = || self.marks.yearly_points.get(&item.id).map(|(points, _)| *points);
        let asked = Asked { index, item, points: points.or_else(yearly), parts, adjustments, rankings };
        units.zip(concerned).map(|(unit, concerned)| self.item(unit, &asked, concerned)).collect()
    }

    /// A note for each part that scored more than its points, where the document allows it.
    fn above(&self, items: &[ItemScore]) -> Vec<Problem> {
        let mut units: std::collections::BTreeMap<(usize, usize), Vec<&str>> = Default::default();
        for score in items {
            for part in score.parts.iter().filter(|part| part.above) {
                units.entry((score.item, part.part)).or_default().push(self.name(score.unit));
            }
        }
        let told = |((i, k), units): ((usize, usize), Vec<&str>)| {
            let item = self.standard.items.get(i)?;
            let Rule::Scored { parts, .. } = &item.rule else { return None };
            let part = parts.get(k)?;
            Some(
                Problem::note("score_above_points", Place::default())
                    .with("part", format!("{}.{}", item.id, part.id))
                    .with("points", part.points.map_or_else(|| "—".into(), numbers::shown))
                    .with("units", units.join(&self.words.say("score.comma"))),
            )
        };
        units.into_iter().filter_map(told).collect()
    }

    /// The points of a yearly index that do not add up to 100: results are converted, and it is said once.
    fn out_of_a_hundred(&self, standings: &[crate::tables::scored::Standing]) -> Option<Problem> {
        let scoring = self.standard.scoring.as_ref().filter(|scoring| scoring.is_yearly_of_a_hundred())?;
        if scoring.shares(&self.marks.shares).is_some() {
            return None;
        }
        let odd = standings.iter().find(|standing| standing.percent.is_some())?;
        Some(
            Problem::note("score_yearly_total", Place::default())
                .with("unit", self.name(odd.unit))
                .with("points", odd.points.map_or_else(|| "—".into(), numbers::shown))
                .with("arithmetic", &odd.arithmetic),
        )
    }

    /// The total of the document and the sum of its items differ: which headings do not agree.
    fn total_of_the_items(&self) -> Option<Problem> {
        let total = self.standard.scoring.as_ref()?.total?;
        let full = self.standard.full_points().filter(|full| (full - total).abs() > 1e-9)?;
        let headed = self.standard.headed_otherwise();
        let headed = headed.iter().map(|heading| heading.said(self.words));
        let problem = Problem::note("score_total_of_items", Place::default())
            .with("full", numbers::shown(full))
            .with("total", numbers::shown(total));
        Some(problem.list("headings", headed))
    }

    /// Whether a part takes its score from the check, by the document's own rule.
    fn decides(&self, item: usize, check: usize) -> bool {
        let Some(item) = self.standard.items.get(item) else { return false };
        let Rule::Scored { parts, checks, .. } = &item.rule else { return false };
        checks
            .get(check)
            .is_some_and(|check| parts.iter().any(|part| part.method.checks().contains(&check.id)))
    }

    /// Full points beside evidence that does not meet its requirement: the mark and the value contradict each other.
    fn against_evidence(&self, items: &[ItemScore]) -> Vec<Problem> {
        let mut found: std::collections::BTreeMap<(usize, usize), (Place, Vec<String>)> = Default::default();
        for score in items.iter().filter(|score| is_full(score)) {
            let decides = |check: usize| self.decides(score.item, check);
            let beside = score.evidence.iter().filter(|evidence| !decides(evidence.check));
            for evidence in beside.filter(|evidence| evidence.met == Some(false)) {
                let value = evidence.value.map_or_else(|| "—".into(), numbers::shown);
                let args = [
                    ("unit", self.name(score.unit).to_string()),
                    ("score", score.score.map_or_else(String::new, numbers::shown)),
                    ("value", value),
                ];
                let said = self.say("score.full_against", &args);
                let place = || evidence.places.first().cloned().unwrap_or_default();
                found
                    .entry((score.item, evidence.check))
                    .or_insert_with(|| (place(), Vec::new()))
                    .1
                    .push(said);
            }
        }
        let told = |((i, check), (place, units)): ((usize, usize), (Place, Vec<String>))| {
            let item = self.standard.items.get(i)?;
            let check = item.checks().get(check)?;
            let required = items.iter().filter(|score| score.item == i).flat_map(|score| &score.evidence);
            let required = required
                .filter(|evidence| item.checks().get(evidence.check).is_some_and(|c| c.id == check.id));
            let required = required.filter_map(|evidence| evidence.required).next();
            let problem = Problem::warning("score_full_against_evidence", place)
                .with("item", crate::tables::scoring::labelled(&item.id, item.title.get(self.words.language)))
                .with("check", check.title.get(self.words.language))
                .with("required", required.map_or_else(|| "—".into(), numbers::shown));
            Some(problem.list("units", units))
        };
        found.into_iter().filter_map(told).collect()
    }
}

/// Whether an item has all its points.
fn is_full(score: &ItemScore) -> bool {
    score.score.zip(score.points).is_some_and(|(score, points)| points > 0.0 && score > points - 1e-9)
}

/// Whether a check is in force. A check that parts use needs at least one such part in force; a check that no part
/// uses is evidence and always counts.
fn in_use(standard: &Standard, item: &Item, check: &Check) -> bool {
    let Rule::Scored { parts, .. } = &item.rule else { return false };
    let mut users = parts.iter().filter(|part| part.method.checks().contains(&check.id)).peekable();
    let has_no_user = users.peek().is_none();
    standard.in_force(&check.only) && (has_no_user || users.any(|part| standard.in_force(&part.only)))
}

#[cfg(test)]
mod tests;
