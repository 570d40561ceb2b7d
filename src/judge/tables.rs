//! Builds the tables of judge: `measures`, `schools`, `districts`, `dispersion`, `items`.

use polars::prelude::*;

use super::schools::{self, Judged};
use crate::{
    standard::{Section, Standard},
    tables::{
        self, Status, dispersion, districts, facts, items,
        judged::{JudgedComposite, JudgedDispersion, JudgedItem, LackingValue},
        measure_matrix::{Group, Mark, MeasureMatrix, in_units, lacking},
        measures,
    },
    words::Words,
};

/// The names in the rows of `facts`.
pub struct Names<'a> {
    pub district_name: &'a StringChunked,
    pub school_code: &'a StringChunked,
    pub school_name: &'a StringChunked,
}

impl<'a> Names<'a> {
    pub fn new(facts: &'a DataFrame) -> PolarsResult<Names<'a>> {
        Ok(Names {
            district_name: facts.column(facts::column::district_name)?.str()?,
            school_code: facts.column(facts::column::school_code)?.str()?,
            school_name: facts.column(facts::column::school_name)?.str()?,
        })
    }
    pub fn school(&self, row: u32) -> &str {
        self.school_name.get(row as usize).or(self.school_code.get(row as usize)).unwrap_or("")
    }
}

/// Group numbers in the order of the tables: district, year, section.
fn ranked(groups: &[Group]) -> Vec<usize> {
    let mut rank: Vec<usize> = (0..groups.len()).collect();
    rank.sort_by(|&a, &b| groups[a].cmp(&groups[b]));
    rank
}

/// Rows of the matrix in the order of the tables: by group, and within it in their given order.
pub fn order(panel: &MeasureMatrix, groups: &[Group]) -> Vec<u32> {
    let rank = ranked(groups);
    let mut place = vec![0; groups.len()];
    rank.iter().enumerate().for_each(|(at, &g)| place[g] = at);
    let mut rows: Vec<u32> = (0..panel.rows() as u32).collect();
    rows.sort_by_key(|&row| (place[panel.group[row as usize] as usize], panel.row[row as usize]));
    rows
}

/// The amount that the school lacks for a row's value to reach `required`, in the numerator's unit; in whole units if
/// only those exist. Of a shared resource, a combined school needs more than the section lacks, because only a share of
/// it counts for the section.
fn shortfall(panel: &MeasureMatrix, row: usize, k: usize, required: f64, whole: bool) -> f64 {
    let lacking = lacking(required, panel.factor[k], panel.numerator(row, k), panel.denominator(row, k));
    in_units(lacking / panel.share(row, k), whole)
}

/// The threshold of a value: of a relief, or of the indicator.
fn threshold_of(
    panel: &MeasureMatrix,
    row: usize,
    k: usize,
    section: Section,
    standard: &Standard,
) -> Option<f64> {
    let relieved = panel.relieved_threshold.get(row * panel.width + k).copied().filter(|t| t.is_finite());
    relieved.or_else(|| schools::threshold(&standard.indicators[k], section))
}

/// The unmet and missing values of the schools among `rows` that do not meet the school rule.
pub fn lacking_values(
    panel: &MeasureMatrix,
    rows: impl Iterator<Item = usize>,
    groups: &[Group],
    standard: &Standard,
) -> Vec<LackingValue> {
    let mut found = Vec::new();
    for row in rows {
        let judged = schools::judge(panel, row, standard);
        if matches!(judged.status, Status::Met | Status::NotApplicable) {
            continue;
        }
        // Where enough values meet their thresholds, the others only have to reach the floor.
        let floor = standard
            .school_rule
            .as_ref()
            .filter(|rule| judged.known == judged.thresholds && judged.met >= rule.at_least)
            .map(|rule| rule.floor);
        let section = groups[panel.group[row] as usize].section;
        for (k, indicator) in standard.indicators.iter().enumerate() {
            let mark = panel.mark(row, k);
            if !mark.has(Mark::JUDGED) || mark.has(Mark::MET) {
                continue;
            }
            let threshold = threshold_of(panel, row, k, section, standard);
            let required = threshold.map(|t| floor.map_or(t, |share| super::floor_of(t, share)));
            let known = required.filter(|_| mark.has(Mark::KNOWN));
            found.push(LackingValue {
                row,
                indicator: k,
                current: known.map(|_| panel.value(row, k)),
                required,
                shortfall: known.map(|required| shortfall(panel, row, k, required, indicator.whole)),
            });
        }
    }
    found
}

pub fn measures(
    panel: &MeasureMatrix,
    groups: &[Group],
    facts: &DataFrame,
    standard: &Standard,
) -> PolarsResult<measures::Frame> {
    let names = Names::new(facts)?;
    let rows = order(panel, groups);
    let floor = standard.school_rule.as_ref().map(|rule| rule.floor);
    let mut table = measures::Builder::new(rows.len() * panel.width);
    for &row in &rows {
        let at = panel.row[row as usize];
        let row = row as usize;
        let group = &groups[panel.group[row] as usize];
        for (k, indicator) in standard.indicators.iter().enumerate() {
            let mark = panel.mark(row, k);
            let threshold = threshold_of(panel, row, k, group.section, standard);
            let known = mark.has(Mark::KNOWN);
            let judged = known && mark.has(Mark::JUDGED);
            let status = match (known, judged) {
                (false, _) => Status::Missing,
                (true, false) => Status::NotApplicable,
                _ if mark.has(Mark::MET) => Status::Met,
                _ => Status::Unmet,
            };
            table.push(measures::Values {
                district_code: &group.district_code,
                district_name: names.district_name.get(at as usize).unwrap_or(""),
                year: group.year,
                school_code: names.school_code.get(at as usize).unwrap_or(""),
                school_name: names.school(at),
                section: group.section,
                indicator: &indicator.id,
                numerator: Some(panel.numerator(row, k)),
                denominator: Some(panel.denominator(row, k)),
                value: Some(panel.value(row, k)),
                threshold,
                floor: threshold.zip(floor).map(|(threshold, share)| super::floor_of(threshold, share)),
                status,
                met: judged.then(|| mark.has(Mark::MET)),
                floor_met: judged.then(|| mark.has(Mark::FLOOR)),
                borderline: judged.then(|| mark.has(Mark::BORDERLINE)),
                shortfall: match (status, threshold) {
                    (Status::Met, _) => Some(0.0),
                    (Status::Unmet, Some(threshold)) => {
                        Some(shortfall(panel, row, k, threshold, indicator.whole))
                    }
                    _ => None,
                },
                shortfall_unit: &indicator.shortfall_unit,
            });
        }
    }
    Ok(table.finish())
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
    words.fill(key, &args)
}

pub fn schools(
    panel: &MeasureMatrix,
    groups: &[Group],
    facts: &DataFrame,
    standard: &Standard,
    words: &Words,
) -> PolarsResult<tables::schools::Frame> {
    let names = Names::new(facts)?;
    let rows = order(panel, groups);
    let mut table = tables::schools::Builder::new(rows.len());
    for row in rows {
        let judged = schools::judge(panel, row as usize, standard);
        let group = &groups[panel.group[row as usize] as usize];
        let at = panel.row[row as usize];
        table.push(tables::schools::Values {
            district_code: &group.district_code,
            year: group.year,
            school_code: names.school_code.get(at as usize).unwrap_or(""),
            school_name: names.school(at),
            section: group.section,
            indicators_judged: judged.known as i64,
            indicators_met: judged.met as i64,
            met: judged.status.met(),
            reason: &reason(panel, row as usize, &judged, standard, words),
        });
    }
    Ok(table.finish())
}

/// One row per group: how many sections meet the thresholds and how many are at the floor.
pub fn districts(groups: &[Group], counts: &[Counts]) -> districts::Frame {
    ranked(groups)
        .into_iter()
        .map(|g| districts::Values {
            district_code: &groups[g].district_code,
            year: groups[g].year,
            section: groups[g].section,
            schools: counts[g].schools as i64,
            students: counts[g].students,
            schools_met: counts[g].met as i64,
            schools_at_floor: counts[g].at_floor as i64,
        })
        .collect()
}

/// The counts of `districts` in one group.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub schools: usize,
    pub students: f64,
    pub met: usize,
    pub at_floor: usize,
}

impl Counts {
    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Counts) {
        self.schools += other.schools;
        self.students += other.students;
        self.met += other.met;
        self.at_floor += other.at_floor;
    }

    /// Counts the rows of one group.
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

/// One row per group and indicator, sorted by group; after the indicators of a group, one row per composite (with the
/// item's id, without mean and deviation). `judged` and `composites` hold the results.
pub fn dispersion(
    groups: &[Group],
    standard: &Standard,
    judged: &dyn Fn(usize, usize) -> JudgedDispersion,
    composites: &dyn Fn(usize) -> Vec<JudgedComposite>,
) -> dispersion::Frame {
    let rank = ranked(groups);
    let mut table = dispersion::Builder::new(rank.len() * standard.indicators.len());
    for g in rank {
        let of_group = |status: Status, borderline: bool| dispersion::Values {
            district_code: &groups[g].district_code,
            year: groups[g].year,
            section: groups[g].section,
            status,
            met: status.met(),
            borderline: status.met().map(|_| borderline),
            ..dispersion::Values::default()
        };
        for (k, indicator) in standard.indicators.iter().enumerate() {
            let found = judged(g, k);
            let of = found.dispersion;
            table.push(dispersion::Values {
                indicator: &indicator.id,
                schools: of.map_or(0, |d| d.schools as i64),
                students: of.map_or(0.0, |d| d.students),
                mean: of.map(|d| d.mean),
                sd: of.map(|d| d.sd),
                cv: of.map(|d| d.cv),
                limit: found.limit,
                ..of_group(found.status, found.borderline)
            });
        }
        for found in composites(g) {
            table.push(dispersion::Values {
                indicator: &standard.items[found.item].id,
                schools: found.schools as i64,
                students: found.students,
                mean: None,
                sd: None,
                cv: found.value,
                limit: found.limit,
                ..of_group(found.status, found.borderline)
            });
        }
    }
    table.finish()
}

/// One row per item.
pub fn items(found: &[(String, i32, Vec<JudgedItem>)], standard: &Standard) -> items::Frame {
    let rows = found.iter().flat_map(|(code, year, items)| items.iter().map(move |item| (code, *year, item)));
    rows.map(|(code, year, found)| {
        let item = &standard.items[found.item];
        items::Values {
            district_code: code,
            year,
            item: &item.id,
            kind: item.kind(),
            value: found.value,
            threshold: found.threshold,
            points: found.points,
            score: found.score,
            status: found.status,
            detail: &found.detail,
        }
    })
    .collect()
}
