//! Records → Polars frames, as [`crate::tables`] writes them down.

use polars::prelude::*;

use super::{DistrictFact, Map, PlacedAnswer, Records, letters};
use crate::{
    dictionary::{Dictionary, Section},
    ingest::{Facts, layout::Values},
    tables,
};

fn strings<'a>(name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    StringChunked::from_iter(values).with_name(name.into()).into_column()
}
fn floats(name: &str, values: impl Iterator<Item = Option<f64>>) -> Column {
    Float64Chunked::from_iter(values).with_name(name.into()).into_column()
}
fn whole(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    Int32Chunked::from_iter(values).with_name(name.into()).into_column()
}
fn yes_no(name: &str, values: impl Iterator<Item = Option<bool>>) -> Column {
    BooleanChunked::from_iter(values).with_name(name.into()).into_column()
}
fn one_based(row: Option<u32>) -> Option<i32> {
    row.map(|r| r as i32 + 1)
}

/// The frames of `records` in `order`, without findings; each has passed its door.
pub fn facts(
    records: &Records,
    order: &[usize],
    map: &Map,
    district: &[DistrictFact],
    answers: &[PlacedAnswer],
) -> PolarsResult<Facts> {
    let found = Facts {
        facts: records_frame(records, order)?,
        district_facts: district_frame(district)?,
        answers: answers_frame(answers)?,
        sources: sources_frame(map)?,
        columns: columns_frame(map)?,
        record_sources: further_frame(records, order)?,
        findings: Vec::new(),
    };
    for (table, frame) in [
        (tables::facts::table(), &found.facts),
        (tables::district_facts::table(), &found.district_facts),
        (tables::answers::table(), &found.answers),
        (tables::sources::table(), &found.sources),
        (tables::columns::table(), &found.columns),
        (tables::record_sources::table(), &found.record_sources),
    ] {
        table.check(frame)?;
    }
    Ok(found)
}

fn records_frame(records: &Records, order: &[usize]) -> PolarsResult<DataFrame> {
    let dictionary = Dictionary::get();
    let mut columns = vec![strings("section", order.iter().map(|&i| Some(records.sections[i].id())))];
    for fact in dictionary.columns() {
        let dtype = tables::facts::dtype_of(fact.kind, &fact.id);
        let values = super::position(&fact.id).and_then(|p| records.values[p].as_ref());
        columns.push(match (values, &dtype) {
            (Some(Values::Text(v)), DataType::String) => {
                strings(&fact.id, order.iter().map(|&i| v[i].as_deref()))
            }
            (Some(Values::Number(v)), DataType::Float64) => floats(&fact.id, order.iter().map(|&i| v[i])),
            (Some(Values::Number(v)), DataType::Int32) => {
                whole(&fact.id, order.iter().map(|&i| v[i].map(|v| v as i32)))
            }
            (Some(Values::Number(v)), DataType::Boolean) => {
                yes_no(&fact.id, order.iter().map(|&i| v[i].map(|v| v != 0.0)))
            }
            _ => Column::full_null(fact.id.as_str().into(), order.len(), &dtype),
        });
    }
    columns.push(whole("source_id", order.iter().map(|&i| Some(records.sources[i] as i32))));
    columns.push(whole("source_row", order.iter().map(|&i| one_based(records.rows[i]))));
    DataFrame::new(order.len(), columns)
}

fn district_frame(rows: &[DistrictFact]) -> PolarsResult<DataFrame> {
    let facts = Dictionary::get().facts();
    DataFrame::new(
        rows.len(),
        vec![
            strings("district_code", rows.iter().map(|r| Some(r.district.as_str()))),
            whole("year", rows.iter().map(|r| Some(r.year))),
            strings("fact", rows.iter().map(|r| Some(facts[r.fact].id.as_str()))),
            floats("value", rows.iter().map(|r| Some(r.value))),
            whole("source_id", rows.iter().map(|r| Some(r.source as i32))),
            strings("cell", rows.iter().map(|r| Some(r.cell.as_str()))),
        ],
    )
}

fn answers_frame(rows: &[PlacedAnswer]) -> PolarsResult<DataFrame> {
    DataFrame::new(
        rows.len(),
        vec![
            strings("district_code", rows.iter().map(|r| Some(r.district.as_str()))),
            whole("year", rows.iter().map(|r| Some(r.year))),
            strings("item", rows.iter().map(|r| Some(r.answer.item.as_str()))),
            yes_no("met", rows.iter().map(|r| r.answer.met)),
            floats("score", rows.iter().map(|r| r.answer.score)),
            strings("document", rows.iter().map(|r| r.answer.document.as_deref())),
            strings("date", rows.iter().map(|r| r.answer.date.as_deref())),
            strings("who", rows.iter().map(|r| r.answer.who.as_deref())),
            whole("source_id", rows.iter().map(|r| Some(r.source as i32))),
            strings("cell", rows.iter().map(|r| Some(r.answer.cell.as_str()))),
        ],
    )
}

fn sources_frame(map: &Map) -> PolarsResult<DataFrame> {
    let sources = &map.sources;
    DataFrame::new(
        sources.len(),
        vec![
            whole("source_id", (0..sources.len()).map(|i| Some(i as i32))),
            strings("file", sources.iter().map(|s| Some(s.file.as_str()))),
            strings("sha256", sources.iter().map(|s| Some(s.sha256.as_str()))),
            strings("sheet", sources.iter().map(|s| Some(s.sheet.as_str()))),
        ],
    )
}

fn columns_frame(map: &Map) -> PolarsResult<DataFrame> {
    let facts = Dictionary::get().facts();
    let rows: Vec<_> = map
        .spots
        .iter()
        .enumerate()
        .flat_map(|(source, spots)| spots.iter().map(move |s| (source, s)))
        .collect();
    let letters: Vec<String> = rows.iter().map(|(_, s)| letters(s.column)).collect();
    DataFrame::new(
        rows.len(),
        vec![
            whole("source_id", rows.iter().map(|(source, _)| Some(*source as i32))),
            strings("section", rows.iter().map(|(_, s)| s.section.map(Section::id))),
            strings("fact", rows.iter().map(|(_, s)| Some(facts[s.fact].id.as_str()))),
            strings("column", letters.iter().map(|l| Some(l.as_str()))),
            whole("row", rows.iter().map(|(_, s)| one_based(s.row))),
        ],
    )
}

fn further_frame(records: &Records, order: &[usize]) -> PolarsResult<DataFrame> {
    let kept: std::collections::HashSet<usize> = order.iter().copied().collect();
    let rows: Vec<_> = records.further.iter().filter(|f| kept.contains(&f.record)).collect();
    let text = |id: &str| {
        let fact = super::position(id);
        let values: Vec<Option<&str>> = rows.iter().map(|f| records.text(fact?, f.record)).collect();
        strings(id, values.into_iter())
    };
    let year = super::position("year");
    DataFrame::new(
        rows.len(),
        vec![
            text("district_code"),
            whole("year", rows.iter().map(|f| records.number(year?, f.record).map(|y| y as i32))),
            text("school_code"),
            strings("section", rows.iter().map(|f| Some(records.sections[f.record].id()))),
            whole("source_id", rows.iter().map(|f| Some(f.source as i32))),
            whole("source_row", rows.iter().map(|f| one_based(f.row))),
            strings("role", rows.iter().map(|f| Some(f.role))),
        ],
    )
}
