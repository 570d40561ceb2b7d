//! 表Ⅳ 政府保障程度 and 表Ⅴ 教育质量: the requirement of each row, the numbers or the conclusion, and 是否达标.

use super::{
    known::Known,
    page::{Cell, Look, Page},
    sentence,
};
use crate::{
    standard::{Item, Rule},
    tables::{Status, district::District},
};

/// The form breaks 表Ⅳ after its eighth row and repeats the heading.
const GOVERNMENT: [(u32, u32); 2] = [(1, 8), (9, 15)];
const WIDTHS: [f64; 3] = [58.0, 74.0, 9.0];

/// 表Ⅳ.
pub fn government(district: &District, known: &Known) -> Page {
    let words = district.words;
    let mut page = Page::new("4", WIDTHS.to_vec(), 2, words);
    let mut at = 1;
    for (part, (first, last)) in GOVERNMENT.into_iter().enumerate() {
        if part > 0 {
            // An empty row between the two, as in the form; on paper the second begins a new page.
            at += 1;
            page.new_page_before(at);
        }
        let name = if part == 0 { "form.4.name" } else { "form.4.name_again" };
        let heads = [words.say(name), words.say("form.4.value"), words.say("form.4.met")];
        page.line(at, 0, heads.map(Cell::Text), Look::Head);
        page.height(at, 1.6);
        at += 1;
        for number in first..=last {
            row(&mut page, at, "4", number, district, known);
            at += 1;
        }
    }
    page.note_at(at, &words.say("form.4.note"));
    if !district.verdict.reliefs.is_empty() {
        page.note(&words.say("form.4.reliefs"));
    }
    lacking(&mut page, "4", 15, district, known);
    page
}

/// 表Ⅴ.
pub fn quality(district: &District, known: &Known) -> Page {
    let words = district.words;
    let mut page = Page::new("5", WIDTHS.to_vec(), 3, words);
    for (column, head) in (0..).zip(["form.4.name", "form.4.value", "form.4.met"]) {
        page.merge((1, column), (2, column), &words.say(head), Look::Head);
    }
    for number in 1..=9 {
        row(&mut page, number + 2, "5", number, district, known);
    }
    lacking(&mut page, "5", 9, district, known);
    page
}

fn row(page: &mut Page, at: u32, table: &str, number: u32, district: &District, known: &Known) {
    let words = district.words;
    let id = format!("{table}.{number}");
    let name = format!("{number}. {}", sentence::name(&id, known, words));
    let said = sentence::sentence(&id, known, words).or_else(|| conclusion(&id, district, known));
    let status = known.status(&id);
    page.put(at, 0, Cell::text(&name), Look::Left);
    page.put(at, 1, said.clone().map_or(Cell::Blank, Cell::Text), Look::Left);
    let met = match status {
        Some(Status::Met) => Cell::text(words.say("form.yes")),
        Some(Status::Unmet) => Cell::text(words.say("form.no")),
        Some(Status::NotApplicable) => Cell::text(words.say("form.not_applicable")),
        Some(Status::Missing) | None => Cell::Blank,
    };
    page.put(at, 2, met, if status == Some(Status::Unmet) { Look::Unmet } else { Look::Center });
    page.fit(at, &[(0, &name), (1, said.as_deref().unwrap_or_default())]);
}

/// The conclusion of a row's items: the answer with its evidence, or the result from data; empty if there is neither.
fn conclusion(id: &str, district: &District, known: &Known) -> Option<String> {
    let words = district.words;
    let items: Vec<&Item> = known.items(id).collect();
    let several = items.len() > 1;
    let mut said = Vec::new();
    for item in items {
        let is_answered_alone = matches!(item.rule, Rule::Evidence | Rule::Scored { .. } | Rule::Veto);
        if is_answered_alone && known.status_of(item) == Status::Missing {
            continue;
        }
        let mut text = known.detail(item).to_string();
        let evidence = evidence(item, district);
        if !evidence.is_empty() {
            let documents = evidence.join(&words.say("form.remark.comma"));
            text = words.fill("form.with_evidence", &[("text", text), ("documents", documents)]);
        }
        if several {
            let title = item.title.get(words.language).to_string();
            text = words.fill("form.of_item", &[("item", title), ("text", text)]);
        }
        said.push(text);
    }
    let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
    (!said.is_empty()).then(|| said.join(&words.say("form.remark.semicolon")))
}

/// The documents named in 佐证与评分 for an item or its parts, each once.
fn evidence(item: &Item, district: &District) -> Vec<String> {
    let points = format!("{}.", item.id);
    let mut found: Vec<String> = Vec::new();
    for row in district.answers.rows() {
        let answered = row.item();
        if answered != item.id && !answered.starts_with(&points) {
            continue;
        }
        if let Some(document) = row.document().map(str::trim).filter(|document| !document.is_empty())
            && !found.iter().any(|one| one == document)
        {
            found.push(document.to_string());
        }
    }
    found
}

/// Notes the rows for which the standard has no item, and whose 是否达标 is therefore blank.
fn lacking(page: &mut Page, table: &str, last: u32, district: &District, known: &Known) {
    let words = district.words;
    let rows: Vec<String> = (1..=last)
        .filter(|number| known.status(&format!("{table}.{number}")).is_none())
        .map(|number| number.to_string())
        .collect();
    if rows.is_empty() {
        return;
    }
    let standard = district.standard.title.get(words.language).to_string();
    let rows = rows.join(&words.say("form.remark.comma"));
    page.note(&words.fill("form.row_without_item", &[("standard", standard), ("rows", rows)]));
}
