//! The facts: id, Chinese and English label, aliases, unit and grain, read from `data/dictionary.csv`.

use std::{collections::HashMap, sync::OnceLock};

use serde::Deserialize;

use crate::{
    data,
    problem::{Error, Place, Problem, Result},
};

/// The file name, in `data/` and in an override folder.
const FILE: &str = "dictionary.csv";

/// What one value of a fact describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    School,
    Section,
    District,
}

/// A 学段.
#[allow(missing_docs)] // comments on the variants would be written into the schema of the standards
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Primary,
    Junior,
    Senior,
}

impl Section {
    /// All sections, the lowest first.
    pub const ALL: [Section; 3] = [Section::Primary, Section::Junior, Section::Senior];
    /// The id in tables.
    pub fn id(self) -> &'static str {
        match self {
            Section::Primary => "primary",
            Section::Junior => "junior",
            Section::Senior => "senior",
        }
    }
    /// The label that users write: 小学, 初中, 高中.
    pub fn label_zh(self) -> &'static str {
        match self {
            Section::Primary => "小学",
            Section::Junior => "初中",
            Section::Senior => "高中",
        }
    }
    /// The section that has this id in tables.
    pub fn from_id(id: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|s| s.id() == id)
    }
}

/// What a cell of a fact must contain, and the type of its column in `facts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Codes and names: `String`, leading zeros kept.
    Text,
    /// A closed list of words (学校类型, 办学性质, 城乡类型): `String`.
    Choice,
    /// 是/否: `Boolean`.
    YesNo,
    /// `year` is `Int32`; 建校年份 (year of foundation) is `Float64`.
    Year,
    /// A non-negative integer: `Float64`.
    Count,
    /// A non-negative number, in the fact's unit: `Float64`.
    Amount,
    /// Levels Ⅰ to Ⅳ of the national monitoring, as 1 to 4: `Float64`.
    Level,
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub id: String,
    pub grain: Grain,
    /// 人, 万人, 个, 所, 份, ㎡, 元, 万元, 间, 台, 册, 条, 次, 项, 起, 门, 级, %, 年, 是/否; empty for text and for a ratio.
    pub unit: String,
    pub label_zh: String,
    pub aliases_zh: Vec<String>,
    pub label_en: String,
    pub note: String,
    pub kind: Kind,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    grain: Grain,
    unit: String,
    label_zh: String,
    aliases_zh: String,
    label_en: String,
    note: String,
}

#[derive(Debug)]
pub struct Dictionary {
    facts: Vec<Fact>,
    by_id: HashMap<String, usize>,
}

impl Dictionary {
    /// The dictionary of this run, read once.
    ///
    /// # Errors
    /// The file of the override folder cannot be read, or is not a dictionary (`dictionary_broken`).
    pub fn load() -> Result<&'static Dictionary> {
        static DICTIONARY: OnceLock<Result<Dictionary, Box<Problem>>> = OnceLock::new();
        let read = || {
            let place = || Place::file(data::shown(FILE));
            let broken =
                |why: String| Box::new(Problem::error("dictionary_broken", place()).with("why", why));
            let text = data::text(FILE).map_err(|why| match why {
                Error::Input(mut problems) if problems.len() == 1 => Box::new(problems.remove(0)),
                Error::Disk { source, .. } => broken(source.to_string()),
                other => broken(other.to_string()),
            })?;
            Dictionary::parse(&text.unwrap_or_default()).map_err(|why| broken(why.to_string()))
        };
        DICTIONARY.get_or_init(read).as_ref().map_err(|problem| (**problem).clone().into())
    }

    /// The dictionary of this run. Where the override file is broken this returns the embedded dictionary, but nothing
    /// is calculated with it: [`Dictionary::load`] reports the error wherever data or standards are read.
    pub fn get() -> &'static Dictionary {
        static EMBEDDED: OnceLock<Dictionary> = OnceLock::new();
        let embedded = || {
            let text = data::embedded(FILE).unwrap_or_default();
            Dictionary::parse(text).unwrap_or(Dictionary { facts: Vec::new(), by_id: HashMap::new() })
        };
        Dictionary::load().unwrap_or_else(|_| EMBEDDED.get_or_init(embedded))
    }

    /// Parses a csv with the columns of `data/dictionary.csv`.
    pub fn parse(text: &str) -> Result<Dictionary, csv::Error> {
        let mut facts = Vec::new();
        for line in csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes()).deserialize() {
            let line: Line = line?;
            let kind = kind(&line);
            facts.push(Fact {
                kind,
                aliases_zh: line
                    .aliases_zh
                    .split(';')
                    .filter(|a| !a.is_empty())
                    .map(str::to_string)
                    .collect(),
                id: line.id,
                grain: line.grain,
                unit: line.unit,
                label_zh: line.label_zh,
                label_en: line.label_en,
                note: line.note,
            });
        }
        let by_id = facts.iter().enumerate().map(|(i, f)| (f.id.clone(), i)).collect();
        Ok(Dictionary { facts, by_id })
    }

    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.by_id.get(id).map(|&i| &self.facts[i])
    }

    /// The facts that are columns of `facts` (section and school grain), in the dictionary's order.
    pub fn columns(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|f| f.grain != Grain::District)
    }
}

fn kind(line: &Line) -> Kind {
    match (line.id.as_str(), line.unit.as_str()) {
        ("school_type" | "ownership" | "location", _) => Kind::Choice,
        // District facts are numbers, so one without a unit is a ratio.
        (_, "") if line.grain == Grain::District => Kind::Amount,
        (_, "") => Kind::Text,
        (_, "级") => Kind::Level,
        (_, "是/否") => Kind::YesNo,
        (_, "年") => Kind::Year,
        (_, "人" | "个" | "所" | "份" | "间" | "台" | "册" | "条" | "次" | "项" | "起" | "门") => {
            Kind::Count
        }
        _ => Kind::Amount,
    }
}

/// The ten types of 举办者 (founder) of the application form (表Ⅱ-2), in the order of their codes from 1.
pub const FOUNDERS: [&str; 10] = [
    "中央教育部门",
    "中央其他部门",
    "省级教育部门",
    "省级其他部门",
    "地级教育部门",
    "地级其他部门",
    "县级教育部门",
    "县级其他部门",
    "地方企业",
    "民办",
];

/// The subjects of the national quality monitoring (表Ⅴ, row 9): `monitoring_level_…`, `monitoring_dispersion_…`.
pub const MONITORED: [&str; 6] = ["chinese", "mathematics", "science", "pe", "arts", "moral"];

/// Whether a fact is used only by the application form (its tables Ⅰ, Ⅱ-2, Ⅴ and Ⅵ) and by no formula.
pub fn is_for_the_form(fact: &str) -> bool {
    fact.starts_with("monitoring_")
        || [
            "grades",
            "staff_total",
            "population",
            "rural_population",
            "towns",
            "villages",
            "gdp_per_head",
            "fiscal_revenue_per_head",
            "farmer_income",
            "townspeople_income",
            "special_schools",
            "disabled_special_school",
            "questionnaires",
            "questionnaires_valid",
            "questionnaires_satisfied",
            "parent_questionnaires",
            "parent_questionnaires_valid",
            "parent_questionnaires_satisfied",
            "interviews",
            "interviews_satisfied",
            "parent_interviews",
            "parent_interviews_satisfied",
        ]
        .contains(&fact)
}

/// The school types, as written in `facts.school_type`.
pub const SCHOOL_TYPES: [&str; 8] =
    ["小学", "教学点", "初中", "九年一贯制学校", "完全中学", "十二年一贯制学校", "特殊教育学校", "职业学校"];

/// The sections of a school type; empty where the type does not determine them (特殊教育学校, 职业学校).
pub fn sections_of(school_type: &str) -> &'static [Section] {
    match school_type {
        "小学" | "教学点" => &[Section::Primary],
        "初中" => &[Section::Junior],
        "九年一贯制学校" => &[Section::Primary, Section::Junior],
        "完全中学" => &[Section::Junior, Section::Senior],
        "十二年一贯制学校" => &[Section::Primary, Section::Junior, Section::Senior],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_read() {
        let dictionary = Dictionary::get();
        assert_eq!(dictionary.fact("year").unwrap().kind, Kind::Year);
        assert_eq!(dictionary.fact("teaching_area").unwrap().kind, Kind::Amount);
        assert_eq!(dictionary.fact("students").unwrap().grain, Grain::Section);
        assert_eq!(dictionary.fact("satisfaction").unwrap().grain, Grain::District);
        assert!(dictionary.facts().len() > 90);
    }
}
