//! The annual tables as pictures read them: sections, years, and the words of titles.

use polars::prelude::*;

use crate::{
    chart::{
        frame::Frame,
        values::{self, short_of},
    },
    number,
    problem::Result,
    standard::Section,
    tables::{Row, annual::Annual},
    words::Words,
};

pub struct View<'a> {
    pub annual: &'a Annual<'a>,
    pub words: &'a Words,
    /// With a row in `whole`, in order.
    pub sections: Vec<Section>,
    /// The first year of `whole`; the report's where it has none.
    pub from: i32,
    pub year: i32,
}

/// A year as texts have it: without thousands.
pub fn said(year: i32) -> String {
    year.to_string()
}

/// A share in percent, with one decimal where it is near nothing or all.
pub fn percent(share: f64) -> String {
    let near = |end: f64| share != end && (share - end).abs() < 0.1;
    let decimals = if near(0.0) || near(1.0) { 1 } else { 0 };
    format!("{}%", number::fixed(Some(100.0 * share), decimals))
}

/// Years there are, up to the report's.
fn years(frame: &DataFrame) -> impl Iterator<Item = i32> {
    let years = frame.column("year").ok().and_then(|column| column.i32().ok());
    years.into_iter().flat_map(|years| years.iter().flatten().collect::<Vec<_>>())
}

impl<'a> View<'a> {
    pub fn of(annual: &'a Annual<'a>) -> View<'a> {
        let mut found: Vec<&str> = Vec::new();
        for row in Row::all(&annual.whole) {
            let section = row.said("section");
            if !found.contains(&section) {
                found.push(section);
            }
        }
        let sections = Section::ALL.into_iter().filter(|section| found.contains(&section.id())).collect();
        let from = years(&annual.whole).min().unwrap_or(annual.year).min(annual.year);
        View { annual, words: annual.words, sections, from, year: annual.year }
    }

    /// An indicator's title, short where there is a short one.
    pub fn short(&self, id: &str) -> String {
        short_of(self.annual.standard, self.words, id)
    }

    pub fn heading(&self, section: Section) -> String {
        self.words.say(&format!("chart.section.{}", section.id()))
    }

    /// A CV as the form prints it.
    pub fn cv(&self, value: f64) -> String {
        number::fixed(Some(value), self.annual.standard.print.cv)
    }

    /// A mean with its unit.
    pub fn mean(&self, value: Option<f64>, indicator: &str) -> String {
        let number = number::fixed(value, self.annual.standard.print.mean);
        match self.annual.standard.indicator(indicator).map_or("", |own| own.unit.as_str()) {
            "" => number,
            unit => format!("{number} {}", self.words.unit(unit)),
        }
    }

    pub fn limit(limit: f64) -> String {
        values::limit(limit)
    }

    /// Where an indicator stands in the standard; one it does not know comes last.
    pub fn order(&self, id: &str) -> usize {
        let indicators = &self.annual.standard.indicators;
        indicators.iter().position(|own| own.id == id).unwrap_or(indicators.len())
    }

    pub fn made_line(&self) -> String {
        self.annual.made.line(Some(self.annual.standard), self.words)
    }

    /// A canvas with its head: the finding, what is shown, how many districts and which years.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn frame(&self, title: &str, what: &str) -> Result<Frame> {
        let args = [
            ("what", what.to_string()),
            ("count", number::count(self.annual.regions.len())),
            ("from", said(self.from)),
            ("year", said(self.year)),
        ];
        let key = if self.from < self.year { "chart.annual.subtitle" } else { "chart.annual.subtitle_one" };
        Frame::under(title, &self.words.text(key, &args), self.made_line())
    }
}

/// Rows whose text column is this; the table itself where it has no such column.
pub fn only(frame: &DataFrame, column: &str, value: &str) -> DataFrame {
    let mask = frame
        .column(column)
        .ok()
        .and_then(|column| column.str().ok())
        .map(|texts| texts.iter().map(|text| text == Some(value)).collect::<BooleanChunked>());
    mask.and_then(|mask| frame.filter(&mask).ok()).unwrap_or_else(|| frame.clone())
}

/// Rows of one year.
pub fn of_year(frame: &DataFrame, year: i32) -> DataFrame {
    let mask = frame
        .column("year")
        .ok()
        .and_then(|column| column.i32().ok())
        .map(|years| years.iter().map(|own| own == Some(year)).collect::<BooleanChunked>());
    mask.and_then(|mask| frame.filter(&mask).ok()).unwrap_or_else(|| frame.clone())
}
