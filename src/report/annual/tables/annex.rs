//! The tables of the annex: missing facts, merged codes, absent districts, the sources of the numbers.

use super::{MAX_ROWS_SHOWN, count, heads};
use crate::{
    report::{
        annual::context::ReportContext,
        document::{
            Source,
            table::{Cell, Table, table, text},
        },
    },
    tables::annual::Annual,
};

pub fn coverage(context: &ReportContext<'_>) -> Table {
    let lacking = context.tables.facts.rows().filter(|row| row.status() != "complete");
    let rows = lacking.map(|row| {
        vec![
            text(context.section_name(row.section())),
            text(context.annual.words.fact(row.fact())),
            count(row.known()),
            count(row.of()),
            count(row.districts_without()),
        ]
    });
    table(heads(context, &["section", "fact", "#known", "#of", "#districts_without"]), rows.collect())
}

pub fn joined(context: &ReportContext<'_>) -> Table {
    let rows = context.annual.joined.rows().take(MAX_ROWS_SHOWN).map(|row| {
        vec![
            text(row.year().to_string()),
            text(format!("{} {}", row.from_code(), row.from_name())),
            text(format!("{} {}", row.to_code(), row.to_name())),
            text(match row.kind() {
                kind @ ("renamed" | "merged") => context.writer.say(&format!("value.{kind}"), &[]),
                other => other.to_string(),
            }),
            count(row.schools()),
        ]
    });
    table(heads(context, &["year", "from", "to", "kind", "#schools"]), rows.collect())
}

pub fn absent(annual: &Annual, context: &ReportContext<'_>) -> Table {
    let rows = annual.absent.iter().take(MAX_ROWS_SHOWN).map(|region| {
        vec![
            text(&region.district_code),
            text(&region.district_name),
            text(match &region.city_name {
                name if name.is_empty() => "—",
                name => name,
            }),
        ]
    });
    table(heads(context, &["code", "district", "city"]), rows.collect())
}

/// One row per note, table and table row; the page links to the first row of a note.
pub fn sources(context: &ReportContext<'_>, sources: &[Source]) -> Table {
    let mut used: Vec<(usize, &Source)> =
        sources.iter().enumerate().filter(|(_, own)| own.note > 0).collect();
    used.sort_by_key(|(at, own)| (own.note, *at));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some((_, first)) = used.get(at) {
        let alike = used[at..].iter().take_while(|(_, own)| {
            (own.note, &own.table, &own.keys) == (first.note, &first.table, &first.keys)
        });
        let numbers: Vec<String> = alike.map(|(_, own)| format!("{} = {}", own.column, own.text)).collect();
        at += numbers.len();
        let before = (at - numbers.len()).checked_sub(1).and_then(|before| used.get(before));
        let is_first = before.is_none_or(|(_, own)| own.note != first.note);
        ids.push(if is_first { format!("note-{}", first.note) } else { format!("note-{}-{at}", first.note) });
        rows.push(vec![
            text(first.note.to_string()),
            text(numbers.join("; ")),
            text(format!("{}.csv", first.table)),
            text(first.keys.replace("level=all;district_code=all;", "").replace(';', " ")),
        ]);
    }
    let mut made = table(heads(context, &["#note", "numbers", "table", "keys"]), rows).smaller();
    made.ids = ids;
    // Keys are long and not words: they get one or two lines, not four.
    for (column, width) in made.columns.iter_mut().zip([0.06, 0.33, 0.17, 0.44]) {
        column.width = width;
    }
    made
}
