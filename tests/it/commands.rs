//! The command line: usage, exit codes, help, languages.

use std::{path::Path, process::Output};

use unicode_width::UnicodeWidthStr;

use crate::support::junheng;

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = junheng(folder, args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn empty() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

const COMMANDS: [&[&str]; 12] = [
    &[],
    &["assess"],
    &["check"],
    &["template"],
    &["standards"],
    &["standards", "list"],
    &["standards", "show"],
    &["standards", "check"],
    &["standards", "schema"],
    &["explain"],
    &["run"],
    &["synth"],
];

#[test]
fn help_of_every_command_fits_the_screen_in_both_languages() {
    let folder = empty();
    for command in COMMANDS {
        for (lang, sign) in [("zh", "用法："), ("en", "Usage:")] {
            let (code, out, err) = run(folder.path(), &[command, &["--help", "--lang", lang]].concat());
            assert_eq!((code, err.as_str()), (Some(0), ""), "{command:?}");
            assert!(out.contains(sign), "{command:?} {lang}: {out}");
            for line in out.lines() {
                assert!(line.width() <= 100, "{command:?} {lang}: {} columns: {line}", line.width());
            }
        }
    }
}

#[test]
fn the_help_of_the_main_job() {
    insta::assert_snapshot!(run(empty().path(), &["assess", "--help"]).1);
}

#[test]
fn wrong_usage_is_code_2_and_says_what_and_how() {
    let cases: [(&[&str], &str); 11] = [
        (&[], "junheng <命令>"),
        (&["ases", "x"], "assess"),
        (&["assess"], "缺少：<INPUT>"),
        (&["assess", "x", "--yeer", "2024"], "--year"),
        (&["assess", "x", "--year", "去年"], "去年"),
        (&["assess", "x", "--district", "430503"], "--district"),
        (&["assess", "x", "--lang", "fr"], "zh、en"),
        (&["assess", "x", "--tables", "facts,dispersions"], "dispersions"),
        (&["assess", "x", "--set", "rounding"], "rounding"),
        (&["explain", "out", "一小"], "缺少：<INDICATOR>"),
        (&["explain", "out", "一小", "L4", "--sql"], "--sql"),
    ];
    let folder = empty();
    for (args, expected) in cases {
        let (code, out, err) = run(folder.path(), args);
        assert_eq!(code, Some(2), "{args:?}: {err}");
        assert_eq!(out, "", "{args:?}");
        assert!(err.contains(expected), "{args:?}: {err}");
        assert!(!err.contains("error:"), "{args:?}: {err}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn wrong_usage_is_told_in_the_language_asked_for() {
    let (code, _, err) = run(empty().path(), &["--lang=en", "assess", "x", "--yeer", "2024"]);
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(err);
}

#[test]
fn the_version_goes_to_stdout() {
    let (code, out, _) = run(empty().path(), &["--version"]);
    assert_eq!((code, out.as_str()), (Some(0), concat!("junheng ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn explain_wants_a_result() {
    let folder = empty();
    let (code, _, err) = run(folder.path(), &["explain", ".", "一小", "L4"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("run.json"), "{err}");
}

#[test]
fn a_broken_run_json_is_named() {
    let folder = empty();
    std::fs::write(folder.path().join("run.json"), "{").unwrap();
    let (code, _, err) = run(folder.path(), &["explain", ".", "一小", "L4"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("run.json") && !err.contains("problem."), "{err}");
}

#[test]
fn no_colours_where_nobody_looks() {
    let (_, out, err) = run(empty().path(), &["assess", "x", "--yeer"]);
    assert!(!out.contains('\x1b') && !err.contains('\x1b'));
}
