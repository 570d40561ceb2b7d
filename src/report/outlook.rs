//! The output of `outlook`: one sentence per warning, and the workbook. The rows are already sorted.

use polars::prelude::DataFrame;

use super::workbook::{Cell, Style, Table, Workbook, undated};
use crate::{
    dictionary::Section,
    number,
    problem::Result,
    standard::Standard,
    tables::{Row, outlook, shocks},
    words::Words,
};

/// Maximum number of rows per sheet; the csv contains all.
const MAX_ROWS: usize = 20_000;

/// One sentence per row of a table that contains only warnings.
pub fn warnings(outlook: &outlook::Frame, standard: &Standard, words: &Words) -> Vec<String> {
    outlook.rows().map(|row| warning(row, standard, words)).collect()
}

fn warning(row: outlook::Row, standard: &Standard, words: &Words) -> String {
    let of = row.of();
    let shown = |number| value(of, number, words);
    let slope = row.slope().unwrap_or(0.0);
    let trend = if slope > 0.0 {
        "rises"
    } else if slope < 0.0 {
        "falls"
    } else {
        "level"
    };
    // Slopes are small, so they get one more decimal.
    let change = |number: Option<f64>| change(of, number.map(f64::abs), words);
    let trend = words.fill(
        &format!("outlook.trend.{trend}"),
        &[("slope", change(row.slope())), ("error", change(row.error()))],
    );
    let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
    let open = row.certainty() == Some("open");
    let key = match (row.warning().unwrap_or_default(), open) {
        ("crosses", true) => "crosses_open",
        // The trend ends beyond the bound, but moves towards it from there.
        ("may_cross", _) if row.met_then() == Some(false) => "may_cross_behind",
        (warning, _) => warning,
    };
    let side = if of == "cv" { "above" } else { "below" };
    words.fill(
        &format!("outlook.line.{key}"),
        &[
            ("place", row.district_name().unwrap_or_default().to_string()),
            ("section", words.section(row.section().map_or("", Section::id))),
            ("indicator", indicator(row.indicator(), standard, words)),
            ("of", words.say(&format!("outlook.of.{of}"))),
            ("last", shown(row.last())),
            ("year", year(row.year())),
            ("trend", trend),
            ("crossing", year(row.crossing_year())),
            ("side", words.say(&format!("outlook.side.{side}"))),
            ("bound", shown(row.bound())),
            ("to", row.to_year().to_string()),
            ("projected", shown(row.projected())),
            ("low", shown(row.low())),
            ("high", shown(row.high())),
        ],
    )
}

/// One sentence per row.
pub fn shocks(shocks: &shocks::Frame, standard: &Standard, words: &Words) -> Vec<String> {
    shocks
        .rows()
        .map(|row| {
            let shown = |of: &str, number| value(of, number, words);
            let whole = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
            let said = |(name, warning): (&str, Option<&str>)| {
                let warning = warning.filter(|warning| *warning != "none")?;
                Some(words.say(&format!("outlook.shock.{name}.{warning}")))
            };
            let warnings = [("warning", row.warning()), ("mean_warning", row.mean_warning())];
            let warnings: Vec<String> = warnings.into_iter().filter_map(said).collect();
            words.fill(
                "outlook.shock.line",
                &[
                    ("place", row.district_name().unwrap_or_default().to_string()),
                    ("section", words.section(row.section().map_or("", Section::id))),
                    ("indicator", indicator(row.indicator().unwrap_or_default(), standard, words)),
                    ("students_before", number::fixed(row.students_before(), 0)),
                    ("students_after", number::fixed(row.students_after(), 0)),
                    ("cv_before", shown("cv", row.cv_before())),
                    ("cv_after", shown("cv", row.cv_after())),
                    ("mean_before", shown("mean", row.mean_before())),
                    ("mean_after", shown("mean", row.mean_after())),
                    ("met_before", whole(row.schools_met_before())),
                    ("met_after", whole(row.schools_met_after())),
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

/// CVs with three decimals, means with two, shares as percentages.
fn value(of: &str, value: Option<f64>, words: &Words) -> String {
    match of {
        "cv" => number::fixed(value, 3),
        "mean" => number::fixed(value, 2),
        _ => words.fill("outlook.share", &[("share", number::fixed(value.map(|share| 100.0 * share), 1))]),
    }
}

fn change(of: &str, value: Option<f64>, words: &Words) -> String {
    match of {
        "cv" => number::fixed(value, 3),
        "mean" => number::fixed(value, 3),
        _ => words.fill("outlook.points", &[("points", number::fixed(value.map(|share| 100.0 * share), 1))]),
    }
}

/// The workbook: the warnings as sentences with their numbers, and the shocks if there are any. The same tables give
/// the same bytes.
///
/// # Errors
/// As [`Workbook::bytes`].
pub fn workbook(
    outlook: &outlook::Frame,
    shocked: Option<&shocks::Frame>,
    standard: &Standard,
    words: &Words,
) -> Result<Vec<u8>> {
    let mut book = Workbook::new(undated());
    let mut add = |name: &str, frame: &DataFrame, sentences: Vec<String>| {
        let mut sheet = book.sheet(&words.say(&format!("outlook.sheet.{name}")));
        table(frame, standard, words)
            .fill(&mut sheet, sentences.into_iter().zip(Row::all(frame)).take(MAX_ROWS));
        book.add(sheet);
    };
    add("outlook", outlook.frame(), warnings(outlook, standard, words));
    if let Some(shocked) = shocked {
        add("shocks", shocked.frame(), shocks(shocked, standard, words));
    }
    book.bytes("outlook.xlsx")
}

/// The sentence first, then the columns of the frame under the catalogue's names.
fn table<'a>(frame: &'a DataFrame, standard: &'a Standard, words: &'a Words) -> Table<'a, (String, Row<'a>)> {
    let heading = |name: &str| words.say(&format!("outlook.column.{name}"));
    let mut table = Table::<(String, Row)>::new(Style::new().bold().wrap()).fixed(1);
    let wrapped = Style::new().wrap();
    table.column(heading("sentence"), 80.0, move |(sentence, _)| Cell::new(sentence, &wrapped));
    for column in frame.columns() {
        let name = column.name().as_str();
        table.column(heading(name), None, move |(_, row)| {
            // Texts and booleans first, because a code made of digits would be taken for a number.
            match (row.text(name), row.boolean(name)) {
                (Some(text), _) => Cell::plain(cell_text(name, text, standard, words)),
                (None, Some(yes)) => Cell::plain(yes),
                (None, None) => Cell::plain(row.number(name)),
            }
        });
    }
    table
}

/// A text of a column in the run's language.
fn cell_text(column: &str, text: &str, standard: &Standard, words: &Words) -> String {
    let key = format!("outlook.{column}.{text}");
    match column {
        "section" => words.section(text),
        "indicator" => indicator(text, standard, words),
        _ if words.has(&key) => words.say(&key),
        _ => text.to_string(),
    }
}
