//! The standards of `data/standards/*.toml`: read, checked, described. No arithmetic on data.
//!
//! The types here are resolved: an edition is merged into its base, settings are chosen, formulas are parsed. The
//! structure of the files, in which everything is optional, is in `raw`.

pub mod class_sizes;
pub mod coverage;
pub mod describe;
mod document;
pub mod entry;
pub mod formula;
pub mod grades;
mod grain;
mod items;
mod merge;
pub mod method;
mod papers;
mod parts;
pub mod points;
mod procedure;
pub mod raw;
mod read;
mod resolve;
mod resolver;
pub mod rule_text;
pub mod scoring;
pub mod self_assessment;
mod shape;
pub mod sources;
pub mod stages;
#[cfg(test)]
mod tests;
mod tree;
mod units;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::dictionary::Section;
pub use formula::Formula;
pub use method::Method;
pub use papers::{Consequence, ConsequenceWhen, Paper};
pub use procedure::{MonthDay, Step, When};
pub use raw::{Every, StepKind};
pub use read::{checked, names, schema};
pub use scoring::{
    Adjustment, AdjustmentRule, DocumentFinding, FindingKind, Grade, Group, Member, Part, Scoring, UnitKind,
    Units,
};
pub use self_assessment::SelfReport;

/// A text in both languages; `en` falls back to `zh`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub zh: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    pub fn get(&self, language: crate::words::Language) -> &str {
        match (language, &self.en) {
            (crate::words::Language::English, Some(en)) => en,
            _ => &self.zh,
        }
    }
}

/// One value per section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum BySection<T> {
    Each(BTreeMap<Section, T>),
    Same(T),
}

impl<T> BySection<T> {
    /// `None` if the section has no value.
    pub fn get(&self, section: Section) -> Option<&T> {
        match self {
            BySection::Same(value) => Some(value),
            BySection::Each(map) => map.get(&section),
        }
    }
}

/// A complete evaluation system, ready to run.
#[derive(Debug, Clone, Serialize)]
pub struct Standard {
    /// The file's name without `.toml`.
    pub id: String,
    /// The version of the file.
    pub version: String,
    /// The title, in both languages.
    pub title: Text,
    /// The document: 教督〔2017〕6号 …
    pub source: String,
    /// The standard that this one is an edition of.
    pub extends: Option<String>,
    /// Remarks for the reader: contradictions in the document, choices made.
    pub notes: Vec<Text>,
    /// The school sections that are judged.
    pub scope: Scope,
    /// How combined schools are divided into their sections.
    pub apportionment: Option<Apportionment>,
    /// The rule by which one school meets the standard.
    pub school_rule: Option<SchoolRule>,
    /// The indicators, in the order of the document.
    pub indicators: Vec<Indicator>,
    /// The headings of the items, each after its parent.
    pub groups: Vec<Group>,
    /// The items, in the order of the document.
    pub items: Vec<Item>,
    /// What may be chosen where the document is ambiguous.
    pub settings: Vec<Setting>,
    /// How scores are added up, if items have points.
    pub scoring: Option<Scoring>,
    /// How numbers are rounded in print.
    pub print: Print,
    /// The units that are scored; `None` if the standard judges districts (`assess`) instead.
    pub units: Option<Units>,
    /// The steps of the year.
    pub steps: Vec<Step>,
    /// The papers that are handed in.
    pub papers: Vec<Paper>,
    /// What follows from a result.
    pub consequences: Vec<Consequence>,
    /// What a unit's report on itself contains; `None` if the document does not say.
    pub self_report: Option<SelfReport>,
    /// The rounds in which some items are marked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<stages::Round>,
    /// What is marked again after rectification; all items where the file does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recheck: Option<stages::Recheck>,
    /// Defects of the document itself.
    pub document_findings: Vec<DocumentFinding>,
}

/// The school sections that are judged and enter the dispersion.
#[derive(Debug, Clone, Serialize)]
pub struct Scope {
    pub sections: Vec<Section>,
    pub exclude: Vec<Exclusion>,
    pub clause: String,
}

/// A school that is left out, and why. `when` reads one row of `facts`.
#[derive(Debug, Clone, Serialize)]
pub struct Exclusion {
    pub id: String,
    pub when: Formula,
    pub reason: Text,
    pub clause: String,
    pub only: Option<Choice>,
}

/// The shared resources of a combined school: the share of a section is w_s·P_s / Σ w_t·P_t.
#[derive(Debug, Clone, Serialize)]
pub struct Apportionment {
    /// Dictionary ids of school facts.
    pub facts: Vec<String>,
    pub weights: BTreeMap<Section, f64>,
    pub clause: String,
}

/// The conditions for a school to meet the standard.
#[derive(Debug, Clone, Serialize)]
pub struct SchoolRule {
    /// The number of indicators that must reach their threshold.
    pub at_least: usize,
    /// The share of the threshold that the others must reach: 0.85.
    pub floor: f64,
    /// Whether the district's mean must reach the threshold, too (大祥区: 全区和所有小学).
    pub district_mean: bool,
    pub text: Text,
    pub clause: String,
}

/// A value per school: factor × numerator / denominator.
#[derive(Debug, Clone, Serialize)]
pub struct Indicator {
    pub id: String,
    pub title: Text,
    pub unit: String,
    pub numerator: BySection<Formula>,
    pub denominator: Formula,
    pub factor: f64,
    pub threshold: BySection<f64>,
    /// The maximum CV.
    pub limit: BySection<f64>,
    /// The unit of the numerator: 人, ㎡, 万元, 间.
    pub shortfall_unit: String,
    /// Whether only whole units exist (teachers, rooms).
    pub whole: bool,
    pub reliefs: Vec<IndicatorRelief>,
    pub departments: Vec<String>,
    pub offices: Vec<String>,
    pub measures: Vec<String>,
    pub due: Option<String>,
    pub clause: String,
}

/// 过渡性放宽 (transitional relief): the threshold for rows where `when` is true, with `--reliefs`.
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorRelief {
    pub id: String,
    pub when: Formula,
    pub numerator: Option<BySection<Formula>>,
    pub threshold: Option<BySection<f64>>,
    pub title: Text,
    pub clause: String,
}

/// An item of the system.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    pub id: String,
    /// The row of the national application form that it corresponds to: `4.1` to `4.15`, `5.1` to `5.9`, `6`.
    pub form: Option<String>,
    /// 一级指标: the topmost heading.
    pub group: Text,
    /// The id of the innermost heading.
    pub heading: String,
    pub title: Text,
    /// A or B, if the document has such classes; otherwise empty.
    pub class: String,
    pub rule: Rule,
    /// Whether a conclusion must be entered besides its checks (佐证与评分).
    pub evidence: bool,
    /// 评估要点, as in the document.
    pub requirements: Vec<String>,
    /// 评估办法, as in the document.
    pub procedure: Vec<String>,
    pub measures: Vec<String>,
    pub departments: Vec<String>,
    pub offices: Vec<String>,
    pub due: Option<String>,
    pub clause: String,
    pub note: Option<Text>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// The indicator's dispersion is within its limits, and the district's mean satisfies [`SchoolRule`]; if the school
    /// rule requires every indicator, every school must reach the threshold, too.
    Indicator { indicator: String },
    /// Decided by data.
    Checks { checks: Vec<Check> },
    /// The arithmetic mean of these indicators' CVs is within its limit (教督〔2012〕3号).
    Composite { indicators: Vec<String>, limit: BySection<f64> },
    /// A conclusion must be entered.
    Evidence,
    /// Points, for the whole or by part. `points` is `None` if they depend on a yearly index; checks and adjustments
    /// belong to scoring standards.
    Scored {
        points: Option<f64>,
        floor: f64,
        parts: Vec<Part>,
        adjustments: Vec<Adjustment>,
        checks: Vec<Check>,
    },
    /// Must be confirmed absent.
    Veto,
}

impl Rule {
    /// As written in `items.kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Rule::Indicator { .. } => "indicator",
            Rule::Checks { .. } => "check",
            Rule::Composite { .. } => "composite",
            Rule::Evidence => "evidence",
            Rule::Scored { .. } => "scored",
            Rule::Veto => "veto",
        }
    }
}

/// The rows that a check is evaluated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// Each section: its facts, its school's facts, the district's facts.
    Section,
    /// Each school: section facts summed over the compulsory sections (`primary.students` for one section).
    School,
    /// The district's facts, once.
    District,
    /// Once: `numerator` and `denominator` each summed over the section rows.
    SumOfSections,
    /// Once: `numerator` and `denominator` each summed over the schools.
    SumOfSchools,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Comparison {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    More,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "=")]
    Equal,
}

impl Comparison {
    /// As in the keys of the catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Comparison::AtLeast => "at_least",
            Comparison::AtMost => "at_most",
            Comparison::More => "more",
            Comparison::Less => "less",
            Comparison::Equal => "equal",
        }
    }

    /// As it is printed: ≥, ≤, >, <, =.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::AtLeast => "≥",
            Comparison::AtMost => "≤",
            Comparison::More => ">",
            Comparison::Less => "<",
            Comparison::Equal => "=",
        }
    }
}

/// One computed requirement: factor × numerator / denominator `compare` required, for every row.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Unique within its item: `music`, `primary`.
    pub id: String,
    pub title: Text,
    pub over: Over,
    /// The rows that it applies to (for `district`: whether it applies at all). A row where this is null is missing.
    pub applies: Option<Formula>,
    pub numerator: Formula,
    pub denominator: Option<Formula>,
    pub factor: f64,
    pub compare: Comparison,
    pub required: Formula,
    /// Replaces `required` by class of unit; only in scoring standards.
    pub required_by_class: BTreeMap<String, f64>,
    pub unit: String,
    /// The amount that is lacking, in `shortfall_unit`; by default |required − value|.
    pub shortfall: Option<Formula>,
    pub shortfall_unit: String,
    pub whole: bool,
    /// Decimals in print.
    pub decimals: u32,
    pub reliefs: Vec<CheckRelief>,
    pub only: Option<Choice>,
    pub clause: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct CheckRelief {
    pub id: String,
    pub when: Formula,
    pub numerator: Option<Formula>,
    pub required: Option<Formula>,
    pub clause: String,
}

/// A choice where sources disagree, with its default and alternatives.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    pub id: String,
    pub title: Text,
    /// id → meaning.
    pub values: BTreeMap<String, Text>,
    /// The chosen value; in a file, the default.
    pub value: String,
    #[serde(default)]
    pub clause: String,
}

/// In force only while `setting` has `value`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub setting: String,
    pub value: String,
}

/// The decimals of the printed form (表Ⅱ–Ⅳ).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Print {
    pub value: u32,
    pub mean: u32,
    pub cv: u32,
    pub percent: u32,
}

impl Default for Print {
    fn default() -> Self {
        Print { value: 2, mean: 2, cv: 3, percent: 1 }
    }
}

impl Item {
    /// Its checks; empty for other kinds of rules.
    pub fn checks(&self) -> &[Check] {
        match &self.rule {
            Rule::Checks { checks } | Rule::Scored { checks, .. } => checks,
            _ => &[],
        }
    }

    /// As in the column `kind` of `items`.
    pub fn kind(&self) -> &'static str {
        self.rule.kind()
    }
}

impl Standard {
    /// The chosen value of a setting; empty if the standard has no such setting.
    pub fn setting(&self, id: &str) -> &str {
        self.settings.iter().find(|s| s.id == id).map_or("", |s| s.value.as_str())
    }

    /// Whether something that depends on a choice is in force.
    pub fn in_force(&self, only: &Option<Choice>) -> bool {
        only.as_ref().is_none_or(|choice| self.setting(&choice.setting) == choice.value)
    }

    /// Remarks for the reader: the notes, followed by the defects of the document.
    pub fn remarks(&self, language: crate::words::Language) -> impl Iterator<Item = &str> {
        let notes = self.notes.iter().map(move |note| note.get(language));
        notes.chain(self.document_findings.iter().map(move |finding| finding.text.get(language)))
    }

    /// The indicator with this id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.id == id)
    }

    /// The title of an indicator or an item; empty for an unknown id.
    pub fn title_of(&self, id: &str, language: crate::words::Language) -> &str {
        let indicator = self.indicator(id).map(|indicator| &indicator.title);
        let item = || self.item(id).map(|item| &item.title);
        indicator.or_else(item).map_or("", |title| title.get(language))
    }

    /// The departments and offices responsible for an item or indicator: those of the item, otherwise those of the
    /// indicator that it judges. Empty if none are named.
    pub fn responsible(&self, id: &str) -> (&[String], &[String]) {
        let item = self.item(id);
        let indicator = match item.map(|item| &item.rule) {
            Some(Rule::Indicator { indicator }) => self.indicator(indicator),
            _ => self.indicator(id),
        };
        match (item, indicator) {
            (Some(item), Some(indicator)) if item.departments.is_empty() && item.measures.is_empty() => {
                (&indicator.departments, &indicator.offices)
            }
            (Some(item), _) => (&item.departments, &item.offices),
            (None, Some(indicator)) => (&indicator.departments, &indicator.offices),
            (None, None) => (&[], &[]),
        }
    }

    /// Whether it judges schools: it has a school rule and a threshold.
    pub fn judges_schools(&self) -> bool {
        self.school_rule.is_some() && self.has_thresholds()
    }

    /// Whether it has thresholds for schools; some standards only limit the differences between schools.
    pub fn has_thresholds(&self) -> bool {
        self.indicators.iter().any(|indicator| match &indicator.threshold {
            BySection::Same(_) => true,
            BySection::Each(map) => !map.is_empty(),
        })
    }

    /// Items whose value is the mean of several indicators' CVs: the item, the indicators, the limit.
    pub fn composites(&self) -> impl Iterator<Item = (&Item, &[String], &BySection<f64>)> {
        self.items.iter().filter_map(|item| match &item.rule {
            Rule::Composite { indicators, limit } => Some((item, &indicators[..], limit)),
            _ => None,
        })
    }

    /// Whether its items correspond to rows of the national application form.
    pub fn fills_the_form(&self) -> bool {
        self.items.iter().any(|item| item.form.is_some())
    }

    /// The item with this id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.id == id)
    }
}
