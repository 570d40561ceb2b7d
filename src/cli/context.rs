//! What every command that writes a result has in common: it opens the folder, keeps what people wrote in the last
//! result, writes `run.json` and puts the whole result in place.
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

/// A run of a command that writes a result.
pub struct RunContext {
    pub folder: Folder,
    /// What the folder contains before the run.
    pub previous: PreviousRun,
    /// The folder as the user named it.
    out: PathBuf,
    clock: Instant,
    started: SystemTime,
}

impl RunContext {
    /// Opens the folder of the result.
    ///
    /// # Errors
    /// The folder cannot be written, or another run is writing to it.
    pub fn open(out: &Path) -> Result<RunContext> {
        let (clock, started) = (Instant::now(), SystemTime::now());
        let mut folder = Folder::begin(out, [])?;
        // Only after opening: a killed run may have left half of its own list.
        let previous = PreviousRun::find(&folder)?;
        folder.add_own_files(previous.0.files.iter().cloned());
        Ok(RunContext { folder, previous, out: out.to_path_buf(), clock, started })
    }

    /// Protects files that the command reads: those that lie in the folder of the result stay there.
    ///
    /// # Errors
    /// The location of one of them cannot be determined.
    pub fn protect<'p>(&mut self, files: impl IntoIterator<Item = &'p Path>) -> Result<()> {
        files.into_iter().try_for_each(|file| self.folder.protect(file))
    }

    /// Puts the result in place once all its files except `run.json` are written. `run` names the rules and the inputs;
    /// the program, the time and the list of files are added here.
    ///
    /// # Errors
    /// The disk fails.
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

/// A result that has been put in place.
pub struct Finished {
    /// The folder as the user named it.
    pub folder: String,
    pub run: Run,
    /// Messages about documents that somebody had edited.
    pub kept: Vec<String>,
}

impl Finished {
    /// The files of the result, formatted by `list`, and the user's documents that were kept.
    pub fn files(&self, list: fn(&str, &[String], &Words) -> String, words: &Words) -> String {
        list(&self.folder, &self.run.files, words) + &self.kept_lines()
    }

    /// The user's documents that were kept, as lines below other output.
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

/// A standard of the run: how the user named it, and where its tables are.
pub fn used(named: &str, standard: &Standard, folder: String) -> Used {
    Used {
        id: standard.id.clone(),
        version: standard.version.clone(),
        named: named.to_string(),
        folder,
        settings: standard.settings.iter().map(|s| (s.id.clone(), s.value.clone())).collect(),
    }
}

/// The provenance of this run's documents: program, inputs and day (today if `date` is `None`).
pub fn made(date: Option<NaiveDate>, inputs: &[Input]) -> Provenance {
    // Names without folders: a document that is submitted must not reveal the folders of somebody's disk.
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
