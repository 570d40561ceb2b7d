//! The closed lists: school type, ownership, urban–rural class, section.

use super::{Reading, fold, text, unreadable};
use crate::{
    dictionary::{FOUNDERS, Fact, SCHOOL_TYPES, Section, sections_of},
    ingest::sheet::Cell,
};

/// Reads a word of a closed list, in the spelling that `facts` uses.
pub fn choice(cell: &Cell, fact: &Fact) -> Reading<Box<str>> {
    if let Cell::Text(word) = cell
        && (SCHOOL_TYPES.contains(&&**word) && fact.id == "school_type"
            || matches!(&**word, "公办" | "民办") && fact.id == "ownership"
            || matches!(&**word, "城区" | "镇区" | "乡村") && fact.id == "location")
    {
        return (Some(word.clone()), None);
    }
    let (word, trouble) = text(cell, false);
    let Some(word) = word else { return (None, trouble) };
    let folded = fold(&word);
    let found = match fact.id.as_str() {
        "school_type" => school_type(&folded),
        "ownership" => ownership(&folded),
        "location" => location(&folded).map(str::to_string),
        _ => Some(word.to_string()),
    };
    match found {
        Some(found) => (Some(found.into()), None),
        None => unreadable(),
    }
}

/// Removes the code that the statistics form puts before its words (`211小学`); a code alone is kept.
fn without_code(folded: &str) -> &str {
    let rest = folded.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | ':'));
    if rest.is_empty() { folded } else { rest }
}

/// The codes of 办学类型 in the statistics, for cells without the word.
const TYPE_CODES: [(&str, &str); 8] = [
    ("211", "小学"),
    ("218", "教学点"),
    ("311", "初中"),
    ("312", "九年一贯制学校"),
    ("341", "完全中学"),
    ("342", HIGH_SCHOOL),
    ("345", "十二年一贯制学校"),
    ("361", "职业学校"),
];

fn school_type(folded: &str) -> Option<String> {
    if let Some((_, known)) = TYPE_CODES.iter().find(|(code, _)| *code == folded) {
        return Some(known.to_string());
    }
    let word = without_code(folded);
    // 小学(211), 民办小学, 公办九年一贯制学校.
    let word = word.split('(').next().unwrap_or(word);
    let word = word.strip_prefix("公办").or_else(|| word.strip_prefix("民办")).unwrap_or(word);
    let known = match word {
        "普通小学" | "独立小学" | "村小" | "村完小" | "乡镇中心小学" | "乡镇小学" | "完全小学" | "完小"
        | "中心小学" | "小学校" | "小学学校" | "primary" => "小学",
        "小学教学点" | "教学点学校" => "教学点",
        "初级中学" | "普通初中" | "独立初中" | "初中学校" | "初中校" | "junior" => "初中",
        "九年一贯" | "九年一贯制" | "九年制" | "九年制学校" | "9年一贯制" | "9年一贯制学校" => {
            "九年一贯制学校"
        }
        "完中" | "完全中学学校" | "完全中学校" => "完全中学",
        "十二年一贯" | "十二年一贯制" | "十二年制" | "十二年制学校" | "12年一贯制" | "12年一贯制学校" => {
            "十二年一贯制学校"
        }
        "特殊教育"
        | "特教"
        | "特教学校"
        | "特校"
        | "盲人学校"
        | "聋人学校"
        | "培智学校"
        | "其他特殊教育学校" => "特殊教育学校",
        "职高" | "职中" | "职业中学" | "职业" | "职业初中" | "职业高中" | "中职" | "中等职业学校"
        | "中职学校" => "职业学校",
        "高级中学" | "独立高中" | "高中" | "普通高中" | "高中学校" => HIGH_SCHOOL,
        other => SCHOOL_TYPES.into_iter().find(|t| *t == other)?,
    };
    Some(known.to_string())
}

/// Not a type of the dictionary: it lies outside compulsory education, but its rows stand in the exports.
const HIGH_SCHOOL: &str = "高级中学";

/// The sections of a school type, including 高级中学.
pub fn sections_of_type(school_type: &str) -> &'static [Section] {
    if school_type == HIGH_SCHOOL { &[Section::Senior] } else { sections_of(school_type) }
}

fn ownership(folded: &str) -> Option<String> {
    let by_code = folded.parse::<usize>().ok().and_then(|n| FOUNDERS.get(n.checked_sub(1)?).copied());
    let word = without_code(folded);
    if let Some(founder) = by_code.or_else(|| FOUNDERS.into_iter().find(|f| *f == word)) {
        return Some(founder.to_string());
    }
    match word {
        "公办" | "公立" | "公办学校" | "国办" => Some("公办".to_string()),
        w if w.contains("民办") || w == "私立" => Some("民办".to_string()),
        w if w.ends_with("部门") || w.ends_with("企业") || w.ends_with("事业单位") || w.ends_with("集体") => {
            Some(w.to_string())
        }
        _ => None,
    }
}

/// The statistical urban–rural classes (《统计用城乡划分代码》 111–123, 210, 220) and their three groups.
fn location(folded: &str) -> Option<&'static str> {
    Some(match folded {
        "111" | "112" => "城区",
        "121" | "122" | "123" => "镇区",
        "210" | "220" => "乡村",
        _ => match without_code(folded) {
            "城区" | "主城区" | "城乡结合区" | "城市" | "城镇" => "城区",
            "镇区" | "镇中心区" | "镇乡结合区" | "镇乡结合区域" | "特殊区域" | "县镇" | "镇" => {
                "镇区"
            }
            "乡村" | "农村" | "乡中心区" | "村庄" | "乡" | "村" => "乡村",
            _ => return None,
        },
    })
}

/// The section that a word of the column 学段 names.
pub fn section(folded: &str) -> Option<Section> {
    match without_code(folded) {
        "小学" | "小学部" | "小学段" | "小学阶段" | "小学学段" | "普通小学" | "primary" => {
            Some(Section::Primary)
        }
        "初中" | "初中部" | "初中段" | "初中阶段" | "初中学段" | "普通初中" | "junior" => {
            Some(Section::Junior)
        }
        "高中" | "高中部" | "高中段" | "高中阶段" | "高中学段" | "普通高中" | "senior" => {
            Some(Section::Senior)
        }
        _ => None,
    }
}

/// The section of a row: from the column 学段, or from a school type with one section (完全小学, 初级中学).
pub fn section_of_row(folded: &str) -> Option<Section> {
    section(folded).or_else(|| match sections_of_type(&school_type(folded)?) {
        [only] => Some(*only),
        _ => None,
    })
}
