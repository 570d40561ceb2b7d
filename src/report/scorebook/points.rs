//! 年度分值: the points of the items of this year's index.

use super::{Scorebook, Styles, height, lead, print};
use crate::{
    report::workbook::{Allowed, Paper, Sheet, Value},
    standard::{Rule, Standard},
    tables::scorebook::{HEADER, Kind, Lead, SOURCE},
};

const HEADER_ROW: u32 = 2;
const COLUMNS: [Lead; 3] = [Lead::Number, Lead::Title, Lead::Points];
const WIDTHS: [f64; 3] = [10.0, 70.0, 12.0];
/// The column of the points, after the hidden column.
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

    /// The cell for the points of an item: `'年度分值'!$D$4`.
    pub fn cell(&self, item: usize) -> Option<String> {
        let at = self.items.iter().position(|index| *index == item)?;
        Some(format!("'{}'!$D${}", self.name, HEADER_ROW as usize + at + 2))
    }

    pub fn sheet(&self, of: &Scorebook, styles: &Styles) -> Sheet {
        let words = of.words;
        let mut sheet = Sheet::named(&self.name);
        lead(&mut sheet, &of.anchor(Kind::Points, ""), &COLUMNS);
        sheet.put(1, 1, &self.name, &styles.title).write(HEADER_ROW, 0, HEADER);
        for ((column, key), width) in (1..).zip(COLUMNS).zip(WIDTHS) {
            let label = words.say(&format!("marking.column.{}", key.id()));
            sheet.put(HEADER_ROW, column, label, &styles.head).width(column, width);
        }
        let items = self.items.iter().filter_map(|index| Some((index, of.standard.items.get(*index)?)));
        for (row, (index, item)) in (HEADER_ROW + 1..).zip(items) {
            let title = item.title.get(words.language);
            let points = of.filling.and_then(|filling| filling.points.get(index)).copied();
            sheet
                .write(row, 0, &item.id)
                .put(row, 1, &item.id, &styles.text)
                .put(row, 2, title, &styles.text)
                .put(row, POINTS, points.map_or(Value::Blank, Value::Number), &styles.entry)
                .height(row, height([(title, WIDTHS[1])]))
                .allow(
                    (row, POINTS),
                    (row, POINTS),
                    &Allowed::NumberFrom(0.0),
                    &words.say("marking.wrong.points"),
                );
        }
        // The sources stand after a free row.
        for (row, source) in (HEADER_ROW + 2 + self.items.len() as u32..).zip(of.standard.yearly_sources()) {
            let title =
                words.fill("marking.share", &[("source", source.title.get(words.language).to_string())]);
            sheet
                .write(row, 0, format!("{SOURCE}{}", source.id))
                .put(row, 1, "", &styles.text)
                .put(row, 2, &title, &styles.text)
                .put(row, POINTS, Value::Blank, &styles.entry)
                .height(row, height([(title.as_str(), WIDTHS[1])]))
                .allow(
                    (row, POINTS),
                    (row, POINTS),
                    &Allowed::NumberBetween(0.0, 100.0),
                    &words.say("marking.wrong.percent"),
                );
        }
        sheet.freeze(HEADER_ROW + 1, 0).protect_all_but_entries();
        sheet.print(print(Paper::A3, &self.name, words).repeat(HEADER_ROW, HEADER_ROW));
        sheet
    }
}
