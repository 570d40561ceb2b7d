//! Sentences about districts, town and country, the sources of differences, and the outlook.

use super::{
    context::{CHANCE, NAMES, Part, REMARKABLE, ReportContext},
    traced_writer::{Print, TracedWriter, named},
};
use crate::{
    standard::Section,
    tables::{
        annual::TOGETHER,
        comparison, convergence, decomposition,
        derived::{location_gap, overview, ranking},
        outlook,
    },
};

/// How many districts pass, which newly do and which no longer do.
pub fn passing(context: &ReportContext<'_>) -> Vec<String> {
    use overview::column;

    let (t, of) = (context.writer, context.tables.overview);
    let Some(row) = context.of_year(of, column::year).find(|row| row.section() == TOGETHER) else {
        return Vec::new();
    };
    let districts = row.districts();
    if districts < 1 {
        return Vec::new();
    }
    if !context.judged() {
        return vec![t.say("passing.not_judged", &[])];
    }
    let ranking = context.tables.ranking;
    let open = ranking.rows().filter(|row| row.passes() == Some(true) && row.limits_open() > 0);
    let open: Vec<String> = open.map(|row| named(row.district_name().unwrap_or_default())).collect();
    let mut said = Vec::new();
    if districts == 1 {
        said.extend(ranking.rows().next().map(|row| alone(context, row)));
    } else {
        let mut parts = Vec::new();
        for (key, column, always) in [
            ("passing.passing", column::districts_passing, true),
            ("passing.failing", column::districts_failing, false),
            ("passing.undetermined", column::districts_undetermined, false),
        ] {
            if always || column.number(row).is_some_and(|count| count > 0.0) {
                parts.push(context.by_count(key, of, row, column));
            }
        }
        let args = [
            ("districts", t.known(of, row, column::districts, Print::Fixed(0))),
            ("parts", parts.join(&t.say("list.clause", &[]))),
            ("change", t.change("passing.change", of, row, column::districts_passing_change, Print::Size(0))),
        ];
        said.push(t.sentence("passing.all", &args));
        if !open.is_empty() {
            let count = t.count("passing_open", open.len(), "ranking: passes, limits_open > 0");
            let args = [("count", count), ("names", t.list(&open, NAMES))];
            said.push(t.sentence(&TracedWriter::counted("passing.open", open.len() as i64), &args));
        }
    }
    let before = context.annual.year - 1;
    if !context.years().contains(&before) {
        said.push(t.say("passing.no_year_before", &[("before", before.to_string())]));
        return said;
    }
    for (kind, certain) in [("newly_passes", true), ("newly_passes", false), ("newly_fails", true)] {
        // A district that fails does so whatever the other intervals are.
        let own = context
            .tables
            .changes
            .rows()
            .filter(|row| row.change() == kind && (kind == "newly_fails" || row.certain() == certain));
        let mut names: Vec<String> = own.map(|row| named(row.district_name())).collect();
        names.dedup();
        let key = match (kind, certain) {
            ("newly_passes", true) => "passing.newly",
            ("newly_passes", false) => "passing.newly_open",
            _ => "passing.no_longer",
        };
        if names.is_empty() && key == "passing.newly_open" {
            continue;
        }
        let (what, rows) = match key {
            "passing.newly" => ("newly_passes", "changes: newly_passes, certain; districts"),
            "passing.newly_open" => ("newly_passes_open", "changes: newly_passes, not certain; districts"),
            _ => ("newly_fails", "changes: newly_fails; districts"),
        };
        let args = [("count", t.count(what, names.len(), rows)), ("names", t.list(&names, NAMES))];
        said.push(t.sentence(&TracedWriter::counted(key, names.len() as i64), &args));
    }
    if districts > 1 {
        said.extend(ends(context));
    }
    said
}

/// The sentence about the only district.
fn alone(context: &ReportContext<'_>, row: ranking::Row<'_>) -> String {
    use ranking::column;

    let (t, of) = (context.writer, context.tables.ranking);
    let key = match (row.passes(), row.limits_open()) {
        (Some(true), 0) => "passing.alone.passes",
        (Some(true), _) => "passing.alone.open",
        (Some(false), _) => "passing.alone.fails",
        (None, _) => "passing.alone.undetermined",
    };
    let args = [
        ("district", named(row.district_name().unwrap_or_default())),
        ("schools", t.known(of, row, column::schools, Print::Fixed(0))),
        ("schools_met", t.known(of, row, column::schools_met, Print::Fixed(0))),
        ("limits", t.known(of, row, column::limits, Print::Fixed(0))),
        ("limits_met", t.known(of, row, column::limits_met, Print::Fixed(0))),
    ];
    t.sentence(key, &args)
}

/// The districts nearest to the limit and furthest from it.
fn ends(context: &ReportContext<'_>) -> Option<String> {
    use ranking::column;

    let (t, of) = (context.writer, context.tables.ranking);
    let ranked: Vec<ranking::Row> = of.rows().filter(|row| row.ratio().is_some()).collect();
    let (first, last) = (*ranked.first()?, *ranked.last()?);
    let one = |row: ranking::Row| {
        let args = [
            ("district", named(row.district_name().unwrap_or_default())),
            ("section", row.section().map_or_else(String::new, |section| context.section_name(section))),
            ("indicator", context.indicator_name(row.indicator().unwrap_or_default())),
            ("cv", t.known(of, row, column::cv, Print::Fixed(context.cv()))),
            ("ratio", t.known(of, row, column::ratio, Print::Fixed(2))),
        ];
        t.say("passing.end", &args)
    };
    (ranked.len() > 1).then(|| t.sentence("passing.ends", &[("first", one(first)), ("last", one(last))]))
}

/// 城区 compared with 乡村, one part per section.
pub fn location(context: &ReportContext<'_>) -> Vec<Part> {
    use comparison::column;

    let (t, of) = (context.writer, context.tables.comparison);
    let part = |section: Section| {
        let of_year = context.of_year(of, column::year);
        let rows: Vec<comparison::Row> = of_year.filter(|row| row.section() == section).collect();
        let first = *rows.first()?;
        let pair = [
            ("section", context.section_name(section)),
            ("first", context.group_name(first.first())),
            ("second", context.group_name(first.second())),
        ];
        let tested = rows.into_iter().filter(|row| row.p().is_some());
        let (found, not): (Vec<comparison::Row>, Vec<comparison::Row>) =
            tested.partition(|row| row.p().is_some_and(|p| p < CHANCE));
        let mut sentences = Vec::new();
        let mut args = pair.to_vec();
        args.push(("first_schools", t.known(of, first, column::first_schools, Print::Fixed(0))));
        args.push(("second_schools", t.known(of, first, column::second_schools, Print::Fixed(0))));
        let what = |kind: &str| format!("location_{kind}_{}", section.id());
        let all = found.len() + not.len();
        args.push(("count", t.count(&what("differs"), found.len(), "comparison: p < 0.05")));
        args.push(("all", t.count(&what("tested"), all, "comparison: p")));
        sentences.push(t.sentence(&TracedWriter::counted("location.intro", found.len() as i64), &args));
        if all == 0 {
            return None;
        }
        // The indicators whose means differ most; the table has all.
        let apart = |row: &comparison::Row| {
            row.ratio().filter(|ratio| *ratio > 0.0).map_or(0.0, |ratio| ratio.ln().abs())
        };
        let mut widest = found.clone();
        widest.sort_by(|a, b| apart(b).total_cmp(&apart(a)));
        let mut entries: Vec<String> =
            widest.iter().take(REMARKABLE).map(|row| gap(context, *row, &pair)).collect();
        if !found.is_empty() && !not.is_empty() {
            let names: Vec<String> = not.iter().map(|row| context.indicator_name(row.indicator())).collect();
            let count = t.count(&what("alike"), names.len(), "comparison: p >= 0.05");
            let args = [("names", t.list(&names, names.len())), ("count", count)];
            entries.push(t.sentence(&TracedWriter::counted("location.rest", names.len() as i64), &args));
        }
        Some(Part { id: section.id().into(), name: context.section_name(section), sentences, entries })
    };
    context.sections().into_iter().filter_map(part).collect()
}

/// A significant difference, and its change over the years.
fn gap(context: &ReportContext<'_>, row: comparison::Row<'_>, pair: &[(&str, String)]) -> String {
    use comparison::column;

    let (t, of) = (context.writer, context.tables.comparison);
    let more = row.gap().unwrap_or_default() >= 0.0;
    let mut args = pair.to_vec();
    args.extend([
        ("indicator", context.indicator_name(row.indicator())),
        ("first_mean", t.known(of, row, column::first_mean, Print::Fixed(context.mean()))),
        ("second_mean", t.known(of, row, column::second_mean, Print::Fixed(context.mean()))),
        ("p", t.known(of, row, column::p, Print::Chance)),
        (
            "ratio",
            match t.number(of, row, column::ratio, Print::Fixed(2)) {
                Some(ratio) => t.say("location.ratio", &[("ratio", ratio)]),
                None => String::new(),
            },
        ),
        ("since", since(context, row)),
    ]);
    t.sentence(if more { "location.more" } else { "location.less" }, &args)
}

/// The ratio in the first year with data.
fn since(context: &ReportContext<'_>, row: comparison::Row<'_>) -> String {
    use location_gap::column;

    let (t, of) = (context.writer, context.tables.location_gap);
    let own = |other: &location_gap::Row| {
        other.section() == row.section() && other.indicator() == row.indicator() && other.ratio().is_some()
    };
    match of.rows().find(own) {
        Some(first) if first.year() < context.annual.year => {
            let ratio = t.known(of, first, column::ratio, Print::Fixed(2));
            t.say("location.since", &[("year", first.year().to_string()), ("ratio", ratio)])
        }
        _ => String::new(),
    }
}

/// Sources of CV², one part per section.
pub fn origins(context: &ReportContext<'_>) -> Vec<Part> {
    use decomposition::column;

    let (t, of) = (context.writer, context.tables.decomposition);
    let part = |section: Section| {
        let mut entries = Vec::new();
        for indicator in &context.annual.standard.indicators {
            let own: Vec<decomposition::Row> = context
                .of_year(of, column::year)
                .filter(|row| {
                    row.section() == section
                        && row.indicator() == indicator.id
                        && row.measure() == "cv_squared"
                })
                .collect();
            let share = |by: &str, part: &str| {
                let found = *own.iter().find(|row| row.by() == by && row.part() == part)?;
                let print = Print::Percent(1);
                // With only one province, city or kind of school, there is no part between them.
                let value = found.share()?;
                let may_be_one = matches!(part, "between_provinces" | "between_cities")
                    || matches!(by, "location" | "ownership");
                if may_be_one && print.is_nothing(value) {
                    return None;
                }
                let share = t.number(of, found, column::share, print)?;
                Some(t.say(&format!("origins.{by}.{part}"), &[("share", share)]))
            };
            let mut parts: Vec<String> =
                ["between_provinces", "between_cities", "between_districts", "within_districts"]
                    .into_iter()
                    .filter_map(|part| share("region", part))
                    .collect();
            if parts.len() < 3 {
                // No city is known, or only one.
                parts.clear();
                parts.extend(["between", "within"].into_iter().filter_map(|part| share("district", part)));
            }
            let mut clauses = Vec::new();
            if !parts.is_empty() {
                clauses.push(parts.join(&t.say("list.clause", &[])));
            }
            clauses.extend(share("location", "between"));
            clauses.extend(share("ownership", "between"));
            let between: f64 = own
                .iter()
                .filter(|row| row.by() == "district" && row.part() == "between")
                .filter_map(|row| row.share())
                .sum();
            if clauses.is_empty() {
                continue;
            }
            let args = [
                ("indicator", context.indicator_name(&indicator.id)),
                ("parts", clauses.join(&t.say("list.sentence", &[]))),
            ];
            entries.push((between, t.say("origins.line", &args)));
        }
        // The indicators with the largest and the smallest part between districts; the table has all.
        entries.sort_by(|a, b| b.0.total_cmp(&a.0));
        if entries.len() > 2 {
            entries.drain(1..entries.len() - 1);
        }
        let entries: Vec<String> = entries.into_iter().map(|(_, said)| t.noted(said)).collect();
        (!entries.is_empty()).then(|| {
            let name = context.section_name(section);
            let sentences = vec![t.sentence("origins.intro", &[("section", name.clone())])];
            Part { id: section.id().into(), name, sentences, entries }
        })
    };
    context.sections().into_iter().filter_map(part).collect()
}

/// Whether districts converge, one part per section. Empty for one district or for two years.
pub fn convergence(context: &ReportContext<'_>) -> Vec<Part> {
    let (t, of) = (context.writer, context.tables.convergence);
    let part = |section: Section| {
        let of_section = || of.rows().filter(move |row| row.section() == section);
        let lines: Vec<convergence::Row> = of_section().filter(|row| row.slope().is_some()).collect();
        if lines.is_empty() {
            return None;
        }
        let all = lines.len();
        let is_found = |row: &convergence::Row| row.p().is_some_and(|p| p < CHANCE);
        let mut found: Vec<convergence::Row> = lines.into_iter().filter(is_found).collect();
        let unfound = all - found.len();
        found.sort_by(|a, b| a.p().unwrap_or_default().total_cmp(&b.p().unwrap_or_default()));
        let mut entries: Vec<String> = found.iter().take(REMARKABLE).map(|row| line(context, *row)).collect();
        if unfound > 0 {
            let what = format!("no_convergence_{}", section.id());
            let key = if entries.is_empty() { "convergence.nothing" } else { "convergence.rest" };
            let args = [("count", t.count(&what, unfound, "convergence: p >= 0.05"))];
            entries.push(t.sentence(&TracedWriter::counted(key, unfound as i64), &args));
        }
        let mut sentences =
            vec![t.sentence("convergence.intro", &[("section", context.section_name(section))])];
        let none = of_section().filter(|row| row.slope().is_none()).count();
        if none > 0 {
            let what = format!("no_line_{}", section.id());
            let args = [("count", t.count(&what, none, "convergence: slope null"))];
            sentences.push(t.sentence(&TracedWriter::counted("convergence.without", none as i64), &args));
        }
        Some(Part { id: section.id().into(), name: context.section_name(section), sentences, entries })
    };
    context.sections().into_iter().filter_map(part).collect()
}

fn line(context: &ReportContext<'_>, row: convergence::Row<'_>) -> String {
    use convergence::column;

    let (t, of) = (context.writer, context.tables.convergence);
    let kind = row.kind();
    let found = row.p().is_some_and(|p| p < CHANCE);
    let form = match (found, row.slope().unwrap_or_default() < 0.0) {
        (false, _) => "none",
        (true, true) => "closer",
        (true, false) => "apart",
    };
    let text = |year: Option<i32>| year.map_or_else(|| "—".into(), |year| year.to_string());
    let pace = match (form, row.half_life()) {
        ("closer", Some(years)) if kind == "beta" && years > 0.0 => {
            let args = [
                ("speed", t.known(of, row, column::speed, Print::Percent(1))),
                ("years", t.known(of, row, column::half_life, Print::Fixed(1))),
            ];
            t.say("convergence.pace", &args)
        }
        _ => String::new(),
    };
    let args = [
        ("indicator", context.indicator_name(row.indicator())),
        ("from", text(row.from_year())),
        ("to", text(row.to_year())),
        ("points", t.known(of, row, column::points, Print::Fixed(0))),
        ("slope", t.known(of, row, column::slope, Print::Fixed(4))),
        ("error", t.known(of, row, column::error, Print::Fixed(4))),
        // A line that passes through all its points has no error and no p.
        ("p", t.known(of, row, column::p, Print::Chance)),
        ("pace", pace),
    ];
    t.sentence(&format!("convergence.{kind}.{form}"), &args)
}

/// Which CVs will cross a limit; empty if nothing was projected.
pub fn outlook(context: &ReportContext<'_>) -> Vec<String> {
    use outlook::column;

    let (t, of) = (context.writer, context.tables.outlook);
    let of_cv = || of.rows().filter(|row| row.of() == "cv" && row.projected().is_some());
    // Without limits, none can be crossed.
    if of_cv().all(|row| row.bound().is_none()) {
        return Vec::new();
    }
    let Some(to) = of_cv().map(|row| row.to_year()).max() else { return Vec::new() };
    let mut said = vec![t.say("outlook.intro", &[("to", to.to_string())])];
    for warning in ["crosses", "may_cross", "recovers"] {
        let mut rows: Vec<outlook::Row> = of_cv().filter(|row| row.warning() == Some(warning)).collect();
        // The furthest above its bound first.
        let over = |row: &outlook::Row| {
            let of = row.projected().zip(row.bound()).filter(|(_, bound)| *bound > 0.0);
            of.map_or(0.0, |(projected, bound)| projected / bound)
        };
        rows.sort_by(|a, b| over(b).total_cmp(&over(a)));
        let mut districts: Vec<&str> = rows.iter().map(|row| row.district_code()).collect();
        districts.sort_unstable();
        districts.dedup();
        let ones: Vec<String> = rows
            .iter()
            .take(if warning == "crosses" { 5 } else { 0 })
            .map(|&row| {
                let section = row.section().map_or_else(String::new, |own| context.section_name(own));
                let args = [
                    ("district", named(row.district_name().unwrap_or_default())),
                    ("section", section),
                    ("indicator", context.indicator_name(row.indicator())),
                    ("last", t.known(of, row, column::last, Print::Fixed(context.cv()))),
                    ("projected", t.known(of, row, column::projected, Print::Fixed(context.cv()))),
                    ("low", t.known(of, row, column::low, Print::Fixed(context.cv()))),
                    ("high", t.known(of, row, column::high, Print::Fixed(context.cv()))),
                    ("bound", t.known(of, row, column::bound, Print::Fixed(2))),
                ];
                t.say("outlook.one", &args)
            })
            .collect();
        let args = [
            (
                "count",
                t.count(
                    &format!("outlook_{warning}"),
                    rows.len(),
                    &format!("outlook: of cv, warning {warning}"),
                ),
            ),
            (
                "districts",
                t.count(
                    &format!("outlook_{warning}_districts"),
                    districts.len(),
                    &format!("outlook: of cv, warning {warning}; districts"),
                ),
            ),
            ("to", to.to_string()),
        ];
        let mut text = t.say(&TracedWriter::counted(&format!("outlook.{warning}"), rows.len() as i64), &args);
        if !ones.is_empty() {
            let key = if rows.len() > ones.len() { "outlook.among" } else { "outlook.namely" };
            text.push_str(&t.say(key, &[("list", ones.join(&t.say("list.clause", &[])))]));
        }
        said.push(t.noted(text));
    }
    said
}
