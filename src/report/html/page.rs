//! The visible content of the page: every text and number as printed, in the order of the page.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    calculation::{Calculation, calculation},
    drilldown::{Records, mark},
};
use crate::{
    chart::{Picture, Place},
    number::{self, calculated},
    standard::Section,
    tables::{Status, cells::Cells, district::District, gaps, verdict::Outcome},
    words::{Language, Words},
};

#[derive(Serialize)]
pub struct Page<'a> {
    language: &'static str,
    words: BTreeMap<String, String>,
    district: &'a str,
    code: &'a str,
    year: i32,
    made: String,
    verdict: Verdict<'a>,
    /// Whether the standard says of a school that it is up to standard.
    judges_schools: bool,
    has_thresholds: bool,
    sections: Vec<OfSection<'a>>,
    /// Columns of the list of schools: id and title.
    indicators: Vec<(&'a str, &'a str, String)>,
    schools: Vec<School<'a>>,
    items: Vec<Item<'a>>,
    gaps: Vec<Gap<'a>>,
    /// Filters of the gaps: departments; items with their titles.
    gap_departments: Vec<&'a str>,
    gap_items: Vec<(&'a str, &'a str)>,
    findings: Vec<Finding>,
    calculation: Calculation<'a>,
    figures: BTreeMap<&'static str, Vec<Figure<'a>>>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    standard: &'a str,
    version: &'a str,
    outcome: &'static str,
    mark: &'static str,
    said: String,
    borderline: bool,
    schools: [String; 4],
    items: [String; 3],
    score: Option<String>,
    grade: Option<String>,
    grade_note: Option<&'a str>,
    reasons: Vec<Reason<'a>>,
    excluded: Vec<(&'a str, String, &'a str)>,
    reliefs: Vec<(&'a str, &'a str)>,
}

#[derive(Serialize)]
struct Reason<'a> {
    status: &'static str,
    mark: &'static str,
    text: &'a str,
    /// The part of the page that shows the rows.
    link: String,
}

#[derive(Serialize)]
struct OfSection<'a> {
    id: &'a str,
    name: String,
    schools: String,
    students: String,
    schools_met: String,
    schools_at_floor: String,
    rows: Vec<Indicator<'a>>,
}

#[derive(Serialize)]
struct Indicator<'a> {
    id: &'a str,
    /// Key of the details that its numbers open.
    opens: String,
    title: &'a str,
    unit: String,
    mean: String,
    threshold: String,
    cv: String,
    limit: String,
    status: &'a str,
    mark: &'static str,
    borderline: bool,
    met: String,
    judged: String,
    missing: usize,
}

#[derive(Serialize)]
struct School<'a> {
    record: Option<usize>,
    code: &'a str,
    name: &'a str,
    section: &'a str,
    section_name: String,
    status: &'static str,
    mark: &'static str,
    met: String,
    judged: String,
    reason: &'a str,
    values: Vec<Option<Value<'a>>>,
}

#[derive(Serialize)]
struct Value<'a> {
    value: String,
    threshold: String,
    floor: String,
    floor_mark: &'static str,
    status: &'a str,
    mark: &'static str,
    borderline: bool,
    needed: String,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    group: &'a str,
    title: &'a str,
    kind: String,
    status: &'a str,
    mark: &'static str,
    said: String,
    value: String,
    threshold: String,
    score: String,
    points: String,
    detail: &'a str,
    clause: &'a str,
}

#[derive(Serialize)]
struct Gap<'a> {
    item: &'a str,
    title: &'a str,
    school: &'a str,
    section: String,
    current: String,
    required: String,
    needed: String,
    departments: &'a str,
    measures: Vec<&'a str>,
    due: &'a str,
    /// Key of the details that its number opens: `v/12/L4`, `i/G3/12`, `i/G3`.
    opens: String,
}

#[derive(Serialize)]
struct Finding {
    level: &'static str,
    level_name: String,
    message: String,
    file: String,
    sheet: String,
    cell: String,
    school: String,
}

#[derive(Serialize)]
struct Figure<'a> {
    name: &'a str,
    title: &'a str,
    svg: &'a str,
}

impl<'a> Page<'a> {
    pub fn of(
        district: &'a District,
        pictures: &'a [Picture],
        records: &Records<'a>,
        cells: &Cells<'a>,
    ) -> Page<'a> {
        let (words, standard) = (district.words, district.standard);
        let gaps: Vec<Gap> = district.gaps.rows().map(|row| gap(district, row, records)).collect();
        let mut gap_items: Vec<(&str, &str)> = Vec::new();
        let mut gap_departments: Vec<&str> = Vec::new();
        for gap in &gaps {
            if !gap_items.iter().any(|(id, _)| *id == gap.item) {
                gap_items.push((gap.item, gap.title));
            }
            for department in standard.responsible(gap.item).0 {
                if !gap_departments.contains(&department.as_str()) {
                    gap_departments.push(department);
                }
            }
        }
        let order = |id: &str| standard.items.iter().position(|item| item.id == id);
        gap_items.sort_by_key(|(id, _)| order(id));
        Page {
            language: match words.language {
                Language::Chinese => "zh-Hans",
                Language::English => "en",
            },
            words: template_texts(words),
            district: if district.name.is_empty() { &district.code } else { &district.name },
            code: &district.code,
            year: district.year,
            made: district.made_line(),
            verdict: verdict(district),
            judges_schools: district.standard.judges_schools(),
            has_thresholds: district.standard.has_thresholds(),
            sections: sections(district),
            indicators: (standard.indicators.iter())
                .map(|i| (i.id.as_str(), i.title.get(words.language), words.unit(&i.unit)))
                .collect(),
            schools: schools(district, records),
            items: items(district),
            gaps,
            gap_departments,
            gap_items,
            findings: findings(district, records),
            calculation: calculation(district, cells),
            figures: figures(pictures),
        }
    }
}

/// The texts of the template: those under `html.`, and a few shared with other parts.
fn template_texts(words: &Words) -> BTreeMap<String, String> {
    let parts = ["html.", "screen.borderline", "screen.whole_district"];
    let wanted = words.keys().filter(|key| parts.iter().any(|part| key.starts_with(part)));
    wanted.map(|key| (key.trim_start_matches("html.").replace('.', "_"), words.say(key))).collect()
}

fn verdict<'a>(district: &'a District) -> Verdict<'a> {
    let (v, words, standard) = (district.verdict, district.words, district.standard);
    let (outcome, met) = match v.outcome {
        Outcome::Ready => ("ready", Some(true)),
        Outcome::NotReady => ("not_ready", Some(false)),
        Outcome::CannotBeJudged => ("cannot_be_judged", None),
    };
    let reasons = v.reasons.iter().map(|reason| {
        let text = |key: &str| reason.rows.get(key).and_then(|value| value.as_str());
        Reason {
            status: reason.status,
            mark: if reason.status == "missing" { mark(None) } else { mark(Some(false)) },
            text: &reason.text,
            link: match (text("table"), text("item")) {
                (Some("items"), Some(item)) => format!("item-{item}"),
                (Some("dispersion"), _) => "indicators".into(),
                (Some("findings"), _) => "findings".into(),
                (Some("items"), None) => "items".into(),
                _ => "schools".into(),
            },
        }
    });
    let count = |n: usize| number::count(n as i64);
    // A relief of an indicator has a title; one of a check is its clause.
    let of_indicators = standard.indicators.iter().flat_map(|indicator| &indicator.reliefs);
    let of_indicators = of_indicators
        .map(|relief| (relief.id.as_str(), relief.title.get(words.language), relief.clause.as_str()));
    let of_checks = standard.items.iter().flat_map(|item| item.checks()).flat_map(|check| &check.reliefs);
    let of_checks = of_checks.map(|relief| (relief.id.as_str(), relief.id.as_str(), relief.clause.as_str()));
    let reliefs: Vec<(&str, &str, &str)> = of_indicators.chain(of_checks).collect();
    let reliefs = v.reliefs.iter().map(|id| {
        let known = reliefs.iter().find(|(known, ..)| known == id);
        known.map_or((id.as_str(), ""), |(_, title, clause)| (*title, *clause))
    });
    Verdict {
        standard: standard.title.get(words.language),
        version: &standard.version,
        outcome,
        mark: mark(met),
        said: words.say(&format!("screen.outcome.{outcome}")),
        borderline: v.borderline,
        schools: [v.schools, v.schools_met, v.schools_unmet, v.schools_missing].map(count),
        items: [v.items_met, v.items_unmet, v.items_missing].map(count),
        score: v.score.map(|score| number::fixed(Some(score), 1)),
        grade: v.score_statement.clone(),
        grade_note: v.grade_note.as_deref(),
        reasons: reasons.collect(),
        excluded: v
            .excluded
            .iter()
            .map(|left| (left.school_name.as_str(), words.section(&left.section), left.reason.as_str()))
            .collect(),
        reliefs: reliefs.collect(),
    }
}

fn sections<'a>(district: &'a District) -> Vec<OfSection<'a>> {
    let standard = district.standard;
    // Numbers of met, unmet and unknown, by section and indicator.
    let mut counts: HashMap<(Section, &str), [usize; 3]> = HashMap::new();
    for row in district.measures.rows() {
        let of = counts.entry((row.section(), row.indicator())).or_default();
        match row.status() {
            Status::Met => of[0] += 1,
            Status::Unmet => of[1] += 1,
            Status::Missing => of[2] += 1,
            Status::NotApplicable => {}
        }
    }
    let count = |n: usize| number::count(n as i64);
    district
        .districts
        .rows()
        .map(|of| {
            let section = of.section();
            let rows = district.dispersion.rows().filter(|row| row.section() == section);
            let rows = rows.map(|row| {
                let indicator = standard.indicator(row.indicator());
                let [met, unmet, missing] =
                    counts.get(&(section, row.indicator())).copied().unwrap_or_default();
                let threshold = indicator.and_then(|indicator| indicator.threshold.get(section).copied());
                Indicator {
                    id: row.indicator(),
                    opens: match indicator {
                        Some(indicator) => format!("d/{}/{}", section.id(), indicator.id),
                        None => format!("i/{}", row.indicator()),
                    },
                    title: district.title(row.indicator()),
                    unit: indicator.map(|i| district.words.unit(&i.unit)).unwrap_or_default(),
                    mean: number::fixed(row.mean(), standard.print.mean),
                    threshold: calculated(threshold),
                    cv: number::fixed(row.cv(), standard.print.cv),
                    limit: calculated(row.limit()),
                    status: row.status().id(),
                    mark: mark(row.met()),
                    borderline: row.borderline() == Some(true),
                    met: count(met),
                    judged: count(met + unmet),
                    missing,
                }
            });
            OfSection {
                id: section.id(),
                name: district.words.section(section.id()),
                schools: number::count(of.schools()),
                students: number::fixed(Some(of.students()), 0),
                schools_met: number::count(of.schools_met()),
                schools_at_floor: number::count(of.schools_at_floor()),
                rows: rows.collect(),
            }
        })
        .collect()
}

fn schools<'a>(district: &'a District, records: &Records<'a>) -> Vec<School<'a>> {
    let (standard, words) = (district.standard, district.words);
    let position: HashMap<&str, usize> =
        standard.indicators.iter().enumerate().map(|(at, indicator)| (indicator.id.as_str(), at)).collect();
    let mut values: HashMap<(&str, Section), Vec<Option<Value>>> = HashMap::new();
    for row in district.measures.rows() {
        let Some(at) = position.get(row.indicator()) else { continue };
        let of = values.entry((row.school_code(), row.section())).or_default();
        of.resize_with(position.len(), || None);
        let shortfall = row.shortfall().filter(|shortfall| *shortfall > 0.0);
        of[*at] = Some(Value {
            value: number::fixed(row.value(), standard.print.value),
            threshold: calculated(row.threshold()),
            floor: calculated(row.floor()),
            floor_mark: mark(row.floor_met()),
            status: row.status().id(),
            mark: mark(row.met()),
            borderline: row.borderline() == Some(true),
            needed: shortfall
                .map(|needed| number::needed(Some(needed), row.shortfall_unit(), words))
                .unwrap_or_default(),
        });
    }
    district
        .schools
        .rows()
        .map(|row| {
            let (code, section) = (row.school_code(), row.section());
            School {
                record: records.find(code, section),
                code,
                name: row.school_name(),
                section: section.id(),
                section_name: words.section(section.id()),
                status: match row.met() {
                    Some(true) => "met",
                    Some(false) => "unmet",
                    None if standard.judges_schools() => "missing",
                    None => "not_applicable",
                },
                mark: mark(row.met()),
                met: number::count(row.indicators_met()),
                judged: number::count(row.indicators_judged()),
                reason: row.reason(),
                values: values.remove(&(code, section)).unwrap_or_default(),
            }
        })
        .collect()
}

fn items<'a>(district: &'a District) -> Vec<Item<'a>> {
    let words = district.words;
    district
        .items
        .rows()
        .map(|row| {
            let item = district.standard.item(row.item());
            let status = row.status();
            Item {
                id: row.item(),
                group: item.map_or("", |item| item.group.get(words.language)),
                title: district.title(row.item()),
                kind: words.say(&format!("html.kind.{}", row.kind())),
                status: status.id(),
                mark: mark(status.met()),
                said: words.say(&format!("html.status.{}", status.id())),
                value: short(row.value()),
                threshold: short(row.threshold()),
                score: short(row.score()),
                points: short(row.points()),
                detail: row.detail(),
                clause: item.map_or("", |item| item.clause.as_str()),
            }
        })
        .collect()
}

fn gap<'a>(district: &'a District, row: gaps::Row<'a>, records: &Records<'a>) -> Gap<'a> {
    let words = district.words;
    let item = row.item();
    let code = row.school_code().unwrap_or_default();
    let section = row.section();
    let record = match section {
        Some(section) => records.find(code, section),
        None => records.of_school(code).first().copied(),
    };
    let indicator = district.standard.item(item).map_or(Some(item), |item| match &item.rule {
        crate::standard::Rule::Indicator { indicator } => Some(indicator.as_str()),
        _ => None,
    });
    let indicator = indicator.filter(|id| district.standard.indicator(id).is_some());
    Gap {
        item,
        title: district.title(item),
        school: row.school_name().unwrap_or_default(),
        section: section.map(|section| words.section(section.id())).unwrap_or_default(),
        current: short(row.current()),
        required: short(row.required()),
        needed: number::needed(row.shortfall(), row.unit(), words),
        departments: row.departments(),
        measures: row.measures().lines().collect(),
        due: row.due().unwrap_or_default(),
        opens: match (record, indicator, section) {
            (Some(record), Some(indicator), _) => format!("v/{record}/{indicator}"),
            (None, Some(indicator), Some(section)) => format!("d/{}/{indicator}", section.id()),
            (Some(record), None, _) => format!("i/{item}/{record}"),
            _ => format!("i/{item}"),
        },
    }
}

fn findings(district: &District, records: &Records) -> Vec<Finding> {
    let words = district.words;
    let mut worst: Vec<_> = district.findings.iter().collect();
    worst.sort_by_key(|problem| std::cmp::Reverse(problem.level));
    worst
        .into_iter()
        .map(|problem| {
            let code = problem.school_code.as_deref().unwrap_or_default();
            let name = records.of_school(code).first().and_then(|at| records.rows[*at].school_name());
            Finding {
                level: problem.level.id(),
                level_name: words.say(&format!("screen.level.{}", problem.level.id())),
                message: words.problem(problem),
                file: problem.place.file.clone().unwrap_or_default(),
                sheet: problem.place.sheet.clone().unwrap_or_default(),
                cell: problem.place.cell.clone().unwrap_or_default(),
                school: name.filter(|name| !name.is_empty()).unwrap_or(code).to_string(),
            }
        })
        .collect()
}

/// A number of any unit in a list: at most three decimals, with the full number as its detail.
fn short(value: Option<f64>) -> String {
    value.map_or_else(|| "—".into(), |value| number::at_most(value, 3))
}

/// Charts by the part of the page that shows them.
fn figures(pictures: &[Picture]) -> BTreeMap<&'static str, Vec<Figure<'_>>> {
    let mut all: BTreeMap<&'static str, Vec<Figure>> =
        Place::ALL.map(|place| (place.id(), Vec::new())).into();
    for picture in pictures {
        let figure = Figure { name: &picture.name, title: &picture.title, svg: picture.live() };
        all.entry(picture.kind.place().id()).or_default().push(figure);
    }
    all
}
