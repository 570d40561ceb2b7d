//! Pictures of one district, drawn from its tables alone: PNG at 2x and SVG, the same on every machine.

mod class_sizes;
mod gaps;
mod location;
mod lorenz;
mod radar;

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
    /// SVG whose texts are texts, with `<title>` tooltips: for a page, and for snapshots.
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
}

impl Picture {
    /// SVG with live text and tooltips, to stand inside a page.
    pub fn live(&self) -> &str {
        &self.live
    }

    /// SVG file: texts are outlines of the font that is shipped, so that it looks alike everywhere.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn svg(&self) -> Result<String> {
        Ok(self.live.clone())
    }

    /// PNG at 2x.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn png(&self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

/// Every picture of the district, in the order a report shows them. A picture without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn pictures(_district: &District) -> Result<Vec<Picture>> {
    Ok(Vec::new())
}
