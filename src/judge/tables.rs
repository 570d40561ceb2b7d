//! The tables of judge: `measures`, `schools`, `districts`, `dispersion`, `items`.

use polars::prelude::*;

use super::schools::{self, Judged};
use crate::{
    standard::{Section, Standard},
    tables::{
        self, Status,
        judged::{JudgedComposite, JudgedDispersion, JudgedItem},
        measure_matrix::{Group, Mark, MeasureMatrix},
    },
    words::Words,
};

/// Names of a row of `facts`.
pub struct Names<'a> {
    pub district_name: &'a StringChunked,
    pub school_code: &'a StringChunked,
    pub school_name: &'a StringChunked,
}

impl<'a> Names<'a> {
    pub fn new(facts: &'a DataFrame) -> PolarsResult<Names<'a>> {
        Ok(Names {
            district_name: facts.column("district_name")?.str()?,
            school_code: facts.column("school_code")?.str()?,
            school_name: facts.column("school_name")?.str()?,
        })
    }
    pub fn school(&self, row: u32) -> &str {
        self.school_name.get(row as usize).or(self.school_code.get(row as usize)).unwrap_or("")
    }
}

/// Numbers of the groups in the order of the tables: district, year, section.
fn ranked(groups: &[Group]) -> Vec<usize> {
    let mut rank: Vec<usize> = (0..groups.len()).collect();
    rank.sort_by(|&a, &b| groups[a].cmp(&groups[b]));
    rank
}

/// Rows of the panel in the order of the tables: group by group, within it as they came.
pub fn order(panel: &MeasureMatrix, groups: &[Group]) -> Vec<u32> {
    let rank = ranked(groups);
    let mut place = vec![0; groups.len()];
    rank.iter().enumerate().for_each(|(at, &g)| place[g] = at);
    let mut rows: Vec<u32> = (0..panel.rows() as u32).collect();
    rows.sort_by_key(|&row| (place[panel.group[row as usize] as usize], panel.row[row as usize]));
    rows
}

/// What the school would have to get for a row's value to reach `required`, in the numerator's unit; whole units where
/// only those exist. Of a shared resource a combined school must get more than the section lacks: only the section's
/// share of it comes to the section.
pub fn shortfall(panel: &MeasureMatrix, row: usize, k: usize, required: f64, whole: bool) -> f64 {
    let lacking = lacking(required, panel.factor[k], panel.numerator(row, k), panel.denominator(row, k));
    in_units(lacking / panel.share(row, k), whole)
}

/// What is lacking of the numerator.
pub fn lacking(required: f64, factor: f64, numerator: f64, denominator: f64) -> f64 {
    required * denominator / factor - numerator
}

/// Whole units, at least one, where only those exist.
pub fn in_units(lacking: f64, whole: bool) -> f64 {
    // A billionth of a teacher is rounding, not a teacher.
    if whole { (lacking - 1e-9).ceil().max(1.0) } else { lacking.max(0.0) }
}

/// The threshold of a value: a relief's, or the indicator's.
pub fn threshold_of(
    panel: &MeasureMatrix,
    row: usize,
    k: usize,
    section: Section,
    standard: &Standard,
) -> Option<f64> {
    let relieved = panel.relieved_threshold.get(row * panel.width + k).copied().filter(|t| t.is_finite());
    relieved.or_else(|| schools::threshold(&standard.indicators[k], section))
}

pub fn measures(
    panel: &MeasureMatrix,
    groups: &[Group],
    facts: &DataFrame,
    standard: &Standard,
) -> PolarsResult<DataFrame> {
    let names = Names::new(facts)?;
    let rows = order(panel, groups);
    let floor = standard.school_rule.as_ref().map(|rule| rule.floor);
    let height = rows.len() * panel.width;
    let mut texts: [Vec<&str>; 8] = std::array::from_fn(|_| Vec::with_capacity(height));
    let mut years = Vec::with_capacity(height);
    let mut numbers: [Vec<Option<f64>>; 6] = std::array::from_fn(|_| Vec::with_capacity(height));
    let mut answers: [Vec<Option<bool>>; 3] = std::array::from_fn(|_| Vec::with_capacity(height));
    let known = |v: f64| v.is_finite().then_some(v);
    for &row in &rows {
        let at = panel.row[row as usize];
        let row = row as usize;
        let group = &groups[panel.group[row] as usize];
        for (k, indicator) in standard.indicators.iter().enumerate() {
            let mark = panel.mark(row, k);
            let threshold = threshold_of(panel, row, k, group.section, standard);
            let (x, p) = (panel.numerator(row, k), panel.denominator(row, k));
            let known_mark = mark.has(Mark::KNOWN);
            let judged = known_mark && mark.has(Mark::JUDGED);
            let status = match (known_mark, judged) {
                (false, _) => Status::Missing,
                (true, false) => Status::NotApplicable,
                _ if mark.has(Mark::MET) => Status::Met,
                _ => Status::Unmet,
            };
            let fields = [
                group.district_code.as_str(),
                names.district_name.get(at as usize).unwrap_or(""),
                names.school_code.get(at as usize).unwrap_or(""),
                names.school(at),
                group.section.id(),
                indicator.id.as_str(),
                status.id(),
                indicator.shortfall_unit.as_str(),
            ];
            texts.iter_mut().zip(fields).for_each(|(column, field)| column.push(field));
            years.push(group.year);
            let lacking = match (status, threshold) {
                (Status::Met, _) => Some(0.0),
                (Status::Unmet, Some(t)) => Some(shortfall(panel, row, k, t, indicator.whole)),
                _ => None,
            };
            let values = [
                known(x),
                known(p),
                known(panel.value(row, k)),
                threshold,
                threshold.zip(floor).map(|(t, f)| super::floor_of(t, f)),
                lacking,
            ];
            numbers.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            let said = [Mark::MET, Mark::FLOOR, Mark::BORDERLINE].map(|m| judged.then(|| mark.has(m)));
            answers.iter_mut().zip(said).for_each(|(column, value)| column.push(value));
        }
    }
    let [code, district, school, name, section, indicator, status, unit] = texts;
    let [numerator, denominator, value, threshold, floor, lacking] = numbers;
    let [met, floor_met, borderline] = answers;
    DataFrame::new(
        height,
        vec![
            Column::new("district_code".into(), code),
            Column::new("district_name".into(), district),
            Column::new("year".into(), years),
            Column::new("school_code".into(), school),
            Column::new("school_name".into(), name),
            Column::new("section".into(), section),
            Column::new("indicator".into(), indicator),
            Column::new("numerator".into(), numerator),
            Column::new("denominator".into(), denominator),
            Column::new("value".into(), value),
            Column::new("threshold".into(), threshold),
            Column::new("floor".into(), floor),
            Column::new("status".into(), status),
            Column::new("met".into(), met),
            Column::new("floor_met".into(), floor_met),
            Column::new("borderline".into(), borderline),
            Column::new("shortfall".into(), lacking),
            Column::new("shortfall_unit".into(), unit),
        ],
    )
}

/// Why a section is met, not met or cannot be judged.
fn reason(panel: &MeasureMatrix, row: usize, judged: &Judged, standard: &Standard, words: &Words) -> String {
    let ids = |wanted: &dyn Fn(Mark) -> bool| {
        let ids = standard.indicators.iter().enumerate();
        let ids = ids.filter(|(k, _)| {
            let mark = panel.mark(row, *k);
            mark.has(Mark::JUDGED) && wanted(mark)
        });
        ids.map(|(_, i)| i.id.as_str()).collect::<Vec<_>>().join(&words.say("judge.comma"))
    };
    let unmet = ids(&|m| m.has(Mark::KNOWN) && !m.has(Mark::MET));
    let below = ids(&|m| m.has(Mark::KNOWN) && !m.has(Mark::FLOOR));
    let missing = ids(&|m| !m.has(Mark::KNOWN));
    let floor = standard.school_rule.as_ref().map_or(0.0, |r| r.floor * 100.0);
    let key = match judged.status {
        Status::Met if unmet.is_empty() => "judge.school_met",
        Status::Met => "judge.school_met_rest",
        Status::Unmet if below.is_empty() => "judge.school_unmet",
        Status::Unmet => "judge.school_unmet_floor",
        Status::Missing => "judge.school_missing",
        Status::NotApplicable => return String::new(),
    };
    let args = [
        ("met", judged.met.to_string()),
        ("all", judged.thresholds.to_string()),
        ("floor", format!("{floor}")),
        ("rest", unmet.clone()),
        ("unmet", unmet),
        ("below", below),
        ("missing", missing),
    ];
    words.text(key, &args)
}

pub fn schools(
    panel: &MeasureMatrix,
    groups: &[Group],
    facts: &DataFrame,
    standard: &Standard,
    words: &Words,
) -> PolarsResult<DataFrame> {
    let names = Names::new(facts)?;
    let rows = order(panel, groups);
    let judged: Vec<Judged> = rows.iter().map(|&row| schools::judge(panel, row as usize, standard)).collect();
    let group = |row: &u32| &groups[panel.group[*row as usize] as usize];
    let at = |row: &u32| panel.row[*row as usize];
    let text = |name: &str, values: Vec<&str>| Column::new(name.into(), values);
    let reasons: Vec<String> =
        rows.iter().zip(&judged).map(|(&row, j)| reason(panel, row as usize, j, standard, words)).collect();
    DataFrame::new(
        rows.len(),
        vec![
            text("district_code", rows.iter().map(|r| group(r).district_code.as_str()).collect()),
            Column::new("year".into(), rows.iter().map(|r| group(r).year).collect::<Vec<_>>()),
            text(
                "school_code",
                rows.iter().map(|r| names.school_code.get(at(r) as usize).unwrap_or("")).collect(),
            ),
            text("school_name", rows.iter().map(|r| names.school(at(r))).collect()),
            text("section", rows.iter().map(|r| group(r).section.id()).collect()),
            Column::new(
                "indicators_judged".into(),
                judged.iter().map(|j| j.known as i64).collect::<Vec<_>>(),
            ),
            Column::new("indicators_met".into(), judged.iter().map(|j| j.met as i64).collect::<Vec<_>>()),
            Column::new("met".into(), judged.iter().map(|j| j.status.met()).collect::<Vec<_>>()),
            Column::new("reason".into(), reasons),
        ],
    )
}

/// One row a group: how many sections are met and at the floor. `counts`: schools, pupils, met, at the floor.
pub fn districts(groups: &[Group], counts: &[Counts]) -> PolarsResult<DataFrame> {
    let rank = ranked(groups);
    let whole = |f: fn(&Counts) -> usize| rank.iter().map(|&g| f(&counts[g]) as i64).collect::<Vec<_>>();
    DataFrame::new(
        rank.len(),
        vec![
            Column::new(
                "district_code".into(),
                rank.iter().map(|&g| groups[g].district_code.as_str()).collect::<Vec<_>>(),
            ),
            Column::new("year".into(), rank.iter().map(|&g| groups[g].year).collect::<Vec<_>>()),
            Column::new("section".into(), rank.iter().map(|&g| groups[g].section.id()).collect::<Vec<_>>()),
            Column::new("schools".into(), whole(|c| c.schools)),
            Column::new("students".into(), rank.iter().map(|&g| counts[g].students).collect::<Vec<_>>()),
            Column::new("schools_met".into(), whole(|c| c.met)),
            Column::new("schools_at_floor".into(), whole(|c| c.at_floor)),
        ],
    )
}

/// What `districts` counts in one group.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub schools: usize,
    pub students: f64,
    pub met: usize,
    pub at_floor: usize,
}

impl Counts {
    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Counts) {
        self.schools += other.schools;
        self.students += other.students;
        self.met += other.met;
        self.at_floor += other.at_floor;
    }

    /// Of the rows of one group.
    pub fn of(panel: &MeasureMatrix, rows: &[u32], standard: &Standard) -> Counts {
        let mut counts = Counts { schools: rows.len(), ..Counts::default() };
        for &row in rows {
            let judged = schools::judge(panel, row as usize, standard);
            counts.met += usize::from(judged.status == Status::Met);
            counts.at_floor += usize::from(judged.thresholds > 0 && judged.at_floor == judged.thresholds);
            let students = panel.denominator.get(row as usize * panel.denominators).copied().unwrap_or(0.0);
            if students.is_finite() {
                counts.students += students;
            }
        }
        counts
    }
}

/// One row a group and indicator, sorted by group, and after a group's indicators one a composite (the item's id,
/// without mean and deviation); `judged` and `composites` give what was found of them.
pub fn dispersion(
    groups: &[Group],
    standard: &Standard,
    judged: &dyn Fn(usize, usize) -> JudgedDispersion,
    composites: &dyn Fn(usize) -> Vec<JudgedComposite>,
) -> PolarsResult<DataFrame> {
    let rank = ranked(groups);
    let width = standard.indicators.len();
    let known = |v: f64| Some(v).filter(|v| v.is_finite());
    let height = rank.len() * width;
    let (mut of, mut ids): (Vec<usize>, Vec<&str>) = (Vec::with_capacity(height), Vec::with_capacity(height));
    let (mut schools, mut statuses) = (Vec::with_capacity(height), Vec::with_capacity(height));
    let mut numbers: [Vec<Option<f64>>; 5] = std::array::from_fn(|_| Vec::with_capacity(height));
    let mut answers: [Vec<Option<bool>>; 2] = std::array::from_fn(|_| Vec::with_capacity(height));
    let mut add = |g: usize, id, n: usize, values: [Option<f64>; 5], status: Status, borderline| {
        of.push(g);
        ids.push(id);
        schools.push(n as i64);
        numbers.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        statuses.push(status.id());
        let met = status.met();
        answers.iter_mut().zip([met, met.map(|_| borderline)]).for_each(|(column, said)| column.push(said));
    };
    for &g in &rank {
        for (k, indicator) in standard.indicators.iter().enumerate() {
            let found = judged(g, k);
            let dispersion = found.dispersion;
            let values = [
                Some(dispersion.map_or(0.0, |d| d.students)),
                dispersion.and_then(|d| known(d.mean)),
                dispersion.and_then(|d| known(d.sd)),
                dispersion.and_then(|d| known(d.cv)),
                found.limit,
            ];
            let schools = dispersion.map_or(0, |d| d.schools);
            add(g, indicator.id.as_str(), schools, values, found.status, found.borderline);
        }
        for found in composites(g) {
            let values = [Some(found.students), None, None, found.value, found.limit];
            let id = standard.items[found.item].id.as_str();
            add(g, id, found.schools, values, found.status, found.borderline);
        }
    }
    let text = |name: &str, values: &mut dyn Iterator<Item = &str>| {
        let values: StringChunked = values.collect_ca(name.into());
        values.into_column()
    };
    let [students, mean, sd, cv, limit] = numbers;
    let [met, borderline] = answers;
    let frame = DataFrame::new(
        of.len(),
        vec![
            text("district_code", &mut of.iter().map(|&g| groups[g].district_code.as_str())),
            Column::new("year".into(), of.iter().map(|&g| groups[g].year).collect::<Vec<_>>()),
            text("section", &mut of.iter().map(|&g| groups[g].section.id())),
            text("indicator", &mut ids.iter().copied()),
            Column::new("schools".into(), schools),
            Column::new("students".into(), students),
            Column::new("mean".into(), mean),
            Column::new("sd".into(), sd),
            Column::new("cv".into(), cv),
            Column::new("limit".into(), limit),
            text("status", &mut statuses.iter().copied()),
            Column::new("met".into(), met),
            Column::new("borderline".into(), borderline),
        ],
    )?;
    tables::dispersion::table().check(&frame)?;
    Ok(frame)
}

/// One row an item.
pub fn items(found: &[(String, i32, Vec<JudgedItem>)], standard: &Standard) -> PolarsResult<DataFrame> {
    let rows: Vec<(&str, i32, &JudgedItem)> = found
        .iter()
        .flat_map(|(code, year, items)| items.iter().map(|i| (code.as_str(), *year, i)))
        .collect();
    let item = |i: &JudgedItem| &standard.items[i.item];
    let number = |name: &str, f: fn(&JudgedItem) -> Option<f64>| {
        Column::new(
            name.into(),
            rows.iter().map(|(_, _, i)| f(i).filter(|v| v.is_finite())).collect::<Vec<_>>(),
        )
    };
    let frame = DataFrame::new(
        rows.len(),
        vec![
            Column::new("district_code".into(), rows.iter().map(|r| r.0).collect::<Vec<_>>()),
            Column::new("year".into(), rows.iter().map(|r| r.1).collect::<Vec<_>>()),
            Column::new("item".into(), rows.iter().map(|r| item(r.2).id.as_str()).collect::<Vec<_>>()),
            Column::new("kind".into(), rows.iter().map(|r| item(r.2).kind()).collect::<Vec<_>>()),
            number("value", |i| i.value),
            number("threshold", |i| i.threshold),
            number("points", |i| i.points),
            number("score", |i| i.score),
            Column::new("status".into(), rows.iter().map(|r| r.2.status.id()).collect::<Vec<_>>()),
            Column::new("detail".into(), rows.iter().map(|r| r.2.detail.as_str()).collect::<Vec<_>>()),
        ],
    )?;
    tables::items::table().check(&frame)?;
    Ok(frame)
}
