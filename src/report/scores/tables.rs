//! The tables of a scoring: everything, for programs and for whoever wants to check.

use polars::prelude::{Column, DataFrame};

use super::view::{View, bare, placed, share};
use crate::{
    problem::{Place, Result},
    standard::rule_text,
    tables::marks::Entered,
};

/// Separates what stands together in one cell.
const AND: &str = "; ";

/// Rows of one table, column by column.
struct Rows<T> {
    rows: Vec<T>,
    columns: Vec<Column>,
}

impl<T> Rows<T> {
    fn new(rows: Vec<T>) -> Rows<T> {
        Rows { rows, columns: Vec::new() }
    }
    fn text(mut self, name: &str, value: impl Fn(&T) -> Option<String>) -> Self {
        let values: Vec<Option<String>> = self.rows.iter().map(value).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }
    fn number(mut self, name: &str, value: impl Fn(&T) -> Option<f64>) -> Self {
        let values: Vec<Option<f64>> = self.rows.iter().map(value).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }
    fn whole(mut self, name: &str, value: impl Fn(&T) -> Option<usize>) -> Self {
        let small = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let values: Vec<Option<i32>> = self.rows.iter().map(|row| value(row).map(small)).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }
    fn truth(mut self, name: &str, value: impl Fn(&T) -> Option<bool>) -> Self {
        let values: Vec<Option<bool>> = self.rows.iter().map(value).collect();
        self.columns.push(Column::new(name.into(), values));
        self
    }
    /// Code and name of the unit of a row.
    fn unit(self, view: &View<'_>, unit: impl Fn(&T) -> usize) -> Self {
        let code = |at: usize| view.units().get(at).and_then(|unit| unit.code.clone());
        self.text("unit_code", |row| code(unit(row)))
            .text("unit", |row| Some(view.unit_name(unit(row)).into()))
    }
    /// Id and title of the item of a row.
    fn item(self, view: &View<'_>, item: impl Fn(&T) -> Option<usize>) -> Self {
        let of = |row: &T| item(row).and_then(|at| view.items().get(at));
        self.text("item", |row| of(row).map(|item| item.id.clone()))
            .text("title", |row| of(row).map(|item| view.said(&item.title).to_string()))
    }
    /// Of cells: the first one's file and sheet, and all their addresses.
    fn places<'p>(self, places: impl Fn(&T) -> Vec<&'p Place>) -> Self {
        let each = |row: &T, part: fn(&Place) -> &Option<String>| {
            let mut all: Vec<String> = Vec::new();
            for place in places(row) {
                if let Some(text) =
                    part(&bare(place)).clone().filter(|text| !text.is_empty() && !all.contains(text))
                {
                    all.push(text);
                }
            }
            (!all.is_empty()).then(|| all.join(AND))
        };
        self.text("file", |row| each(row, |place| &place.file))
            .text("sheet", |row| each(row, |place| &place.sheet))
            .text("cell", |row| each(row, |place| &place.cell))
    }
    fn frame(self) -> Result<DataFrame> {
        Ok(DataFrame::new(self.rows.len(), self.columns)?)
    }
}

fn joined(all: &[String]) -> Option<String> {
    (!all.is_empty()).then(|| all.join(AND))
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_string())
}

/// Names and contents, in the order they are written.
///
/// # Errors
/// Only the engine's, which no scoring causes.
pub fn all(view: &View<'_>) -> Result<Vec<(&'static str, DataFrame)>> {
    Ok(vec![
        ("scores", scores(view)?),
        ("parts", parts(view)?),
        ("totals", totals(view)?),
        ("standings", standings(view)?),
        ("marks", marks(view)?),
        ("unmarked", unmarked(view)?),
        ("above", above(view)?),
        ("evidence", evidence(view)?),
        ("findings", crate::report::findings(&view.findings(), view.words()).into_frame()),
    ])
}

fn scores(view: &View<'_>) -> Result<DataFrame> {
    let heading = |item: usize| view.heading(item).and_then(|at| view.groups().get(at));
    Rows::new(view.scoring.scored.items.iter().collect())
        .unit(view, |row| row.unit)
        .item(view, |row| Some(row.item))
        .text("group", |row| heading(row.item).map(|group| group.id.clone()))
        .text("state", |row| Some(row.state.id().into()))
        .number("points", |row| row.points)
        .number("score", |row| row.score)
        .number("lost", |row| row.score.map(|_| view.lost(row)))
        .text("arithmetic", |row| filled(&row.arithmetic))
        .text("unmarked", |row| joined(&row.unmarked))
        .truth("above", |row| Some(row.above))
        .text("marked_by", |row| joined(&view.who(view.marks_of(row))))
        .frame()
}

/// Parts, and the adjustments after them (their score is what they took off).
fn parts(view: &View<'_>) -> Result<DataFrame> {
    struct Row {
        unit: usize,
        item: usize,
        id: String,
        title: String,
        adjusts: bool,
        points: Option<f64>,
        score: Option<f64>,
        arithmetic: String,
        unmarked: Vec<String>,
        above: bool,
        marks: Vec<usize>,
    }
    let mut rows = Vec::new();
    for score in &view.scoring.scored.items {
        for part in &score.parts {
            let own = view.parts(score.item).get(part.part);
            rows.push(Row {
                unit: score.unit,
                item: score.item,
                id: own.map_or(String::new(), |own| own.id.clone()),
                title: own.map_or(String::new(), |own| own.title.clone()),
                adjusts: false,
                points: part.points,
                score: part.score,
                arithmetic: part.arithmetic.clone(),
                unmarked: part.unmarked.clone(),
                above: part.above,
                marks: part.marks.clone(),
            });
        }
        for adjusted in &score.adjusted {
            let own = view.adjustments(score.item).get(adjusted.adjustment);
            rows.push(Row {
                unit: score.unit,
                item: score.item,
                id: own.map_or(String::new(), |own| own.id.clone()),
                title: own.map_or(String::new(), |own| view.said(&own.title).to_string()),
                adjusts: true,
                points: None,
                score: adjusted.taken.map(|taken| -taken),
                arithmetic: String::new(),
                unmarked: Vec::new(),
                above: false,
                marks: adjusted.marks.clone(),
            });
        }
    }
    let of_row = |row: &Row| row.marks.iter().filter_map(|at| view.mark(*at)).collect::<Vec<_>>();
    let each = |row: &Row, of: fn(&crate::tables::marks::Mark) -> &String| {
        let mut all: Vec<String> = Vec::new();
        for mark in of_row(row) {
            if !of(mark).is_empty() && !all.contains(of(mark)) {
                all.push(of(mark).clone());
            }
        }
        joined(&all)
    };
    Rows::new(rows)
        .unit(view, |row| row.unit)
        .item(view, |row| Some(row.item))
        .text("part", |row| filled(&row.id))
        .text("part_title", |row| filled(&row.title))
        .truth("adjustment", |row| Some(row.adjusts))
        .number("points", |row| row.points)
        .number("score", |row| row.score)
        .text("arithmetic", |row| filled(&row.arithmetic))
        .text("unmarked", |row| joined(&row.unmarked))
        .truth("above", |row| Some(row.above))
        .text("office", |row| each(row, |mark| &mark.office))
        .text("marker", |row| each(row, |mark| &mark.marker))
        .places(|row| of_row(row).into_iter().map(|mark| &mark.place).collect())
        .frame()
}

fn totals(view: &View<'_>) -> Result<DataFrame> {
    let group = |at: usize| view.groups().get(at);
    Rows::new(view.scoring.scored.groups.iter().collect())
        .unit(view, |row| row.unit)
        .text("group", |row| group(row.group).map(|group| group.id.clone()))
        .text("label", |row| group(row.group).map(|group| group.label.clone()))
        .text("title", |row| group(row.group).map(|group| view.said(&group.title).to_string()))
        .text("within", |row| group(row.group).and_then(|group| group.within.clone()))
        .whole("level", |row| Some(view.depth(row.group) + 1))
        .truth("bonus", |row| Some(view.is_bonus(row.group)))
        .number("headed_points", |row| group(row.group).and_then(|group| group.points))
        .number("points", |row| row.points)
        .number("score", |row| Some(row.score))
        .number("share", |row| share(Some(row.score), row.points))
        .truth("complete", |row| Some(row.complete))
        .frame()
}

fn standings(view: &View<'_>) -> Result<DataFrame> {
    let components = view.scoring.standard.scoring.as_ref().map_or(&[][..], |scoring| &scoring.components);
    let vetoed = |items: &[usize]| {
        let ids: Vec<String> =
            items.iter().filter_map(|at| view.items().get(*at)).map(|item| item.id.clone()).collect();
        joined(&ids)
    };
    let grades = view.scoring.standard.scoring.as_ref().map_or(&[][..], |scoring| &scoring.grades);
    let mut rows = Rows::new(view.scoring.scored.standings.iter().collect())
        .unit(view, |row| row.unit)
        .number("points", |row| row.points)
        .number("score", |row| Some(row.score))
        .number("bonus", |row| Some(row.bonus))
        .number("total", |row| row.total)
        .number("percent", |row| row.percent);
    for (at, component) in components.iter().enumerate() {
        let name = format!("component_{}", component.id);
        rows = rows.number(&name, |row| row.components.get(at).copied().flatten());
    }
    rows.number("result", |row| row.result)
        .text("arithmetic", |row| filled(&row.arithmetic))
        .whole("rank", |row| row.rank)
        .whole("last_rank", |row| row.last_rank)
        .number("last_result", |row| row.last_result)
        .text("grade", |row| {
            row.grade.and_then(|at| grades.get(at)).map(|grade| view.said(&grade.name).to_string())
        })
        .text("condition", |row| view.condition(row).map(str::to_string))
        .truth("condition_confirmed", |row| row.condition)
        .truth("between_grades", |row| Some(row.between_grades))
        .text("vetoed", |row| vetoed(&row.vetoed))
        .whole("unmarked", |row| Some(row.unmarked))
        .text("aliases", |row| view.units().get(row.unit).and_then(|unit| joined(&unit.aliases)))
        .frame()
}

fn marks(view: &View<'_>) -> Result<DataFrame> {
    let number = |entered: Entered| match entered {
        Entered::Number(number) => number,
        Entered::Truth(truth) => f64::from(u8::from(truth)),
        Entered::Direction(way) => f64::from(way),
    };
    Rows::new(view.scoring.marks.marks.iter().collect())
        .unit(view, |row| row.unit)
        .item(view, |row| view.entry_item(&row.entry))
        .text("entry", |row| Some(row.entry.clone()))
        .text("what", |row| Some(view.what(&row.entry)))
        .text("entered", |row| Some(view.entered(row)))
        .number("value", |row| Some(number(row.entered)))
        .text("office", |row| filled(&row.office))
        .text("marker", |row| filled(&row.marker))
        .places(|row| vec![&row.place])
        .frame()
}

fn unmarked(view: &View<'_>) -> Result<DataFrame> {
    Rows::new((0..view.units().len()).flat_map(|unit| view.unmarked(unit)).collect())
        .unit(view, |row| row.unit)
        .item(view, |row| row.item)
        .text("entry", |row| Some(row.entry.clone()))
        .text("what", |row| Some(row.what.clone()))
        .text("offices", |row| joined(&row.offices))
        .frame()
}

fn above(view: &View<'_>) -> Result<DataFrame> {
    let of_items = view.scoring.scored.items.iter().filter(|score| score.above);
    let rows = of_items.flat_map(|score| {
        let parts = score.parts.iter().filter(|part| part.above).map(move |part| (score, Some(part)));
        let parts: Vec<_> = parts.collect();
        // The item as a whole, too, where it is more than its only part: with or without a part above its own.
        let whole = parts.is_empty() || (score.parts.len() > 1 && view.exceeded(score) > 0.0);
        whole.then_some((score, None)).into_iter().chain(parts).collect::<Vec<_>>()
    });
    let part = |row: &(&crate::tables::scored::ItemScore, Option<&crate::tables::scored::PartScore>)| {
        row.1.and_then(|part| view.parts(row.0.item).get(part.part))
    };
    Rows::new(rows.collect())
        .unit(view, |row| row.0.unit)
        .item(view, |row| Some(row.0.item))
        .text("part", |row| part(row).map(|part| part.id.clone()))
        .text("part_title", |row| part(row).map(|part| part.title.clone()))
        .number("points", |row| row.1.map_or(row.0.points, |part| part.points))
        .number("score", |row| row.1.map_or(row.0.score, |part| part.score))
        .text("arithmetic", |row| filled(row.1.map_or(&row.0.arithmetic, |part| &part.arithmetic)))
        .frame()
}

/// Values that data gave, or that somebody entered for want of data.
fn evidence(view: &View<'_>) -> Result<DataFrame> {
    let rows = view.scoring.scored.items.iter();
    let rows = rows.flat_map(|score| score.evidence.iter().map(move |evidence| (score, evidence)));
    let rows: Vec<_> = rows
        .map(|(score, evidence)| {
            let item = view.items().get(score.item);
            (score, evidence, item.and_then(|item| item.checks().get(evidence.check)))
        })
        .collect();
    Rows::new(rows)
        .unit(view, |row| row.0.unit)
        .item(view, |row| Some(row.0.item))
        .text("check", |row| row.2.map(|check| check.id.clone()))
        .text("check_title", |row| row.2.map(|check| view.said(&check.title).to_string()))
        .number("value", |row| row.1.value)
        .number("required", |row| row.1.required)
        .text("unit_of_value", |row| {
            row.2.and_then(|check| match view.scoring.standard.counts_rows(check) {
                true => Some(rule_text::rows_unit(check, view.words())),
                false => filled(&check.unit),
            })
        })
        .truth("counts_rows", |row| row.2.map(|check| view.scoring.standard.counts_rows(check)))
        .truth("met", |row| row.1.met)
        .truth("computed", |row| Some(row.1.computed))
        .text("missing", |row| joined(&row.1.missing))
        .text("cells", |row| filled(&placed(&row.1.places)))
        .frame()
}

/// What one unit lost, worst first: `反馈/NAME.csv`.
///
/// # Errors
/// As [`all`].
pub fn lost(view: &View<'_>, own: &super::feedback::Feedback) -> Result<DataFrame> {
    let score = |item: usize| view.item(own.at, item);
    Rows::new(own.items.iter().collect())
        .item(view, |row| Some(row.at))
        .text("heading", |row| filled(&row.heading))
        .number("points", |row| score(row.at).and_then(|score| score.points))
        .number("score", |row| score(row.at).and_then(|score| score.score))
        .number("lost", |row| score(row.at).map(|score| view.lost(score)))
        .text("arithmetic", |row| filled(&row.arithmetic))
        .text("requirements", |row| joined(&row.requirements))
        .text("marked_by", |row| joined(&row.who))
        .text("cells", |row| filled(&row.cells))
        .text("document_findings", |row| joined(&row.doubts))
        .frame()
}
