//! The layouts in which invented counties are written (`data/synth/layout.toml`), embedded in the program.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub names: Names,
    pub export: Export,
    pub form: Form,
    pub wide: Wide,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub urban: Vec<String>,
    pub town: Vec<String>,
    pub rural: Vec<String>,
    pub suffix: BTreeMap<String, String>,
    pub again: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Export {
    pub sheet: String,
    pub title: String,
    pub total: String,
    pub note: String,
    pub public_owner: String,
    pub private_owner: String,
    pub columns: Vec<ExportColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportColumn {
    pub path: Vec<String>,
    pub fact: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub headers: Vec<String>,
    pub required: String,
    pub optional: String,
    pub school_sheet: String,
    pub district_sheet: String,
    pub district_file: String,
    pub rows: Vec<FormRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormRow {
    pub group: String,
    pub item: String,
    #[serde(default)]
    pub unit: String,
    pub fact: String,
    #[serde(default)]
    pub named: bool,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wide {
    pub school_sheet: String,
    pub district_sheet: String,
    pub district_headers: Vec<String>,
}

impl Layout {
    /// Embedded and not overridden: these are the layouts of other organizations.
    pub fn get() -> &'static Layout {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| {
            toml::from_str(include_str!("../../data/synth/layout.toml"))
                .expect("data/synth/layout.toml is part of the program and tested")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn every_written_name_is_one_the_dictionary_knows() {
        let layout = Layout::get();
        let known = |id: &str, name: &str| {
            let fact = Dictionary::get().fact(id).unwrap_or_else(|| panic!("{id}"));
            fact.label_zh == name || fact.aliases_zh.iter().any(|alias| alias == name)
        };
        for row in &layout.form.rows {
            assert!(known(&row.fact, row.item.trim_start_matches("{section}")), "{} {}", row.fact, row.item);
        }
        for column in &layout.export.columns {
            assert!(Dictionary::get().fact(&column.fact).is_some(), "{}", column.fact);
        }
    }
}
