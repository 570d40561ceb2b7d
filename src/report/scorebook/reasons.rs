//! 事由: why points were given or taken off, one row per fact.

use super::{Scorebook, Styles, height, lead_keys, print};
use crate::{
    report::workbook::{Allowed, Paper, Sheet, Value},
    tables::scorebook::{HEADER, Kind, ReasonColumn},
};

const TITLE_ROW: u32 = 1;
const TEXT_ROW: u32 = 2;
const HEADER_ROW: u32 = 3;
const WIDTHS: [f64; 7] = [10.0, 20.0, 52.0, 32.0, 20.0, 14.0, 40.0];
/// Rows with the look of cells to fill in; people may write below them.
const ROWS: u32 = 200;

/// Not protected, so that rows can be inserted, sorted and deleted.
pub fn sheet(of: &Scorebook, name: &str, office: &str, styles: &Styles) -> Sheet {
    let words = of.words;
    let mut sheet = Sheet::named(name);
    lead_keys(
        &mut sheet,
        &of.anchor(Kind::Reasons, office),
        ReasonColumn::ALL.iter().map(|column| column.key()),
    );
    sheet.put(TITLE_ROW, 1, name, &styles.title);
    let text = words.say("marking.reasons.text");
    sheet.merge((TEXT_ROW, 1), (TEXT_ROW, WIDTHS.len() as u16), &text, &styles.plain);
    sheet.height(TEXT_ROW, height([(text.as_str(), WIDTHS.iter().sum())]));
    sheet.write(HEADER_ROW, 0, HEADER);
    for ((column, key), width) in (1..).zip(ReasonColumn::ALL).zip(WIDTHS) {
        let label = words.say(&format!("marking.reasons.column.{}", key.id()));
        sheet.put(HEADER_ROW, column, label, &styles.head).width(column, width);
    }
    let written = of.filling.map_or(&[][..], |filling| &filling.reasons);
    let last = HEADER_ROW + ROWS.max(written.len() as u32 + 20);
    for row in HEADER_ROW + 1..=last {
        let texts = written.get((row - HEADER_ROW - 1) as usize);
        for at in 0..WIDTHS.len() {
            let text = texts.and_then(|texts| texts.get(at)).filter(|text| !text.is_empty());
            let value = text.map_or(Value::Blank, |text| Value::Text(text.clone()));
            sheet.put(row, at as u16 + 1, value, &styles.reason);
        }
        if let Some(texts) = texts {
            sheet.height(row, height(texts.iter().map(String::as_str).zip(WIDTHS)));
        }
    }
    let units = of.units.iter().map(|unit| unit.name.clone()).collect();
    let message = words.say("marking.reasons.unit_wrong");
    sheet.allow((HEADER_ROW + 1, 2), (last, 2), &Allowed::Offered(units), &message);
    sheet.freeze(HEADER_ROW + 1, 3);
    sheet.print(print(Paper::A3, name, words).repeat(HEADER_ROW, HEADER_ROW));
    sheet
}
