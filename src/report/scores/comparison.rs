//! All units side by side (对比表): ranks, scores by heading and by item.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    feedback::{self, Awaited, Lost, Place, arithmetic},
    self_assessment::SelfComparison,
    view::{Ranks, View, named, percent, points, points_text, share},
};
use crate::{
    report::rules::{Day, Rules},
    tables::scored::State,
};

#[derive(Debug, Serialize)]
pub struct Comparison {
    pub kind: String,
    pub measure: String,
    pub year: Option<i32>,
    pub date: Day,
    pub standard: Rules,
    pub ranks: Ranks,
    /// Headings whose points in the document differ from those of their items.
    pub headed: Vec<String>,
    /// By rank.
    pub units: Vec<Ranked>,
    pub headings: Vec<Heading>,
    pub items: Vec<Item>,
    pub unmarked: Vec<Awaited>,
    /// Units that the document names without giving them an item.
    pub without_items: Vec<WithoutItems>,
    /// Papers of units in the register, how many of them were not received, and how many were late.
    pub papers: usize,
    pub outstanding: usize,
    pub late: usize,
    /// How many consequences the document knows, and how many units (each time) fall under one.
    pub rules_of_consequence: usize,
    pub consequences: usize,
    /// One line per score that exceeds its points.
    pub above: Vec<String>,
    pub markers: Vec<Marker>,
    /// `None` if no unit handed in a self-assessment.
    pub self_assessments: Option<SelfComparison>,
    /// Findings about the document: subject and text.
    pub document_findings: Vec<(String, String)>,
    /// Findings of this run, as messages with their place.
    pub findings: Vec<Finding>,
    pub components: Vec<String>,
    pub has_bonus: bool,
    pub has_grades: bool,
    pub has_last: bool,
    pub has_veto: bool,
}

/// A unit without items, and the duties that the document gives it.
#[derive(Debug, Serialize)]
pub struct WithoutItems {
    pub unit: String,
    pub duties: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Ranked {
    #[serde(skip)]
    pub at: usize,
    pub name: String,
    pub code: Option<String>,
    pub standing: Place,
}

#[derive(Debug, Serialize)]
pub struct Heading {
    #[serde(skip)]
    pub at: usize,
    pub title: String,
    pub level: usize,
    pub bonus: bool,
    pub points: String,
    pub mean: String,
    /// Cells in the order of `units`.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
pub struct Item {
    #[serde(skip)]
    pub at: usize,
    pub id: String,
    pub title: String,
    pub heading: String,
    pub top: String,
    pub bonus: bool,
    pub points: String,
    /// Average share of the points.
    pub mean: Option<f64>,
    /// Average loss of points, as printed.
    pub mean_lost: String,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    #[serde(skip)]
    pub points: Option<f64>,
    /// The points as printed.
    pub score: String,
    pub state: &'static str,
    /// Share of the points, 0 to 1 (more if it exceeds them).
    pub share: Option<f64>,
    pub percent: String,
    /// Step of shading: 0 (full points) … 4 (none); `None` without a share.
    pub shade: Option<u8>,
    pub above: bool,
    pub arithmetic: String,
}

#[derive(Debug, Serialize)]
pub struct Marker {
    pub office: String,
    pub marker: String,
    pub marks: usize,
    pub items: usize,
    pub files: String,
    /// Entries that this office has still to make.
    pub awaited: usize,
}

#[derive(Debug, Serialize)]
pub struct Finding {
    pub level: &'static str,
    pub message: String,
    pub place: String,
}

/// Lighter with more of the points, so that dark is bad in grey print too.
pub fn shade(share: Option<f64>) -> Option<u8> {
    share.map(|share| match share {
        full if full >= 1.0 - 1e-9 => 0,
        most if most >= 0.85 => 1,
        half if half >= 0.6 => 2,
        some if some > 0.0 => 3,
        _ => 4,
    })
}

impl Comparison {
    pub fn of(view: &View<'_>) -> Comparison {
        let order = view.in_order();
        let standings = &view.scoring.scored.standings;
        let scoring = view.scoring.standard.scoring.as_ref();
        Comparison {
            kind: view.kind().to_string(),
            measure: view.measure(),
            ranks: view.ranks(),
            headed: view.headed_otherwise(),
            year: view.scoring.scored.year,
            date: view.scoring.made.date.into(),
            standard: Rules::of(view.scoring.standard, view.words().language),
            units: order.iter().filter_map(|unit| ranked(view, *unit)).collect(),
            headings: (0..view.groups().len()).map(|group| heading(view, &order, group)).collect(),
            items: (0..view.items().len())
                .filter(|item| !view.parts(*item).is_empty())
                .map(|at| item(view, &order, at))
                .collect(),
            unmarked: Awaited::of(view, order.iter().copied()),
            without_items: without_items(view),
            papers: view.scoring.scored.papers.len(),
            outstanding: view.scoring.scored.papers.iter().filter(|own| own.received.is_none()).count(),
            late: view.scoring.scored.papers.iter().filter(|own| own.state() == "late").count(),
            rules_of_consequence: view.scoring.standard.consequences.len(),
            consequences: view.scoring.scored.consequences.len(),
            above: order.iter().flat_map(|unit| feedback::above(view, *unit)).collect(),
            markers: markers(view),
            self_assessments: SelfComparison::of(view),
            document_findings: view
                .scoring
                .standard
                .document_findings
                .iter()
                .map(|finding| (view.about(&finding.about), view.said(&finding.text).to_string()))
                .collect(),
            findings: view
                .findings()
                .iter()
                .map(|problem| Finding {
                    level: problem.level.id(),
                    message: view.words().problem(problem),
                    place: problem.place.to_string(),
                })
                .collect(),
            components: view
                .sources()
                .iter()
                .map(|(source, _)| view.said(&source.title).to_string())
                .collect(),
            has_bonus: view.groups().iter().any(|group| group.bonus),
            has_grades: scoring.is_some_and(|scoring| !scoring.grades.is_empty()),
            has_last: standings.iter().any(|own| own.last_rank.is_some()),
            has_veto: standings.iter().any(|own| !own.vetoed.is_empty()),
        }
    }
}

fn without_items(view: &View<'_>) -> Vec<WithoutItems> {
    let units = view.scoring.scored.without_items(view.scoring.standard).into_iter();
    units
        .map(|(unit, member)| WithoutItems {
            unit: view.unit_name(unit).to_string(),
            duties: member.duties.clone(),
        })
        .collect()
}

fn ranked(view: &View<'_>, unit: usize) -> Option<Ranked> {
    Some(Ranked {
        at: unit,
        name: view.unit_name(unit).to_string(),
        code: view.units().get(unit).and_then(|unit| unit.code.clone()),
        standing: Place::of(view, view.standing(unit)?),
    })
}

fn heading(view: &View<'_>, order: &[usize], group: usize) -> Heading {
    let cell = |unit: &usize| {
        let own = view.group(*unit, group).filter(|own| own.points != Some(0.0));
        let rate = own.filter(|own| own.complete).and_then(|own| share(Some(own.score), own.points));
        Cell {
            points: own.map(|own| own.score),
            score: own.map_or_else(|| "—".into(), |own| points_text(own.score)),
            state: match own {
                None => State::NotConcerned.id(),
                Some(own) if own.complete => State::Scored.id(),
                Some(_) => State::Unmarked.id(),
            },
            share: rate,
            percent: percent(rate),
            shade: shade(rate).filter(|_| !view.is_bonus(group)),
            above: rate.is_some_and(|rate| rate > 1.0 + 1e-9),
            arithmetic: String::new(),
        }
    };
    let across = view.across(group);
    Heading {
        at: group,
        title: view.group_title(group),
        level: view.depth(group) + 1,
        bonus: view.is_bonus(group),
        // The points to which the shares refer; the document may state others (`headed`).
        points: view.basis(group).map_or_else(|| view.say("differs", &[]), points_text),
        mean: percent(across.map(|all| all.mean)),
        cells: order.iter().map(cell).collect(),
    }
}

fn item(view: &View<'_>, order: &[usize], at: usize) -> Item {
    let scores: Vec<_> = order.iter().map(|unit| view.item(*unit, at)).collect();
    let cells = scores.iter().map(|score| {
        let Some(score) = score else {
            let state = State::NotConcerned.id();
            let (nothing, none) = ("—".to_string(), String::new());
            return Cell {
                points: None,
                score: nothing.clone(),
                state,
                share: None,
                percent: nothing,
                shade: None,
                above: false,
                arithmetic: none,
            };
        };
        let rate = share(score.score, score.points);
        Cell {
            points: score.score,
            score: points(score.score),
            state: score.state.id(),
            share: rate,
            percent: percent(rate),
            shade: shade(rate).filter(|_| !view.is_bonus_item(at)),
            above: score.above,
            arithmetic: arithmetic(score),
        }
    });
    let shares: Vec<f64> =
        scores.iter().flatten().filter_map(|score| share(score.score, score.points)).collect();
    let lost: Vec<f64> =
        scores.iter().flatten().filter(|score| score.score.is_some()).map(|score| view.lost(score)).collect();
    let mean = |all: &[f64]| (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64);
    let own = view.items().get(at);
    let top = view.heading(at).map(|heading| view.top(heading));
    Item {
        at,
        id: own.map_or(String::new(), |own| own.id.clone()),
        title: view.item_title(at),
        heading: view.heading(at).map_or(String::new(), |heading| view.group_title(heading)),
        top: top.map_or(String::new(), |top| view.group_title(top)),
        bonus: view.is_bonus_item(at),
        points: points(scores.iter().flatten().find_map(|score| score.points)),
        mean: mean(&shares),
        mean_lost: points(mean(&lost)),
        cells: cells.collect(),
    }
}

/// Offices and their signatures, with numbers of entries made and awaited.
fn markers(view: &View<'_>) -> Vec<Marker> {
    #[derive(Default)]
    struct Own<'a> {
        marks: usize,
        items: Vec<&'a str>,
        files: Vec<String>,
    }
    let mut found: BTreeMap<(String, String), Own<'_>> = BTreeMap::new();
    for mark in &view.scoring.marks.marks {
        let own = found.entry((mark.office.clone(), mark.marker.clone())).or_default();
        own.marks += 1;
        if let Some(item) = view.entry_item(&mark.entry).and_then(|item| view.items().get(item))
            && !own.items.contains(&item.id.as_str())
        {
            own.items.push(&item.id);
        }
        if let Some(file) = mark.place.file.as_deref().map(named).filter(|file| !own.files.contains(file)) {
            own.files.push(file);
        }
    }
    let mut awaited: BTreeMap<String, usize> = BTreeMap::new();
    for one in (0..view.units().len()).flat_map(|unit| view.unmarked(unit)) {
        // Entries without a named office belong to the organizer.
        let offices = if one.offices.is_empty() { vec![String::new()] } else { one.offices };
        for office in offices {
            *awaited.entry(office).or_default() += 1;
        }
    }
    let and = view.words().say("scores.and");
    let mut all: Vec<Marker> = found
        .into_iter()
        .map(|((office, marker), own)| Marker {
            awaited: awaited.remove(&office).unwrap_or(0),
            office: view.office(&office),
            marker,
            marks: own.marks,
            items: own.items.len(),
            files: own.files.join(&and),
        })
        .collect();
    // Offices that entered nothing at all.
    all.extend(awaited.into_iter().map(|(office, awaited)| Marker {
        office: view.office(&office),
        marker: String::new(),
        marks: 0,
        items: 0,
        files: String::new(),
        awaited,
    }));
    all
}

/// One score in full, as the web page opens it.
pub fn opened(view: &View<'_>, unit: usize, item: usize) -> Option<Lost> {
    view.item(unit, item).map(|score| feedback::of_item(view, score))
}
