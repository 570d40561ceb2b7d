//! Annual report: the widest CV of each section by year, one panel per city; one panel per district where no city is
//! known. It is drawn in the place of a map.

use super::{
    AnnualView,
    cv_panel::{HEIGHT, Panels},
    cv_years::first_and_last,
    series::{Series, YearValue, by_id},
    view::ungrouped,
};
use crate::{
    chart::{
        Drawn, Kind,
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, limit_text, name_or_code, year_text},
        grid::Grid,
    },
    number,
    standard::Section,
    tables::panel,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("cities", "chart.annual.cities", Place::Template, Draw::Annual(pictures));

/// The number of places that are drawn: those with the widest CVs. The others are counted.
const MAX_PANELS: usize = 24;

/// The indicator whose CV over all schools is furthest from its limit in the last year with a CV. Where some have a
/// limit, those without one do not count.
fn widest_indicator(view: &AnnualView, section: Section) -> Option<String> {
    let all = view.series(view.whole_rows(section));
    let year = all.iter().filter_map(|series| Some(series.known().next_back()?.year)).max()?;
    let known = |series: &Series| series.at(year).filter(|value| value.cv.is_some()).cloned();
    let any_limit = all.iter().filter_map(known).any(|value| value.limit.is_some());
    let judged = all.iter().filter_map(|series| Some((series, known(series)?)));
    let judged: Vec<_> = judged.filter(|(_, value)| value.limit.is_some() || !any_limit).collect();
    let ratio = |value: &YearValue| value.ratio().unwrap_or(0.0);
    let widest = judged.iter().rev().max_by(|a, b| ratio(&a.1).total_cmp(&ratio(&b.1)))?;
    Some(widest.0.id.clone())
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let Some(indicator) = widest_indicator(view, section) else { return Ok(Vec::new()) };
    let of_level = |frame, level: &str| {
        let rows =
            ungrouped(frame, section).filter(|row| row.indicator() == indicator && row.level() == level);
        by_id(rows, panel::Row::district_code, view.year)
    };
    let (level, mut places) = match of_level(&view.annual.regional, "city") {
        cities if cities.is_empty() => ("district", of_level(&view.annual.panel, "district")),
        cities => ("city", cities),
    };
    let ratio = |series: &Series| series.at(view.year).and_then(YearValue::ratio);
    places.sort_by(|a, b| {
        let (a_ratio, b_ratio) = (ratio(a).unwrap_or(-1.0), ratio(b).unwrap_or(-1.0));
        b_ratio.total_cmp(&a_ratio).then_with(|| a.id.cmp(&b.id))
    });
    // Places without a CV in this year come last.
    let known: Vec<&YearValue> =
        places.iter().filter_map(|series| series.at(view.year)).filter(|value| value.cv.is_some()).collect();
    // They have no smaller CV: they are not among the rest.
    let rest = known.len().saturating_sub(MAX_PANELS);
    // A single place is the same as all schools together.
    let (true, Some(&widest)) = (places.len() > 1, known.first()) else { return Ok(Vec::new()) };
    let words = view.words;
    let over = known.iter().filter(|value| value.is_over()).count();
    let args = [
        ("section", view.section_name(section)),
        ("indicator", view.short_title(&indicator)),
        ("year", year_text(view.year)),
        ("all", number::count(known.len())),
        ("over", number::count(over)),
        ("place", name(&places[0]).to_string()),
        ("cv", view.cv_text(widest.cv)),
        ("limit", limit_text(widest.limit)),
        ("rest", number::count(rest)),
        ("unit", words.say(&format!("chart.annual.cities.{level}"))),
    ];
    let key = match over {
        _ if known.iter().all(|value| value.limit.is_none()) => "measured",
        0 if known.iter().any(|value| value.is_undecided()) => "highest",
        0 => "within",
        _ => "over",
    };
    let title = words.fill(&format!("chart.annual.cities.{key}"), &args);
    let frame = Frame::with_what(view, Kind::Cities, title, &format!("what_{level}"), &args)?;
    let shown = &places[..places.len().min(MAX_PANELS)];
    let panels = Panels::new(view, section, shown);
    let top = panels.legend(&frame.canvas, shown, frame.sides(), frame.top);
    let grid = Grid::new(shown.len(), frame.sides(), top, HEIGHT);
    let mut listed = Vec::new();
    for (at, series) in shown.iter().enumerate() {
        let data = [("district", series.id.as_str()), ("section", section.id()), ("indicator", &indicator)];
        panels.panel(&frame.canvas, &grid, at, name(series), series, &data);
        listed.push(first_and_last(view, name(series), series));
    }
    let mut bottom = grid.bottom() - 12.0;
    if rest > 0 {
        bottom = frame.note(&words.fill("chart.annual.cities.rest", &args), bottom + 14.0, 2) - 8.0;
    }
    let mut args = args.to_vec();
    args.push(("list", listed.join(&words.say("chart.annual.then"))));
    frame.finish(&format!("{}-{indicator}", section.id()), &args, bottom)
}

fn name(series: &Series) -> &str {
    name_or_code(&series.name, &series.id)
}
