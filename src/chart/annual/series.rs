//! Rows of a panel brought together as series through the years, by indicator or by place.

use crate::tables::{Status, panel};

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
    fn from_row(row: panel::Row) -> YearValue {
        YearValue {
            year: row.year(),
            cv: row.cv(),
            interval: row.cv_low().zip(row.cv_high()).filter(|(low, high)| low <= high),
            limit: row.limit().filter(|limit| *limit > 0.0),
            status: row.status(),
            is_open: row.certainty() == Some("open"),
            mean: row.mean(),
            threshold: row.threshold().filter(|threshold| *threshold > 0.0),
            schools: row.schools(),
        }
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
    /// Name of the place in its last year.
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

/// One series per `id` of the rows, in the order in which ids first appear. Years after `last_year` and series without a
/// CV are left out.
pub fn by_id<'a>(
    rows: impl Iterator<Item = panel::Row<'a>>,
    id: fn(panel::Row<'a>) -> &'a str,
    last_year: i32,
) -> Vec<Series> {
    let mut places = std::collections::HashMap::new();
    let mut found: Vec<Series> = Vec::new();
    for row in rows.filter(|row| row.year() <= last_year) {
        let key = id(row);
        let at = *places.entry(key).or_insert_with(|| {
            found.push(Series { id: key.to_string(), name: String::new(), values: Vec::new() });
            found.len() - 1
        });
        let series = &mut found[at];
        if series.values.iter().all(|other| other.year <= row.year()) {
            series.name = row.district_name().to_string();
        }
        series.values.push(YearValue::from_row(row));
    }
    for series in &mut found {
        series.values.sort_by_key(|value| value.year);
        series.values.dedup_by_key(|value| value.year);
    }
    found.retain(|series| series.known().next().is_some());
    found
}
