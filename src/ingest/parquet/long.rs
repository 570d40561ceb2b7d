//! Reads a long Parquet file of facts a few district-years at a time: a nation's decade in bounded memory.

use std::{collections::HashMap, path::Path};

use polars::prelude::*;

use super::{
    Known, Part, cast, in_table_order, keys_are_whole, load_known,
    stored::{Footer, Span},
    with_sources,
};
use crate::{
    dictionary::Dictionary,
    ingest::{Facts, Options, examined},
    problem::{Error, Level, Result},
    sha256,
    tables::facts,
};

/// The number of rows examined at a time.
const AT_ONCE: usize = 250_000;

/// Whether the file has more than `rows` rows, by its footer. A file that is not Parquet has not; the error is reported
/// when it is read.
pub fn is_longer(path: &Path, rows: usize) -> bool {
    Footer::of(path).is_ok_and(|footer| footer.height() > rows)
}

/// Reads the file in parts of about `most` rows, without dividing a district's year, and calls `each` with every part.
/// The rows may be in any order; if they are sorted by district, each is read only once.
///
/// # Errors
/// Those of [`crate::ingest::read`], for the first part that has one; those of `each`.
pub fn read(
    path: &Path,
    shown: &str,
    options: &Options,
    most: usize,
    each: &mut dyn FnMut(Facts) -> Result<()>,
) -> Result<()> {
    let mut problems = Vec::new();
    Dictionary::load()?;
    let unreadable = |why: PolarsError| -> Error { super::unreadable(shown, why).into() };
    let Some(known) = load_known(path, shown, &mut problems).map_err(unreadable)? else {
        return Err(Error::Input(problems));
    };
    let groups = groups(path, options, &known).map_err(unreadable)?;
    let sha256 = sha256::of_file(path).map_err(|why| Error::disk(path, why))?;
    let (mut rows, mut at) = (Vec::new(), 0);
    while at < groups.len() {
        rows.clear();
        while let Some(group) = groups.get(at)
            && (rows.is_empty() || rows.len() + group.iter().map(|(_, len)| len).sum::<usize>() <= most)
        {
            rows.extend(group.iter().flat_map(|&(start, len)| start..start + len));
            at += 1;
        }
        rows.sort_unstable();
        let frame = taken(path, &known, &rows).map_err(unreadable)?;
        let mut said = std::mem::take(&mut problems);
        let frame = in_table_order(frame, &known.footer, shown, options, &mut said)?;
        if said.iter().any(|p| p.level == Level::Error) {
            return Err(Error::Input(said));
        }
        let part = Part { rows: rows.clone(), sha256: sha256.clone() };
        let facts = with_sources(path, shown, frame, &known.order, Some(&part), &mut said)?;
        keys_are_whole(&facts.facts, shown, &mut said)?;
        each(examined(facts, true, said, options)?)?;
    }
    Ok(())
}

/// The rows of every district's year, in the order in which they begin.
fn groups(path: &Path, options: &Options, known: &Known) -> PolarsResult<Vec<Vec<Span>>> {
    let height = known.footer.height();
    let has = |name: &str| known.order.iter().any(|(known, _)| known == name);
    let keys: Vec<String> = [facts::column::district_code, facts::column::year]
        .map(String::from)
        .into_iter()
        .filter(|k| has(k))
        .collect();
    // The given district or year applies to all rows if the file has none.
    let code = options.district.as_ref().map(|(code, _)| code.clone()).unwrap_or_default();
    let year = options.year.unwrap_or_default();
    let mut at: HashMap<(String, i32), usize> = HashMap::new();
    let mut groups: Vec<Vec<Span>> = Vec::new();
    for start in (0..height).step_by(AT_ONCE) {
        let span = (start, AT_ONCE.min(height - start));
        let frame = known.footer.read(path, &keys, span, ParallelStrategy::Auto)?;
        let text = |name: &str, dtype: &DataType| -> PolarsResult<Option<Column>> {
            frame.column(name).ok().map_or(Ok(None), |column| cast(column, dtype))
        };
        let (codes, years) = (
            text(facts::column::district_code, &DataType::String)?,
            text(facts::column::year, &DataType::Int32)?,
        );
        let codes = codes.as_ref().map(|column| column.str()).transpose()?;
        let years = years.as_ref().map(|column| column.i32()).transpose()?;
        let mut last: Option<(String, i32, usize)> = None;
        for row in 0..AT_ONCE.min(height - start) {
            let own = codes.map_or(code.as_str(), |codes| codes.get(row).unwrap_or_default());
            let in_year = years.map_or(year, |years| years.get(row).unwrap_or_default());
            let group = match &last {
                Some((code, year, group)) if code == own && *year == in_year => *group,
                _ => {
                    let group = *at.entry((own.to_string(), in_year)).or_insert_with(|| {
                        groups.push(Vec::new());
                        groups.len() - 1
                    });
                    last = Some((own.to_string(), in_year, group));
                    group
                }
            };
            let Some(spans) = groups.get_mut(group) else { continue };
            match spans.last_mut() {
                Some((first, len)) if *first + *len == start + row => *len += 1,
                _ => spans.push((start + row, 1)),
            }
        }
    }
    Ok(groups)
}

/// The given rows, in order.
fn taken(path: &Path, known: &Known, rows: &[usize]) -> PolarsResult<DataFrame> {
    let columns = known.names();
    let mut whole: Option<DataFrame> = None;
    let mut rest = rows;
    while let Some(&first) = rest.first() {
        let count = rest.partition_point(|&row| row < first + AT_ONCE);
        let (these, later) = rest.split_at(count);
        rest = later;
        let last = these.last().copied().unwrap_or(first);
        let span = (first, last + 1 - first);
        let frame = known.footer.read(path, &columns, span, ParallelStrategy::Auto)?;
        let frame = if these.len() == frame.height() {
            frame
        } else {
            let rows = these.iter().map(|row| (row - first) as IdxSize).collect();
            frame.take(&IdxCa::from_vec("".into(), rows))?
        };
        match &mut whole {
            Some(whole) => {
                whole.vstack_mut(&frame)?;
            }
            None => whole = Some(frame),
        }
    }
    Ok(whole.unwrap_or_default())
}
