//! A result folder, opened again.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::shown;
use crate::{
    problem::{Problem, Result},
    report::{
        json::{Run, Used},
        parquet,
    },
    standard::Standard,
    tables::cells::{Cells, Tables},
};

/// The tables one standard of a run wrote, and the standard with the settings it had.
pub struct Written {
    folder: PathBuf,
    prefix: String,
    pub run: Run,
    pub standard: Standard,
    pub facts: DataFrame,
    pub sources: DataFrame,
    pub columns: DataFrame,
    pub record_sources: DataFrame,
    pub district_facts: DataFrame,
}

impl Written {
    /// `named`: which of the run's standards; the first without it.
    pub fn load(folder: &Path, named: Option<&str>) -> Result<Written> {
        let run = Run::load(folder)?;
        let used = chosen(&run, named, folder)?.clone();
        let mut standard = Standard::load(&used.named)?;
        for (setting, value) in &used.settings {
            if standard.settings.iter().any(|s| s.id == *setting) {
                standard.choose(setting, value)?;
            }
        }
        let table = |name: &str| table(folder, "", name);
        Ok(Written {
            facts: table("facts")?,
            sources: table("sources")?,
            columns: table("columns")?,
            record_sources: table("record_sources")?,
            district_facts: table("district_facts")?,
            folder: folder.to_path_buf(),
            prefix: used.folder,
            run,
            standard,
        })
    }

    /// From its facts to their cells.
    pub fn cells(&self) -> Result<Cells<'_>> {
        let tables = Tables {
            facts: &self.facts,
            sources: &self.sources,
            columns: &self.columns,
            record_sources: &self.record_sources,
            district_facts: &self.district_facts,
            answers: None,
        };
        Ok(Cells::new(tables)?)
    }

    /// A table of the standard: `measures`, `schools` …
    pub fn judged(&self, name: &str) -> Result<DataFrame> {
        table(&self.folder, &self.prefix, name)
    }
}

fn chosen<'a>(run: &'a Run, named: Option<&str>, folder: &Path) -> Result<&'a Used> {
    let fits = |used: &&Used| named.is_none_or(|name| used.id == name || used.named == name);
    run.standards.iter().find(fits).ok_or_else(|| {
        let ids: Vec<&str> = run.standards.iter().map(|used| used.id.as_str()).collect();
        Problem::error("standard_not_in_result", shown(folder))
            .with("found", named.unwrap_or_default())
            .with("known", ids.join(" "))
            .into()
    })
}

fn table(folder: &Path, prefix: &str, name: &str) -> Result<DataFrame> {
    let path = folder.join(format!("{prefix}{name}.parquet"));
    if !path.exists() {
        return Err(Problem::error("table_not_written", shown(&path)).with("table", name).into());
    }
    parquet::read(&path)
}

#[cfg(test)]
impl Written {
    /// A result in `folder` with these facts, by the sample standard.
    pub fn sample(folder: &Path, facts: DataFrame, places: crate::tables::cells::tests::Sample) -> Written {
        use crate::{report, store::Folder};
        let standard = report::sample::standard();
        let mut out = Folder::begin(folder, []).unwrap();
        let assessment = report::sample::assessment(false);
        report::judged(&mut out, "", &assessment, &None).unwrap();
        out.commit().unwrap();
        let run = serde_json::json!({
            "program": "junheng", "version": "0", "started": "", "seconds": 0.0, "language": "zh",
            "reliefs": false, "strict": false, "year": null, "district": null,
            "standards": [], "inputs": [], "files": [],
        });
        let run = serde_json::from_value(run).unwrap();
        Written {
            folder: folder.to_path_buf(),
            prefix: String::new(),
            run,
            standard,
            facts,
            sources: places.sources,
            columns: places.columns,
            record_sources: places.record_sources,
            district_facts: places.district_facts,
        }
    }
}
