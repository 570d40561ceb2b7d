//! Many districts and years in a few calls.

use std::path::Path;

use super::{DataFrame, Grouping, Language, Level, Pictures, Result, Said, facts::made, standard, words};
use crate::{
    annual, chart, outlook,
    panel::{
        self, PanelSpec, StudyOptions,
        convergence::{self, Convergence},
        crosswalk::Crosswalk,
        inquiry, measured,
    },
    standard::Standard,
    store::yearly::{AsOf, Snapshot},
    tables::{
        run::Input,
        years::{Measured, YearSource},
    },
    words::Words,
};

/// The interval of a projection.
const CONFIDENCE: f64 = 0.95;

/// Districts' years (of a store, or of facts in memory), a standard to measure them by, and how it is done.
pub struct Study {
    years: Box<dyn YearSource>,
    standard: Standard,
    words: Words,
    inputs: Vec<Input>,
    /// Which years and districts, how intervals are found, and where districts went.
    asked: StudyOptions,
}

impl std::fmt::Debug for Study {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Study {{ {}, {} }}", self.standard.id, self.years.kept().len())
    }
}

impl Study {
    pub(super) fn new(
        years: Box<dyn YearSource>,
        standard: Standard,
        words: Words,
        inputs: Vec<Input>,
    ) -> Study {
        Study { years, standard, words, inputs, asked: StudyOptions::default() }
    }

    /// The latest state of a store (`junheng store add`), measured by the standard `standard_name`.
    ///
    /// # Errors
    /// There is no store, it is damaged, or there is no such standard.
    pub fn of_store(store: impl AsRef<Path>, standard_name: &str) -> Result<Study> {
        let words = words(Language::default())?;
        let snapshot = Snapshot::open(store.as_ref(), &AsOf::Latest).said(&words)?;
        let standard = standard(standard_name, &words)?;
        Ok(Study::new(Box::new(snapshot), standard, words, Vec::new()))
    }

    /// Only these years, including both.
    pub fn between(mut self, first: i32, last: i32) -> Study {
        self.asked.years = Some((first, last));
        self
    }

    /// Only these districts: codes or names.
    pub fn districts<S: Into<String>>(mut self, districts: impl IntoIterator<Item = S>) -> Study {
        self.asked.districts = districts.into_iter().map(Into::into).collect();
        self
    }

    /// The number of bootstrap replicates for intervals: 1,000 by default, 0 for no intervals.
    pub fn replicates(mut self, replicates: usize) -> Study {
        self.asked.resampling.replicates = replicates;
        self
    }

    /// Two csv files: which codes became which (merged, renamed; `crosswalk.csv` of `junheng synth --years` is an
    /// example), and in which city and province every district lies (`regions.csv`).
    ///
    /// # Errors
    /// What is wrong in them, by its line.
    pub fn joined(mut self, crosswalk: Option<&Path>, regions: Option<&Path>) -> Result<Study> {
        self.asked.crosswalk = Crosswalk::read(crosswalk, regions).said(&self.words)?;
        Ok(self)
    }

    /// The years that are there and asked for.
    pub fn years(&self) -> Vec<i32> {
        measured::years_of(self.years.as_ref(), &self.asked)
    }

    fn found(
        &self,
        asked: &StudyOptions,
        level: Level,
        grouping: Option<Grouping>,
    ) -> Result<panel::PanelResult> {
        let wanted = [PanelSpec { level, grouping }];
        let watch = |_, _| {};
        panel::panel(self.years.as_ref(), &self.standard, asked, &wanted, &self.words, &watch)
            .said(&self.words)
    }

    /// For tables that have no intervals.
    fn plainly(&self) -> StudyOptions {
        let mut asked = self.asked.clone();
        asked.resampling.replicates = 0;
        asked
    }

    /// One row per place, year, section, group and indicator: [`crate::tables::panel`].
    ///
    /// # Errors
    /// The disk; a district that is asked for and not there.
    pub fn panel(&self, level: Level, grouping: Option<Grouping>) -> Result<DataFrame> {
        Ok(self.found(&self.asked, level, grouping)?.panels.pop().unwrap_or_default().into_frame())
    }

    /// Which district has which year and which fact: [`crate::tables::coverage`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn coverage(&self) -> Result<DataFrame> {
        Ok(self.found(&self.plainly(), Level::District, None)?.coverage.into_frame())
    }

    /// Which requirements districts miss: [`crate::tables::standings`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn standings(&self, level: Level) -> Result<DataFrame> {
        Ok(self.found(&self.plainly(), level, None)?.standings.into_frame())
    }

    fn measured(&self, year: i32) -> Result<Measured> {
        measured::year(self.years.as_ref(), year, &self.standard, &self.asked, &self.words).said(&self.words)
    }

    /// CV² and Theil of one year decomposed by location, ownership, type and region:
    /// [`crate::tables::decomposition`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn decomposition(&self, year: i32, level: Level) -> Result<DataFrame> {
        let measured = self.measured(year)?;
        Ok(inquiry::decomposition(&measured, level, &self.standard, &self.words).into_frame())
    }

    /// Lines that a crosswalk may want (two codes, one name …), as its file has them:
    /// [`crate::tables::suggested`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn suggested(&self) -> Result<DataFrame> {
        Ok(self.found(&self.plainly(), Level::District, None)?.suggested.into_frame())
    }

    /// What the crosswalk joined or renamed: [`crate::tables::joined`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn joins(&self) -> Result<DataFrame> {
        Ok(self.found(&self.plainly(), Level::District, None)?.joined.into_frame())
    }

    /// What each school adds in one year, the largest first: [`crate::tables::influence`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn influence(&self, year: i32, level: Level) -> Result<DataFrame> {
        let measured = self.measured(year)?;
        Ok(inquiry::influence(&measured, level, &self.standard, &self.words).into_frame())
    }

    /// Corners of the Lorenz curves of one year: [`crate::tables::lorenz`].
    ///
    /// # Errors
    /// As [`Study::panel`].
    pub fn lorenz(&self, year: i32) -> Result<DataFrame> {
        Ok(inquiry::lorenz(&self.measured(year)?, &self.standard).into_frame())
    }

    /// σ- and β-convergence of the districts of a panel ([`Study::panel`] of [`Level::District`], not grouped).
    ///
    /// # Errors
    /// The columns are not those of a panel.
    pub fn convergence(&self, panel: &DataFrame) -> Result<Convergence> {
        Ok(convergence::convergence(&crate::tables::panel::Frame::new(panel.clone())?))
    }

    /// The trends of a panel carried on to a year, with 95 % intervals: [`crate::tables::outlook`].
    ///
    /// # Errors
    /// The columns are not those of a panel.
    pub fn outlook(&self, panel: &DataFrame, to_year: i32) -> Result<DataFrame> {
        let panel = crate::tables::panel::Frame::new(panel.clone())?;
        Ok(outlook::outlook(&panel, &self.standard, to_year, CONFIDENCE).into_frame())
    }

    /// All that the annual report of a year is made of, and its pictures.
    ///
    /// # Errors
    /// As [`Study::panel`]; no district has that year.
    pub fn annual(&self, year: i32) -> Result<Annual> {
        let made = made(self.inputs.clone());
        let (years, words) = (self.years.as_ref(), &self.words);
        let whole = annual::annual(years, year, &self.asked, &self.standard, &made, words, &|_, _| {});
        let whole = whole.said(words)?;
        Ok(Annual {
            year,
            pictures: Pictures(chart::annual_pictures(&whole).said(words)?),
            panel: whole.panel.into_frame(),
            regional: whole.regional.into_frame(),
            whole: whole.whole.into_frame(),
            by_location: whole.by_location.into_frame(),
            standings: whole.standings.into_frame(),
            coverage: whole.coverage.into_frame(),
            decomposition: whole.decomposition.into_frame(),
            comparison: whole.comparison.into_frame(),
            sigma: whole.sigma.into_frame(),
            convergence: whole.convergence.into_frame(),
            growth: whole.growth.into_frame(),
            lorenz: whole.lorenz.into_frame(),
            class_sizes: whole.class_sizes.into_frame(),
        })
    }
}

/// The tables and pictures of one year's report.
#[derive(Debug, Clone)]
pub struct Annual {
    /// The year of the report.
    pub year: i32,
    /// [`crate::tables::panel`] of districts, not grouped.
    pub panel: DataFrame,
    /// [`crate::tables::panel`] of cities and provinces; without rows if no region of a district is known.
    pub regional: DataFrame,
    /// [`crate::tables::panel`] of all districts together, not grouped.
    pub whole: DataFrame,
    /// [`crate::tables::panel`] of all districts together, grouped by location.
    pub by_location: DataFrame,
    /// [`crate::tables::standings`] of districts and of all together.
    pub standings: DataFrame,
    /// [`crate::tables::coverage`]: which district has which year and fact.
    pub coverage: DataFrame,
    /// [`crate::tables::decomposition`] of the year, of all districts together.
    pub decomposition: DataFrame,
    /// [`crate::tables::comparison`] of the year: urban schools with rural ones.
    pub comparison: DataFrame,
    /// [`crate::tables::sigma`]: the spread of the districts in every year.
    pub sigma: DataFrame,
    /// [`crate::tables::convergence`]: the lines through spreads and growth.
    pub convergence: DataFrame,
    /// [`crate::tables::growth`] of every district over the years.
    pub growth: DataFrame,
    /// [`crate::tables::lorenz`] of the first year and of the year of the report.
    pub lorenz: DataFrame,
    /// [`crate::tables::class_sizes`] of every year.
    pub class_sizes: DataFrame,
    /// The pictures of the report, in its order.
    pub pictures: Pictures,
}
