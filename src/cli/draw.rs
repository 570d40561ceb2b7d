//! `draw`: who checks and which places are checked, drawn by lot and recorded.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use super::{Exit, context, screen, usage};
use crate::{
    draw::{self, Candidate},
    ingest::{Options, scorebook},
    problem::{Error, Result},
    report::{
        draw::{Record, table},
        format::Format,
    },
    store,
    words::Words,
};

#[derive(Debug, Args)]
pub struct DrawArguments {
    #[arg(value_name = "LIST")]
    list: PathBuf,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// The column whose values are the groups, which give in proportion to their size.
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Entries with this value in this column are not drawn.
    #[arg(long, value_name = "COLUMN=VALUE")]
    avoid: Vec<String>,
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn execute(arguments: &DrawArguments, words: &Words) -> Result<Exit> {
    let path = &arguments.out;
    let extension = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    let writer = Format::tables().find(|(format, _)| format.extension() == extension);
    let Some((_, write)) = writer else {
        return Err(usage("draw_out_kind", &[("found", path.display().to_string())]));
    };
    store::refuse_existing(path)?;
    let avoided: Vec<(&str, &str)> =
        arguments.avoid.iter().map(|text| avoided(text)).collect::<Result<_>>()?;
    // Columns: those to avoid, then that of the groups.
    let headers: Vec<&str> =
        avoided.iter().map(|(column, _)| *column).chain(arguments.by.as_deref()).collect();
    let list = scorebook::list(&arguments.list, &Options::default(), &headers)?;
    let candidate = |listed: &scorebook::Listed| Candidate {
        group: match arguments.by {
            Some(_) => listed.values.last().cloned().flatten().unwrap_or_default(),
            None => String::new(),
        },
        excluded: avoided
            .iter()
            .zip(&listed.values)
            .any(|((_, value), found)| found.as_deref() == Some(value)),
    };
    let candidates: Vec<Candidate> = list.entries.iter().map(candidate).collect();
    for ((column, value), at) in avoided.iter().zip(0..) {
        // A value that nobody has is more likely misspelt than meant.
        if !list
            .entries
            .iter()
            .any(|listed| listed.values.get(at).is_some_and(|found| found.as_deref() == Some(value)))
        {
            let args = [("column", column.to_string()), ("found", value.to_string())];
            return Err(usage("draw_avoids_nobody", &args));
        }
    }
    let count = arguments.count as usize;
    let allowed = candidates.iter().filter(|candidate| !candidate.excluded).count();
    if allowed < count {
        let args = [("found", count.to_string()), ("allowed", allowed.to_string())];
        return Err(usage("draw_too_few", &args));
    }
    // The clock in milliseconds: short enough to be typed, different at every draw.
    let seed = arguments.seed.unwrap_or_else(|| chrono::Utc::now().timestamp_millis().unsigned_abs());
    let drawn = draw::draw(&candidates, count, seed);
    let provenance = context::made(arguments.date, &[]);
    let options = options(arguments);
    let record = Record {
        list: &list,
        file: &arguments.list.file_name().unwrap_or_default().to_string_lossy(),
        by_group: arguments.by.is_some(),
        candidates: &candidates,
        drawn: &drawn,
        count,
        seed,
        date: provenance.date,
        options: &options,
        program: &provenance.program,
    };
    store::write_file(path, |aside| {
        let mut file = std::fs::File::create(aside).map_err(|why| Error::disk(path, why))?;
        write(table(&record).frame(), &mut file)
    })?;
    screen::say(&shown(&record, path, words))?;
    Ok(Exit::Done)
}

/// `COLUMN=VALUE`.
fn avoided(text: &str) -> Result<(&str, &str)> {
    let split = text.split_once(['=', '＝']).map(|(column, value)| (column.trim(), value.trim()));
    let whole = split.filter(|(column, value)| !column.is_empty() && !value.is_empty());
    whole.ok_or_else(|| usage("draw_avoid_form", &[("found", text.to_string())]))
}

/// The conditions as given, for the record.
fn options(arguments: &DrawArguments) -> String {
    let by = arguments.by.iter().map(|column| format!("by: {column}"));
    by.chain(arguments.avoid.iter().map(|avoid| format!("avoid: {avoid}"))).collect::<Vec<_>>().join("; ")
}

/// The names drawn, in the order drawn, and how to repeat the draw.
fn shown(record: &Record, path: &Path, words: &Words) -> String {
    let excluded = record.candidates.iter().filter(|candidate| candidate.excluded).count();
    let args = [
        ("count", record.count.to_string()),
        ("listed", record.list.entries.len().to_string()),
        ("excluded", excluded.to_string()),
        ("seed", record.seed.to_string()),
        ("sha256", record.list.sha256.clone()),
        ("file", path.display().to_string()),
    ];
    let mut out = vec![screen::heading(&words.fill("draw.heading", &args))];
    let mut drawn: Vec<(usize, usize)> =
        record.drawn.iter().enumerate().filter_map(|(at, place)| Some(((*place)?, at))).collect();
    drawn.sort_unstable();
    let mut columns = vec![
        screen::Column::right(words.say("draw.column.order")),
        screen::Column::giving(words.say("draw.column.name"), 20),
    ];
    if record.by_group {
        columns.push(screen::Column::giving(words.say("draw.column.group"), 12));
    }
    let row = |&(place, at): &(usize, usize)| {
        let mut row = vec![place.to_string(), record.list.entries[at].unit.name.clone()];
        if record.by_group {
            row.push(record.candidates[at].group.clone());
        }
        row
    };
    out.extend(screen::table(&columns, &drawn.iter().map(row).collect::<Vec<_>>()));
    out.push(String::new());
    out.extend(screen::wrap(&words.fill("draw.recorded", &args), "  ", screen::WIDTH));
    out.join("\n")
}
