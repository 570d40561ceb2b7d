//! Builds the tables of [`crate::tables`] from records.

use polars::prelude::*;

use super::{DistrictFact, Map, PlacedAnswer, Records, letters};
use crate::{
    dictionary::Dictionary,
    ingest::{Facts, layout::Values},
    tables::{self, answers, columns, district_facts, facts, record_sources, sources},
};

fn strings<'a>(name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    StringChunked::from_iter(values).with_name(name.into()).into_column()
}
fn floats(name: &str, values: impl Iterator<Item = Option<f64>>) -> Column {
    Float64Chunked::from_iter(values).with_name(name.into()).into_column()
}
fn integers(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    Int32Chunked::from_iter(values).with_name(name.into()).into_column()
}
fn yes_no(name: &str, values: impl Iterator<Item = Option<bool>>) -> Column {
    BooleanChunked::from_iter(values).with_name(name.into()).into_column()
}
fn one_based(row: Option<u32>) -> Option<i32> {
    row.map(|r| r as i32 + 1)
}

/// The tables of `records` in `order`, without findings.
pub fn facts(
    records: &Records,
    order: &[usize],
    map: &Map,
    district: &[DistrictFact],
    placed: &[PlacedAnswer],
) -> PolarsResult<Facts> {
    Ok(Facts {
        facts: facts::Frame::new(records_frame(records, order)?)?,
        district_facts: district_facts(district),
        answers: answers(placed),
        sources: sources(map),
        columns: columns(map),
        record_sources: record_sources(records, order),
        findings: Vec::new(),
    })
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
                integers(&fact.id, order.iter().map(|&i| v[i].map(|v| v as i32)))
            }
            (Some(Values::Number(v)), DataType::Boolean) => {
                yes_no(&fact.id, order.iter().map(|&i| v[i].map(|v| v != 0.0)))
            }
            _ => Column::full_null(fact.id.as_str().into(), order.len(), &dtype),
        });
    }
    columns.push(integers("source_id", order.iter().map(|&i| Some(records.sources[i] as i32))));
    columns.push(integers("source_row", order.iter().map(|&i| one_based(records.rows[i]))));
    DataFrame::new(order.len(), columns)
}

fn district_facts(rows: &[DistrictFact]) -> district_facts::Frame {
    let facts = Dictionary::get().facts();
    rows.iter()
        .map(|row| district_facts::Values {
            district_code: &row.district,
            year: row.year,
            fact: &facts[row.fact].id,
            value: Some(row.value),
            source_id: Some(row.source as i32),
            cell: Some(&row.cell),
        })
        .collect()
}

fn answers(rows: &[PlacedAnswer]) -> answers::Frame {
    rows.iter()
        .map(|row| answers::Values {
            district_code: &row.district,
            year: row.year,
            item: &row.answer.item,
            met: row.answer.met,
            score: row.answer.score,
            document: row.answer.document.as_deref(),
            date: row.answer.date.as_deref(),
            who: row.answer.who.as_deref(),
            source_id: Some(row.source as i32),
            cell: Some(&row.answer.cell),
        })
        .collect()
}

fn sources(map: &Map) -> sources::Frame {
    let rows = map.sources.iter().enumerate();
    rows.map(|(id, source)| sources::Values {
        source_id: id as i32,
        file: &source.file,
        sha256: &source.sha256,
        sheet: &source.sheet,
    })
    .collect()
}

fn columns(map: &Map) -> columns::Frame {
    let facts = Dictionary::get().facts();
    let mut table = columns::Builder::new(map.spots.iter().map(Vec::len).sum());
    for (source, spots) in map.spots.iter().enumerate() {
        for spot in spots {
            table.push(columns::Values {
                source_id: source as i32,
                section: spot.section,
                fact: &facts[spot.fact].id,
                column: &letters(spot.column),
                row: one_based(spot.row),
            });
        }
    }
    table.finish()
}

fn record_sources(records: &Records, order: &[usize]) -> record_sources::Frame {
    let kept: std::collections::HashSet<usize> = order.iter().copied().collect();
    let text = |id: &str, record: usize| records.text(super::position(id)?, record);
    let year =
        |record: usize| records.number(super::position(facts::column::year)?, record).map(|y| y as i32);
    let rows = records.further.iter().filter(|further| kept.contains(&further.record));
    rows.map(|further| record_sources::Values {
        district_code: text(facts::column::district_code, further.record),
        year: year(further.record),
        school_code: text(facts::column::school_code, further.record),
        section: Some(records.sections[further.record]),
        source_id: Some(further.source as i32),
        source_row: one_based(further.row),
        role: Some(further.role),
    })
    .collect()
}
