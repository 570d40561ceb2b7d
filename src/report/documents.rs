//! The documents of a run: which are wanted, one [`District`] per county and year, and all of them in order.
//!
//! ```text
//! DIR/ 申报表.xlsx  report.html  report.docx  report.pdf  charts/*.svg *.png      where there is one district
//!      430503-2025/申报表.xlsx …                                                   where there are several
//!      NAME-批注.xlsx                                                              of each input with findings
//! ```

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use rayon::prelude::*;

use super::{
    form,
    format::Format,
    html,
    jobs::{Files, Jobs},
    self_evaluation,
};
use crate::{
    chart, file_name,
    ingest::Facts,
    problem::{Problem, Result},
    standard::Standard,
    store::Folder,
    tables::{
        assessment::Assessment,
        definition::{Defined, Frame},
        district::District,
        facts::{self, column},
        provenance::Provenance,
        sources,
    },
    words::Words,
};

/// Which documents to write, and with what.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    pub form: bool,
    pub annotated: bool,
    pub gaps: bool,
    pub charts: bool,
    /// The formats of the report.
    pub formats: Vec<Format>,
    /// A folder whose files replace those of `data/templates`.
    pub templates: Option<PathBuf>,
}

impl Documents {
    /// The documents other than the report, by their names in flags and pipeline files.
    const OTHERS: [&str; 4] = ["form", "annotated", "gaps", "charts"];

    /// The names of all documents.
    pub fn names() -> Vec<&'static str> {
        Documents::OTHERS.into_iter().chain(Format::documents().map(Format::extension)).collect()
    }

    /// The documents of these names.
    pub fn only<N: AsRef<str>>(names: &[N]) -> Documents {
        let has = |name: &str| names.iter().any(|given| given.as_ref() == name);
        let [form, annotated, gaps, charts] = Documents::OTHERS.map(has);
        let formats = Format::documents().filter(|format| has(format.extension())).collect();
        Documents { form, annotated, gaps, charts, formats, templates: None }
    }

    pub fn all() -> Documents {
        Documents::only(&Documents::names())
    }

    /// Whether any document that is made per district is wanted.
    fn of_districts(&self) -> bool {
        self.form || self.charts || !self.formats.is_empty()
    }
}

/// Facts judged by a standard: everything that the documents of their districts are made from.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    pub facts: &'a Facts,
    pub assessment: &'a Assessment,
    pub standard: &'a Standard,
    pub made: &'a Provenance,
    pub words: &'a Words,
}

impl Judged<'_> {
    /// Writes the wanted documents of every district. `prefix` is that of [`super::judged`]; `watch` is called with the
    /// number of districts done and their total.
    ///
    /// # Errors
    /// A document cannot be created or written.
    pub fn write(
        &self,
        folder: &mut Folder,
        prefix: &str,
        documents: &Documents,
        watch: &dyn Fn(usize, usize),
    ) -> Result<()> {
        if !documents.of_districts() {
            return Ok(());
        }
        let districts = districts(self.facts, self.assessment, self.standard, self.made, self.words)?;
        let several = districts.len() > 1;
        let mut done = 0;
        // A few at a time, so that the documents of a whole country are never in memory together.
        for some in districts.chunks(2 * rayon::current_num_threads()) {
            let made: Result<Vec<Files>> =
                some.par_iter().map(|district| of_district(district, documents)).collect();
            for (district, files) in some.iter().zip(made?) {
                // `430503-2025`.
                let own = format!("{}-{}/", file_name::of_code(&district.code), district.year);
                let own = if several { own } else { String::new() };
                for (name, content) in files {
                    folder.put(&format!("{prefix}{own}{name}"), &content)?;
                }
            }
            done += some.len();
            watch(done, districts.len());
        }
        Ok(())
    }
}

fn of_district(district: &District, documents: &Documents) -> Result<Files> {
    let pictured = documents.charts || !documents.formats.is_empty();
    let pictures = if pictured { chart::district_pictures(district)? } else { Vec::new() };
    let templates = documents.templates.as_deref();
    let written = documents.formats.iter().any(|format| *format != Format::Html);
    let report = match written {
        true => Some(self_evaluation::report(district, &pictures, templates)?),
        false => None,
    };
    let mut jobs = Jobs::default();
    for format in documents.formats.iter().rev() {
        match (format, &report) {
            // The web page opens details that the report does not contain.
            (Format::Html, _) => jobs.add("report.html", || html::write(district, &pictures, templates)),
            (format, Some(report)) => jobs.report("report", *format, report),
            _ => {}
        }
    }
    if documents.form {
        jobs.add("申报表.xlsx", || form::write(district));
    }
    if documents.charts {
        jobs.charts(&pictures);
    }
    jobs.make()
}

/// District code and year.
type Key = (String, i32);

/// The tables split by district and year, in the order of the verdicts.
pub fn districts<'a>(
    facts: &'a Facts,
    assessment: &'a Assessment,
    standard: &'a Standard,
    made: &'a Provenance,
    words: &'a Words,
) -> Result<Vec<District<'a>>> {
    let one = assessment.verdicts.len() == 1;
    let (own, of_district, answers) = (
        Apart::new(&facts.facts, one)?,
        Apart::new(&facts.district_facts, one)?,
        Apart::new(&facts.answers, one)?,
    );
    let records = Apart::new(&facts.record_sources, one)?;
    let (measures, schools) = (Apart::new(&assessment.measures, one)?, Apart::new(&assessment.schools, one)?);
    let (counts, dispersion) =
        (Apart::new(&assessment.districts, one)?, Apart::new(&assessment.dispersion, one)?);
    let (items, gaps, shares) = (
        Apart::new(&assessment.items, one)?,
        Apart::new(&assessment.gaps, one)?,
        Apart::new(&assessment.shares, one)?,
    );
    assessment
        .verdicts
        .iter()
        .map(|verdict| {
            let key = (verdict.district_code.clone(), verdict.year);
            let facts_here = own.of(&key);
            Ok(District {
                code: verdict.district_code.clone(),
                name: verdict.district_name.clone(),
                year: verdict.year,
                findings: findings(&facts.findings, &facts_here, &facts.sources, one),
                facts: facts_here,
                district_facts: of_district.of(&key),
                answers: answers.of(&key),
                record_sources: records.of(&key),
                sources: &facts.sources,
                columns: &facts.columns,
                measures: measures.of(&key),
                schools: schools.of(&key),
                districts: counts.of(&key),
                dispersion: dispersion.of(&key),
                items: items.of(&key),
                gaps: gaps.of(&key),
                shares: shares.of(&key),
                verdict,
                standard,
                words,
                made,
            })
        })
        .collect()
}

/// A table and the rows of each district.
struct Apart<'a, T> {
    frame: &'a Frame<T>,
    rows: Option<HashMap<Key, Vec<usize>>>,
}

impl<'a, T: Defined> Apart<'a, T> {
    fn new(frame: &'a Frame<T>, one: bool) -> Result<Apart<'a, T>> {
        if one {
            return Ok(Apart { frame, rows: None });
        }
        let column = |name: &str| frame.frame().column(name);
        let (code, year) = (column(column::district_code)?.str()?, column(column::year)?.i32()?);
        let mut rows: HashMap<Key, Vec<usize>> = HashMap::new();
        for row in 0..frame.height() {
            let key = (code.get(row).unwrap_or_default().to_string(), year.get(row).unwrap_or_default());
            rows.entry(key).or_default().push(row);
        }
        Ok(Apart { frame, rows: Some(rows) })
    }

    fn of(&self, key: &Key) -> Frame<T> {
        let Some(rows) = &self.rows else { return self.frame.clone() };
        self.frame.take(rows.get(key).into_iter().flatten().copied())
    }
}

/// Findings about this district's schools, and findings about its files that name no school.
fn findings(all: &[Problem], facts: &facts::Frame, sources: &sources::Frame, one: bool) -> Vec<Problem> {
    if one {
        return all.to_vec();
    }
    let mine: HashSet<i32> = facts.rows().filter_map(facts::Row::source_id).collect();
    let of_mine = sources.rows().filter(|row| mine.contains(&row.source_id()));
    let files: HashSet<&str> = of_mine.map(sources::Row::file).collect();
    let codes: HashSet<&str> = facts.rows().filter_map(facts::Row::school_code).collect();
    let is_mine = |problem: &&Problem| match &problem.school_code {
        Some(code) => codes.contains(code.as_str()),
        None => problem.place.file.as_deref().is_none_or(|file| files.contains(file)),
    };
    all.iter().filter(is_mine).cloned().collect()
}
