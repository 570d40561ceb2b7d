//! Judges one large Parquet file of facts chunk by chunk: a nation's decade in bounded memory.
//!
//! Produces only `districts` and `dispersion`, by the same measuring and judging as [`super::assess`]. Row groups are
//! read, measured and summed by all threads and merged in the file's order; only a few sums per group and indicator and
//! eight bytes per row stay in memory. If the file needs a closer look (a school twice, a type that contradicts the
//! sections, rows without district, year or section), nothing is produced and the ordinary job, which can name the
//! cell, is run instead.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};

use polars::prelude::*;

use crate::{
    exact::exact_of,
    ingest::parquet::{
        self,
        stored::{Footer, Span},
    },
    judge::{self, districts::Tally, tables::Counts},
    measure::{
        Measure,
        apportion::{self, Combined},
        dispersion::Moments,
    },
    problem::{Error, Result},
    standard::Standard,
    tables::{
        dispersion, districts, facts,
        judged::JudgedDispersion,
        measure_matrix::{Group, Members},
    },
};

/// The tables produced, in the order of [`Streamed`].
pub const TABLES: [&str; 2] = ["districts", "dispersion"];

/// The number of rows of a Parquet file, from its footer.
///
/// # Errors
/// The file cannot be read, is not Parquet, or is damaged.
pub fn rows(path: &Path) -> PolarsResult<usize> {
    Footer::of(path).map(|footer| footer.height())
}

/// The two tables, and the number of rows of the file.
#[derive(Debug, Clone)]
pub struct Streamed {
    pub districts: districts::Frame,
    pub dispersion: dispersion::Frame,
    pub rows: usize,
}

/// A row group being processed: its groups with their sums, and the keys of its rows.
struct Chunk {
    groups: Vec<(Group, Counts)>,
    /// groups × indicators.
    sums: Vec<(Moments, Tally)>,
    keys: Vec<u64>,
}

/// `None` if the file needs the ordinary job. `watch(done, total)` counts row groups; `shown` is the file's name in
/// messages.
///
/// # Errors
/// The file cannot be read, is not Parquet, or is damaged.
pub fn parquet(
    path: &Path,
    shown: &str,
    standard: &Standard,
    reliefs: bool,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Option<Streamed>> {
    let unreadable = |why: PolarsError| -> Error { parquet::unreadable(shown, why).into() };
    let footer = Footer::of(path).map_err(unreadable)?;
    let present: Vec<String> = footer.columns.iter().map(|column| column.name.clone()).collect();
    let columns = Measure::new(standard, reliefs).columns();
    // The type of a school may be missing, the other columns not.
    let mut needed = IDENTITY.into_iter().filter(|id| *id != facts::column::school_type);
    if !needed.all(|id| present.iter().any(|there| there == id)) {
        return Ok(None);
    }
    let (spans, start) = (footer.groups(), footer.height());
    if u32::try_from(start).is_err() {
        return Ok(None);
    }
    let types = columns.iter().map(String::as_str).chain(IDENTITY);
    let readable = |name: &str| footer.column(name).is_none_or(|column| column.is_readable());
    if !types.into_iter().all(readable) {
        return Ok(None);
    }
    let read = |span: Span, wanted: &[String]| -> Result<Option<DataFrame>> {
        let named: Vec<String> = wanted.iter().filter(|c| present.contains(c)).cloned().collect();
        let frame = footer.read(path, &named, span, ParallelStrategy::None).map_err(unreadable)?;
        Ok(conform(frame, wanted, span.1)?)
    };
    let Some(combined) = combined(&spans, &read, &present)? else { return Ok(None) };

    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<Error>> = Mutex::new(None);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(spans.len().max(1));
    let (send, receive) = mpsc::sync_channel::<(usize, Option<Chunk>)>(threads);
    let mut whole = Whole::default();
    let complete = std::thread::scope(|scope| {
        for _ in 0..threads {
            let send = send.clone();
            let (next, failed, spans, read, columns, combined) =
                (&next, &failed, &spans, &read, &columns, &combined);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&span) = spans.get(at) else { return };
                    let chunk = read(span, columns).and_then(|frame| match frame {
                        Some(frame) => Ok(measured(&frame, span.0 as u32, standard, reliefs, combined)?),
                        None => Ok(None),
                    });
                    let chunk = chunk.unwrap_or_else(|error| {
                        if let Ok(mut failed) = failed.lock() {
                            failed.get_or_insert(error);
                        }
                        None
                    });
                    let stop = chunk.is_none();
                    if send.send((at, chunk)).is_err() || stop {
                        return;
                    }
                }
            });
        }
        drop(send);
        // Chunks arrive in any order and are merged in the file's order.
        let mut waiting = BTreeMap::new();
        for (at, chunk) in receive {
            let Some(chunk) = chunk else { return false };
            waiting.insert(at, chunk);
            while let Some(chunk) = waiting.remove(&whole.chunks) {
                whole.add(chunk, standard, start);
                watch(whole.chunks, spans.len());
            }
        }
        whole.chunks == spans.len()
    });
    if let Some(error) = failed.into_inner().ok().flatten() {
        return Err(error);
    }
    if !complete || whole.has_twins(&combined) {
        return Ok(None);
    }
    whole.finish(standard, start).map(Some)
}

/// Reads columns of one span of rows; `None` if a column does not have the type of its fact.
type Reader<'a> = &'a dyn Fn(Span, &[String]) -> Result<Option<DataFrame>>;

/// The columns that identify a row's school and section, and determine how it shares with the school's others.
const IDENTITY: [&str; 6] = [
    facts::column::district_code,
    facts::column::year,
    facts::column::school_code,
    facts::column::section,
    facts::column::school_type,
    facts::column::students,
];

/// The pupils of the schools whose type does not prove that they have one section; `None` if a row lacks its identity.
fn combined(spans: &[Span], read: Reader, present: &[String]) -> Result<Option<Combined>> {
    let mut combined = Combined::default();
    let identity = IDENTITY.map(str::to_string);
    let kind = [facts::column::section, facts::column::school_type].map(str::to_string);
    for &span in spans {
        let Some(frame) = read(span, &kind)? else { return Ok(None) };
        let sections = apportion::sections(&frame)?;
        if sections.iter().any(Option::is_none) {
            return Ok(None);
        }
        let types = frame.column(facts::column::school_type)?.str()?;
        let simple = present.iter().any(|p| p == facts::column::school_type)
            && types.iter().zip(&sections).all(|(t, s)| apportion::is_simple(t, *s));
        if !simple {
            let Some(frame) = read(span, &identity)? else { return Ok(None) };
            combined.add(&frame)?;
        }
    }
    // Whether such a section is missing or does not exist can only be decided with the whole district.
    Ok(if combined.lacks_a_section() { None } else { Some(combined) })
}

/// The requested columns in the types of `facts`, null where the file has none; `None` if a column cannot be converted.
fn conform(frame: DataFrame, wanted: &[String], rows: usize) -> PolarsResult<Option<DataFrame>> {
    let dictionary = crate::dictionary::Dictionary::get();
    let mut columns = Vec::with_capacity(wanted.len());
    for id in wanted {
        let dtype =
            dictionary.fact(id).map_or(DataType::String, |f| crate::tables::facts::dtype_of(f.kind, id));
        let column = match frame.column(id) {
            Ok(column) => parquet::cast(column, &dtype)?,
            Err(_) => Some(Column::full_null(id.as_str().into(), rows, &dtype)),
        };
        let Some(column) = column else { return Ok(None) };
        columns.push(column);
    }
    DataFrame::new(rows, columns).map(Some)
}

fn measured(
    frame: &DataFrame,
    first: u32,
    standard: &Standard,
    reliefs: bool,
    combined: &Combined,
) -> PolarsResult<Option<Chunk>> {
    let sections = apportion::sections(frame)?;
    let (code, school) = (
        frame.column(facts::column::district_code)?.str()?,
        frame.column(facts::column::school_code)?.str()?,
    );
    let year = frame.column(facts::column::year)?.i32()?;
    let mut keys = Vec::with_capacity(frame.height());
    for (((code, school), year), section) in code.iter().zip(school.iter()).zip(year.iter()).zip(&sections) {
        let (Some(code), Some(school), Some(year), Some(section)) = (code, school, year, section) else {
            return Ok(None);
        };
        keys.push(apportion::school_key(code, year, school) | *section as u64);
    }
    // A negative value is an error that the ordinary job reports with its row.
    let negative =
        |column: &Column| column.f64().is_ok_and(|values| values.min().is_some_and(|least| least < 0.0));
    if frame.columns().iter().any(negative) {
        return Ok(None);
    }
    let mut measure = Measure::new(standard, reliefs);
    let mut panel = measure.add(frame, first, combined)?;
    let exact = measure.exact(&panel, frame, first, combined);
    judge::schools::mark(&mut panel, &measure.groups, standard, &exact);
    let members = Members::new(&panel.group, measure.groups.len());
    let mut sums = Vec::with_capacity(measure.groups.len() * panel.width);
    let mut groups = Vec::with_capacity(measure.groups.len());
    for (g, group) in measure.groups.into_iter().enumerate() {
        let rows = members.rows(g);
        for (k, moments) in Moments::of(&panel, rows).into_iter().enumerate() {
            let mut tally = Tally::default();
            rows.iter().for_each(|&row| tally.add(panel.mark(row as usize, k)));
            sums.push((moments, tally));
        }
        groups.push((group, Counts::of(&panel, rows, standard)));
    }
    Ok(Some(Chunk { groups, sums, keys }))
}

/// All chunks so far.
#[derive(Default)]
struct Whole {
    chunks: usize,
    groups: Vec<Group>,
    index: HashMap<Group, usize>,
    counts: Vec<Counts>,
    sums: Vec<(Moments, Tally)>,
    keys: Vec<u64>,
}

impl Whole {
    fn add(&mut self, chunk: Chunk, standard: &Standard, rows: usize) {
        let width = standard.indicators.len();
        for (g, (group, counts)) in chunk.groups.into_iter().enumerate() {
            let sums = &chunk.sums[g * width..(g + 1) * width];
            match self.index.get(&group) {
                Some(&at) => {
                    self.counts[at].merge(&counts);
                    let whole = &mut self.sums[at * width..(at + 1) * width];
                    for (((whole, tally), (part, more)), indicator) in
                        whole.iter_mut().zip(sums).zip(&standard.indicators)
                    {
                        whole.merge(part, indicator.factor);
                        tally.merge(more);
                    }
                }
                None => {
                    self.index.insert(group.clone(), self.groups.len());
                    self.groups.push(group);
                    self.counts.push(counts);
                    self.sums.extend_from_slice(sums);
                }
            }
        }
        // Failing to reserve is harmless: memory is then allocated as the keys arrive.
        let _ = self.keys.try_reserve_exact(rows.saturating_sub(self.keys.len()));
        self.keys.extend(chunk.keys);
        self.chunks += 1;
    }

    /// Whether the same section of a school and year occurs twice, or a school whose type names one section has a
    /// second (so that its shares were unknown).
    fn has_twins(&mut self, combined: &Combined) -> bool {
        use rayon::prelude::*;
        self.keys.par_sort_unstable();
        let shared =
            |key: u64| combined.get(key & !3).is_some_and(|pupils| pupils[(key & 3) as usize].is_some());
        let twins = self.keys.windows(2).any(|pair| {
            pair[0] == pair[1] || (pair[0] & !3 == pair[1] & !3 && !(shared(pair[0]) && shared(pair[1])))
        });
        self.keys = Vec::new();
        twins
    }

    fn finish(self, standard: &Standard, rows: usize) -> Result<Streamed> {
        let width = standard.indicators.len();
        let judged = |g: usize, k: usize| -> JudgedDispersion {
            let (moments, tally) = &self.sums[g * width + k];
            let (section, indicator) = (self.groups[g].section, &standard.indicators[k]);
            let dispersion = moments.dispersion();
            // The facts are no longer in memory. A value within 1e-12 of a bound equals it: sums of typed decimals do
            // not come closer without being equal.
            let near = |value: f64, bound: Option<f64>| {
                let bound = bound.filter(|b| (value - b).abs() < 1e-12 * b.abs().max(1.0));
                bound.and_then(exact_of).or_else(|| exact_of(value))
            };
            let (cv, mean) = dispersion.map_or((f64::NAN, f64::NAN), |d| (d.cv, d.mean));
            let square = || near(cv, indicator.limit.get(section).copied()).map(|cv| &cv * &cv);
            let mean = || near(mean, judge::schools::threshold(indicator, section));
            judge::districts::tallied(standard, k, section, dispersion, tally, &square, &mean)
        };
        let composite = standard.composites().next().is_some();
        Ok(Streamed {
            districts: judge::tables::districts(&self.groups, &self.counts),
            dispersion: judge::tables::dispersion(&self.groups, standard, &judged, &|g| {
                if !composite {
                    return Vec::new();
                }
                let of_group: Vec<JudgedDispersion> = (0..width).map(|k| judged(g, k)).collect();
                judge::composite::streamed(standard, self.groups[g].section, &of_group)
            }),
            rows,
        })
    }
}
