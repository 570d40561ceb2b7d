//! The hidden sheet: the units, and which entries every sheet had.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{OfficeEntries, cut};
use crate::tables::{
    marking::{Anchor, MEMORY, unit_text},
    marks::Unit,
};

pub fn sheet(
    anchor: &Anchor,
    units: &[Unit],
    sheets: &[(String, &OfficeEntries)],
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(MEMORY)?;
    sheet.write_string(0, 0, cut(&anchor.text()))?;
    let mut row = 1;
    let mut line = |texts: &[&str]| -> Result<(), XlsxError> {
        for (column, text) in (0u16..).zip(texts) {
            sheet.write_string(row, column, cut(text))?;
        }
        row += 1;
        Ok(())
    };
    for unit in units {
        line(&["unit", &hidden(unit)])?;
    }
    for (name, one) in sheets {
        line(&["sheet", name, &one.office])?;
        for entry in &one.entries {
            line(&["entry", &entry.id])?;
        }
    }
    sheet.set_very_hidden(true);
    Ok(sheet)
}

/// A unit as the hidden rows say it.
pub fn hidden(unit: &Unit) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    unit_text(&unit.name, &text(&unit.code), &text(&unit.class), &unit.aliases)
}
