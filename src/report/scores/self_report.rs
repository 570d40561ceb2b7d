//! 自查自评报告: the report of a unit on itself, from its self-assessment, in the order of the document's sections and then
//! item by item. Every sentence is in `data/templates/self-report.{zh,en}.md.jinja`.

use std::path::Path;

use serde::Serialize;

use super::{
    documents::Subject,
    self_assessment::{Difference, SelfLine},
    view::{View, points, points_text},
};
use crate::{
    problem::Result,
    report::{
        document::{
            Report,
            table::{self, Table, text},
        },
        rules::{Day, Rules},
    },
    tables::marks,
};

/// The context of the template.
#[derive(Debug, Serialize)]
pub struct SelfReport {
    pub unit: String,
    pub kind: String,
    pub year: Option<i32>,
    /// The day of the run.
    pub date: Day,
    /// Who filled in the self-assessment and when, as written there.
    pub signed: String,
    pub signed_on: String,
    pub standard: Rules,
    /// What the document says about the report.
    pub clause: String,
    pub duties: Vec<String>,
    /// In the order of the document.
    pub sections: Vec<Section>,
    pub items: Vec<Item>,
    /// The sum of the own marks, of the points of the parts that have one, and how many have none.
    pub mark: String,
    pub points: String,
    pub unmarked: usize,
    /// Parts that lost points by the unit's own mark, most points first.
    pub lost: Vec<Line>,
}

#[derive(Debug, Serialize)]
pub struct Section {
    pub title: String,
    /// Empty if the unit wrote nothing.
    pub paragraphs: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Item {
    pub title: String,
    pub heading: String,
    pub requirements: Vec<String>,
    pub parts: Vec<Line>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub item: String,
    pub part: String,
    pub points: String,
    pub mark: Option<String>,
    /// Points less than the full number; `None` without an own mark or if nothing was lost.
    pub lost: Option<String>,
    pub facts: Vec<String>,
    pub evidence: Vec<String>,
    pub reasons: Vec<String>,
    #[serde(skip)]
    lost_points: f64,
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_string).collect()
}

impl SelfReport {
    pub fn of(view: &View<'_>, own: &marks::SelfReport) -> SelfReport {
        let standard = view.scoring.standard;
        let unit = view.units().get(own.unit);
        let members = standard.units.iter().flat_map(|units| &units.members);
        let section = |section: crate::standard::self_assessment::ReportSection| Section {
            title: view.said(&section.title).to_string(),
            paragraphs: own.sections.get(&section.id).map_or(Vec::new(), |text| paragraphs(text)),
        };
        let mut items: Vec<Item> = Vec::new();
        let mut before = None;
        let (mut mark, mut most, mut unmarked) = (0.0, 0.0, 0);
        let mut lost = Vec::new();
        for line in SelfLine::of(view, own.unit) {
            match line.mark {
                Some(own) => {
                    mark += own;
                    most += line.points.unwrap_or(0.0);
                }
                None => unmarked += 1,
            }
            let at = line.item;
            let printed = Line::of(view, line);
            if printed.lost.is_some() {
                lost.push(printed.clone());
            }
            match items.last_mut().filter(|_| before == Some(at)) {
                Some(item) => item.parts.push(printed),
                None => items.push(Item {
                    title: view.item_title(at),
                    heading: view.heading(at).map_or(String::new(), |heading| view.group_title(heading)),
                    requirements: view.items().get(at).map_or(Vec::new(), |item| item.requirements.clone()),
                    parts: vec![printed],
                }),
            }
            before = Some(at);
        }
        lost.sort_by(|a, b| b.lost_points.total_cmp(&a.lost_points));
        SelfReport {
            unit: view.unit_name(own.unit).to_string(),
            kind: view.kind().to_string(),
            year: view.scoring.scored.year,
            date: view.scoring.made.date.into(),
            signed: own.signed.clone(),
            signed_on: own.date.clone(),
            standard: Rules::of(standard, view.words().language),
            clause: standard.self_report.as_ref().map_or(String::new(), |report| report.clause.clone()),
            duties: members
                .filter(|member| unit.is_some_and(|unit| unit.is_called(&member.name)))
                .flat_map(|member| member.duties.clone())
                .collect(),
            sections: standard.report_sections(view.words()).into_iter().map(section).collect(),
            items,
            mark: points_text(mark),
            points: points_text(most),
            unmarked,
            lost,
        }
    }
}

impl Line {
    fn of(view: &View<'_>, line: SelfLine) -> Line {
        let lost = line.points.zip(line.mark).map_or(0.0, |(most, mark)| most - mark);
        let said = Difference::of(view, line);
        Line {
            item: said.item,
            part: said.part,
            points: said.points,
            mark: said.line.mark.map(points_text),
            lost: (lost > 1e-9).then(|| points(Some(lost))),
            facts: paragraphs(&said.line.fact),
            evidence: paragraphs(&said.line.evidence),
            reasons: paragraphs(&said.line.reason),
            lost_points: lost,
        }
    }
}

/// The report of a unit.
///
/// # Errors
/// The template cannot be read, filled or parsed; the problem names its file and line.
pub fn document<'a>(view: &View<'_>, own: &SelfReport, templates: Option<&'a Path>) -> Result<Report<'a>> {
    let subject =
        Subject { template: "self-report", content: own, title: &own.unit, pictures: &[], wide: false };
    subject.compose(view, &|name, of| table(view, own, name, of), templates)
}

fn table(view: &View<'_>, own: &SelfReport, name: &str, of: &[String]) -> Result<Option<Table>, ()> {
    let table = |keys: &[&str], rows: Vec<Vec<table::Cell>>| {
        let more = |more: usize| view.say("more_rows", &[("count", more.to_string())]);
        Some(table::bounded(table::heads(view.words(), "scores", keys), rows, usize::MAX, more).smaller())
    };
    let mark = |line: &Line| line.mark.clone().unwrap_or_else(|| "—".into());
    match (name, of.len()) {
        ("items", 0) => {
            let row = |line: &Line| {
                let [facts, evidence] = [&line.facts, &line.evidence].map(|lines| text(lines.join(" ")));
                let title = if line.item.ends_with(&line.part) {
                    line.item.clone()
                } else {
                    format!("{} {}", line.item, line.part)
                };
                vec![text(title), text(&line.points), text(mark(line)), facts, evidence]
            };
            let rows = own.items.iter().flat_map(|item| &item.parts).map(row).collect();
            Ok(table(&["item", "#points", "#self_mark", "fact", "evidence"], rows))
        }
        ("lost", 0) => {
            let row = |line: &Line| {
                vec![
                    text(&line.item),
                    text(&line.points),
                    text(mark(line)),
                    text(line.lost.clone().unwrap_or_default()),
                    text(line.reasons.join(" ")),
                ]
            };
            let rows = own.lost.iter().map(row).collect();
            Ok(table(&["item", "#points", "#self_mark", "#lost", "why"], rows))
        }
        _ => Err(()),
    }
}
