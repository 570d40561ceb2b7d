//! Pictures of the annual report and of a district's portrait.
//!
//! ```text
//! Annual ──▶ View ──▶ cv_years, limit_distance, standing_years … ──▶ Grid, YearAxis ──▶ Frame, Plot, Canvas
//! ```

mod cities;
mod class_sizes_years;
mod cv_panel;
mod cv_years;
mod decomposition;
mod grid;
mod growth;
mod limit_distance;
mod location_years;
mod lorenz_years;
mod portrait_radar;
mod portrait_trend;
mod series;
mod stack;
mod standing_years;
#[cfg(test)]
mod tests;
mod view;
mod year_axis;

use rayon::prelude::*;

use self::view::View;
use super::Picture;
use crate::{
    problem::Result,
    tables::annual::{Annual, Portrait},
};

/// Draws one kind of picture.
type Draw = fn(&View) -> Result<Vec<Picture>>;

/// Every picture of the report, in the order it shows them; one without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn of_annual(annual: &Annual) -> Result<Vec<Picture>> {
    let view = View::of(annual);
    let kinds: [Draw; 9] = [
        cv_years::pictures,
        limit_distance::pictures,
        standing_years::pictures,
        cities::pictures,
        location_years::pictures,
        lorenz_years::pictures,
        decomposition::pictures,
        class_sizes_years::pictures,
        growth::pictures,
    ];
    let drawn: Result<Vec<Vec<Picture>>> = kinds.par_iter().map(|draw| draw(&view)).collect();
    Ok(drawn?.into_iter().flatten().collect())
}

/// The pictures of a portrait: the radar of short boards and the trend of the CVs, a section each.
///
/// # Errors
/// The font cannot be used.
pub fn of_portrait(portrait: &Portrait) -> Result<Vec<Picture>> {
    let own = portrait_trend::own(portrait);
    let mut drawn = portrait_radar::pictures(portrait, &own)?;
    drawn.extend(portrait_trend::pictures(portrait, &own)?);
    Ok(drawn)
}
