//! The documents of a run: which are wanted, one [`District`] a county and year, and all of them in order.
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

use polars::prelude::*;
use rayon::prelude::*;

#[cfg(feature = "pdf")]
use super::document::pdf;
use super::{document::docx, form, html, self_evaluation};
use crate::{
    assess::Assessment,
    chart,
    ingest::Facts,
    problem::{Problem, Result},
    standard::Standard,
    store::Folder,
    tables::{district::District, made::Made},
    words::Words,
};

/// Which documents, and what they are made with.
#[derive(Debug, Clone)]
pub struct Documents {
    pub form: bool,
    pub annotated: bool,
    pub gaps: bool,
    pub charts: bool,
    pub html: bool,
    pub docx: bool,
    pub pdf: bool,
    /// A folder whose files stand for those of `data/templates`.
    pub templates: Option<PathBuf>,
}

impl Documents {
    pub const NONE: Documents = Documents {
        form: false,
        annotated: false,
        gaps: false,
        charts: false,
        html: false,
        docx: false,
        pdf: false,
        templates: None,
    };

    /// Those of these names: `form`, `annotated`, `gaps`, `charts`, `html`, `docx`, `pdf`.
    pub fn only(names: &[String]) -> Documents {
        let has = |name: &str| names.iter().any(|given| given == name);
        Documents {
            form: has("form"),
            annotated: has("annotated"),
            gaps: has("gaps"),
            charts: has("charts"),
            html: has("html"),
            docx: has("docx"),
            pdf: has("pdf"),
            templates: None,
        }
    }

    pub const ALL: Documents = Documents {
        form: true,
        annotated: true,
        gaps: true,
        charts: true,
        html: true,
        docx: true,
        pdf: true,
        templates: None,
    };

    /// Any of those that are made district by district.
    fn of_districts(&self) -> bool {
        self.form || self.charts || self.html || self.docx || self.pdf
    }
}

/// Writes what is wanted of every district. `prefix` is that of [`super::judged`]; `watch` hears how many are done.
pub fn write(
    folder: &mut Folder,
    prefix: &str,
    documents: &Documents,
    (facts, assessment): (&Facts, &Assessment),
    (standard, made, words): (&Standard, &Made, &Words),
    watch: &dyn Fn(usize, usize),
) -> Result<()> {
    if !documents.of_districts() {
        return Ok(());
    }
    let districts = districts(facts, assessment, standard, made, words)?;
    let several = districts.len() > 1;
    let mut done = 0;
    // A few at a time, so that a nation's documents are never in memory together.
    for some in districts.chunks(2 * rayon::current_num_threads()) {
        let made: Result<Vec<Files>> =
            some.par_iter().map(|district| of_district(district, documents)).collect();
        for (district, files) in some.iter().zip(made?) {
            let own = if several { format!("{}/", folder_of(district)) } else { String::new() };
            for (name, content) in files {
                folder.put(&format!("{prefix}{own}{name}"), &content)?;
            }
        }
        done += some.len();
        watch(done, districts.len());
    }
    Ok(())
}

/// `430503-2025`: letters and digits of the code, so that it is a folder's name everywhere.
fn folder_of(district: &District) -> String {
    let code: String = district.code.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    format!("{code}-{}", district.year)
}

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// One of a district's files on its way, which may be several.
type Making<'a> = Box<dyn Fn() -> Result<Files> + Sync + Send + 'a>;

fn of_district(district: &District, documents: &Documents) -> Result<Files> {
    let wants_pictures = documents.charts || documents.html || documents.docx || documents.pdf;
    let pictures = if wants_pictures { chart::pictures(district)? } else { Vec::new() };
    let templates = documents.templates.as_deref();
    let report = match documents.docx || documents.pdf {
        true => Some(self_evaluation::report(district, &pictures, templates)?),
        false => None,
    };
    let one = |name: &str, content: Vec<u8>| Ok(vec![(name.to_string(), content)]);
    // The longest first: two cores are done together then.
    let mut jobs: Vec<Making> = Vec::new();
    if let Some(report) = &report {
        #[cfg(feature = "pdf")]
        if documents.pdf {
            jobs.push(Box::new(move || one("report.pdf", pdf::write(report)?)));
        }
        if documents.docx {
            jobs.push(Box::new(move || one("report.docx", docx::write(report)?)));
        }
    }
    if documents.html {
        jobs.push(Box::new(|| one("report.html", html::write(district, &pictures, templates)?)));
    }
    if documents.form {
        jobs.push(Box::new(|| one("申报表.xlsx", form::write(district)?)));
    }
    if documents.charts {
        for picture in &pictures {
            jobs.push(Box::new(move || {
                let name = |ending| format!("charts/{}.{ending}", picture.name);
                Ok(vec![(name("svg"), picture.svg()?.into_bytes()), (name("png"), picture.png()?)])
            }));
        }
    }
    let files: Result<Vec<_>> = jobs.par_iter().map(|job| job()).collect();
    Ok(files?.into_iter().flatten().collect())
}

/// District code and year.
type Key = (String, i32);

/// The tables apart by district and year, in the order of the verdicts.
pub fn districts<'a>(
    facts: &'a Facts,
    assessment: &'a Assessment,
    standard: &'a Standard,
    made: &'a Made,
    words: &'a Words,
) -> Result<Vec<District<'a>>> {
    let one = assessment.verdicts.len() == 1;
    let part = |frame: &'a DataFrame| Apart::new(frame, one);
    let (own, of_district, answers) =
        (part(&facts.facts)?, part(&facts.district_facts)?, part(&facts.answers)?);
    let records = part(&facts.record_sources)?;
    let (measures, schools) = (part(&assessment.measures)?, part(&assessment.schools)?);
    let (counts, dispersion) = (part(&assessment.districts)?, part(&assessment.dispersion)?);
    let (items, gaps, shares) =
        (part(&assessment.items)?, part(&assessment.gaps)?, part(&assessment.shares)?);
    assessment
        .verdicts
        .iter()
        .map(|verdict| {
            let key = (verdict.district_code.clone(), verdict.year);
            let facts_here = own.of(&key)?;
            Ok(District {
                code: verdict.district_code.clone(),
                name: verdict.district_name.clone(),
                year: verdict.year,
                findings: findings(&facts.findings, &facts_here, &facts.sources, one)?,
                facts: facts_here,
                district_facts: of_district.of(&key)?,
                answers: answers.of(&key)?,
                record_sources: records.of(&key)?,
                sources: &facts.sources,
                columns: &facts.columns,
                measures: measures.of(&key)?,
                schools: schools.of(&key)?,
                districts: counts.of(&key)?,
                dispersion: dispersion.of(&key)?,
                items: items.of(&key)?,
                gaps: gaps.of(&key)?,
                shares: shares.of(&key)?,
                verdict,
                standard,
                words,
                made,
            })
        })
        .collect()
}

/// A table, and which of its rows are whose.
struct Apart<'a> {
    frame: &'a DataFrame,
    rows: Option<HashMap<Key, Vec<IdxSize>>>,
}

impl<'a> Apart<'a> {
    fn new(frame: &'a DataFrame, one: bool) -> Result<Apart<'a>> {
        if one {
            return Ok(Apart { frame, rows: None });
        }
        let (code, year) = (frame.column("district_code")?.str()?, frame.column("year")?.i32()?);
        let mut rows: HashMap<Key, Vec<IdxSize>> = HashMap::new();
        for row in 0..frame.height() {
            let key = (code.get(row).unwrap_or_default().to_string(), year.get(row).unwrap_or_default());
            rows.entry(key).or_default().push(row as IdxSize);
        }
        Ok(Apart { frame, rows: Some(rows) })
    }

    fn of(&self, key: &Key) -> Result<DataFrame> {
        let Some(rows) = &self.rows else { return Ok(self.frame.clone()) };
        let none = Vec::new();
        let rows = rows.get(key).unwrap_or(&none);
        Ok(self.frame.take(&IdxCa::from_slice("rows".into(), rows))?)
    }
}

/// Findings of this district's schools, and those of its files that name no school.
fn findings(all: &[Problem], facts: &DataFrame, sources: &DataFrame, one: bool) -> Result<Vec<Problem>> {
    if one {
        return Ok(all.to_vec());
    }
    let (ids, files) = (sources.column("source_id")?.i32()?, sources.column("file")?.str()?);
    let mine: HashSet<i32> = facts.column("source_id")?.i32()?.iter().flatten().collect();
    let files: HashSet<&str> = ids
        .iter()
        .zip(files.iter())
        .filter(|(id, _)| id.is_some_and(|id| mine.contains(&id)))
        .filter_map(|(_, file)| file)
        .collect();
    let codes: HashSet<&str> = facts.column("school_code")?.str()?.iter().flatten().collect();
    let is_mine = |problem: &&Problem| match &problem.school_code {
        Some(code) => codes.contains(code.as_str()),
        None => problem.place.file.as_deref().is_none_or(|file| files.contains(file)),
    };
    Ok(all.iter().filter(is_mine).cloned().collect())
}
