//! Lines through the years: rows of a panel brought together by indicator, or by place.

use crate::{
    chart::values,
    tables::{Row, Status},
};

/// A row of a panel. A year that is not there has no point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub year: i32,
    pub cv: Option<f64>,
    /// Of the interval, both or none.
    pub interval: Option<(f64, f64)>,
    pub limit: Option<f64>,
    pub status: Status,
    /// The limit lies inside the interval.
    pub open: bool,
    pub mean: Option<f64>,
    pub threshold: Option<f64>,
    pub change: Option<f64>,
    pub schools: i64,
}

impl Point {
    pub fn of(row: Row) -> Option<Point> {
        let low = row.number("cv_low").zip(row.number("cv_high"));
        Some(Point {
            year: i32::try_from(row.whole("year")?).ok()?,
            cv: row.number("cv"),
            interval: low.filter(|(low, high)| low <= high),
            limit: row.number("limit").filter(|limit| *limit > 0.0),
            status: values::status(row.said("status")),
            open: row.text("certainty") == Some("open"),
            mean: row.number("mean"),
            threshold: row.number("threshold").filter(|threshold| *threshold > 0.0),
            change: row.number("cv_change"),
            schools: row.whole("schools").unwrap_or(0),
        })
    }

    /// How far it is on its way to the limit; without one, the CV itself.
    pub fn weight(&self) -> Option<f64> {
        let cv = self.cv?;
        Some(self.limit.map_or(cv, |limit| cv / limit))
    }

    pub fn over(&self) -> bool {
        self.cv.is_some() && self.status == Status::Unmet
    }

    /// Known from the schools with data alone: it decides nothing.
    pub fn undecided(&self) -> bool {
        self.cv.is_some() && self.limit.is_some() && self.status == Status::Missing
    }
}

/// Points of one indicator, or of one place, by year; each year once.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Of the indicator, or of the place.
    pub id: String,
    /// Of the place; empty of an indicator.
    pub name: String,
    pub points: Vec<Point>,
}

impl Line {
    pub fn at(&self, year: i32) -> Option<&Point> {
        self.points.iter().find(|point| point.year == year)
    }

    /// With a CV, in years that follow one another: what a line may be drawn through.
    pub fn runs(&self) -> Vec<Vec<&Point>> {
        let mut runs: Vec<Vec<&Point>> = Vec::new();
        for point in self.points.iter().filter(|point| point.cv.is_some()) {
            match runs.last_mut().filter(|run| run.last().is_some_and(|last| last.year + 1 == point.year)) {
                Some(run) => run.push(point),
                None => runs.push(vec![point]),
            }
        }
        runs
    }
}

/// Lines of these rows by `id`, in the order in which ids come first; without those that know no CV, and without years
/// after `upto`.
pub fn lines<'a>(rows: impl Iterator<Item = Row<'a>>, id: &str, name: Option<&str>, upto: i32) -> Vec<Line> {
    let mut places = std::collections::HashMap::new();
    let mut found: Vec<Line> = Vec::new();
    for row in rows {
        let Some(point) = Point::of(row).filter(|point| point.year <= upto) else { continue };
        let own = row.said(id);
        let at = *places.entry(own.to_string()).or_insert_with(|| {
            found.push(Line { id: own.to_string(), name: String::new(), points: Vec::new() });
            found.len() - 1
        });
        if let Some(line) = found.get_mut(at) {
            // The last year's name is the name.
            if let Some(said) = name.map(|name| row.said(name))
                && line.points.iter().all(|other| other.year <= point.year)
            {
                line.name = said.to_string();
            }
            line.points.push(point);
        }
    }
    for line in &mut found {
        line.points.sort_by_key(|point| point.year);
        line.points.dedup_by_key(|point| point.year);
    }
    found.retain(|line| line.points.iter().any(|point| point.cv.is_some()));
    found
}
