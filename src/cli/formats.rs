//! `--no-html`, `--no-docx` …: one flag per document format.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::report::format::Format;

/// The document formats to leave out.
#[derive(Debug, Default)]
pub struct NoFormats(Vec<Format>);

impl NoFormats {
    /// The formats in `asked` that are not left out.
    pub fn leave(&self, asked: impl IntoIterator<Item = Format>) -> Vec<Format> {
        asked.into_iter().filter(|format| !self.0.contains(format)).collect()
    }
}

impl Args for NoFormats {
    fn augment_args(command: Command) -> Command {
        Format::documents().fold(command, |command, format| {
            // Clap requires names with a `'static` lifetime.
            let flag: &'static str = format!("no-{}", format.extension()).leak();
            command.arg(Arg::new(format.extension()).long(flag).action(ArgAction::SetTrue))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        NoFormats::augment_args(command)
    }
}

impl FromArgMatches for NoFormats {
    fn from_arg_matches(matches: &ArgMatches) -> Result<NoFormats, Error> {
        Ok(NoFormats(Format::documents().filter(|format| matches.get_flag(format.extension())).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = NoFormats::from_arg_matches(matches)?;
        Ok(())
    }
}
