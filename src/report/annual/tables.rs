//! The tables of the report, by the names that its templates use.

mod annex;

use std::collections::{BTreeMap, BTreeSet};

use super::context::{CHANCE, ENDS, PAGE, ReportContext};
use crate::{
    number,
    report::document::{
        Source,
        table::{self, Cell, Table, table, text},
    },
    standard::Section,
    tables::{
        annual::{TOGETHER, certainty},
        comparison, decomposition,
        derived::ranking,
        outlook, panel,
    },
};

/// Maximum number of rows of a table in the text; csv and workbook have all.
const MAX_ROWS_SHOWN: usize = 60;
/// Maximum number of years side by side.
const YEARS: usize = 10;

/// The table of a name: `Err` if there is no such table, `None` if it has no rows.
pub fn of(
    context: &ReportContext<'_>,
    sources: &[Source],
    name: &str,
    of: &[String],
) -> Result<Option<Table>, ()> {
    let first = of.first().map(String::as_str);
    let sections = &context.annual.standard.scope.sections;
    let section = || first.and_then(Section::from_id).filter(|section| sections.contains(section)).ok_or(());
    let made = match name {
        "overview" => overview(context),
        "dispersion" => dispersion(context, section()?),
        "years" => return Ok(by_year(context, section()?)),
        "districts" => districts(context, section()?),
        "ends" => ends(context),
        "ranking" => {
            let page: usize = first.and_then(|page| page.parse().ok()).filter(|page| *page > 0).ok_or(())?;
            let rows: Vec<ranking::Row> = context.tables.ranking.rows().collect();
            ranking(context, rows.chunks(PAGE).nth(page - 1).unwrap_or_default())
        }
        "changes" => changes(context),
        "location" => location(context, section()?),
        "origins" => origins(context, section()?),
        "convergence" => convergence(context, section()?),
        "classes" => classes(context),
        "outlook" => outlook(context),
        "coverage" => annex::coverage(context),
        "joined" => annex::joined(context),
        "absent" => annex::absent(context.annual, context),
        "sources" => annex::sources(context, sources),
        _ => return Err(()),
    };
    Ok(Some(made).filter(|table| !table.rows.is_empty()))
}

fn heads(context: &ReportContext<'_>, keys: &[&str]) -> Vec<(String, bool)> {
    table::heads(context.annual.words, "annual", keys)
}

fn number(value: impl Into<Option<f64>>, decimals: u32) -> Cell {
    text(number::fixed(value.into(), decimals))
}

fn count(count: impl Into<Option<i64>>) -> Cell {
    number(count.into().map(|count| count as f64), 0)
}

fn percent(share: Option<f64>) -> Cell {
    number(share.map(|share| 100.0 * share), 1)
}

fn year(year: Option<i32>) -> String {
    year.map_or_else(|| "—".into(), |year| year.to_string())
}

/// With its sign: `−0.012`, `+0.012`.
fn signed(value: Option<f64>, decimals: u32) -> String {
    let text = number::fixed(value, decimals);
    match value {
        Some(more) if more > 0.0 && text.chars().any(|c| matches!(c, '1'..='9')) => format!("+{text}"),
        _ => text,
    }
}

fn chance(p: Option<f64>) -> String {
    match p {
        Some(small) if small < 0.001 => "<0.001".into(),
        p => number::fixed(p, 3),
    }
}

/// A district's name and code.
fn coded(context: &ReportContext<'_>, name: &str, code: &str) -> Cell {
    text(context.writer.say("coded", &[("name", name.to_string()), ("code", code.to_string())]))
}

fn interval(ends: (Option<f64>, Option<f64>), decimals: u32) -> Cell {
    text(match ends {
        (Some(low), Some(high)) => {
            format!("{}–{}", number::fixed(Some(low), decimals), number::fixed(Some(high), decimals))
        }
        _ => "—".into(),
    })
}

fn title<'t>(context: &'t ReportContext<'_>, id: &'t str) -> &'t str {
    context.indicator(id).map_or(id, |indicator| indicator.title.get(context.annual.words.language))
}

/// `L5 生均体育运动场馆面积`, short enough for a column.
fn indicator(context: &ReportContext<'_>, id: &str) -> Cell {
    text(format!("{id} {}", title(context, id)))
}

/// Both sections together for every year, and each section for the report's year.
fn overview(context: &ReportContext<'_>) -> Table {
    let judges = context.annual.standard.judges_schools();
    let mut keys = vec!["year", "section", "#districts", "#schools", "#students"];
    if judges {
        keys.extend(["#met", "#met_share"]);
    }
    if context.judged() {
        keys.push("#passing");
    }
    let one_section = context.sections().len() < 2;
    let shown = context.tables.overview.rows().filter(|row| match row.section() {
        TOGETHER => true,
        _ => !one_section && row.year() == context.annual.year,
    });
    let rows = shown.map(|row| {
        let section = match row.section() {
            TOGETHER if one_section => {
                context.sections().first().map_or_else(String::new, |own| context.section_name(*own))
            }
            TOGETHER => context.writer.say("value.both", &[]),
            id => context.annual.words.section(id),
        };
        let mut cells = vec![
            text(row.year().to_string()),
            text(section),
            count(row.districts()),
            count(row.schools()),
            number(row.students(), 0),
        ];
        if judges {
            cells.extend([count(row.schools_met()), percent(row.met_share())]);
        }
        if context.judged() {
            cells.push(count(row.districts_passing()));
        }
        cells
    });
    table(heads(context, &keys), rows.collect()).smaller()
}

/// The CVs of all districts together, with one column for each of the last years.
fn by_year(context: &ReportContext<'_>, section: Section) -> Option<Table> {
    let mut found: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
    for row in context.tables.whole.rows().filter(|row| row.section() == section) {
        if let Some(cv) = row.cv() {
            found.entry(row.indicator().into()).or_default().insert(row.year(), cv);
        }
    }
    let years: BTreeSet<i32> = found.values().flat_map(|own| own.keys().copied()).collect();
    let last: Vec<i32> = years.iter().rev().take(YEARS).rev().copied().collect();
    if last.len() < 2 {
        return None;
    }
    let mut columns = heads(context, &["indicator"]);
    columns.extend(last.iter().map(|year| (year.to_string(), true)));
    let indicators = context.annual.standard.indicators.iter();
    let rows = indicators.filter_map(|own| Some((&own.id, found.get(&own.id)?))).map(|(id, cvs)| {
        let cells = last.iter().map(|year| text(number::fixed(cvs.get(year).copied(), context.cv())));
        std::iter::once(indicator(context, id)).chain(cells).collect()
    });
    Some(table(columns, rows.collect()).smaller())
}

/// The CVs of every district, for standards without limits to rank them.
fn districts(context: &ReportContext<'_>, section: Section) -> Table {
    let mut found: BTreeMap<(String, String), BTreeMap<String, f64>> = BTreeMap::new();
    let panel = context.annual.panel.rows();
    let of_section = panel.filter(|row| row.year() == context.annual.year && row.section() == section);
    for row in of_section {
        let key = (row.district_code().to_string(), row.district_name().to_string());
        if let Some(cv) = row.cv() {
            found.entry(key).or_default().insert(row.indicator().into(), cv);
        }
    }
    let ids: Vec<&str> = context
        .annual
        .standard
        .indicators
        .iter()
        .map(|own| own.id.as_str())
        .filter(|id| found.values().any(|own| own.contains_key(*id)))
        .collect();
    let mut columns = heads(context, &["district"]);
    columns.extend(ids.iter().map(|id| (title(context, id).to_string(), true)));
    let rows = found.iter().take(MAX_ROWS_SHOWN).map(|((code, name), cvs)| {
        let cells = ids.iter().map(|id| text(number::fixed(cvs.get(*id).copied(), context.cv())));
        std::iter::once(coded(context, name, code)).chain(cells).collect()
    });
    table(columns, rows.collect()).smaller()
}

/// The conclusion about a CV as a cell, shaded if the CV is above its limit.
fn verdict(context: &ReportContext<'_>, row: panel::Row) -> Cell {
    let certainty = certainty(row.certainty(), row.met());
    let said = verdict_key(certainty).map_or_else(|| "—".into(), |key| context.annual.words.say(&key));
    text(said).unmet(certainty == Some("unmet"))
}

fn dispersion(context: &ReportContext<'_>, section: Section) -> Table {
    let mut keys = vec!["indicator", "#schools", "#mean", "#cv", "interval", "#change"];
    let limited = context.has_limits();
    if limited {
        keys.extend(["#limit", "verdict"]);
    }
    let of_year = context.of_year(context.tables.whole, panel::column::year);
    let of_section = of_year.filter(|row| row.section() == section);
    let rows = of_section.map(|row| {
        let mut cells = vec![
            indicator(context, row.indicator()),
            count(row.schools()),
            number(row.mean(), context.mean()),
            number(row.cv(), context.cv()),
            interval((row.cv_low(), row.cv_high()), context.cv()),
            text(signed(row.cv_change(), context.cv())),
        ];
        if limited {
            cells.extend([number(row.limit(), 2), verdict(context, row)]);
        }
        cells
    });
    table(heads(context, &keys), rows.collect()).smaller()
}

fn ranking(context: &ReportContext<'_>, rows: &[ranking::Row]) -> Table {
    let keys = [
        "#rank",
        "#rank_change",
        "district",
        "city",
        "#ratio",
        "worst",
        "#cv",
        "#schools_met",
        "#limits_met",
        "passes",
    ];
    let rows = rows.iter().map(|row| {
        let of = |part: i64, whole: i64| text(format!("{} / {}", number::count(part), number::count(whole)));
        let worst = match row.section().zip(row.indicator()) {
            Some((section, id)) => text(format!("{} {id}", context.section_name(section))),
            None => text("—"),
        };
        vec![
            count(row.rank()),
            text(signed(row.rank_change().map(|n| n as f64), 0)),
            coded(context, row.district_name().unwrap_or_default(), row.district_code()),
            text(row.city_name().unwrap_or("—")),
            number(row.ratio(), 3),
            worst,
            number(row.cv(), context.cv()),
            of(row.schools_met(), row.schools()),
            of(row.limits_met(), row.limits()),
            text(context.writer.say(&format!("value.{}", passes_key(*row)), &[]))
                .unmet(row.passes() == Some(false)),
        ]
    });
    table(heads(context, &keys), rows.collect()).smaller()
}

/// Whether a district of the ranking passes (a key under `annual.value`); never yes if an interval leaves it open.
pub fn passes_key(row: ranking::Row) -> &'static str {
    match (row.passes(), row.limits_open()) {
        (Some(true), 0) => "yes",
        (Some(true), _) => "open",
        (Some(false), _) => "no",
        (None, _) => "undetermined",
    }
}

/// The key of the words for a [`certainty`].
pub fn verdict_key(certainty: Option<&str>) -> Option<String> {
    certainty.map(|certainty| format!("annual.value.verdict.{certainty}"))
}

/// All districts, or the first and last of many.
fn ends(context: &ReportContext<'_>) -> Table {
    let rows: Vec<ranking::Row> = context.tables.ranking.rows().collect();
    if rows.len() <= 2 * ENDS {
        return ranking(context, &rows);
    }
    let mut first = ranking(context, &rows[..ENDS]);
    let last = ranking(context, &rows[rows.len() - ENDS..]);
    let between = (0..first.columns.len()).map(|at| text(if at == 2 { "……" } else { "" })).collect();
    first.rows.push(between);
    first.rows.extend(last.rows);
    first
}

fn changes(context: &ReportContext<'_>) -> Table {
    let mut districts: BTreeMap<(bool, String), (String, bool, Vec<String>)> = BTreeMap::new();
    for row in context.tables.changes.rows() {
        let key = (row.change() != "newly_passes", row.district_code().to_string());
        let (name, certain) = (row.district_name(), row.certain());
        let own = districts.entry(key).or_insert_with(|| (name.into(), certain, Vec::new()));
        let decimals = if row.indicator().is_some() { context.cv() } else { 0 };
        let args = [
            ("section", context.section_name(row.section())),
            ("indicator", row.indicator().unwrap_or_default().to_string()),
            ("before", number::fixed(row.before(), decimals)),
            ("now", number::fixed(row.now(), decimals)),
            ("bound", number::fixed(row.bound(), if decimals == 0 { 0 } else { 2 })),
        ];
        let key = if row.indicator().is_some() { "value.cv_turn" } else { "value.schools_turn" };
        own.2.push(context.writer.say(key, &args));
    }
    let rows = districts.into_iter().take(MAX_ROWS_SHOWN).map(|((fails, code), (name, certain, why))| {
        let kind = match (fails, certain) {
            (true, _) => "value.newly_fails",
            (false, true) => "value.newly_passes",
            (false, false) => "value.newly_passes_open",
        };
        vec![
            text(context.writer.say(kind, &[])).unmet(fails),
            coded(context, &name, &code),
            text(why.join(&context.writer.say("list.sentence", &[]))),
        ]
    });
    table(heads(context, &["kind", "district", "why"]), rows.collect())
}

fn location(context: &ReportContext<'_>, section: Section) -> Table {
    let of_year = context.of_year(context.tables.comparison, comparison::column::year);
    let rows: Vec<comparison::Row> = of_year.filter(|row| row.section() == section).collect();
    let mut columns = heads(context, &["indicator", "#first", "#second", "#gap", "#times", "#p"]);
    if let Some(row) = rows.first() {
        // 镇区 takes the place of 乡村 if there is none.
        columns[1].0 = context.group_name(row.first());
        columns[2].0 = context.group_name(row.second());
    }
    let rows = rows.iter().map(|row| {
        let p = row.p();
        vec![
            indicator(context, row.indicator()),
            number(row.first_mean(), context.mean()),
            number(row.second_mean(), context.mean()),
            text(signed(row.gap(), context.mean())),
            number(row.ratio(), 2),
            text(chance(p)).unmet(p.is_some_and(|p| p < CHANCE)),
        ]
    });
    table(columns, rows.collect()).smaller()
}

/// One row per indicator: CV² and its shares, for each division with more than one group.
fn origins(context: &ReportContext<'_>, section: Section) -> Table {
    const PARTS: [(&str, &str); 7] = [
        ("region", "between_provinces"),
        ("region", "between_cities"),
        ("region", "between_districts"),
        ("region", "within_districts"),
        ("location", "between"),
        ("ownership", "between"),
        ("type", "between"),
    ];
    // Indicator → total and shares.
    let mut found: BTreeMap<String, (Option<f64>, [Option<f64>; PARTS.len()])> = BTreeMap::new();
    let of_section = context
        .of_year(context.tables.decomposition, decomposition::column::year)
        .filter(|row| row.section() == section && row.measure() == "cv_squared");
    for row in of_section {
        let own = found.entry(row.indicator().into()).or_default();
        let (by, part) = (row.by(), row.part());
        if part == "total" {
            own.0 = own.0.or(row.value());
        }
        if let Some(at) = PARTS.iter().position(|own| *own == (by, part)) {
            own.1[at] = row.share();
        }
    }
    // If all schools belong to one group, there is no part between groups.
    let is_shown = |at: &usize| {
        found
            .values()
            .any(|own| own.1[*at].is_some_and(|share| number::fixed(Some(100.0 * share), 1) != "0.0"))
    };
    let shown: Vec<usize> = (0..PARTS.len()).filter(is_shown).collect();
    let mut columns = heads(context, &["indicator", "#total"]);
    columns.extend(shown.iter().map(|at| {
        let (by, part) = match PARTS[*at] {
            // If no city is known, or only one.
            ("region", "between_districts") if !shown.contains(&1) => ("district", "between"),
            own => own,
        };
        (context.writer.say(&format!("column.share_{by}_{part}"), &[]), true)
    }));
    let indicators = context.annual.standard.indicators.iter();
    let rows = indicators.filter_map(|own| Some((&own.id, found.get(&own.id)?))).map(|(id, own)| {
        let mut cells = vec![indicator(context, id), text(number::fixed(own.0, 4))];
        let share = |at: &usize| text(number::fixed(own.1[*at].map(|share| 100.0 * share), 1));
        cells.extend(shown.iter().map(share));
        cells
    });
    table(columns, rows.collect()).smaller()
}

fn convergence(context: &ReportContext<'_>, section: Section) -> Table {
    let of_section = context.tables.convergence.rows().filter(|row| row.section() == section);
    let rows = of_section.filter(|row| row.slope().is_some()).map(|row| {
        let p = row.p();
        vec![
            indicator(context, row.indicator()),
            text(context.writer.say(&format!("value.{}", row.kind()), &[])),
            text(format!("{}–{}", year(row.from_year()), year(row.to_year()))),
            count(row.points()),
            number(row.slope(), 4),
            number(row.error(), 4),
            text(chance(p)),
        ]
    });
    let keys = ["indicator", "line", "period", "#points", "#slope", "#error", "#p"];
    table(heads(context, &keys), rows.collect()).smaller()
}

fn classes(context: &ReportContext<'_>) -> Table {
    let rows = context.tables.classes.rows().map(|row| {
        vec![
            text(row.year().to_string()),
            text(context.section_name(row.section())),
            number(row.classes(), 0),
            number(row.over(), 0),
            percent(row.over_share()),
        ]
    });
    table(heads(context, &["year", "section", "#classes", "#over", "#over_share"]), rows.collect())
}

fn outlook(context: &ReportContext<'_>) -> Table {
    let of_cv = context.tables.outlook.rows().filter(|row| row.of() == "cv");
    let mut rows: Vec<outlook::Row> =
        of_cv.filter(|row| matches!(row.warning(), Some("crosses" | "may_cross"))).collect();
    let order =
        |row: &outlook::Row| (row.warning() != Some("crosses"), row.crossing_year().unwrap_or(i32::MAX));
    rows.sort_by_key(order);
    let rows = rows.into_iter().take(MAX_ROWS_SHOWN).map(|row| {
        let warning = row.warning().unwrap_or_default();
        vec![
            coded(context, row.district_name().unwrap_or_default(), row.district_code()),
            text(row.section().map_or_else(String::new, |section| context.section_name(section))),
            indicator(context, row.indicator()),
            number(row.last(), context.cv()),
            number(row.projected(), context.cv()),
            interval((row.low(), row.high()), context.cv()),
            number(row.bound(), 2),
            text(context.writer.say(&format!("value.warning.{warning}"), &[])).unmet(warning == "crosses"),
            text(year(row.crossing_year())),
        ]
    });
    let keys = [
        "district",
        "section",
        "indicator",
        "#last",
        "#projected",
        "interval",
        "#bound",
        "warning",
        "crossing",
    ];
    table(heads(context, &keys), rows.collect()).smaller()
}
