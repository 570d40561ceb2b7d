//! Arguments, progress and screen output; one file per command, with its arguments. Calculates nothing.
//!
//! A new command needs a file with its arguments and `execute`, a line in `Command`, a line in `command`, and its texts
//! under `cli.<command>`. If it writes a result, `context::RunContext` does what all commands have in common. Raw
//! arguments become a plan before anything is read; later code never sees them.

mod annual;
mod assess;
mod calendar;
mod check;
mod completions;
mod context;
mod draw;
mod equity;
mod explain;
mod formats;
mod help;
mod ledger;
mod man;
mod options;
mod outlook;
mod panel;
mod progress;
mod run;
mod score;
mod screen;
mod standards;
mod store;
mod study;
mod synth;
mod template;
mod user_edits;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, FromArgMatches, Parser, Subcommand};

use crate::{
    dictionary::Dictionary,
    problem::{Error, Place, Problem, Result},
    words::Words,
};

/// The default of `--out`. ASCII, so that every shell and every old unzip can handle it.
pub const OUT: &str = "junheng-out";
/// The default of `--standard`: the national rules.
pub const STANDARD: &str = "quality-balance-2017";

/// How a command ended that completed its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// `check` found errors.
    BadInput,
    /// With `--fail-unless-ready`.
    NotReady,
}

#[derive(Debug, Parser)]
#[command(name = "junheng", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    everywhere: Everywhere,
}

#[derive(Debug, Args)]
struct Everywhere {
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"])]
    lang: Option<String>,
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Assess(assess::AssessArguments),
    Check(check::CheckArguments),
    Template(template::TemplateArguments),
    #[command(args_conflicts_with_subcommands = true)]
    Standards(standards::StandardsArguments),
    Explain(explain::ExplainArguments),
    Run(run::RunArguments),
    Score(score::ScoreArguments),
    Calendar(calendar::CalendarArguments),
    Draw(draw::DrawArguments),
    Store(store::StoreArguments),
    Panel(panel::PanelArguments),
    Equity(equity::EquityArguments),
    Outlook(outlook::OutlookArguments),
    Annual(annual::AnnualArguments),
    Synth(synth::SynthArguments),
    Completions(completions::CompletionsArguments),
    Man(man::ManArguments),
}

/// The whole program. Codes: 0 done, 1 bad input, 2 wrong usage, 3 not ready (with `--fail-unless-ready`), 4 a defect
/// of the program itself.
pub fn main(args: Vec<OsString>) -> ExitCode {
    let (language, data) = help::language_and_data(&args);
    // If the files of the --data folder are broken, the built-in catalogue is used to report it.
    let words = match data.map_or(Ok(()), data_folder).and_then(|()| Words::load(language)) {
        Ok(words) => words,
        Err(error) => return failed(&error, &Words::embedded(language)),
    };
    if let Err(error) = Dictionary::load() {
        return failed(&error, &words);
    }
    let arguments = match help::command(&words, screen::WIDTH)
        .try_get_matches_from(&args)
        .and_then(|matches| Arguments::from_arg_matches(&matches))
    {
        Ok(arguments) => arguments,
        Err(error) => return help::usage_error(&error, &words, &args),
    };
    let inputs = match &arguments.command {
        Command::Assess(assess) => assess.inputs().to_vec(),
        _ => Vec::new(),
    };
    match command(arguments.command, &words) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::BadInput) => ExitCode::from(1),
        Ok(Exit::NotReady) => ExitCode::from(3),
        Err(error) => {
            let mut message = screen::error(&error, &words);
            // Below the heading, because a message may end in lines that users copy.
            if let (Some(hint), Some(end)) =
                (check::annotation_hint(&error, &inputs, &words), message.find('\n'))
            {
                message.insert_str(end, &format!("\n  {hint}"));
            }
            screen::tell(&message);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Reports why the run stopped.
fn failed(error: &Error, words: &Words) -> ExitCode {
    screen::tell(&screen::error(error, words));
    ExitCode::from(error.exit_code())
}

fn command(command: Command, words: &Words) -> Result<Exit> {
    match command {
        Command::Assess(arguments) => assess::execute(&assess::Plan::from_arguments(arguments)?, words),
        Command::Check(arguments) => check::execute(arguments, words),
        Command::Template(arguments) => template::execute(&arguments, words),
        Command::Standards(arguments) => standards::execute(arguments, words),
        Command::Explain(arguments) => explain::execute(&arguments, words),
        Command::Run(arguments) => run::execute(arguments, words),
        Command::Score(arguments) => score::execute(score::Plan::from_arguments(arguments)?, words),
        Command::Calendar(arguments) => calendar::execute(arguments, words),
        Command::Draw(arguments) => draw::execute(&arguments, words),
        Command::Store(arguments) => store::execute(arguments, words),
        Command::Panel(arguments) => panel::execute(arguments, words),
        Command::Equity(arguments) => equity::execute(arguments, words),
        Command::Outlook(arguments) => outlook::execute(arguments, words),
        Command::Annual(arguments) => annual::execute(arguments, words),
        Command::Synth(arguments) => synth::execute(&arguments, words),
        Command::Completions(arguments) => completions::execute(&arguments, words),
        Command::Man(arguments) => man::execute(&arguments, words),
    }
}

/// `--data DIR`.
fn data_folder(folder: PathBuf) -> Result<()> {
    if !folder.is_dir() {
        let place = Place::file(folder.display().to_string());
        return Err(Error::usage(Problem::error("data_not_a_folder", place)));
    }
    crate::data::set_folder(folder);
    Ok(())
}

/// The call is wrong: exit code 2.
fn usage(code: &'static str, args: &[(&'static str, String)]) -> Error {
    let mut problem = Problem::error(code, Place::default());
    problem.args = args.to_vec();
    Error::usage(problem)
}
