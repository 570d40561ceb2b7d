//! The command line: usage, exit codes, help, languages.

use std::{path::Path, process::Output};

use unicode_width::UnicodeWidthStr;

use crate::support::{copy, junheng, once, project, tree};

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = junheng(folder, args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn empty() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The commands under `parent` and those under them, as the program's own help lists them.
fn commands(parent: &[&str]) -> Vec<Vec<String>> {
    let (_, help, _) = run(empty().path(), &[parent, &["--help", "--lang", "en"]].concat());
    let mut all = vec![parent.iter().map(|part| part.to_string()).collect()];
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in listed.take_while(|line| !line.is_empty()) {
        // Further lines of a command's text are indented more.
        let name = line.strip_prefix("  ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        if !name.is_empty() {
            all.extend(commands(&[parent, &[name]].concat()));
        }
    }
    all
}

/// The tables of one district and one standard.
const TABLES: [&str; 14] = [
    "facts",
    "sources",
    "columns",
    "record_sources",
    "district_facts",
    "answers",
    "findings",
    "measures",
    "schools",
    "districts",
    "dispersion",
    "items",
    "gaps",
    "shares",
];

#[test]
fn help_of_every_command_fits_the_screen_in_both_languages() {
    let folder = empty();
    let commands = commands(&[]);
    // As many as the program has, at least: a list that could not be read would be short.
    assert!(commands.len() >= 23, "{commands:?}");
    for known in ["", "assess", "standards show", "store diff", "annual"] {
        assert!(commands.iter().any(|command| command.join(" ") == known), "{known}: {commands:?}");
    }
    for command in &commands {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        for (lang, sign) in [("zh", "用法："), ("en", "Usage:")] {
            let (code, out, err) = run(folder.path(), &[&command[..], &["--help", "--lang", lang]].concat());
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
fn every_shell_has_its_completions() {
    let folder = empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        for (lang, about) in [("zh", "逐校"), ("en", "judge every school")] {
            let (code, out, err) = run(folder.path(), &["completions", shell, "--lang", lang]);
            assert_eq!((code, err.as_str()), (Some(0), ""), "{shell}");
            for word in ["junheng", "assess", "fail-unless-ready"] {
                assert!(out.contains(word), "{shell}: {word}");
            }
            // What bash completes has no descriptions.
            assert!(shell == "bash" || out.contains(about), "{shell}: {about}");
        }
    }
    assert_eq!(run(folder.path(), &["completions", "dos"]).0, Some(2));
}

#[test]
fn the_manual_has_a_page_per_command() {
    let folder = empty();
    for (lang, about) in [("zh", "逐校"), ("en", "judge every school")] {
        let (code, out, _) = run(folder.path(), &["man", "--lang", lang]);
        assert_eq!(code, Some(0));
        assert!(out.starts_with(".ie") && out.contains(".TH junheng 1"), "{out}");
        assert_eq!(run(folder.path(), &["man", "--out", lang, "--lang", lang]).0, Some(0));
        let pages = tree(&folder.path().join(lang));
        for name in ["junheng.1", "junheng-assess.1", "junheng-store-add.1", "junheng-man.1"] {
            assert!(pages.contains_key(name), "{name}: {:?}", pages.keys());
        }
        let page = String::from_utf8(pages["junheng-assess.1"].clone()).unwrap();
        assert!(page.contains(about) && page.contains("\\-\\-standard"), "{page}");
    }
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

/// The example county, assessed by the national rules into `out` of a new folder.
fn assessed(more: &[&str]) -> (tempfile::TempDir, String, String) {
    let county = project("tests/county/county.xlsx");
    let folder = empty();
    let args = ["assess", county.to_str().unwrap(), "--out", "out"];
    let (code, out, err) = run(folder.path(), &[&args[..], more].concat());
    assert_eq!(code, Some(0), "{err}");
    (folder, out, err)
}

/// As [`assessed`] without further arguments, made once: the result, and what was printed.
fn whole() -> (tempfile::TempDir, String) {
    let made = once("county", |folder| {
        let (result, said, _) = assessed(&[]);
        std::fs::rename(result.path().join("out"), folder.join("out")).unwrap();
        std::fs::write(folder.join("said.txt"), said).unwrap();
    });
    let folder = copy(&made);
    let said = folder.path().join("said.txt");
    let text = std::fs::read_to_string(&said).unwrap();
    std::fs::remove_file(said).unwrap();
    (folder, text)
}

#[test]
fn the_standards_are_listed() {
    let (code, out, _) = run(empty().path(), &["standards", "list"]);
    assert_eq!(code, Some(0));
    for (id, title) in [("quality-balance-2017", "优质均衡"), ("daxiang", "大祥区")] {
        assert!(out.lines().any(|line| line.starts_with(id) && line.contains(title)), "{out}");
    }
}

#[test]
fn a_standard_is_checked_by_its_name_too() {
    for (name, code, said) in [
        ("shenyang", 0, "没有发现错误"),
        ("basic-balance-2012", 0, "没有发现错误"),
        ("shenyan", 1, "shenyang"),
    ] {
        let (found, out, err) = run(empty().path(), &["standards", "check", name]);
        assert_eq!(found, Some(code), "{name}: {err}");
        assert!(format!("{out}{err}").contains(said), "{name}: {out}{err}");
    }
}

#[test]
fn the_main_job_shows_the_verdict_and_writes_every_table() {
    let (folder, out) = whole();
    for line in out.lines() {
        assert!(line.width() <= 100, "{} columns: {line}", line.width());
    }
    let unknown = ["problem.", "screen.", "judge.", "report."];
    let said =
        ["report.html", "report.docx", "report.pdf"].iter().fold(out.clone(), |out, f| out.replace(f, ""));
    assert!(!unknown.iter().any(|key| said.contains(key)), "a message without words: {out}");
    let files = tree(&folder.path().join("out"));
    for table in TABLES {
        let csv = &files[&format!("{table}.csv")];
        assert!(csv.starts_with("\u{feff}".as_bytes()), "{table}");
        assert!(files.contains_key(&format!("{table}.parquet")), "{table}");
    }
    let listed: serde_json::Value = serde_json::from_slice(&files["run.json"]).unwrap();
    let listed: Vec<&str> = listed["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    let mut listed_sorted = listed.clone();
    listed_sorted.sort_unstable();
    assert_eq!(listed_sorted, files.keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside the result");
}

#[test]
fn csv_and_parquet_say_the_same_numbers() {
    use polars::prelude::*;
    let (folder, ..) = assessed(&["--no-documents"]);
    for table in TABLES {
        let path = folder.path().join("out").join(table);
        let frame = ParquetReader::new(std::fs::File::open(path.with_extension("parquet")).unwrap())
            .finish()
            .unwrap();
        let text = std::fs::read_to_string(path.with_extension("csv")).unwrap();
        let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let names: Vec<&str> = frame.columns().iter().map(|c| c.name().as_str()).collect();
        assert_eq!(lines.headers().unwrap().iter().collect::<Vec<_>>(), names, "{table}");
        let records: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), frame.height(), "{table}");
        for (at, column) in
            frame.columns().iter().enumerate().filter(|(_, c)| c.dtype() == &DataType::Float64)
        {
            for (record, value) in records.iter().zip(column.f64().unwrap().iter()) {
                assert_eq!(record[at].parse::<f64>().ok(), value, "{table}.{}", column.name());
            }
        }
    }
}

#[test]
fn json_alone_on_stdout_is_the_file() {
    let (folder, out, _) = assessed(&["--json", "--no-documents"]);
    let file = std::fs::read_to_string(folder.path().join("out/verdict.json")).unwrap();
    assert_eq!(out, file);
    let verdicts: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(verdicts.as_array().unwrap().len(), 1);
}

#[test]
fn only_the_tables_asked_for_and_no_old_ones_beside_them() {
    let (folder, _) = whole();
    let out = folder.path().join("out");
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let county = project("tests/county/county.xlsx");
    let args = ["assess", county.to_str().unwrap(), "--out", "out", "--tables", "districts,dispersion"];
    assert_eq!(run(folder.path(), &args).0, Some(0));
    let names: Vec<String> = tree(&out).into_keys().collect();
    let expected = [
        "dispersion.csv",
        "dispersion.parquet",
        "districts.csv",
        "districts.parquet",
        "notes.txt",
        "run.json",
        "verdict.json",
    ];
    assert_eq!(names, expected);
    let (code, _, err) = run(folder.path(), &["explain", "out", "2143000000", "L4"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("--tables"), "{err}");
}

#[test]
fn a_run_that_fails_leaves_the_old_result_whole() {
    let (folder, ..) = assessed(&["--no-documents"]);
    let before = tree(folder.path());
    let bad = empty();
    let bad = bad.path().join("bad.xlsx");
    std::fs::write(&bad, "no workbook").unwrap();
    let (code, _, err) = run(folder.path(), &["assess", bad.to_str().unwrap(), "--out", "out"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("bad.xlsx"), "{err}");
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn not_ready_is_a_success_unless_asked() {
    let county = project("tests/county/county.xlsx");
    let folder = empty();
    let args = ["assess", county.to_str().unwrap(), "--fail-unless-ready", "--no-documents"];
    assert_eq!(run(folder.path(), &args).0, Some(3));
    assert!(folder.path().join("junheng-out/verdict.json").exists());
}

#[test]
fn several_standards_stand_in_folders_of_their_own() {
    let both = ["--standard", "quality-balance-2017", "--standard", "daxiang", "--no-charts", "--no-pdf"];
    let (folder, ..) = assessed(&both);
    let files = tree(&folder.path().join("out"));
    let both = ["quality-balance-2017/gaps.xlsx", "daxiang/gaps.xlsx", "daxiang/items.csv", "facts.parquet"];
    for name in both {
        assert!(files.contains_key(name), "{name}");
    }
    let verdicts: Vec<serde_json::Value> = serde_json::from_slice(&files["verdict.json"]).unwrap();
    let ids: Vec<&str> = verdicts.iter().map(|v| v["standard"].as_str().unwrap()).collect();
    assert_eq!(ids, ["quality-balance-2017", "daxiang"]);
    let (code, out, err) =
        run(folder.path(), &["explain", "out", "2143000000", "4", "--standard", "daxiang"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("L4"), "{out}");
}

#[test]
fn explain_walks_back_to_the_cell() {
    let (folder, ..) = assessed(&["--no-documents"]);
    let (code, _, err) = run(folder.path(), &["explain", "out", "2143000000", "L99"]);
    assert_eq!(code, Some(1));
    assert_eq!(err.matches("L4 ").count(), 1, "an indicator of two sections is offered once: {err}");
    let (code, out, err) = run(folder.path(), &["explain", "out", "2143000000", "L4"]);
    assert_eq!(code, Some(0), "{err}");
    // examples/county/expected.json: 1545.07 over 370.
    for expected in ["✗ 4.18", "1,545.07 ÷ 370", "county.xlsx / ", "[teaching_area]", "[students]"] {
        assert!(out.contains(expected), "{expected}: {out}");
    }
    let (code, _, err) = run(folder.path(), &["explain", "out", "没有的学校", "L4"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("没有的学校"), "{err}");
}

#[test]
fn check_tells_and_writes_nothing() {
    let county = project("tests/county/county.xlsx");
    let folder = empty();
    let (code, out, err) = run(folder.path(), &["check", county.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{out}{err}");
    let (_, json, _) = run(folder.path(), &["check", county.to_str().unwrap(), "--json"]);
    let findings: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(findings.is_array());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let (code, ..) = run(folder.path(), &["check", "nothing.xlsx"]);
    assert_eq!(code, Some(1));
}

#[test]
fn a_filled_in_template_is_not_overwritten() {
    let folder = empty();
    assert_eq!(run(folder.path(), &["template", "--out", "a.xlsx"]).0, Some(0));
    let before = tree(folder.path());
    let (code, _, err) = run(folder.path(), &["template", "--out", "a.xlsx"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("a.xlsx"), "{err}");
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn the_same_seed_makes_the_same_county() {
    let folder = empty();
    for out in ["a", "b"] {
        let (code, _, err) = run(folder.path(), &["synth", "--seed", "7", "--schools", "8", "--out", out]);
        assert_eq!(code, Some(0), "{err}");
    }
    let names = |out: &str| tree(&folder.path().join(out)).into_keys().collect::<Vec<_>>();
    assert!(!names("a").is_empty());
    assert_eq!(names("a"), names("b"));
}
