//! The record of a draw by lot as a table.

use chrono::NaiveDate;

use crate::{draw::Candidate, ingest::scorebook::List, tables::draw as written};

/// A draw and how it came about.
pub struct Record<'a> {
    pub list: &'a List,
    /// The name of the list's file, without folders.
    pub file: &'a str,
    /// Whether there are groups.
    pub by_group: bool,
    /// One per entry of the list.
    pub candidates: &'a [Candidate],
    /// For each, its place in the order drawn.
    pub drawn: &'a [Option<usize>],
    pub count: usize,
    pub seed: u64,
    pub date: NaiveDate,
    /// The conditions, as given on the command line.
    pub options: &'a str,
    /// Program and version.
    pub program: &'a str,
}

/// One row per entry of the list, in its order.
pub fn table(record: &Record) -> written::Frame {
    let mut table = written::Builder::new(record.list.entries.len());
    for ((listed, candidate), place) in record.list.entries.iter().zip(record.candidates).zip(record.drawn) {
        table.push(written::Values {
            name: &listed.unit.name,
            code: listed.unit.code.as_deref(),
            group: record.by_group.then_some(candidate.group.as_str()),
            drawn: place.is_some(),
            order: place.map(|place| place as i32),
            excluded: candidate.excluded,
            count: record.count as i32,
            seed: &record.seed.to_string(),
            date: &record.date.to_string(),
            list: record.file,
            list_sha256: &record.list.sha256,
            options: record.options,
            program: record.program,
        });
    }
    table.finish()
}
