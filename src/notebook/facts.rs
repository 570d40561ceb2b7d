//! One run: files → facts → what a standard says of them.

use std::{ops::RangeInclusive, path::PathBuf, sync::Arc};

use super::{DataFrame, Language, Pictures, Result, Said, Study, Text, standard, words};
use crate::{
    assess::{self, Assessment, Outcome, Verdict},
    chart,
    ingest::{self, Options},
    pipeline,
    problem::{self, Level},
    report::{self, documents, json},
    standard::Standard,
    synth,
    tables::{provenance::Provenance, run::Input, years::InMemoryYears},
    words::Words,
};

/// What files say: the facts of schools and districts, each with the cell it was read from.
#[derive(Debug, Clone)]
pub struct Facts {
    tables: Arc<ingest::Facts>,
    words: Words,
}

impl Facts {
    /// Reads workbooks, csv, Parquet, or folders of them, as `junheng assess` does; messages are in Chinese.
    ///
    /// # Errors
    /// Everything that is wrong with the files: file, sheet, cell, what was found and what to do.
    ///
    /// ```
    /// use junheng::notebook::Facts;
    ///
    /// let facts = Facts::read(["data/demo/大祥区.xlsx"])?;
    /// assert_eq!(facts.schools().height(), 51); // sections of 47 schools
    /// let why = Facts::read(["没有.xlsx"]).unwrap_err();
    /// assert!(why.to_string().contains("没有.xlsx"));
    /// # Ok::<(), junheng::notebook::Error>(())
    /// ```
    pub fn read<P: Into<PathBuf>>(inputs: impl IntoIterator<Item = P>) -> Result<Facts> {
        Facts::read_with(inputs, &Options::default(), Language::default())
    }

    /// Reads with options (year, district, encoding …) and speaks that language.
    ///
    /// # Errors
    /// As [`Facts::read`].
    pub fn read_with<P: Into<PathBuf>>(
        inputs: impl IntoIterator<Item = P>,
        options: &Options,
        language: Language,
    ) -> Result<Facts> {
        let words = words(language)?;
        let inputs: Vec<PathBuf> = inputs.into_iter().map(Into::into).collect();
        let tables = ingest::read(&inputs, options, &|_, _, _| {}).said(&words)?;
        let errors: Vec<_> = tables.findings.iter().filter(|p| p.level == Level::Error).cloned().collect();
        if !errors.is_empty() {
            return Err(problem::Error::Input(errors)).said(&words);
        }
        Ok(Facts { tables: Arc::new(tables), words })
    }

    /// Reads what a pipeline file names, by its mappings: headers, years and districts that the files say otherwise
    /// or not at all.
    ///
    /// # Errors
    /// What is wrong in the pipeline file, and as [`Facts::read`].
    pub fn of_pipeline(path: impl Into<PathBuf>) -> Result<Facts> {
        let pipeline = pipeline::load(&path.into()).said(&words(Language::default())?)?;
        let options = Options {
            year: pipeline.year,
            district: pipeline.district,
            strict: pipeline.strict,
            encoding: pipeline.encoding,
            mappings: pipeline.sources,
            ..Options::default()
        };
        Facts::read_with(pipeline.inputs, &options, pipeline.language.unwrap_or_default())
    }

    /// Invented districts over several years, identical on every machine, for trying out a study. Districts merge, are
    /// renamed or miss a year, and schools open and close.
    ///
    /// # Errors
    /// Polars fails, which valid facts do not cause.
    pub fn made(years: RangeInclusive<i32>, districts: usize) -> Result<Facts> {
        let words = words(Language::default())?;
        let settings = synth::Decade { years, districts, ..Default::default() };
        let mut facts = crate::tables::facts::table().empty();
        for year in synth::decade(&settings).said(&words)? {
            facts.vstack_mut(&year)?;
        }
        Facts::of_frame(facts)
    }

    /// Facts from a data frame with the columns of [`crate::tables::facts`].
    ///
    /// # Errors
    /// A column is not as that table has it.
    pub fn of_frame(facts: DataFrame) -> Result<Facts> {
        let tables = ingest::Facts {
            facts: crate::tables::facts::Frame::new(facts)?,
            district_facts: Default::default(),
            answers: Default::default(),
            sources: Default::default(),
            columns: Default::default(),
            record_sources: Default::default(),
            findings: Vec::new(),
        };
        Ok(Facts { tables: Arc::new(tables), words: words(Language::default())? })
    }

    /// One row per school, section and year: [`crate::tables::facts`].
    pub fn schools(&self) -> DataFrame {
        self.tables.facts.frame().clone()
    }

    /// The findings on the files, cell by cell: [`crate::tables::findings`].
    ///
    /// # Errors
    /// Polars fails, which valid facts do not cause.
    pub fn findings(&self) -> Result<DataFrame> {
        Ok(report::findings(&self.tables.findings, &self.words).into_frame())
    }

    /// Judges by a standard: a name of `junheng standards`, or the path of a file. Reliefs are off.
    ///
    /// # Errors
    /// There is no such standard; the message names the nearest ones.
    pub fn assess(&self, standard_name: &str) -> Result<Judged> {
        let standard = standard(standard_name, &self.words)?;
        let assessment = assess::assess(&self.tables, &standard, false, &self.words).said(&self.words)?;
        Ok(Judged { facts: self.clone(), standard, assessment: Arc::new(assessment) })
    }

    /// The districts' years of these facts, to study by a standard.
    ///
    /// # Errors
    /// As [`Facts::assess`].
    pub fn study(&self, standard_name: &str) -> Result<Study> {
        let standard = standard(standard_name, &self.words)?;
        let held = InMemoryYears::of(self.tables.facts.frame())?;
        Ok(Study::new(Box::new(held), standard, self.words.clone(), json::inputs(&self.tables.sources)))
    }
}

/// The result of judging [`Facts`] by a standard.
#[derive(Debug, Clone)]
pub struct Judged {
    facts: Facts,
    standard: Standard,
    assessment: Arc<Assessment>,
}

impl Judged {
    /// One per district and year.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.assessment.verdicts
    }

    /// The verdicts in words: outcome, standard, and why.
    ///
    /// ```
    /// use junheng::notebook::Facts;
    ///
    /// let judged = Facts::read(["data/demo/大祥区.xlsx"])?.assess("quality-balance-2017")?;
    /// assert!(judged.verdict().to_string().contains("未达标"));
    /// # Ok::<(), junheng::notebook::Error>(())
    /// ```
    pub fn verdict(&self) -> Text {
        let words = &self.facts.words;
        let mut lines = Vec::new();
        for verdict in self.verdicts() {
            let args = [
                ("district", verdict.district_name.clone()),
                ("code", verdict.district_code.clone()),
                ("year", verdict.year.to_string()),
            ];
            lines.push(words.fill("screen.title", &args));
            let outcome = words.say(match verdict.outcome {
                Outcome::Ready => "screen.outcome.ready",
                Outcome::NotReady => "screen.outcome.not_ready",
                Outcome::CannotBeJudged => "screen.outcome.cannot_be_judged",
            });
            lines.push(words.fill("screen.verdict", &[("outcome", outcome)]));
            let args = [
                ("title", verdict.standard_title.clone()),
                ("id", verdict.standard.clone()),
                ("version", verdict.standard_version.clone()),
            ];
            lines.push(words.fill("screen.standard", &args));
            lines.extend(verdict.score_statement.clone());
            lines.extend(verdict.reasons.iter().take(REASONS).map(|reason| {
                let mark = if reason.status == "missing" { "—" } else { "✗" };
                format!("{mark} {}", reason.text)
            }));
            if let Some(more) = verdict.reasons.len().checked_sub(REASONS + 1) {
                lines.push(words.fill("screen.reasons_more", &[("more", (more + 1).to_string())]));
            }
        }
        Text(lines)
    }

    /// One row per school, section and indicator: [`crate::tables::measures`].
    pub fn measures(&self) -> DataFrame {
        self.assessment.measures.frame().clone()
    }

    /// One row per school and section: [`crate::tables::schools`].
    pub fn schools(&self) -> DataFrame {
        self.assessment.schools.frame().clone()
    }

    /// One row per district, year and section: [`crate::tables::districts`].
    pub fn districts(&self) -> DataFrame {
        self.assessment.districts.frame().clone()
    }

    /// Means and CVs against their limits: [`crate::tables::dispersion`].
    pub fn dispersion(&self) -> DataFrame {
        self.assessment.dispersion.frame().clone()
    }

    /// The standard's items: [`crate::tables::items`].
    pub fn items(&self) -> DataFrame {
        self.assessment.items.frame().clone()
    }

    /// What is lacking, where, and how much: [`crate::tables::gaps`].
    pub fn gaps(&self) -> DataFrame {
        self.assessment.gaps.frame().clone()
    }

    /// Every picture of every district and year, as the reports have them: about thirty per county.
    ///
    /// # Errors
    /// Polars fails, or a font that cannot be used.
    pub fn pictures(&self) -> Result<Pictures> {
        let Facts { tables, words } = &self.facts;
        let made = made(json::inputs(&tables.sources));
        let districts = documents::districts(tables, &self.assessment, &self.standard, &made, words);
        let mut pictures = Vec::new();
        for district in districts.said(words)? {
            pictures.extend(chart::district_pictures(&district).said(words)?);
        }
        Ok(Pictures(pictures))
    }
}

/// The number of reasons that are listed; further ones are only counted.
const REASONS: usize = 6;

/// The provenance printed on pictures: program, inputs and today's date.
pub(super) fn made(inputs: Vec<Input>) -> Provenance {
    Provenance {
        program: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        inputs: inputs.into_iter().map(|input| input.file).collect(),
        date: chrono::Local::now().date_naive(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "data", "demo", "大祥区.xlsx"].iter().collect()
    }

    #[test]
    fn a_county_goes_from_its_file_to_verdict_tables_and_pictures() {
        let judged = Facts::read([demo()]).unwrap().assess("quality-balance-2017").unwrap();
        let said = judged.verdict().to_string();
        assert!(said.starts_with("大祥区（430503）"), "{said}");
        assert!(said.contains("结论：未达标") && said.contains("\n✗ "), "{said}");
        let pictures = judged.pictures().unwrap();
        assert!(pictures.named("cv").is_some_and(|picture| picture.live().starts_with("<svg")));
        assert!(pictures.named("cv-nowhere").is_none());
        assert_eq!(pictures.list().height(), pictures.0.len());
    }

    #[test]
    fn a_frame_of_facts_is_judged_like_the_file_it_came_from() {
        let read = Facts::read([demo()]).unwrap();
        let again = Facts::of_frame(read.schools()).unwrap();
        let cv = |facts: &Facts| facts.assess("quality-balance-2017").unwrap().dispersion();
        assert!(cv(&read).equals_missing(&cv(&again)));
        assert!(Facts::of_frame(DataFrame::default()).is_err());
    }

    #[test]
    fn errors_are_said_in_the_language_of_the_run() {
        let english = Facts::read_with([demo()], &Options::default(), Language::English).unwrap();
        let why = english.assess("no-such-standard").unwrap_err();
        assert!(why.to_string().contains("no-such-standard"), "{why}");
        assert_eq!(format!("{why:?}"), why.to_string());
        assert!(matches!(why.problem, Some(problem::Error::Usage(_))));
        // A standard that scores units judges nobody.
        assert!(english.assess("bayannur-2020").unwrap_err().to_string().contains("bayannur-2020"));
        assert!(english.verdict_of("quality-balance-2017").contains("not ready"));
    }

    impl Facts {
        fn verdict_of(&self, standard: &str) -> String {
            self.assess(standard).unwrap().verdict().to_string()
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let why = Facts::read(["没有/这个.xlsx"]).unwrap_err();
        assert!(why.to_string().contains("没有/这个.xlsx"), "{why}");
    }
}
