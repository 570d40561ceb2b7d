//! The standing of a unit: total, components, result, rank and grade.

use super::{Last, ScoringContext, totals::Sum};
use crate::{
    problem::{Place, Problem},
    standard::{
        AdjustmentRule, Rule, Scoring,
        entry::Entry,
        grades,
        method::numbers::{result, shown, tidy},
        sources::SourceKind,
    },
    tables::scored::{ItemScore, Standing},
};

impl ScoringContext<'_> {
    /// The standings of all units, ranked. `items` has one entry per unit.
    pub(super) fn standings(
        &self,
        items: &[ItemScore],
        last: &Last,
        findings: &mut Vec<Problem>,
    ) -> Vec<Standing> {
        let mut standings: Vec<Standing> = (0..self.marks.units.len())
            .map(|unit| {
                let own: Vec<&ItemScore> = items.iter().filter(|item| item.unit == unit).collect();
                self.standing(unit, &own, last, findings)
            })
            .collect();
        if self.standard.ranks_units() {
            rank(&mut standings);
        }
        findings.extend(self.below_all(&standings));
        standings
    }

    /// A note on units that the document gives no grade, because their result is below the lowest.
    fn below_all(&self, standings: &[Standing]) -> Option<Problem> {
        let scoring = self.standard.scoring.as_ref()?;
        let lowest = scoring.grades.first()?;
        let below = |standing: &&Standing| {
            standing.vetoed.is_empty() && standing.result.is_some_and(|result| scoring.is_below(result))
        };
        let units: Vec<&str> =
            standings.iter().filter(below).map(|standing| self.name(standing.unit)).collect();
        (!units.is_empty()).then(|| {
            Problem::note("score_below_grades", Place::default())
                .with("units", units.join(&self.words.say("score.comma")))
                .with("grade", lowest.name.get(self.words.language))
                .with("from", shown(lowest.from))
        })
    }

    /// The scores of one unit added up; with components weighed, and graded.
    fn standing(
        &self,
        unit: usize,
        items: &[&ItemScore],
        last: &Last,
        findings: &mut Vec<Problem>,
    ) -> Standing {
        let bonus_item = |score: &&ItemScore| {
            self.standard.items.get(score.item).is_some_and(|item| self.standard.is_bonus(item))
        };
        let main = Sum::of(self.standard, items.iter().filter(|item| !bonus_item(item)).copied());
        let extra = Sum::of(self.standard, items.iter().filter(|item| bonus_item(item)).copied());
        let vetoed: Vec<usize> =
            items.iter().filter(|item| self.is_vetoed(item)).map(|item| item.item).collect();
        let mut unmarked = main.unmarked + extra.unmarked;
        let total = (unmarked == 0).then(|| tidy(main.score + extra.score));
        let mut standing = Standing {
            unit,
            points: main.points,
            score: main.score,
            bonus: extra.score,
            total,
            percent: None,
            components: Vec::new(),
            result: total,
            arithmetic: String::new(),
            rank: None,
            last_rank: None,
            last_result: None,
            grade: None,
            condition: None,
            between_grades: false,
            vetoed,
            unmarked: 0,
            first_result: None,
            first_grade: None,
        };
        if let Some(here) = self.marks.units.get(unit)
            && let Some((result, rank)) = last
                .get(&here.name)
                .or_else(|| last.iter().find(|(name, _)| here.is_called(name)).map(|(_, l)| l))
        {
            (standing.last_result, standing.last_rank) = (Some(*result), *rank);
        }
        if let Some(scoring) = &self.standard.scoring {
            if let Some(shares) = scoring.shares(&self.marks.shares) {
                unmarked += self.weigh(&mut standing, scoring, &shares);
            } else if scoring.is_yearly_of_a_hundred() {
                of_a_hundred(&mut standing);
            }
            self.grade(&mut standing, scoring, findings);
        }
        standing.unmarked = unmarked;
        standing
    }

    fn is_vetoed(&self, item: &ItemScore) -> bool {
        let Some(Rule::Scored { adjustments, .. }) =
            self.standard.items.get(item.item).map(|item| &item.rule)
        else {
            return false;
        };
        item.adjusted.iter().any(|adjusted| {
            let veto = adjustments.get(adjusted.adjustment).is_some_and(|a| a.rule == AdjustmentRule::Veto);
            let said = |mark: &usize| {
                self.marks
                    .marks
                    .get(*mark)
                    .is_some_and(|mark| mark.entered == crate::tables::marks::Entered::Truth(true))
            };
            veto && adjusted.marks.iter().any(said)
        })
    }

    /// The weighted sum of the components. Returns how many are not entered.
    fn weigh(&self, standing: &mut Standing, scoring: &Scoring, shares: &[f64]) -> usize {
        standing.percent = standing
            .total
            .zip(standing.points.filter(|points| *points > 0.0))
            .map(|(total, points)| tidy(100.0 * total / points));
        let entered =
            |id: &str| self.entered.number(standing.unit, &format!("component.{id}")).map(|(value, _)| value);
        standing.components = scoring
            .components
            .iter()
            .map(|component| match component.kind {
                SourceKind::Items => standing.percent,
                SourceKind::SelfAssessment => self.own_percent(standing.unit, standing.points),
                SourceKind::Entered | SourceKind::Recheck => entered(&component.id),
            })
            .collect();
        let unknown = self.words.say("score.unknown");
        let terms: Vec<String> = shares
            .iter()
            .zip(&standing.components)
            .filter(|(share, _)| **share != 0.0)
            .map(|(share, value)| {
                format!("{} × {}", value.map_or_else(|| unknown.clone(), shown), shown(*share))
            })
            .collect();
        // A source that weighs nothing need not be known.
        let weighed = shares.iter().zip(&standing.components).filter(|(share, _)| **share != 0.0);
        standing.result =
            weighed.map(|(share, value)| value.map(|value| value * share)).sum::<Option<f64>>().map(tidy);
        standing.arithmetic = terms.join(" + ");
        if let Some(weighed) = standing.result {
            standing.arithmetic += &format!(" {}", result(weighed));
        }
        let others = scoring.components.iter().zip(shares).zip(&standing.components);
        others
            .filter(|((one, share), value)| {
                one.kind != SourceKind::Items && **share != 0.0 && value.is_none()
            })
            .count()
    }

    /// The sum of a unit's own marks in percent of its points; `None` until it has marked all its parts.
    fn own_percent(&self, unit: usize, points: Option<f64>) -> Option<f64> {
        let own = self.marks.units.get(unit)?;
        let entries = self.standard.self_entries(|name| own.is_called(name));
        let mark = |entry: &Entry| self.marks.self_mark(unit, entry.item?, entry.part?)?.mark;
        let sum: f64 = entries.iter().map(mark).sum::<Option<f64>>()?;
        points.filter(|points| *points > 0.0).map(|points| tidy(100.0 * sum / points))
    }

    /// What is said of the condition of a grade. Where any is said after rectification, the first answers are past.
    fn condition(&self, unit: usize, grade: usize) -> Option<(bool, usize)> {
        let grades = self.standard.scoring.as_ref().map_or(0, |scoring| scoring.grades.len());
        let id = |k: usize| format!("condition.{k}");
        self.entered.truth_of_latest(unit, &id(grade), (0..grades).map(id))
    }

    /// The conditions of the grades exclude one another. Where several are confirmed for a unit, or that of another
    /// grade than its result has, the document gives it no grade.
    fn conditions(&self, standing: &mut Standing, scoring: &Scoring, findings: &mut Vec<Problem>) {
        let confirmed = scoring.grades.iter().enumerate().filter_map(|(k, grade)| {
            let (said, mark) = self.condition(standing.unit, k)?;
            said.then_some((k, grade.name.get(self.words.language), mark))
        });
        let confirmed: Vec<_> = confirmed.collect();
        let other = confirmed.iter().find(|(k, ..)| Some(*k) != standing.grade);
        let Some((_, _, mark)) = other else { return };
        let own = standing.grade.take().and_then(|k| scoring.grades.get(k));
        let own = own.map_or("—", |grade| grade.name.get(self.words.language));
        let names: Vec<&str> = confirmed.iter().map(|(_, name, _)| *name).collect();
        let cells = confirmed.iter().filter_map(|(_, _, mark)| self.marks.marks.get(*mark));
        let cells: Vec<String> = cells.filter_map(|mark| mark.place.cell.clone()).collect();
        let place = self.marks.marks.get(*mark).map_or_else(Place::default, |mark| mark.place.clone());
        let problem = match names.len() {
            1 => Problem::warning("score_condition_of_another", place),
            _ => Problem::error("score_conditions_contradict", place).list("cells", cells),
        };
        findings
            .push(problem.with("unit", self.name(standing.unit)).with("grade", own).list("others", names));
    }

    fn grade(&self, standing: &mut Standing, scoring: &Scoring, findings: &mut Vec<Problem>) {
        let Some(result) = standing.result.filter(|_| standing.vetoed.is_empty()) else { return };
        let graded = grades::grade(result, scoring, grades::policy(self.standard));
        standing.between_grades = graded.between.is_some();
        let named = |wanted: &crate::standard::Grade| {
            scoring.grades.iter().position(|grade| std::ptr::eq(grade, wanted))
        };
        standing.grade = graded.grade.and_then(named);
        self.conditions(standing, scoring, findings);
        let Some((k, grade)) = standing.grade.and_then(|k| Some((k, scoring.grades.get(k)?))) else { return };
        let Some(condition) = &grade.condition else { return };
        let said = self.condition(standing.unit, k);
        standing.condition = said.map(|(said, _)| said);
        if let Some((false, mark)) = said {
            // The document names no other grade for it.
            standing.grade = None;
            let place = self.marks.marks.get(mark).map_or_else(Place::default, |mark| mark.place.clone());
            findings.push(
                Problem::note("score_condition_denied", place)
                    .with("unit", self.name(standing.unit))
                    .with("grade", grade.name.get(self.words.language))
                    .with("condition", condition.get(self.words.language)),
            );
        }
    }
}

/// Ranks the units that were scored on the same points: a department of 3 points is not ranked against one of 60.
fn rank(standings: &mut [Standing]) {
    let ranked = |standing: &Standing| {
        let result = standing.result.filter(|_| standing.vetoed.is_empty())?;
        Some((standing.points, result))
    };
    let results: Vec<Option<(Option<f64>, f64)>> = standings.iter().map(ranked).collect();
    for (standing, own) in standings.iter_mut().zip(&results) {
        let Some((points, result)) = own else { continue };
        let like = results.iter().flatten().filter(|(others, _)| others == points);
        // Results are rounded, so that equal ones compare as equal.
        standing.rank = Some(1 + like.filter(|(_, other)| other > result).count());
    }
}

/// The grades of a yearly index assume 100 points. Where the points of the year add up to another sum, the result is
/// the score converted to 100.
fn of_a_hundred(standing: &mut Standing) {
    let Some((total, points)) = standing.total.zip(standing.points.filter(|points| *points > 0.0)) else {
        return;
    };
    if (points - 100.0).abs() <= 1e-9 {
        return;
    }
    let converted = tidy(100.0 * total / points);
    standing.percent = Some(converted);
    standing.result = Some(converted);
    standing.arithmetic = format!("{} × 100 ÷ {} {}", shown(total), shown(points), result(converted));
}
