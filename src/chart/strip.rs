//! A school a dot, its size the pupils, one picture an indicator and section.

use super::Picture;
use crate::{problem::Result, tables::district::District};

/// # Errors
/// The font cannot be used.
pub fn pictures(_district: &District) -> Result<Vec<Picture>> {
    Ok(Vec::new())
}
