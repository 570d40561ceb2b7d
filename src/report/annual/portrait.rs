//! A district on one page: its numbers, its CVs and their trends, its largest gaps, and its neighbours in rank.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::tables::{passes_key, verdict_key};
use crate::{
    chart::Picture,
    file_name, number,
    problem::Result,
    report::templates,
    tables::{
        annual::{Portrait, certainty},
        derived::ranking,
        gaps, outlook,
    },
    words::{Language, Words},
};

const TEMPLATE: &str = "portrait.html";
/// Maximum number of gaps on the page.
const GAPS: usize = 10;
/// Number of neighbours in rank shown on either side.
const BESIDE: usize = 2;

/// What `portrait.html` is filled with.
#[derive(Serialize)]
struct Context<'w, 'p> {
    language: &'static str,
    title: String,
    district: String,
    code: String,
    region: String,
    year: i32,
    /// `passes`, `open`, `fails`, `undetermined`.
    outcome: &'static str,
    outcome_said: String,
    /// Whether there is a requirement to meet.
    judged: bool,
    /// Whether any CV has a limit.
    has_limits: bool,
    counts: Vec<(String, String)>,
    pictures: Vec<Drawn<'p>>,
    spreads: Vec<Spread>,
    gaps: Vec<Gap>,
    gaps_title: String,
    neighbours: Vec<Neighbour>,
    warnings: Vec<Warning>,
    says: Says<'w>,
    footer: String,
}

/// Headings and texts of the page, from the catalogue under `annual.portrait` and `annual.column`.
#[derive(Serialize)]
struct Says<'w> {
    #[serde(flatten)]
    words: BTreeMap<&'w str, String>,
    columns: BTreeMap<&'w str, String>,
}

impl Says<'_> {
    fn of(words: &Words) -> Says<'_> {
        let own = || words.under("annual.portrait.");
        let mut says =
            Says { words: own().collect(), columns: words.under("annual.column.").chain(own()).collect() };
        says.words.insert("gaps", say(words, "gaps", &[("count", GAPS.to_string())]));
        says
    }
}

#[derive(Serialize)]
struct Drawn<'a> {
    title: &'a str,
    svg: &'a str,
}

#[derive(Serialize)]
struct Spread {
    section: String,
    indicator: String,
    mean: String,
    cv: String,
    interval: String,
    change: String,
    limit: String,
    verdict: String,
    unmet: bool,
}

#[derive(Serialize)]
struct Gap {
    item: String,
    school: String,
    section: String,
    now: String,
    required: String,
    shortfall: String,
}

#[derive(Serialize)]
struct Neighbour {
    rank: String,
    name: String,
    file: Option<String>,
    ratio: String,
    this: bool,
}

#[derive(Serialize)]
struct Warning {
    section: String,
    indicator: String,
    last: String,
    projected: String,
    interval: String,
    bound: String,
    said: String,
}

/// The districts by rank, as every page needs them: rows of the table `ranking`.
pub struct Ranking<'a> {
    pub frame: &'a ranking::Frame,
    at: std::collections::HashMap<String, usize>,
    /// Number of districts with a rank.
    ranked: usize,
}

impl<'a> Ranking<'a> {
    pub fn of(frame: &'a ranking::Frame) -> Ranking<'a> {
        let codes = frame.rows().map(|row| row.district_code().to_string());
        let ranked = frame.rows().filter(|row| row.rank().is_some()).count();
        Ranking { frame, at: codes.enumerate().map(|(at, code)| (code, at)).collect(), ranked }
    }

    pub fn row(&self, code: &str) -> Option<ranking::Row<'a>> {
        self.frame.row(*self.at.get(code)?)
    }

    /// A district and its neighbours in rank.
    pub fn beside(&self, code: &str) -> Vec<ranking::Row<'a>> {
        let Some(at) = self.at.get(code) else { return Vec::new() };
        let from = at.saturating_sub(BESIDE);
        self.frame
            .rows()
            .skip(from)
            .take(at - from + BESIDE + 1)
            .filter(|row| row.rank().is_some() || row.district_code() == code)
            .collect()
    }
}

/// The file name of a district's page.
pub fn file(code: &str) -> String {
    format!("{}.html", file_name::of_code(code))
}

fn say(words: &Words, key: &str, args: &[(&str, String)]) -> String {
    words.fill(&format!("annual.portrait.{key}"), args)
}

/// The page of one district: a single html file that prints on both sides of one sheet of A4.
///
/// # Errors
/// A template of the user is invalid.
pub fn portrait(
    portrait: &Portrait,
    ranking: &Ranking,
    pictures: &[Picture],
    templates: Option<&Path>,
) -> Result<Vec<u8>> {
    let template = templates::text(TEMPLATE, templates)?;
    let context = context(portrait, ranking, pictures);
    templates::render(TEMPLATE, &template, &context).map(String::into_bytes)
}

fn context<'w, 'p>(portrait: &Portrait<'w>, ranking: &Ranking, pictures: &'p [Picture]) -> Context<'w, 'p> {
    let annual = portrait.annual;
    let (standard, words) = (annual.standard, annual.words);
    let region = &portrait.region;
    let row = ranking.row(&region.district_code);
    let outcome = row.map_or("undetermined", |row| match passes_key(row) {
        "yes" => "passes",
        "open" => "open",
        "no" => "fails",
        _ => "undetermined",
    });
    let gaps = gaps(portrait);
    let has_limits = row.is_some_and(|row| row.limits() > 0);
    let place = [&region.province_name, &region.city_name];
    Context {
        language: match words.language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        },
        title: say(
            words,
            "title",
            &[("district", region.district_name.clone()), ("year", annual.year.to_string())],
        ),
        district: region.district_name.clone(),
        code: region.district_code.clone(),
        region: place.into_iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join(" "),
        year: annual.year,
        outcome,
        outcome_said: say(words, &format!("outcome.{outcome}"), &[]),
        judged: standard.judges_schools() || has_limits,
        has_limits,
        counts: row
            .map_or_else(Vec::new, |row| counts(row, ranking.ranked, standard.judges_schools(), words)),
        pictures: pictures.iter().map(|own| Drawn { title: &own.title, svg: own.live() }).collect(),
        spreads: spreads(portrait),
        gaps_title: say(words, "gaps", &[("count", gaps.len().to_string())]),
        gaps,
        neighbours: neighbours(portrait, ranking),
        warnings: warnings(portrait),
        says: Says::of(words),
        // Without the date, so that a run that continues tomorrow writes the same page.
        footer: say(
            words,
            "footer",
            &[
                ("program", annual.made.program.clone()),
                ("standard", standard.title.get(words.language).to_string()),
                ("version", standard.version.clone()),
            ],
        ),
    }
}

fn counts(row: ranking::Row, ranked: usize, judges_schools: bool, words: &Words) -> Vec<(String, String)> {
    let of = |part: i64, all: i64| format!("{} / {}", number::count(part), number::count(all));
    let mut counts = vec![
        (say(words, "schools", &[]), number::count(row.schools())),
        (say(words, "students", &[]), number::fixed(Some(row.students()), 0)),
    ];
    if judges_schools {
        counts.push((say(words, "schools_met", &[]), of(row.schools_met(), row.schools())));
    }
    if row.limits() > 0 {
        counts.push((say(words, "limits_met", &[]), of(row.limits_met(), row.limits())));
    }
    if let Some(rank) = row.rank()
        && ranked > 1
    {
        let args = [("rank", number::count(rank)), ("all", number::count(ranked as i64))];
        counts.push((say(words, "rank", &[]), say(words, "rank_of", &args)));
    }
    if row.ratio().is_some() {
        counts.push((say(words, "distance", &[]), number::fixed(row.ratio(), 3)));
    }
    counts
}

fn indicator(portrait: &Portrait, id: &str) -> String {
    let standard = portrait.annual.standard;
    let own = standard.indicators.iter().find(|own| own.id == id);
    match own {
        Some(own) => format!("{id} {}", own.title.get(portrait.annual.words.language)),
        None => id.to_string(),
    }
}

fn spreads(portrait: &Portrait) -> Vec<Spread> {
    let annual = portrait.annual;
    let print = annual.standard.print;
    let own = annual
        .panel
        .rows()
        .filter(|row| row.district_code() == portrait.region.district_code && row.year() == annual.year);
    own.map(|row| {
        let cv = |value: Option<f64>| number::fixed(value, print.cv);
        let change = cv(row.cv_change());
        let certainty = certainty(row.certainty(), row.met());
        Spread {
            section: annual.words.section(row.section().id()),
            indicator: indicator(portrait, row.indicator()),
            mean: number::fixed(row.mean(), print.mean),
            cv: cv(row.cv()),
            interval: match (row.cv_low(), row.cv_high()) {
                (Some(_), Some(_)) => format!("{}–{}", cv(row.cv_low()), cv(row.cv_high())),
                _ => "—".into(),
            },
            change: if row.cv_change().is_some_and(|change| change > 0.0) {
                format!("+{change}")
            } else {
                change
            },
            limit: number::fixed(row.limit(), 2),
            verdict: verdict_key(certainty).map_or_else(|| "—".into(), |key| annual.words.say(&key)),
            unmet: certainty == Some("unmet"),
        }
    })
    .collect()
}

/// The gaps with a known amount, worst first, in the order of the table.
fn gaps(portrait: &Portrait) -> Vec<Gap> {
    let (standard, words) = (portrait.annual.standard, portrait.annual.words);
    let measured = portrait.gaps.rows().filter(|row| row.current().is_some() && row.required().is_some());
    let gap = |row: gaps::Row| {
        let id = row.item();
        let title = standard
            .indicators
            .iter()
            .find(|own| own.id == id)
            .map(|own| &own.title)
            .or_else(|| standard.items.iter().find(|own| own.id == id).map(|own| &own.title));
        Gap {
            item: title.map_or_else(|| id.to_string(), |title| format!("{id} {}", title.get(words.language))),
            school: row.school_name().map_or_else(|| say(words, "district_wide", &[]), String::from),
            section: row.section().map_or_else(String::new, |section| words.section(section.id())),
            now: number::fixed(row.current(), 2),
            required: number::fixed(row.required(), 2),
            shortfall: number::needed(row.shortfall(), row.unit(), words),
        }
    };
    measured.take(GAPS).map(gap).collect()
}

fn neighbours(portrait: &Portrait, ranking: &Ranking) -> Vec<Neighbour> {
    let code = portrait.region.district_code.as_str();
    let rows = ranking.beside(code);
    if rows.len() < 2 {
        return Vec::new();
    }
    let neighbour = |row: &ranking::Row| {
        let this = row.district_code() == code;
        Neighbour {
            rank: number::fixed(row.rank().map(|rank| rank as f64), 0),
            name: row.district_name().unwrap_or_default().to_string(),
            file: (!this).then(|| file(row.district_code())),
            ratio: number::fixed(row.ratio(), 3),
            this,
        }
    };
    rows.iter().map(neighbour).collect()
}

fn warnings(portrait: &Portrait) -> Vec<Warning> {
    let annual = portrait.annual;
    let warned = portrait.outlook.rows().filter(|row| {
        row.of() == "cv" && matches!(row.warning(), Some("crosses" | "may_cross" | "recovers"))
    });
    let warning = |row: outlook::Row| {
        let cv = |value: Option<f64>| number::fixed(value, annual.standard.print.cv);
        Warning {
            section: row.section().map_or_else(String::new, |section| annual.words.section(section.id())),
            indicator: indicator(portrait, row.indicator()),
            last: cv(row.last()),
            projected: format!("{} ({})", cv(row.projected()), row.to_year()),
            interval: format!("{}–{}", cv(row.low()), cv(row.high())),
            bound: number::fixed(row.bound(), 2),
            said: annual.words.say(&format!("annual.value.warning.{}", row.warning().unwrap_or_default())),
        }
    };
    warned.take(6).map(warning).collect()
}
