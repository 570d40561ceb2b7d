//! An item that is not an indicator: its result, formulas and facts.

use std::collections::BTreeSet;

use super::{
    super::screen::{WIDTH, wrap},
    page::Page,
    school::Wanted,
};
use crate::{
    dictionary::{Dictionary, Grain},
    number::{self, calculated},
    problem::Result,
    report::calculation::{self, facts_of_checks},
    standard::Item,
    tables::{OfDistrictYear, dispersion, facts, gaps, items},
};

impl Page<'_> {
    /// An item judged by data, seen from one school: its checks, gaps and facts.
    pub fn item(&self, item: &Item, record: facts::Row) -> Result<Vec<String>> {
        let mut lines = vec![self.head(record)];
        let (district, year) =
            (record.district_code().unwrap_or_default(), record.year().unwrap_or_default());
        lines.extend(self.item_lines(item, district, year)?);
        let gaps: gaps::Frame = self.written.judged()?;
        let own = gaps.rows().filter(|gap| {
            gap.item() == item.id
                && gap.school_code() == record.school_code()
                && gap.year() == year
                && gap.section().is_none_or(|section| Some(section) == record.section())
        });
        for gap in own {
            let args = [
                ("current", calculated(gap.current())),
                ("required", calculated(gap.required())),
                ("needed", number::needed(gap.shortfall(), gap.unit(), self.words)),
            ];
            lines.extend(self.say("gap", &args));
        }
        let facts = facts_of_checks(item);
        if !facts.is_empty() {
            lines.push(String::new());
            lines.push(self.heading("facts", &[]));
            facts.iter().for_each(|fact| lines.extend(self.fact(record, fact)));
        }
        Ok(lines)
    }

    /// The result of the item in the district, and its formulas.
    fn item_lines(&self, item: &Item, district: &str, year: i32) -> Result<Vec<String>> {
        let items: items::Frame = self.written.judged()?;
        let title = item.title.get(self.words.language).to_string();
        let name = [("id", item.id.clone()), ("title", title), ("clause", item.clause.clone())];
        let mut lines = vec![self.heading("item", &name)];
        if let Some(row) = items.rows().find(|row| row.item() == item.id && row.is_of(district, year)) {
            lines.extend(wrap(&calculation::item_line(row, self.words), "  ", WIDTH));
        }
        let dispersion: dispersion::Frame = self.written.judged()?;
        let here: Vec<_> = dispersion.rows().filter(|row| row.is_of(district, year)).collect();
        for (title, formula) in calculation::composite(&self.written.standard, item, &here, self.words) {
            lines.extend(self.say("check", &[("title", title), ("formula", formula)]));
        }
        for (title, formula) in calculation::checks(&self.written.standard, item, self.words) {
            lines.extend(self.say("check", &[("title", title.to_string()), ("formula", formula)]));
        }
        Ok(lines)
    }

    pub fn district_item(&self, item: &Item, wanted: &Wanted) -> Result<String> {
        let items: items::Frame = self.written.judged()?;
        let mut districts: BTreeSet<(&str, i32)> =
            items.rows().map(|row| (row.district_code(), row.year())).collect();
        districts.retain(|(_, year)| wanted.year.is_none_or(|asked| asked == *year));
        let mut lines = Vec::new();
        for (district, year) in districts {
            let args = [("district", district.to_string()), ("year", year.to_string())];
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(self.heading("district", &args));
            lines.extend(self.item_lines(item, district, year)?);
            let dictionary = Dictionary::get();
            let grain = |fact: &str| dictionary.fact(fact).map(|known| known.grain);
            for fact in facts_of_checks(item).iter().filter(|fact| grain(fact) == Some(Grain::District)) {
                lines.extend(self.district_fact(district, Some(year), fact));
            }
        }
        Ok(lines.join("\n"))
    }
}
