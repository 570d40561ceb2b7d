//! 自查自评: the parts that a unit marks itself, and the sections of its report.

use serde::Serialize;

pub use super::raw::ReportSection;
use super::{
    Rule, Standard, Text,
    entry::{Entry, Value, What},
    raw,
    resolver::Resolver,
};
use crate::words::Words;

/// The sections of a report whose document names none; their titles are in the catalogues.
const USUAL: [&str; 5] = ["basics", "practice", "results", "problems", "measures"];

/// What a unit's report on itself contains, in the order of the document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SelfReport {
    pub sections: Vec<ReportSection>,
    pub clause: String,
}

impl Standard {
    /// The parts in force of the items that concern a unit, as entries in which it gives its own mark: their ids are
    /// those of the parts (`27.2`).
    pub fn self_entries(&self, is_called: impl Fn(&str) -> bool) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let Rule::Scored { points, parts, .. } = &item.rule else { continue };
            if !self.concerns_item(item, &is_called) {
                continue;
            }
            for (k, part) in parts.iter().enumerate().filter(|(_, part)| self.in_force(&part.only)) {
                entries.push(Entry {
                    id: format!("{}.{}", item.id, part.id),
                    item: Some(index),
                    part: Some(k),
                    offices: part.offices.clone(),
                    what: What::Score,
                    // A single part may leave its points to the item.
                    value: Value::Score { most: part.points.or(points.filter(|_| parts.len() == 1)) },
                    optional: false,
                });
            }
        }
        entries
    }

    /// The sections of a unit's report: those of the document, otherwise the usual five.
    pub fn report_sections(&self, words: &Words) -> Vec<ReportSection> {
        if let Some(report) = &self.self_report {
            return report.sections.clone();
        }
        let usual = |id: &&str| ReportSection {
            id: id.to_string(),
            title: Text { zh: words.say(&format!("self_assessment.section.{id}")), en: None },
        };
        USUAL.iter().map(usual).collect()
    }

    /// The ids of the sections.
    pub fn report_section_ids(&self) -> Vec<&str> {
        match &self.self_report {
            Some(report) => report.sections.iter().map(|section| section.id.as_str()).collect(),
            None => USUAL.to_vec(),
        }
    }
}

impl Resolver<'_> {
    pub(super) fn self_report(&mut self, written: raw::SelfReport) -> SelfReport {
        if written.section.is_empty() {
            self.need(None::<()>, "self_report", "section");
        }
        for (i, section) in written.section.iter().enumerate() {
            let path = format!("self_report.section.{i}");
            if section.title.zh.trim().is_empty() {
                self.need(None::<()>, &path, "title");
            }
        }
        SelfReport { sections: written.section, clause: written.clause.unwrap_or_default() }
    }
}
