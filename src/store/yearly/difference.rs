//! The differences between two versions of a district's year.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::Snapshot;
use crate::{
    problem::Result,
    tables::{
        self, version_changes,
        years::{StoredYear, YearSource},
    },
};

/// A school's section: code and section.
type Key = (String, String);

/// A change of one school or of the district.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub kind: Kind,
    pub school_code: String,
    pub school_name: String,
    pub section: String,
    /// A dictionary id or an indicator; empty for a school that was added or removed.
    pub of: String,
    /// As it is written; empty if there is no value.
    pub old: String,
    pub new: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Came,
    Went,
    Fact,
    DistrictFact,
    Cv,
    /// Whether a CV is within its limit.
    Met,
    /// A school that was added or removed.
    School,
}

impl Kind {
    pub fn id(self) -> &'static str {
        match self {
            Kind::Came => "came",
            Kind::Went => "went",
            Kind::Fact => "fact",
            Kind::DistrictFact => "district_fact",
            Kind::Cv => "cv",
            Kind::Met => "met",
            Kind::School => "school",
        }
    }
}

/// The changes as a table.
pub fn table(changes: &[Change]) -> version_changes::Frame {
    changes
        .iter()
        .map(|change| version_changes::Values {
            kind: change.kind.id(),
            school_code: &change.school_code,
            school_name: &change.school_name,
            section: &change.section,
            of: &change.of,
            old: &change.old,
            new: &change.new,
        })
        .collect()
}

/// The changes in the order of [`Kind`], then of the schools.
///
/// # Errors
/// A file of one version is damaged, or cannot be read.
pub fn difference(store: &Snapshot, old: &StoredYear, new: &StoredYear) -> Result<Vec<Change>> {
    let mut changes = facts(&store.facts(old, None)?, &store.facts(new, None)?)?;
    let table = tables::district_facts::table();
    let values = |of: &StoredYear| -> Result<_> {
        Ok(by_key(&store.table(of, &table)?, &["fact", "fact"], &["value"])?)
    };
    for (key, old, new) in pairs(values(old)?, values(new)?) {
        changes.extend(change(Kind::DistrictFact, &key.0, &old, &new));
    }
    let table = tables::dispersion::table();
    let found = |of: &StoredYear, column: &str| -> Result<_> {
        Ok(by_key(&store.table(of, &table)?, &["indicator", "section"], &[column])?)
    };
    for (kind, column) in [(Kind::Cv, "cv"), (Kind::Met, "status")] {
        for (key, old, new) in pairs(found(old, column)?, found(new, column)?) {
            changes.extend(change(kind, &key.0, &old, &new).map(|c| Change { section: key.1.clone(), ..c }));
        }
    }
    let table = tables::schools::table();
    let judged = |of: &StoredYear| -> Result<_> {
        Ok(by_key(&store.table(of, &table)?, &["school_code", "section"], &["met", "school_name"])?)
    };
    for (key, old, new) in pairs(judged(old)?, judged(new)?) {
        // Schools that were added or removed have been reported.
        let (Some(old), Some(new)) = (old, new) else { continue };
        let met = |of: &[String]| Some(of.iter().take(1).cloned().collect());
        changes.extend(change(Kind::School, "met", &met(&old), &met(&new)).map(|c| Change {
            school_code: key.0.clone(),
            school_name: new.get(1).cloned().unwrap_or_default(),
            section: key.1.clone(),
            ..c
        }));
    }
    changes.sort_by_key(|change| change.kind);
    Ok(changes)
}

/// The changes of facts: schools added or removed, and values that differ.
pub fn facts(old: &DataFrame, new: &DataFrame) -> PolarsResult<Vec<Change>> {
    let where_it_stood = ["source_id", "source_row", "section", "school_code", "district_code", "year"];
    let columns: Vec<&str> = new
        .columns()
        .iter()
        .map(|column| column.name().as_str())
        .filter(|name| !where_it_stood.contains(name))
        .filter(|name| [old, new].iter().any(|f| f.column(name).is_ok_and(|c| c.null_count() < c.len())))
        .collect();
    let name = columns.iter().position(|column| *column == "school_name");
    let keys = ["school_code", "section"];
    let mut changes = Vec::new();
    for (key, old, new) in pairs(by_key(old, &keys, &columns)?, by_key(new, &keys, &columns)?) {
        let named = |values: &[String]| name.and_then(|at| values.get(at).cloned()).unwrap_or_default();
        let of = |kind, values: &[String]| Change {
            kind,
            school_code: key.0.clone(),
            school_name: named(values),
            section: key.1.clone(),
            of: String::new(),
            old: String::new(),
            new: String::new(),
        };
        match (old, new) {
            (Some(old), Some(new)) => {
                for ((column, old), value) in columns.iter().zip(&old).zip(&new) {
                    if old != value {
                        let (old, value) = (old.clone(), value.clone());
                        let of = of(Kind::Fact, &new);
                        changes.push(Change { of: column.to_string(), old, new: value, ..of });
                    }
                }
            }
            (Some(old), None) => changes.push(of(Kind::Went, &old)),
            (None, Some(new)) => changes.push(of(Kind::Came, &new)),
            (None, None) => {}
        }
    }
    changes.sort_by_key(|change| change.kind);
    Ok(changes)
}

fn change(kind: Kind, of: &str, old: &Option<Vec<String>>, new: &Option<Vec<String>>) -> Option<Change> {
    let text =
        |values: &Option<Vec<String>>| values.as_ref().and_then(|v| v.first().cloned()).unwrap_or_default();
    let (old, new) = (text(old), text(new));
    (old != new).then(|| Change {
        kind,
        school_code: String::new(),
        school_name: String::new(),
        section: String::new(),
        of: of.to_string(),
        old,
        new,
    })
}

/// Every key of the two, with its value in each.
fn pairs<T>(mut old: BTreeMap<Key, T>, mut new: BTreeMap<Key, T>) -> Vec<(Key, Option<T>, Option<T>)> {
    let keys: BTreeSet<Key> = old.keys().chain(new.keys()).cloned().collect();
    let both = |key: Key| {
        let (old, new) = (old.remove(&key), new.remove(&key));
        (key, old, new)
    };
    keys.into_iter().map(both).collect()
}

/// The texts of `columns` by those of two keys; a missing column is empty.
fn by_key(frame: &DataFrame, keys: &[&str; 2], columns: &[&str]) -> PolarsResult<BTreeMap<Key, Vec<String>>> {
    let key = |at: usize| frame.column(keys[at])?.str();
    let (first, second) = (key(0)?, key(1)?);
    let mut texts: Vec<Vec<String>> = Vec::with_capacity(columns.len());
    for name in columns {
        texts.push(match frame.column(name) {
            Ok(column) => as_written(column)?,
            Err(_) => vec![String::new(); frame.height()],
        });
    }
    let mut found = BTreeMap::new();
    for row in 0..frame.height() {
        let key = (first.get(row).unwrap_or_default().into(), second.get(row).unwrap_or_default().into());
        let values = texts.iter().map(|text| text.get(row).cloned().unwrap_or_default()).collect();
        found.insert(key, values);
    }
    Ok(found)
}

fn as_written(column: &Column) -> PolarsResult<Vec<String>> {
    Ok(match column.dtype() {
        DataType::String => column.str()?.iter().map(|v| v.unwrap_or_default().to_string()).collect(),
        DataType::Boolean => {
            column.bool()?.iter().map(|v| v.map_or_else(String::new, |v| v.to_string())).collect()
        }
        _ => {
            let values = column.cast(&DataType::Float64)?;
            values.f64()?.iter().map(|v| v.map_or_else(String::new, |v| v.to_string())).collect()
        }
    })
}
