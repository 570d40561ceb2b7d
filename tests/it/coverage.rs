//! `standards show --coverage`: what the program does for every sentence of a document.

use crate::support::{junheng, project, rows};

#[test]
fn the_list_on_the_screen_and_as_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let out = junheng(folder.path(), args);
        (out.status.code(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    for (lang, article, first) in
        [("zh", "■ 第七条", "  提醒  第七条"), ("en", "■ 第七条", "  reminded of  第七条")]
    {
        let show = ["standards", "show", "inner-mongolia", "--coverage", "--lang", lang];
        let (code, out, err) = run(&show);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        assert!(out.contains(article) && out.contains(first), "{out}");

        let file = format!("{lang}.csv");
        let (code, _, err) = run(&[&show[..], &["--out", &file]].concat());
        assert_eq!((code, err.as_str()), (Some(0), ""));
        let rows = rows(&folder.path().join(&file));
        // The table of counts agrees with the rows of the file, kind by kind.
        for (kind, zh, en) in [
            ("computed", "计算", "computed"),
            ("asked", "填报", "asked for"),
            ("reminded", "提醒", "reminded of"),
            ("printed", "印出", "printed"),
            ("context", "说明", "context"),
            ("none", "没有", "nothing"),
        ] {
            let name = if lang == "zh" { zh } else { en };
            let count = rows.iter().filter(|row| row["does"] == kind).count();
            let line = out.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            let shown = line.trim_start().trim_start_matches(name).split_whitespace().next().unwrap();
            assert_eq!(shown, count.to_string(), "{line}");
        }
        // A file that is there is not overwritten.
        assert_eq!(run(&[&show[..], &["--out", &file]].concat()).0, Some(1));
    }
    let (code, out, _) = run(&["standards", "show", "inner-mongolia", "--coverage", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(list.as_array().unwrap().len(), rows(&folder.path().join("zh.csv")).len());
    let (code, _, err) = run(&["standards", "show", "shenyang", "--coverage"]);
    assert!(code == Some(2) && err.contains("bayannur-2020"), "{err}");
}

/// A sentence may be carried by a command of the program.
#[test]
fn the_commands_that_lists_name_exist() {
    let folder = tempfile::tempdir().unwrap();
    let lists = project("data/standards/coverage");
    let mut named = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(lists).unwrap() {
        for row in rows(&file.unwrap().path()) {
            let commands = row["by"].split_whitespace().filter_map(|by| by.strip_prefix("command:"));
            named.extend(commands.map(str::to_string));
        }
    }
    for command in named {
        let help = junheng(folder.path(), &[&command, "--help"]);
        assert!(help.status.success(), "{command}");
    }
}
