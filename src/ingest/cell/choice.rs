//! The closed lists: school type, ownership, urban–rural class, section.

use super::{Reading, code, fold, text, unreadable};
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
    let folded = closed(&word);
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

/// A word of a closed list without blanks; 211.0 of a program that took the code for a number is 211.
fn closed(word: &str) -> String {
    fold(&code::code(word))
}

/// Removes the code that the statistics form puts before its words (`211小学`); a code alone is kept.
fn without_code(folded: &str) -> &str {
    let rest = folded.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | ':'));
    if rest.is_empty() { folded } else { rest }
}

/// The codes of 办学类型 (GB/T 33782, table 4, and the classes for minorities of the statistics), for cells without the word.
/// Attached classes (附设小学班) are schooling of their section.
const TYPE_CODES: [(&str, &[&str]); 10] = [
    (KINDERGARTEN, &["111", "112", "119"]),
    ("小学", &["211", "212", "213", "219"]),
    ("教学点", &["218"]),
    ("初中", &["311", "313", "319"]),
    ("九年一贯制学校", &["312", "314"]),
    ("完全中学", &["341", "343"]),
    (HIGH_SCHOOL, &["342", "344", "349"]),
    ("十二年一贯制学校", &["345"]),
    (
        "职业学校",
        &["321", "322", "328", "329", "361", "362", "363", "364", "365", "366", "367", "368", "369"],
    ),
    ("特殊教育学校", &["511", "512", "513", "514", "518", "519"]),
];

/// Schools of adults, for offenders (工读) and for higher education.
const OTHER_CODES: [&str; 15] =
    ["221", "222", "228", "229", "331", "332", "351", "352", "371", "411", "412", "413", "414", "415", "419"];

fn school_type(folded: &str) -> Option<String> {
    if let Some((known, _)) = TYPE_CODES.iter().find(|(_, codes)| codes.contains(&folded)) {
        return Some(known.to_string());
    }
    if OTHER_CODES.contains(&folded) {
        return Some(OTHER_SCHOOL.to_string());
    }
    // 9年一贯制 begins with a digit that is no code.
    type_of_word(folded).or_else(|| type_of_word(without_code(folded)))
}

fn type_of_word(word: &str) -> Option<String> {
    // 小学(211), 民办小学, 公办九年一贯制学校.
    let word = word.split('(').next().unwrap_or(word).trim_end_matches(['-', ':']);
    let word = ["公办", "民办", "独立设置的少数民族", "少数民族"]
        .iter()
        .find_map(|before| word.strip_prefix(before))
        .unwrap_or(word);
    let known = match word {
        "附设小学班" | "其他学校附设小学班" | "一贯制学校小学部" => "小学",
        "附设普通初中班" | "附设初中班" => "初中",
        "附设普通高中班" | "附设高中班" => HIGH_SCHOOL,
        "附设职业初中班"
        | "附设中职班"
        | "普通中学附设职教班"
        | "调整后中等职业学校"
        | "中等技术学校"
        | "中等师范学校"
        | "成人中等专业学校"
        | "职业高中学校"
        | "技工学校"
        | "普通中专"
        | "中等职业其他机构" => "职业学校",
        "附设特教班"
        | "小学附设特教班"
        | "初中附设特教班"
        | "弱智学校"
        | "培智"
        | "盲校"
        | "聋校"
        | "盲聋学校"
        | "盲聋哑学校"
        | "其他特教学校" => "特殊教育学校",
        "幼儿园" | "附设幼儿班" | "附设幼儿园" | "学前班" | "托儿所" | "kindergarten" => {
            KINDERGARTEN
        }
        "职工小学"
        | "农民小学"
        | "小学班"
        | "扫盲班"
        | "成人小学"
        | "成人职工初中"
        | "成人农民初中"
        | "成人初中"
        | "成人职工高中"
        | "成人农民高中"
        | "成人高中"
        | "工读学校"
        | "专门学校"
        | "教师进修学校"
        | "青少年宫"
        | "少年宫"
        | "青少年活动中心"
        | "电大"
        | "开放大学" => OTHER_SCHOOL,
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

/// What belongs to no section of the dictionary: kindergartens, schools of adults, institutions.
const KINDERGARTEN: &str = "幼儿园";
const OTHER_SCHOOL: &str = "其他学校";

/// Whether a row of this type is none of a school that has primary, junior or senior pupils.
pub fn is_outside(school_type: &str) -> bool {
    matches!(school_type, KINDERGARTEN | OTHER_SCHOOL)
}

/// Not a type of the dictionary: it lies outside compulsory education, but its rows stand in the exports.
const HIGH_SCHOOL: &str = "高级中学";

/// The sections of a school type, including 高级中学.
pub fn sections_of_type(school_type: &str) -> &'static [Section] {
    if school_type == HIGH_SCHOOL { &[Section::Senior] } else { sections_of(school_type) }
}

/// The codes of 举办者 in the statistics; the application form numbers them from 1 to 10.
const FOUNDER_CODES: [(&str, &str); 12] = [
    ("360", "中央教育部门"),
    ("811", "省级教育部门"),
    ("812", "省级其他部门"),
    ("821", "地级教育部门"),
    ("822", "地级其他部门"),
    ("831", "县级教育部门"),
    ("832", "县级其他部门"),
    ("891", "地方企业"),
    ("892", "事业单位"),
    ("893", "部队"),
    ("894", "集体"),
    ("999", "民办"),
];

fn ownership(folded: &str) -> Option<String> {
    let by_code = folded.parse::<usize>().ok().and_then(|n| FOUNDERS.get(n.checked_sub(1)?).copied());
    let coded = FOUNDER_CODES.iter().find(|(code, _)| *code == folded).map(|(_, founder)| *founder);
    if let Some(founder) = coded {
        return Some(founder.to_string());
    }
    // 省级其他部门(党政机关)
    let word = without_code(folded).split('(').next().unwrap_or_default();
    if let Some(founder) = by_code.or_else(|| FOUNDERS.into_iter().find(|f| *f == word)) {
        return Some(founder.to_string());
    }
    match word {
        "公办" | "公立" | "公办学校" | "国办" => Some("公办".to_string()),
        w if w.contains("民办") || w == "私立" => Some("民办".to_string()),
        "部队" => Some(word.to_string()),
        w if w.ends_with("部门") || w.ends_with("企业") || w.ends_with("事业单位") || w.ends_with("集体") => {
            Some(w.to_string())
        }
        _ => None,
    }
}

/// The statistical urban–rural classes (《统计用城乡划分代码》 111–123, 210, 220) and their three groups.
fn location(folded: &str) -> Option<&'static str> {
    Some(match folded {
        "11" | "111" | "112" => "城区",
        "12" | "121" | "122" | "123" => "镇区",
        "2" | "210" | "220" => "乡村",
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
