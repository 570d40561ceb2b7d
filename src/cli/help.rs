//! Help and usage errors in the user's language: clap supplies the arguments, the catalogue the texts.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{
    Arg, ArgAction, Command, CommandFactory,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{
    Arguments,
    screen::{self, WIDTH, wrap},
};
use crate::words::{Language, Words};

/// `--lang` and `--data`, anywhere in the call: both are needed before the help can be written.
pub fn language_and_data(args: &[OsString]) -> (Language, Option<PathBuf>) {
    let given = |flag: &str| {
        let with_value = format!("{flag}=");
        let mut rest = args.iter().skip(1);
        while let Some(arg) = rest.next() {
            if arg == "--" {
                break;
            } else if arg == flag {
                return rest.next().cloned();
            } else if let Some(value) = arg.to_str().and_then(|a| a.strip_prefix(&with_value)) {
                return Some(value.into());
            }
        }
        None
    };
    let language = given("--lang").and_then(|l| l.to_str()?.parse().ok()).unwrap_or_default();
    (language, given("--data").map(PathBuf::from))
}

/// Width of `      --district <CODE> <NAME>  `, before the help text.
const MAX_OPTION_WIDTH: usize = 32;
/// Width of `  completions  `, before the description of a command.
const MAX_COMMAND_WIDTH: usize = 15;

/// A width at which no line of the help is broken.
pub const UNBROKEN: usize = usize::MAX;

/// The command with its help texts, in lines of at most `width` columns: `cli.<command>.about`, `cli.<command>.usage`,
/// and for each argument `cli.<command>.<argument>` or, if several commands share it, `cli.argument.<argument>`.
pub fn command(words: &Words, width: usize) -> Command {
    dress(Arguments::command(), "junheng", words, width)
}

fn dress(command: Command, key: &str, words: &Words, width: usize) -> Command {
    // Clap requires headings with a `'static` lifetime; they are short, so leaking them does not matter.
    let heading = |name: &str| -> &'static str { words.say(&format!("cli.heading.{name}")).leak() };
    let text = |name: &str| {
        let own = format!("cli.{key}.{name}");
        words.say(if words.has(&own) { own } else { format!("cli.argument.{name}") }.as_str())
    };
    let usage = text("usage");
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    let mut command = command
        .about(wrap(&text("about"), "", width - MAX_COMMAND_WIDTH).join("\n"))
        .override_usage(usage)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(heading("commands"))
        // Lines are broken here, because clap counts a Chinese character as one column.
        .term_width(0)
        .help_template(format!(
            "{{about-with-newline}}\n{}\n  {{usage}}\n\n{{all-args}}{{after-help}}",
            heading("usage")
        ))
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).display_order(1000));
    if key == "junheng" {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(version.display_order(1001)).after_help(words.say("cli.junheng.after"));
    }
    // In the order of their definition; arguments of every command come last.
    let mut order = 0;
    command = command.mut_args(|arg| {
        order += 1;
        let order = if arg.is_global_set() { 900 } else { order };
        let part = if arg.is_positional() { "arguments" } else { "options" };
        let name = arg.get_id().as_str().to_string();
        let lists = arg.get_action().takes_values();
        let help = wrap(&text(&name), "", width - MAX_OPTION_WIDTH).join("\n");
        let arg = arg.help(help).help_heading(heading(part)).hide_possible_values(lists);
        if matches!(name.as_str(), "help" | "version") { arg } else { arg.display_order(order) }
    });
    for name in names {
        // A subcommand: `cli.standards_show.about`.
        let key = if key == "junheng" { name.clone() } else { format!("{key}_{name}") };
        command = command.mut_subcommand(name, |inner| dress(inner, &key, words, width));
    }
    command
}

/// Reports what is wrong with the call, in the user's language, and how to get help. Help and version also end here,
/// because clap treats them as errors.
pub fn usage_error(error: &clap::Error, words: &Words, args: &[OsString]) -> ExitCode {
    let shows = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if shows {
        return match screen::say(error.render().to_string().trim_end()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => super::failed(&error, words),
        };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        screen::tell(error.render().to_string().trim_end());
        return ExitCode::from(2);
    }
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(list)) => list.join(&words.say("judge.comma")),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let argument = get(ContextKind::InvalidArg);
    let (key, pairs) = match error.kind() {
        ErrorKind::UnknownArgument => ("unknown", vec![("found", argument)]),
        ErrorKind::InvalidSubcommand => ("command", vec![("found", get(ContextKind::InvalidSubcommand))]),
        ErrorKind::MissingRequiredArgument => ("required", vec![("missing", argument)]),
        ErrorKind::MissingSubcommand => ("no_command", vec![]),
        ErrorKind::ArgumentConflict => {
            ("conflict", vec![("found", argument), ("other", get(ContextKind::PriorArg))])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (found, allowed) = (get(ContextKind::InvalidValue), get(ContextKind::ValidValue));
            match (found.is_empty(), allowed.is_empty()) {
                (true, _) => ("no_value", vec![("argument", argument)]),
                (false, true) => ("value", vec![("argument", argument), ("found", found)]),
                (false, false) => {
                    ("allowed", vec![("argument", argument), ("found", found), ("allowed", allowed)])
                }
            }
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::TooManyValues => {
            ("values", vec![("argument", argument), ("expected", get(ContextKind::ExpectedNumValues))])
        }
        _ => ("other", vec![("why", first_line(error))]),
    };
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let nearest = suggested.into_iter().map(get).find(|s| !s.is_empty());
    let mut lines = vec![words.say("screen.wrong_usage")];
    lines.extend(wrap(&words.fill(&format!("cli.wrong.{key}"), &pairs), "  ", WIDTH));
    lines.extend(
        nearest.map(|nearest| format!("  {}", words.fill("cli.wrong.nearest", &[("nearest", nearest)]))),
    );
    let name = asked(args);
    let usage = name.as_deref().map_or("cli.junheng.usage".into(), |name| format!("cli.{name}.usage"));
    lines.extend([words.say("cli.heading.usage"), format!("  {}", words.say(&usage))]);
    let call = name.map_or("junheng".into(), |name| format!("junheng {name}"));
    lines.push(words.fill("cli.wrong.more", &[("call", format!("{call} --help"))]));
    screen::tell(&lines.join("\n"));
    ExitCode::from(2)
}

/// The command that the user meant, if it can be recognized.
fn asked(args: &[OsString]) -> Option<String> {
    let known: Vec<String> =
        Arguments::command().get_subcommands().map(|c| c.get_name().to_string()).collect();
    args.iter().skip(1).filter_map(|a| a.to_str()).find(|a| known.iter().any(|k| k == a)).map(String::from)
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every argument and every command has its texts in both languages.
    #[test]
    fn all_help_is_in_the_catalogues() {
        fn look(command: &Command, at: &str) {
            let missing = |text: Option<String>| text.is_none_or(|t| t.is_empty() || t.starts_with("cli."));
            assert!(!missing(command.get_about().map(|a| a.to_string())), "{at}: about");
            for arg in command.get_arguments() {
                assert!(!missing(arg.get_help().map(|h| h.to_string())), "{at}: {}", arg.get_id());
            }
            command.get_subcommands().for_each(|c| look(c, &format!("{at} {}", c.get_name())));
        }
        for language in [Language::Chinese, Language::English] {
            let mut command = command(&Words::load(language).unwrap(), WIDTH);
            command.build();
            look(&command, "junheng");
            command.debug_assert();
        }
    }

    /// Every call that a message suggests is valid.
    #[test]
    fn every_flag_in_the_words_is_one() {
        fn flags(command: &Command, known: &mut std::collections::HashSet<String>) {
            known.extend(command.get_arguments().filter_map(|arg| Some(format!("--{}", arg.get_long()?))));
            command.get_subcommands().for_each(|inner| flags(inner, known));
        }
        let mut known = std::collections::HashSet::new();
        let mut command = command(&Words::load(Language::English).unwrap(), WIDTH);
        command.build();
        flags(&command, &mut known);
        for language in [Language::Chinese, Language::English] {
            let words = Words::load(language).unwrap();
            for key in words.keys() {
                let text = words.say(key);
                let named = text.split(|c: char| !c.is_ascii_lowercase() && c != '-');
                for flag in named.filter(|word| word.len() > 2 && word.starts_with("--")) {
                    assert!(known.contains(flag), "{key}: {flag}");
                }
            }
        }
    }

    #[test]
    fn language_is_found_before_anything_is_read() {
        let args = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        let (language, data) = language_and_data(&args(&["junheng", "check", "x", "--lang", "en"]));
        assert_eq!((language, data), (Language::English, None));
        let (language, data) = language_and_data(&args(&["junheng", "--data=d", "--", "--lang=en"]));
        assert_eq!((language, data), (Language::Chinese, Some("d".into())));
    }
}
