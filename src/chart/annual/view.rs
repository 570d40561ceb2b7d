//! The annual tables as charts read them.

use super::series::{Series, by_id};
use crate::{
    chart::frame::{Subject, name_or_code, year_text},
    number,
    standard::{Section, Standard},
    tables::{
        annual::{Annual, Portrait},
        panel,
    },
    words::Words,
};

/// The year's report.
pub struct AnnualView<'a> {
    pub annual: &'a Annual<'a>,
    pub words: &'a Words,
    /// The sections with a row in `whole`, in order.
    pub sections: Vec<Section>,
    /// The first year of `whole`; the report's year where that table is empty.
    from: i32,
    pub year: i32,
}

impl<'a> AnnualView<'a> {
    pub fn new(annual: &'a Annual<'a>) -> AnnualView<'a> {
        let has_rows = |section: &Section| annual.whole.rows().any(|row| row.section() == *section);
        let sections = Section::ALL.into_iter().filter(has_rows).collect();
        let from = annual.whole.rows().map(|row| row.year()).fold(annual.year, i32::min);
        AnnualView { annual, words: annual.words, sections, from, year: annual.year }
    }

    /// The place of an indicator in the standard. One that the standard does not know comes last.
    pub fn order(&self, indicator: &str) -> usize {
        let indicators = &self.annual.standard.indicators;
        indicators.iter().position(|known| known.id == indicator).unwrap_or(indicators.len())
    }

    /// Rows of all schools of a section together.
    pub fn whole_rows(&self, section: Section) -> impl Iterator<Item = panel::Row<'a>> {
        ungrouped(&self.annual.whole, section)
    }

    /// One series per indicator of these rows, in the standard's order.
    pub fn series<'r>(&self, rows: impl Iterator<Item = panel::Row<'r>>) -> Vec<Series> {
        let mut found = by_id(rows, panel::Row::indicator, self.year);
        found.sort_by_key(|series| self.order(&series.id));
        found
    }
}

/// Rows of a section that are not of one group of its schools.
pub fn ungrouped(panel: &panel::Frame, section: Section) -> impl Iterator<Item = panel::Row<'_>> {
    panel.rows().filter(move |row| row.section() == section && row.group().is_none())
}

impl Subject for AnnualView<'_> {
    fn standard(&self) -> &Standard {
        self.annual.standard
    }
    fn words(&self) -> &Words {
        self.words
    }
    fn subtitle(&self, what: String) -> String {
        let args = [
            ("what", what),
            ("count", number::count(self.annual.regions.len())),
            ("from", year_text(self.from)),
            ("year", year_text(self.year)),
        ];
        let key = if self.from < self.year { "chart.annual.subtitle" } else { "chart.annual.subtitle_one" };
        self.words.fill(key, &args)
    }
    fn made_line(&self) -> String {
        self.annual.made.line(Some(self.annual.standard), self.words)
    }
}

/// One district of the year's report.
pub struct PortraitView<'a> {
    pub annual: AnnualView<'a>,
    portrait: &'a Portrait<'a>,
    /// The district's rows of `panel`.
    rows: panel::Frame,
}

impl<'a> PortraitView<'a> {
    pub fn new(portrait: &'a Portrait<'a>) -> PortraitView<'a> {
        let rows = portrait.annual.panel.filter(|row| row.district_code() == portrait.region.district_code);
        PortraitView { annual: AnnualView::new(portrait.annual), portrait, rows }
    }

    pub fn year(&self) -> i32 {
        self.annual.year
    }

    pub fn code(&self) -> &str {
        &self.portrait.region.district_code
    }

    fn name(&self) -> &str {
        name_or_code(&self.portrait.region.district_name, self.code())
    }

    /// One series per indicator, in the standard's order.
    pub fn series(&self, section: Section) -> Vec<Series> {
        self.annual.series(ungrouped(&self.rows, section))
    }

    /// The beginning of a title.
    pub fn district_and_section(&self, section: Section) -> String {
        let args = [("district", self.name().to_string()), ("section", self.section_name(section))];
        self.words().fill("chart.annual.who", &args)
    }
}

impl Subject for PortraitView<'_> {
    fn standard(&self) -> &Standard {
        self.annual.standard()
    }
    fn words(&self) -> &Words {
        self.annual.words
    }
    fn subtitle(&self, what: String) -> String {
        let args = [("what", what), ("district", self.name().to_string()), ("year", year_text(self.year()))];
        self.words().fill("chart.subtitle", &args)
    }
    /// The page of the portrait has it.
    fn made_line(&self) -> String {
        String::new()
    }
    fn is_narrow(&self) -> bool {
        true
    }
}

/// A share in whole percent, with one decimal where it is near 0 or 1.
pub fn percent(share: f64) -> String {
    let near = |end: f64| share != end && (share - end).abs() < 0.1;
    let decimals = if near(0.0) || near(1.0) { 1 } else { 0 };
    format!("{}%", number::fixed(Some(100.0 * share), decimals))
}
