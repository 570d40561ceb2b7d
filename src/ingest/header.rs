//! Maps headers to facts. A header is a path (专任教师 / #按学历分 / 本科) of one or more parts; it may name a section (小学在校生数,
//! 专科学历教师人数（小学）) and a unit (（万元）).

mod suggest;
mod year;

use std::{collections::HashMap, sync::OnceLock};

pub use suggest::{mapping_lines, nearest, nearest_ids};
pub use year::year_in;

use super::cell::{self, Unit, fold};
use crate::dictionary::{Dictionary, Grain, Section};

/// The meaning of a header.
#[derive(Debug, Clone, Default)]
pub struct Meaning {
    /// Positions in [`Dictionary::facts`]; several if the header is ambiguous.
    pub facts: Vec<usize>,
    pub section: Option<Section>,
    pub unit: Option<Unit>,
    /// Whether it is the column 学段.
    pub is_section: bool,
}

/// Words of the yearly statistics exports (教基 tables) that the dictionary does not list.
const EXPORT_WORDS: [(&str, &str); 12] = [
    ("班数", "classes"),
    ("在校生", "students"),
    ("专任教师", "teachers"),
    ("骨干教师", "backbone_teachers"),
    ("县级以上骨干教师", "backbone_teachers"),
    ("县级及以上骨干教师", "backbone_teachers"),
    ("教学及辅助用房", "teaching_area"),
    ("室内体育用房", "indoor_sports_area"),
    ("进城务工人员随迁子女", "migrant_students"),
    ("随迁子女", "migrant_students"),
    ("网络多媒体教室", "multimedia_rooms"),
    ("举办者", "ownership"),
];

/// Words that fit several facts; they are never guessed.
const DOUBTFUL: [(&str, &[&str]); 6] = [
    ("公用经费", &["operating_budget", "operating_outturn"]),
    ("公用经费总额", &["operating_budget", "operating_outturn"]),
    ("体育场馆面积", &["gym_area", "sports_ground_area"]),
    ("体育运动场馆面积", &["gym_area", "sports_ground_area"]),
    ("生均公用经费标准", &["standard_funding_primary", "standard_funding_junior"]),
    ("音乐美术教室数", &["music_rooms", "art_rooms"]),
];

const TOTALS: [&str; 5] = ["合计", "计", "总计", "小计", "总数"];

/// Leaves under a part that names 学历, and under one that names 课程.
const DEGREES: [(&str, &str); 6] = [
    ("博士研究生", "teachers_doctor"),
    ("博士", "teachers_doctor"),
    ("硕士研究生", "teachers_master"),
    ("硕士", "teachers_master"),
    ("本科", "teachers_bachelor"),
    ("专科", "teachers_associate"),
];
const COURSES: [(&str, &str); 4] = [
    ("体育与健康", "pe_teachers"),
    ("体育", "pe_teachers"),
    ("音乐", "music_teachers"),
    ("美术", "art_teachers"),
];

/// Parts that make a leaf under them mean something else than the whole school.
const OF_OTHERS: [&str; 14] = [
    "女",
    "男",
    "兼任",
    "代课",
    "校外",
    "外聘",
    "外籍",
    "招生",
    "毕业",
    "职员",
    "上学年",
    "非产权",
    "非学校产权",
    "危房",
];

const SECTION_COLUMN: [&str; 6] = ["学段", "学段部", "所属学段", "教育阶段", "学部", "section"];

struct Words {
    by_key: HashMap<String, Vec<usize>>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let dictionary = Dictionary::get();
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        let mut add = |word: &str, fact: usize| {
            for key in [key(word), part(word).text] {
                let facts = by_key.entry(key).or_default();
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
        };
        let position = |id: &str| dictionary.facts().iter().position(|f| f.id == id);
        for (i, fact) in dictionary.facts().iter().enumerate() {
            add(&fact.label_zh, i);
            add(&fact.id, i);
            add(&fact.label_en, i);
            fact.aliases_zh.iter().for_each(|alias| add(alias, i));
        }
        for (word, id) in EXPORT_WORDS {
            position(id).into_iter().for_each(|i| add(word, i));
        }
        for (word, ids) in DOUBTFUL {
            ids.iter().filter_map(|id| position(id)).for_each(|i| add(word, i));
        }
        by_key.remove("");
        Words { by_key }
    })
}

/// Folds the text and removes leading marks (`#`, `*`, 其中) and trailing colons.
pub fn key(text: &str) -> String {
    let folded = fold(text);
    let mut rest = folded.trim_matches(|c: char| matches!(c, '#' | '*' | '※' | ':' | '"' | '\''));
    if let Some(after) = rest.strip_prefix("其中") {
        let after = after.trim_start_matches([':', '#']);
        // 其中 alone is not a part of a path.
        rest = after;
    }
    rest.to_string()
}

#[derive(Default)]
struct Part {
    text: String,
    unit: Option<Unit>,
    section: Option<Section>,
}

/// Parses one part of a path: brackets that hold a unit or a section are removed from the text.
fn part(raw: &str) -> Part {
    let mut found = Part::default();
    let mut rest = key(raw);
    let mut text = String::new();
    while let Some(open) = rest.find('(') {
        let Some(close) = rest[open..].find(')').map(|i| open + i) else { break };
        let inside = &rest[open + 1..close];
        text.push_str(&rest[..open]);
        if let Some(unit) = cell::unit(inside) {
            found.unit = Some(unit);
        } else if let Some(section) = cell::section(inside) {
            found.section = Some(section);
        } else {
            text.push_str(&rest[open..=close]);
        }
        rest = rest[close + 1..].to_string();
    }
    text.push_str(&rest);
    found.text = text.trim_end_matches([':', '*']).to_string();
    found
}

/// The meaning of a path: that of its longest ending which the dictionary knows. A part never passes its meaning on to
/// the parts below (在校生数 / 女 is not 在校生数).
pub fn resolve(path: &[&str]) -> Meaning {
    let mut meaning = Meaning::default();
    let mut parts: Vec<String> = Vec::new();
    for raw in path {
        let part = part(raw);
        meaning.unit = part.unit.or(meaning.unit);
        meaning.section = part.section.or(meaning.section);
        match cell::section(&part.text) {
            Some(section) if path.len() > 1 => meaning.section = Some(section),
            _ if part.text.is_empty() => {}
            _ => parts.push(part.text),
        }
    }
    let Some(leaf) = parts.last() else { return meaning };
    if parts.len() == 1 && SECTION_COLUMN.contains(&leaf.as_str()) {
        meaning.is_section = true;
        return meaning;
    }
    let total = parts.len() > 1 && TOTALS.contains(&leaf.as_str());
    let whole = parts.as_slice();
    let shorter = if total { &parts[..parts.len() - 1] } else { whole };
    for parts in [whole, shorter] {
        if let Some((facts, section)) = ending(parts).or_else(|| in_group(parts)) {
            meaning.facts = facts;
            meaning.section = section.or(meaning.section);
            return meaning;
        }
    }
    // 教学仪器设备值 元, 教学仪器设备值，万元: the unit without brackets.
    if let Some((text, unit)) = unit_behind(leaf) {
        let mut bare = parts.clone();
        bare.pop();
        bare.push(text);
        if let Some((facts, section)) = ending(&bare).or_else(|| in_group(&bare)) {
            meaning.unit = Some(unit);
            meaning.facts = facts;
            meaning.section = section.or(meaning.section);
        }
    }
    meaning
}

/// A text and the unit that it ends with.
fn unit_behind(text: &str) -> Option<(String, Unit)> {
    text.char_indices().skip(1).find_map(|(i, _)| {
        let (before, after) = text.split_at(i);
        let unit = cell::unit(after)?;
        Some((before.trim_end_matches([',', '、', '/', '-', ':', ';', '_']).to_string(), unit))
    })
}

type Found = (Vec<usize>, Option<Section>);

fn ending(parts: &[String]) -> Option<Found> {
    for start in 0..parts.len() {
        let (above, below) = parts.split_at(start);
        if above.iter().any(|a| OF_OTHERS.iter().any(|w| a.contains(w))) {
            return None;
        }
        if let Some(found) = word(&below.join("/")).or_else(|| word(&below.concat())) {
            return Some(found);
        }
    }
    None
}

/// A word of the dictionary, optionally with its section in front: 小学生数 is 小学 + 学生数.
fn word(text: &str) -> Option<Found> {
    let by_key = &words().by_key;
    if let Some(facts) = by_key.get(text) {
        return Some((facts.clone(), None));
    }
    for section in Section::ALL {
        let zh = section.label_zh();
        for (before, after) in [
            (format!("{zh}部"), ""),
            (format!("{zh}段"), ""),
            (format!("{zh}阶段"), ""),
            (zh.to_string(), ""),
            (format!("{}.", section.id()), ""),
            (format!("{}_", section.id()), ""),
            (String::new(), zh),
        ] {
            let Some(rest) = text.strip_prefix(before.as_str()).and_then(|t| t.strip_suffix(after)) else {
                continue;
            };
            let rest = rest.trim_matches(['-', '_', ':', '/']);
            let with = if rest.starts_with('生') { Some(format!("学{rest}")) } else { None };
            let facts = by_key.get(rest).or_else(|| by_key.get(with?.as_str()));
            if let Some(facts) = facts.filter(|f| grain_of(f) == Grain::Section) {
                return Some((facts.clone(), Some(section)));
            }
        }
    }
    None
}

fn grain_of(facts: &[usize]) -> Grain {
    facts.first().and_then(|&i| Dictionary::get().facts().get(i)).map_or(Grain::District, |f| f.grain)
}

fn in_group(parts: &[String]) -> Option<Found> {
    let (leaf, above) = parts.split_last()?;
    if above.iter().any(|a| OF_OTHERS.iter().any(|w| a.contains(w))) {
        return None;
    }
    let position = |id: &str| Dictionary::get().facts().iter().position(|f| f.id == id);
    let by = |list: &[(&str, &str)]| {
        list.iter().find(|(word, _)| word == leaf).and_then(|(_, id)| Some((vec![position(id)?], None)))
    };
    let under = |word: &str| above.iter().any(|a| a.contains(word));
    if under("学历") {
        return by(&DEGREES).or_else(|| (leaf == "大专").then(|| by(&[("大专", "teachers_associate")]))?);
    }
    if under("课程") || under("学科") {
        // 艺术 without 计 below it may mean the teachers of 艺术 or of all arts: never guessed.
        if leaf == "艺术" {
            return if under("艺术") {
                Some((vec![position("arts_teachers")?], None))
            } else {
                Some((vec![position("arts_teachers")?, position("arts_teachers_total")?], None))
            };
        }
        return by(&COURSES);
    }
    None
}

/// The section named by a title, a sheet name or a file name, for headers that name none. 中小学 names none, and neither
/// does text that names two.
pub fn section_in(text: &str) -> Option<Section> {
    let folded = fold(text);
    let folded = folded.replace("中小学", "").replace("小初", "");
    let mut named = Section::ALL.into_iter().filter(|s| folded.contains(s.label_zh()));
    named.next().filter(|_| named.next().is_none())
}

/// A path as the user sees it.
pub fn shown(path: &[&str]) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(" / ")
}

/// Whether `reference` of a pipeline file names `path`: the whole path, or an ending of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Not,
    Ending,
    Whole,
}

pub fn fits(reference: &str, path: &[&str]) -> Fit {
    let reference = key(reference);
    let parts: Vec<String> = path.iter().map(|p| key(p)).filter(|p| !p.is_empty()).collect();
    if reference.is_empty() || parts.is_empty() {
        return Fit::Not;
    }
    for start in 0..parts.len() {
        let ending = parts[start..].join("/");
        // Marks inside a reference are ignored as in a header: `专任教师/#按学历分/本科`.
        let plain: String =
            reference.split('/').map(key).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/");
        if ending == reference || ending == plain {
            return if start == 0 { Fit::Whole } else { Fit::Ending };
        }
    }
    Fit::Not
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(path: &[&str]) -> (Vec<&'static str>, Option<Section>) {
        let meaning = resolve(path);
        (meaning.facts.iter().map(|&i| Dictionary::get().facts()[i].id.as_str()).collect(), meaning.section)
    }

    #[test]
    fn every_label_and_alias_is_its_fact_alone() {
        for fact in Dictionary::get().facts() {
            for name in std::iter::once(&fact.label_zh).chain(&fact.aliases_zh) {
                assert_eq!(ids(&[name]).0, [fact.id.as_str()], "{name}");
            }
        }
    }

    #[test]
    fn sections_before_and_behind() {
        use Section::*;
        for (header, id, section) in [
            ("小学在校生数", "students", Primary),
            ("初中 班级数", "classes", Junior),
            ("专科学历教师人数（小学）", "teachers_associate", Primary),
            ("在校生数(高中部)", "students", Senior),
            ("小学学生人数", "students", Primary),
            ("小学生数", "students", Primary),
            ("小学\n26—30人班级数", "classes_26_30", Primary),
            ("家庭住址在划片范围内的在校学生人数（初中）", "catchment_students", Junior),
            ("primary_students", "students", Primary),
        ] {
            assert_eq!(ids(&[header]), (vec![id], Some(section)), "{header}");
        }
        assert_eq!(ids(&["规定的小学生均公用经费标准"]), (vec!["standard_funding_primary"], None));
        assert_eq!(ids(&["小学", "在校生数"]), (vec!["students"], Some(Primary)));
        assert!(resolve(&["学段"]).is_section);
    }

    #[test]
    fn paths_of_the_exports() {
        for (path, id) in [
            (&["在校生数", "合计"][..], "students"),
            (&["班数", "合计"], "classes"),
            (&["专任教师", "计"], "teachers"),
            (&["专任教师", "#按学历分", "博士研究生"], "teachers_doctor"),
            (&["专任教师", "#按学历分", "专科"], "teachers_associate"),
            (&["专任教师", "#按授课课程分", "体育与健康"], "pe_teachers"),
            (&["专任教师", "#按授课课程分", "艺术", "计"], "arts_teachers_total"),
            (&["专任教师", "#按授课课程分", "艺术", "音乐"], "music_teachers"),
            (&["专任教师", "#按授课课程分", "艺术", "美术"], "art_teachers"),
            (&["专任教师", "#按授课课程分", "艺术", "艺术"], "arts_teachers"),
            (&["校舍建筑面积（平方米）", "教学及辅助用房", "计"], "teaching_area"),
            (&["校舍建筑面积（平方米）", "教学及辅助用房", "室内体育用房"], "indoor_sports_area"),
            (&["占地面积（平方米）", "其中", "运动场地面积"], "sports_ground_area"),
            (&["在校生数", "#进城务工人员随迁子女"], "migrant_students"),
            (&["网络多媒体教室（间）"], "multimedia_rooms"),
            (&["教学仪器设备资产值（万元）"], "equipment_value"),
            (&["统计三级"], "district_name"),
            (&["区划代码"], "district_code"),
        ] {
            assert_eq!(ids(path).0, [id], "{path:?}");
        }
        assert_eq!(
            ids(&["教基1102", "县级以上骨干教师(小学)"]),
            (vec!["backbone_teachers"], Some(Section::Primary))
        );
        for path in [
            &["在校生数", "女"][..],
            &["兼任教师", "#按授课课程分", "体育"],
            &["招生数", "合计"],
            &["专任教师", "女", "#按学历分", "本科"],
            &["学生数"; 0],
        ] {
            assert!(ids(path).0.is_empty(), "{path:?}");
        }
        assert_eq!(ids(&["专任教师", "#按授课课程分", "艺术"]).0.len(), 2);
        assert_eq!(ids(&["公用经费"]).0.len(), 2);
    }

    #[test]
    fn sections_in_titles() {
        assert_eq!(section_in("2025学年小学学校基本情况"), Some(Section::Primary));
        assert_eq!(section_in("沈阳市中小学导入数据"), None);
        assert_eq!(section_in("小学初中汇总"), None);
    }

    #[test]
    fn the_nearest_facts_are_near() {
        assert_eq!(nearest_ids("student")[0], "students");
        assert_eq!(nearest_ids("小学生人数")[0], "students");
        let near = |header| nearest(header).into_iter().map(|f| f.id.as_str()).collect::<Vec<_>>();
        assert_eq!(near("教师数").first(), Some(&"teachers"));
        assert_eq!(near("在校生总数").first(), Some(&"students"));
        assert!(near("电话").is_empty());
    }

    #[test]
    fn references_fit_paths_and_their_endings() {
        assert_eq!(fits("专任教师/男", &["专任教师", "男"]), Fit::Whole);
        assert_eq!(fits("男", &["专任教师", "男"]), Fit::Ending);
        assert_eq!(fits("艺术/计", &["艺术/计"]), Fit::Whole);
        assert_eq!(fits("7年级", &["17年级"]), Fit::Not);
        assert_eq!(fits("专任教师/#按学历分/本科", &["专任教师", "#按学历分", "本科"]), Fit::Whole);
    }
}
