//! Scores of made-up units under any standard that is shipped: every item, every heading, as many as there are.

use chrono::NaiveDate;

use super::Whole;
use crate::{
    problem::Place,
    standard::{Rule, Standard, entry::Value},
    tables::{
        made::Made,
        marks::{Entered, Mark, Marks, Unit},
        scored::{Evidence, GroupScore, ItemScore, PartScore, Scored, Standing, State},
    },
    words::{Language, Words},
};

/// So many units (fewer where the document names its own) under a standard by its name.
pub fn under(name: &str, units: usize, language: Language) -> Whole {
    let standard = Standard::load(name).expect("a standard that is shipped");
    let members = &standard.units.as_ref().expect("it scores").members;
    let units: Vec<Unit> = match members.is_empty() {
        true => (1..=units).map(|at| Unit { name: format!("第{at}个示例单位"), ..Unit::default() }).collect(),
        false => members
            .iter()
            .map(|member| Unit {
                name: member.name.clone(),
                code: member.code.clone(),
                aliases: member.aliases.clone(),
                class: member.class.clone(),
            })
            .collect(),
    };
    let mut scored = Scored { year: Some(2026), units: units.clone(), ..Scored::default() };
    let mut marks = Vec::new();
    for unit in 0..units.len() {
        for item in 0..standard.items.len() {
            scored.items.extend(of_item(&standard, &units, (unit, item), &mut marks));
        }
        together(&standard, unit, &mut scored);
    }
    super::rank(&mut scored);
    let marks = Marks { standard: standard.id.clone(), year: Some(2026), units, marks, ..Marks::default() };
    let made = Made {
        program: "junheng 0".into(),
        inputs: vec!["计分.xlsx".into()],
        date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day"),
    };
    Whole { standard, marks, scored, made, words: Words::load(language).expect("a catalogue") }
}

fn of_item(
    standard: &Standard,
    units: &[Unit],
    (unit, at): (usize, usize),
    marks: &mut Vec<Mark>,
) -> Option<ItemScore> {
    let item = &standard.items[at];
    let Rule::Scored { points, parts, checks, .. } = &item.rule else { return None };
    let by_department = standard.units.as_ref().is_some_and(|units| units.by_department);
    let nothing = ItemScore {
        unit,
        item: at,
        state: State::NotConcerned,
        points: None,
        score: None,
        arithmetic: String::new(),
        parts: vec![],
        adjusted: vec![],
        evidence: vec![],
        unmarked: vec![],
        above: false,
    };
    if by_department && !item.departments.iter().any(|name| units[unit].is_called(name)) {
        return Some(nothing);
    }
    // The yearly index gives each item six points here.
    let whole = points.unwrap_or(6.0);
    let entries = standard.entries();
    let in_force: Vec<usize> =
        (0..parts.len()).filter(|part| standard.in_force(&parts[*part].only)).collect();
    let open = unit == 1 && at % 17 == 3;
    let scores: Vec<PartScore> = in_force
        .iter()
        .map(|&k| {
            let full = parts[k].points.unwrap_or(whole / in_force.len() as f64);
            let score = full * ((unit * 7 + at * 3 + k) % 5) as f64 / 4.0;
            let entry = entries.iter().find(|entry| entry.item == Some(at) && entry.part == Some(k));
            let own: Vec<usize> = entry
                .into_iter()
                .filter(|_| !open)
                .map(|entry| {
                    marks.push(Mark {
                        unit,
                        entry: entry.id.clone(),
                        entered: if entry.value == Value::YesNo {
                            Entered::Truth(true)
                        } else {
                            Entered::Number(score)
                        },
                        place: Place::cell(
                            "计分.xlsx",
                            "计分",
                            format!("{}{}", char::from(b'E' + unit as u8 % 20), at + 5),
                        ),
                        office: entry.offices.first().cloned().unwrap_or_default(),
                        marker: String::new(),
                    });
                    marks.len() - 1
                })
                .collect();
            PartScore {
                part: k,
                points: Some(full),
                score: (!open).then_some(score),
                arithmetic: if open { String::new() } else { format!("{full} × 0.5 = {score}") },
                marks: own,
                unmarked: entry.filter(|_| open).map(|entry| entry.id.clone()).into_iter().collect(),
                above: false,
            }
        })
        .collect();
    let sum: Option<f64> = scores.iter().map(|part| part.score).sum();
    let evidence = checks.iter().enumerate().map(|(check, _)| Evidence {
        check,
        value: Some((unit + at) as f64 * 1.5),
        required: Some(at as f64),
        met: Some(unit % 2 == 0),
        missing: vec![],
        places: vec![Place::cell("县.xlsx", "县", format!("C{}", at + 4))],
        computed: true,
    });
    Some(ItemScore {
        state: if open { State::Unmarked } else { State::Scored },
        points: Some(whole),
        score: sum,
        arithmetic: scores
            .iter()
            .map(|part| part.score.unwrap_or(0.0).to_string())
            .collect::<Vec<_>>()
            .join(" + "),
        unmarked: scores.iter().flat_map(|part| part.unmarked.clone()).collect(),
        evidence: evidence.collect(),
        parts: scores,
        ..nothing
    })
}

fn together(standard: &Standard, unit: usize, scored: &mut Scored) {
    let mine: Vec<ItemScore> = scored.items.iter().filter(|item| item.unit == unit).cloned().collect();
    let groups: Vec<GroupScore> = (0..standard.groups.len())
        .map(|at| {
            let items: Vec<&ItemScore> = mine
                .iter()
                .filter(|item| item.state != State::NotConcerned)
                .filter(|item| super::under(standard, item, &standard.groups[at].id))
                .collect();
            GroupScore {
                unit,
                group: at,
                points: items.iter().map(|item| item.points).sum(),
                score: items.iter().filter_map(|item| item.score).sum(),
                complete: items.iter().all(|item| item.unmarked.is_empty()),
            }
        })
        .collect();
    let of = |bonus: bool| {
        let own = standard
            .groups
            .iter()
            .zip(&groups)
            .filter(move |(group, _)| group.within.is_none() && group.bonus == bonus);
        own.map(|(_, own)| (own.points.unwrap_or(0.0), own.score))
            .fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1))
    };
    let ((points, score), (_, bonus)) = (of(false), of(true));
    let scoring = standard.scoring.as_ref().expect("it scores");
    let unmarked: usize = mine.iter().map(|item| item.unmarked.len()).sum();
    let percent = (points > 0.0).then(|| score / points * 100.0);
    let components: Vec<Option<f64>> = (0..scoring.components.len())
        .map(|at| if at == 0 { percent } else { Some(80.0 + at as f64) })
        .collect();
    let weighed: Option<f64> =
        scoring.components.iter().zip(&components).map(|(own, value)| Some(own.share * (*value)?)).sum();
    let total = (unmarked == 0).then_some(score + bonus);
    let result = if components.is_empty() { total } else { total.and(weighed) };
    scored.groups.extend(groups);
    scored.standings.push(Standing {
        unit,
        points: Some(points),
        score,
        bonus,
        total,
        percent,
        arithmetic: if components.is_empty() { String::new() } else { "80 × 0.7 + 81 × 0.3 = 80.3".into() },
        components,
        result,
        rank: None,
        last_rank: Some(1 + (unit * 3 + 1) % scored.units.len()),
        last_result: None,
        grade: result.and_then(|result| scoring.grades.iter().position(|grade| grade.holds(result))),
        condition: None,
        between_grades: false,
        vetoed: vec![],
        unmarked,
    });
}
