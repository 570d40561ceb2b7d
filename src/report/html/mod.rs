//! `report.html`: one self-contained page of one district.

use crate::{chart::Picture, problem::Result, tables::district::District};

/// The page, UTF-8.
pub fn write(_district: &District, _pictures: &[Picture]) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
