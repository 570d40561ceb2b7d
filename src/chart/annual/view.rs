//! The annual tables as charts read them.

use polars::prelude::*;

use super::series::{Series, by_id};
use crate::{
    chart::frame::{Subject, name_or_code, year_text},
    number,
    standard::{Section, Standard},
    tables::{
        Row,
        annual::{Annual, Portrait},
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
        let found: std::collections::HashSet<&str> =
            Row::all(&annual.whole).map(|row| row.said("section")).collect();
        let sections = Section::ALL.into_iter().filter(|section| found.contains(section.id())).collect();
        let years = Row::all(&annual.whole).filter_map(|row| i32::try_from(row.whole("year")?).ok());
        let from = years.min().unwrap_or(annual.year).min(annual.year);
        AnnualView { annual, words: annual.words, sections, from, year: annual.year }
    }

    /// The place of an indicator in the standard. One that the standard does not know comes last.
    pub fn order(&self, indicator: &str) -> usize {
        let indicators = &self.annual.standard.indicators;
        indicators.iter().position(|own| own.id == indicator).unwrap_or(indicators.len())
    }

    /// The year of a row; `None` where it is after the report's year.
    pub fn year_of(&self, row: &Row) -> Option<i32> {
        i32::try_from(row.whole("year")?).ok().filter(|year| *year <= self.year)
    }

    /// Rows of all schools of a section together.
    pub fn whole_rows(&self, section: Section) -> impl Iterator<Item = Row<'a>> {
        ungrouped(&self.annual.whole, section)
    }

    /// One series per indicator of these rows, in the standard's order.
    pub fn series<'r>(&self, rows: impl Iterator<Item = Row<'r>>) -> Vec<Series> {
        let mut found = by_id(rows, "indicator", None, self.year);
        found.sort_by_key(|series| self.order(&series.id));
        found
    }
}

/// Rows of a section that are not of one group of its schools.
pub fn ungrouped(frame: &DataFrame, section: Section) -> impl Iterator<Item = Row<'_>> {
    Row::all(frame)
        .filter(move |row| row.text("section") == Some(section.id()) && row.text("group").is_none())
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
    rows: DataFrame,
}

impl<'a> PortraitView<'a> {
    pub fn new(portrait: &'a Portrait<'a>) -> PortraitView<'a> {
        let rows = only(&portrait.annual.panel, "district_code", &portrait.region.district_code);
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

/// Rows whose text column has this value; the whole table where it has no such column.
pub fn only(frame: &DataFrame, column: &str, value: &str) -> DataFrame {
    let texts = frame.column(column).ok().and_then(|column| column.str().ok());
    let mask = texts.map(|texts| texts.iter().map(|text| text == Some(value)).collect::<BooleanChunked>());
    mask.and_then(|mask| frame.filter(&mask).ok()).unwrap_or_else(|| frame.clone())
}

/// Rows of one year; the whole table where it has no years.
pub fn of_year(frame: &DataFrame, year: i32) -> DataFrame {
    let years = frame.column("year").ok().and_then(|column| column.i32().ok());
    let mask = years.map(|years| years.iter().map(|own| own == Some(year)).collect::<BooleanChunked>());
    mask.and_then(|mask| frame.filter(&mask).ok()).unwrap_or_else(|| frame.clone())
}
