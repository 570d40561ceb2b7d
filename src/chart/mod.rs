//! Pictures drawn from tables alone: PNG at 2x and SVG, the same on every machine.
//!
//! ```text
//! District, Annual, Portrait, Scoring ──▶ one file per chart (the list: registry) ──▶ Frame, Plot ──▶ Canvas
//!                                                              Picture: live SVG, outlined SVG, PNG ◀──┘
//! ```

mod annual;
mod canvas;
mod class_sizes;
mod coordinate;
mod county;
mod definition;
mod dispersion;
mod font;
mod frame;
mod gaps;
mod grid;
mod heat_map;
mod layout;
mod legend;
mod location;
mod lorenz;
mod palette;
mod plot;
mod radar;
mod registry;
mod scores;
mod shares;
mod spokes;
mod strip;
mod svg;
#[cfg(test)]
pub(crate) mod tests;

use rayon::prelude::*;

use self::{
    annual::{AnnualView, PortraitView},
    canvas::Element,
    county::County,
    definition::Draw,
};
pub use self::{definition::Place, registry::Kind};
use crate::{
    problem::Result,
    standard::Section,
    tables::{
        annual::{Annual, Portrait},
        district::District,
        scoring::Scoring,
    },
};

/// The pictures of one chart. A chart without data has none.
type Drawn = Result<Vec<Picture>>;

/// One picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// File name without its ending: `cv`, `strip-junior-L5`.
    pub name: String,
    /// The chart that it is a picture of.
    pub kind: Kind,
    /// The finding, as the picture's own title states it.
    pub title: String,
    /// What the picture shows, for readers who cannot see it.
    pub description: String,
    /// In pixels at 1x.
    pub width: u32,
    /// The height, in the unit of `width`.
    pub height: u32,
    elements: Vec<Element>,
    live: String,
}

impl Picture {
    fn new(
        name: &str,
        kind: Kind,
        title: String,
        description: String,
        (width, height): (f64, f64),
        elements: Vec<Element>,
    ) -> Picture {
        let side = |pixels: f64| pixels.ceil().clamp(1.0, f64::from(MAX_PIXELS)) as u32;
        let (width, height) = (side(width), side(height));
        let name = name.to_string();
        let mut picture =
            Picture { name, kind, title, description, width, height, elements, live: String::new() };
        picture.live = svg::live(&picture, &picture.elements);
        picture
    }

    /// SVG for use inside a page: its texts are texts, and its marks have tooltips. A mark is a `<g class="mark">`
    /// with the attributes `data-school`, `data-section` and `data-indicator` where it belongs to one.
    pub fn live(&self) -> &str {
        &self.live
    }

    /// SVG for use as a file: its texts are outlines of the font that is shipped, so that it looks the same
    /// everywhere.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn svg(&self) -> Result<String> {
        svg::outlined(self, &self.elements)
    }

    /// That SVG as a PNG at 2x.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn png(&self) -> Result<Vec<u8>> {
        svg::png(self, &self.svg()?)
    }
}

/// The largest width and height of a picture: some grow with the number of schools.
const MAX_PIXELS: u32 = 16_000;

/// Draws all charts; `draw` gives no picture for a chart that is drawn from something else.
fn draw_all(draw: impl Fn(&Draw) -> Drawn + Sync) -> Drawn {
    let drawn: Result<Vec<Vec<Picture>>> =
        Kind::ALL.par_iter().map(|kind| draw(&kind.chart().draw)).collect();
    Ok(drawn?.into_iter().flatten().collect())
}

fn for_each_section(sections: &[Section], draw: impl Fn(Section) -> Drawn) -> Drawn {
    let drawn: Result<Vec<Vec<Picture>>> = sections.iter().map(|section| draw(*section)).collect();
    Ok(drawn?.into_iter().flatten().collect())
}

/// Every picture of a district, in the order in which a report shows them. A chart without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn district_pictures(district: &District) -> Result<Vec<Picture>> {
    let county = County::new(district);
    let sections = &county.sections;
    draw_all(|chart| match chart {
        Draw::County(draw) => draw(&county),
        Draw::CountySection(draw) => for_each_section(sections, |section| draw(&county, section)),
        Draw::CountyIndicator(draw) => for_each_section(sections, |section| {
            let indicators = &district.standard.indicators;
            let drawn: Result<Vec<_>> = indicators.iter().map(|one| draw(&county, section, one)).collect();
            Ok(drawn?.into_iter().flatten().collect())
        }),
        _ => Ok(Vec::new()),
    })
}

/// Every picture of the annual report, in the order in which it shows them. A chart without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn annual_pictures(annual: &Annual) -> Result<Vec<Picture>> {
    let view = AnnualView::new(annual);
    draw_all(|chart| match chart {
        Draw::Annual(draw) => for_each_section(&view.sections, |section| draw(&view, section)),
        _ => Ok(Vec::new()),
    })
}

/// Every picture of one district's portrait.
///
/// # Errors
/// The font cannot be used.
pub fn portrait_pictures(portrait: &Portrait) -> Result<Vec<Picture>> {
    let view = PortraitView::new(portrait);
    draw_all(|chart| match chart {
        Draw::Portrait(draw) => for_each_section(&Section::ALL, |section| draw(&view, section)),
        _ => Ok(Vec::new()),
    })
}

/// Every picture of a scoring, in the order in which a report shows them. A chart without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn scoring_pictures(scoring: &Scoring) -> Result<Vec<Picture>> {
    draw_all(|chart| match chart {
        Draw::Scoring(draw) => draw(scoring),
        _ => Ok(Vec::new()),
    })
}
