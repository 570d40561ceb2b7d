//! One year of all requested districts: read, joined by the crosswalk, measured and marked.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;
use rayon::prelude::*;

use super::{
    StudyOptions,
    coverage::{Covered, Reading},
    crosswalk::Followed,
};
use crate::{
    judge,
    measure::{Measure, apportion::Combined},
    nearest::nearest,
    problem::{Error, Place, Problem, Result},
    standard::Standard,
    tables::{
        facts,
        measure_matrix::{Group, Mark, MeasureMatrix},
        years::{Identity, Measured, Region, StoredYear, YearSource},
    },
    words::Words,
};

/// The number of districts that one thread reads and measures at a time: enough for the engine's start-up cost to be
/// negligible, and few enough for their facts to take a few megabytes.
const TOGETHER: usize = 32;

/// The stored years that were requested, ascending.
pub fn years_of(years: &dyn YearSource, asked: &StudyOptions) -> Vec<i32> {
    years_asked(years, asked).unwrap_or_default()
}

/// Like [`years_of`], but never empty.
///
/// # Errors
/// Nothing is stored, or not in these years; a district does not exist; the crosswalk has a circle.
pub fn years_asked(years: &dyn YearSource, asked: &StudyOptions) -> Result<Vec<i32>> {
    let chosen = Chosen::of(years, asked)?;
    let found: BTreeSet<i32> = chosen.entries.iter().map(|entry| years.kept()[entry.kept].of.year).collect();
    Ok(found.into_iter().collect())
}

/// The schools of one year: districts after the crosswalk, rows by district, school and section, independent of the
/// number of threads. [`MeasureMatrix::group`] is 3 × the district's index + the section's. Schools are apportioned
/// within the code they are stored under. All in memory: a nation's year has about 200,000 rows.
///
/// # Errors
/// Those of [`super::panel()`].
pub fn year(
    years: &dyn YearSource,
    year: i32,
    standard: &Standard,
    asked: &StudyOptions,
    words: &Words,
) -> Result<Measured> {
    let chosen = Chosen::of(years, asked)?;
    Ok(read(years, year, standard, asked, &chosen, words, &|_| {})?.measured)
}

/// A requested district-year, and the district it is counted as.
pub(super) struct Entry {
    /// The index of the stored year.
    pub kept: usize,
    pub followed: Followed,
}

/// All requested district-years, in the order of the store.
pub(super) struct Chosen {
    pub entries: Vec<Entry>,
    /// The resolved districts of all stored years, requested or not.
    pub ways: Vec<Followed>,
}

impl Chosen {
    /// # Errors
    /// Nothing is stored, no requested year is, a district does not exist, or the crosswalk has a circle.
    pub fn of(years: &dyn YearSource, asked: &StudyOptions) -> Result<Chosen> {
        let kept = years.kept();
        if kept.is_empty() {
            return Err(Problem::error("panel_nothing_kept", Place::default()).into());
        }
        let ways: Vec<Followed> = kept
            .iter()
            .map(|one| asked.crosswalk.followed(one.of.year, &one.of.district_code, &one.district_name))
            .collect::<Result<_>>()?;
        let codes = asked_codes(kept, &ways, asked)?;
        let (from, to) = asked.years.unwrap_or((i32::MIN, i32::MAX));
        let is_asked = |(one, way): (&StoredYear, &Followed)| {
            (from..=to).contains(&one.of.year)
                && codes.as_ref().is_none_or(|codes| codes.contains(way.code.as_str()))
        };
        let entries: Vec<Entry> = kept
            .iter()
            .zip(&ways)
            .enumerate()
            .filter(|(_, pair)| is_asked(*pair))
            .map(|(kept, (_, way))| Entry { kept, followed: way.clone() })
            .collect();
        if entries.is_empty() {
            let there: BTreeSet<i32> = kept.iter().map(|one| one.of.year).collect();
            let text = |year: i32| {
                if year == i32::MIN || year == i32::MAX { String::new() } else { year.to_string() }
            };
            return Err(Problem::error("panel_no_years", Place::default())
                .with("found", format!("{}..{}", text(from), text(to)))
                .list("there", there)
                .into());
        }
        Ok(Chosen { entries, ways })
    }

    /// `ways` has the same order as the stored years.
    pub fn of_year(&self, years: &dyn YearSource, year: i32) -> impl Iterator<Item = &Entry> {
        let from = years.kept().partition_point(|one| one.of.year < year);
        let to = years.kept().partition_point(|one| one.of.year <= year);
        self.entries.iter().filter(move |entry| (from..to).contains(&entry.kept))
    }
}

/// The codes (after the crosswalk) of the requested districts; `None` for all. A district may be requested by code or
/// name, as stored or after the crosswalk.
fn asked_codes<'a>(
    kept: &'a [StoredYear],
    ways: &'a [Followed],
    asked: &StudyOptions,
) -> Result<Option<BTreeSet<&'a str>>> {
    if asked.districts.is_empty() {
        return Ok(None);
    }
    let mut found = BTreeSet::new();
    let mut problems = Vec::new();
    for wanted in &asked.districts {
        let now = |(_, way): &(&StoredYear, &Followed)| way.code == *wanted || way.name == *wanted;
        let before = |(one, _): &(&StoredYear, &Followed)| {
            one.of.district_code == *wanted || one.district_name == *wanted
        };
        let all = || kept.iter().zip(ways);
        let mut mine: BTreeSet<&str> = all().filter(now).map(|(_, way)| way.code.as_str()).collect();
        if mine.is_empty() {
            mine = all().filter(before).map(|(_, way)| way.code.as_str()).collect();
        }
        if mine.is_empty() {
            let known: BTreeSet<&str> =
                ways.iter().flat_map(|way| [way.code.as_str(), way.name.as_str()]).collect();
            problems.push(
                Problem::error("panel_no_district", Place::default())
                    .with("found", wanted)
                    .list("nearest", nearest(wanted, known)),
            );
        }
        found.extend(mine);
    }
    if problems.is_empty() { Ok(Some(found)) } else { Err(Error::Input(problems)) }
}

/// A year, and what was noticed while reading it.
pub(super) struct Read {
    pub measured: Measured,
    pub covered: Vec<Covered>,
}

/// A district after the crosswalk, and the entries that make it up.
struct Counted<'a> {
    region: Region,
    kept: Vec<&'a StoredYear>,
}

/// `watch(n)`: another n district-years are done.
pub(super) fn read(
    years: &dyn YearSource,
    year: i32,
    standard: &Standard,
    asked: &StudyOptions,
    chosen: &Chosen,
    words: &Words,
    watch: &(dyn Fn(usize) + Sync),
) -> Result<Read> {
    let counted = counted(years, year, asked, chosen, words);
    let columns = columns(standard, asked.reliefs);
    let parts: Vec<Part> = counted
        .par_chunks(TOGETHER)
        .map(|districts| {
            let part = Part::read(years, year, districts, &columns, standard, asked.reliefs);
            watch(districts.iter().map(|d| d.kept.len()).sum());
            part
        })
        .collect::<Result<_>>()?;
    let regions = counted.into_iter().map(|one| one.region).collect();
    let mut found = Read { measured: Measured { year, regions, ..Measured::default() }, covered: Vec::new() };
    let shared = parts.iter().any(|part| !part.panel.share.is_empty());
    let (mut first_row, mut first_district) = (0, 0);
    for part in parts {
        found.covered.extend(part.covered.into_iter().map(|mut covered| {
            covered.district += first_district;
            covered
        }));
        found.measured.rows.extend(part.rows.into_iter().map(|mut row| {
            row.district += first_district;
            row
        }));
        joined(&mut found.measured.panel, part.panel, first_row, 3 * first_district, shared);
        first_row += part.height;
        first_district += part.districts;
    }
    Ok(found)
}

/// The districts of a year by code, each with its stored entries.
fn counted<'a>(
    years: &'a dyn YearSource,
    year: i32,
    asked: &StudyOptions,
    chosen: &Chosen,
    words: &Words,
) -> Vec<Counted<'a>> {
    let mut by_code: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in chosen.of_year(years, year) {
        by_code.entry(&entry.followed.code).or_default().push(entry);
    }
    by_code
        .into_iter()
        .map(|(code, entries)| {
            // If several are joined, the name is that of the one which has the code.
            let kept = |entry: &Entry| &years.kept()[entry.kept];
            let own = entries.iter().find(|entry| kept(entry).of.district_code == code);
            let name = own.or(entries.first()).map_or(code, |entry| &entry.followed.name);
            Counted {
                region: asked.crosswalk.place(code, name, words),
                kept: entries.into_iter().map(kept).collect(),
            }
        })
        .collect()
}

/// The columns needed for measuring, and those that identify a row.
pub(super) fn columns(standard: &Standard, reliefs: bool) -> Vec<String> {
    let mut columns = Measure::new(standard, reliefs).columns();
    columns.extend(["school_name", "location", "ownership", "school_type"].map(str::to_string));
    columns.sort();
    columns.dedup();
    columns
}

/// Some districts of a year.
struct Part {
    districts: u32,
    /// The number of rows of facts.
    height: u32,
    rows: Vec<Identity>,
    panel: MeasureMatrix,
    covered: Vec<Covered>,
}

impl Part {
    fn read(
        years: &dyn YearSource,
        year: i32,
        districts: &[Counted],
        columns: &[String],
        standard: &Standard,
        reliefs: bool,
    ) -> Result<Part> {
        let mut frame: Option<DataFrame> = None;
        // The district of every row.
        let mut of_row: Vec<u32> = Vec::new();
        for (at, district) in districts.iter().enumerate() {
            for kept in &district.kept {
                let facts = years.facts(kept, Some(columns))?;
                of_row.resize(of_row.len() + facts.height(), at as u32);
                match &mut frame {
                    None => frame = Some(facts),
                    Some(frame) => {
                        frame.vstack_mut(&facts)?;
                    }
                }
            }
        }
        let mut part = Part {
            districts: districts.len() as u32,
            height: of_row.len() as u32,
            rows: Vec::new(),
            panel: MeasureMatrix::default(),
            covered: Vec::new(),
        };
        let Some(mut frame) = frame else { return Ok(part) };
        frame.rechunk_mut();
        // The year of the partition, whatever the file contains.
        frame.with_column(Column::new(facts::column::year.into(), vec![year; frame.height()]))?;
        let combined = Combined::of(&frame)?;
        let mut measure = Measure::new(standard, reliefs);
        let mut panel = measure.add(&frame, 0, &combined)?;
        let exact = measure.exact(&panel, &frame, 0, &combined);
        judge::schools::mark(&mut panel, &measure.groups, standard, &exact);
        part.covered = Reading::new(standard, reliefs).covered(&frame, &of_row, part.districts)?;
        part.rows = identities(&frame, &of_row, &panel, &measure.groups)?;
        let mut order: Vec<u32> = (0..part.rows.len() as u32).collect();
        let key = |row: u32| {
            let one = &part.rows[row as usize];
            (one.district, &one.school_code, one.section, panel.row[row as usize])
        };
        order.sort_by(|&a, &b| key(a).cmp(&key(b)));
        part.panel = taken(&panel, &order, &part.rows);
        let mut identities: Vec<Option<Identity>> = part.rows.into_iter().map(Some).collect();
        part.rows = order.iter().filter_map(|&row| identities[row as usize].take()).collect();
        Ok(part)
    }
}

fn identities(
    frame: &DataFrame,
    of_row: &[u32],
    panel: &MeasureMatrix,
    groups: &[Group],
) -> PolarsResult<Vec<Identity>> {
    let text = |name: &str| -> PolarsResult<StringChunked> { Ok(frame.column(name)?.str()?.clone()) };
    let (code, name, kind) = (
        text(facts::column::school_code)?,
        text(facts::column::school_name)?,
        text(facts::column::school_type)?,
    );
    let (location, ownership) = (text("location")?, text("ownership")?);
    let own = |text: &StringChunked, at: usize| text.get(at).map(str::to_string);
    Ok(panel
        .row
        .iter()
        .zip(&panel.group)
        .map(|(&at, &group)| {
            let at = at as usize;
            let school_code = own(&code, at).unwrap_or_default();
            Identity {
                district: of_row[at],
                section: groups[group as usize].section,
                school_name: own(&name, at).unwrap_or_else(|| school_code.clone()),
                school_code,
                location: own(&location, at),
                ownership: ownership.get(at).map(|found| owner(found).to_string()),
                school_type: own(&kind, at),
            }
        })
        .collect())
}

/// All types of the form except 民办 are public (表Ⅱ-2, L2).
fn owner(found: &str) -> &'static str {
    if found == "民办" { "民办" } else { "公办" }
}

/// Reorders the rows of a matrix; groups are set from the rows' districts and sections.
fn taken(panel: &MeasureMatrix, order: &[u32], rows: &[Identity]) -> MeasureMatrix {
    let each = |values: &[f64], width: usize| -> Vec<f64> {
        if values.is_empty() {
            return Vec::new();
        }
        order.iter().flat_map(|&row| &values[row as usize * width..][..width]).copied().collect()
    };
    let marks: Vec<Mark> = order
        .iter()
        .flat_map(|&row| &panel.marks[row as usize * panel.width..][..panel.width])
        .copied()
        .collect();
    let group = |row: u32| {
        let one = &rows[row as usize];
        3 * one.district + one.section as u32
    };
    MeasureMatrix {
        row: order.iter().map(|&row| panel.row[row as usize]).collect(),
        group: order.iter().map(|&row| group(row)).collect(),
        numerator: each(&panel.numerator, panel.width),
        denominator: each(&panel.denominator, panel.denominators),
        relieved_threshold: each(&panel.relieved_threshold, panel.width),
        share: each(&panel.share, 1),
        marks,
        width: panel.width,
        denominators: panel.denominators,
        denominator_of: panel.denominator_of.clone(),
        factor: panel.factor.clone(),
        apportioned: panel.apportioned.clone(),
    }
}

/// Appends the rows of a part; `shared`: some part has shares, so all of them must.
fn joined(
    whole: &mut MeasureMatrix,
    mut part: MeasureMatrix,
    first_row: u32,
    first_group: u32,
    shared: bool,
) {
    if shared && part.share.is_empty() {
        part.share = vec![1.0; part.rows()];
    }
    part.row.iter_mut().for_each(|row| *row += first_row);
    part.group.iter_mut().for_each(|group| *group += first_group);
    if whole.width == 0 {
        *whole = part;
        return;
    }
    whole.row.append(&mut part.row);
    whole.group.append(&mut part.group);
    whole.numerator.append(&mut part.numerator);
    whole.denominator.append(&mut part.denominator);
    whole.marks.append(&mut part.marks);
    whole.share.append(&mut part.share);
    whole.relieved_threshold.append(&mut part.relieved_threshold);
}
