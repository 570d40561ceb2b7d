//! A small scored system with marks, for tests of documents and charts: two levels of headings, a bonus, an unmarked
//! entry, a score above its points, a veto, and an item that does not apply to a unit.

pub mod any;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    problem::{Place, Problem},
    standard::Standard,
    tables::{
        marks::{Entered, Mark, Marks, Reason, Unit},
        provenance::Provenance,
        scored::{Adjusted, Evidence, GroupScore, ItemScore, PartScore, Scored, Standing, State},
        scoring::Scoring,
    },
    words::{Language, Words},
};

const STANDARD: &str = include_str!("standard.toml");

/// Names of units; the later ones are difficult for a file system and a page.
const NAMES: [&str; 7] = ["东风县", "西山区", "南湖旗", "北川县", "青石/白水旗", "CON", "<b>=1+1</b>"];

pub struct Whole {
    pub standard: Standard,
    pub marks: Marks,
    pub scored: Scored,
    pub made: Provenance,
    pub words: Words,
}

impl Whole {
    pub fn scoring(&self) -> Scoring<'_> {
        Scoring {
            standard: &self.standard,
            marks: &self.marks,
            scored: &self.scored,
            made: &self.made,
            words: &self.words,
        }
    }
}

/// The marks of one unit: `None` is not entered.
struct Given {
    plan: Option<f64>,
    lacking: f64,
    late: bool,
    large: Option<f64>,
    tier: f64,
    elements: f64,
    accident: bool,
    national: f64,
    /// Whether item 4 does not apply to the unit.
    elsewhere: bool,
}

fn given(unit: usize) -> Given {
    Given {
        // The fourth is not marked yet.
        plan: (unit != 3).then_some(((unit * 7) % 11) as f64),
        lacking: ((unit * 3) % 8) as f64,
        late: unit % 5 == 1,
        large: (unit % 9 != 8).then_some(((unit * 5) % 7) as f64),
        tier: [28.0, 20.0, 10.0, 0.0][(unit * 5 + 1) % 4],
        elements: ((unit + 1) % 4) as f64,
        accident: unit == 4,
        national: (unit % 3) as f64,
        elsewhere: unit == 5,
    }
}

/// A sample of this number of units, with or without the year before.
pub fn sample(units: usize, language: Language, last: bool) -> Whole {
    let standard = Standard::parse(STANDARD, "sample-scores.toml").expect("the sample is a standard");
    let names: Vec<String> = (0..units)
        .map(|unit| {
            NAMES.get(unit).map_or_else(|| format!("第{}号示例自治旗", unit + 1), |name| (*name).into())
        })
        .collect();
    let units: Vec<Unit> = names
        .iter()
        .enumerate()
        .map(|(at, name)| Unit {
            name: name.clone(),
            code: Some(format!("1508{:02}", at + 1)),
            ..Unit::default()
        })
        .collect();
    let mut sheets = Sheets { marks: Vec::new() };
    let mut scored = Scored { year: Some(2026), units: units.clone(), ..Scored::default() };
    for unit in 0..units.len() {
        unit_scored(&standard, unit, &mut sheets, &mut scored, last);
    }
    rank(&mut scored);
    scored.findings.push(Problem::warning("sheet_passed_over", Place::sheet("基教科.xlsx", "基教科")));
    let entries = standard.entries();
    let asked: BTreeMap<String, Vec<String>> =
        entries.iter().map(|entry| (entry.id.clone(), entry.offices.clone())).collect();
    let marks = Marks {
        standard: standard.id.clone(),
        year: Some(2026),
        units,
        marks: sheets.marks,
        asked,
        files: vec![("督导室.xlsx".into(), "0".repeat(64))],
        reasons: reasons(),
        ..Marks::default()
    };
    let made = Provenance {
        program: "junheng 0".into(),
        inputs: vec!["督导室.xlsx".into(), "基教科.xlsx".into()],
        date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day"),
    };
    Whole { standard, marks, scored, made, words: Words::load(language).expect("a catalogue") }
}

/// Two facts for the first part of 东风县's first item, and one for its third item as a whole.
fn reasons() -> Vec<Reason> {
    let reason = |item: usize, part: Option<usize>, fact: &str, required: &str, row: usize| Reason {
        item,
        part,
        fact: fact.into(),
        evidence: "检查记录".into(),
        number: "督〔2026〕3号".into(),
        date: "2026-02-11".into(),
        required: required.into(),
        place: Place::cell("督导室.xlsx", "事由", format!("B{row}")),
        office: "督导室".into(),
        ..Reason::default()
    };
    vec![
        reason(0, Some(0), "方案未印发", "3月底前印发", 5),
        reason(0, Some(0), "材料缺两份", "补齐", 6),
        reason(2, None, "交流比例低于规定", "", 7),
    ]
}

struct Sheets {
    marks: Vec<Mark>,
}

impl Sheets {
    fn enter(&mut self, unit: usize, entry: &str, entered: Entered, office: &str) -> usize {
        let row = 5 + self.marks.iter().filter(|mark| mark.unit == unit).count();
        let column = char::from(b'E' + (unit % 20) as u8);
        self.marks.push(Mark {
            unit,
            entry: entry.into(),
            entered,
            place: Place::cell(format!("{office}.xlsx"), office, format!("{column}{row}")),
            office: office.into(),
            marker: if office == "督导室" { "王敏".into() } else { String::new() },
        });
        self.marks.len() - 1
    }
}

fn part(at: usize, points: f64, score: Option<f64>, arithmetic: String, marks: Vec<usize>) -> PartScore {
    PartScore {
        part: at,
        points: Some(points),
        score,
        arithmetic,
        marks,
        unmarked: Vec::new(),
        above: score.is_some_and(|score| score > points),
    }
}

fn item(unit: usize, at: usize, points: f64, parts: Vec<PartScore>, adjusted: Vec<Adjusted>) -> ItemScore {
    let unmarked: Vec<String> = parts.iter().flat_map(|part| part.unmarked.clone()).collect();
    let sum: Option<f64> = parts.iter().map(|part| part.score).sum();
    let taken: f64 = adjusted.iter().filter_map(|adjusted| adjusted.taken).sum();
    let terms: Vec<String> =
        parts.iter().map(|part| part.score.map_or("?".into(), |score| score.to_string())).collect();
    let mut arithmetic = terms.join(" + ");
    if taken > 0.0 {
        arithmetic += &format!(" − {taken}");
    }
    if let Some(sum) = sum.filter(|_| parts.len() > 1 || taken > 0.0) {
        arithmetic += &format!(" = {}", sum - taken);
    } else if let ([only], false) = (&parts[..], sum.is_none()) {
        arithmetic.clone_from(&only.arithmetic);
    }
    ItemScore {
        unit,
        item: at,
        state: if unmarked.is_empty() { State::Scored } else { State::Unmarked },
        points: Some(points),
        score: sum.map(|sum| (sum - taken).max(0.0)),
        arithmetic,
        above: parts.iter().any(|part| part.above),
        parts,
        adjusted,
        evidence: Vec::new(),
        unmarked,
        rounds: Vec::new(),
        first: None,
    }
}

fn unit_scored(standard: &Standard, unit: usize, sheets: &mut Sheets, scored: &mut Scored, last: bool) {
    let given = given(unit);
    // 1: two parts, and reported late.
    let mut plan = match given.plan {
        Some(plan) => {
            let mark = sheets.enter(unit, "1.1", Entered::Number(plan), "督导室");
            part(0, 10.0, Some(plan), format!("{plan}"), vec![mark])
        }
        None => part(0, 10.0, None, String::new(), vec![]),
    };
    if given.plan.is_none() {
        plan.unmarked.push("1.1".into());
    }
    let lacking = sheets.enter(unit, "1.2.count", Entered::Number(given.lacking), "基教科");
    let left = 20.0 - 2.0 * given.lacking;
    let arithmetic = format!("20 − {} × 2 = {left}", given.lacking);
    let measures = part(1, 20.0, Some(left), arithmetic, vec![lacking]);
    let late = sheets.enter(unit, "1.late", Entered::Truth(given.late), "督导室");
    let adjusted = given.late.then(|| Adjusted { adjustment: 0, taken: Some(2.0), marks: vec![late] });
    scored.items.push(item(unit, 0, 30.0, vec![plan, measures], adjusted.into_iter().collect()));
    // 2: a threshold that data settle.
    let met = given.large.map(|large| large <= 3.0);
    let mut classes = match (given.large, met) {
        (Some(large), Some(true)) => part(0, 30.0, Some(30.0), format!("{large} ≤ 3，30"), vec![]),
        (Some(large), _) => part(0, 30.0, Some(10.0), format!("{large} > 3，10"), vec![]),
        _ => part(0, 30.0, None, String::new(), vec![]),
    };
    if met.is_none() {
        classes.unmarked.push("2.check.large".into());
    }
    let mut second = item(unit, 1, 30.0, vec![classes], vec![]);
    second.evidence.push(Evidence {
        check: 0,
        value: given.large,
        required: Some(3.0),
        met,
        missing: if met.is_none() { vec!["班级数".into()] } else { vec![] },
        places: vec![Place::cell("县.xlsx", "小学", format!("F{}", unit + 4))],
        computed: true,
    });
    scored.items.push(second);
    // 3: tiers, the best above the points.
    let mark = sheets.enter(unit, "3.1.tier", Entered::Number(given.tier), "人事科");
    let tier = part(0, 25.0, Some(given.tier), format!("{}", given.tier), vec![mark]);
    scored.items.push(item(unit, 2, 25.0, vec![tier], vec![]));
    // 4: elements, and a veto.
    if given.elsewhere {
        let nothing = item(unit, 3, 15.0, vec![], vec![]);
        scored.items.push(ItemScore { state: State::NotConcerned, points: None, score: None, ..nothing });
    } else {
        let marks: Vec<usize> = (1..=3)
            .map(|n| {
                let there = Entered::Truth(f64::from(n) <= given.elements);
                sheets.enter(unit, &format!("4.1.{n}"), there, "安全科")
            })
            .collect();
        let score = 5.0 * given.elements;
        let parts = vec![part(0, 15.0, Some(score), format!("15 × {} ÷ 3 = {score}", given.elements), marks)];
        let mark = sheets.enter(unit, "4.accident", Entered::Truth(given.accident), "安全科");
        let adjusted =
            given.accident.then(|| Adjusted { adjustment: 0, taken: Some(score), marks: vec![mark] });
        scored.items.push(item(unit, 3, 15.0, parts, adjusted.into_iter().collect()));
    }
    // 5: the bonus.
    let mark = sheets.enter(unit, "5.1.level1", Entered::Number(given.national), "督导室");
    let honours = 5.0 * given.national;
    let parts = vec![part(0, 10.0, Some(honours), format!("{} × 5 = {honours}", given.national), vec![mark])];
    scored.items.push(item(unit, 4, 10.0, parts, vec![]));
    together(standard, unit, given.accident, scored, last);
}

/// Whether an item is under a heading, directly or not.
fn under(standard: &Standard, item: &ItemScore, group: &str) -> bool {
    let mut heading = standard.items[item.item].heading.clone();
    loop {
        if heading == group {
            return true;
        }
        match standard.groups.iter().find(|own| own.id == heading).and_then(|own| own.within.clone()) {
            Some(above) => heading = above,
            None => return false,
        }
    }
}

fn together(standard: &Standard, unit: usize, vetoed: bool, scored: &mut Scored, last: bool) {
    let mine: Vec<ItemScore> = scored.items.iter().filter(|item| item.unit == unit).cloned().collect();
    for (at, group) in standard.groups.iter().enumerate() {
        let items: Vec<&ItemScore> = mine
            .iter()
            .filter(|item| item.state != State::NotConcerned && under(standard, item, &group.id))
            .collect();
        scored.groups.push(GroupScore {
            unit,
            group: at,
            points: items.iter().map(|item| item.points).sum(),
            score: items.iter().filter_map(|item| item.score).sum(),
            complete: items.iter().all(|item| item.unmarked.is_empty()),
        });
    }
    let own: Vec<&GroupScore> = scored.groups.iter().filter(|group| group.unit == unit).collect();
    let (points, score, bonus) =
        (own[0].points.zip(own[3].points).map(|(a, b)| a + b), own[0].score + own[3].score, own[6].score);
    let complete = own.iter().all(|group| group.complete);
    let total = complete.then_some(score + bonus);
    let grades = &standard.scoring.as_ref().expect("it scores").grades;
    let unmarked = mine.iter().map(|item| item.unmarked.len()).sum();
    scored.standings.push(Standing {
        unit,
        points,
        score,
        bonus,
        total,
        percent: None,
        components: vec![],
        result: total,
        arithmetic: String::new(),
        rank: None,
        last_rank: (last && unit != 2).then_some(1 + (unit * 3 + 1) % scored.units.len()),
        last_result: last.then_some(score - 3.5),
        grade: total
            .filter(|_| !vetoed)
            .and_then(|total| grades.iter().position(|grade| grade.holds(total.min(100.0)))),
        condition: if unit == 1 { Some(true) } else { None },
        between_grades: false,
        vetoed: if vetoed { vec![3] } else { vec![] },
        unmarked,
        first_result: None,
        first_grade: None,
    });
}

fn rank(scored: &mut Scored) {
    let results: Vec<Option<f64>> =
        scored.standings.iter().map(|own| own.result.filter(|_| own.vetoed.is_empty())).collect();
    for (own, result) in scored.standings.iter_mut().zip(&results) {
        let better = |mine: f64| results.iter().flatten().filter(|other| **other > mine).count();
        own.rank = result.map(|mine| 1 + better(mine));
    }
}
