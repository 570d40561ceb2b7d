//! What `equity` found, in plain words: a few places, a few lines an indicator.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::{WIDTH, heading, wrap};
use crate::{number::fixed, standard::Standard, tables::Row, words::Words};

/// Places that are told of on the screen; the others stand in the files.
const PLACES: usize = 3;
/// Schools that are named.
const SCHOOLS: usize = 3;
/// From here on up a line through years says nothing (5 %).
const SIGNIFICANT: f64 = 0.05;

/// The tables; of the panels only the rows of one year.
pub struct Inquired<'a> {
    pub panels: &'a [crate::tables::panel::Frame],
    pub decomposition: Option<&'a DataFrame>,
    pub influence: Option<&'a DataFrame>,
    pub comparison: Option<&'a DataFrame>,
    pub lines: Option<&'a DataFrame>,
}

/// Rows by level, place, section and indicator, of the places that are shown.
type Index<'a> = BTreeMap<[&'a str; 4], Vec<Row<'a>>>;

struct Shown<'a> {
    decomposition: Index<'a>,
    influence: Index<'a>,
    comparison: Index<'a>,
    lines: Option<&'a DataFrame>,
}

fn place<'a>(row: &Row<'a>) -> [&'a str; 2] {
    [row.said("level"), row.said("district_code")]
}

fn index<'a>(table: Option<&'a DataFrame>, places: &[[&str; 2]]) -> Index<'a> {
    let mut found = Index::new();
    for row in table.into_iter().flat_map(Row::all) {
        let [level, code] = place(&row);
        if places.contains(&[level, code]) {
            found.entry([level, code, row.said("section"), row.said("indicator")]).or_default().push(row);
        }
    }
    found
}

/// A paragraph a place and section.
pub fn equity(found: &Inquired, standard: &Standard, words: &Words) -> Vec<String> {
    let mut places: Vec<[&str; 2]> = Vec::new();
    let mut others: BTreeSet<[&str; 2]> = BTreeSet::new();
    for row in found.panels.iter().flat_map(|panel| Row::all(panel.frame())) {
        let place = place(&row);
        if !places.contains(&place) {
            if places.len() < PLACES {
                places.push(place);
            } else {
                others.insert(place);
            }
        }
    }
    let shown = Shown {
        decomposition: index(found.decomposition, &places),
        influence: index(found.influence, &places),
        comparison: index(found.comparison, &places),
        lines: found.lines,
    };
    let mut parts: Vec<String> = Vec::new();
    let mut at = None;
    for row in found
        .panels
        .iter()
        .flat_map(|panel| Row::all(panel.frame()))
        .filter(|row| places.contains(&place(row)))
    {
        let section = row.said("section");
        if at != Some((place(&row), section)) {
            at = Some((place(&row), section));
            let args = [
                ("place", row.said("district_name").to_string()),
                ("year", row.whole("year").unwrap_or_default().to_string()),
                ("section", words.section(section)),
            ];
            parts.push(heading(&words.text("equity.say.heading", &args)));
        }
        let told = indicator(&shown, &row, standard, words);
        if let Some(part) = parts.last_mut() {
            part.push('\n');
            part.push_str(&told.join("\n"));
        }
    }
    if !others.is_empty() {
        parts.push(words.text("equity.say.others", &[("count", others.len().to_string())]));
    }
    parts
}

fn indicator<'a>(found: &'a Shown<'a>, row: &Row<'a>, standard: &Standard, words: &Words) -> Vec<String> {
    let number = |column: &str, decimals: u32| fixed(row.number(column), decimals);
    let mut args = vec![
        ("title", standard.title_of(row.said("indicator"), words.language).to_string()),
        ("cv", number("cv", 3)),
        ("low", number("cv_low", 3)),
        ("high", number("cv_high", 3)),
        ("gini", number("gini", 3)),
        ("limit", number("limit", 2)),
    ];
    let certainty = match row.text("certainty") {
        // The CV itself says on which side of its limit it lies.
        Some("open") if row.yes("met") == Some(false) => words.text("equity.certainty.open_unmet", &args),
        Some(certainty) => words.text(&format!("equity.certainty.{certainty}"), &args),
        None => words.say("equity.certainty.none"),
    };
    args.push(("certainty", certainty));
    let first = match (row.number("cv"), row.number("cv_low")) {
        (None, _) => "equity.say.no_cv",
        (_, None) => "equity.say.plain",
        _ => "equity.say.interval",
    };
    let mut lines = wrap(&words.text(first, &args), "  ", WIDTH);
    let mut more = Vec::new();
    more.extend(shares(found, row, words));
    more.extend(schools(found, row, words));
    more.extend(gap(found, row, words));
    more.extend(trend(found, row, words));
    lines.extend(more.iter().flat_map(|line| wrap(line, "    ", WIDTH)));
    lines
}

/// The rows of a table that are of this place, year, section and indicator.
fn same<'a>(table: &'a Index<'a>, row: &Row<'a>) -> impl Iterator<Item = Row<'a>> {
    let [level, code] = place(row);
    let year = row.whole("year");
    let rows = table.get(&[level, code, row.said("section"), row.said("indicator")]);
    rows.into_iter().flatten().copied().filter(move |other| other.whole("year") == year)
}

fn percent(share: f64) -> String {
    format!("{}%", fixed(Some(100.0 * share), 1))
}

fn shares<'a>(found: &'a Shown<'a>, row: &Row<'a>, words: &Words) -> Option<String> {
    let mut told = Vec::new();
    for part in same(&found.decomposition, row) {
        let known = (part.said("measure"), part.said("part")) == ("cv_squared", "between");
        let by = part.said("by");
        let (true, true, Some(share)) = (known, matches!(by, "location" | "district"), part.number("share"))
        else {
            continue;
        };
        told.push(words.text(&format!("equity.between.{by}"), &[("share", percent(share))]));
    }
    (!told.is_empty())
        .then(|| words.text("equity.say.between", &[("parts", told.join(&words.say("equity.and")))]))
}

fn schools<'a>(found: &'a Shown<'a>, row: &Row<'a>, words: &Words) -> Option<String> {
    let told: Vec<String> = same(&found.influence, row)
        .take(SCHOOLS)
        .filter_map(|school| {
            let share = percent(school.number("cv_squared_share")?);
            let change = school.number("cv_without");
            let sign = if change.is_some_and(|change| change > 0.0) { "+" } else { "" };
            let args = [
                ("school", school.said("school_name").to_string()),
                ("share", share),
                ("change", format!("{sign}{}", fixed(change, 3).replace('-', "−"))),
            ];
            Some(words.text("equity.say.school", &args))
        })
        .collect();
    let list = ("schools", told.join(&words.say("equity.and")));
    (!told.is_empty()).then(|| words.text("equity.say.schools", &[list]))
}

fn gap<'a>(found: &'a Shown<'a>, row: &Row<'a>, words: &Words) -> Option<String> {
    let one = same(&found.comparison, row).next()?;
    let gap = one.number("gap")?;
    let name = |column: &str| group(one.said(column), words);
    let args = [
        ("first", name("first")),
        ("second", name("second")),
        ("gap", fixed(Some(gap.abs()), 2)),
        ("p", fixed(one.number("p"), 3)),
    ];
    Some(words.text(if gap >= 0.0 { "equity.say.more" } else { "equity.say.less" }, &args))
}

/// 城区 … in the run's language.
fn group(name: &str, words: &Words) -> String {
    let key = format!("equity.group.{name}");
    if words.has(&key) { words.say(&key) } else { name.to_string() }
}

fn trend<'a>(found: &'a Shown<'a>, row: &Row<'a>, words: &Words) -> Option<String> {
    // Of all districts: told once, with everything together.
    if row.said("level") != "all" {
        return None;
    }
    let line = found.lines.into_iter().flat_map(Row::all).find(|line| {
        line.said("kind") == "sigma"
            && line.text("section") == row.text("section")
            && line.text("indicator") == row.text("indicator")
    })?;
    let slope = line.number("slope")?;
    let year = |column: &str| line.whole(column).unwrap_or_default().to_string();
    let args = [
        ("from", year("from_year")),
        ("to", year("to_year")),
        ("slope", fixed(Some(slope.abs()), 4)),
        ("p", fixed(line.number("p"), 3)),
    ];
    // Neither is said of a line that chance may have drawn, nor of one through two years.
    let said = match line.number("p") {
        Some(p) if p < SIGNIFICANT && slope < 0.0 => "equity.say.closer",
        Some(p) if p < SIGNIFICANT => "equity.say.apart",
        Some(_) => "equity.say.unclear",
        None => "equity.say.too_few_years",
    };
    Some(words.text(said, &args))
}
