//! `申报表.xlsx`: the national application form, 表Ⅰ to 表Ⅵ, of one district.

use crate::{problem::Result, tables::district::District};

/// The workbook.
pub fn write(_district: &District) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
