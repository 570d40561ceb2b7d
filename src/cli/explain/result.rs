//! A result read back from its folder.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::shown;
use crate::{
    problem::{Problem, Result},
    report::parquet,
    standard::Standard,
    tables::{
        cells::{Cells, Tables},
        columns,
        definition::{Defined, Frame},
        district_facts, record_sources,
        run::{Run, Used},
        sources,
    },
};

/// The tables of one standard of a run, and the standard with the settings of that run.
pub struct Written {
    folder: PathBuf,
    prefix: String,
    pub run: Run,
    pub standard: Standard,
    /// The table `facts`, with one column per fact that the run had.
    pub facts: DataFrame,
    pub sources: sources::Frame,
    pub columns: columns::Frame,
    pub record_sources: record_sources::Frame,
    pub district_facts: district_facts::Frame,
}

impl Written {
    /// `named` selects one of the run's standards; the first by default.
    pub fn load(folder: &Path, named: Option<&str>) -> Result<Written> {
        let run = Run::load(folder)?;
        let used = chosen(&run, named, folder)?.clone();
        let mut standard = Standard::load(&used.named)?;
        for (setting, value) in &used.settings {
            if standard.settings.iter().any(|s| s.id == *setting) {
                standard.choose(setting, value)?;
            }
        }
        let facts = crate::tables::facts::table().name;
        Ok(Written {
            facts: parquet::read(&existing(folder, "", facts)?)?,
            sources: table(folder, "")?,
            columns: table(folder, "")?,
            record_sources: table(folder, "")?,
            district_facts: table(folder, "")?,
            folder: folder.to_path_buf(),
            prefix: used.folder,
            run,
            standard,
        })
    }

    /// Where each fact came from.
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

    /// Reads a table of the standard, such as `measures` or `schools`.
    ///
    /// # Errors
    /// The run did not write the table, or wrote it with other columns.
    pub fn judged<T: Defined>(&self) -> Result<Frame<T>> {
        table(&self.folder, &self.prefix)
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

/// Reads a table of the folder, named and checked by its definition.
///
/// # Errors
/// The run did not write the table, or wrote it with other columns; the file cannot be read.
pub(super) fn table<T: Defined>(folder: &Path, prefix: &str) -> Result<Frame<T>> {
    let table = T::table();
    let path = existing(folder, prefix, table.name)?;
    Frame::read(&parquet::read(&path)?).map_err(|difference| difference.problem(shown(&path)).into())
}

fn existing(folder: &Path, prefix: &str, name: &str) -> Result<PathBuf> {
    let path = folder.join(format!("{prefix}{name}.parquet"));
    match path.exists() {
        true => Ok(path),
        false => Err(Problem::error("table_not_written", shown(&path)).with("table", name).into()),
    }
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
        Written {
            folder: folder.to_path_buf(),
            prefix: String::new(),
            run: Run::default(),
            standard,
            facts,
            sources: places.sources,
            columns: places.columns,
            record_sources: places.record_sources,
            district_facts: places.district_facts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        tables::{facts, measures},
        words::{Language, Words},
    };

    /// A table written by another version is an error that names the table, not a table without values.
    #[test]
    fn a_table_with_other_columns_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let facts = facts::table().empty();
        let written = Written::sample(folder.path(), facts, crate::tables::cells::tests::sample());
        let path = folder.path().join("measures.parquet");
        let older = parquet::read(&path).unwrap().drop("shortfall").unwrap();
        parquet::write(&older, &mut std::fs::File::create(&path).unwrap()).unwrap();

        let error = written.judged::<measures::Definition>().unwrap_err();
        let said = Words::load(Language::Chinese).unwrap().error(&error);
        assert!(said.contains("measures 表缺少“shortfall”列"), "{said}");
    }
}
