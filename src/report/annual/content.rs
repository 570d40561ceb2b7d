//! The content that the template of the annual report may use: sentences, and which parts exist. Field names are names
//! in `data/templates/annual.*.md.jinja`.

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
        annual::{TOGETHER, certainty},
        derived::{classes, facts_missing, limits, overview},
        panel,
    },
};

/// The whole content.
#[derive(Debug, Serialize)]
pub struct Content {
    pub year: i32,
    pub date: Day,
    pub made: String,
    pub standard: Rules,
    pub districts: usize,
    /// The name of the district, if there is only one.
    pub district: Option<String>,
    /// The stored years up to the report's year.
    pub years: usize,
    pub first_year: i32,
    pub has_before: bool,
    /// Whether every year has the same number of districts as the report's year.
    pub same_districts: bool,
    /// Whether the standard limits any CV.
    pub has_limits: bool,
    /// Whether the standard says when a district passes, by its schools or by limits.
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
    /// `1`, `2` …: pages of the ranking in the annex; none if the text contains the whole ranking.
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

/// How the numbers were computed.
#[derive(Debug, Serialize)]
pub struct Method {
    /// Number of bootstrap replicates; 0 means no intervals.
    pub replicates: usize,
    /// `95`
    pub level: String,
    pub seed: u64,
    pub store: String,
    pub program: String,
    /// Number of lines of the crosswalk that merged or renamed districts.
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
                let all = context.tables.overview.rows().filter(|row| row.section() == TOGETHER);
                let counts: Vec<i64> = all.map(|row| row.districts()).collect();
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

/// Numbers of districts, schools and pupils, their changes, and districts that are missing.
fn overview(context: &ReportContext<'_>) -> Vec<String> {
    use overview::column;

    let (t, of) = (context.writer, context.tables.overview);
    let mut said = Vec::new();
    let rows: Vec<overview::Row> = context.of_year(of, column::year).collect();
    if let Some(&row) = rows.iter().find(|row| row.section() == TOGETHER) {
        let args = [
            ("year", context.annual.year.to_string()),
            ("districts", context.by_count("overview.districts", of, row, column::districts)),
            ("schools", context.by_count("overview.schools", of, row, column::schools)),
            ("students", t.known(of, row, column::students, Print::Fixed(0))),
        ];
        said.push(t.sentence("overview.all", &args));
        let mut parts = vec![
            t.change("overview.districts_change", of, row, column::districts_change, Print::Size(0)),
            t.change("overview.schools_change", of, row, column::schools_change, Print::Size(0)),
            t.change("overview.students_change", of, row, column::students_change, Print::Size(0)),
        ];
        parts.retain(|part| !part.is_empty());
        if !parts.is_empty() {
            let parts = parts.join(&context.say("list.clause", &[]));
            said.push(t.sentence("overview.changes", &[("parts", parts)]));
            // The districts differ from those of the year before, so differences of totals are not all changes.
            if row.same_districts() == Some(false) {
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
        .filter(|row| row.section() != TOGETHER)
        .map(|&row| {
            let args = [
                ("section", context.annual.words.section(row.section())),
                ("schools", context.by_count("overview.schools_short", of, row, column::schools)),
                ("students", t.known(of, row, column::students, Print::Fixed(0))),
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

/// The changes of the districts that both years have.
fn same(context: &ReportContext<'_>, row: overview::Row<'_>) -> String {
    use overview::column;

    let (t, of) = (context.writer, context.tables.overview);
    let parts = [
        t.change("overview.schools_change", of, row, column::schools_change_same, Print::Size(0)),
        t.change("overview.students_change", of, row, column::students_change_same, Print::Size(0)),
    ];
    let args = [
        ("districts", t.known(of, row, column::districts_same, Print::Fixed(0))),
        ("parts", parts.join(&context.say("list.clause", &[]))),
    ];
    t.sentence("overview.same", &args)
}

/// How complete the facts are, and which are missing most often.
fn coverage(context: &ReportContext<'_>) -> Vec<String> {
    use facts_missing::column;

    let (t, of) = (context.writer, context.tables.facts);
    let mut rows: Vec<facts_missing::Row> = context.of_year(of, column::year).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let lacking = rows.iter().filter(|row| row.status() != "complete").count();
    let args = [
        ("count", t.count("facts_lacking", lacking, "facts_missing: status partly, none")),
        ("all", t.count("facts", rows.len(), "facts_missing")),
    ];
    let mut said = vec![t.sentence(&TracedWriter::counted("coverage.lacking", lacking as i64), &args)];
    rows.retain(|row| row.missing() > 0);
    rows.sort_by_key(|row| std::cmp::Reverse(row.missing()));
    let worst: Vec<String> = rows
        .iter()
        .take(5)
        .map(|&row| {
            let args = [
                ("section", context.section_name(row.section())),
                ("fact", named(&context.annual.words.fact(row.fact()))),
                ("missing", t.known(of, row, column::missing, Print::Fixed(0))),
                ("of", t.known(of, row, column::of, Print::Fixed(0))),
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

/// The CVs of all districts together, one part per section.
fn dispersion(context: &ReportContext<'_>) -> Vec<Part> {
    use limits::column;

    let (t, limits) = (context.writer, context.tables.limits);
    let part = |section: Section| {
        let row = context.of_year(limits, column::year).find(|row| row.section() == section);
        let name = context.section_name(section);
        let mut sentences = Vec::new();
        if row.is_none() {
            sentences.push(t.sentence("dispersion.intro.none", &[("section", name.clone())]));
        }
        if let Some(row) = row {
            let args = [
                ("section", name.clone()),
                ("limits", t.known(limits, row, column::limits, Print::Fixed(0))),
            ];
            let mut parts = Vec::new();
            for (key, column) in [
                ("dispersion.met", column::met),
                ("dispersion.unmet", column::unmet),
                ("dispersion.open", column::open),
                ("dispersion.missing", column::missing),
            ] {
                if column.number(row).is_some_and(|count| count > 0.0) {
                    parts.push(context.by_count(key, limits, row, column));
                }
            }
            let mut args = args.to_vec();
            args.push(("parts", parts.join(&context.say("list.clause", &[]))));
            let all = row.limits();
            let every = |count: i64| all > 1 && count == all;
            let key = match (every(row.met()), every(row.unmet())) {
                (true, _) => "dispersion.all.met".to_string(),
                (_, true) => "dispersion.all.unmet".into(),
                _ => TracedWriter::counted("dispersion.intro", all),
            };
            sentences.push(t.sentence(&key, &args));
        }
        let whole = context.tables.whole;
        let of_year = context.of_year(whole, panel::column::year);
        let of_section: Vec<panel::Row> = of_year.filter(|row| row.section() == section).collect();
        let entries = remarkable(&of_section).into_iter().map(|row| spread(context, whole, row)).collect();
        Part { id: section.id().into(), name, sentences, entries }
    };
    context.sections().into_iter().map(part).collect()
}

/// The CVs that get a sentence (the table has all): the highest relative to its limit, others above their limits, and
/// the one that changed most.
fn remarkable<'a>(rows: &[panel::Row<'a>]) -> Vec<panel::Row<'a>> {
    let known = || rows.iter().copied().filter(|row| row.cv().is_some());
    let far = |row: &panel::Row| {
        let cv = row.cv().unwrap_or_default();
        row.limit().filter(|limit| *limit > 0.0).map_or(cv, |limit| cv / limit)
    };
    let mut far_first: Vec<panel::Row> = known().collect();
    far_first.sort_by(|a, b| far(b).total_cmp(&far(a)));
    let mut found: Vec<panel::Row> = Vec::new();
    for (at, row) in far_first.into_iter().enumerate() {
        if at == 0 || (row.met() == Some(false) && found.len() < REMARKABLE) {
            found.push(row);
        }
    }
    let size = |row: &panel::Row| row.cv_change().map_or(0.0, f64::abs);
    let moved = known().max_by(|a, b| size(a).total_cmp(&size(b))).filter(|row| size(row) > 0.0);
    if let Some(moved) = moved
        && found.iter().all(|row| row.indicator() != moved.indicator())
    {
        found.push(moved);
    }
    // Indicators without a CV are mentioned too.
    found.extend(rows.iter().copied().filter(|row| row.cv().is_none()).take(REMARKABLE));
    found
}

/// The CV in the first year with data.
fn cv_since(context: &ReportContext<'_>, of: Known<'_, panel::Definition>, row: panel::Row<'_>) -> String {
    let own = |other: &panel::Row| {
        (other.level(), other.district_code()) == (row.level(), row.district_code())
            && (other.section(), other.group(), other.indicator())
                == (row.section(), row.group(), row.indicator())
    };
    let known = |other: &panel::Row| other.cv().is_some() && other.year() < row.year();
    match of.rows().filter(known).filter(own).min_by_key(|other| other.year()) {
        Some(first) if first.year() < row.year() - 1 => {
            let cv = context.writer.known(of, first, panel::column::cv, Print::Fixed(context.cv()));
            context.say("dispersion.since", &[("year", first.year().to_string()), ("cv", cv)])
        }
        _ => String::new(),
    }
}

/// One CV: value, interval, change, and its conclusion with regard to the limit.
pub fn spread(context: &ReportContext<'_>, of: Known<'_, panel::Definition>, row: panel::Row<'_>) -> String {
    use panel::column;

    let t = context.writer;
    let indicator = context.indicator_name(row.indicator());
    let Some(cv) = t.number(of, row, column::cv, Print::Fixed(context.cv())) else {
        return context.say("dispersion.none", &[("indicator", indicator)]);
    };
    let interval = match (row.cv_low(), row.cv_high()) {
        (Some(_), Some(_)) => {
            let low = t.known(of, row, column::cv_low, Print::Fixed(context.cv()));
            let high = t.known(of, row, column::cv_high, Print::Fixed(context.cv()));
            let level = number::at_most(100.0 * context.further.resampling.level, 1);
            context.say("dispersion.interval", &[("level", level), ("low", low), ("high", high)])
        }
        _ => String::new(),
    };
    let change = t.change("change", of, row, column::cv_change, Print::Size(context.cv()));
    let mut verdict = match certainty(row.certainty(), row.met()) {
        Some(certainty) => {
            let limit = t.known(of, row, column::limit, Print::Fixed(2));
            context.say(&format!("dispersion.verdict.{certainty}"), &[("limit", limit)])
        }
        None => String::new(),
    };
    if row.borderline() == Some(true) {
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

/// Schools up to standard, for both sections together and for each.
fn schools(context: &ReportContext<'_>) -> Vec<String> {
    if !context.annual.standard.judges_schools() {
        let title = named(context.annual.standard.title.get(context.annual.words.language));
        return vec![context.say("schools.not_judged", &[("standard", title)])];
    }
    use overview::column;

    let (t, of) = (context.writer, context.tables.overview);
    let mut said = Vec::new();
    let sections = context.sections();
    for row in context.of_year(of, column::year) {
        let section = row.section();
        if section == TOGETHER && sections.len() < 2 {
            continue;
        }
        let Some(share) = t.number(of, row, column::met_share, Print::Percent(1)) else { continue };
        let name = match section {
            TOGETHER => context.say("schools.together", &[]),
            id => context.annual.words.section(id),
        };
        let args = [
            ("section", name),
            ("schools", context.by_count("schools.all", of, row, column::schools)),
            ("met", t.known(of, row, column::schools_met, Print::Fixed(0))),
            ("share", share),
            ("change", t.change("schools.change", of, row, column::met_share_change, Print::Points(1))),
            (
                "missing",
                match row.schools_missing() {
                    1.. => context.by_count("schools.missing", of, row, column::schools_missing),
                    _ => String::new(),
                },
            ),
        ];
        let form = match (row.schools_met(), row.schools()) {
            (0, _) => "schools.line.none",
            (met, all) if met == all => "schools.line.all",
            (1, _) => "schools.line.one",
            _ => "schools.line.many",
        };
        said.push(t.sentence(form, &args));
    }
    said
}

fn classes(context: &ReportContext<'_>) -> Vec<String> {
    use classes::column;

    let (t, of) = (context.writer, context.tables.classes);
    let mut said = Vec::new();
    for row in context.of_year(of, column::year) {
        let args = [
            ("section", context.section_name(row.section())),
            ("classes", t.known(of, row, column::classes, Print::Fixed(0))),
            ("over", t.known(of, row, column::over, Print::Fixed(0))),
            ("share", t.known(of, row, column::over_share, Print::Percent(1))),
            ("change", t.change("schools.change", of, row, column::over_share_change, Print::Points(1))),
            (
                "either",
                match row.either() {
                    either if either > 0.0 => context.say(
                        "classes.either",
                        &[("count", t.known(of, row, column::either, Print::Fixed(0)))],
                    ),
                    _ => String::new(),
                },
            ),
            (
                "unknown",
                match row.unknown() {
                    1.. => context.by_count("classes.unknown", of, row, column::unknown),
                    _ => String::new(),
                },
            ),
        ];
        said.push(t.sentence(&TracedWriter::counted("classes.line", row.over() as i64), &args));
    }
    said
}
