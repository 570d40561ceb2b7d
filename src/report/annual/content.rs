//! What the template of the annual report may say: sentences, and what is there at all. Every name here is a name in
//! `data/templates/annual.*.md.jinja`.

use serde::Serialize;

use super::{
    context::{ENDS, NAMES, PAGE, Part, REMARKABLE, ReportContext},
    narrative,
    traced_writer::{Known, Print, TracedWriter, named},
};
use crate::{
    number,
    report::{
        escape::marked_up,
        rules::{self, Day},
    },
    standard::Section,
    tables::{
        Row,
        annual::{TOGETHER, certainty, year_of},
    },
};

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
    #[serde(serialize_with = "marked_up")]
    pub overview: Vec<String>,
    /// 二、校际差异
    pub dispersion: Vec<Part>,
    /// 三、学校达标情况
    #[serde(serialize_with = "marked_up")]
    pub schools: Vec<String>,
    /// 四、区县情况
    #[serde(serialize_with = "marked_up")]
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
    #[serde(serialize_with = "marked_up")]
    pub classes: Vec<String>,
    /// 九、预警
    #[serde(serialize_with = "marked_up")]
    pub outlook: Vec<String>,
    #[serde(serialize_with = "marked_up")]
    pub coverage: Vec<String>,
    pub method: Method,
}

#[derive(Debug, Serialize)]
pub struct Rules {
    #[serde(flatten)]
    pub words: rules::Rules,
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

impl Content {
    pub fn of(context: &ReportContext<'_>) -> Content {
        let (annual, further) = (context.annual, context.further);
        let years = context.years();
        let (standard, language) = (annual.standard, annual.words.language);
        let setting = |own: &crate::standard::Setting| {
            let value = own.values.get(&own.value).map_or(own.value.as_str(), |text| text.get(language));
            context.say("setting", &[("title", own.title.get(language).into()), ("value", value.into())])
        };
        Content {
            year: annual.year,
            date: annual.made.date.into(),
            made: annual.made.line(Some(standard), annual.words),
            standard: Rules {
                words: rules::Rules::of(standard, language),
                settings: standard.settings.iter().map(setting).collect(),
            },
            districts: annual.regions.len(),
            district: match &annual.regions[..] {
                [one] => Some(one.district_name.clone()),
                _ => None,
            },
            years: years.len(),
            first_year: years.first().copied().unwrap_or(annual.year),
            has_before: years.contains(&(annual.year - 1)),
            overview: overview(context),
            dispersion: dispersion(context),
            schools: schools(context),
            passing: narrative::passing(context),
            same_districts: {
                let all =
                    Row::all(context.tables.overview.frame).filter(|row| row.said("section") == TOGETHER);
                let counts: Vec<Option<i64>> = all.map(|row| row.whole("districts")).collect();
                counts.windows(2).all(|pair| pair.first() == pair.last())
            },
            has_limits: context.has_limits(),
            judged: context.judged(),
            ranking_pages: match annual.regions.len() {
                all if context.judged() && all > 2 * ENDS => (1..=all.div_ceil(PAGE)).collect(),
                _ => Vec::new(),
            },
            location: narrative::location(context),
            origins: narrative::origins(context),
            convergence: narrative::convergence(context),
            classes: classes(context),
            outlook: narrative::outlook(context),
            coverage: coverage(context),
            method: Method {
                replicates: further.resampling.replicates,
                level: number::at_most(100.0 * further.resampling.level, 1),
                seed: further.resampling.seed,
                store: further.store.to_string(),
                program: annual.made.program.clone(),
                joined: annual.joined.height(),
                absent: annual.absent.len(),
            },
        }
    }
}

/// How many districts, schools and pupils; how much that is more or less; what is missing.
fn overview(context: &ReportContext<'_>) -> Vec<String> {
    let (t, of) = (context.writer, context.tables.overview);
    let mut said = Vec::new();
    let rows: Vec<Row> = context.of_year(of).collect();
    if let Some(row) = rows.iter().find(|row| row.said("section") == TOGETHER) {
        let args = [
            ("year", context.annual.year.to_string()),
            ("districts", context.by_count("overview.districts", of, row, "districts", &[])),
            ("schools", context.by_count("overview.schools", of, row, "schools", &[])),
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
            let parts = parts.join(&context.say("list.clause", &[]));
            said.push(t.sentence("overview.changes", &[("parts", parts)]));
            // Other districts than the year before: what changed is not all change.
            if row.yes("same_districts") == Some(false) {
                said.push(same(context, row));
            }
        } else {
            said.push(
                context.say("overview.no_year_before", &[("before", (context.annual.year - 1).to_string())]),
            );
        }
    }
    let sections: Vec<String> = rows
        .iter()
        .filter(|row| row.said("section") != TOGETHER)
        .map(|row| {
            let args = [
                ("section", context.section_name(row.said("section"))),
                ("schools", context.by_count("overview.schools_short", of, row, "schools", &[])),
                ("students", t.known(of, row, "students", Print::Fixed(0))),
            ];
            context.say("overview.section", &args)
        })
        .collect();
    if sections.len() > 1 {
        let parts = sections.join(&context.say("list.clause", &[]));
        said.push(t.sentence("overview.sections", &[("parts", parts)]));
    }
    let names: Vec<String> =
        context.annual.absent.iter().map(|region| named(&region.district_name)).collect();
    if !names.is_empty() {
        let args = [
            ("count", t.count("absent", names.len(), "absent")),
            ("year", context.annual.year.to_string()),
            ("names", t.list(&names, NAMES)),
        ];
        said.push(t.sentence(&TracedWriter::counted("overview.absent", names.len() as i64), &args));
    }
    said.extend(coverage(context).into_iter().take(1));
    said
}

/// The change of those districts that both years have.
fn same(context: &ReportContext<'_>, row: &Row) -> String {
    let (t, of) = (context.writer, context.tables.overview);
    let parts = [
        t.change("overview.schools_change", of, row, "schools_change_same", Print::Size(0)),
        t.change("overview.students_change", of, row, "students_change_same", Print::Size(0)),
    ];
    let args = [
        ("districts", t.known(of, row, "districts_same", Print::Fixed(0))),
        ("parts", parts.join(&context.say("list.clause", &[]))),
    ];
    t.sentence("overview.same", &args)
}

/// How complete the facts are; what is missing most.
fn coverage(context: &ReportContext<'_>) -> Vec<String> {
    let (t, of) = (context.writer, context.tables.facts);
    let mut rows: Vec<Row> = context.of_year(of).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let lacking = rows.iter().filter(|row| row.text("status") != Some("complete")).count();
    let args = [
        ("count", t.count("facts_lacking", lacking, "facts_missing: status partly, none")),
        ("all", t.count("facts", rows.len(), "facts_missing")),
    ];
    let mut said = vec![t.sentence(&TracedWriter::counted("coverage.lacking", lacking as i64), &args)];
    rows.retain(|row| row.whole("missing").unwrap_or(0) > 0);
    rows.sort_by_key(|row| std::cmp::Reverse(row.whole("missing")));
    let worst: Vec<String> = rows
        .iter()
        .take(5)
        .map(|row| {
            let args = [
                ("section", context.section_name(row.said("section"))),
                ("fact", named(&context.annual.words.fact(row.said("fact")))),
                ("missing", t.known(of, row, "missing", Print::Fixed(0))),
                ("of", t.known(of, row, "of", Print::Fixed(0))),
            ];
            context.say("coverage.one", &args)
        })
        .collect();
    if !worst.is_empty() {
        let list = worst.join(&context.say("list.clause", &[]));
        said.push(t.sentence(&TracedWriter::counted("coverage.most", worst.len() as i64), &[("list", list)]));
    }
    said
}

/// The CVs of everything together, a section each.
fn dispersion(context: &ReportContext<'_>) -> Vec<Part> {
    let (t, limits) = (context.writer, context.tables.limits);
    let part = |section: Section| {
        let row = context.of_year(limits).find(|row| row.text("section") == Some(section.id()));
        let name = context.section_name(section.id());
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
                    parts.push(context.by_count(key, limits, &row, column, &[]));
                }
            }
            let mut args = args.to_vec();
            args.push(("parts", parts.join(&context.say("list.clause", &[]))));
            let all = row.whole("limits").unwrap_or(0);
            let every = |column: &str| all > 1 && row.whole(column) == Some(all);
            let key = match (every("met"), every("unmet")) {
                (true, _) => "dispersion.all.met".to_string(),
                (_, true) => "dispersion.all.unmet".into(),
                _ => TracedWriter::counted("dispersion.intro", all),
            };
            sentences.push(t.sentence(&key, &args));
        }
        let of_section: Vec<Row> = context
            .of_year(context.tables.whole)
            .filter(|row| row.text("section") == Some(section.id()))
            .collect();
        let told_of = remarkable(&of_section);
        let entries = told_of.into_iter().map(|row| spread(context, context.tables.whole, row)).collect();
        Part { id: section.id().into(), name, sentences, entries }
    };
    context.sections().into_iter().map(part).collect()
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
fn cv_since(context: &ReportContext<'_>, of: Known<'_>, row: &Row) -> String {
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
            let cv = context.writer.known(of, &first, "cv", Print::Fixed(context.cv()));
            context.say("dispersion.since", &[("year", year_of(&first).to_string()), ("cv", cv)])
        }
        _ => String::new(),
    }
}

/// One CV: value, interval, change, and what may be said against the limit.
pub fn spread(context: &ReportContext<'_>, of: Known<'_>, row: &Row) -> String {
    let t = context.writer;
    let indicator = context.indicator_name(row.said("indicator"));
    let Some(cv) = t.number(of, row, "cv", Print::Fixed(context.cv())) else {
        return context.say("dispersion.none", &[("indicator", indicator)]);
    };
    let interval = match (row.number("cv_low"), row.number("cv_high")) {
        (Some(_), Some(_)) => {
            let low = t.known(of, row, "cv_low", Print::Fixed(context.cv()));
            let high = t.known(of, row, "cv_high", Print::Fixed(context.cv()));
            let level = number::at_most(100.0 * context.further.resampling.level, 1);
            context.say("dispersion.interval", &[("level", level), ("low", low), ("high", high)])
        }
        _ => String::new(),
    };
    let change = t.change("change", of, row, "cv_change", Print::Size(context.cv()));
    let mut verdict = match certainty(row.text("certainty"), row.yes("met")) {
        Some(certainty) => {
            let limit = t.known(of, row, "limit", Print::Fixed(2));
            context.say(&format!("dispersion.verdict.{certainty}"), &[("limit", limit)])
        }
        None => String::new(),
    };
    if row.yes("borderline") == Some(true) {
        verdict.push_str(&context.say("dispersion.borderline", &[]));
    }
    let key = if verdict.is_empty() { "dispersion.measured" } else { "dispersion.line" };
    let args = [
        ("indicator", indicator),
        ("cv", cv),
        ("interval", interval),
        ("change", change),
        ("since", cv_since(context, of, row)),
        ("verdict", verdict),
    ];
    t.sentence(key, &args)
}

/// Schools at standard, both sections and each.
fn schools(context: &ReportContext<'_>) -> Vec<String> {
    if !context.annual.standard.judges_schools() {
        let title = named(context.annual.standard.title.get(context.annual.words.language));
        return vec![context.say("schools.not_judged", &[("standard", title)])];
    }
    let (t, of) = (context.writer, context.tables.overview);
    let mut said = Vec::new();
    let sections = context.sections();
    for row in context.of_year(of) {
        let section = row.said("section");
        if section == TOGETHER && sections.len() < 2 {
            continue;
        }
        let Some(share) = t.number(of, &row, "met_share", Print::Percent(1)) else { continue };
        let name = match section {
            TOGETHER => context.say("schools.together", &[]),
            id => context.section_name(id),
        };
        let args = [
            ("section", name),
            ("schools", context.by_count("schools.all", of, &row, "schools", &[])),
            ("met", t.known(of, &row, "schools_met", Print::Fixed(0))),
            ("share", share),
            ("change", t.change("schools.change", of, &row, "met_share_change", Print::Points(1))),
            (
                "missing",
                match row.whole("schools_missing") {
                    Some(1..) => context.by_count("schools.missing", of, &row, "schools_missing", &[]),
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

fn classes(context: &ReportContext<'_>) -> Vec<String> {
    let (t, of) = (context.writer, context.tables.classes);
    let mut said = Vec::new();
    for row in context.of_year(of) {
        let over = row.number("over").unwrap_or_default();
        let args = [
            ("section", context.section_name(row.said("section"))),
            ("classes", t.known(of, &row, "classes", Print::Fixed(0))),
            ("over", t.known(of, &row, "over", Print::Fixed(0))),
            ("share", t.known(of, &row, "over_share", Print::Percent(1))),
            ("change", t.change("schools.change", of, &row, "over_share_change", Print::Points(1))),
            (
                "either",
                match row.number("either") {
                    Some(either) if either > 0.0 => context
                        .say("classes.either", &[("count", t.known(of, &row, "either", Print::Fixed(0)))]),
                    _ => String::new(),
                },
            ),
            (
                "unknown",
                match row.whole("unknown") {
                    Some(1..) => context.by_count("classes.unknown", of, &row, "unknown", &[]),
                    _ => String::new(),
                },
            ),
        ];
        said.push(t.sentence(&TracedWriter::counted("classes.line", over as i64), &args));
    }
    said
}
