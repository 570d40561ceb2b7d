//! Sections that a combined school must have and that the input does not contain.
//!
//! Where a district's input has no junior section at all (the export 初中 was not handed in), a nine-year school's shared
//! resources cannot be split, because its primary section is not entitled to all of them. The missing section is then
//! added with all its facts missing. Where the district has other schools with that section, a combined school without
//! it is a campus with pupils of one stage, and is treated as a school of that stage (优质均衡指标计算公式).

use std::collections::HashSet;

use polars::prelude::*;

use crate::{
    dictionary::{Dictionary, Grain, Section, sections_of},
    tables::facts,
};

/// Appends a record to `facts` for every such section.
pub fn with_absent_sections(facts: facts::Frame) -> PolarsResult<facts::Frame> {
    let given: HashSet<_> =
        facts.rows().map(|row| (row.district_code(), row.year(), row.section())).collect();
    let mut added = HashSet::new();
    let mut records: Vec<(usize, Section)> = Vec::new();
    for row in facts.rows() {
        let wanted = row.school_type().map_or(&[][..], sections_of);
        for &absent in wanted.iter().filter(|_| wanted.len() > 1) {
            let key = (row.district_code(), row.year(), Some(absent));
            if !given.contains(&key) && added.insert((key, row.school_code())) {
                records.push((row.index(), absent));
            }
        }
    }
    if records.is_empty() {
        return Ok(facts);
    }
    let like = facts.take(records.iter().map(|(row, _)| *row)).into_frame();
    let n = like.height();
    let columns = like
        .columns()
        .iter()
        .map(|column| match column.name().as_str() {
            facts::column::section => Column::new(
                facts::column::section.into(),
                records.iter().map(|(_, s)| s.id()).collect::<Vec<_>>(),
            ),
            name if Dictionary::get().fact(name).is_some_and(|f| f.grain == Grain::Section) => {
                Column::full_null(name.into(), n, column.dtype())
            }
            _ => column.clone(),
        })
        .collect();
    facts::Frame::new(facts.frame().vstack(&DataFrame::new(n, columns)?)?)
}
