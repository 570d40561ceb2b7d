//! 城区, 镇区, 乡村 side by side.

use super::Picture;
use crate::{problem::Result, tables::district::District};

/// # Errors
/// The font cannot be used.
pub fn pictures(_district: &District) -> Result<Vec<Picture>> {
    Ok(Vec::new())
}
