//! Many districts and many years: where they come from, and the tables that come of them.
//!
//! A study reads [`Years`] (the store, or tables in memory) year by year, measures and marks what it reads
//! ([`Measured`]), and writes the tables below. Shares stand between 0 and 1; a number that does not exist (no school,
//! nothing to share, one school …) is null.

use polars::prelude::*;

use super::{Column as Col, Table, count, number, panel::Panel, text, year, yes_no};
use crate::{dictionary::Section, problem::Result};

/// Names a district's year; ordered by year, then by code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DistrictYear {
    pub year: i32,
    pub district_code: String,
}

/// A district's year that is there to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub of: DistrictYear,
    pub district_name: String,
    /// 1 for the first that was added; a corrected file makes the next.
    pub version: u32,
    /// Rows of `facts`.
    pub rows: usize,
}

/// Where districts' years come from.
pub trait Years: Sync {
    /// In the order of [`DistrictYear`], each once.
    fn kept(&self) -> &[Kept];

    /// The rows of `facts`; only `columns` where they are named, in that order, null where a fact is not kept.
    ///
    /// # Errors
    /// The disk, or a file that is damaged: named, with what to add again.
    fn facts(&self, of: &Kept, columns: Option<&[String]>) -> Result<DataFrame>;

    /// Another table of that year (`district_facts`, `sources`, `gaps` …); without rows where none is kept.
    ///
    /// # Errors
    /// As [`Self::facts`].
    fn table(&self, of: &Kept, table: &Table) -> Result<DataFrame>;
}

/// Facts in memory as a source of years.
#[derive(Debug, Clone)]
pub struct Held {
    kept: Vec<Kept>,
    parts: Vec<DataFrame>,
}

impl Held {
    /// Districts' years of a table of [`super::facts`].
    ///
    /// # Errors
    /// A column is not as [`super::facts`] has it.
    pub fn of(facts: &DataFrame) -> PolarsResult<Held> {
        super::facts().check(facts)?;
        let mut rows: std::collections::BTreeMap<DistrictYear, Vec<IdxSize>> = Default::default();
        let (code, years) = (facts.column("district_code")?.str()?, facts.column("year")?.i32()?);
        for row in 0..facts.height() {
            let of = DistrictYear {
                year: years.get(row).unwrap_or_default(),
                district_code: code.get(row).unwrap_or_default().to_string(),
            };
            rows.entry(of).or_default().push(row as IdxSize);
        }
        let names = facts.column("district_name")?.str()?;
        let (mut kept, mut parts) = (Vec::new(), Vec::new());
        for (of, rows) in rows {
            let name = rows.iter().find_map(|&row| names.get(row as usize)).unwrap_or(&of.district_code);
            kept.push(Kept { district_name: name.to_string(), version: 1, rows: rows.len(), of });
            parts.push(facts.take(&IdxCa::from_vec("".into(), rows))?);
        }
        Ok(Held { kept, parts })
    }
}

impl Years for Held {
    fn kept(&self) -> &[Kept] {
        &self.kept
    }

    fn facts(&self, of: &Kept, columns: Option<&[String]>) -> Result<DataFrame> {
        let Ok(at) = self.kept.binary_search_by(|kept| kept.of.cmp(&of.of)) else {
            return Ok(super::facts().empty());
        };
        match columns {
            None => Ok(self.parts[at].clone()),
            Some(names) => Ok(self.parts[at].select(names.iter().map(String::as_str))?),
        }
    }

    fn table(&self, _: &Kept, table: &Table) -> Result<DataFrame> {
        Ok(table.empty())
    }
}

/// Where a district lies. Codes of six digits (GB/T 2260) say it themselves: 4305 the city, 43 the province.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    pub district_code: String,
    pub district_name: String,
    /// Empty where it is not known.
    pub city_code: String,
    pub city_name: String,
    pub province_code: String,
    pub province_name: String,
}

/// Who a row of [`Measured::panel`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Index into [`Measured::regions`].
    pub district: u32,
    pub section: Section,
    pub school_code: String,
    pub school_name: String,
    /// 城区, 镇区, 乡村.
    pub location: Option<String>,
    /// 公办, 民办; the form's ten types are brought to these two.
    pub ownership: Option<String>,
    pub school_type: Option<String>,
}

/// One year's sections in scope, measured and marked, of all districts asked for; districts as the crosswalk has them.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub year: i32,
    /// By code.
    pub regions: Vec<Region>,
    /// One a row of the panel.
    pub rows: Vec<Identity>,
    pub panel: Panel,
}

/// What a row of a table is of: `level` (district, city, province, all), its code and name, and the year.
fn place() -> Vec<Col> {
    vec![
        text("level", "district, city, province or all"),
        text("district_code", "of the level; `all` for everything together"),
        text("district_name", ""),
        year(),
    ]
}

fn table(name: &'static str, groups: Vec<Vec<Col>>) -> Table {
    Table { name, columns: groups.into_iter().flatten().collect() }
}

/// One row a place, year, section, group and indicator. Quantiles, shares of pupils and all measures of inequality are
/// weighted by pupils; ranks are among the rows of the same level, year, section, group and indicator.
pub fn panel() -> Table {
    table(
        "panel",
        vec![
            place(),
            vec![
                text("section", ""),
                text("grouping", "location, ownership, type; null where the schools are not grouped"),
                text("group", "城区 …, of the grouping"),
                text("indicator", ""),
                count("schools", "sections with a known value and pupils"),
                count("missing", "sections in scope without a known value"),
                number("students", "人", "in those with a known value"),
                number("mean", "the indicator's unit", "total over total"),
                number("sd", "the indicator's unit", "population form"),
                number("cv", "", "sd / mean, unrounded"),
                number("minimum", "the indicator's unit", ""),
                number("p10", "the indicator's unit", ""),
                number("p25", "the indicator's unit", ""),
                number("median", "the indicator's unit", ""),
                number("p75", "the indicator's unit", ""),
                number("p90", "the indicator's unit", ""),
                number("maximum", "the indicator's unit", ""),
                number("range_ratio", "", "极差率: maximum / minimum; null where the minimum is 0"),
                number("threshold", "the indicator's unit", ""),
                number("schools_at_threshold", "", "share of the schools with a known value"),
                number("students_at_threshold", "", "share of the pupils in them"),
                number("schools_at_floor", "", "share of the schools"),
                number("students_at_floor", "", "share of the pupils"),
                number("limit", "", ""),
                text("status", "of the CV: met, unmet, missing, not_applicable"),
                yes_no("met", "compared exactly; null where missing or without a limit"),
                yes_no("borderline", "the CV printed with three decimals would say otherwise"),
                number("gini", "", ""),
                number("gini_corrected", "", "× n/(n − 1)"),
                number("theil_t", "", ""),
                number("theil_l", "", "null where a school has nothing"),
                number("entropy_2", "", "GE(2) = CV²/2"),
                number("atkinson", "", "aversion 0.5"),
                number("palma", "", ""),
                number("ratio_90_10", "", ""),
                number("mcloone", "", ""),
                number("cv_error", "", "standard error, bootstrap"),
                number("cv_error_jackknife", "", ""),
                number("cv_low", "", "BCa; percentile where there is no BCa"),
                number("cv_high", "", ""),
                number("cv_percentile_low", "", ""),
                number("cv_percentile_high", "", ""),
                number("above_limit", "", "share of the replicates above the limit"),
                text(
                    "certainty",
                    "met, unmet or open (the limit lies inside the interval); null without interval or limit",
                ),
                number("gini_error", "", ""),
                number("gini_error_jackknife", "", ""),
                number("gini_low", "", "as cv_low"),
                number("gini_high", "", ""),
                number("gini_percentile_low", "", ""),
                number("gini_percentile_high", "", ""),
                number(
                    "mean_change",
                    "the indicator's unit",
                    "on the year before; null where that year is not there",
                ),
                number("cv_change", "", ""),
                number("gini_change", "", ""),
                number("schools_at_threshold_change", "", ""),
                count("rank", "1 for the smallest CV; equal ones share the better rank"),
                count("ranked", "how many have a rank"),
                count("rank_change", "rank less the year before's; negative is better"),
            ],
        ],
    )
}

/// One row a district, year and section: what stands between it and passing, of what can be computed from the years'
/// facts (the rule for a school, and the limits of the CVs).
pub fn standings() -> Table {
    table(
        "standings",
        vec![
            place(),
            vec![
                text("section", ""),
                count("schools", "sections in scope"),
                number("students", "人", ""),
                count("schools_met", "by the standard's rule for a school"),
                count("schools_unmet", ""),
                count("schools_missing", "cannot be judged"),
                number("students_met", "人", "in schools_met"),
                count("schools_at_floor", ""),
                count("limits", "indicators with a limit"),
                count("limits_met", ""),
                count("limits_missing", ""),
                number("worst_ratio", "", "the largest CV / limit"),
                text("worst_indicator", "of it"),
                yes_no("passes", "all schools and all limits met; null where missing hinders the answer"),
            ],
        ],
    )
}

/// Which district has which year and which fact: one row a district, year, section and fact that a standard reads; fact
/// null for the schools themselves. Facts that stand in for one another (`coalesce`) are all listed: whether a value is
/// lacking, the column `missing` of [`panel`] says.
pub fn coverage() -> Table {
    table(
        "coverage",
        vec![
            place(),
            vec![
                text("section", ""),
                text("fact", "dictionary id; null: the schools themselves"),
                count("known", "sections with a value"),
                count("of", "sections kept"),
                text("status", "complete, partly, none"),
            ],
        ],
    )
}

/// What the crosswalk joined or renamed: one row an old code, year and line of the file.
pub fn joined() -> Table {
    Table {
        name: "joined",
        columns: vec![
            year(),
            text("from_code", "as kept"),
            text("from_name", ""),
            text("to_code", "as it is studied"),
            text("to_name", ""),
            count("schools", "sections that went there"),
            count("line", "of the crosswalk file; null where names were joined without one"),
            text("kind", "renamed, merged"),
        ],
    }
}

/// Lines that a crosswalk may want, in the form of a crosswalk file: codes that carry one name, and names that changed.
pub fn suggested() -> Table {
    Table {
        name: "crosswalk-suggested",
        columns: vec![
            text("from_code", ""),
            text("from_name", "null: whatever it is"),
            text("to_code", ""),
            text("to_name", "null: as before"),
            column32("from_year"),
            column32("to_year"),
        ],
    }
}

/// CV² and Theil's indices taken apart: parts add up to `total`. One row a place, year, section, indicator, measure, `by`
/// and part.
pub fn decomposition() -> Table {
    table(
        "decomposition",
        vec![
            place(),
            vec![
                text("section", ""),
                text("indicator", ""),
                text("measure", "cv_squared, theil_t, theil_l"),
                text("by", "location, ownership, type, district, city, province, or region (nested)"),
                text(
                    "part",
                    "total, between, within, group (what one group adds to within); nested: between_provinces, between_cities, between_districts, within_districts",
                ),
                text("group", "where part is group"),
                number("value", "", ""),
                number("share", "", "of the total; null where that is 0"),
            ],
        ],
    )
}

/// What each school adds to CV² and T, and how CV and Gini would change without it.
pub fn influence() -> Table {
    table(
        "influence",
        vec![
            place(),
            vec![
                text("section", ""),
                text("indicator", ""),
                text("school_code", ""),
                text("school_name", ""),
                text("location", ""),
                number("students", "人", ""),
                number("value", "the indicator's unit", ""),
                number("cv_squared_share", "", "of CV²; adds up to 1"),
                number("theil_part", "", "adds up to T"),
                number("cv_without", "", "change of the CV without the school"),
                number("gini_without", "", ""),
            ],
        ],
    )
}

/// Two groups of schools (城区 against 乡村) side by side.
pub fn comparison() -> Table {
    table(
        "comparison",
        vec![
            place(),
            vec![
                text("section", ""),
                text("indicator", ""),
                text("first", "城区"),
                text("second", "乡村"),
                count("first_schools", ""),
                count("second_schools", ""),
                number("first_mean", "the indicator's unit", ""),
                number("second_mean", "the indicator's unit", ""),
                number("gap", "the indicator's unit", "first less second"),
                number("ratio", "", "first / second"),
                number("p", "", "of the permutation test, two-sided"),
                count("permutations", ""),
            ],
        ],
    )
}

/// σ-convergence: how far districts' means lie apart, year by year.
pub fn sigma() -> Table {
    Table {
        name: "sigma",
        columns: vec![
            year(),
            text("section", ""),
            text("indicator", ""),
            count("districts", "with a mean above 0"),
            number("sd_log", "", "standard deviation of ln(mean) over districts, n − 1"),
            number("cv_between", "", "of districts' means, weighted by pupils"),
        ],
    }
}

/// Lines through years or districts: `sigma` (sd_log on the year), `beta` (growth on the logarithm of the first value).
pub fn convergence() -> Table {
    Table {
        name: "convergence",
        columns: vec![
            text("section", ""),
            text("indicator", ""),
            text("kind", "sigma, beta"),
            column32("from_year"),
            column32("to_year"),
            count("points", "years or districts"),
            count("left_out", "districts without both years, or with 0"),
            number("intercept", "", ""),
            number("slope", "", ""),
            number("error", "", "standard error of the slope"),
            number("t", "", ""),
            number("p", "", "two-sided"),
            number("r_squared", "", ""),
            number("speed", "", "a year; beta alone"),
            number("half_life", "年", "beta alone"),
            text("why_not", "no_spread … where there is no line"),
        ],
    }
}

/// The points of the β line: one row a district, section and indicator.
pub fn growth() -> Table {
    Table {
        name: "growth",
        columns: vec![
            text("district_code", ""),
            text("district_name", ""),
            text("section", ""),
            text("indicator", ""),
            column32("from_year"),
            column32("to_year"),
            number("first", "the indicator's unit", "mean in the first year"),
            number("last", "the indicator's unit", "mean in the last"),
            number("log_first", "", ""),
            number("growth", "", "of the logarithm, a year"),
        ],
    }
}

/// Corners of Lorenz curves of everything together: one row a year, section, indicator and corner.
pub fn lorenz() -> Table {
    Table {
        name: "lorenz",
        columns: vec![
            year(),
            text("section", ""),
            text("indicator", ""),
            number("students", "", "share of the pupils, from those who have least"),
            number("amount", "", "share of what there is"),
        ],
    }
}

/// Classes by size: one row a place, year, section and bracket of the statistics.
pub fn class_sizes() -> Table {
    table(
        "class_sizes",
        vec![
            place(),
            vec![
                text("section", ""),
                text("bracket", "dictionary id: classes_le25 …"),
                number("classes", "个", ""),
                count("unknown", "sections that say nothing of it"),
                yes_no("over", "larger than the size allowed; null where the bracket lies on both sides"),
            ],
        ],
    )
}

/// Early warning: one row a district, section, indicator and what is projected.
pub fn outlook() -> Table {
    table(
        "outlook",
        vec![
            place(),
            vec![
                text("section", ""),
                text("indicator", ""),
                text("of", "cv, mean, schools_at_threshold"),
                count("years", "in the trend"),
                column32("from_year"),
                number("last", "", "in `year`, the last there is"),
                number("slope", "", "a year"),
                number("error", "", "standard error of the slope"),
                number("p", "", ""),
                column32("to_year"),
                number("projected", "", "the line at to_year"),
                number("low", "", "of the interval of a single value"),
                number("high", "", ""),
                number("bound", "", "limit, or threshold"),
                yes_no("met_now", ""),
                yes_no("met_then", "by the line"),
                text("certainty", "met, unmet, open: the interval against the bound"),
                text(
                    "warning",
                    "crosses, recovers, stays_unmet; may_cross: the interval reaches the bound, or the line ends beyond it while it leads away from it; none",
                ),
                column32("crossing_year"),
                text(
                    "why_not",
                    "no_value, too_few_years, not_in_last_year where nothing is projected; gap where a year is missing",
                ),
            ],
        ],
    )
}

/// Enrolment shocks: pupils change, resources stay. One row a district, section and indicator.
pub fn shocks() -> Table {
    table(
        "shocks",
        vec![
            place(),
            vec![
                text("section", ""),
                text("indicator", ""),
                column32("to_year"),
                number("students_before", "人", ""),
                number("students_after", "人", ""),
                number("mean_before", "the indicator's unit", ""),
                number("mean_after", "the indicator's unit", ""),
                number("cv_before", "", ""),
                number("cv_after", "", ""),
                count("schools", ""),
                count("schools_met_before", "reach the threshold"),
                count("schools_met_after", ""),
                number("threshold", "", ""),
                number("limit", "", ""),
                text("warning", "crosses, recovers, stays_unmet, none: of the CV's limit"),
                text("mean_warning", "the same of the mean's threshold"),
            ],
        ],
    )
}

fn column32(name: &str) -> Col {
    super::column(name, DataType::Int32, "", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_passes_its_own_door() {
        for table in [
            panel(),
            standings(),
            coverage(),
            joined(),
            suggested(),
            decomposition(),
            influence(),
            comparison(),
            sigma(),
            convergence(),
            growth(),
            lorenz(),
            class_sizes(),
            outlook(),
            shocks(),
        ] {
            table.check(&table.empty()).unwrap();
        }
    }
}
