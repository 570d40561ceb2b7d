//! The structure of a standard file. Everything that an edition takes from its base may be left out.
//!
//! The JSON schema (`data/standards/schema.json`) is generated from these types, and a file is validated against that
//! schema first, so that structure, schema and messages always agree.

mod procedure;
mod scoring;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub use procedure::*;
pub use scoring::*;

use super::{Choice, Comparison, Over, Section, Text};

/// An evaluation system, or an edition that only states the differences from the one it extends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "junheng standard")]
pub struct File {
    /// The file's name without `.toml`.
    pub id: String,
    pub version: Option<String>,
    pub title: Option<Text>,
    /// The document, with its number.
    pub source: Option<String>,
    /// The standard this one is an edition of: its name, or the path of a `.toml` file beside this one.
    pub extends: Option<String>,
    /// How the items of this file are combined with those of the base: `merge` (default) adds and changes items by id,
    /// `replace` keeps only the items of this file, which may take over a base item with `from`.
    #[expect(dead_code, reason = "the texts are merged by it before this type is read")]
    pub items: Option<Items>,
    /// Remarks for the reader: contradictions in the document, choices made. Added to the base's.
    #[serde(default)]
    pub note: Vec<Text>,
    pub scope: Option<Scope>,
    pub apportionment: Option<Apportionment>,
    pub school_rule: Option<SchoolRule>,
    /// 一级指标, by id.
    #[serde(default)]
    pub group: Vec<Group>,
    #[serde(default)]
    pub indicator: Vec<Indicator>,
    #[serde(default)]
    pub item: Vec<Item>,
    #[serde(default)]
    pub setting: Vec<Setting>,
    pub scoring: Option<Scoring>,
    pub print: Option<Print>,
    /// The units that are scored, in a scoring standard.
    pub units: Option<Units>,
    /// The steps of the year.
    #[serde(default)]
    pub step: Vec<Step>,
    /// The papers that are handed in.
    #[serde(default)]
    pub paper: Vec<Paper>,
    /// What follows from a result.
    #[serde(default)]
    pub consequence: Vec<Consequence>,
    /// What a unit's report on itself contains.
    pub self_report: Option<SelfReport>,
    /// The rounds in which some items are marked, for instance one in each half of the year; the setting `round_rule`
    /// (`mean`, `last`, `lower`) combines their scores.
    #[serde(default)]
    pub round: Vec<Round>,
    /// What is marked again after rectification; without it, all items.
    pub recheck: Option<Recheck>,
    /// Defects of the document itself. Added to the base's.
    #[serde(default)]
    pub document_finding: Vec<DocumentFinding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Items {
    Merge,
    Replace,
}

/// A SQL scalar expression over dictionary ids, or a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Expression {
    Text(String),
    Whole(i64),
    Number(f64),
}

impl Expression {
    pub fn text(&self) -> String {
        match self {
            Expression::Text(text) => text.clone(),
            Expression::Whole(number) => number.to_string(),
            Expression::Number(number) => number.to_string(),
        }
    }
}

impl JsonSchema for Expression {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Formula".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "number"],
            "description": "A SQL scalar expression over dictionary ids: + - * /, comparisons, and/or/not, in, is null, case when, coalesce, nullif, ceil, floor. A number is one too."
        })
    }
}

/// One value for all sections, or one per section.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Sections_{T}")]
pub enum Sections<T> {
    Each(EachSection<T>),
    Same(T),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EachSection_{T}")]
pub struct EachSection<T> {
    pub primary: Option<T>,
    pub junior: Option<T>,
    pub senior: Option<T>,
}

impl<T> EachSection<T> {
    /// The values that are given.
    pub fn given(&self) -> impl Iterator<Item = (Section, &T)> {
        [(Section::Primary, &self.primary), (Section::Junior, &self.junior), (Section::Senior, &self.senior)]
            .into_iter()
            .filter_map(|(section, value)| Some((section, value.as_ref()?)))
    }
}

/// The school sections that are judged and enter the dispersion.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    pub sections: Option<Vec<Section>>,
    #[serde(default)]
    pub exclude: Vec<Exclusion>,
    pub clause: Option<String>,
}

/// A school that is left out, and why. `when` reads one row of `facts`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    pub id: String,
    pub when: Option<Expression>,
    pub reason: Option<Text>,
    pub clause: Option<String>,
    pub only: Option<Choice>,
}

/// The shared resources of a combined school: the share of a section is w_s·P_s / Σ w_t·P_t.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Apportionment {
    /// Dictionary ids of school facts.
    pub facts: Option<Vec<String>>,
    pub weights: Option<EachSection<f64>>,
    pub clause: Option<String>,
}

/// The conditions for a school to meet the standard.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchoolRule {
    /// The number of indicators that must reach their threshold.
    pub at_least: Option<usize>,
    /// The share of the threshold that the others must reach: 0.85.
    pub floor: Option<f64>,
    /// The district's mean must reach the threshold too.
    pub district_mean: Option<bool>,
    pub text: Option<Text>,
    pub clause: Option<String>,
}

/// 一级指标, or a heading under one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    /// The number printed in the document, if it uses an id twice.
    pub label: Option<String>,
    /// The parent heading.
    pub within: Option<String>,
    pub title: Option<Text>,
    /// As stated in the document, right or wrong.
    pub points: Option<f64>,
    /// 加分 (bonus), in addition to the total.
    pub bonus: Option<bool>,
    /// While `setting` has `value`, the items under the heading together count its own points: each is multiplied by
    /// the heading's points over their sum.
    pub scaled: Option<Choice>,
}

/// A value per school: factor × numerator / denominator.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub id: String,
    pub title: Option<Text>,
    pub unit: Option<String>,
    /// Without the factor. One for all sections, or one per section.
    pub numerator: Option<Sections<Expression>>,
    pub denominator: Option<Expression>,
    /// Default 1.
    pub factor: Option<f64>,
    /// Without thresholds and limits an indicator is only measured.
    pub threshold: Option<Sections<f64>>,
    /// The maximum CV.
    pub limit: Option<Sections<f64>>,
    /// The unit of the numerator: 人, ㎡, 万元, 间.
    pub shortfall_unit: Option<String>,
    /// Whether only whole units exist (teachers, rooms).
    pub whole: Option<bool>,
    #[serde(default)]
    pub relief: Vec<IndicatorRelief>,
    pub departments: Option<Vec<String>>,
    pub offices: Option<Vec<String>>,
    pub measures: Option<Vec<String>>,
    pub due: Option<String>,
    pub clause: Option<String>,
}

/// 过渡性放宽 (transitional relief): the threshold for rows where `when` is true, with `--reliefs`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorRelief {
    pub id: String,
    pub title: Option<Text>,
    pub when: Option<Expression>,
    pub numerator: Option<Sections<Expression>>,
    pub threshold: Option<Sections<f64>>,
    pub clause: Option<String>,
}

/// How an item is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// By an indicator: its dispersion, and the schools' thresholds.
    Indicator,
    /// By data: `[[item.check]]`.
    Check,
    /// By the mean of several indicators' CVs: `limit`, and `indicators` unless all are meant.
    Composite,
    /// By a conclusion that is entered.
    Evidence,
    /// By a score that is entered: `points` and `[[item.part]]`.
    Scored,
    /// Must be confirmed absent.
    Veto,
}

impl Kind {
    /// As written in `items.kind`.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Indicator => "indicator",
            Kind::Check => "check",
            Kind::Composite => "composite",
            Kind::Evidence => "evidence",
            Kind::Scored => "scored",
            Kind::Veto => "veto",
        }
    }
}

/// An item of the system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    /// The base item whose fields this item takes over.
    #[expect(dead_code, reason = "the texts are merged by it before this type is read")]
    pub from: Option<String>,
    /// The row of the national application form that the item corresponds to: `4.1` to `4.15` (表Ⅳ), `5.1` to `5.9`
    /// (表Ⅴ), `6` (表Ⅵ). Several items may share a row.
    pub form: Option<String>,
    /// The id of a `[[group]]`.
    pub group: Option<String>,
    pub title: Option<Text>,
    /// A or B, if the document has such classes.
    pub class: Option<String>,
    pub kind: Option<Kind>,
    /// The id of the indicator, for `kind = "indicator"`.
    pub indicator: Option<String>,
    /// For `kind = "check"`; in a scoring standard, the values that scores are based on or that are shown beside a
    /// mark.
    #[serde(default)]
    pub check: Vec<Check>,
    /// For `kind = "composite"`: the indicators whose CVs are averaged; default all indicators of the standard.
    pub indicators: Option<Vec<String>>,
    /// For `kind = "composite"`: the maximum mean of the CVs.
    pub limit: Option<Sections<f64>>,
    /// For `kind = "scored"`; absent if the points depend on a yearly index.
    pub points: Option<f64>,
    /// The minimum share of the points; default `scoring.item_floor`.
    pub floor: Option<f64>,
    /// For `kind = "scored"`: the parts that add up to `points`.
    #[serde(default)]
    pub part: Vec<Part>,
    /// For `kind = "scored"`: changes of the sum of the parts.
    #[serde(default)]
    pub adjust: Vec<Adjust>,
    /// Whether a conclusion must be entered besides its checks.
    pub evidence: Option<bool>,
    /// 评估要点, as in the document.
    pub requirements: Option<Vec<String>>,
    /// 评估办法, as in the document.
    pub procedure: Option<Vec<String>>,
    /// 推进措施.
    pub measures: Option<Vec<String>>,
    /// 责任部门.
    pub departments: Option<Vec<String>>,
    /// 责任股室.
    pub offices: Option<Vec<String>>,
    pub due: Option<String>,
    pub clause: Option<String>,
    pub note: Option<Text>,
}

/// One computed requirement: factor × numerator / denominator `compare` required, for every row.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Unique within its item.
    pub id: String,
    pub title: Option<Text>,
    pub over: Option<Over>,
    /// The rows that it applies to. A row where this is null is missing.
    pub applies: Option<Expression>,
    pub numerator: Option<Expression>,
    pub denominator: Option<Expression>,
    /// Default 1.
    pub factor: Option<f64>,
    pub compare: Option<Comparison>,
    pub required: Option<Expression>,
    /// In a scoring standard, instead of `required`: a number for each class of units.
    pub required_by_class: Option<BTreeMap<String, f64>>,
    pub unit: Option<String>,
    /// The amount that is lacking, in `shortfall_unit`; by default |required − value|.
    pub shortfall: Option<Expression>,
    /// Default `unit`.
    pub shortfall_unit: Option<String>,
    pub whole: Option<bool>,
    /// Decimals in print; default 0.
    pub decimals: Option<u32>,
    #[serde(default)]
    pub relief: Vec<CheckRelief>,
    pub only: Option<Choice>,
    /// Default: the item's.
    pub clause: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRelief {
    pub id: String,
    pub when: Option<Expression>,
    pub numerator: Option<Expression>,
    pub required: Option<Expression>,
    pub clause: Option<String>,
}

/// A choice where sources disagree, with its default and alternatives.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    pub id: String,
    pub title: Option<Text>,
    /// id → meaning.
    #[serde(default)]
    pub values: BTreeMap<String, Text>,
    /// The default.
    pub value: Option<String>,
    pub clause: Option<String>,
}

/// Totals and grades of the scored items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Absent if the points depend on a yearly index.
    pub total: Option<f64>,
    /// 加分 (bonus), in addition to the total.
    pub bonus: Option<f64>,
    /// The minimum share of its points for each scored item.
    pub item_floor: Option<f64>,
    /// What the final result is made of; the shares add up to 1.
    #[serde(default)]
    pub source: Vec<Component>,
    /// Ascending, with the document's own bounds.
    #[serde(default)]
    pub grade: Vec<Grade>,
    pub clause: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    pub name: Text,
    pub from: f64,
    /// The highest total of this grade.
    pub to: Option<f64>,
    /// Instead of `to`: totals below this one have the grade.
    pub below: Option<f64>,
    /// A condition in the document that must be confirmed for a unit.
    pub condition: Option<Text>,
}

/// The decimals of the printed form.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Print {
    pub value: Option<u32>,
    pub mean: Option<u32>,
    pub cv: Option<u32>,
    pub percent: Option<u32>,
}

/// The JSON schema of a standard file (draft 2020-12), as `data/standards/schema.json` holds it.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(File).to_value();
    tidy(&mut schema);
    schema
}

/// TOML has no null, and the files have no defaults worth showing.
fn tidy(schema: &mut serde_json::Value) {
    use serde_json::Value;
    match schema {
        Value::Object(map) => {
            map.remove("default");
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|t| t != "null");
                if let [only] = &types[..] {
                    let only = only.clone();
                    map.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
                branches.retain(|b| b.get("type") != Some(&Value::from("null")));
                if let [Value::Object(only)] = &branches[..] {
                    let only = only.clone();
                    map.remove("anyOf");
                    for (key, value) in only {
                        map.entry(key).or_insert(value);
                    }
                }
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(list) => list.iter_mut().for_each(tidy),
        _ => {}
    }
}
