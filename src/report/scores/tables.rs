//! The tables of a scoring: complete, for programs and for checking.

use polars::prelude::{Column, DataFrame};

use super::{
    feedback::Feedback,
    lists::feedback::{each, facts},
    self_assessment::SelfLine,
    view::{ProblemLine, View, bare, once, placed, points_text, share},
};
use crate::{
    problem::{Place, Result},
    standard::rule_text,
    tables::{
        definition::{Defined, Frame},
        marks::{Entered, Mark, Reason},
        scored::{ItemScore, Loss, RoundScore},
        scoring_tables::{
            consequences, entries_unmarked, evidence, heading_totals, item_scores, items_lost, marks_entered,
            papers_received, part_scores, reasons, scores_above, self_assessments, unit_standings,
        },
    },
};

/// Separates several values in one cell.
const AND: &str = "; ";

fn joined(all: &[String]) -> Option<String> {
    (!all.is_empty()).then(|| all.join(AND))
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Each text once, in the order in which they come.
fn distinct(texts: impl Iterator<Item = String>) -> Option<String> {
    joined(&once(texts))
}

/// File, sheet and cell of all these places.
fn places<'p>(places: impl Iterator<Item = &'p Place> + Clone) -> [Option<String>; 3] {
    let each =
        |part: fn(Place) -> Option<String>| distinct(places.clone().filter_map(|place| part(bare(place))));
    [each(|place| place.file), each(|place| place.sheet), each(|place| place.cell)]
}

fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Code and name of a unit.
fn unit<'a>(view: &View<'a>, at: usize) -> (Option<&'a str>, &'a str) {
    (view.units().get(at).and_then(|unit| unit.code.as_deref()), view.unit_name(at))
}

/// Id and title of an item.
fn item<'a>(view: &View<'a>, at: usize) -> Option<(&'a str, &'a str)> {
    view.items().get(at).map(|item| (item.id.as_str(), view.said(&item.title)))
}

/// Names and contents, in the order they are written.
///
/// # Errors
/// Only errors of the table engine, which no scoring causes.
pub fn all(view: &View<'_>) -> Result<Vec<(&'static str, DataFrame)>> {
    fn named<T: Defined>(table: Frame<T>) -> (&'static str, DataFrame) {
        (T::table().name, table.into_frame())
    }
    let own = (!view.scoring.marks.self_reports.is_empty()).then(|| named(self_assessments(view)));
    let mut all = vec![
        named(scores(view)),
        named(parts(view)),
        named(totals(view)),
        (unit_standings::table().name, standings(view)?),
        named(marks(view)),
        named(reasons(view)),
        named(unmarked(view)),
        named(above(view)),
        named(evidence(view)),
        named(papers(view)),
        named(consequences(view)),
        named(crate::report::findings(&view.findings(), view.words())),
    ];
    all.extend(own);
    Ok(all)
}

/// The own marks of the units beside their scores.
fn self_assessments(view: &View<'_>) -> self_assessments::Frame {
    let mut table = self_assessments::Builder::new(view.scoring.marks.self_marks.len());
    for own in SelfLine::all(view) {
        let (unit_code, unit) = unit(view, own.unit);
        let (item, title) = item(view, own.item).unwrap_or_default();
        let part = view.parts(own.item).get(own.part);
        let [file, sheet, cell] = places(own.place.iter());
        table.push(self_assessments::Values {
            unit_code,
            unit,
            item,
            title,
            part: part.map_or("", |part| &part.id),
            part_title: part.and_then(|part| filled(&part.title)),
            points: own.points,
            self_mark: own.mark,
            score: own.score,
            difference: own.difference,
            fact: filled(&own.fact),
            evidence: filled(&own.evidence),
            reason: filled(&own.reason),
            file: file.as_deref(),
            sheet: sheet.as_deref(),
            cell: cell.as_deref(),
        });
    }
    table.finish()
}

fn scores(view: &View<'_>) -> item_scores::Frame {
    let scores = &view.scoring.scored.items;
    let mut table = item_scores::Builder::new(scores.len());
    for score in scores {
        let (unit_code, unit) = unit(view, score.unit);
        let (item, title) = item(view, score.item).unwrap_or_default();
        let heading = view.heading(score.item).and_then(|at| view.groups().get(at));
        table.push(item_scores::Values {
            unit_code,
            unit,
            item,
            title,
            group: heading.map(|group| group.id.as_str()),
            state: score.state.id(),
            points: score.points,
            score: score.score,
            lost: score.score.map(|_| view.lost(score)),
            first_score: score.first,
            rounds: joined(&rounds(view, score)).as_deref(),
            arithmetic: filled(&score.arithmetic),
            unmarked: joined(&score.unmarked).as_deref(),
            above: score.above,
            marked_by: joined(&view.who(view.marks_of(score))).as_deref(),
        });
    }
    table.finish()
}

/// `上半年 18` for each round.
fn rounds(view: &View<'_>, score: &ItemScore) -> Vec<String> {
    let one = |round: &RoundScore| {
        let title = view.scoring.standard.stage_title(&round.round).map_or("", |title| view.said(title));
        format!("{title} {}", round.score.map_or_else(|| "—".into(), points_text))
    };
    score.rounds.iter().map(one).collect()
}

/// The markers of something, and the cells.
struct Marked {
    office: Option<String>,
    marker: Option<String>,
    places: [Option<String>; 3],
}

impl Marked {
    fn of(view: &View<'_>, marks: &[usize]) -> Marked {
        let marks: Vec<&Mark> = marks.iter().filter_map(|at| view.mark(*at)).collect();
        Marked {
            office: distinct(marks.iter().map(|mark| mark.office.clone())),
            marker: distinct(marks.iter().map(|mark| mark.marker.clone())),
            places: places(marks.iter().map(|mark| &mark.place)),
        }
    }
}

/// Parts, then adjustments (whose score is their deduction).
fn parts(view: &View<'_>) -> part_scores::Frame {
    let mut table = part_scores::Builder::new(view.scoring.scored.items.len());
    for score in &view.scoring.scored.items {
        let (unit_code, unit) = unit(view, score.unit);
        let (item, title) = item(view, score.item).unwrap_or_default();
        for part in &score.parts {
            let own = view.parts(score.item).get(part.part);
            let Marked { office, marker, places: [file, sheet, cell] } = Marked::of(view, &part.marks);
            table.push(part_scores::Values {
                unit_code,
                unit,
                item,
                title,
                part: own.and_then(|own| filled(&own.id)),
                part_title: own.and_then(|own| filled(&own.title)),
                adjustment: false,
                points: part.points,
                score: part.score,
                arithmetic: filled(&part.arithmetic),
                unmarked: joined(&part.unmarked).as_deref(),
                above: part.above,
                office: office.as_deref(),
                marker: marker.as_deref(),
                file: file.as_deref(),
                sheet: sheet.as_deref(),
                cell: cell.as_deref(),
            });
        }
        for adjusted in &score.adjusted {
            let own = view.adjustments(score.item).get(adjusted.adjustment);
            let Marked { office, marker, places: [file, sheet, cell] } = Marked::of(view, &adjusted.marks);
            table.push(part_scores::Values {
                unit_code,
                unit,
                item,
                title,
                part: own.and_then(|own| filled(&own.id)),
                part_title: own.and_then(|own| filled(view.said(&own.title))),
                adjustment: true,
                score: adjusted.taken.map(|taken| -taken),
                office: office.as_deref(),
                marker: marker.as_deref(),
                file: file.as_deref(),
                sheet: sheet.as_deref(),
                cell: cell.as_deref(),
                ..Default::default()
            });
        }
    }
    table.finish()
}

fn totals(view: &View<'_>) -> heading_totals::Frame {
    let totals = &view.scoring.scored.groups;
    let mut table = heading_totals::Builder::new(totals.len());
    for total in totals {
        let Some(group) = view.groups().get(total.group) else { continue };
        let (unit_code, unit) = unit(view, total.unit);
        table.push(heading_totals::Values {
            unit_code,
            unit,
            group: &group.id,
            label: &group.label,
            title: view.said(&group.title),
            within: group.within.as_deref(),
            level: small(view.depth(total.group) + 1),
            bonus: view.is_bonus(total.group),
            headed_points: group.points,
            points: total.points,
            score: total.score,
            share: share(Some(total.score), total.points),
            complete: total.complete,
        });
    }
    table.finish()
}

/// With a column per component of the standard after `percent`.
fn standings(view: &View<'_>) -> Result<DataFrame> {
    let scoring = view.scoring.standard.scoring.as_ref();
    let grades = scoring.map_or(&[][..], |scoring| &scoring.grades);
    let standings = &view.scoring.scored.standings;
    let mut table = unit_standings::Builder::new(standings.len());
    for own in standings {
        let (unit_code, unit) = unit(view, own.unit);
        let grade = own.grade.and_then(|at| grades.get(at));
        let vetoed: Vec<String> =
            own.vetoed.iter().filter_map(|at| view.items().get(*at)).map(|item| item.id.clone()).collect();
        let aliases = view.units().get(own.unit).and_then(|unit| joined(&unit.aliases));
        table.push(unit_standings::Values {
            unit_code,
            unit,
            points: own.points,
            score: own.score,
            bonus: own.bonus,
            total: own.total,
            percent: own.percent,
            result: own.result,
            arithmetic: filled(&own.arithmetic),
            first_result: own.first_result,
            first_grade: own.first_grade.and_then(|at| grades.get(at)).map(|grade| view.said(&grade.name)),
            rank: own.rank.map(small),
            last_rank: own.last_rank.map(small),
            last_result: own.last_result,
            grade: grade.map(|grade| view.said(&grade.name)),
            condition: view.condition(own),
            condition_confirmed: own.condition,
            between_grades: own.between_grades,
            vetoed: joined(&vetoed).as_deref(),
            unmarked: small(own.unmarked),
            aliases: aliases.as_deref(),
        });
    }
    let mut table = table.finish().into_frame();
    let components = scoring.map_or(&[][..], |scoring| &scoring.components);
    let percent = unit_standings::column::percent.name();
    let after = table.get_column_index(percent).map_or(table.width(), |at| at + 1);
    for (at, component) in components.iter().enumerate() {
        let values: Vec<Option<f64>> =
            standings.iter().map(|own| own.components.get(at).copied().flatten()).collect();
        let column = Column::new(format!("component_{}", component.id).into(), values);
        table.insert_column(after + at, column)?;
    }
    Ok(table)
}

fn marks(view: &View<'_>) -> marks_entered::Frame {
    let number = |entered: Entered| match entered {
        Entered::Number(number) => Some(number),
        Entered::Truth(truth) => Some(f64::from(u8::from(truth))),
        Entered::Direction(way) => Some(f64::from(way)),
        Entered::Date(_) => None,
    };
    let marks = &view.scoring.marks.marks;
    let mut table = marks_entered::Builder::new(marks.len());
    for mark in marks {
        let (unit_code, unit) = unit(view, mark.unit);
        let item = view.entry_item(&mark.entry).and_then(|at| item(view, at));
        let [file, sheet, cell] = places(std::iter::once(&mark.place));
        table.push(marks_entered::Values {
            unit_code,
            unit,
            item: item.map(|(id, _)| id),
            title: item.map(|(_, title)| title),
            entry: &mark.entry,
            what: &view.what(&mark.entry),
            entered: &view.entered(mark),
            value: number(mark.entered),
            office: filled(&mark.office),
            marker: filled(&mark.marker),
            file: file.as_deref(),
            sheet: sheet.as_deref(),
            cell: cell.as_deref(),
        });
    }
    table.finish()
}

/// Losses with their reasons, then reasons that took no points off.
fn reasons(view: &View<'_>) -> reasons::Frame {
    let mut table = reasons::Builder::new(view.scoring.marks.reasons.len());
    let mut push = |problem: Option<&ProblemLine>, reason: Option<&Reason>, loss: Loss| {
        let (unit_code, unit) = unit(view, loss.unit);
        let (item, title) = item(view, loss.item).unwrap_or_default();
        let place = reason.map(|reason| &reason.place);
        let mark = || Some(&view.mark(loss.mark?)?.place);
        let [file, sheet, cell] = places(place.or_else(mark).into_iter());
        let offices = problem.map(|problem| problem.offices.clone()).unwrap_or_default();
        let office = reason.map(|reason| reason.office.clone()).or_else(|| joined(&offices));
        table.push(reasons::Values {
            unit_code,
            unit,
            item,
            title,
            number: &loss.number(view.scoring.standard),
            part_title: problem.and_then(|problem| filled(&problem.part)),
            lost: problem.map(|_| loss.points),
            rule: problem.and_then(|problem| filled(&problem.rule)),
            arithmetic: problem.and_then(|problem| filled(&problem.arithmetic)),
            unexplained: problem.is_some_and(|problem| problem.unexplained),
            fact: reason.and_then(|reason| filled(&reason.fact)),
            evidence: reason.and_then(|reason| filled(&reason.evidence)),
            document: reason.and_then(|reason| filled(&reason.number)),
            date: reason.and_then(|reason| filled(&reason.date)),
            required: reason.and_then(|reason| filled(&reason.required)),
            office: office.as_deref().and_then(filled),
            file: file.as_deref(),
            sheet: sheet.as_deref(),
            cell: cell.as_deref(),
        });
    };
    let problems: Vec<ProblemLine> =
        view.scoring.scored.items.iter().flat_map(|score| view.problems(score)).collect();
    for problem in &problems {
        let loss = problem.loss;
        let own: Vec<&Reason> =
            view.reasons(loss.unit, loss.item).filter(|reason| loss.is_of(reason)).collect();
        if own.is_empty() {
            push(Some(problem), None, loss);
        }
        own.into_iter().for_each(|reason| push(Some(problem), Some(reason), loss));
    }
    for reason in &view.scoring.marks.reasons {
        if !problems.iter().any(|problem| problem.loss.is_of(reason)) {
            let Reason { unit, item, part, adjustment, .. } = *reason;
            push(None, Some(reason), Loss { unit, item, part, adjustment, points: 0.0, mark: None });
        }
    }
    table.finish()
}

fn unmarked(view: &View<'_>) -> entries_unmarked::Frame {
    let mut table = entries_unmarked::Builder::new(view.units().len());
    for own in (0..view.units().len()).flat_map(|unit| view.unmarked(unit)) {
        let (unit_code, unit) = unit(view, own.unit);
        let item = own.item.and_then(|at| item(view, at));
        table.push(entries_unmarked::Values {
            unit_code,
            unit,
            item: item.map(|(id, _)| id),
            title: item.map(|(_, title)| title),
            entry: &own.entry,
            what: &own.what,
            offices: joined(&own.offices).as_deref(),
        });
    }
    table.finish()
}

/// The register of papers.
fn papers(view: &View<'_>) -> papers_received::Frame {
    let papers = &view.scoring.scored.papers;
    let mut table = papers_received::Builder::new(papers.len());
    for own in papers {
        let Some(paper) = view.scoring.standard.papers.get(own.paper) else { continue };
        let (unit_code, unit) = unit(view, own.unit);
        let [due, received] = [own.due, own.received].map(|day| day.map(|day| day.to_string()));
        table.push(papers_received::Values {
            unit_code,
            unit,
            paper: &paper.id,
            title: view.said(&paper.title),
            due: due.as_deref(),
            received: received.as_deref(),
            state: own.state(),
            days_late: own.days_late().and_then(|days| i32::try_from(days).ok()),
            complete: own.complete,
            offices: joined(&paper.offices).as_deref(),
            clause: filled(&paper.clause),
        });
    }
    table.finish()
}

/// Who falls under which consequence.
fn consequences(view: &View<'_>) -> consequences::Frame {
    let found = &view.scoring.scored.consequences;
    let mut table = consequences::Builder::new(found.len());
    for own in found {
        let Some(consequence) = view.scoring.standard.consequences.get(own.consequence) else { continue };
        let (unit_code, unit) = unit(view, own.unit);
        table.push(consequences::Values {
            unit_code,
            unit,
            consequence: &consequence.id,
            title: view.said(&consequence.title),
            because: &own.because,
            clause: filled(&consequence.clause),
            decision: None,
            date: None,
        });
    }
    table.finish()
}

/// Parts above their points, and items above their points unless their only part says the same.
fn above(view: &View<'_>) -> scores_above::Frame {
    let mut table = scores_above::Builder::new(0);
    for score in view.scoring.scored.items.iter().filter(|score| score.above) {
        let (unit_code, unit) = unit(view, score.unit);
        let (item, title) = item(view, score.item).unwrap_or_default();
        let parts: Vec<_> = score.parts.iter().filter(|part| part.above).collect();
        if parts.is_empty() || (score.parts.len() > 1 && view.exceeded(score) > 0.0) {
            table.push(scores_above::Values {
                unit_code,
                unit,
                item,
                title,
                points: score.points,
                score: score.score,
                arithmetic: filled(&score.arithmetic),
                ..Default::default()
            });
        }
        for part in parts {
            let own = view.parts(score.item).get(part.part);
            table.push(scores_above::Values {
                unit_code,
                unit,
                item,
                title,
                part: own.map(|own| own.id.as_str()),
                part_title: own.map(|own| own.title.as_str()),
                points: part.points,
                score: part.score,
                arithmetic: filled(&part.arithmetic),
            });
        }
    }
    table.finish()
}

/// Values computed from data, or entered because there were no data.
fn evidence(view: &View<'_>) -> evidence::Frame {
    let mut table = evidence::Builder::new(0);
    let scores = view.scoring.scored.items.iter();
    for (score, found) in scores.flat_map(|score| score.evidence.iter().map(move |found| (score, found))) {
        let (unit_code, unit) = unit(view, score.unit);
        let (item, title) = item(view, score.item).unwrap_or_default();
        let check = view.items().get(score.item).and_then(|item| item.checks().get(found.check));
        let counts_rows = check.map(|check| view.scoring.standard.counts_rows(check));
        let unit_of_value = check.map(|check| match counts_rows {
            Some(true) => rule_text::rows_unit(check, view.words()),
            _ => check.unit.clone(),
        });
        table.push(evidence::Values {
            unit_code,
            unit,
            item,
            title,
            check: check.map(|check| check.id.as_str()),
            check_title: check.map(|check| view.said(&check.title)),
            value: found.value,
            required: found.required,
            unit_of_value: unit_of_value
                .as_deref()
                .filter(|unit| counts_rows == Some(true) || !unit.is_empty()),
            counts_rows,
            met: found.met,
            computed: found.computed,
            missing: joined(&found.missing).as_deref(),
            cells: filled(&placed(&found.places)),
        });
    }
    table.finish()
}

/// The losses of one unit, largest first: `反馈/NAME.csv`.
pub fn lost(view: &View<'_>, own: &Feedback) -> items_lost::Frame {
    let mut table = items_lost::Builder::new(own.items.len());
    for lost in &own.items {
        let (item, title) = item(view, lost.at).unwrap_or_default();
        let score: Option<&ItemScore> = view.item(own.at, lost.at);
        table.push(items_lost::Values {
            item,
            title,
            heading: filled(&lost.heading),
            points: score.and_then(|score| score.points),
            score: score.and_then(|score| score.score),
            lost: score.map(|score| view.lost(score)),
            arithmetic: filled(&lost.arithmetic),
            requirements: joined(&lost.requirements).as_deref(),
            marked_by: joined(&lost.who).as_deref(),
            cells: filled(&lost.cells),
            facts: joined(&facts(view, lost)).as_deref(),
            proofs: joined(&each(lost, |line| &line.evidence)).as_deref(),
            demanded: joined(&each(lost, |line| &line.required)).as_deref(),
        });
    }
    table.finish()
}
