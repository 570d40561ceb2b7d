//! What `outlook` says: a sentence a warning, and the workbook. The rows come sorted.

use polars::prelude::DataFrame;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::{
    number,
    problem::{Error, Result},
    standard::Standard,
    tables::{Row, ledger::clean},
    words::Words,
};

/// More rows than these people do not read; all of them stand in the csv.
const MOST: usize = 20_000;

/// A sentence a row of [`crate::tables::years::outlook`] that warns of something.
pub fn warnings(outlook: &DataFrame, standard: &Standard, words: &Words) -> Vec<String> {
    Row::all(outlook).map(|row| warning(&row, standard, words)).collect()
}

fn warning(row: &Row, standard: &Standard, words: &Words) -> String {
    let of = row.said("of");
    let shown = |name: &str| value(of, row.number(name), words);
    let slope = row.number("slope").unwrap_or(0.0);
    let trend = if slope > 0.0 {
        "rises"
    } else if slope < 0.0 {
        "falls"
    } else {
        "level"
    };
    // A slope is small: one more decimal.
    let change = |name: &str| change(of, row.number(name).map(f64::abs), words);
    let trend = words
        .text(&format!("outlook.trend.{trend}"), &[("slope", change("slope")), ("error", change("error"))]);
    let whole = |name: &str| row.whole(name).map(|year| year.to_string()).unwrap_or_default();
    let open = row.text("certainty") == Some("open");
    let key = match (row.said("warning"), open) {
        ("crosses", true) => "crosses_open",
        // The line ends beyond the bound, and yet leads away from it.
        ("may_cross", _) if row.yes("met_then") == Some(false) => "may_cross_behind",
        (warning, _) => warning,
    };
    let side = if of == "cv" { "above" } else { "below" };
    words.text(
        &format!("outlook.line.{key}"),
        &[
            ("place", row.said("district_name").to_string()),
            ("section", words.section(row.said("section"))),
            ("indicator", indicator(row.said("indicator"), standard, words)),
            ("of", words.say(&format!("outlook.of.{of}"))),
            ("last", shown("last")),
            ("year", whole("year")),
            ("trend", trend),
            ("crossing", whole("crossing_year")),
            ("side", words.say(&format!("outlook.side.{side}"))),
            ("bound", shown("bound")),
            ("to", whole("to_year")),
            ("projected", shown("projected")),
            ("low", shown("low")),
            ("high", shown("high")),
        ],
    )
}

/// A sentence a row of [`crate::tables::years::shocks`].
pub fn shocks(shocks: &DataFrame, standard: &Standard, words: &Words) -> Vec<String> {
    Row::all(shocks)
        .map(|row| {
            let shown = |of: &str, name: &str| value(of, row.number(name), words);
            let whole = |name: &str| row.whole(name).map(|year| year.to_string()).unwrap_or_default();
            let said = |name: &str| {
                row.text(name)
                    .filter(|said| *said != "none")
                    .map(|said| words.say(&format!("outlook.shock.{name}.{said}")))
            };
            let warnings: Vec<String> = ["warning", "mean_warning"].into_iter().filter_map(said).collect();
            words.text(
                "outlook.shock.line",
                &[
                    ("place", row.said("district_name").to_string()),
                    ("section", words.section(row.said("section"))),
                    ("indicator", indicator(row.said("indicator"), standard, words)),
                    ("students_before", number::fixed(row.number("students_before"), 0)),
                    ("students_after", number::fixed(row.number("students_after"), 0)),
                    ("cv_before", shown("cv", "cv_before")),
                    ("cv_after", shown("cv", "cv_after")),
                    ("mean_before", shown("mean", "mean_before")),
                    ("mean_after", shown("mean", "mean_after")),
                    ("met_before", whole("schools_met_before")),
                    ("met_after", whole("schools_met_after")),
                    ("warnings", warnings.join(&words.say("outlook.shock.and"))),
                ],
            )
        })
        .collect()
}

fn indicator(id: &str, standard: &Standard, words: &Words) -> String {
    let known = standard.indicators.iter().find(|one| one.id == id);
    known.map_or_else(|| id.to_string(), |one| one.title.get(words.language).to_string())
}

/// A CV with three decimals, a mean with two, a share in per cent.
fn value(of: &str, value: Option<f64>, words: &Words) -> String {
    match of {
        "cv" => number::fixed(value, 3),
        "mean" => number::fixed(value, 2),
        _ => words.text("outlook.share", &[("share", number::fixed(value.map(|share| 100.0 * share), 1))]),
    }
}

fn change(of: &str, value: Option<f64>, words: &Words) -> String {
    match of {
        "cv" => number::fixed(value, 3),
        "mean" => number::fixed(value, 3),
        _ => words.text("outlook.points", &[("points", number::fixed(value.map(|share| 100.0 * share), 1))]),
    }
}

/// The workbook: the warnings as sentences with their numbers, and the shocks where there are some. The same bytes for the
/// same tables.
///
/// # Errors
/// Only Excel's own bounds, which these tables keep.
pub fn workbook(
    outlook: &DataFrame,
    shocked: Option<&DataFrame>,
    standard: &Standard,
    words: &Words,
) -> Result<Vec<u8>> {
    let made = || -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let day = ExcelDateTime::from_ymd(2025, 9, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&day));
        sheet(
            book.add_worksheet().set_name(words.say("outlook.sheet.outlook"))?,
            outlook,
            &warnings(outlook, standard, words),
            standard,
            words,
        )?;
        if let Some(frame) = shocked {
            sheet(
                book.add_worksheet().set_name(words.say("outlook.sheet.shocks"))?,
                frame,
                &shocks(frame, standard, words),
                standard,
                words,
            )?;
        }
        book.save_to_buffer()
    };
    made().map_err(|why| Error::disk("outlook.xlsx", std::io::Error::other(why.to_string())))
}

/// The sentence first, then the columns of the table under the names of the catalogue.
fn sheet(
    sheet: &mut Worksheet,
    frame: &DataFrame,
    sentences: &[String],
    standard: &Standard,
    words: &Words,
) -> std::result::Result<(), XlsxError> {
    let head = Format::new().set_bold().set_text_wrap();
    let wrapped = Format::new().set_text_wrap();
    sheet.set_column_width(0, 80)?;
    sheet.write_string_with_format(0, 0, words.say("outlook.column.sentence"), &head)?;
    let names: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
    for (at, name) in (1u16..).zip(&names) {
        sheet.write_string_with_format(0, at, words.say(&format!("outlook.column.{name}")), &head)?;
    }
    for ((line, row), sentence) in (1u32..).zip(Row::all(frame)).zip(sentences).take(MOST) {
        sheet.write_string_with_format(line, 0, clean(sentence), &wrapped)?;
        for (at, name) in (1u16..).zip(&names) {
            // Texts and truths first: a code of digits would be taken for a number.
            match (row.text(name), row.yes(name), row.number(name)) {
                (Some(text), ..) => {
                    let key = format!("outlook.{name}.{text}");
                    let text = match *name {
                        "section" => words.section(text),
                        "indicator" => indicator(text, standard, words),
                        _ if words.has(&key) => words.say(&key),
                        _ => text.to_string(),
                    };
                    sheet.write_string(line, at, clean(&text))?;
                }
                (_, Some(yes), _) => {
                    sheet.write_boolean(line, at, yes)?;
                }
                (.., Some(number)) => {
                    sheet.write_number(line, at, number)?;
                }
                _ => {}
            }
        }
    }
    let last = u16::try_from(names.len()).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, frame.height().clamp(1, MOST) as u32, last)?;
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}
