//! The tables that a template may ask for by name (`::table NAME …`).

mod annex;

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use super::{
    balance::{Extreme, IndicatorContent},
    content::{self, Content},
    percent, say,
};
use crate::{
    dictionary::Section,
    number,
    report::document::table::{self, Cell, MAX_TABLE_WIDTH, Table, bounded, marked, text},
    tables::{district::District, schools},
    words::Words,
};

/// Maximum number of schools listed below a dispersion.
const SHARES: usize = 10;
/// Maximum number of rows of a table in the report; the workbooks have all.
const ROWS: usize = 2000;

/// The table of this name: `Err` if there is no such table, `None` if it would have no rows.
pub fn of(district: &District, content: &Content, name: &str, of: &[String]) -> Result<Option<Table>, ()> {
    let one = |at: usize| of.get(at).map(String::as_str).unwrap_or_default();
    let number_of = |at: usize| one(at).parse::<usize>().map_err(|_| ());
    let section = || Section::from_id(one(0)).ok_or(());
    let (columns, rows) = match (name, of.len()) {
        ("sections", 0) => sections(district, content),
        ("types", 0) => types(district, content),
        ("reached", 0) => reached(district),
        ("indicators", 1) => indicators(district, content, section()?),
        ("schools-unmet", 1) => schools_unmet(district, section()?),
        ("schools-missing", 1) => schools_missing(district, section()?),
        ("dispersion", 1) => dispersion(district, content, section()?),
        ("shares", 2) => shares(district, section()?, one(1)),
        ("items", 1) => items(district, content, number_of(0)?),
        ("duties", 1) => duties_of(district, content, number_of(0)?),
        ("measures", 0) => measures(district, content),
        ("values", 1) => annex::values(district, section()?),
        ("excluded", 0) => annex::excluded(district),
        ("formulas", 0) => annex::formulas(district),
        ("settings", 0) => annex::settings(district),
        ("sources", 0) => annex::sources(district),
        _ => return Err(()),
    };
    if rows.is_empty() {
        return Ok(None);
    }
    let more = |count: usize| say(district.words, "more", &[("count", number::count(count as i64))]);
    Ok(Some(bounded(columns, rows, ROWS, more)))
}

type Body = (Vec<(String, bool)>, Vec<Vec<Cell>>);

fn heads(words: &Words, keys: &[&str]) -> Vec<(String, bool)> {
    table::heads(words, "self_evaluation", keys)
}

fn sections(district: &District, content: &Content) -> Body {
    let county = &content.county;
    let sum = |sum: &content::Sum| {
        let value = sum.value.clone().unwrap_or_else(|| "—".into());
        match (sum.unknown, &sum.value) {
            (0, _) | (_, None) => text(value),
            (unknown, _) => text(say(
                district.words,
                "partly",
                &[("value", value), ("unknown", number::count(unknown as i64))],
            )),
        }
    };
    let rows = county.sections.iter().map(|section| {
        vec![
            text(&section.name),
            text(number::count(section.schools as i64)),
            sum(&section.classes),
            sum(&section.students),
            sum(&section.teachers),
        ]
    });
    (
        heads(district.words, &["section", "#schools_with", "#classes", "#students", "#teachers"]),
        rows.collect(),
    )
}

fn types(district: &District, content: &Content) -> Body {
    let rows =
        content.county.types.iter().map(|one| vec![text(&one.name), text(number::count(one.schools as i64))]);
    (heads(district.words, &["type", "#schools_count"]), rows.collect())
}

fn reached(district: &District) -> Body {
    let (words, print) = (district.words, district.standard.print);
    let rows = district.districts.rows().map(|row| {
        let section = row.section();
        let having = |met: Option<bool>| schools_of(district, section, met).count();
        let (all, met) = (content::count(row.schools()), content::count(row.schools_met()));
        let (unmet, missing) = (having(Some(false)), having(None));
        vec![
            text(words.section(section.id())),
            text(number::count(row.schools())),
            text(number::fixed(Some(row.students()), 0)),
            text(number::count(met as i64)),
            text(number::count(unmet as i64)).unmet(unmet > 0),
            text(number::count(missing as i64)),
            text(
                percent(met, (met + unmet, all), print.percent)
                    .map_or_else(|| "—".into(), |p| format!("{p}%")),
            ),
        ]
    });
    let keys = [
        "section",
        "#schools_judged",
        "#students",
        "#schools_met",
        "#schools_unmet",
        "#schools_missing",
        "#percent",
    ];
    (heads(words, &keys), rows.collect())
}

fn of_section(content: &Content, section: Section) -> impl Iterator<Item = &IndicatorContent> {
    content.sections.iter().filter(move |one| one.id == section.id()).flat_map(|one| &one.indicators)
}

fn named(id: &str, title: &str, words: &Words) -> Cell {
    text(say(words, "item", &[("id", id.to_string()), ("title", title.to_string())]))
}

fn indicators(district: &District, content: &Content, section: Section) -> Body {
    let words = district.words;
    let rows = of_section(content, section).map(|one| {
        let extreme = |found: &Option<Extreme>| match found {
            Some(found) => text(say(
                words,
                "school_amount",
                &[("school", found.school.clone()), ("amount", found.value.clone())],
            )),
            None => text("—"),
        };
        vec![
            named(&one.id, &one.title, words),
            text(&one.threshold),
            text(number::count(one.met as i64)),
            text(number::count(one.unmet as i64)).unmet(one.unmet > 0),
            text(number::count(one.missing as i64)),
            text(one.percent.as_ref().map_or_else(|| "—".into(), |p| format!("{p}%"))),
            extreme(&one.lowest),
        ]
    });
    let keys = [
        "indicator",
        "#threshold",
        "#schools_met",
        "#schools_unmet",
        "#schools_missing",
        "#percent",
        "lowest",
    ];
    (heads(words, &keys), rows.collect())
}

/// What a school lacks: `L2 0.75（标准 1，缺 4 人）`.
fn lacks(district: &District, code: &str, section: Section, met: Option<bool>) -> Vec<String> {
    let (words, print) = (district.words, district.standard.print);
    district
        .measures
        .rows()
        .filter(|row| row.school_code() == code && row.section() == section)
        .filter(|row| row.met() == met && row.threshold().is_some())
        .map(|row| {
            let id = row.indicator().to_string();
            if met.is_none() {
                return id;
            }
            let threshold = row.threshold().map_or_else(|| "—".into(), |t| number::fact(t, ""));
            let key = if row.floor_met() == Some(false) { "lacks_below_floor" } else { "lacks" };
            say(
                words,
                key,
                &[
                    ("id", id),
                    ("value", number::fixed(row.value(), print.value)),
                    ("threshold", threshold),
                    ("amount", number::needed(row.shortfall(), row.shortfall_unit(), words)),
                ],
            )
        })
        .collect()
}

fn schools_of<'a>(
    district: &'a District,
    section: Section,
    met: Option<bool>,
) -> impl Iterator<Item = schools::Row<'a>> {
    district.schools.rows().filter(move |row| row.section() == section && row.met() == met)
}

fn met_of(row: schools::Row) -> Cell {
    text(format!("{}/{}", row.indicators_met(), row.indicators_judged()))
}

fn schools_unmet(district: &District, section: Section) -> Body {
    let words = district.words;
    let rows = schools_of(district, section, Some(false)).enumerate().map(|(at, row)| {
        let lacks = lacks(district, row.school_code(), section, Some(false));
        let what =
            if lacks.is_empty() { row.reason().to_string() } else { lacks.join(&say(words, "joint", &[])) };
        vec![text((at + 1).to_string()), text(row.school_name()), met_of(row), text(what)]
    });
    (heads(words, &["#number", "school", "#indicators_met", "lacks"]), rows.collect())
}

fn schools_missing(district: &District, section: Section) -> Body {
    let words = district.words;
    let rows = schools_of(district, section, None).enumerate().map(|(at, row)| {
        let lacks = lacks(district, row.school_code(), section, None).join(&words.say("judge.comma"));
        vec![text((at + 1).to_string()), text(row.school_name()), text(lacks), text(row.reason())]
    });
    (heads(words, &["#number", "school", "without_data", "reason"]), rows.collect())
}

fn dispersion(district: &District, content: &Content, section: Section) -> Body {
    let words = district.words;
    let rows = of_section(content, section).map(|one| {
        let unmet = one.status == "unmet";
        let conclusion = words.say(&format!("status.{}", one.status));
        vec![
            named(&one.id, &one.title, words),
            text(&one.unit),
            text(&one.mean),
            text(&one.sd),
            text(&one.cv).unmet(unmet),
            text(&one.limit),
            text(conclusion).unmet(unmet),
        ]
    });
    let of_section = content.sections.iter().filter(|one| one.id == section.id());
    let means = of_section.flat_map(|one| &one.composites).map(|one| {
        let unmet = one.status == "unmet";
        vec![
            named(&one.id, &one.title, words),
            text("—"),
            text("—"),
            text("—"),
            text(&one.value).unmet(unmet),
            text(&one.limit),
            text(words.say(&format!("status.{}", one.status))).unmet(unmet),
        ]
    });
    let rows = rows.chain(means);
    (heads(words, &["indicator", "unit", "#mean", "#sd", "#cv", "#limit", "conclusion"]), rows.collect())
}

fn shares(district: &District, section: Section, indicator: &str) -> Body {
    let (words, print) = (district.words, district.standard.print);
    let unit =
        district.standard.indicator(indicator).map(|one| one.shortfall_unit.as_str()).unwrap_or_default();
    let rows = district
        .shares
        .rows()
        .filter(|row| row.section() == section && row.indicator() == indicator)
        .take(SHARES)
        .map(|row| {
            let amount = match row.amount().filter(|amount| *amount > 0.0) {
                Some(amount) => number::needed(Some(amount), unit, words),
                None => "—".into(),
            };
            vec![
                text(row.school_name()),
                text(number::fixed(row.value(), print.value)),
                text(format!("{}%", number::fixed(row.share().map(|s| 100.0 * s), print.percent))),
                text(amount),
            ]
        });
    (heads(words, &["school", "#value", "#share", "#amount"]), rows.collect())
}

/// The items of a group, numbered from 1 in the order of the standard.
fn items(district: &District, content: &Content, group: usize) -> Body {
    let words = district.words;
    let group = group.checked_sub(1).and_then(|at| content.groups.get(at));
    let items = || group.into_iter().flat_map(|group| &group.items);
    let scored = items().any(|item| item.points.is_some());
    let shown = |value: &Option<String>| text(value.as_deref().unwrap_or("—"));
    let rows = items().map(|item| {
        let unmet = item.status == "unmet";
        let mut row = vec![named(&item.id, &item.title, words), text(&item.conclusion).unmet(unmet)];
        if scored {
            row.push(shown(&item.points));
            row.push(shown(&item.score));
        }
        row.push(text(&item.detail));
        row
    });
    let keys: &[&str] = match scored {
        true => &["item", "conclusion", "#points", "#score", "basis"],
        false => &["item", "conclusion", "basis"],
    };
    (heads(words, keys), rows.collect())
}

/// Maximum length of measures in a cell. Longer ones (推进措施 of a local list) would be repeated under each department of
/// an item, so they appear once, in the table `measures`.
fn is_long(measures: &str) -> bool {
    measures.width() > MAX_TABLE_WIDTH
}

/// Measures too long for the tables of departments, once per item.
fn measures(district: &District, content: &Content) -> Body {
    let words = district.words;
    let mut listed = HashSet::new();
    let long = content
        .problems
        .iter()
        .map(|problem| (problem, problem.measures.join(" ")))
        .filter(|(problem, measures)| is_long(measures) && listed.insert(&problem.item));
    let rows =
        long.map(|(problem, measures)| vec![named(&problem.item, &problem.title, words), text(&measures)]);
    (heads(words, &["item", "measures"]), rows.collect())
}

/// The tasks of a department, numbered from 1 in the order of [`Content::departments`].
fn duties_of(district: &District, content: &Content, department: usize) -> Body {
    let words = district.words;
    let department = department.checked_sub(1).and_then(|at| content.departments.get(at));
    let blank = |key: &str| marked(&say(words, &format!("blank.{key}"), &[]));
    let joint = say(words, "joint", &[]);
    let problems = department.into_iter().flat_map(|department| {
        content.problems.iter().filter(move |problem| match &department.name {
            Some(name) => problem.departments.contains(name),
            None => problem.departments.is_empty(),
        })
    });
    let rows = problems.map(|problem| {
        let mut what = Vec::new();
        what.extend(problem.district.iter().cloned());
        if !problem.schools.is_empty() {
            let key = match (problem.status, problem.total.is_empty()) {
                ("missing", _) => "duty_missing",
                (_, true) => "duty_schools",
                _ => "duty_total",
            };
            let count = number::count(problem.schools.len() as i64);
            let total = problem.total.join(&words.say("judge.comma"));
            what.push(say(words, key, &[("count", count), ("total", total)]));
        }
        if problem.evidence {
            what.push(say(words, "duty_evidence", &[]));
        }
        let measures = match problem.measures.join(" ") {
            none if none.is_empty() => blank("measures"),
            long if is_long(&long) => text(say(words, "measures_apart", &[])),
            short => text(short),
        };
        vec![
            named(&problem.item, &problem.title, words),
            text(what.join(&joint)),
            measures,
            problem.due.as_ref().map_or_else(|| blank("due"), text),
            blank("person"),
        ]
    });
    (heads(words, &["item", "shortfall", "measures", "due", "person"]), rows.collect())
}
