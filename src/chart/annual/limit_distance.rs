//! Annual report: districts by their distance to the limit. Each stands at the CV that is furthest from its limit;
//! where the standard has no limits, at the CV of its first indicator.

use std::collections::HashMap;

use super::{AnnualView, view::ungrouped};
use crate::{
    chart::{
        Drawn, Kind, Picture,
        canvas::{Anchor, Paint},
        definition::{Chart, Draw, Place},
        frame::{Frame, MARGIN, Subject, name_or_code, year_text},
        layout::{Rect, fit},
        legend::{Symbol, legend},
        palette::{AXIS, FAINT, INK, LIMIT, MESH, MET, PAPER, UNMET},
        plot::Plot,
        spokes::percent,
    },
    number,
    problem::Result,
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("limit-distance", "chart.annual.distance", Place::Template, Draw::Annual(pictures));

/// Districts per picture, and the maximum number of pictures per section.
const PAGE: usize = 40;
const MAX_PAGES: usize = 3;
const ROW: f64 = 18.0;
const SIZE: f64 = 12.0;
const NAMES: f64 = 210.0;
/// The maximum width of the column at the right, for indicator and number.
const VALUES: f64 = 216.0;
/// Ratios are drawn up to here.
const MAX_RATIO: f64 = 3.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Within,
    Over,
    /// The schools with data are over, but missing data leave it undecided.
    Undecided,
}

/// One row of the picture.
struct District {
    code: String,
    name: String,
    indicator: String,
    /// CV over limit; the CV itself where the standard has no limits.
    value: f64,
    cv: Option<f64>,
    verdict: Verdict,
}

/// The districts of a section, the furthest first.
struct Ranking {
    districts: Vec<District>,
    is_limited: bool,
    /// Districts without a CV.
    unknown: usize,
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let ranking = ranking(view, section);
    let pages = ranking.districts.len().div_ceil(PAGE).min(MAX_PAGES);
    let drawn: Result<Vec<Vec<Picture>>> =
        (0..pages).map(|page| picture(view, section, &ranking, page, pages)).collect();
    Ok(drawn?.into_iter().flatten().collect())
}

fn ranking(view: &AnnualView, section: Section) -> Ranking {
    let standings = || {
        let rows = view.annual.standings.rows();
        rows.filter(|row| row.section() == section && row.year() == view.year && row.level() == "district")
    };
    let measures = || {
        let rows = ungrouped(&view.annual.panel, section);
        rows.filter(|row| row.year() == view.year && row.level() == "district")
    };
    let names = names(view);
    let named = |code: &str, name: &str| {
        names.get(code).cloned().unwrap_or_else(|| name_or_code(name, code).to_string())
    };
    let is_limited = standings().any(|row| row.worst_ratio().is_some());
    let mut districts: Vec<District> = Vec::new();
    let mut unknown = 0;
    if is_limited {
        let cvs: HashMap<(&str, &str), f64> =
            measures().filter_map(|row| Some(((row.district_code(), row.indicator()), row.cv()?))).collect();
        for row in standings() {
            let Some(value) = row.worst_ratio() else {
                unknown += 1;
                continue;
            };
            let (code, indicator) = (row.district_code(), row.worst_indicator().unwrap_or_default());
            districts.push(District {
                code: code.to_string(),
                name: named(code, row.district_name()),
                indicator: indicator.to_string(),
                value,
                cv: cvs.get(&(code, indicator)).copied(),
                verdict: match row.limits() - row.limits_met() - row.limits_missing() {
                    1.. => Verdict::Over,
                    _ if value > 1.0 => Verdict::Undecided,
                    _ => Verdict::Within,
                },
            });
        }
    } else {
        let known = measures().filter(|row| row.cv().is_some());
        let first = known.map(|row| row.indicator()).min_by_key(|id| (view.order(id), *id));
        for row in measures().filter(|row| Some(row.indicator()) == first) {
            let Some(value) = row.cv() else {
                unknown += 1;
                continue;
            };
            districts.push(District {
                code: row.district_code().to_string(),
                name: named(row.district_code(), row.district_name()),
                indicator: row.indicator().to_string(),
                value,
                cv: Some(value),
                verdict: Verdict::Within,
            });
        }
    }
    districts.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.code.cmp(&b.code)));
    Ranking { districts, is_limited, unknown }
}

/// Names of the districts by code; with their city where several have the same name.
fn names(view: &AnnualView) -> HashMap<String, String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for region in &view.annual.regions {
        *counts.entry(region.district_name.as_str()).or_default() += 1;
    }
    let named = view.annual.regions.iter().map(|region| {
        let name = name_or_code(&region.district_name, &region.district_code).to_string();
        let is_unique = counts.get(region.district_name.as_str()).is_none_or(|count| *count < 2);
        let args = [("district", name.clone()), ("city", region.city_name.clone())];
        let name = match is_unique || region.city_name.is_empty() {
            true => name,
            false => view.words.fill("chart.annual.distance.in_city", &args),
        };
        (region.district_code.clone(), name)
    });
    named.collect()
}

fn title(view: &AnnualView, section: Section, ranking: &Ranking) -> String {
    let count = |verdict| ranking.districts.iter().filter(|district| district.verdict == verdict).count();
    let (over, undecided) = (count(Verdict::Over), count(Verdict::Undecided));
    let furthest = match over {
        0 => ranking.districts.first(),
        _ => ranking.districts.iter().find(|district| district.verdict == Verdict::Over),
    };
    let args = [
        ("section", view.section_name(section)),
        ("year", year_text(view.year)),
        ("all", number::count(ranking.districts.len())),
        ("over", number::count(over)),
        ("undecided", number::count(undecided)),
        ("district", furthest.map_or_else(String::new, |district| district.name.clone())),
        ("indicator", furthest.map_or_else(String::new, |district| view.short_title(&district.indicator))),
        ("value", furthest.map_or_else(String::new, |district| value_text(view, ranking, district))),
    ];
    let key = match over {
        _ if !ranking.is_limited => "measured",
        0 if undecided > 0 => "undecided",
        0 => "within",
        _ => "over",
    };
    view.words.fill(&format!("chart.annual.distance.{key}"), &args)
}

/// Percent of the limit, or the CV.
fn value_text(view: &AnnualView, ranking: &Ranking, district: &District) -> String {
    if ranking.is_limited { percent(district.value) } else { view.cv_text(Some(district.value)) }
}

fn picture(view: &AnnualView, section: Section, ranking: &Ranking, page: usize, pages: usize) -> Drawn {
    let words = view.words;
    let first = page * PAGE;
    let districts =
        ranking.districts.get(first..(first + PAGE).min(ranking.districts.len())).unwrap_or_default();
    let mut title = title(view, section, ranking);
    if pages > 1 {
        let args = [("title", title), ("page", (page + 1).to_string()), ("pages", pages.to_string())];
        title = words.fill("chart.annual.distance.page", &args);
    }
    let indicator =
        districts.first().map_or_else(String::new, |district| view.short_title(&district.indicator));
    let args = [("section", view.section_name(section)), ("indicator", indicator)];
    let key = if ranking.is_limited { "what" } else { "what_measured" };
    let frame = Frame::with_what(view, Kind::LimitDistance, title, key, &args)?;
    let canvas = &frame.canvas;
    let mut symbols = Vec::new();
    if ranking.is_limited {
        let say = |key: &str| words.say(&format!("chart.annual.distance.{key}"));
        let has = |verdict| districts.iter().any(|district| district.verdict == verdict);
        symbols.push((Symbol::Circle(Paint::fill(MET), 4.5), say("sign_within")));
        symbols.push((Symbol::None, say("sign_over")));
        if has(Verdict::Undecided) {
            symbols.push((Symbol::Circle(Paint::fill(PAPER).edged(FAINT, 1.6), 4.0), say("sign_undecided")));
        }
        symbols.push((Symbol::Line(Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0)), say("sign_limit")));
    }
    let top = match symbols.is_empty() {
        true => frame.top,
        false => legend(canvas, &symbols, frame.sides(), frame.top) + 8.0,
    };
    let widest =
        districts.iter().map(|district| canvas.font.width(&district.name, SIZE)).fold(40.0, f64::max);
    let ranks = canvas.font.width(&number::count(first + districts.len()), SIZE) + 10.0;
    let names = (widest + ranks + 14.0).min(NAMES);
    let left = MARGIN + names;
    let width = |district: &District| {
        let title = if ranking.is_limited { view.short_title(&district.indicator) } else { String::new() };
        canvas.font.width(&title, SIZE) + canvas.font.width(&value_text(view, ranking, district), SIZE) + 36.0
    };
    let values = districts.iter().map(width).fold(0.0, f64::max).min(VALUES);
    let rect = Rect::new(left, top, frame.right() - values - left, ROW * districts.len() as f64 + 4.0);
    // All pages have the same scale.
    let highest = ranking.districts.first().map_or(1.0, |district| district.value);
    let end = if ranking.is_limited { highest.clamp(1.0, MAX_RATIO) } else { highest };
    let scale = if ranking.is_limited { 100.0 } else { 1.0 };
    let plot = Plot::new(canvas, rect, 0.0..end * scale * 1.05, 0.0..1.0);
    let axis = if ranking.is_limited { "axis" } else { "axis_measured" };
    plot.axis_x(6, &words.say(&format!("chart.annual.distance.{axis}")));
    if ranking.is_limited {
        let x = plot.x(100.0);
        canvas.line((x, rect.y), (x, rect.bottom()), &Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0));
    }
    for (at, district) in districts.iter().enumerate() {
        let middle = rect.y + 2.0 + (at as f64 + 0.5) * ROW;
        let args = [
            ("district", district.name.clone()),
            ("indicator", view.short_title(&district.indicator)),
            ("value", value_text(view, ranking, district)),
            ("cv", view.cv_text(district.cv)),
        ];
        let key = if ranking.is_limited { "tip" } else { "tip_measured" };
        let data = [
            ("district", district.code.as_str()),
            ("section", section.id()),
            ("indicator", &district.indicator),
        ];
        canvas.mark(&words.fill(&format!("chart.annual.distance.{key}"), &args), &data, || {
            let name = fit(canvas.font, &district.name, SIZE, names - ranks - 12.0);
            let rank = number::count(first + at + 1);
            canvas.text(&rank, (MARGIN + ranks - 10.0, middle), Anchor::End, 11.0, FAINT);
            canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, INK);
            let x = plot.x(district.value.min(end) * scale);
            canvas.line((rect.x, middle), (x, middle), &Paint::stroke(MESH, 1.6));
            match district.verdict {
                Verdict::Over => canvas.polygon(
                    &[(x, middle - 6.0), (x + 6.0, middle + 4.8), (x - 6.0, middle + 4.8)],
                    &Paint::fill(UNMET).edged(PAPER, 0.8),
                ),
                Verdict::Undecided => {
                    canvas.circle((x, middle), 4.2, &Paint::fill(PAPER).edged(FAINT, 1.6));
                }
                Verdict::Within => canvas.circle((x, middle), 4.5, &Paint::fill(MET).edged(PAPER, 0.8)),
            }
            let value = value_text(view, ranking, district);
            let colour = if district.verdict == Verdict::Over { UNMET } else { INK };
            let width = canvas.font.width(&value, SIZE);
            canvas.text(&value, (frame.right(), middle), Anchor::End, SIZE, colour);
            if ranking.is_limited {
                let room = values - width - 20.0;
                let name = fit(canvas.font, &view.short_title(&district.indicator), SIZE, room);
                canvas.text(&name, (rect.right() + 12.0, middle), Anchor::Start, SIZE, FAINT);
            }
        });
    }
    canvas.line((rect.x, rect.y), (rect.x, rect.bottom()), &Paint::stroke(AXIS, 1.0));
    let mut bottom = rect.bottom() + 34.0;
    let rest = ranking.districts.len().saturating_sub(PAGE * MAX_PAGES);
    let args = [
        ("rest", number::count(rest)),
        ("unknown", number::count(ranking.unknown)),
        ("most", percent(MAX_RATIO)),
    ];
    let mut notes = Vec::new();
    if ranking.is_limited && highest > MAX_RATIO {
        notes.push("beyond");
    }
    if page + 1 == pages && rest > 0 {
        notes.push("rest");
    }
    if page + 1 == pages && ranking.unknown > 0 {
        notes.push("unknown");
    }
    for note in notes {
        let text = words.fill(&format!("chart.annual.distance.{note}"), &args);
        bottom = frame.note(&text, bottom + 12.0, 2) - 12.0;
    }
    let listed = districts.iter().map(|district| {
        let args = [
            ("district", district.name.clone()),
            ("indicator", view.short_title(&district.indicator)),
            ("value", value_text(view, ranking, district)),
        ];
        words.fill("chart.annual.distance.listed", &args)
    });
    let listed: Vec<String> = listed.collect();
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    let part = match page {
        0 => section.id().to_string(),
        page => format!("{}-{}", section.id(), page + 1),
    };
    frame.finish(&part, &args, bottom)
}
