//! `assess` on one long Parquet file of which only the tables `districts` and `dispersion` are wanted: it is judged in
//! chunks, in bounded memory. Every other run, and every file with irregularities, takes the ordinary path.

use std::path::Path;

use super::Plan;
use crate::{
    assess::stream,
    cli::progress::Step,
    ingest, number,
    problem::{Error, Result},
    report, sha256,
    store::Folder,
    tables::run::Input,
    words::Words,
};

/// Shorter files take the ordinary path: it is fast enough, and gives verdicts.
const LONG: usize = 100_000;

/// The result, and the messages about it.
pub struct Written {
    pub inputs: Vec<Input>,
    pub summary: String,
}

/// The file to judge in chunks, if the plan allows it.
pub fn fits(plan: &Plan) -> Option<&Path> {
    let tables = plan.tables.as_ref()?;
    let [path] = plan.inputs.as_slice() else { return None };
    let options = &plan.options;
    let plain = options.mappings.is_empty() && options.year.is_none() && options.district.is_none();
    let asked = tables.iter().all(|table| stream::TABLES.contains(&table.as_str()));
    let parquet = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
    // With --json or --fail-unless-ready the verdict is needed.
    let tables_only = !plan.reporting.json && !plan.reporting.fail_unless_ready && !options.strict;
    (plain && asked && parquet && tables_only && stream::rows(path).is_ok_and(|rows| rows >= LONG))
        .then_some(path)
}

/// Writes the tables asked for; `None` if the file needs the ordinary path.
pub fn write(plan: &Plan, path: &Path, folder: &mut Folder, words: &Words) -> Result<Option<Written>> {
    let hash = std::thread::spawn({
        let path = path.to_path_buf();
        move || sha256::of_file(&path)
    });
    let shown = ingest::shown(&[path.to_path_buf()]).concat();
    let mut rows = 0;
    for (_, standard) in &plan.standards {
        let title = standard.title.get(words.language).to_string();
        let step = Step::new(words.fill("cli.doing.judge", &[("standard", title)]));
        let found = stream::parquet(path, &shown, standard, plan.reliefs, &|done, total| {
            step.watch("", done, total)
        })?;
        let Some(found) = found else { return Ok(None) };
        drop(step);
        let _step = Step::new(words.say("cli.doing.write"));
        rows = found.rows;
        let prefix = plan.prefix(standard);
        for (name, frame) in
            stream::TABLES.into_iter().zip([found.districts.frame(), found.dispersion.frame()])
        {
            if plan.tables.as_ref().is_none_or(|asked| asked.iter().any(|table| table == name)) {
                report::table(folder, &prefix, name, frame)?;
            }
        }
    }
    let sha256 = match hash.join() {
        Ok(found) => found.map_err(|why| Error::disk(path, why))?,
        Err(_) => return Ok(None),
    };
    let inputs = vec![Input { file: shown, sha256 }];
    let summary = words.fill("cli.stream.done", &[("rows", number::count(rows as i64))]);
    Ok(Some(Written { inputs, summary }))
}
