//! The feedback to a unit (问题清单): where it lost points, largest loss first, and its standing. Numbers are formatted
//! here; the formats only place them.

use serde::Serialize;

use super::view::{ProblemLine, Ranks, Unmarked, View, percent, placed, points, points_text, share};
use crate::{
    number,
    report::rules::{Day, Rules},
    standard::rule_text,
    tables::scored::{Evidence, ItemScore, Standing, State},
};

#[derive(Debug, Serialize)]
pub struct Feedback {
    /// Index of the unit.
    #[serde(skip)]
    pub at: usize,
    pub unit: String,
    pub code: Option<String>,
    /// The word for a unit, 旗县区, and its measure word, 个.
    pub kind: String,
    pub measure: String,
    pub year: Option<i32>,
    pub date: Day,
    pub standard: Rules,
    /// 职责 in the words of the document.
    pub duties: Vec<String>,
    pub standing: Place,
    pub headings: Vec<Heading>,
    /// Headings whose points in the document differ from those of their items.
    pub headed: Vec<String>,
    /// Items that lost points, largest loss first.
    pub items: Vec<Lost>,
    /// Items that lost no points but exceed their points or do not meet their requirements.
    pub doubtful: Vec<Lost>,
    pub unmarked: Vec<Awaited>,
    pub strengths: Vec<Strength>,
    /// Scores that exceed their points, as the document allows.
    pub above: Vec<String>,
}

/// The standing of a unit among all.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    pub units: usize,
    pub points: String,
    pub score: String,
    pub bonus: Option<String>,
    pub total: Option<String>,
    pub percent: Option<String>,
    pub components: Vec<Component>,
    pub result: Option<String>,
    pub arithmetic: String,
    /// The loss of points without bonus, in the sum; and, if items exceed their points, the loss of the others and the
    /// excess.
    pub lost: String,
    pub exceeded: Option<Exceeded>,
    /// Of all units.
    pub ranks: Ranks,
    pub rank: Option<usize>,
    pub last_rank: Option<usize>,
    /// Change in rank since last year; negative if it fell.
    pub risen: Option<i64>,
    pub last_result: Option<String>,
    pub grade: String,
    pub condition: Option<String>,
    pub vetoed: Vec<String>,
    pub unmarked: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct Exceeded {
    pub lost: String,
    pub above: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Component {
    pub title: String,
    pub share: String,
    pub value: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Heading {
    /// Index of the group.
    #[serde(skip)]
    pub at: usize,
    pub title: String,
    /// From 1.
    pub level: usize,
    pub bonus: bool,
    pub points: String,
    pub score: String,
    pub share: String,
    pub lost: String,
    /// Mean and best of all units: in points if these are the same for all, otherwise in percent.
    pub best: String,
    pub mean: String,
    pub complete: bool,
    pub below_mean: bool,
}

#[derive(Debug, Serialize)]
pub struct Lost {
    /// Index of the item.
    #[serde(skip)]
    pub at: usize,
    pub id: String,
    pub title: String,
    pub heading: String,
    pub state: &'static str,
    pub points: String,
    pub score: String,
    pub lost: String,
    pub arithmetic: String,
    pub requirements: Vec<String>,
    pub procedure: Vec<String>,
    pub clause: String,
    pub parts: Vec<PartLine>,
    /// What took points off, with the facts that offices wrote.
    pub problems: Vec<ProblemLine>,
    pub evidence: Vec<EvidenceLine>,
    /// The markers and the cells.
    pub who: Vec<String>,
    pub cells: String,
}

#[derive(Debug, Serialize)]
pub struct PartLine {
    pub title: String,
    pub points: String,
    pub score: String,
    pub arithmetic: String,
    pub who: String,
    pub cells: String,
    pub lost: bool,
}

#[derive(Debug, Serialize)]
pub struct EvidenceLine {
    pub title: String,
    pub value: String,
    pub required: String,
    pub met: Option<bool>,
    pub missing: Vec<String>,
    pub cells: String,
}

/// An entry that has not been made yet.
#[derive(Debug, Serialize)]
pub struct Awaited {
    pub unit: String,
    pub item: String,
    pub what: String,
    pub offices: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Strength {
    pub title: String,
    pub points: f64,
    pub score: f64,
    /// Of all units.
    pub mean: f64,
}

/// Maximum number of strengths.
const STRENGTHS: usize = 8;

impl Feedback {
    pub fn of(view: &View<'_>, unit: usize) -> Feedback {
        let own = view.units().get(unit);
        let units = view.scoring.standard.units.as_ref();
        let members = units.map_or(&[][..], |units| &units.members);
        let member = members.iter().find(|member| own.is_some_and(|own| own.is_called(&member.name)));
        let mut lost: Vec<&ItemScore> = view.scores(unit).filter(|score| view.lost(score) > 0.0).collect();
        lost.sort_by(|a, b| view.lost(b).total_cmp(&view.lost(a)));
        Feedback {
            at: unit,
            unit: view.unit_name(unit).to_string(),
            code: own.and_then(|own| own.code.clone()),
            kind: view.kind().to_string(),
            measure: view.measure(),
            year: view.scoring.scored.year,
            date: view.scoring.made.date.into(),
            standard: Rules::of(view.scoring.standard, view.words().language),
            duties: member.map_or(Vec::new(), |member| member.duties.clone()),
            standing: Place::of_unit(view, unit),
            headings: headings(view, unit),
            headed: view.headed_otherwise(),
            doubtful: view
                .scores(unit)
                .filter(|score| view.lost(score) <= 0.0 && is_doubtful(view, score))
                .map(|score| of_item(view, score))
                .collect(),
            items: lost.into_iter().map(|score| of_item(view, score)).collect(),
            unmarked: Awaited::of(view, [unit]),
            strengths: strengths(view, unit),
            above: above(view, unit).collect(),
        }
    }
}

impl Awaited {
    /// The entries that are not made yet, in the order of these units.
    pub fn of(view: &View<'_>, units: impl IntoIterator<Item = usize>) -> Vec<Awaited> {
        let one = |one: Unmarked| Awaited {
            unit: view.unit_name(one.unit).to_string(),
            item: view.item_or_whole(one.item),
            what: one.what,
            offices: if one.offices.is_empty() { vec![view.office("")] } else { one.offices },
        };
        units.into_iter().flat_map(|unit| view.unmarked(unit)).map(one).collect()
    }
}

/// One line per score of a unit that exceeds its points.
pub fn above<'v>(view: &'v View<'v>, unit: usize) -> impl Iterator<Item = String> + 'v {
    view.scores(unit).filter(|score| score.above).map(|score| {
        let title = view.item_title(score.item);
        view.say("above_line", &[("item", title), ("arithmetic", arithmetic(score))])
    })
}

impl Place {
    pub fn of_unit(view: &View<'_>, unit: usize) -> Place {
        view.standing(unit).map_or_else(|| Place::none(view), |own| Place::of(view, own))
    }

    pub fn of(view: &View<'_>, own: &Standing) -> Place {
        let sources = view.sources();
        let has_bonus = view.groups().iter().any(|group| group.bonus);
        let (lost, above) = view.balance(own.unit, None);
        let risen = own.last_rank.zip(own.rank).map(|(last, now)| last as i64 - now as i64);
        Place {
            units: view.units().len(),
            points: points(own.points),
            score: points_text(own.score),
            bonus: has_bonus.then(|| points_text(own.bonus)),
            total: own.total.map(points_text),
            percent: own.percent.map(|value| points_text(value) + "%"),
            components: sources
                .iter()
                .enumerate()
                .map(|(at, (component, share))| Component {
                    title: view.said(&component.title).to_string(),
                    share: percent(Some(*share)),
                    value: own.components.get(at).copied().flatten().map(points_text),
                })
                .collect(),
            result: own.result.map(points_text),
            // "? × 0.7" would say nothing.
            arithmetic: own.result.map_or(String::new(), |_| own.arithmetic.clone()),
            lost: points_text(lost - above),
            exceeded: (above > 0.0).then(|| Exceeded { lost: points_text(lost), above: points_text(above) }),
            ranks: view.ranks(),
            rank: own.rank,
            last_rank: own.last_rank,
            risen,
            last_result: own.last_result.map(points_text),
            grade: view.grade(own),
            condition: view.condition(own).map(str::to_string),
            vetoed: own.vetoed.iter().map(|item| view.item_title(*item)).collect(),
            unmarked: own.unmarked,
        }
    }

    /// For a unit that was not scored.
    fn none(view: &View<'_>) -> Place {
        let nothing = || "—".to_string();
        Place {
            units: view.units().len(),
            points: nothing(),
            score: nothing(),
            bonus: None,
            total: None,
            percent: None,
            components: Vec::new(),
            result: None,
            arithmetic: String::new(),
            lost: nothing(),
            exceeded: None,
            ranks: view.ranks(),
            rank: None,
            last_rank: None,
            risen: None,
            last_result: None,
            grade: String::new(),
            condition: None,
            vetoed: Vec::new(),
            unmarked: 0,
        }
    }
}

/// The headings with items that concern the unit.
pub fn headings(view: &View<'_>, unit: usize) -> Vec<Heading> {
    let of = |at: usize| {
        let own = view.group(unit, at)?;
        // Nothing under the heading applies to the unit.
        if own.points == Some(0.0) {
            return None;
        }
        let rate = share(Some(own.score), own.points);
        let across = view.across(at);
        let said = |rate: fn(&super::view::Across) -> f64| {
            across.as_ref().map_or_else(
                || "—".into(),
                |all| match all.points {
                    Some(points) => points_text(rate(all) * points),
                    None => percent(Some(rate(all))),
                },
            )
        };
        let bonus = view.is_bonus(at);
        Some(Heading {
            at,
            title: view.group_title(at),
            level: view.depth(at) + 1,
            bonus,
            points: points(own.points),
            score: points_text(own.score),
            share: percent(rate),
            lost: match view.balance(unit, Some(at)) {
                _ if bonus || own.points.is_none() => "—".into(),
                (lost, above) if above > 0.0 => {
                    view.say("lost_and_above", &[("lost", points_text(lost)), ("above", points_text(above))])
                }
                (lost, _) => points_text(lost),
            },
            best: said(|all| all.best),
            mean: said(|all| all.mean),
            complete: own.complete,
            below_mean: own.complete
                && across.zip(rate).is_some_and(|(all, rate)| all.units > 1 && rate < all.mean - 1e-9),
        })
    };
    (0..view.groups().len()).filter_map(of).collect()
}

/// The arithmetic of an item, or that of its parts if it says more.
pub fn arithmetic(score: &ItemScore) -> String {
    match (&score.parts[..], score.arithmetic.as_str()) {
        ([only], "") => only.arithmetic.clone(),
        (_, own) => own.to_string(),
    }
}

pub fn of_item(view: &View<'_>, score: &ItemScore) -> Lost {
    let item = view.items().get(score.item);
    let marks = |indices: &[usize]| indices.iter().filter_map(|at| view.mark(*at)).collect::<Vec<_>>();
    let and = view.words().say("scores.and");
    let mut parts: Vec<PartLine> = score
        .parts
        .iter()
        .map(|part| {
            let own = view.parts(score.item).get(part.part);
            let marks = marks(&part.marks);
            PartLine {
                title: own.map_or(String::new(), |own| own.title.clone()),
                points: points(part.points),
                score: points(part.score),
                arithmetic: part.arithmetic.clone(),
                who: view.who(marks.iter().copied()).join(&and),
                cells: placed(marks.iter().map(|mark| &mark.place)),
                lost: part.score.zip(part.points).is_some_and(|(score, points)| score < points),
            }
        })
        .collect();
    for adjusted in &score.adjusted {
        let own = view.adjustments(score.item).get(adjusted.adjustment);
        let marks = marks(&adjusted.marks);
        parts.push(PartLine {
            title: own.map_or(String::new(), |own| view.said(&own.title).to_string()),
            points: "—".into(),
            score: adjusted.taken.map_or_else(|| "—".into(), |taken| format!("−{}", points_text(taken))),
            arithmetic: String::new(),
            who: view.who(marks.iter().copied()).join(&and),
            cells: placed(marks.iter().map(|mark| &mark.place)),
            lost: adjusted.taken.is_some_and(|taken| taken > 0.0),
        });
    }
    let own_marks: Vec<_> = score
        .parts
        .iter()
        .flat_map(|part| &part.marks)
        .chain(score.adjusted.iter().flat_map(|adjusted| &adjusted.marks))
        .filter_map(|at| view.mark(*at))
        .collect();
    Lost {
        at: score.item,
        id: item.map_or(String::new(), |item| item.id.clone()),
        title: view.item_title(score.item),
        heading: view.heading(score.item).map_or(String::new(), |at| view.group_title(at)),
        state: score.state.id(),
        points: points(score.points),
        score: points(score.score),
        lost: points_text(view.lost(score)),
        arithmetic: arithmetic(score),
        requirements: item.map_or(Vec::new(), |item| item.requirements.clone()),
        procedure: item.map_or(Vec::new(), |item| item.procedure.clone()),
        clause: item.map_or(String::new(), |item| item.clause.clone()),
        parts,
        problems: view.problems(score),
        evidence: score.evidence.iter().map(|evidence| of_evidence(view, score.item, evidence)).collect(),
        who: view.who(own_marks.iter().copied()),
        cells: placed(own_marks.iter().map(|mark| &mark.place)),
    }
}

fn of_evidence(view: &View<'_>, item: usize, evidence: &Evidence) -> EvidenceLine {
    let check = view.items().get(item).and_then(|item| item.checks().get(evidence.check));
    // As many decimals as needed to show the difference: "3, required 3, not met" would not explain anything.
    let alike = |decimals: &u32| {
        evidence.value != evidence.required
            && number::fixed(evidence.value, *decimals) == number::fixed(evidence.required, *decimals)
    };
    let least = check.map_or(2, |check| check.decimals);
    let decimals = (least..least + 3).find(|decimals| !alike(decimals)).unwrap_or(least);
    let unit = check.map_or(String::new(), |check| view.words().unit(&check.unit));
    let said = |value: Option<f64>| match value {
        Some(_) if unit == "%" => number::fixed(value, decimals) + "%",
        Some(_) if !unit.is_empty() => format!("{} {unit}", number::fixed(value, decimals)),
        _ => number::fixed(value, decimals),
    };
    let title = check.map_or(String::new(), |check| view.said(&check.title).to_string());
    // The number of schools or sections that do not reach it is not a value in the check's unit.
    let rows = check.filter(|check| view.scoring.standard.counts_rows(check));
    let (value, required) = match (rows, evidence.value) {
        (Some(check), Some(count)) => {
            (rule_text::rows_unmet(check, count, view.words()), rule_text::rows_required(check, view.words()))
        }
        (Some(check), None) => (said(None), rule_text::rows_required(check, view.words())),
        (None, value) => (said(value), said(evidence.required)),
    };
    EvidenceLine {
        title,
        value,
        required,
        met: evidence.met,
        // The value that an office entered replaces missing data.
        missing: match evidence.met.is_some() || (!evidence.computed && evidence.value.is_some()) {
            true => Vec::new(),
            false => evidence.missing.clone(),
        },
        cells: placed(&evidence.places),
    }
}

/// Above its points, or with data that do not meet the requirements: not a strength, whatever the score.
fn is_doubtful(view: &View<'_>, score: &ItemScore) -> bool {
    let unmet = score.evidence.iter().any(|evidence| evidence.met == Some(false));
    score.state == State::Scored && !view.is_bonus_item(score.item) && (unmet || view.exceeded(score) > 0.0)
}

/// Items with full points where other units lost some, by the loss of the others.
fn strengths(view: &View<'_>, unit: usize) -> Vec<Strength> {
    let units = view.units().len();
    let mut found: Vec<(f64, Strength)> = view
        .scores(unit)
        .filter(|own| own.state == State::Scored && !view.is_bonus_item(own.item))
        .filter_map(|own| {
            let points_of = own.points.filter(|points| *points > 0.0)?;
            let score = own.score.filter(|score| *score >= points_of && !is_doubtful(view, own))?;
            let shares: Vec<f64> = (0..units)
                .filter_map(|other| view.item(other, own.item))
                .filter(|other| other.state == State::Scored)
                .filter_map(|other| share(other.score, other.points))
                .collect();
            let mean = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
            let behind = (score / points_of - mean) * points_of;
            let strength = Strength {
                title: view.item_title(own.item),
                points: points_of,
                score,
                mean: mean * points_of,
            };
            (shares.len() > 1 && behind > 1e-9).then_some((behind, strength))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(STRENGTHS).map(|(_, strength)| strength).collect()
}
