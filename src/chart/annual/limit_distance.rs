//! Districts by their distance to the limit: of each the CV that is worst against its limit. Without limits, by the CV of
//! the standard's first indicator.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use super::view::{View, of_year, only, said};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Paint},
        frame::MARGIN,
        layout::{Rect, fit, wrap},
        legend::{Sign, legend},
        palette::{AXIS, FAINT, INK, LIMIT, MESH, MET, PAPER, UNMET},
        plot::Plot,
        radar::percent,
    },
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

/// Districts a picture, and pictures a section.
const PAGE: usize = 40;
const PAGES: usize = 3;
const ROW: f64 = 18.0;
const SIZE: f64 = 12.0;
const NAMES: f64 = 210.0;
/// At the right, at most: indicator and number.
const VALUES: f64 = 216.0;
/// Ratios are drawn up to here.
const MOST: f64 = 3.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Within,
    Over,
    /// Over by the schools with data alone.
    Undecided,
}

struct Place {
    code: String,
    name: String,
    indicator: String,
    /// CV over limit; the CV where there are no limits.
    value: f64,
    cv: Option<f64>,
    verdict: Verdict,
}

/// The districts of a section, worst first.
struct Ranking {
    places: Vec<Place>,
    limited: bool,
    /// Without a CV.
    unknown: usize,
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let mut drawn = Vec::new();
    let standings = only(&of_year(&view.annual.standings, view.year), "level", "district");
    let panel = only(&of_year(&view.annual.panel, view.year), "level", "district");
    for &section in &view.sections {
        let ranking = ranking(view, section, &standings, &panel);
        let pages = ranking.places.len().div_ceil(PAGE).min(PAGES);
        for page in 0..pages {
            drawn.push(picture(view, section, &ranking, (page, pages))?);
        }
    }
    Ok(drawn)
}

fn ranking(view: &View, section: Section, standings: &DataFrame, panel: &DataFrame) -> Ranking {
    let names = names(view);
    let named = |row: &Row| {
        let code = row.said("district_code");
        names.get(code).cloned().unwrap_or_else(|| own_name(row.said("district_name"), code).to_string())
    };
    let mine = |row: &Row| row.text("section") == Some(section.id()) && row.text("group").is_none();
    let cvs: HashMap<(&str, &str), f64> = Row::all(panel)
        .filter(mine)
        .filter_map(|row| Some(((row.said("district_code"), row.said("indicator")), row.number("cv")?)))
        .collect();
    let of_section = || Row::all(standings).filter(|row| row.text("section") == Some(section.id()));
    let limited = of_section().any(|row| row.number("worst_ratio").is_some());
    let mut places: Vec<Place> = Vec::new();
    let mut unknown = 0;
    if limited {
        for row in of_section() {
            let Some(value) = row.number("worst_ratio") else {
                unknown += 1;
                continue;
            };
            let count = |column| row.whole(column).unwrap_or(0);
            let over = count("limits") - count("limits_met") - count("limits_missing") > 0;
            let (code, indicator) = (row.said("district_code"), row.said("worst_indicator"));
            places.push(Place {
                code: code.to_string(),
                name: named(&row),
                indicator: indicator.to_string(),
                value,
                cv: cvs.get(&(code, indicator)).copied(),
                verdict: match over {
                    true => Verdict::Over,
                    false if value > 1.0 => Verdict::Undecided,
                    false => Verdict::Within,
                },
            });
        }
    } else {
        let mut known: Vec<&str> = cvs.keys().map(|(_, indicator)| *indicator).collect();
        known.sort_by_key(|id| (view.order(id), *id));
        let first = known.first().copied().unwrap_or_default();
        for row in Row::all(panel).filter(mine).filter(|row| row.said("indicator") == first) {
            let Some(value) = row.number("cv") else {
                unknown += 1;
                continue;
            };
            places.push(Place {
                code: row.said("district_code").to_string(),
                name: named(&row),
                indicator: first.to_string(),
                value,
                cv: Some(value),
                verdict: Verdict::Within,
            });
        }
    }
    places.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.code.cmp(&b.code)));
    Ranking { places, limited, unknown }
}

fn own_name<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.trim().is_empty() { code } else { name }
}

/// Names of the districts; with their city where two are called alike.
fn names(view: &View) -> HashMap<String, String> {
    let mut called: HashMap<&str, usize> = HashMap::new();
    for region in &view.annual.regions {
        *called.entry(region.district_name.as_str()).or_default() += 1;
    }
    let named = view.annual.regions.iter().map(|region| {
        let name = own_name(&region.district_name, &region.district_code).to_string();
        let alone = called.get(region.district_name.as_str()).is_none_or(|count| *count < 2);
        let args = [("district", name.clone()), ("city", region.city_name.clone())];
        let name = match alone || region.city_name.is_empty() {
            true => name,
            false => view.words.text("chart.annual.distance.in_city", &args),
        };
        (region.district_code.clone(), name)
    });
    named.collect()
}

fn title(view: &View, section: Section, ranking: &Ranking) -> String {
    let count = |verdict| ranking.places.iter().filter(|place| place.verdict == verdict).count();
    let (over, undecided) = (count(Verdict::Over), count(Verdict::Undecided));
    let worst = match over {
        0 => ranking.places.first(),
        _ => ranking.places.iter().find(|place| place.verdict == Verdict::Over),
    };
    let args = [
        ("section", view.heading(section)),
        ("year", said(view.year)),
        ("all", number::count(ranking.places.len())),
        ("over", number::count(over)),
        ("undecided", number::count(undecided)),
        ("district", worst.map_or_else(String::new, |place| place.name.clone())),
        ("indicator", worst.map_or_else(String::new, |place| view.short(&place.indicator))),
        ("value", worst.map_or_else(String::new, |place| shown(view, ranking, place))),
    ];
    let key = match over {
        _ if !ranking.limited => "measured",
        0 if undecided > 0 => "undecided",
        0 => "within",
        _ => "over",
    };
    view.words.text(&format!("chart.annual.distance.{key}"), &args)
}

/// Percent of the limit, or the CV.
fn shown(view: &View, ranking: &Ranking, place: &Place) -> String {
    if ranking.limited { percent(place.value) } else { view.cv(place.value) }
}

fn picture(
    view: &View,
    section: Section,
    ranking: &Ranking,
    (page, pages): (usize, usize),
) -> Result<Picture> {
    let words = view.words;
    let first = page * PAGE;
    let places = ranking.places.get(first..(first + PAGE).min(ranking.places.len())).unwrap_or_default();
    let mut title = title(view, section, ranking);
    if pages > 1 {
        let args = [("title", title), ("page", (page + 1).to_string()), ("pages", pages.to_string())];
        title = words.text("chart.annual.distance.page", &args);
    }
    let indicator = places.first().map_or_else(String::new, |place| view.short(&place.indicator));
    let args = [("section", view.heading(section)), ("indicator", indicator)];
    let key = if ranking.limited { "what" } else { "what_measured" };
    let frame = view.frame(&title, &words.text(&format!("chart.annual.distance.{key}"), &args))?;
    let canvas = &frame.canvas;
    let mut signs = Vec::new();
    if ranking.limited {
        let say = |key: &str| words.say(&format!("chart.annual.distance.{key}"));
        let has = |verdict| places.iter().any(|place| place.verdict == verdict);
        signs.push((Sign::Circle(Paint::fill(MET), 4.5), say("sign_within")));
        signs.push((Sign::None, say("sign_over")));
        if has(Verdict::Undecided) {
            signs.push((Sign::Circle(Paint::fill(PAPER).edged(FAINT, 1.6), 4.0), say("sign_undecided")));
        }
        signs.push((Sign::Line(Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0)), say("sign_limit")));
    }
    let top = match signs.is_empty() {
        true => frame.top,
        false => legend(canvas, &signs, (frame.left(), frame.right()), frame.top) + 8.0,
    };
    let widest = places.iter().map(|place| canvas.font.width(&place.name, SIZE)).fold(40.0, f64::max);
    let ranks = canvas.font.width(&number::count(first + places.len()), SIZE) + 10.0;
    let names = (widest + ranks + 14.0).min(NAMES);
    let left = MARGIN + names;
    let wide = |place: &Place| {
        let title =
            if ranking.limited { canvas.font.width(&view.short(&place.indicator), SIZE) } else { 0.0 };
        title + canvas.font.width(&shown(view, ranking, place), SIZE) + 36.0
    };
    let values = places.iter().map(wide).fold(0.0, f64::max).min(VALUES);
    let rect = Rect::new(left, top, frame.right() - values - left, ROW * places.len() as f64 + 4.0);
    // All pages have one scale.
    let highest = ranking.places.first().map_or(1.0, |place| place.value);
    let reach = if ranking.limited { highest.clamp(1.0, MOST) } else { highest };
    let scale = if ranking.limited { 100.0 } else { 1.0 };
    let plot = Plot::new(canvas, rect, 0.0..reach * scale * 1.05, 0.0..1.0);
    let axis = if ranking.limited { "axis" } else { "axis_measured" };
    plot.axis_x(6, &words.say(&format!("chart.annual.distance.{axis}")));
    if ranking.limited {
        let x = plot.x(100.0);
        canvas.line((x, rect.y), (x, rect.bottom()), &Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0));
    }
    for (at, place) in places.iter().enumerate() {
        let middle = rect.y + 2.0 + (at as f64 + 0.5) * ROW;
        let args = [
            ("district", place.name.clone()),
            ("indicator", view.short(&place.indicator)),
            ("value", shown(view, ranking, place)),
            ("cv", place.cv.map_or_else(|| "—".into(), |cv| view.cv(cv))),
        ];
        let key = if ranking.limited { "tip" } else { "tip_measured" };
        let data =
            [("district", place.code.as_str()), ("section", section.id()), ("indicator", &place.indicator)];
        canvas.mark(&words.text(&format!("chart.annual.distance.{key}"), &args), &data, || {
            let name = fit(canvas.font, &place.name, SIZE, names - ranks - 12.0);
            canvas.text(
                &number::count(first + at + 1),
                (MARGIN + ranks - 10.0, middle),
                Anchor::End,
                11.0,
                FAINT,
            );
            canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, INK);
            let x = plot.x(place.value.min(reach) * scale);
            canvas.line((rect.x, middle), (x, middle), &Paint::stroke(MESH, 1.6));
            match place.verdict {
                Verdict::Over => canvas.polygon(
                    &[(x, middle - 6.0), (x + 6.0, middle + 4.8), (x - 6.0, middle + 4.8)],
                    &Paint::fill(UNMET).edged(PAPER, 0.8),
                ),
                Verdict::Undecided => {
                    canvas.circle((x, middle), 4.2, &Paint::fill(PAPER).edged(FAINT, 1.6));
                }
                Verdict::Within => canvas.circle((x, middle), 4.5, &Paint::fill(MET).edged(PAPER, 0.8)),
            }
            let value = shown(view, ranking, place);
            let colour = if place.verdict == Verdict::Over { UNMET } else { INK };
            let wide = canvas.font.width(&value, SIZE);
            canvas.text(&value, (frame.right(), middle), Anchor::End, SIZE, colour);
            if ranking.limited {
                let room = values - wide - 20.0;
                let said = fit(canvas.font, &view.short(&place.indicator), SIZE, room);
                canvas.text(&said, (rect.right() + 12.0, middle), Anchor::Start, SIZE, FAINT);
            }
        });
    }
    canvas.line((rect.x, rect.y), (rect.x, rect.bottom()), &Paint::stroke(AXIS, 1.0));
    let mut bottom = rect.bottom() + 34.0;
    let rest = ranking.places.len().saturating_sub(PAGE * PAGES);
    let args =
        [("rest", number::count(rest)), ("unknown", number::count(ranking.unknown)), ("most", percent(MOST))];
    let mut notes = Vec::new();
    if ranking.limited && highest > MOST {
        notes.push("beyond");
    }
    if page + 1 == pages && rest > 0 {
        notes.push("rest");
    }
    if page + 1 == pages && ranking.unknown > 0 {
        notes.push("unknown");
    }
    for note in notes {
        let text = words.text(&format!("chart.annual.distance.{note}"), &args);
        for line in wrap(canvas.font, &text, 11.5, frame.right() - frame.left(), 2) {
            bottom += 16.0;
            canvas.text(&line, (frame.left(), bottom - 4.0), Anchor::Start, 11.5, FAINT);
        }
    }
    let listed = places.iter().map(|place| {
        let args = [
            ("district", place.name.clone()),
            ("indicator", view.short(&place.indicator)),
            ("value", shown(view, ranking, place)),
        ];
        words.text("chart.annual.distance.listed", &args)
    });
    let listed: Vec<String> = listed.collect();
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.distance.described", &args);
    let name = match page {
        0 => format!("limit-distance-{}", section.id()),
        page => format!("limit-distance-{}-{}", section.id(), page + 1),
    };
    Ok(frame.finish(&name, Kind::LimitDistance, &description, bottom))
}
