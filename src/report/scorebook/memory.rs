//! The hidden sheet: the units, and the entries of every sheet.

use super::{OfficeEntries, Scorebook};
use crate::{
    report::workbook::Sheet,
    tables::{
        marks::Unit,
        scorebook::{Kind, MEMORY, unit_text},
    },
};

/// `reasons`: the name of the sheet 事由, and its office.
pub fn sheet(of: &Scorebook, sheets: &[(String, &OfficeEntries)], reasons: (&str, &str)) -> Sheet {
    let mut sheet = Sheet::named(MEMORY);
    sheet.write(0, 0, of.anchor(Kind::Memory, "").text());
    let mut row = 1;
    let mut line = |texts: &[&str]| {
        sheet.write_row((row, 0), texts.iter().copied());
        row += 1;
    };
    for unit in of.units {
        line(&["unit", &hidden(unit)]);
    }
    for (name, one) in sheets {
        line(&["sheet", name, &one.office]);
        for entry in &one.entries {
            line(&["entry", &entry.id]);
        }
    }
    line(&["sheet", reasons.0, reasons.1, Kind::Reasons.id()]);
    sheet.hide();
    sheet
}

/// A unit as written in the hidden rows.
pub fn hidden(unit: &Unit) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    unit_text(&unit.name, &text(&unit.code), &text(&unit.class), &unit.aliases)
}
