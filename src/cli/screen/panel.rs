//! A panel on the screen: first which district has which year, then CVs against their limits by year.

use super::layout::{Column, WIDTH, heading, table, wrap};
use crate::{
    number,
    report::panel::{Matrix, Summary},
    words::Words,
};

/// Maximum numbers of districts and years shown. Further districts are only counted; of more years, the last ones are
/// shown.
const MAX_DISTRICTS: usize = 30;
const MAX_YEARS: usize = 10;

/// Districts by years: ● ◐ ○.
pub fn coverage(matrix: &Matrix, words: &Words) -> String {
    let say = |key: &str| words.say(&format!("panel.{key}"));
    let title = [
        ("districts", number::count(matrix.districts.len() as i64)),
        ("years", number::count(matrix.years.len() as i64)),
    ];
    let mut lines = vec![heading(&words.fill("panel.screen.coverage", &title))];
    let from = matrix.years.len().saturating_sub(MAX_YEARS);
    let mut columns =
        vec![Column::left(say("column.district_code")), Column::giving(say("column.district_name"), 8)];
    columns.extend(matrix.years.iter().skip(from).map(|year| Column::right(year.to_string())));
    let rows: Vec<Vec<String>> = matrix
        .districts
        .iter()
        .take(MAX_DISTRICTS)
        .map(|(code, name, kept)| {
            let marks = kept.iter().skip(from).map(|kept| kept.mark().to_string());
            [code.clone(), name.clone()].into_iter().chain(marks).collect()
        })
        .collect();
    lines.extend(table(&columns, &rows));
    if matrix.districts.len() > MAX_DISTRICTS {
        let more = number::count((matrix.districts.len() - MAX_DISTRICTS) as i64);
        lines.push(format!("  {}", words.fill("panel.screen.more_districts", &[("more", more)])));
    }
    if from > 0 {
        let args = [("shown", MAX_YEARS.to_string())];
        lines.push(format!("  {}", words.fill("panel.screen.more_years", &args)));
    }
    lines.extend(wrap(&say("legend"), "  ", WIDTH));
    lines.join("\n")
}

/// Districts and CVs against their limits by year and section.
pub fn summary(rows: &[Summary], words: &Words) -> String {
    let say = |key: &str| words.say(&format!("panel.screen.{key}"));
    let mut lines = vec![heading(&say("summary"))];
    let mut columns = vec![
        Column::right(words.say("panel.column.year")),
        Column::left(say("section")),
        Column::right(say("districts")),
    ];
    // If the standard has no limits, these columns would be empty.
    let limited = rows.iter().any(|row| row.limits > 0);
    if limited {
        columns.extend(["limits", "over", "missing", "open"].map(|id| Column::right(say(id))));
    }
    let cells = |row: &Summary| {
        let count = |n: usize| number::count(n as i64);
        let mut cells = vec![
            row.year.to_string(),
            row.section.map_or_else(String::new, |section| words.section(section.id())),
            count(row.districts),
        ];
        if limited {
            cells.extend([row.limits, row.over, row.missing, row.open].map(count));
        }
        cells
    };
    lines.extend(table(&columns, &rows.iter().map(cells).collect::<Vec<_>>()));
    if limited {
        lines.extend(wrap(&say("what_is_open"), "  ", WIDTH));
    }
    lines.join("\n")
}
