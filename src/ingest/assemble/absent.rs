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
    let mut records: Vec<(usize, Section)> = Vec::new();
    {
        let (code, school) = (
            facts.column(facts::column::district_code)?.str()?,
            facts.column(facts::column::school_code)?.str()?,
        );
        let (section, kind) =
            (facts.column(facts::column::section)?.str()?, facts.column(facts::column::school_type)?.str()?);
        let year = facts.column(facts::column::year)?.i32()?;
        let section_of = |row: usize| section.get(row).and_then(Section::from_id);
        let district: HashSet<_> =
            (0..facts.height()).map(|row| (code.get(row), year.get(row), section_of(row))).collect();
        let mut told = HashSet::new();
        for row in 0..facts.height() {
            let wanted = kind.get(row).map_or(&[][..], sections_of);
            for &absent in wanted.iter().filter(|_| wanted.len() > 1) {
                let key = (code.get(row), year.get(row), Some(absent));
                if !district.contains(&key) && told.insert((key, school.get(row))) {
                    records.push((row, absent));
                }
            }
        }
    }
    if records.is_empty() {
        return Ok(facts);
    }
    let like = facts.take(records.iter().map(|(row, _)| *row));
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
    facts::Frame::new(facts.vstack(&DataFrame::new(n, columns)?)?)
}
