//! What the template of the annual report may say: sentences, and what is there at all. Every name here is a name in
//! `data/templates/annual.*.md.jinja`.

use chrono::Datelike;
use polars::prelude::DataFrame;
use serde::Serialize;

use super::{
    Further,
    derived::{Derived, TOGETHER, certainty, year_of, years},
    places,
    tell::{Known, Print, Teller, named},
};
use crate::{
    number,
    report::document::grammar::inert,
    standard::{Indicator, Section},
    tables::{Row, annual::Annual},
};

/// Rows of a ranking on a page of the annex.
pub const PAGE: usize = 50;
/// Districts at either end of the ranking in the text.
pub const ENDS: usize = 10;
/// CVs, gaps or lines told of one section: the tables have all.
pub const REMARKABLE: usize = 3;
/// Names in a sentence.
pub const NAMES: usize = 8;
/// A result that chance alone gives so rarely is said to be one.
pub const CHANCE: f64 = 0.05;

/// All of it.
#[derive(Debug, Serialize)]
pub struct Content {
    pub year: i32,
    pub date: Day,
    pub made: String,
    pub standard: Rules,
    pub districts: usize,
    /// Of the one district there is.
    pub district: Option<String>,
    /// Kept years up to the report's.
    pub years: usize,
    pub first_year: i32,
    pub has_before: bool,
    /// Every year has as many districts as the report's.
    pub same_districts: bool,
    /// The standard limits a CV.
    pub has_limits: bool,
    /// It says when a district passes: by its schools, or by a limit.
    pub judged: bool,
    /// 一、总体情况
    pub overview: Vec<String>,
    /// 二、校际差异
    pub dispersion: Vec<Part>,
    /// 三、学校达标情况
    pub schools: Vec<String>,
    /// 四、区县情况
    pub passing: Vec<String>,
    /// `1`, `2` …: pages of the ranking in the annex; none where the text has all.
    pub ranking_pages: Vec<usize>,
    /// 五、城乡
    pub location: Vec<Part>,
    /// 六、差异的来源
    pub origins: Vec<Part>,
    /// 七、趋势与收敛
    pub convergence: Vec<Part>,
    /// 八、班额
    pub classes: Vec<String>,
    /// 九、预警
    pub outlook: Vec<String>,
    pub coverage: Vec<String>,
    pub method: Method,
}

/// A section with its sentences.
#[derive(Debug, Default, Serialize)]
pub struct Part {
    pub id: String,
    pub name: String,
    pub sentences: Vec<String>,
    pub entries: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Day {
    pub year: i32,
    pub month: u32,
    pub day: u32,
}

#[derive(Debug, Serialize)]
pub struct Rules {
    pub id: String,
    pub title: String,
    pub version: String,
    pub source: String,
    pub school_rule: String,
    pub judges_schools: bool,
    pub scope: String,
    pub apportionment: String,
    pub settings: Vec<String>,
}

/// How the numbers were made.
#[derive(Debug, Serialize)]
pub struct Method {
    /// 0: no intervals.
    pub replicates: usize,
    /// `95`
    pub level: String,
    pub seed: u64,
    pub store: String,
    pub program: String,
    /// Lines of the crosswalk that joined or renamed.
    pub joined: usize,
    pub absent: usize,
}

/// Tables as sentences speak of them.
pub struct Tables<'a> {
    pub overview: Known<'a>,
    pub limits: Known<'a>,
    pub ranking: Known<'a>,
    pub changes: Known<'a>,
    pub facts: Known<'a>,
    pub location_gap: Known<'a>,
    pub classes: Known<'a>,
    pub whole: Known<'a>,
    pub comparison: Known<'a>,
    pub decomposition: Known<'a>,
    pub convergence: Known<'a>,
    pub outlook: Known<'a>,
}

const SPREAD: &[&str] = &["level", "district_code", "year", "section", "grouping", "group", "indicator"];
const YEARLY: &[&str] = &["year", "section"];

impl<'a> Tables<'a> {
    pub fn of(annual: &'a Annual, derived: &'a Derived, outlook: &'a DataFrame) -> Tables<'a> {
        let known = |name, keys, frame| Known { name, keys, frame };
        Tables {
            overview: known("overview", YEARLY, &derived.overview),
            limits: known("limits", YEARLY, &derived.limits),
            ranking: known("ranking", &["district_code"], &derived.ranking),
            changes: known("changes", &["district_code", "section", "indicator"], &derived.changes),
            facts: known("facts_missing", &["year", "section", "fact"], &derived.facts),
            location_gap: known("location_gap", &["year", "section", "indicator"], &derived.location_gap),
            classes: known("classes", YEARLY, &derived.classes),
            whole: known("whole", SPREAD, &annual.whole),
            comparison: known(
                "comparison",
                &["level", "district_code", "year", "section", "indicator"],
                &annual.comparison,
            ),
            decomposition: known(
                "decomposition",
                &["level", "district_code", "year", "section", "indicator", "measure", "by", "part", "group"],
                &annual.decomposition,
            ),
            convergence: known("convergence", &["section", "indicator", "kind"], &annual.convergence),
            outlook: known("outlook", &["district_code", "section", "indicator", "of"], outlook),
        }
    }

    /// All, with their frames: what the workbook and the folder hold.
    pub fn derived(&self) -> [Known<'a>; 7] {
        [self.overview, self.limits, self.ranking, self.changes, self.facts, self.location_gap, self.classes]
    }
}

/// What every part of the report is told from.
pub struct Told<'a> {
    pub annual: &'a Annual<'a>,
    pub tables: &'a Tables<'a>,
    pub teller: &'a Teller<'a>,
    pub further: &'a Further<'a>,
}

impl<'a> Told<'a> {
    /// Rows of the report's year.
    pub fn of_year(&self, of: Known<'a>) -> impl Iterator<Item = Row<'a>> + Clone {
        let year = self.annual.year;
        Row::all(of.frame).filter(move |row| year_of(row) == year)
    }

    pub fn sections(&self) -> Vec<Section> {
        let known: Vec<&str> = self.of_year(self.tables.overview).map(|row| row.said("section")).collect();
        let sections = self.annual.standard.scope.sections.iter().copied();
        sections.filter(|section| known.contains(&section.id())).collect()
    }

    pub fn section_name(&self, section: &str) -> String {
        self.annual.words.section(section)
    }

    /// An indicator by its id; the id where the standard lacks it.
    pub fn indicator_name(&self, id: &str) -> String {
        let words = self.annual.words;
        let title = self.indicator(id).map_or(id, |indicator| indicator.title.get(words.language));
        self.teller.say("indicator", &[("title", inert(title)), ("id", inert(id))])
    }

    pub fn indicator(&self, id: &str) -> Option<&'a Indicator> {
        self.annual.standard.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// Whether any CV has a limit.
    pub fn has_limits(&self) -> bool {
        self.tables.limits.frame.height() > 0
    }

    /// Whether there is anything that a district may pass or fail.
    pub fn judged(&self) -> bool {
        self.has_limits() || self.annual.standard.judges_schools()
    }

    pub fn cv(&self) -> u32 {
        self.annual.standard.print.cv
    }
    pub fn mean(&self) -> u32 {
        self.annual.standard.print.mean
    }

    fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.teller.say(key, args)
    }

    /// A count with the words that fit it: `key.none`, `.one`, `.many`; nothing where the cell is empty.
    fn by_count(&self, key: &str, of: Known<'a>, row: &Row, column: &str, args: &[(&str, String)]) -> String {
        let Some(count) = row.whole(column) else { return String::new() };
        let mut args = args.to_vec();
        args.push(("count", self.teller.known(of, row, column, Print::Fixed(0))));
        self.say(&Teller::counted(key, count), &args)
    }
}

impl Content {
    pub fn of(told: &Told<'_>) -> Content {
        let (annual, further) = (told.annual, told.further);
        let years = years(told.tables.overview.frame);
        let (standard, language) = (annual.standard, annual.words.language);
        let setting = |own: &crate::standard::Setting| {
            let value = own.values.get(&own.value).map_or(own.value.as_str(), |text| text.get(language));
            inert(&told.say("setting", &[("title", own.title.get(language).into()), ("value", value.into())]))
        };
        let date = annual.made.date;
        Content {
            year: annual.year,
            date: Day { year: date.year(), month: date.month(), day: date.day() },
            made: inert(&annual.made.line(Some(standard), annual.words)),
            standard: Rules {
                id: inert(&standard.id),
                title: inert(standard.title.get(language)),
                version: inert(&standard.version),
                source: inert(&standard.source),
                school_rule: standard
                    .school_rule
                    .as_ref()
                    .map_or_else(String::new, |r| inert(r.text.get(language))),
                judges_schools: standard.judges_schools(),
                scope: inert(&standard.scope.clause),
                apportionment: standard.apportionment.as_ref().map_or_else(String::new, |a| inert(&a.clause)),
                settings: standard.settings.iter().map(setting).collect(),
            },
            districts: annual.regions.len(),
            district: match &annual.regions[..] {
                [one] => Some(named(&one.district_name)),
                _ => None,
            },
            years: years.len(),
            first_year: years.first().copied().unwrap_or(annual.year),
            has_before: years.contains(&(annual.year - 1)),
            overview: overview(told),
            dispersion: dispersion(told),
            schools: schools(told),
            passing: places::passing(told),
            same_districts: {
                let all = Row::all(told.tables.overview.frame).filter(|row| row.said("section") == TOGETHER);
                let counts: Vec<Option<i64>> = all.map(|row| row.whole("districts")).collect();
                counts.windows(2).all(|pair| pair.first() == pair.last())
            },
            has_limits: told.has_limits(),
            judged: told.judged(),
            ranking_pages: match annual.regions.len() {
                all if told.judged() && all > 2 * ENDS => (1..=all.div_ceil(PAGE)).collect(),
                _ => Vec::new(),
            },
            location: places::location(told),
            origins: places::origins(told),
            convergence: places::convergence(told),
            classes: classes(told),
            outlook: places::outlook(told),
            coverage: coverage(told),
            method: Method {
                replicates: further.resampling.replicates,
                level: number::at_most(100.0 * further.resampling.level, 1),
                seed: further.resampling.seed,
                store: inert(further.store),
                program: inert(&annual.made.program),
                joined: annual.joined.height(),
                absent: annual.absent.len(),
            },
        }
    }
}

/// How many districts, schools and pupils; how much that is more or less; what is missing.
fn overview(told: &Told<'_>) -> Vec<String> {
    let (t, of) = (told.teller, told.tables.overview);
    let mut said = Vec::new();
    let rows: Vec<Row> = told.of_year(of).collect();
    if let Some(row) = rows.iter().find(|row| row.said("section") == TOGETHER) {
        let args = [
            ("year", told.annual.year.to_string()),
            ("districts", told.by_count("overview.districts", of, row, "districts", &[])),
            ("schools", told.by_count("overview.schools", of, row, "schools", &[])),
            ("students", t.known(of, row, "students", Print::Fixed(0))),
        ];
        said.push(t.sentence("overview.all", &args));
        let part = |key: &str, column: &str| {
            let change = t.change(key, of, row, column, Print::Size(0));
            (!change.is_empty()).then_some(change)
        };
        let parts = [
            part("overview.districts_change", "districts_change"),
            part("overview.schools_change", "schools_change"),
            part("overview.students_change", "students_change"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            let parts = parts.join(&told.say("list.clause", &[]));
            said.push(t.sentence("overview.changes", &[("parts", parts)]));
            // Other districts than the year before: what changed is not all change.
            if row.yes("same_districts") == Some(false) {
                said.push(same(told, row));
            }
        } else {
            said.push(told.say("overview.no_year_before", &[("before", (told.annual.year - 1).to_string())]));
        }
    }
    let sections: Vec<String> = rows
        .iter()
        .filter(|row| row.said("section") != TOGETHER)
        .map(|row| {
            let args = [
                ("section", told.section_name(row.said("section"))),
                ("schools", told.by_count("overview.schools_short", of, row, "schools", &[])),
                ("students", t.known(of, row, "students", Print::Fixed(0))),
            ];
            told.say("overview.section", &args)
        })
        .collect();
    if sections.len() > 1 {
        let parts = sections.join(&told.say("list.clause", &[]));
        said.push(t.sentence("overview.sections", &[("parts", parts)]));
    }
    let names: Vec<String> = told.annual.absent.iter().map(|region| named(&region.district_name)).collect();
    if !names.is_empty() {
        let args = [
            ("count", t.count("absent", names.len(), "absent")),
            ("year", told.annual.year.to_string()),
            ("names", t.list(&names, NAMES)),
        ];
        said.push(t.sentence(&Teller::counted("overview.absent", names.len() as i64), &args));
    }
    said.extend(coverage(told).into_iter().take(1));
    said
}

/// The change of those districts that both years have.
fn same(told: &Told<'_>, row: &Row) -> String {
    let (t, of) = (told.teller, told.tables.overview);
    let parts = [
        t.change("overview.schools_change", of, row, "schools_change_same", Print::Size(0)),
        t.change("overview.students_change", of, row, "students_change_same", Print::Size(0)),
    ];
    let args = [
        ("districts", t.known(of, row, "districts_same", Print::Fixed(0))),
        ("parts", parts.join(&told.say("list.clause", &[]))),
    ];
    t.sentence("overview.same", &args)
}

/// How complete the facts are; what is missing most.
fn coverage(told: &Told<'_>) -> Vec<String> {
    let (t, of) = (told.teller, told.tables.facts);
    let mut rows: Vec<Row> = told.of_year(of).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let lacking = rows.iter().filter(|row| row.text("status") != Some("complete")).count();
    let args = [
        ("count", t.count("facts_lacking", lacking, "facts_missing: status partly, none")),
        ("all", t.count("facts", rows.len(), "facts_missing")),
    ];
    let mut said = vec![t.sentence(&Teller::counted("coverage.lacking", lacking as i64), &args)];
    rows.retain(|row| row.whole("missing").unwrap_or(0) > 0);
    rows.sort_by_key(|row| std::cmp::Reverse(row.whole("missing")));
    let worst: Vec<String> = rows
        .iter()
        .take(5)
        .map(|row| {
            let args = [
                ("section", told.section_name(row.said("section"))),
                ("fact", inert(&told.annual.words.fact(row.said("fact")))),
                ("missing", t.known(of, row, "missing", Print::Fixed(0))),
                ("of", t.known(of, row, "of", Print::Fixed(0))),
            ];
            told.say("coverage.one", &args)
        })
        .collect();
    if !worst.is_empty() {
        let list = worst.join(&told.say("list.clause", &[]));
        said.push(t.sentence(&Teller::counted("coverage.most", worst.len() as i64), &[("list", list)]));
    }
    said
}

/// The CVs of everything together, a section each.
fn dispersion(told: &Told<'_>) -> Vec<Part> {
    let (t, limits) = (told.teller, told.tables.limits);
    let part = |section: Section| {
        let row = told.of_year(limits).find(|row| row.text("section") == Some(section.id()));
        let name = told.section_name(section.id());
        let mut sentences = Vec::new();
        if row.is_none() {
            sentences.push(t.sentence("dispersion.intro.none", &[("section", name.clone())]));
        }
        if let Some(row) = row {
            let args =
                [("section", name.clone()), ("limits", t.known(limits, &row, "limits", Print::Fixed(0)))];
            let mut parts = Vec::new();
            for (key, column) in [
                ("dispersion.met", "met"),
                ("dispersion.unmet", "unmet"),
                ("dispersion.open", "open"),
                ("dispersion.missing", "missing"),
            ] {
                if row.whole(column).unwrap_or(0) > 0 {
                    parts.push(told.by_count(key, limits, &row, column, &[]));
                }
            }
            let mut args = args.to_vec();
            args.push(("parts", parts.join(&told.say("list.clause", &[]))));
            let all = row.whole("limits").unwrap_or(0);
            let every = |column: &str| all > 1 && row.whole(column) == Some(all);
            let key = match (every("met"), every("unmet")) {
                (true, _) => "dispersion.all.met".to_string(),
                (_, true) => "dispersion.all.unmet".into(),
                _ => Teller::counted("dispersion.intro", all),
            };
            sentences.push(t.sentence(&key, &args));
        }
        let of_section: Vec<Row> =
            told.of_year(told.tables.whole).filter(|row| row.text("section") == Some(section.id())).collect();
        let told_of = remarkable(&of_section);
        let entries = told_of.into_iter().map(|row| spread(told, told.tables.whole, row)).collect();
        Part { id: section.id().into(), name, sentences, entries }
    };
    told.sections().into_iter().map(part).collect()
}

/// The CVs worth a sentence (the table has all): the one furthest against its limit, others that exceed it, and the one
/// that changed most.
fn remarkable<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r Row<'a>> {
    let known = || rows.iter().filter(|row| row.number("cv").is_some());
    let far = |row: &Row| {
        let cv = row.number("cv").unwrap_or_default();
        row.number("limit").filter(|limit| *limit > 0.0).map_or(cv, |limit| cv / limit)
    };
    let mut far_first: Vec<&Row> = known().collect();
    far_first.sort_by(|a, b| far(b).total_cmp(&far(a)));
    let mut found: Vec<&Row> = Vec::new();
    for (at, row) in far_first.into_iter().enumerate() {
        if at == 0 || (row.yes("met") == Some(false) && found.len() < REMARKABLE) {
            found.push(row);
        }
    }
    let size = |row: &Row| row.number("cv_change").map_or(0.0, f64::abs);
    let moved = known().max_by(|a, b| size(a).total_cmp(&size(b))).filter(|row| size(row) > 0.0);
    if let Some(moved) = moved
        && found.iter().all(|row| row.text("indicator") != moved.text("indicator"))
    {
        found.push(moved);
    }
    // What has no CV is said, too.
    found.extend(rows.iter().filter(|row| row.number("cv").is_none()).take(REMARKABLE));
    found
}

/// How the CV stood in the first year there is.
fn cv_since(told: &Told<'_>, of: Known<'_>, row: &Row) -> String {
    let year = year_of(row);
    let own = |other: &Row| {
        ["level", "district_code", "section", "group", "indicator"]
            .iter()
            .all(|key| other.text(key) == row.text(key))
    };
    let known = |other: &Row| other.number("cv").is_some();
    let earlier = Row::all(of.frame).filter(own).filter(known).filter(|other| year_of(other) < year);
    match earlier.min_by_key(year_of) {
        Some(first) if year_of(&first) < year - 1 => {
            let cv = told.teller.known(of, &first, "cv", Print::Fixed(told.cv()));
            told.say("dispersion.since", &[("year", year_of(&first).to_string()), ("cv", cv)])
        }
        _ => String::new(),
    }
}

/// One CV: value, interval, change, and what may be said against the limit.
pub fn spread(told: &Told<'_>, of: Known<'_>, row: &Row) -> String {
    let t = told.teller;
    let indicator = told.indicator_name(row.said("indicator"));
    let Some(cv) = t.number(of, row, "cv", Print::Fixed(told.cv())) else {
        return told.say("dispersion.none", &[("indicator", indicator)]);
    };
    let interval = match (row.number("cv_low"), row.number("cv_high")) {
        (Some(_), Some(_)) => {
            let low = t.known(of, row, "cv_low", Print::Fixed(told.cv()));
            let high = t.known(of, row, "cv_high", Print::Fixed(told.cv()));
            let level = number::at_most(100.0 * told.further.resampling.level, 1);
            told.say("dispersion.interval", &[("level", level), ("low", low), ("high", high)])
        }
        _ => String::new(),
    };
    let change = t.change("change", of, row, "cv_change", Print::Size(told.cv()));
    let mut verdict = match certainty(row) {
        Some(certainty) => {
            let limit = t.known(of, row, "limit", Print::Fixed(2));
            told.say(&format!("dispersion.verdict.{certainty}"), &[("limit", limit)])
        }
        None => String::new(),
    };
    if row.yes("borderline") == Some(true) {
        verdict.push_str(&told.say("dispersion.borderline", &[]));
    }
    let key = if verdict.is_empty() { "dispersion.measured" } else { "dispersion.line" };
    let args = [
        ("indicator", indicator),
        ("cv", cv),
        ("interval", interval),
        ("change", change),
        ("since", cv_since(told, of, row)),
        ("verdict", verdict),
    ];
    t.sentence(key, &args)
}

/// Schools at standard, both sections and each.
fn schools(told: &Told<'_>) -> Vec<String> {
    if !told.annual.standard.judges_schools() {
        let title = inert(told.annual.standard.title.get(told.annual.words.language));
        return vec![told.say("schools.not_judged", &[("standard", title)])];
    }
    let (t, of) = (told.teller, told.tables.overview);
    let mut said = Vec::new();
    let sections = told.sections();
    for row in told.of_year(of) {
        let section = row.said("section");
        if section == TOGETHER && sections.len() < 2 {
            continue;
        }
        let Some(share) = t.number(of, &row, "met_share", Print::Percent(1)) else { continue };
        let name = match section {
            TOGETHER => told.say("schools.together", &[]),
            id => told.section_name(id),
        };
        let args = [
            ("section", name),
            ("schools", told.by_count("schools.all", of, &row, "schools", &[])),
            ("met", t.known(of, &row, "schools_met", Print::Fixed(0))),
            ("share", share),
            ("change", t.change("schools.change", of, &row, "met_share_change", Print::Points(1))),
            (
                "missing",
                match row.whole("schools_missing") {
                    Some(1..) => told.by_count("schools.missing", of, &row, "schools_missing", &[]),
                    _ => String::new(),
                },
            ),
        ];
        let form = match (row.whole("schools_met"), row.whole("schools")) {
            (Some(0), _) => "schools.line.none",
            (met, all) if met == all => "schools.line.all",
            (Some(1), _) => "schools.line.one",
            _ => "schools.line.many",
        };
        said.push(t.sentence(form, &args));
    }
    said
}

fn classes(told: &Told<'_>) -> Vec<String> {
    let (t, of) = (told.teller, told.tables.classes);
    let mut said = Vec::new();
    for row in told.of_year(of) {
        let over = row.number("over").unwrap_or_default();
        let args = [
            ("section", told.section_name(row.said("section"))),
            ("classes", t.known(of, &row, "classes", Print::Fixed(0))),
            ("over", t.known(of, &row, "over", Print::Fixed(0))),
            ("share", t.known(of, &row, "over_share", Print::Percent(1))),
            ("change", t.change("schools.change", of, &row, "over_share_change", Print::Points(1))),
            (
                "either",
                match row.number("either") {
                    Some(either) if either > 0.0 => {
                        told.say("classes.either", &[("count", t.known(of, &row, "either", Print::Fixed(0)))])
                    }
                    _ => String::new(),
                },
            ),
            (
                "unknown",
                match row.whole("unknown") {
                    Some(1..) => told.by_count("classes.unknown", of, &row, "unknown", &[]),
                    _ => String::new(),
                },
            ),
        ];
        said.push(t.sentence(&Teller::counted("classes.line", over as i64), &args));
    }
    said
}
