//! Files that the program wrote are not its input, no user's file is lost, and nothing is written outside the folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use crate::support::{junheng, project, rows, tree};

const HEADER: &str =
    "区县代码,区县名称,年度,学校代码,学校名称,学校类型,在校生数,专任教师数,教学及辅助用房面积\n";

/// Three primary schools of a district; the first has so many pupils.
fn table(district: &str, pupils: u32) -> String {
    let school = |(code, pupils): (&str, u32)| {
        format!("{district},{district}区,2025,{district}{code},第{code}小学,小学,{pupils},20,3000\n")
    };
    let schools = [("01", pupils), ("02", 200), ("03", 100)].map(school);
    format!("{HEADER}{}", schools.concat())
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("表.csv"), table("430503", 300)).unwrap();
    folder
}

fn said(run: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
}

fn done(run: Output) -> String {
    assert!(run.status.success(), "{}", said(&run));
    said(&run)
}

/// Pupils of every school that was read.
fn pupils(out: &Path) -> Vec<String> {
    rows(&out.join("facts.csv")).iter().map(|row| row["students"].clone()).collect()
}

/// The codes of the findings that stand in a result, and the files they name.
fn findings(out: &Path) -> Vec<(String, String)> {
    rows(&out.join("findings.csv")).iter().map(|row| (row["code"].clone(), row["file"].clone())).collect()
}

#[test]
fn a_second_run_into_the_folder_of_the_inputs_reads_the_corrected_table() {
    let folder = folder();
    let here = folder.path();
    let assess = || done(junheng(here, &["assess", ".", "--out", ".", "--no-pdf", "--no-html", "--no-docx"]));
    assess();
    assert_eq!(pupils(here), ["300", "200", "100"]);
    fs::write(here.join("表.csv"), table("430503", 450)).unwrap();
    assess();
    assert_eq!(pupils(here), ["450", "200", "100"]);
    let left_out: Vec<(String, String)> =
        findings(here).into_iter().filter(|(code, _)| code == "result_not_read").collect();
    assert_eq!(left_out, [("result_not_read".to_string(), ".".to_string())], "said once");
    // Asked for by its name it is read.
    let args = ["assess", "facts.parquet", "--out", "again", "--no-documents"];
    assert!(!done(junheng(here, &args)).contains("result_not_read"));
    assert_eq!(pupils(&here.join("again")), ["450", "200", "100"]);
    let both = junheng(here, &["assess", "表.csv", "facts.parquet", "--no-documents"]);
    assert_eq!(both.status.code(), Some(1), "every school twice");
}

#[test]
fn a_second_run_above_its_own_result_gives_the_same() {
    let folder = folder();
    let here = folder.path();
    for command in ["assess", "check"] {
        let run = || {
            done(junheng(here, &[command, ".", "--out", "结果", "--lang", "en"]));
            let mut files = tree(&here.join("结果"));
            files.retain(|name, _| name.ends_with(".csv") && name != "findings.csv");
            (files, pupils_of(here))
        };
        let first = run();
        assert_eq!(run(), first, "{command}");
        assert_eq!(run(), first, "{command}");
        fs::remove_dir_all(here.join("结果")).unwrap();
    }
}

fn pupils_of(here: &Path) -> Vec<String> {
    if here.join("结果/facts.csv").exists() { pupils(&here.join("结果")) } else { Vec::new() }
}

#[test]
fn a_second_addition_and_a_second_pipeline_above_their_own_results_give_the_same() {
    let folder = folder();
    let here = folder.path();
    // The store stands in the folder that is added.
    assert!(done(junheng(here, &["store", "add", "."])).contains("新加入"));
    assert!(done(junheng(here, &["store", "add", "."])).contains("没有变化"));
    for (name, inputs, out) in [("甲.toml", ".", "."), ("乙.toml", "表*", "表果"), ("丙.toml", "*.csv", ".")]
    {
        let text = format!("inputs = [\"{inputs}\"]\nout = \"{out}\"\ndocuments = [\"gaps\"]\n");
        fs::write(here.join(name), text).unwrap();
        for _ in 0..2 {
            // From its own folder a pattern once found nothing.
            done(junheng(here, &["run", name]));
            assert_eq!(pupils(&here.join(out)), ["300", "200", "100"], "{name}");
        }
    }
}

#[test]
fn a_second_scoring_above_its_own_result_gives_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    done(junheng(here, &["synth", "--standard", "bayannur-2020", "--out", "."]));
    let score = || {
        done(junheng(here, &["score", ".", "--standard", "bayannur-2020", "--no-documents"]));
        fs::read(here.join("junheng-score/standings.csv")).unwrap()
    };
    assert_eq!(score(), score());
    let named = junheng(here, &["score", "junheng-score", "--standard", "bayannur-2020"]);
    assert_eq!(named.status.code(), Some(1), "{}", said(&named));
}

/// The county with flaws, checked into its own folder: there is an annotated copy beside it.
fn checked(command: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(project("data/demo/大祥区.xlsx"), folder.path().join("大祥区.xlsx")).unwrap();
    done(junheng(folder.path(), &[command, ".", "--out", "."]));
    let copy = folder.path().join("大祥区-批注.xlsx");
    assert!(copy.exists());
    (folder, copy)
}

#[test]
fn an_annotated_copy_that_is_the_input_stays() {
    let (folder, copy) = checked("check");
    let here = folder.path();
    for edited in [false, true] {
        if edited {
            // What follows a zip archive is no part of it.
            let bytes = [fs::read(&copy).unwrap(), b"corrected".to_vec()].concat();
            fs::write(&copy, bytes).unwrap();
        }
        let before = fs::read(&copy).unwrap();
        done(junheng(here, &["check", "大祥区-批注.xlsx", "--out", "."]));
        assert_eq!(fs::read(&copy).unwrap(), before, "edited: {edited}");
        assert!(!here.join("大祥区-批注-旧.xlsx").exists());
    }
    // The original would be copied to the same name: nothing is written over an input.
    let before = tree(here);
    let run = junheng(here, &["check", "大祥区.xlsx", "大祥区-批注.xlsx", "--out", "."]);
    if run.status.success() {
        assert_eq!(fs::read(&copy).unwrap(), before["大祥区-批注.xlsx"]);
    } else {
        assert!(said(&run).contains("大祥区-批注.xlsx"), "{}", said(&run));
        assert_eq!(tree(here), before);
    }
}

#[test]
fn corrections_in_an_annotated_copy_that_is_not_read_are_warned_of() {
    let (folder, copy) = checked("check");
    let here = folder.path();
    let warned = || {
        let found = done(junheng(here, &["check", ".", "--json"]));
        found.contains("annotated_copy_not_read") && found.contains("大祥区-批注.xlsx")
    };
    assert!(!warned());
    fs::write(&copy, [fs::read(&copy).unwrap(), b"corrected".to_vec()].concat()).unwrap();
    assert!(warned());
}

#[test]
fn a_folder_with_results_alone_is_not_read_unless_it_is_the_result() {
    let folder = folder();
    let here = folder.path();
    done(junheng(here, &["assess", "表.csv", "--out", "各区/甲", "--no-documents"]));
    done(junheng(here, &["assess", "各区/甲", "--out", "again", "--no-documents"]));
    assert_eq!(pupils(&here.join("again")), ["300", "200", "100"]);
    let above = junheng(here, &["assess", "各区"]);
    assert_eq!(above.status.code(), Some(1));
    assert!(said(&above).contains("各区/甲"), "{}", said(&above));
    // Its run.json gone, the tables beside the facts still belong to them.
    let alone = here.join("表");
    fs::create_dir(&alone).unwrap();
    for name in ["facts", "sources", "columns", "record_sources", "district_facts", "answers"] {
        let name = format!("{name}.parquet");
        fs::copy(here.join("各区/甲").join(&name), alone.join(&name)).unwrap();
    }
    done(junheng(here, &["assess", "表", "--out", "third", "--no-documents"]));
    assert_eq!(pupils(&here.join("third")), ["300", "200", "100"]);
}

/// A small standard of its own under an id.
fn standard(here: &Path, file: &str, id: &str) {
    let text = fs::read_to_string(project("data/standards/taiwan-primary.toml")).unwrap();
    let text = text.replacen("id = \"taiwan-primary\"", &format!("id = {id:?}"), 1);
    fs::write(here.join(file), text).unwrap();
}

#[test]
fn an_id_that_leads_elsewhere_is_no_id() {
    let folder = folder();
    let here = folder.path();
    fs::create_dir(here.join("运行")).unwrap();
    let elsewhere = here.join("elsewhere").display().to_string();
    for id in ["../../x", "..", ".", "", "a/b", "a\\b", "CON", " a", &elsewhere, &"a".repeat(65)] {
        standard(here, "own.toml", id);
        let before = tree(here);
        let args = ["assess", "表.csv", "--out", "运行/out", "--no-documents", "--lang", "en"];
        let both = ["--standard", "own.toml", "--standard", "quality-balance-2017"];
        let run = junheng(here, &[&args[..], &both[..]].concat());
        assert_eq!(run.status.code(), Some(1), "{id}: {}", said(&run));
        assert!(said(&run).contains("own.toml / 3:"), "{id}: {}", said(&run));
        assert_eq!(tree(here), before, "{id}");
    }
}

#[test]
fn two_standards_of_one_id_are_refused() {
    let folder = folder();
    let here = folder.path();
    standard(here, "first.toml", "own");
    for id in ["own", "OWN"] {
        standard(here, "second.toml", id);
        let both = ["--standard", "first.toml", "--standard", "second.toml"];
        let run = junheng(here, &[&["assess", "表.csv"], &both[..]].concat());
        assert_eq!(run.status.code(), Some(2), "{}", said(&run));
        assert!(
            ["first.toml", "second.toml", "own"].iter().all(|word| said(&run).to_lowercase().contains(word))
        );
    }
    // One and the same, named twice, is read once.
    let twice = ["--standard", "first.toml", "--standard", "./first.toml"];
    done(junheng(here, &[&["assess", "表.csv", "--no-documents"], &twice[..]].concat()));
}

#[test]
fn districts_whose_codes_look_alike_have_a_folder_each() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let codes = ["A-1", "A_1", "A/1", "a_1"];
    for (at, code) in codes.iter().enumerate() {
        fs::write(here.join(format!("{at}.csv")), table(code, 300)).unwrap();
    }
    let args =
        ["assess", "0.csv", "1.csv", "2.csv", "3.csv", "--no-html", "--no-pdf", "--no-docx", "--no-charts"];
    done(junheng(here, &args));
    let files = tree(&here.join("junheng-out"));
    let forms: Vec<&String> = files.keys().filter(|name| name.ends_with("申报表.xlsx")).collect();
    assert_eq!(forms.len(), codes.len(), "{forms:?}");
    let mut folders: Vec<String> = forms.iter().map(|name| name.to_lowercase()).collect();
    folders.dedup();
    assert_eq!(folders.len(), codes.len(), "{forms:?}");
}

/// A link to itself stands for a disk that does not answer: neither there nor not there.
#[cfg(unix)]
#[test]
fn a_ledger_that_cannot_be_looked_at_stops_the_run() {
    let folder = folder();
    let here = folder.path();
    let assess = || {
        let args = ["--out", "out", "--no-html", "--no-pdf", "--no-docx", "--no-charts"];
        junheng(here, &[&["assess", "表.csv"], &args[..]].concat())
    };
    done(assess());
    for name in ["gaps.xlsx", "申报表.xlsx", "run.json"] {
        let path = here.join("out").join(name);
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(name, &path).unwrap();
        let run = assess();
        assert_eq!(run.status.code(), Some(1), "{name}: {}", said(&run));
        assert!(said(&run).contains(name), "{name}: {}", said(&run));
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink(), "{name}");
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    done(assess());
}

/// As a run is killed after so many renames of its commit: old files aside in their order, then the new ones in.
fn killed(out: &Path, new: &Path, renames: usize) {
    let aside = out.join(".partial-999999");
    let record: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let mut old: Vec<String> =
        record["files"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_string()).collect();
    let mut files: Vec<String> = tree(new).into_keys().collect();
    old.sort();
    files.sort();
    fs::create_dir_all(aside.join("new")).unwrap();
    fs::write(aside.join("lock"), "").unwrap();
    fs::write(aside.join("journal"), files.iter().map(|name| format!("{name}\n")).collect::<String>())
        .unwrap();
    for name in &files {
        fs::create_dir_all(aside.join("new").join(name).parent().unwrap()).unwrap();
        fs::copy(new.join(name), aside.join("new").join(name)).unwrap();
    }
    let out_of = old.iter().map(|name| (out.join(name), aside.join("old").join(name)));
    let into = files.iter().map(|name| (aside.join("new").join(name), out.join(name)));
    for (from, to) in out_of.chain(into).take(renames) {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(from, to).unwrap();
    }
}

#[test]
fn after_a_kill_the_next_run_works_and_keeps_nothing_needless() {
    let folder = folder();
    let here = folder.path();
    let assess = |out: &str, date: &str| {
        let less = ["--no-html", "--no-pdf", "--no-charts", "--no-docx"];
        junheng(here, &[&["assess", "表.csv", "--out", out, "--date", date], &less[..]].concat())
    };
    done(assess("new", "2026-02-02"));
    done(assess("old", "2026-01-01"));
    let renames = tree(&here.join("old")).len() + tree(&here.join("new")).len();
    let run_json = 1 + tree(&here.join("old")).keys().position(|name| name == "run.json").unwrap();
    let run_json_arrived = tree(&here.join("old")).len() + run_json;
    for at in [1, run_json, run_json_arrived, renames] {
        let out = format!("out{at}");
        for (name, content) in tree(&here.join("old")) {
            let path = here.join(&out).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        killed(&here.join(&out), &here.join("new"), at);
        done(assess(&out, "2026-03-03"));
        let names: Vec<String> = tree(&here.join(&out)).into_keys().collect();
        assert!(!names.iter().any(|name| name.contains('旧') || name.contains("partial")), "{at}: {names:?}");
    }
}
