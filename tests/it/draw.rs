//! `draw`: drawn by lot, recorded, and repeatable.

use std::{collections::HashMap, path::Path};

use crate::support::{junheng, rows};

/// Twelve people of three bureaus: 6, 4 and 2.
fn list(folder: &Path) {
    let mut text = "序号,单位,姓名,职务\n".to_string();
    for (at, bureau) in
        ["甲旗", "甲旗", "甲旗", "甲旗", "甲旗", "甲旗", "乙县", "乙县", "乙县", "乙县", "丙区", "丙区"]
            .iter()
            .enumerate()
    {
        text +=
            &format!("{},{bureau},督学{:02},{}\n", at + 1, at + 1, if at % 2 == 0 { "督学" } else { "专家" });
    }
    std::fs::write(folder.join("督学.csv"), text).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let out = junheng(folder, args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

/// The names drawn, in the order drawn.
fn drawn(rows: &[HashMap<String, String>]) -> Vec<String> {
    let mut drawn: Vec<(usize, String)> = rows
        .iter()
        .filter(|row| row["drawn"] == "true")
        .map(|row| (row["order"].parse().unwrap(), row["name"].clone()))
        .collect();
    drawn.sort();
    drawn.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn a_draw_is_recorded_and_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    list(folder);
    let (code, out, err) = run(folder, &["draw", "督学.csv", "--count", "4", "--out", "a.csv"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let first = rows(&folder.join("a.csv"));
    assert_eq!(first.len(), 12);
    let names = drawn(&first);
    assert_eq!(names.len(), 4);
    assert!(names.iter().all(|name| out.contains(name)), "{out}");
    // Without a seed it is the clock's, and recorded.
    let seed = first[0]["seed"].clone();
    let squeezed: String = out.split_whitespace().collect();
    assert!(squeezed.contains(&format!("--seed{seed}")), "{out}");
    // The hash is that of the file, as another program computes it.
    if crate::support::program("sha256sum") {
        let sum = crate::support::output("sha256sum", &["督学.csv"], folder);
        assert_eq!(sum.split_whitespace().next(), Some(first[0]["list_sha256"].as_str()));
    }
    assert_eq!(
        run(folder, &["draw", "督学.csv", "--count", "4", "--seed", &seed, "--out", "b.csv"]).0,
        Some(0)
    );
    assert_eq!(drawn(&rows(&folder.join("b.csv"))), names);
    // A record is not overwritten.
    let (code, _, err) = run(folder, &["draw", "督学.csv", "--count", "4", "--out", "a.csv"]);
    assert_eq!(code, Some(1), "{err}");
}

#[test]
fn groups_give_their_share_and_those_to_avoid_none() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    list(folder);
    for seed in ["1", "2", "3"] {
        let file = format!("by-{seed}.csv");
        let args = [
            "draw",
            "督学.csv",
            "--count",
            "6",
            "--by",
            "单位",
            "--seed",
            seed,
            "--date",
            "2026-03-01",
            "--out",
        ];
        assert_eq!(run(folder, &[&args[..], &[&file]].concat()).0, Some(0));
        let rows = rows(&folder.join(&file));
        // Half of 6, 4 and 2.
        let of = |group: &str| rows.iter().filter(|r| r["group"] == group && r["drawn"] == "true").count();
        assert_eq!([of("甲旗"), of("乙县"), of("丙区")], [3, 2, 1]);
        assert!(rows.iter().all(|row| row["date"] == "2026-03-01" && row["options"] == "by: 单位"));
    }
    // The same call writes the same file.
    let args =
        ["draw", "督学.csv", "--count", "5", "--avoid", "单位=甲旗", "--seed", "9", "--date", "2026-03-01"];
    for file in ["one.csv", "two.csv"] {
        assert_eq!(run(folder, &[&args[..], &["--out", file]].concat()).0, Some(0));
    }
    let read = |file: &str| std::fs::read(folder.join(file)).unwrap();
    assert_eq!(read("one.csv"), read("two.csv"));
    let rows = rows(&folder.join("one.csv"));
    assert_eq!(rows.iter().filter(|row| row["excluded"] == "true").count(), 6);
    assert!(rows.iter().all(|row| row["excluded"] == "false" || row["drawn"] == "false"));
    assert_eq!(drawn(&rows).len(), 5);
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    list(folder);
    for (args, code, said) in [
        (&["--count", "13", "--out", "a.csv"][..], 2, "12"),
        (&["--count", "7", "--avoid", "单位=甲旗", "--out", "a.csv"], 2, "6"),
        (&["--count", "1", "--avoid", "单位=丁县", "--out", "a.csv"], 2, "丁县"),
        (&["--count", "1", "--avoid", "单位", "--out", "a.csv"], 2, "列名=值"),
        (&["--count", "1", "--by", "学科", "--out", "a.csv"], 1, "职务"),
        (&["--count", "1", "--out", "a.txt"], 2, ".csv"),
        (&["--count", "0", "--out", "a.csv"], 2, "0"),
    ] {
        let (found, _, err) = run(folder, &[&["draw", "督学.csv"], args].concat());
        assert_eq!(found, Some(code), "{args:?}: {err}");
        assert!(err.contains(said), "{args:?}: {err}");
        assert!(!folder.join("a.csv").exists());
    }
}

/// A program that shares nothing with ours draws the same from the list and the seed of a record.
#[test]
fn another_program_draws_the_same() {
    if !crate::support::program("python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    list(folder);
    let mut files = Vec::new();
    // Seeds of one digit, of the clock's length and the largest.
    for seed in ["0", "7", "1796090400000", "18446744073709551615"] {
        for (at, more) in
            [&[][..], &["--by", "单位"], &["--avoid", "职务=专家"], &["--by", "单位", "--avoid", "单位=丙区"]]
                .iter()
                .enumerate()
        {
            for count in ["1", "5"] {
                let file = format!("{seed}-{at}-{count}.csv");
                let args = ["draw", "督学.csv", "--count", count, "--seed", seed, "--out", &file];
                let (code, _, err) = run(folder, &[&args[..], more].concat());
                assert_eq!(code, Some(0), "{err}");
                files.push(file);
            }
        }
    }
    let script = crate::support::project("tests/draw.py");
    let again = |files: &[String]| {
        let run = std::process::Command::new("python3")
            .arg(&script)
            .args(files)
            .current_dir(folder)
            .output()
            .unwrap();
        (run.status.success(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    let (same, said) = again(&files);
    assert!(same, "{said}");
    // A record with another seed is not that of its draw.
    let record = std::fs::read_to_string(folder.join("7-0-5.csv")).unwrap();
    std::fs::write(folder.join("other.csv"), record.replace(",5,7,", ",5,8,")).unwrap();
    let (same, said) = again(&["other.csv".to_string()]);
    assert!(!same && said.contains("the record says"), "{said}");
}
