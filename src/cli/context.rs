//! What every command that writes a result does: opens its folder, keeps what people wrote in the last result, writes
//! `run.json` and puts the whole in place.
//!
//! ```text
//! let mut context = RunContext::open(&out)?;          before the work: a folder that cannot be written is known now
//! context.protect(files that are read)?;
//! context.folder.put(…)?;                             the result
//! let finished = context.commit(Run { … }, words)?;   what made it
//! screen::say(&finished.files(screen::files, words));
//! ```

use std::{
    path::{Path, PathBuf},
    time::{Instant, SystemTime},
};

use chrono::NaiveDate;

use super::{screen, user_edits::PreviousRun};
use crate::{
    ingest::Options,
    problem::Result,
    report::json,
    standard::Standard,
    store::Folder,
    tables::{
        provenance::Provenance,
        run::{Input, RUN, Run, Used},
    },
    words::{Language, Words},
};

/// A command on its way to a result.
pub struct RunContext {
    pub folder: Folder,
    /// What stands in the folder now.
    pub previous: PreviousRun,
    /// As the user named it.
    out: PathBuf,
    clock: Instant,
    started: SystemTime,
}

impl RunContext {
    /// Opens the folder of the result.
    ///
    /// # Errors
    /// It cannot be written, or another run is writing there.
    pub fn open(out: &Path) -> Result<RunContext> {
        let (clock, started) = (Instant::now(), SystemTime::now());
        let mut folder = Folder::begin(out, [])?;
        // Not before: a killed run may have left half of its own list.
        let previous = PreviousRun::find(&folder)?;
        folder.own(previous.0.files.iter().cloned());
        Ok(RunContext { folder, previous, out: out.to_path_buf(), clock, started })
    }

    /// Files that the command reads: where they stand in the folder of the result, they stay there.
    ///
    /// # Errors
    /// It cannot be known where one of them stands.
    pub fn protect<'p>(&mut self, files: impl IntoIterator<Item = &'p Path>) -> Result<()> {
        files.into_iter().try_for_each(|file| self.folder.protect(file))
    }

    /// Puts the result in place when all of its files but `run.json` are written. `run` says by which rules and from
    /// which inputs it was made; program, clock and files are added here.
    ///
    /// # Errors
    /// The disk.
    pub fn commit(mut self, run: Run, words: &Words) -> Result<Finished> {
        let kept = self.previous.keep_edited(&mut self.folder, &self.out, words)?;
        let copies = self.previous.kept(&self.folder);
        let run = Run {
            program: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            started: json::utc(self.started),
            seconds: self.clock.elapsed().as_secs_f64(),
            language: match words.language {
                Language::Chinese => "zh".into(),
                Language::English => "en".into(),
            },
            files: self.folder.files().map(String::from).chain([RUN.into()]).collect(),
            documents: self.previous.documents(&self.folder),
            kept: copies,
            ..run
        };
        self.folder.write(RUN, |file| json::write(&run, file))?;
        self.folder.commit()?;
        Ok(Finished { folder: self.out.display().to_string(), run, kept })
    }
}

/// A result in its place.
pub struct Finished {
    /// The folder as the user named it.
    pub folder: String,
    pub run: Run,
    /// What is said of documents that somebody had saved.
    pub kept: Vec<String>,
}

impl Finished {
    /// Which files there are, as `list` shows them, and what of the user's was kept.
    pub fn files(&self, list: fn(&str, &[String], &Words) -> String, words: &Words) -> String {
        list(&self.folder, &self.run.files, words) + &self.kept_lines()
    }

    /// What of the user's was kept, to stand under something else.
    pub fn kept_lines(&self) -> String {
        self.kept
            .iter()
            .map(|line| format!("\n{}", screen::wrap(line, "  ", screen::WIDTH).join("\n")))
            .collect()
    }
}

/// How the inputs were read, for [`RunContext::commit`].
pub fn run_of(options: &Options) -> Run {
    Run { strict: options.strict, year: options.year, district: options.district.clone(), ..Run::default() }
}

/// A standard of the run: as it was named, and where its tables stand.
pub fn used(named: &str, standard: &Standard, folder: String) -> Used {
    Used {
        id: standard.id.clone(),
        version: standard.version.clone(),
        named: named.to_string(),
        folder,
        settings: standard.settings.iter().map(|s| (s.id.clone(), s.value.clone())).collect(),
    }
}

/// What made this run's documents: the program, the inputs and the day, today without `date`.
pub fn made(date: Option<NaiveDate>, inputs: &[Input]) -> Provenance {
    // Names without folders: what is handed in does not tell how somebody's disk is laid out.
    let name = |input: &Input| match Path::new(&input.file).file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => input.file.clone(),
    };
    let mut inputs: Vec<String> = inputs.iter().map(name).collect();
    inputs.dedup();
    Provenance {
        program: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        inputs,
        date: date.unwrap_or_else(|| chrono::Local::now().date_naive()),
    }
}
