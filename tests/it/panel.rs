//! Many districts and years: the panel of a real decade compared with independently computed values.

use crate::support::{copy, junheng, once, project, python_with, rows};

/// A store of made districts: eight of them in three years, of which two merge, one is not there in the middle, one is
/// renamed with its code and one without.
fn made() -> tempfile::TempDir {
    copy(&once("panel", |folder| {
        let run = |args: &[&str]| {
            let output = junheng(folder, args);
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(&["synth", "--years", "2022..2024", "--districts", "8", "--schools", "10", "--out", "made"]);
        run(&["store", "add", "made/years", "--store", "kept"]);
    }))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_program_from_store_to_panel() {
    let folder = made();
    let panel = |out: &str, threads: &str, more: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_junheng"))
            .args(["panel", "--store", "kept", "--replicates", "40", "--out", out])
            .args(more)
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let crosswalk = ["--crosswalk", "made/crosswalk.csv"];
    insta::assert_snapshot!(
        "panel_screen",
        panel("p", "2", &[&crosswalk[..], &["--group", "city", "--group", "location"]].concat())
    );
    let at = |out: &str, name: &str| folder.path().join(out).join(name);
    for name in ["panel", "panel-city", "panel-city-location", "standings", "coverage", "joined"] {
        assert!(
            at("p", &format!("{name}.csv")).exists() && at("p", &format!("{name}.parquet")).exists(),
            "{name}"
        );
    }
    // Alone and with one thread: the same districts to the last byte.
    panel("alone", "1", &crosswalk);
    let bytes = |out: &str| std::fs::read(at(out, "panel.csv")).unwrap();
    assert!(bytes("p") == bytes("alone"));
    // What made it.
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(at("p", "run.json")).unwrap()).unwrap();
    let study = &run["study"];
    assert_eq!(
        (study["commit"].as_u64(), study["seed"].as_u64(), study["replicates"].as_u64()),
        (Some(1), Some(1), Some(40))
    );
    assert_eq!(study["crosswalk"]["file"], "made/crosswalk.csv");
    // Merged districts are reported, with the line of the crosswalk that merges them.
    let joined = rows(&at("p", "joined.csv"));
    assert!(joined.iter().any(|row| row["kind"] == "merged" && !row["line"].is_empty()), "{joined:?}");
    // The year that is not there: coverage says none, and changes are null on both sides of it.
    let absent: Vec<_> = rows(&at("p", "coverage.csv")).into_iter().filter(|row| row["of"] == "0").collect();
    assert!(!absent.is_empty() && absent.iter().all(|row| row["year"] == "2023" && row["status"] == "none"));
    let code = &absent[0]["district_code"];
    let mine: Vec<_> =
        rows(&at("p", "panel.csv")).into_iter().filter(|row| row["district_code"] == *code).collect();
    assert!(!mine.is_empty() && mine.iter().all(|row| row["cv_change"].is_empty() && row["year"] != "2023"));
    // Without the crosswalk one is suggested, in its own form: it is read back.
    panel("suggest", "2", &[]);
    let suggested = at("suggest", "crosswalk-suggested.csv");
    assert!(!rows(&suggested).is_empty());
    panel("again", "2", &["--crosswalk", "suggest/crosswalk-suggested.csv"]);
    assert!(!at("again", "crosswalk-suggested.csv").exists());
}

#[test]
fn what_cannot_be_studied_is_said() {
    let folder = made();
    let refused = |more: &[&str]| {
        let args = [&["panel", "--store", "kept", "--replicates", "0", "--out", "p"], more].concat();
        let output = junheng(folder.path(), &args);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        assert!(!folder.path().join("p").exists());
        text(&output.stderr)
    };
    std::fs::write(
        folder.path().join("circle.csv"),
        "原代码,原名称,现代码,现名称,起始年度,终止年度\n430501,,430502,,,\n430502,,430503,,2020,\n430503,,430501,,,2023\n",
    )
    .unwrap();
    insta::assert_snapshot!("crosswalk_circle", refused(&["--crosswalk", "circle.csv"]));
    let told = refused(&["--districts", "大翔区"]);
    assert!(told.contains("大翔区") && told.contains("相近的"), "{told}");
    let told = refused(&["--years", "2030.."]);
    assert!(told.contains("2022、2023、2024"), "{told}");
    let outlook = junheng(folder.path(), &["outlook", "--store", "kept", "--years", "2030", "--out", "p"]);
    assert!(text(&outlook.stderr).contains("2022、2023、2024"), "{}", text(&outlook.stderr));
}

/// What is kept was judged by a setting and with reliefs: a study does so too, where it names no standard.
#[test]
fn a_study_goes_by_the_rules_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = junheng(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    run(&["synth", "--years", "2023..2024", "--districts", "2", "--schools", "6", "--out", "made"]);
    let add = |year: &str, more: &[&str]| {
        run(&[&["store", "add", year, "--store", "kept"], more].concat());
    };
    add("made/years/2023.csv", &["--set", "comparison=printed", "--reliefs"]);
    let panel = |out: &str, more: &[&str]| {
        let args =
            [&["panel", "--store", "kept", "--replicates", "0", "--no-xlsx", "--out", out], more].concat();
        let told = run(&args);
        let json = std::fs::read(folder.path().join(out).join("run.json")).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let comparison = json["standards"][0]["settings"]["comparison"].as_str().unwrap().to_string();
        (comparison, json["reliefs"].as_bool().unwrap(), told)
    };
    let (comparison, reliefs, _) = panel("a", &[]);
    assert_eq!((comparison.as_str(), reliefs), ("printed", true));
    assert!(!folder.path().join("a/panel.xlsx").exists() && folder.path().join("a/panel.csv").exists());
    let (comparison, reliefs, _) = panel("b", &["--set", "comparison=exact"]);
    assert_eq!((comparison.as_str(), reliefs), ("exact", true), "what is asked for goes first");
    let (comparison, reliefs, _) = panel("c", &["--standard", "quality-balance-2017"]);
    assert_eq!((comparison.as_str(), reliefs), ("exact", false));
    // Rules that differ are not chosen among: that is said.
    add("made/years/2024.csv", &[]);
    let (comparison, reliefs, told) = panel("d", &[]);
    assert_eq!((comparison.as_str(), reliefs), ("exact", false));
    assert!(told.contains("不同的标准、设置或过渡性放宽"), "{told}");
}

#[test]
fn the_rules_by_themselves_say_the_same() {
    let Some(python) = python_with("fractions") else { return };
    let folder = crate::outlook::store(Some(&python));
    let here = folder.path();
    let script = |args: &[&str]| {
        let run = std::process::Command::new(&python)
            .arg(project("tests/panel.py"))
            .args(args)
            .env("PYTHONIOENCODING", "utf-8")
            .current_dir(here)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}{}", text(&run.stdout), text(&run.stderr));
    };
    let run = |args: &[&str]| {
        let output = junheng(here, args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    };
    let panel = |out: &str, groups: &[&str]| {
        let usual = ["panel", "--replicates", "0", "--crosswalk", "made/crosswalk.csv"];
        let mut args = [&usual[..], &["--regions", "made/regions.csv", "--out", out]].concat();
        args.extend(groups.iter().flat_map(|group| ["--group", *group]));
        run(&args);
    };
    // Every level, and by location within it; districts by each grouping.
    panel("levels", &["city", "province", "all", "location"]);
    panel("groups", &["location", "ownership", "type"]);
    script(&["check", "made", "levels", "groups"]);
}
