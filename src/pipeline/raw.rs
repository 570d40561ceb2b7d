//! The structure of a pipeline file.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    dictionary::Section,
    ingest::{Headers, Mapping},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub standard: Option<String>,
    #[serde(default)]
    pub reliefs: bool,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    pub year: Option<i32>,
    pub district: Option<District>,
    pub out: Option<String>,
    pub tables: Option<Vec<String>>,
    pub documents: Option<Vec<String>>,
    pub templates: Option<String>,
    pub ledger: Option<String>,
    pub last_year: Option<String>,
    pub store: Option<String>,
    pub language: Option<String>,
    #[serde(default)]
    pub strict: bool,
    pub encoding: Option<String>,
    #[serde(default)]
    pub inputs: Vec<String>,
    pub common: Option<Common>,
    #[serde(default)]
    pub sources: Vec<Mapping>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct District {
    pub code: String,
    pub name: String,
}

/// A source without a file: settings for sources that do not set their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    pub sheet: Option<String>,
    pub encoding: Option<String>,
    pub header_rows: Option<(u32, u32)>,
    pub section: Option<Section>,
    pub year: Option<i32>,
    pub year_offset: Option<i32>,
    #[serde(default)]
    pub columns: BTreeMap<String, Headers>,
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// Every source with the common settings added; if only common settings are given, a source for every file.
pub fn sources(mut sources: Vec<Mapping>, common: Option<Common>) -> Vec<Mapping> {
    let Some(common) = common else { return sources };
    if sources.is_empty() {
        sources.push(Mapping { file: "*".to_string(), ..Default::default() });
    }
    for source in &mut sources {
        source.sheet = source.sheet.take().or_else(|| common.sheet.clone());
        source.encoding = source.encoding.take().or_else(|| common.encoding.clone());
        source.header_rows = source.header_rows.or(common.header_rows);
        source.section = source.section.or(common.section);
        source.year = source.year.or(common.year);
        source.year_offset = source.year_offset.or(common.year_offset);
        // A fact is either read from a column or constant, never both: the source's own setting takes precedence.
        for (fact, headers) in &common.columns {
            if !source.constants.contains_key(fact) {
                source.columns.entry(fact.clone()).or_insert_with(|| headers.clone());
            }
        }
        for (fact, value) in &common.constants {
            if !source.columns.contains_key(fact) {
                source.constants.entry(fact.clone()).or_insert_with(|| value.clone());
            }
        }
        source.ignore.splice(0..0, common.ignore.iter().cloned());
    }
    sources
}
