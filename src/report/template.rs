//! The workbook to fill in: the facts that a standard needs, with units, dropdowns and notes. [`crate::ingest`] reads
//! it back, so the names of sheets and headers are those that ingest knows, in Chinese, whatever the language of the
//! run.

mod asked;

use std::path::Path;

use self::asked::Asked;
use super::workbook::{Allowed, Cell, Sheet, Style, Table, Value, Workbook, undated};
use crate::{
    dictionary::{Dictionary, FOUNDERS, Fact, Kind, SCHOOL_TYPES},
    problem::Result,
    standard::{Item, Rule, Standard},
    words::{Language, Words},
};

/// The sheets, in order.
pub const SHEETS: [&str; 4] = ["填表说明", "学校", "区县", "佐证与评分"];
/// Headers of the sheet 区县.
pub const DISTRICT_HEADERS: [&str; 4] = ["填报项目", "填报值", "单位", "说明"];
/// Headers of the sheet 佐证与评分: one row per item, or per part of a scored item (`8.1`).
pub const ANSWER_HEADERS: [&str; 8] =
    ["编号", "指标", "要求", "分值", "结论或得分", "佐证材料", "日期", "填写人"];
/// Answers to an item that needs evidence, and to a veto.
pub const CONCLUSIONS: [&str; 2] = ["达标", "未达标"];
pub const VETOES: [&str; 2] = ["无", "有"];

/// Number of rows with dropdowns and checks: more than a county has schools.
const LAST_ROW: u32 = 3_000;

/// Writes to `path` the workbook with the facts that `standard` needs.
///
/// # Errors
/// As [`Workbook::save`].
pub fn write(standard: &Standard, words: &Words, path: &Path) -> Result<()> {
    let mut book = Workbook::new(undated()).title(standard.title.get(words.language));
    let asked = Asked::of(standard);
    let questions: Vec<Question> =
        standard.items.iter().flat_map(|item| questions(item, words.language)).collect();
    let mut add = |name: &str, fill: &dyn Fn(&mut Sheet)| {
        let mut sheet = book.sheet(name);
        fill(&mut sheet);
        book.add(sheet);
    };
    let [about, school, county, answer] = SHEETS;
    add(about, &|sheet| guide(sheet, standard, &asked, words));
    add(school, &|sheet| schools(sheet, &asked, words));
    add(county, &|sheet| district(sheet, &asked, words));
    if !questions.is_empty() {
        add(answer, &|sheet| answers(sheet, &questions, words));
    }
    book.save(path)
}

/// `小学在校生数（人）`: section, label, unit. Ingest reads all three.
fn header(section: &str, fact: &Fact) -> String {
    match fact.unit.as_str() {
        "" | "是/否" | "年" => format!("{section}{}", fact.label_zh),
        unit => format!("{section}{}（{unit}）", fact.label_zh),
    }
}

/// What a fact means and how it is entered; empty if the name says everything.
fn explanation(fact: &Fact, words: &Words) -> String {
    let key = format!("template.note.{}", fact.id);
    if words.has(&key) { words.say(&key) } else { String::new() }
}

fn entry(fact: &Fact, words: &Words) -> String {
    let kind = match fact.kind {
        Kind::Text => "text",
        Kind::Choice => "choice",
        Kind::YesNo => "yes_no",
        Kind::Year => "year",
        Kind::Count => "count",
        Kind::Amount => "amount",
        Kind::Level => "level",
    };
    words.fill(&format!("template.entry.{kind}"), &[("unit", fact.unit.clone())])
}

fn head(colour: u32) -> Style {
    Style::new().bold().wrap().centre().middle().boxed().fill(colour)
}

const GREY: u32 = 0xE7E6E6;
const ORANGE: u32 = 0xFCE4D6;
/// 小学, 初中, 高中.
const SECTION_COLORS: [u32; 3] = [0xDDEBF7, 0xE2EFDA, 0xEDE1F5];

fn guide(sheet: &mut Sheet, standard: &Standard, asked: &Asked, words: &Words) {
    sheet.widths(&[44.0, 10.0, 80.0]);
    sheet.put(0, 0, standard.title.get(words.language), &Style::title(14)).write(1, 0, &standard.source);
    let mut row = 3;
    for line in words.say("template.guide").lines() {
        // Excel does not fit the height of merged cells; a line has room for about 64 characters.
        let lines = (line.chars().count() / 64 + 1) as f64;
        sheet.merge((row, 0), (row, 2), line, &Style::wrapped()).height(row, 16.0 * lines);
        row += 1;
    }
    row += 1;
    let heads = ["fact", "unit", "explanation"].map(|key| words.say(&format!("template.column.{key}")));
    sheet.put_row((row, 0), heads, &head(GREY));
    let of_sections = asked.sections.iter().flat_map(|(_, facts)| facts).copied();
    let all: Vec<&Fact> =
        asked.identity.iter().copied().chain(of_sections).chain(asked.school.iter().copied()).collect();
    // In the dictionary's order, each once, because a section fact is asked for several sections.
    for fact in Dictionary::get().facts().iter().filter(|fact| all.iter().any(|one| one.id == fact.id)) {
        row += 1;
        let text = [entry(fact, words), explanation(fact, words)].join(" ");
        sheet.write_row((row, 0), [&fact.label_zh, &fact.unit]).put(row, 2, text.trim(), &Style::wrapped());
    }
}

fn schools(sheet: &mut Sheet, asked: &Asked, words: &Words) {
    let mut at = 0;
    let mut add = |section: &str, facts: &[&Fact], colour: u32| {
        for fact in facts {
            school_column(sheet, at, (section, fact, colour), words);
            at += 1;
        }
    };
    add("", &asked.identity, GREY);
    for (section, facts) in &asked.sections {
        add(section.label_zh(), facts, SECTION_COLORS[*section as usize % SECTION_COLORS.len()]);
    }
    add("", &asked.school, ORANGE);
    for (section, facts) in &asked.form_sections {
        add(section.label_zh(), facts, GREY);
    }
    let name = asked.identity.iter().position(|fact| fact.id == "school_name").unwrap_or(0);
    sheet.freeze(1, name as u16 + 1).height(0, 64.0);
}

fn school_column(sheet: &mut Sheet, at: u16, (section, fact, colour): (&str, &Fact, u32), words: &Words) {
    let header = header(section, fact);
    let text = [entry(fact, words), explanation(fact, words)].join("\n");
    let lines = text.chars().count() as u32 / 16 + 2;
    sheet
        .put(0, at, &header, &head(colour))
        .comment(0, at, text.trim(), "", (240, 20 * lines))
        .width(at, width(fact, &header));
    if fact.kind == Kind::Text {
        // Codes keep their leading zeros, and a text that begins with = stays a text.
        sheet.style_column(at, &Style::new().typed());
    }
    if let Some((allowed, message)) = allowed(fact, words) {
        sheet.allow((1, at), (LAST_ROW, at), &allowed, &message);
    }
}

fn width(fact: &Fact, header: &str) -> f64 {
    match fact.id.as_str() {
        "school_name" => 26.0,
        "school_type" => 16.0,
        _ if fact.kind == Kind::Text => 13.0,
        // Three lines of header.
        _ => (header.chars().count() as f64 * 2.0 / 3.0 + 1.0).clamp(9.0, 18.0),
    }
}

fn list(choices: &[&str], words: &Words) -> (Allowed, String) {
    let message =
        words.fill("template.wrong.choice", &[("choices", choices.join(&words.say("judge.comma")))]);
    (Allowed::OneOf(choices.iter().map(ToString::to_string).collect()), message)
}

/// What may be entered, and the message for anything else; `None` for text.
fn allowed(fact: &Fact, words: &Words) -> Option<(Allowed, String)> {
    let wrong = |key: &str| {
        let args = [("fact", fact.label_zh.clone()), ("unit", fact.unit.clone())];
        words.fill(&format!("template.wrong.{key}"), &args)
    };
    Some(match (fact.kind, fact.id.as_str()) {
        (Kind::Text, _) => return None,
        (Kind::Choice, "school_type") => list(&SCHOOL_TYPES, words),
        (Kind::Choice, "ownership") => {
            // The form asks for the founder's type; 民办 is the last of the ten.
            let choices: Vec<&str> = ["公办"].into_iter().chain(FOUNDERS.into_iter().rev()).collect();
            list(&choices, words)
        }
        (Kind::Choice, "location") => list(&["城区", "镇区", "乡村"], words),
        (Kind::Choice, _) => return None,
        (Kind::YesNo, _) => list(&["是", "否"], words),
        (Kind::Year, _) => (Allowed::WholeBetween(1850, 2100), wrong("year")),
        (Kind::Count, _) => (Allowed::WholeFrom(0), wrong("count")),
        (Kind::Level, _) => list(&["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"], words),
        (Kind::Amount, _) => (Allowed::NumberFrom(0.0), wrong("amount")),
    })
}

fn district(sheet: &mut Sheet, asked: &Asked, words: &Words) {
    sheet.put_row((0, 0), DISTRICT_HEADERS, &head(GREY));
    let identity = ["district_code", "district_name", "year"];
    let identity = identity.into_iter().filter_map(|id| Dictionary::get().fact(id));
    let needed = identity.chain(asked.district.iter().copied()).map(Some);
    // A line separates what is judged from what the form only prints.
    let printed = asked.form_district.iter().copied().map(Some);
    let line = (!asked.form_district.is_empty()).then_some(None);
    for (row, fact) in (1..).zip(needed.chain(line).chain(printed)) {
        let Some(fact) = fact else {
            sheet.merge((row, 0), (row, 3), &words.say("template.for_the_form"), &head(GREY));
            continue;
        };
        sheet.write(row, 0, &fact.label_zh);
        if fact.kind == Kind::Text {
            sheet.put(row, 1, Value::Blank, &Style::new().typed());
        }
        if let Some((allowed, message)) = allowed(fact, words) {
            sheet.allow((row, 1), (row, 1), &allowed, &message);
        }
        sheet.write(row, 2, &fact.unit).put(row, 3, explanation(fact, words), &Style::wrapped());
    }
    sheet.widths(&[40.0, 18.0, 8.0, 60.0]).freeze(1, 0);
}

/// One row of the sheet 佐证与评分.
struct Question<'a> {
    id: String,
    title: &'a str,
    wanted: String,
    points: Option<f64>,
    choices: &'static [&'static str],
}

fn questions(item: &Item, language: Language) -> Vec<Question<'_>> {
    let title = item.title.get(language);
    let whole = |points, choices| {
        vec![Question { id: item.id.clone(), title, wanted: item.requirements.join("\n"), points, choices }]
    };
    match &item.rule {
        Rule::Scored { points, parts, .. } if parts.is_empty() => whole(*points, &[]),
        Rule::Scored { parts, .. } => parts
            .iter()
            .map(|part| Question {
                id: format!("{}.{}", item.id, part.id),
                title,
                wanted: part.title.clone(),
                points: part.points,
                choices: &[],
            })
            .collect(),
        Rule::Veto => whole(None, &VETOES),
        Rule::Evidence => whole(None, &CONCLUSIONS),
        Rule::Indicator { .. } | Rule::Checks { .. } | Rule::Composite { .. } => match item.evidence {
            true => whole(None, &CONCLUSIONS),
            false => Vec::new(),
        },
    }
}

fn answers(sheet: &mut Sheet, questions: &[Question], words: &Words) {
    // 8.1 is the name of a part, not a number.
    let text = Style::wrapped().typed();
    let blank = || Cell::new(Value::Blank, &text);
    let [id, title, wanted, points, answer, evidence, date, who] = ANSWER_HEADERS;
    let mut table = Table::new(head(GREY)).fixed(2).unfiltered();
    table.column(id, 8.0, |question: &&Question| Cell::new(&question.id, &text));
    table.column(title, 30.0, |question| Cell::new(question.title, &text));
    table.column(wanted, 60.0, |question| Cell::new(&question.wanted, &text));
    table.column(points, 7.0, |question| Cell::plain(question.points));
    table.column(answer, 12.0, |_| Cell::plain(Value::Blank));
    table.column(evidence, 36.0, |_| blank());
    table.column(date, 12.0, |_| Cell::plain(Value::Blank));
    table.column(who, 12.0, |_| blank());
    table.fill(sheet, questions);
    for (row, question) in (1..).zip(questions) {
        let (allowed, message) = match question.points {
            Some(points) => {
                let message = words.fill("template.wrong.score", &[("points", points.to_string())]);
                (Allowed::NumberBetween(0.0, points), message)
            }
            None => list(question.choices, words),
        };
        sheet.allow((row, 4), (row, 4), &allowed, &message);
    }
}

#[cfg(test)]
mod tests;
