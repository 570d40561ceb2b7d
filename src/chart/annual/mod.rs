//! The charts of the annual report and of the portrait of one district.
//!
//! ```text
//! Annual ──▶ AnnualView, PortraitView ──▶ one file per chart ──▶ Grid, YearAxis, stack ──▶ Frame, Plot, Canvas
//! ```

pub(super) mod cities;
pub(super) mod class_sizes_years;
mod cv_panel;
pub(super) mod cv_years;
pub(super) mod decomposition;
pub(super) mod growth;
pub(super) mod limit_distance;
pub(super) mod location_years;
pub(super) mod lorenz_years;
pub(super) mod portrait_radar;
pub(super) mod portrait_trend;
mod series;
mod stack;
pub(super) mod standing_years;
#[cfg(test)]
mod tests;
mod view;
mod year_axis;

pub(super) use self::view::{AnnualView, PortraitView};
