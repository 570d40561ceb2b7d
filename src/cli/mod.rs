//! Arguments, progress, words on the screen; one file a command. Calculates nothing.
//!
//! Raw arguments (here) become a plan (`assess::Plan`) before anything is read; nothing later sees raw ones.

mod annual;
mod assess;
mod calendar;
mod check;
mod equity;
mod explain;
mod formats;
mod help;
mod ledger;
mod outlook;
mod panel;
mod progress;
mod run;
mod score;
mod screen;
mod standards;
mod store;
mod stream;
mod study;
mod synth;
mod template;
mod touched;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, FromArgMatches, Parser, Subcommand};

use formats::NoFormats;

use crate::{
    dictionary::Dictionary,
    problem::{Error, Place, Problem, Result},
    words::Words,
};

/// Where results go without `--out`. ASCII, so that every shell and every old unzip can name it.
pub const OUT: &str = "junheng-out";
/// The rules without `--standard`: the national ones.
pub const STANDARD: &str = "quality-balance-2017";

/// How a command ended that did what it was asked.
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
    Assess(AssessArguments),
    Check(CheckArguments),
    Template(TemplateArguments),
    #[command(args_conflicts_with_subcommands = true)]
    Standards(StandardsArguments),
    Explain(ExplainArguments),
    Run(RunArguments),
    Score(ScoreArguments),
    Calendar(CalendarArguments),
    Store(StoreArguments),
    Panel(PanelArguments),
    Equity(EquityArguments),
    Outlook(OutlookArguments),
    Annual(AnnualArguments),
    Synth(SynthArguments),
}

/// How files are to be read: of `assess` and `check`.
#[derive(Debug, Args)]
struct Reading {
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    #[arg(long, num_args = 2, value_names = ["CODE", "NAME"])]
    district: Option<Vec<String>>,
    #[arg(long, value_name = "E")]
    encoding: Option<String>,
    #[arg(long)]
    strict: bool,
    #[arg(long, value_name = "N")]
    max_entries: Option<usize>,
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<u64>,
    #[arg(long, value_name = "N")]
    max_ratio: Option<u64>,
    #[arg(long, value_name = "N")]
    max_cells: Option<usize>,
    #[arg(long, value_name = "BYTES")]
    max_text: Option<usize>,
}

/// Which rules: a standard each time it is named, and its settings.
#[derive(Debug, Args)]
struct Rules {
    #[arg(long, value_name = "S")]
    standard: Vec<String>,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Args)]
struct AssessArguments {
    #[command(flatten)]
    rules: Rules,
    #[arg(long)]
    reliefs: bool,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Option<Vec<String>>,
    #[command(flatten)]
    documents: LeftOut,
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<chrono::NaiveDate>,
    #[arg(long)]
    json: bool,
    #[arg(long)]
    fail_unless_ready: bool,
    #[command(flatten)]
    reading: Reading,
}

/// Documents that are not wanted, and what the others are made with.
#[derive(Debug, Args)]
struct LeftOut {
    #[arg(long = "no-documents")]
    documents: bool,
    #[arg(long = "no-form")]
    form: bool,
    #[arg(long = "no-annotated")]
    annotated: bool,
    #[arg(long = "no-gaps")]
    gaps: bool,
    #[arg(long = "no-charts")]
    charts: bool,
    #[command(flatten)]
    formats: NoFormats,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct CheckArguments {
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Args)]
struct TemplateArguments {
    #[arg(long, value_name = "S", default_value = STANDARD, hide_default_value = true)]
    standard: String,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    /// The units of a scoring standard: then it is the scoring workbook that is written.
    #[arg(long, value_name = "FILE")]
    units: Option<PathBuf>,
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    /// A workbook an office, into the folder `--out`.
    #[arg(long, requires = "units")]
    each: bool,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct StandardsArguments {
    #[command(subcommand)]
    what: Option<StandardsCommand>,
}

#[derive(Debug, Subcommand)]
enum StandardsCommand {
    List,
    Show {
        #[arg(value_name = "S")]
        standard: String,
        #[arg(long, value_name = "SETTING=VALUE")]
        set: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    Check {
        #[arg(value_name = "S")]
        file: PathBuf,
    },
    Schema,
}

#[derive(Debug, Args)]
struct ExplainArguments {
    #[arg(value_name = "DIR", required_unless_present = "sql")]
    dir: Option<PathBuf>,
    #[arg(value_name = "SCHOOL", required_unless_present = "sql")]
    school: Option<String>,
    #[arg(value_name = "INDICATOR", required_unless_present = "sql")]
    indicator: Option<String>,
    #[arg(long, value_name = "SECTION", value_parser = ["primary", "junior", "senior"], hide_possible_values = true)]
    section: Option<String>,
    #[arg(long, value_name = "Y")]
    year: Option<i32>,
    #[arg(long, conflicts_with_all = ["dir", "section", "year"])]
    sql: bool,
    #[arg(long, value_name = "S")]
    standard: Option<String>,
    #[arg(long, value_name = "SETTING=VALUE", requires = "sql")]
    set: Vec<String>,
    #[arg(long, requires = "sql")]
    reliefs: bool,
}

#[derive(Debug, Args)]
struct RunArguments {
    #[arg(value_name = "PIPELINE.toml")]
    pipeline: PathBuf,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    documents: LeftOut,
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<chrono::NaiveDate>,
    #[arg(long)]
    json: bool,
    #[arg(long)]
    fail_unless_ready: bool,
}

#[derive(Debug, Args)]
struct ScoreArguments {
    #[arg(long, value_name = "S")]
    standard: String,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder of last year's `score`.
    #[arg(long, value_name = "DIR")]
    last_year: Option<PathBuf>,
    #[command(flatten)]
    documents: LeftOut,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<chrono::NaiveDate>,
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Args)]
struct CalendarArguments {
    #[arg(long, value_name = "S")]
    standard: String,
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: i32,
    /// The real end of a step: visit=2026-04-20.
    #[arg(long, value_name = "STEP=YYYY-MM-DD")]
    known: Vec<String>,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct SynthArguments {
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    seed: u64,
    #[arg(long, value_name = "N")]
    schools: Option<usize>,
    #[arg(long)]
    flaws: bool,
    /// A scoring standard: then it is a filled scoring workbook that is made.
    #[arg(long, value_name = "S", conflicts_with_all = ["schools", "flaws"])]
    standard: Option<String>,
    #[arg(long, value_name = "FILE", requires = "standard")]
    units: Option<PathBuf>,
    #[arg(long, value_name = "Y", requires = "standard", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    /// Districts over several years.
    #[arg(long, value_name = "A..B", conflicts_with_all = ["flaws", "standard"])]
    years: Option<String>,
    #[arg(long, value_name = "N", requires = "years", value_parser = clap::value_parser!(u16).range(1..=synth::MOST_DISTRICTS))]
    districts: Option<u16>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct StoreArguments {
    #[command(subcommand)]
    what: StoreCommand,
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    Add(StoreAddArguments),
    Log(StoreLogArguments),
    Diff(StoreDiffArguments),
    Verify(StoreVerifyArguments),
}

#[derive(Debug, Args)]
struct StoreAddArguments {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    place: StorePlace,
    #[arg(long, value_name = "S")]
    standard: Option<String>,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long)]
    reliefs: bool,
    /// Waits so long for another writer.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide_default_value = true)]
    wait: u64,
}

/// Where the store is.
#[derive(Debug, Args)]
struct StorePlace {
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct StoreLogArguments {
    #[command(flatten)]
    place: StorePlace,
    #[arg(long, value_name = "DISTRICT")]
    district: Option<String>,
    #[arg(long, value_name = "Y")]
    year: Option<i32>,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct StoreDiffArguments {
    #[arg(value_name = "DISTRICT")]
    district: String,
    #[arg(value_name = "YEAR")]
    year: i32,
    #[command(flatten)]
    place: StorePlace,
    /// Versions; the last two without them.
    #[arg(long, value_name = "VERSION")]
    from: Option<u32>,
    #[arg(long, value_name = "VERSION")]
    to: Option<u32>,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct StoreVerifyArguments {
    #[command(flatten)]
    place: StorePlace,
    #[arg(long)]
    json: bool,
}

/// What a study is of: of `panel`, `equity`, `outlook` and `annual`.
#[derive(Debug, Args)]
struct Studying {
    #[command(flatten)]
    place: StorePlace,
    #[arg(long, value_name = "COMMIT|DATE")]
    as_of: Option<String>,
    #[arg(long, value_name = "A..B")]
    years: Option<String>,
    #[arg(long, value_name = "D,E", value_delimiter = ',')]
    districts: Vec<String>,
    #[arg(long, value_name = "S")]
    standard: Option<String>,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long)]
    reliefs: bool,
    #[arg(long, value_name = "FILE")]
    crosswalk: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    regions: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    replicates: Option<usize>,
    #[arg(long, value_name = "0.95")]
    level: Option<f64>,
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct PanelArguments {
    #[command(flatten)]
    study: Studying,
    #[arg(long, value_name = "G", value_parser = ["province", "city", "all", "location", "ownership", "type"])]
    group: Vec<String>,
    #[arg(long = "no-xlsx")]
    no_xlsx: bool,
}

#[derive(Debug, Args)]
struct EquityArguments {
    #[command(flatten)]
    study: Studying,
    #[arg(long, value_name = "LEVEL", value_parser = ["district", "city", "province", "all"])]
    of: Vec<String>,
}

#[derive(Debug, Args)]
struct OutlookArguments {
    #[command(flatten)]
    study: Studying,
    #[arg(long, value_name = "Y")]
    to: Option<i32>,
    #[arg(long, value_name = "FILE", conflicts_with = "rate")]
    enrolment: Option<PathBuf>,
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    rate: Option<f64>,
}

#[derive(Debug, Args)]
struct AnnualArguments {
    #[arg(long, value_name = "Y")]
    year: i32,
    #[command(flatten)]
    study: Studying,
    #[arg(long = "no-charts")]
    no_charts: bool,
    #[command(flatten)]
    no_formats: NoFormats,
    #[arg(long = "no-xlsx")]
    no_xlsx: bool,
    #[arg(long = "no-portraits")]
    no_portraits: bool,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<chrono::NaiveDate>,
}

/// The whole program. Codes: 0 done, 1 bad input, 2 wrong usage, 3 not ready (with `--fail-unless-ready`), 4 a defect
/// of the program itself.
pub fn main(args: Vec<OsString>) -> ExitCode {
    let (language, data) = help::language_and_data(&args);
    // Should what the folder of --data holds be broken, the built-in words say so.
    let words = match data.map_or(Ok(()), data_folder).and_then(|()| Words::load(language)) {
        Ok(words) => words,
        Err(error) => return failed(&error, &Words::embedded(language)),
    };
    if let Err(error) = Dictionary::load() {
        return failed(&error, &words);
    }
    let arguments = match help::command(&words)
        .try_get_matches_from(&args)
        .and_then(|matches| Arguments::from_arg_matches(&matches))
    {
        Ok(arguments) => arguments,
        Err(error) => return help::usage_error(&error, &words, &args),
    };
    let inputs = match &arguments.command {
        Command::Assess(assess) => assess.reading.inputs.clone(),
        _ => Vec::new(),
    };
    match command(arguments.command, &words) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::BadInput) => ExitCode::from(1),
        Ok(Exit::NotReady) => ExitCode::from(3),
        Err(error) => {
            let mut told = screen::error(&error, &words);
            // Under the heading: a message may end in lines that are copied as they are.
            if let (Some(way), Some(end)) = (check::way(&error, &inputs, &words), told.find('\n')) {
                told.insert_str(end, &format!("\n  {way}"));
            }
            screen::tell(&told);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Says why the run stopped.
fn failed(error: &Error, words: &Words) -> ExitCode {
    screen::tell(&screen::error(error, words));
    ExitCode::from(error.exit_code())
}

fn command(command: Command, words: &Words) -> Result<Exit> {
    match command {
        Command::Assess(arguments) => assess::execute(assess::Plan::from_arguments(arguments)?, words),
        Command::Check(arguments) => check::execute(arguments, words),
        Command::Template(arguments) => template::execute(&arguments, words),
        Command::Standards(arguments) => standards::execute(arguments.what, words),
        Command::Explain(arguments) => explain::execute(&arguments, words),
        Command::Run(arguments) => run::execute(arguments, words),
        Command::Score(arguments) => score::execute(score::Plan::from_arguments(arguments)?, words),
        Command::Calendar(arguments) => calendar::execute(arguments, words),
        Command::Store(arguments) => store::execute(arguments.what, words),
        Command::Panel(arguments) => panel::execute(arguments, words),
        Command::Equity(arguments) => equity::execute(arguments, words),
        Command::Outlook(arguments) => outlook::execute(arguments, words),
        Command::Annual(arguments) => annual::execute(arguments, words),
        Command::Synth(arguments) => synth::execute(&arguments, words),
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

/// `--set SETTING=VALUE`, split.
fn settings(given: &[String]) -> Result<Vec<(String, String)>> {
    let split = |text: &String| match text.split_once('=') {
        Some((setting, value)) if !setting.trim().is_empty() => {
            Ok((setting.trim().to_string(), value.trim().to_string()))
        }
        _ => Err(usage("set_without_value", &[("found", text.clone())])),
    };
    given.iter().map(split).collect()
}

/// The call is wrong: code 2.
fn usage(code: &'static str, args: &[(&'static str, String)]) -> Error {
    let mut problem = Problem::error(code, Place::default());
    problem.args = args.to_vec();
    Error::usage(problem)
}
