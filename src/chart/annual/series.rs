//! Rows of a panel brought together as series through the years, by indicator or by place.

use crate::{
    chart::county::status_of,
    tables::{Row, Status},
};

/// One year of a series. A year without a row has none.
#[derive(Debug, Clone, PartialEq)]
pub struct YearValue {
    pub year: i32,
    pub cv: Option<f64>,
    /// Confidence interval of the CV.
    pub interval: Option<(f64, f64)>,
    pub limit: Option<f64>,
    pub status: Status,
    /// The limit lies inside the interval.
    pub is_open: bool,
    pub mean: Option<f64>,
    pub threshold: Option<f64>,
    pub schools: i64,
}

impl YearValue {
    fn from_row(row: Row) -> Option<YearValue> {
        let interval = row.number("cv_low").zip(row.number("cv_high"));
        Some(YearValue {
            year: i32::try_from(row.whole("year")?).ok()?,
            cv: row.number("cv"),
            interval: interval.filter(|(low, high)| low <= high),
            limit: row.number("limit").filter(|limit| *limit > 0.0),
            status: status_of(row),
            is_open: row.text("certainty") == Some("open"),
            mean: row.number("mean"),
            threshold: row.number("threshold").filter(|threshold| *threshold > 0.0),
            schools: row.whole("schools").unwrap_or(0),
        })
    }

    /// CV over limit; the CV itself where there is no limit.
    pub fn ratio(&self) -> Option<f64> {
        let cv = self.cv?;
        Some(self.limit.map_or(cv, |limit| cv / limit))
    }

    pub fn is_over(&self) -> bool {
        self.cv.is_some() && self.status == Status::Unmet
    }

    /// The CV is that of the schools with data alone: whether it is above or below the limit decides nothing.
    pub fn is_undecided(&self) -> bool {
        self.cv.is_some() && self.limit.is_some() && self.status == Status::Missing
    }
}

/// The values of one indicator, or of one place, each year once and in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Id of the indicator, or code of the place.
    pub id: String,
    /// Name of the place; empty for an indicator.
    pub name: String,
    pub values: Vec<YearValue>,
}

impl Series {
    pub fn at(&self, year: i32) -> Option<&YearValue> {
        self.values.iter().find(|value| value.year == year)
    }

    /// Years with a CV.
    pub fn known(&self) -> impl DoubleEndedIterator<Item = &YearValue> {
        self.values.iter().filter(|value| value.cv.is_some())
    }

    /// Runs of consecutive years with a CV: a line may be drawn through each.
    pub fn runs(&self) -> Vec<Vec<&YearValue>> {
        let mut runs: Vec<Vec<&YearValue>> = Vec::new();
        for value in self.known() {
            match runs.last_mut().filter(|run| run.last().is_some_and(|last| last.year + 1 == value.year)) {
                Some(run) => run.push(value),
                None => runs.push(vec![value]),
            }
        }
        runs
    }
}

/// One series per id in the column `id`, in the order in which ids first appear. Years after `last_year` and series
/// without a CV are left out. `name` is the column of the series' name.
pub fn by_id<'a>(
    rows: impl Iterator<Item = Row<'a>>,
    id: &str,
    name: Option<&str>,
    last_year: i32,
) -> Vec<Series> {
    let mut places = std::collections::HashMap::new();
    let mut found: Vec<Series> = Vec::new();
    for row in rows {
        let Some(value) = YearValue::from_row(row).filter(|value| value.year <= last_year) else { continue };
        let own = row.said(id);
        let at = *places.entry(own).or_insert_with(|| {
            found.push(Series { id: own.to_string(), name: String::new(), values: Vec::new() });
            found.len() - 1
        });
        let series = &mut found[at];
        // The name of the last year counts.
        if let Some(name) = name
            && series.values.iter().all(|other| other.year <= value.year)
        {
            series.name = row.said(name).to_string();
        }
        series.values.push(value);
    }
    for series in &mut found {
        series.values.sort_by_key(|value| value.year);
        series.values.dedup_by_key(|value| value.year);
    }
    found.retain(|series| series.known().next().is_some());
    found
}
