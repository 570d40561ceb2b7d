//! Pictures of the annual report and of a district's portrait.

use super::Picture;
use crate::{
    problem::Result,
    tables::annual::{Annual, Portrait},
};

/// Every picture of the report, in the order it shows them; one without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn of_annual(_annual: &Annual) -> Result<Vec<Picture>> {
    todo!()
}

/// The pictures of a portrait: the radar of short boards and the trend of the CVs, a section each.
///
/// # Errors
/// The font cannot be used.
pub fn of_portrait(_portrait: &Portrait) -> Result<Vec<Picture>> {
    todo!()
}
