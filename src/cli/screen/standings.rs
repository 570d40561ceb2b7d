//! The result of `score` in words: units by rank, scores that exceed their points, the files.

use super::layout::{Column, WIDTH, heading, table, wrap};
use crate::{
    number,
    report::{format::Format, standings::by_rank},
    standard::Standard,
    tables::scored::Scored,
    words::Words,
};

/// Maximum number of units shown; further units are only counted.
const MAX_UNITS: usize = 60;

/// Units by rank, with total, grade and number of unmarked entries.
pub fn standings(standard: &Standard, scored: &Scored, words: &Words) -> String {
    let title = [
        ("title", standard.title.get(words.language).to_string()),
        ("year", scored.year.map_or_else(|| "—".into(), |year| year.to_string())),
        ("units", number::count(scored.units.len() as i64)),
    ];
    let mut lines = vec![heading(&words.fill("score.screen.title", &title))];
    let scoring = standard.scoring.as_ref();
    let grades = scoring.map_or(&[][..], |scoring| &scoring.grades);
    let weighed = scoring.is_some_and(|scoring| !scoring.components.is_empty());
    let say = |key: &str| words.say(&format!("score.screen.{key}"));
    let last = scored.standings.iter().any(|standing| standing.last_rank.is_some());
    // Where units are not ranked, the column says only who is vetoed.
    let ranked = standard.ranks_units() || scored.standings.iter().any(|own| !own.vetoed.is_empty());
    let mut columns: Vec<Column> = ranked.then(|| Column::right(say("rank"))).into_iter().collect();
    columns.extend([Column::giving(say("unit"), 8), Column::right(say("total"))]);
    // The points exclude the bonus, the total includes it.
    let bonus = standard.groups.iter().any(|group| group.bonus);
    columns.extend(bonus.then(|| Column::right(say("bonus"))));
    columns.push(Column::right(say("points")));
    columns.extend(weighed.then(|| Column::right(say("result"))));
    columns.extend((!grades.is_empty()).then(|| Column::left(say("grade"))));
    columns.extend(last.then(|| Column::right(say("last"))));
    columns.push(Column::right(say("unmarked")));
    let score = |value: Option<f64>| value.map_or_else(|| "—".into(), |value| number::at_most(value, 4));
    let row = |standing: &crate::tables::scored::Standing| {
        let rank = match (standing.rank, standing.vetoed.is_empty()) {
            (Some(rank), _) => rank.to_string(),
            (None, false) => say("vetoed"),
            (None, true) => "—".into(),
        };
        // A partial score is marked as such.
        let so_far =
            || words.fill("score.screen.so_far", &[("score", score(Some(standing.score + standing.bonus)))]);
        let mut cells: Vec<String> = ranked.then_some(rank).into_iter().collect();
        cells.extend([
            scored.units.get(standing.unit).map_or_else(String::new, |unit| unit.name.clone()),
            standing.total.map_or_else(so_far, |total| score(Some(total))),
        ]);
        cells.extend(bonus.then(|| score(Some(standing.bonus))));
        cells.push(score(standing.points));
        cells.extend(weighed.then(|| score(standing.result)));
        cells.extend((!grades.is_empty()).then(|| {
            let grade = standing.grade.and_then(|k| grades.get(k));
            let unsaid = grade.is_some_and(|grade| grade.condition.is_some()) && standing.condition.is_none();
            let name = grade.map_or("—", |grade| grade.name.get(words.language));
            let below = standing.vetoed.is_empty()
                && standing.result.zip(scoring).is_some_and(|(result, scoring)| scoring.is_below(result));
            if let (true, Some(lowest)) = (below, grades.first()) {
                let name = lowest.name.get(words.language).to_string();
                words.fill("score.screen.below", &[("grade", name)])
            } else if unsaid {
                words.fill("score.screen.unsaid", &[("grade", name.to_string())])
            } else {
                name.to_string()
            }
        }));
        cells.extend(last.then(|| standing.last_rank.map_or_else(|| "—".into(), |rank| rank.to_string())));
        cells.push(number::count(standing.unmarked as i64));
        cells
    };
    let all = by_rank(scored);
    let rows: Vec<Vec<String>> = all.iter().take(MAX_UNITS).map(|standing| row(standing)).collect();
    lines.extend(table(&columns, &rows));
    if all.len() > MAX_UNITS {
        lines.push(format!(
            "  {}",
            words.fill("score.screen.more", &[("more", (all.len() - MAX_UNITS).to_string())])
        ));
    }
    let open: usize = scored.standings.iter().map(|standing| standing.unmarked).sum();
    if open > 0 {
        lines.extend(wrap(&words.fill("score.screen.open", &[("count", open.to_string())]), "  ", WIDTH));
    }
    let idle: Vec<&str> =
        scored.without_items(standard).into_iter().map(|(_, member)| member.name.as_str()).collect();
    if !idle.is_empty() {
        let args = [("units", idle.join(&words.say("standard.and")))];
        lines.extend(wrap(&words.fill("score.screen.without_items", &args), "  ", WIDTH));
    }
    lines.join("\n")
}

/// The files of the result: documents by name, folders with their number of files, tables.
pub fn score_files(folder: &str, names: &[String], words: &Words) -> String {
    let mut lines = vec![heading(&words.fill("screen.files", &[("folder", folder.to_string())]))];
    let top: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.contains('/')).collect();
    for name in top.iter().filter(|name| !Format::is_table(name)) {
        lines.push(format!("  {name}"));
    }
    let mut folders: Vec<&str> =
        names.iter().filter_map(|name| name.split_once('/')).map(|(f, _)| f).collect();
    folders.sort_unstable();
    let mut rest = &folders[..];
    while let Some(first) = rest.first() {
        let count = rest.partition_point(|other| other == first);
        let args = [("folder", format!("{first}/")), ("count", count.to_string())];
        lines.push(format!("  {}", words.fill("score.screen.folder", &args)));
        rest = &rest[count..];
    }
    let tables: Vec<&str> = top.iter().filter_map(|name| name.strip_suffix(".csv")).collect();
    if !tables.is_empty() {
        let tables = words.fill("score.screen.tables", &[("tables", tables.join(" "))]);
        lines.extend(wrap(&tables, "  ", WIDTH));
    }
    lines.join("\n")
}
