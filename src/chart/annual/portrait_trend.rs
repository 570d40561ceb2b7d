//! A district's CVs by year against their limits.

use polars::prelude::DataFrame;

use super::{
    cv_years::{by_indicator, draw, finding},
    view::{View, only},
};
use crate::{
    chart::{Kind, Picture, frame::Frame},
    problem::Result,
    standard::Section,
    tables::{Row, annual::Portrait},
};

/// The district's rows of the panel.
pub fn own(portrait: &Portrait) -> DataFrame {
    only(&portrait.annual.panel, "district_code", &portrait.region.district_code)
}

/// What the district is called.
pub fn name<'a>(portrait: &'a Portrait) -> &'a str {
    let name = portrait.region.district_name.as_str();
    if name.trim().is_empty() { &portrait.region.district_code } else { name }
}

/// A head with the district's name.
///
/// # Errors
/// The font cannot be used.
pub fn frame(view: &View, portrait: &Portrait, title: &str, what: &str) -> Result<Frame> {
    let args = [
        ("what", what.to_string()),
        ("district", name(portrait).to_string()),
        ("year", super::view::said(view.year)),
    ];
    Frame::narrow(title, &view.words.text("chart.subtitle", &args))
}

/// District and section, as the beginning of a title.
pub fn who(view: &View, portrait: &Portrait, section: Section) -> String {
    let args = [("district", name(portrait).to_string()), ("section", view.heading(section))];
    view.words.text("chart.annual.who", &args)
}

/// # Errors
/// The font cannot be used.
pub fn pictures(portrait: &Portrait, own: &DataFrame) -> Result<Vec<Picture>> {
    let view = View::of(portrait.annual);
    let code = portrait.region.district_code.as_str();
    let mut drawn = Vec::new();
    for section in Section::ALL {
        let rows = Row::all(own)
            .filter(|row| row.text("section") == Some(section.id()) && row.text("group").is_none());
        let lines = by_indicator(&view, rows);
        let Some(title) = finding(&view, &who(&view, portrait, section), &lines) else { continue };
        let args = [("section", view.heading(section))];
        let what = view.words.text("chart.annual.trend.what", &args);
        let frame = frame(&view, portrait, &title, &what)?;
        let name = format!("portrait-trend-{}", section.id());
        drawn.push(draw(
            &view,
            frame,
            (section, &lines),
            (&name, Kind::PortraitTrend),
            &[("district", code)],
        ));
    }
    Ok(drawn)
}
