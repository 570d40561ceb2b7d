//! The tables of the report by the names its templates use.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{CHANCE, ENDS, PAGE, ReportContext};
use crate::{
    number,
    report::document::{
        Source,
        table::{self, Cell, Table, table, text},
    },
    tables::{
        Row,
        annual::{Annual, TOGETHER, certainty, year_of},
    },
};

/// Rows of a table in the text; what is longer stands in the csv and the workbook.
const MOST: usize = 60;
/// Years side by side.
const YEARS: usize = 10;

/// The table of a name: `Err` where there is none of it, `None` where it has no rows.
pub fn of(
    context: &ReportContext<'_>,
    sources: &[Source],
    name: &str,
    of: &[String],
) -> Result<Option<Table>, ()> {
    let first = of.first().map(String::as_str);
    let section =
        || first.filter(|id| context.annual.standard.scope.sections.iter().any(|s| s.id() == *id)).ok_or(());
    let made = match name {
        "overview" => overview(context),
        "dispersion" => dispersion(context, section()?),
        "years" => return Ok(by_year(context, section()?)),
        "districts" => districts(context, section()?),
        "ends" => ends(context),
        "ranking" => {
            let page: usize = first.and_then(|page| page.parse().ok()).filter(|page| *page > 0).ok_or(())?;
            let rows: Vec<Row> = Row::all(context.tables.ranking.frame).collect();
            ranking(context, rows.chunks(PAGE).nth(page - 1).unwrap_or_default())
        }
        "changes" => changes(context),
        "location" => location(context, section()?),
        "origins" => origins(context, section()?),
        "convergence" => convergence(context, section()?),
        "classes" => classes(context),
        "outlook" => outlook(context),
        "coverage" => coverage(context),
        "joined" => joined(context),
        "absent" => absent(context.annual, context),
        "sources" => self::sources(context, sources),
        _ => return Err(()),
    };
    Ok(Some(made).filter(|table| !table.rows.is_empty()))
}

fn heads(context: &ReportContext<'_>, keys: &[&str]) -> Vec<(String, bool)> {
    table::heads(context.annual.words, "annual", keys)
}

fn number(row: &Row, column: &str, decimals: u32) -> Cell {
    text(number::fixed(row.number(column), decimals))
}

fn percent(row: &Row, column: &str) -> Cell {
    text(number::fixed(row.number(column).map(|share| 100.0 * share), 1))
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

fn interval(row: &Row, (low, high): (&str, &str), decimals: u32) -> Cell {
    text(match (row.number(low), row.number(high)) {
        (Some(low), Some(high)) => {
            format!("{}–{}", number::fixed(Some(low), decimals), number::fixed(Some(high), decimals))
        }
        _ => "—".into(),
    })
}

fn title<'t>(context: &'t ReportContext<'_>, id: &'t str) -> &'t str {
    context.indicator(id).map_or(id, |indicator| indicator.title.get(context.annual.words.language))
}

/// `L5 生均体育运动场馆面积`: short enough for a column.
fn indicator(context: &ReportContext<'_>, id: &str) -> Cell {
    text(format!("{id} {}", title(context, id)))
}

/// Every year both sections together; each section of the report's year.
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
    let shown = Row::all(context.tables.overview.frame).filter(|row| match row.said("section") {
        TOGETHER => true,
        _ => !one_section && year_of(row) == context.annual.year,
    });
    let rows = shown.map(|row| {
        let section = match row.said("section") {
            TOGETHER if one_section => {
                context.sections().first().map_or_else(String::new, |own| context.section_name(own.id()))
            }
            TOGETHER => context.writer.say("value.both", &[]),
            id => context.section_name(id),
        };
        let mut cells = vec![
            text(year_of(&row).to_string()),
            text(section),
            number(&row, "districts", 0),
            number(&row, "schools", 0),
            number(&row, "students", 0),
        ];
        if judges {
            cells.extend([number(&row, "schools_met", 0), percent(&row, "met_share")]);
        }
        if context.judged() {
            cells.push(number(&row, "districts_passing", 0));
        }
        cells
    });
    table(heads(context, &keys), rows.collect()).smaller()
}

/// The CVs of everything together, a column each of the last years.
fn by_year(context: &ReportContext<'_>, section: &str) -> Option<Table> {
    let mut found: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
    for row in Row::all(context.tables.whole.frame).filter(|row| row.text("section") == Some(section)) {
        if let Some(cv) = row.number("cv") {
            found.entry(row.said("indicator").into()).or_default().insert(year_of(&row), cv);
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

/// The CVs of every district, where no limit ranks them.
fn districts(context: &ReportContext<'_>, section: &str) -> Table {
    let mut found: BTreeMap<(String, String), BTreeMap<String, f64>> = BTreeMap::new();
    let of_section = Row::all(&context.annual.panel)
        .filter(|row| year_of(row) == context.annual.year && row.text("section") == Some(section));
    for row in of_section {
        let key = (row.said("district_code").to_string(), row.said("district_name").to_string());
        if let Some(cv) = row.number("cv") {
            found.entry(key).or_default().insert(row.said("indicator").into(), cv);
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
    let rows = found.iter().take(MOST).map(|((code, name), cvs)| {
        let cells = ids.iter().map(|id| text(number::fixed(cvs.get(*id).copied(), context.cv())));
        std::iter::once(coded(context, name, code)).chain(cells).collect()
    });
    table(columns, rows.collect()).smaller()
}

/// What a CV may be said to be, as a cell; shaded where it is above.
fn verdict(context: &ReportContext<'_>, row: &Row) -> Cell {
    let certainty = certainty(row.text("certainty"), row.yes("met"));
    let said = verdict_key(certainty).map_or_else(|| "—".into(), |key| context.annual.words.say(&key));
    text(said).unmet(certainty == Some("unmet"))
}

fn dispersion(context: &ReportContext<'_>, section: &str) -> Table {
    let mut keys = vec!["indicator", "#schools", "#mean", "#cv", "interval", "#change"];
    let limited = context.has_limits();
    if limited {
        keys.extend(["#limit", "verdict"]);
    }
    let of_section = context.of_year(context.tables.whole).filter(|row| row.text("section") == Some(section));
    let rows = of_section.map(|row| {
        let mut cells = vec![
            indicator(context, row.said("indicator")),
            number(&row, "schools", 0),
            number(&row, "mean", context.mean()),
            number(&row, "cv", context.cv()),
            interval(&row, ("cv_low", "cv_high"), context.cv()),
            text(signed(row.number("cv_change"), context.cv())),
        ];
        if limited {
            cells.extend([number(&row, "limit", 2), verdict(context, &row)]);
        }
        cells
    });
    table(heads(context, &keys), rows.collect()).smaller()
}

fn ranking(context: &ReportContext<'_>, rows: &[Row]) -> Table {
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
        let of = |part: &str, whole: &str| {
            text(format!("{} / {}", number::fixed(row.number(part), 0), number::fixed(row.number(whole), 0)))
        };
        let worst = match row.text("indicator") {
            Some(id) => text(format!("{} {id}", context.section_name(row.said("section")))),
            None => text("—"),
        };
        vec![
            number(row, "rank", 0),
            text(signed(row.number("rank_change"), 0)),
            coded(context, row.said("district_name"), row.said("district_code")),
            text(row.text("city_name").unwrap_or("—")),
            number(row, "ratio", 3),
            worst,
            number(row, "cv", context.cv()),
            of("schools_met", "schools"),
            of("limits_met", "limits"),
            text(context.writer.say(&format!("value.{}", passes_key(row)), &[]))
                .unmet(row.yes("passes") == Some(false)),
        ]
    });
    table(heads(context, &keys), rows.collect()).smaller()
}

/// Whether a district of the ranking passes (a key under `annual.value`): never yes where an interval leaves it open.
pub fn passes_key(row: &Row) -> &'static str {
    match (row.yes("passes"), row.whole("limits_open").unwrap_or(0)) {
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
    let rows: Vec<Row> = Row::all(context.tables.ranking.frame).collect();
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
    for row in Row::all(context.tables.changes.frame) {
        let key = (row.text("change") != Some("newly_passes"), row.said("district_code").to_string());
        let certain = row.yes("certain") == Some(true);
        let own =
            districts.entry(key).or_insert_with(|| (row.said("district_name").into(), certain, Vec::new()));
        let decimals = if row.text("indicator").is_some() { context.cv() } else { 0 };
        let args = [
            ("section", context.section_name(row.said("section"))),
            ("indicator", row.said("indicator").to_string()),
            ("before", number::fixed(row.number("before"), decimals)),
            ("now", number::fixed(row.number("now"), decimals)),
            ("bound", number::fixed(row.number("bound"), if decimals == 0 { 0 } else { 2 })),
        ];
        let key = if row.text("indicator").is_some() { "value.cv_turn" } else { "value.schools_turn" };
        own.2.push(context.writer.say(key, &args));
    }
    let rows = districts.into_iter().take(MOST).map(|((fails, code), (name, certain, why))| {
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

fn location(context: &ReportContext<'_>, section: &str) -> Table {
    let rows: Vec<Row> = context
        .of_year(context.tables.comparison)
        .filter(|row| row.text("section") == Some(section))
        .collect();
    let mut columns = heads(context, &["indicator", "#first", "#second", "#gap", "#times", "#p"]);
    if let Some(row) = rows.first() {
        // 镇区 stands where there is no 乡村.
        columns[1].0 = context.group_name(row.said("first"));
        columns[2].0 = context.group_name(row.said("second"));
    }
    let rows = rows.iter().map(|row| {
        let p = row.number("p");
        vec![
            indicator(context, row.said("indicator")),
            number(row, "first_mean", context.mean()),
            number(row, "second_mean", context.mean()),
            text(signed(row.number("gap"), context.mean())),
            number(row, "ratio", 2),
            text(chance(p)).unmet(p.is_some_and(|p| p < CHANCE)),
        ]
    });
    table(columns, rows.collect()).smaller()
}

/// A row an indicator: CV² and its shares, those between groups of each division that has more than one.
fn origins(context: &ReportContext<'_>, section: &str) -> Table {
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
        .of_year(context.tables.decomposition)
        .filter(|row| row.text("section") == Some(section) && row.text("measure") == Some("cv_squared"));
    for row in of_section {
        let own = found.entry(row.said("indicator").into()).or_default();
        let (by, part) = (row.said("by"), row.said("part"));
        if part == "total" {
            own.0 = own.0.or(row.number("value"));
        }
        if let Some(at) = PARTS.iter().position(|own| *own == (by, part)) {
            own.1[at] = row.number("share");
        }
    }
    // Where all schools are of one group there is nothing between groups.
    let is_shown = |at: &usize| {
        found
            .values()
            .any(|own| own.1[*at].is_some_and(|share| number::fixed(Some(100.0 * share), 1) != "0.0"))
    };
    let shown: Vec<usize> = (0..PARTS.len()).filter(is_shown).collect();
    let mut columns = heads(context, &["indicator", "#total"]);
    columns.extend(shown.iter().map(|at| {
        let (by, part) = match PARTS[*at] {
            // Where no city is known, or one alone.
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

fn convergence(context: &ReportContext<'_>, section: &str) -> Table {
    let of_section =
        Row::all(context.tables.convergence.frame).filter(|row| row.text("section") == Some(section));
    let rows = of_section.filter(|row| row.number("slope").is_some()).map(|row| {
        let year = |column: &str| row.whole(column).map_or_else(|| "—".into(), |year| year.to_string());
        let p = row.number("p");
        vec![
            indicator(context, row.said("indicator")),
            text(context.writer.say(&format!("value.{}", row.said("kind")), &[])),
            text(format!("{}–{}", year("from_year"), year("to_year"))),
            number(&row, "points", 0),
            number(&row, "slope", 4),
            number(&row, "error", 4),
            text(chance(p)),
        ]
    });
    let keys = ["indicator", "line", "period", "#points", "#slope", "#error", "#p"];
    table(heads(context, &keys), rows.collect()).smaller()
}

fn classes(context: &ReportContext<'_>) -> Table {
    let rows = Row::all(context.tables.classes.frame).map(|row| {
        vec![
            text(year_of(&row).to_string()),
            text(context.section_name(row.said("section"))),
            number(&row, "classes", 0),
            number(&row, "over", 0),
            percent(&row, "over_share"),
        ]
    });
    table(heads(context, &["year", "section", "#classes", "#over", "#over_share"]), rows.collect())
}

fn outlook(context: &ReportContext<'_>) -> Table {
    let of_cv = Row::all(context.tables.outlook.frame).filter(|row| row.text("of") == Some("cv"));
    let mut rows: Vec<Row> =
        of_cv.filter(|row| matches!(row.text("warning"), Some("crosses" | "may_cross"))).collect();
    let order =
        |row: &Row| (row.text("warning") != Some("crosses"), row.whole("crossing_year").unwrap_or(i64::MAX));
    rows.sort_by_key(order);
    let rows = rows.into_iter().take(MOST).map(|row| {
        let warning = row.said("warning");
        vec![
            coded(context, row.said("district_name"), row.said("district_code")),
            text(context.section_name(row.said("section"))),
            indicator(context, row.said("indicator")),
            number(&row, "last", context.cv()),
            number(&row, "projected", context.cv()),
            interval(&row, ("low", "high"), context.cv()),
            number(&row, "bound", 2),
            text(context.writer.say(&format!("value.warning.{warning}"), &[])).unmet(warning == "crosses"),
            text(row.whole("crossing_year").map_or_else(|| "—".into(), |year| year.to_string())),
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

fn coverage(context: &ReportContext<'_>) -> Table {
    let lacking = Row::all(context.tables.facts.frame).filter(|row| row.text("status") != Some("complete"));
    let rows = lacking.map(|row| {
        vec![
            text(context.section_name(row.said("section"))),
            text(context.annual.words.fact(row.said("fact"))),
            number(&row, "known", 0),
            number(&row, "of", 0),
            number(&row, "districts_without", 0),
        ]
    });
    table(heads(context, &["section", "fact", "#known", "#of", "#districts_without"]), rows.collect())
}

fn joined(context: &ReportContext<'_>) -> Table {
    let rows = Row::all(&context.annual.joined).take(MOST).map(|row| {
        vec![
            text(year_of(&row).to_string()),
            text(format!("{} {}", row.said("from_code"), row.said("from_name"))),
            text(format!("{} {}", row.said("to_code"), row.said("to_name"))),
            text(match row.said("kind") {
                kind @ ("renamed" | "merged") => context.writer.say(&format!("value.{kind}"), &[]),
                other => other.to_string(),
            }),
            number(&row, "schools", 0),
        ]
    });
    table(heads(context, &["year", "from", "to", "kind", "#schools"]), rows.collect())
}

fn absent(annual: &Annual, context: &ReportContext<'_>) -> Table {
    let rows = annual.absent.iter().take(MOST).map(|region| {
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

/// A row a note, table and row of it; the first of a note is what the page links to.
fn sources(context: &ReportContext<'_>, sources: &[Source]) -> Table {
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
    // Keys are long and are no words: a line or two, not four.
    for (column, width) in made.columns.iter_mut().zip([0.06, 0.33, 0.17, 0.44]) {
        column.width = width;
    }
    made
}
