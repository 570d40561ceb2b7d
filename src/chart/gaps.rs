//! Gaps by department and by kind.

use super::Picture;
use crate::{problem::Result, tables::district::District};

/// # Errors
/// The font cannot be used.
pub fn by_department(_district: &District) -> Result<Vec<Picture>> {
    Ok(Vec::new())
}

/// # Errors
/// The font cannot be used.
pub fn by_kind(_district: &District) -> Result<Vec<Picture>> {
    Ok(Vec::new())
}
