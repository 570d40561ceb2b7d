//! The findings of `equity` in plain sentences: a few places, a few lines per indicator.

use std::collections::{BTreeMap, BTreeSet};

use super::{WIDTH, heading, wrap};
use crate::{
    dictionary::Section,
    number::{self, fixed},
    standard::Standard,
    tables::{comparison, convergence, decomposition, influence, panel},
    words::Words,
};

/// Maximum number of places on the screen; the files contain all.
const MAX_PLACES: usize = 3;
/// Maximum number of schools that are named.
const MAX_SCHOOLS: usize = 3;
/// From this p on, a regression over the years is not significant.
const SIGNIFICANT: f64 = 0.05;

/// The tables; of the panels, only the rows of one year.
pub struct Inquired<'a> {
    pub panels: &'a [panel::Frame],
    pub decomposition: &'a decomposition::Frame,
    pub influence: &'a influence::Frame,
    pub comparison: &'a comparison::Frame,
    pub convergence: &'a convergence::Frame,
}

/// Level and code of a place.
type Place<'a> = (&'a str, &'a str);
/// Place, year, section and indicator.
type Key<'a> = (Place<'a>, i32, Section, &'a str);
/// The rows of a table by key, for the places shown.
type Index<'a, R> = BTreeMap<Key<'a>, Vec<R>>;

/// The key of a row of one of these tables.
macro_rules! key {
    ($row:expr) => {
        (($row.level(), $row.district_code()), $row.year(), $row.section(), $row.indicator())
    };
}

struct Shown<'a> {
    decomposition: Index<'a, decomposition::Row<'a>>,
    influence: Index<'a, influence::Row<'a>>,
    comparison: Index<'a, comparison::Row<'a>>,
    convergence: &'a convergence::Frame,
}

fn index<'a, R>(rows: impl Iterator<Item = (Key<'a>, R)>, places: &[Place]) -> Index<'a, R> {
    let mut found = Index::new();
    for (key, row) in rows.filter(|((place, ..), _)| places.contains(place)) {
        found.entry(key).or_default().push(row);
    }
    found
}

/// One paragraph per place and section.
pub fn equity(found: &Inquired, standard: &Standard, words: &Words) -> Vec<String> {
    let rows = || found.panels.iter().flat_map(|panel| panel.rows());
    let mut places: Vec<Place> = Vec::new();
    let mut others: BTreeSet<Place> = BTreeSet::new();
    for row in rows() {
        let place = (row.level(), row.district_code());
        if places.contains(&place) {
            continue;
        }
        if places.len() < MAX_PLACES {
            places.push(place);
        } else {
            others.insert(place);
        }
    }
    let shown = Shown {
        decomposition: index(found.decomposition.rows().map(|row| (key!(row), row)), &places),
        influence: index(found.influence.rows().map(|row| (key!(row), row)), &places),
        comparison: index(found.comparison.rows().map(|row| (key!(row), row)), &places),
        convergence: found.convergence,
    };
    let mut parts: Vec<String> = Vec::new();
    let mut at = None;
    for row in rows() {
        let place = (row.level(), row.district_code());
        if !places.contains(&place) {
            continue;
        }
        if at != Some((place, row.section())) {
            at = Some((place, row.section()));
            let args = [
                ("place", row.district_name().to_string()),
                ("year", row.year().to_string()),
                ("section", words.section(row.section().id())),
            ];
            parts.push(heading(&words.fill("equity.say.heading", &args)));
        }
        let lines = indicator(&shown, row, standard, words);
        if let Some(part) = parts.last_mut() {
            part.push('\n');
            part.push_str(&lines.join("\n"));
        }
    }
    if !others.is_empty() {
        parts.push(words.fill("equity.say.others", &[("count", others.len().to_string())]));
    }
    parts
}

fn indicator(found: &Shown, row: panel::Row, standard: &Standard, words: &Words) -> Vec<String> {
    let mut args = vec![
        ("title", standard.title_of(row.indicator(), words.language).to_string()),
        ("cv", fixed(row.cv(), 3)),
        ("low", fixed(row.cv_low(), 3)),
        ("high", fixed(row.cv_high(), 3)),
        ("gini", fixed(row.gini(), 3)),
        ("limit", fixed(row.limit(), 2)),
    ];
    let certainty = match row.certainty() {
        // The CV itself says on which side of the limit it lies.
        Some("open") if row.met() == Some(false) => words.fill("equity.certainty.open_unmet", &args),
        Some(certainty) => words.fill(&format!("equity.certainty.{certainty}"), &args),
        None => words.say("equity.certainty.none"),
    };
    args.push(("certainty", certainty));
    let first = match (row.cv(), row.cv_low()) {
        (None, _) => "equity.say.no_cv",
        (_, None) => "equity.say.plain",
        _ => "equity.say.interval",
    };
    let mut lines = wrap(&words.fill(first, &args), "  ", WIDTH);
    let more = [
        shares(found, row, words),
        schools(found, row, words),
        gap(found, row, words),
        trend(found, row, words),
    ];
    lines.extend(more.iter().flatten().flat_map(|line| wrap(line, "    ", WIDTH)));
    lines
}

fn percent(share: f64) -> String {
    number::percent(Some(share), 1)
}

/// The share of CV² between urban and rural schools, or between districts.
fn shares(found: &Shown, row: panel::Row, words: &Words) -> Option<String> {
    let rows = found.decomposition.get(&key!(row)).into_iter().flatten();
    let between = rows.filter(|part| {
        (part.measure(), part.part()) == ("cv_squared", "between")
            && matches!(part.by(), "location" | "district")
    });
    let parts: Vec<String> = between
        .filter_map(|part| {
            let share = [("share", percent(part.share()?))];
            Some(words.fill(&format!("equity.between.{}", part.by()), &share))
        })
        .collect();
    (!parts.is_empty())
        .then(|| words.fill("equity.say.between", &[("parts", parts.join(&words.say("equity.and")))]))
}

/// The schools with the largest shares of CV².
fn schools(found: &Shown, row: panel::Row, words: &Words) -> Option<String> {
    let rows = found.influence.get(&key!(row)).into_iter().flatten();
    let schools: Vec<String> = rows
        .take(MAX_SCHOOLS)
        .filter_map(|school| {
            let share = percent(school.cv_squared_share()?);
            let change = school.cv_without();
            let sign = if change.is_some_and(|change| change > 0.0) { "+" } else { "" };
            let args = [
                ("school", school.school_name().to_string()),
                ("share", share),
                ("change", format!("{sign}{}", fixed(change, 3).replace('-', "−"))),
            ];
            Some(words.fill("equity.say.school", &args))
        })
        .collect();
    let list = ("schools", schools.join(&words.say("equity.and")));
    (!schools.is_empty()).then(|| words.fill("equity.say.schools", &[list]))
}

fn gap(found: &Shown, row: panel::Row, words: &Words) -> Option<String> {
    let one = found.comparison.get(&key!(row))?.first()?;
    let gap = one.gap()?;
    let args = [
        ("first", group(one.first(), words)),
        ("second", group(one.second(), words)),
        ("gap", fixed(Some(gap.abs()), 2)),
        ("p", fixed(one.p(), 3)),
    ];
    Some(words.fill(if gap >= 0.0 { "equity.say.more" } else { "equity.say.less" }, &args))
}

/// 城区 … in the run's language.
fn group(name: &str, words: &Words) -> String {
    let key = format!("equity.group.{name}");
    if words.has(&key) { words.say(&key) } else { name.to_string() }
}

/// Whether districts converge over the years.
fn trend(found: &Shown, row: panel::Row, words: &Words) -> Option<String> {
    // The regression covers all districts, so it is shown once, for everything together.
    if row.level() != "all" {
        return None;
    }
    let line = found.convergence.rows().find(|line| {
        line.kind() == "sigma" && line.section() == row.section() && line.indicator() == row.indicator()
    })?;
    let slope = line.slope()?;
    let year = |year: Option<i32>| year.unwrap_or_default().to_string();
    let args = [
        ("from", year(line.from_year())),
        ("to", year(line.to_year())),
        ("slope", fixed(Some(slope.abs()), 4)),
        ("p", fixed(line.p(), 3)),
    ];
    // A regression that may be due to chance, or has only two years, shows neither.
    let key = match line.p() {
        Some(p) if p < SIGNIFICANT && slope < 0.0 => "equity.say.closer",
        Some(p) if p < SIGNIFICANT => "equity.say.apart",
        Some(_) => "equity.say.unclear",
        None => "equity.say.too_few_years",
    };
    Some(words.fill(key, &args))
}
