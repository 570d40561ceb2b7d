//! Pictures of one district, drawn from its tables alone: PNG at 2x and SVG, the same on every machine.
//!
//! ```text
//! District ──▶ dispersion, heat_map, strip … ──▶ Frame, Plot ──▶ Canvas ──▶ Picture ──▶ live SVG, SVG, PNG
//! ```

mod annual;
mod canvas;
mod class_sizes;
mod dispersion;
mod font;
mod frame;
mod gaps;
mod heat_map;
mod layout;
mod legend;
mod location;
mod lorenz;
mod palette;
mod plot;
mod radar;
mod scores;
mod shares;
mod strip;
mod svg;
#[cfg(test)]
pub(crate) mod tests;
mod values;

use rayon::prelude::*;

use self::canvas::Element;
pub use self::{
    annual::{of_annual, of_portrait},
    radar::radar,
    scores::of_scores,
};
use crate::{problem::Result, tables::district::District};

/// One picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// File name without its ending: `cv-primary`, `strip-junior-L5`.
    pub name: String,
    pub kind: Kind,
    /// The finding, as the picture's own title says it.
    pub title: String,
    /// What is to be seen, for those who cannot see it.
    pub description: String,
    /// In pixels at 1x.
    pub width: u32,
    pub height: u32,
    elements: Vec<Element>,
    live: String,
}

/// What a picture is of. Documents choose by it where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// CV of every indicator against its limit, a panel a section.
    Dispersion,
    /// Schools × indicators in ratios to the threshold; one a section.
    HeatMap,
    /// A school a dot; one a section and indicator.
    Strip,
    /// Each school's share of CV²; one a dispersion over its limit.
    Shares,
    GapsByDepartment,
    GapsByKind,
    ClassSizes,
    Lorenz,
    /// The short board of one school.
    Radar,
    /// 城区, 镇区, 乡村 side by side.
    Location,
    /// Of a scoring: a stacked bar a unit, a part a heading.
    Totals,
    /// Of a scoring: units × headings, the share of the points that is missing.
    Distance,
    /// Of a scoring: rank last year and this year.
    Ranks,
    /// Of many years, from here on: the CV of everything together by year against its limit, with its interval.
    CvYears,
    /// Districts by their distance to the limit.
    LimitDistance,
    /// Schools at standard by year.
    StandingYears,
    /// Small multiples, a city each.
    Cities,
    /// 城区 and 乡村 over the years.
    LocationYears,
    /// Lorenz curves of the first year and the last.
    LorenzYears,
    Decomposition,
    /// Classes by size, year by year.
    ClassSizesYears,
    /// Growth against where a district began: β-convergence.
    Growth,
    /// A district's short boards.
    PortraitRadar,
    /// A district's CVs by year.
    PortraitTrend,
}

impl Picture {
    fn new(
        name: &str,
        kind: Kind,
        texts: (String, String),
        (width, height): (f64, f64),
        elements: Vec<Element>,
    ) -> Picture {
        let (title, description) = texts;
        let side = |pixels: f64| pixels.ceil().clamp(1.0, f64::from(MOST_PIXELS)) as u32;
        let (width, height) = (side(width), side(height));
        let name = name.to_string();
        let mut picture =
            Picture { name, kind, title, description, width, height, elements, live: String::new() };
        picture.live = svg::live(&picture, &picture.elements);
        picture
    }

    /// SVG whose texts are texts, with tooltips: to stand inside a page. Marks are `<g class="mark">` with the
    /// attributes `data-school`, `data-section`, `data-indicator` where they are of one.
    pub fn live(&self) -> &str {
        &self.live
    }

    /// SVG file: texts are outlines of the font that is shipped, so that it looks alike everywhere.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn svg(&self) -> Result<String> {
        svg::outlined(self, &self.elements)
    }

    /// PNG at 2x, of that SVG.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn png(&self) -> Result<Vec<u8>> {
        svg::png(self, &self.svg()?)
    }
}

/// Pictures are never higher: what is drawn grows with the schools.
const MOST_PIXELS: u32 = 16_000;

/// Draws one kind of picture.
type Draw = fn(&District) -> Result<Vec<Picture>>;

/// Every picture of the district, in the order a report shows them. A picture without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn pictures(district: &District) -> Result<Vec<Picture>> {
    let kinds: [Draw; 10] = [
        dispersion::pictures,
        heat_map::pictures,
        strip::pictures,
        shares::pictures,
        gaps::by_department,
        gaps::by_kind,
        class_sizes::pictures,
        lorenz::pictures,
        location::pictures,
        radar::pictures,
    ];
    let drawn: Result<Vec<Vec<Picture>>> = kinds.par_iter().map(|draw| draw(district)).collect();
    Ok(drawn?.into_iter().flatten().collect())
}
