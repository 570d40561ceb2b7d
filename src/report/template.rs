//! The workbook to fill in: what a standard asks for, with units, dropdowns and notes. It is read back by
//! [`crate::ingest`]; so names of sheets and headers are those that ingest knows, in Chinese, whatever the
//! language of the run.

mod asked;

use std::path::Path;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use self::asked::Asked;
use crate::{
    dictionary::{Dictionary, FOUNDERS, Fact, Kind, SCHOOL_TYPES},
    problem::{Error, Result},
    standard::{Item, Rule, Standard},
    words::{Language, Words},
};

/// The sheets, in order.
pub const SHEETS: [&str; 4] = ["填表说明", "学校", "区县", "佐证与评分"];
/// Headers of the sheet 区县.
pub const DISTRICT_HEADERS: [&str; 4] = ["填报项目", "填报值", "单位", "说明"];
/// Headers of the sheet 佐证与评分: a row an item, or a part of a scored one (`8.1`).
pub const ANSWER_HEADERS: [&str; 8] =
    ["编号", "指标", "要求", "分值", "结论或得分", "佐证材料", "日期", "填写人"];
/// Answers to an item that needs evidence, and to a veto.
pub const CONCLUSIONS: [&str; 2] = ["达标", "未达标"];
pub const VETOES: [&str; 2] = ["无", "有"];

/// Rows that dropdowns and checks reach: more schools than a county has.
const LAST_ROW: u32 = 3_000;

/// Writes the workbook that `standard` asks to be filled in to `path`.
pub fn write(standard: &Standard, words: &Words, path: &Path) -> Result<()> {
    let made = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The same bytes for the same standard: no clock.
        let day = ExcelDateTime::from_ymd(2025, 9, 1)?;
        let properties = DocProperties::new().set_title(standard.title.get(words.language));
        workbook.set_properties(&properties.set_creation_datetime(&day));
        let asked = Asked::of(standard);
        guide(&mut workbook, standard, &asked, words)?;
        schools(&mut workbook, &asked, words)?;
        district(&mut workbook, &asked, words)?;
        answers(&mut workbook, standard, words)?;
        workbook.save_to_buffer()
    };
    let bytes = made().map_err(|e| Error::disk(path, std::io::Error::other(e)))?;
    std::fs::write(path, bytes).map_err(|e| Error::disk(path, e))
}

/// `小学在校生数（人）`: label, section before it, unit behind it. Ingest reads all three.
fn header(section: &str, fact: &Fact) -> String {
    match fact.unit.as_str() {
        "" | "是/否" | "年" => format!("{section}{}", fact.label_zh),
        unit => format!("{section}{}（{unit}）", fact.label_zh),
    }
}

/// What a fact means and how it is entered; empty where its name says all.
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
    words.text(&format!("template.entry.{kind}"), &[("unit", fact.unit.clone())])
}

fn head(color: u32) -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(color))
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

const GREY: u32 = 0xE7E6E6;
const ORANGE: u32 = 0xFCE4D6;
/// 小学, 初中, 高中.
const SECTION_COLORS: [u32; 3] = [0xDDEBF7, 0xE2EFDA, 0xEDE1F5];

fn guide(
    workbook: &mut Workbook,
    standard: &Standard,
    asked: &Asked,
    words: &Words,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEETS[0])?;
    sheet.set_column_width(0, 44)?.set_column_width(1, 10)?.set_column_width(2, 80)?;
    let title = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, standard.title.get(words.language), &title)?;
    sheet.write_string(1, 0, &standard.source)?;
    let mut row = 3;
    for line in words.say("template.guide").lines() {
        sheet.merge_range(row, 0, row, 2, line, &wrapped())?;
        // Excel does not fit the height of merged cells; about 64 characters stand in a line.
        let lines = (line.chars().count() / 64 + 1) as f64;
        sheet.set_row_height(row, 16.0 * lines)?;
        row += 1;
    }
    row += 1;
    for (column, key) in ["fact", "unit", "explanation"].into_iter().enumerate() {
        let label = words.say(&format!("template.column.{key}"));
        sheet.write_string_with_format(row, column as u16, label, &head(GREY))?;
    }
    let of_sections = asked.sections.iter().flat_map(|(_, facts)| facts).copied();
    let all: Vec<&Fact> =
        asked.identity.iter().copied().chain(of_sections).chain(asked.school.iter().copied()).collect();
    // In the dictionary's order, each once: a section fact is asked of several sections.
    for fact in Dictionary::get().facts().iter().filter(|fact| all.iter().any(|one| one.id == fact.id)) {
        row += 1;
        sheet.write_string(row, 0, &fact.label_zh)?;
        sheet.write_string(row, 1, &fact.unit)?;
        let text = [entry(fact, words), explanation(fact, words)].join(" ");
        sheet.write_string_with_format(row, 2, text.trim(), &wrapped())?;
    }
    Ok(())
}

fn schools(workbook: &mut Workbook, asked: &Asked, words: &Words) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEETS[1])?;
    let mut column = 0;
    for fact in &asked.identity {
        school_column(sheet, &mut column, "", fact, GREY, words)?;
    }
    for (section, facts) in &asked.sections {
        let color = SECTION_COLORS[*section as usize % SECTION_COLORS.len()];
        for fact in facts {
            school_column(sheet, &mut column, section.label_zh(), fact, color, words)?;
        }
    }
    for fact in &asked.school {
        school_column(sheet, &mut column, "", fact, ORANGE, words)?;
    }
    for (section, facts) in &asked.form_sections {
        for fact in facts {
            school_column(sheet, &mut column, section.label_zh(), fact, GREY, words)?;
        }
    }
    let name = asked.identity.iter().position(|fact| fact.id == "school_name").unwrap_or(0);
    sheet.set_freeze_panes(1, name as u16 + 1)?;
    sheet.set_row_height(0, 64)?;
    Ok(())
}

fn school_column(
    sheet: &mut Worksheet,
    column: &mut u16,
    section: &str,
    fact: &Fact,
    color: u32,
    words: &Words,
) -> Result<(), XlsxError> {
    let header = header(section, fact);
    sheet.write_string_with_format(0, *column, &header, &head(color))?;
    let text = [entry(fact, words), explanation(fact, words)].join("\n");
    let note = Note::new(text.trim()).add_author_prefix(false).set_width(240);
    let lines = text.chars().count() as u32 / 16 + 2;
    sheet.insert_note(0, *column, &note.set_height(20 * lines))?;
    sheet.set_column_width(*column, width(fact, &header))?;
    if fact.kind == Kind::Text {
        // Codes keep their zeros, and what begins with = stays text.
        sheet.set_column_format(*column, &Format::new().set_num_format("@"))?;
    }
    if let Some(validation) = validation(fact, words)? {
        sheet.add_data_validation(1, *column, LAST_ROW, *column, &validation)?;
    }
    *column += 1;
    Ok(())
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

fn list(choices: &[&str], words: &Words) -> Result<DataValidation, XlsxError> {
    let joined = choices.join("、");
    let message = words.text("template.wrong.choice", &[("choices", joined)]);
    DataValidation::new().allow_list_strings(choices)?.set_error_message(short(message))
}

/// Excel takes 255 characters.
fn short(message: String) -> String {
    message.chars().take(200).collect()
}

/// What Excel lets in; `None` for text.
fn validation(fact: &Fact, words: &Words) -> Result<Option<DataValidation>, XlsxError> {
    let wrong = |key: &str| {
        let unit = fact.unit.clone();
        short(
            words.text(&format!("template.wrong.{key}"), &[("fact", fact.label_zh.clone()), ("unit", unit)]),
        )
    };
    Ok(Some(match (fact.kind, fact.id.as_str()) {
        (Kind::Text, _) => return Ok(None),
        (Kind::Choice, "school_type") => list(&SCHOOL_TYPES, words)?,
        (Kind::Choice, "ownership") => {
            // The form asks for the founder's type; 民办 is the last of the ten.
            let choices: Vec<&str> = ["公办"].into_iter().chain(FOUNDERS.into_iter().rev()).collect();
            list(&choices, words)?
        }
        (Kind::Choice, "location") => list(&["城区", "镇区", "乡村"], words)?,
        (Kind::Choice, _) => return Ok(None),
        (Kind::YesNo, _) => list(&["是", "否"], words)?,
        (Kind::Year, _) => DataValidation::new()
            .allow_whole_number(DataValidationRule::Between(1850, 2100))
            .set_error_message(wrong("year"))?,
        (Kind::Count, _) => DataValidation::new()
            .allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
            .set_error_message(wrong("count"))?,
        (Kind::Level, _) => list(&["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"], words)?,
        (Kind::Amount, _) => DataValidation::new()
            .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
            .set_error_message(wrong("amount"))?,
    }))
}

fn district(workbook: &mut Workbook, asked: &Asked, words: &Words) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEETS[2])?;
    for (column, header) in DISTRICT_HEADERS.into_iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, header, &head(GREY))?;
    }
    let identity = ["district_code", "district_name", "year"];
    let identity = identity.into_iter().filter_map(|id| Dictionary::get().fact(id));
    let needed = identity.chain(asked.district.iter().copied()).map(Some);
    // A line between what is judged and what the form only prints.
    let printed = asked.form_district.iter().copied().map(Some);
    let line = (!asked.form_district.is_empty()).then_some(None);
    for (row, fact) in (1..).zip(needed.chain(line).chain(printed)) {
        let Some(fact) = fact else {
            sheet.merge_range(row, 0, row, 3, &words.say("template.for_the_form"), &head(GREY))?;
            continue;
        };
        sheet.write_string(row, 0, &fact.label_zh)?;
        if fact.kind == Kind::Text {
            sheet.write_blank(row, 1, &Format::new().set_num_format("@"))?;
        }
        if let Some(validation) = validation(fact, words)? {
            sheet.add_data_validation(row, 1, row, 1, &validation)?;
        }
        sheet.write_string(row, 2, &fact.unit)?;
        sheet.write_string_with_format(row, 3, explanation(fact, words), &wrapped())?;
    }
    sheet
        .set_column_width(0, 40)?
        .set_column_width(1, 18)?
        .set_column_width(2, 8)?
        .set_column_width(3, 60)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
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

fn answers(workbook: &mut Workbook, standard: &Standard, words: &Words) -> Result<(), XlsxError> {
    let questions: Vec<Question> =
        standard.items.iter().flat_map(|item| questions(item, words.language)).collect();
    if questions.is_empty() {
        return Ok(());
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEETS[3])?;
    for (column, header) in ANSWER_HEADERS.into_iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, header, &head(GREY))?;
    }
    let text = wrapped().set_num_format("@");
    for (row, question) in (1..).zip(&questions) {
        // 8.1 is the name of a part, not a number.
        sheet.write_string_with_format(row, 0, &question.id, &text)?;
        sheet.write_string_with_format(row, 1, question.title, &text)?;
        sheet.write_string_with_format(row, 2, &question.wanted, &text)?;
        let validation = match question.points {
            Some(points) => {
                sheet.write_number(row, 3, points)?;
                let message = words.text("template.wrong.score", &[("points", points.to_string())]);
                DataValidation::new()
                    .allow_decimal_number(DataValidationRule::Between(0.0, points))
                    .set_error_message(short(message))?
            }
            None => list(question.choices, words)?,
        };
        sheet.add_data_validation(row, 4, row, 4, &validation)?;
        sheet.write_blank(row, 5, &text)?;
        sheet.write_blank(row, 7, &text)?;
    }
    for (column, width) in
        [(0, 8.0), (1, 30.0), (2, 60.0), (3, 7.0), (4, 12.0), (5, 36.0), (6, 12.0), (7, 12.0)]
    {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 2)?;
    Ok(())
}

#[cfg(test)]
mod tests;
