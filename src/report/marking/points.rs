//! 年度分值: the points of the items of this year's index.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Worksheet, XlsxError};

use super::{Formats, cut, height, lead, print, protect, short};
use crate::{
    standard::{Rule, Standard},
    tables::marking::{Anchor, Filling, HEADER, Lead},
    words::Words,
};

const HEADER_ROW: u32 = 2;
const COLUMNS: [Lead; 3] = [Lead::Number, Lead::Title, Lead::Points];
const WIDTHS: [f64; 3] = [10.0, 70.0, 12.0];
/// Of the points, behind the hidden column.
const POINTS: u16 = 3;

pub struct Points {
    pub name: String,
    /// Indices of the items without points, in order.
    items: Vec<usize>,
}

impl Points {
    pub fn of(standard: &Standard, name: String) -> Points {
        let yearly = |(_, item): &(usize, &crate::standard::Item)| {
            matches!(item.rule, Rule::Scored { points: None, .. })
        };
        let items = standard.items.iter().enumerate().filter(yearly).map(|(index, _)| index).collect();
        Points { name, items }
    }

    /// Where the points of an item are entered: `'年度分值'!$D$4`.
    pub fn cell(&self, item: usize) -> Option<String> {
        let at = self.items.iter().position(|index| *index == item)?;
        Some(format!("'{}'!$D${}", self.name, HEADER_ROW as usize + at + 2))
    }

    pub fn fill(
        &self,
        sheet: &mut Worksheet,
        standard: &Standard,
        anchor: &Anchor,
        filling: &Filling,
        (words, formats): (&Words, &Formats),
    ) -> Result<(), XlsxError> {
        sheet.set_name(&self.name)?;
        lead(sheet, anchor, &COLUMNS)?;
        sheet.write_string_with_format(1, 1, cut(&self.name), &formats.title)?;
        sheet.write_string(HEADER_ROW, 0, HEADER)?;
        for ((column, key), width) in (1..).zip(COLUMNS).zip(WIDTHS) {
            let label = words.say(&format!("marking.column.{}", key.id()));
            sheet.write_string_with_format(HEADER_ROW, column, label, &formats.head)?;
            sheet.set_column_width(column, width)?;
        }
        let items = self.items.iter().filter_map(|index| standard.items.get(*index));
        for ((row, item), index) in (HEADER_ROW + 1..).zip(items).zip(&self.items) {
            let title = item.title.get(words.language);
            sheet.write_string(row, 0, cut(&item.id))?;
            sheet.write_string_with_format(row, 1, cut(&item.id), &formats.text)?;
            sheet.write_string_with_format(row, 2, cut(title), &formats.text)?;
            match filling.points.get(index) {
                Some(points) => sheet.write_number_with_format(row, POINTS, *points, &formats.entry)?,
                None => sheet.write_blank(row, POINTS, &formats.entry)?,
            };
            sheet.set_row_height(row, height([(title, WIDTHS[1])]))?;
            let validation = DataValidation::new()
                .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
                .set_error_message(short(words.say("marking.wrong.points")))?;
            sheet.add_data_validation(row, POINTS, row, POINTS, &validation)?;
        }
        sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
        protect(sheet);
        print(sheet, HEADER_ROW, &self.name, words)
    }
}
