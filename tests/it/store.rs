//! The store of years, as a user fills it and as other tools read it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use junheng::{
    internals::{AsOf, Snapshot, StoredYear, YearSource, verify},
    tables::{Table, dispersion, districts, gaps, items, schools},
};
use polars::prelude::*;

use crate::support::{junheng, project, python_with, tree};

/// Facts of a few districts as a table made elsewhere: six schools each, `more` pupils in the first.
fn facts(path: &Path, year: i32, districts: &[&str], more: f64) {
    let schools = 6;
    let n = districts.len() * schools;
    let at = |i: usize| (districts[i / schools], i % schools);
    let number = |f: fn(usize) -> f64| (0..n).map(|i| f(i % schools)).collect::<Vec<f64>>();
    let mut students = number(|s| 100.0 + 40.0 * s as f64);
    (0..n).step_by(schools).for_each(|i| students[i] += more);
    let mut frame = df!(
        "section" => vec!["primary"; n],
        "school_code" => (0..n).map(|i| format!("{}{:02}", at(i).0, at(i).1)).collect::<Vec<_>>(),
        "school_name" => (0..n).map(|i| format!("第{}小学", at(i).1 + 1)).collect::<Vec<_>>(),
        "school_type" => vec!["小学"; n],
        "district_code" => (0..n).map(|i| at(i).0).collect::<Vec<_>>(),
        "district_name" => (0..n).map(|i| format!("{}区", at(i).0)).collect::<Vec<_>>(),
        "year" => vec![year; n],
        "students" => students,
        "teachers" => number(|s| 8.0 + s as f64),
        "sports_area" => number(|s| 900.0 + 111.0 * s as f64),
    )
    .unwrap();
    ParquetWriter::new(fs::File::create(path).unwrap()).finish(&mut frame).unwrap();
}

fn said(run: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
}

fn done(run: Output) -> String {
    assert!(run.status.success(), "{}", said(&run));
    said(&run)
}

fn add(folder: &Path, input: &str) -> String {
    done(junheng(folder, &["store", "add", input, "--store", "库"]))
}

/// By the standard whose indicators are those that the made facts have.
fn add_judged(folder: &Path, input: &str) -> String {
    done(junheng(folder, &["store", "add", input, "--store", "库", "--standard", "taiwan-primary"]))
}

/// Pupils of the first school of every district's year.
fn seen(store: &Path, as_of: &AsOf) -> Vec<(i32, String, u32, f64)> {
    let store = Snapshot::open(store, as_of).unwrap();
    let of = |kept: &StoredYear| {
        let facts = store.facts(kept, Some(&["students".to_string()])).unwrap();
        let pupils = facts.column("students").unwrap().f64().unwrap().get(0).unwrap();
        (kept.of.year, kept.of.district_code.clone(), kept.version, pupils)
    };
    store.kept().iter().map(of).collect()
}

#[test]
fn added_twice_nothing_changes_and_a_correction_is_a_version() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    facts(&folder.join("facts.parquet"), 2024, &["01", "02"], 0.0);
    let first = add_judged(folder, "facts.parquet");
    assert!(first.contains("新加入，6 行"), "{first}");
    let before = tree(&store);
    assert!(add_judged(folder, "facts.parquet").contains("没有变化（第 1 版）"));
    assert_eq!(tree(&store), before, "every file as it was");

    facts(&folder.join("corrected.parquet"), 2024, &["01"], 7.0);
    let second = add_judged(folder, "corrected.parquet");
    assert!(second.contains("第 2 版；与上一版相比，1 个学校（学段）的 1 项数据有变化"), "{second}");
    let new = |pupils, version| (2024, "01".to_string(), version, pupils);
    assert_eq!(seen(&store, &AsOf::Latest)[0], new(107.0, 2));
    assert_eq!(seen(&store, &AsOf::Commit(1))[0], new(100.0, 1));

    let log = done(junheng(folder, &["store", "log", "--store", "库", "--district", "01区"]));
    assert!(log.contains("第 2 版") && log.contains("corrected.parquet") && !log.contains("02区"), "{log}");
    let diff = done(junheng(folder, &["store", "diff", "01", "2024", "--store", "库"]));
    assert!(diff.contains("100 → 107") && diff.contains("差异系数"), "{diff}");
    for out in ["diff.csv", "diff.xlsx"] {
        done(junheng(folder, &["store", "diff", "01", "2024", "--store", "库", "--out", out]));
        assert!(fs::metadata(folder.join(out)).unwrap().len() > 100);
    }
    assert!(fs::read_to_string(folder.join("diff.csv")).unwrap().contains("fact,0100"));
    let wrong = junheng(folder, &["store", "diff", "02", "2024", "--store", "库"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(said(&wrong).contains("只有一个版本"), "{}", said(&wrong));
    assert!(done(junheng(folder, &["store", "verify", "--store", "库"])).contains("年度库完好"));
}

#[test]
fn a_flipped_byte_is_found_and_healed() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    facts(&folder.join("县.parquet"), 2024, &["01"], 0.0);
    add(folder, "县.parquet");
    let before = tree(&store);
    let path = store.join("facts/2024/01/facts.parquet");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    let found = junheng(folder, &["store", "verify", "--store", "库", "--json"]);
    assert_eq!(found.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(json["problems"][0]["code"], "store_file_damaged");
    assert!(json["problems"][0]["message"].as_str().unwrap().contains("县.parquet"), "{json}");
    let kept = Snapshot::open(&store, &AsOf::Latest).unwrap();
    let error = kept.facts(&kept.kept()[0], None).unwrap_err();
    assert!(error.to_string().contains("store_file_damaged"), "{error}");
    assert!(add(folder, "县.parquet").contains("按原样恢复"));
    assert_eq!(tree(&store), before);
    done(junheng(folder, &["store", "verify", "--store", "库"]));
}

#[test]
fn what_cannot_be_a_store_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    facts(&folder.join("a.parquet"), 2024, &["01"], 0.0);
    fs::copy(folder.join("a.parquet"), folder.join("b.parquet")).unwrap();
    let refused = |args: &[&str], expected: &str| {
        let run = junheng(folder, args);
        assert_eq!(run.status.code(), Some(1), "{args:?}");
        assert!(said(&run).contains(expected), "{}", said(&run));
    };
    refused(&["store", "add", "a.parquet", "--store", "a.parquet"], "年度库是文件夹");
    refused(&["store", "add", "a.parquet", "--store", "."], "未作改动");
    refused(&["store", "log", "--store", "none"], "这里没有年度库");
    refused(&["store", "add", "a.parquet", "b.parquet", "--store", "new"], "两个来源");
    assert!(!folder.join("new").exists(), "a store that was not filled");
    add(folder, "a.parquet");
    let about = folder.join("库/store.json");
    let text = fs::read_to_string(&about).unwrap();
    fs::write(&about, text.replace("\"format\": 1", "\"format\": 9").replace("0.1.0", "7.0.0")).unwrap();
    refused(&["store", "add", "a.parquet", "--store", "库"], "junheng 7.0.0");
    refused(&["store", "verify", "--store", "库"], "格式是 9");
    // Truncated, or anything else, instead of tables.
    fs::write(folder.join("cut.parquet"), &fs::read(folder.join("a.parquet")).unwrap()[..50]).unwrap();
    refused(&["store", "add", "cut.parquet", "--store", "other"], "cut.parquet");
}

fn start(folder: &Path, args: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_junheng"))
        .args(args)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    for (name, code) in [("a.parquet", "01"), ("b.parquet", "02"), ("c.parquet", "03")] {
        facts(&folder.join(name), 2024, &[code], 0.0);
    }
    add(folder, "a.parquet");
    // Somebody holds the lock, as a writer does.
    let lock = fs::File::options().read(true).write(true).open(store.join("lock")).unwrap();
    lock.try_lock().unwrap();
    fs::write(store.join("lock"), r#"{"pid":4711,"since":"2026-01-01T00:00:00Z"}"#).unwrap();
    let busy = junheng(folder, &["store", "add", "b.parquet", "--store", "库"]);
    assert_eq!(busy.status.code(), Some(1));
    assert!(said(&busy).contains("4711") && said(&busy).contains("2026-01-01"), "{}", said(&busy));
    let waiting = ["b.parquet", "c.parquet"]
        .map(|name| start(folder, &["store", "add", name, "--store", "库", "--wait", "300"]));
    std::thread::sleep(Duration::from_millis(100));
    drop(lock);
    for mut child in waiting {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(seen(&store, &AsOf::Latest).len(), 3);
    assert!(verify(&store).unwrap().is_intact());
}

/// Kills a writer 50 times, and 1,000 times by `tests/exhaustive.sh`: half of them at any time, half while it writes.
/// Every step at which a writer may stop is tried one by one in the library's own tests.
#[test]
fn a_killed_writer_leaves_the_old_or_the_new_state() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    let districts = ["01", "02", "03"];
    let args = ["store", "add", "facts.parquet", "--store", "库"];
    facts(&folder.join("facts.parquet"), 2024, &districts, 0.0);
    add(folder, "facts.parquet");
    facts(&folder.join("facts.parquet"), 2024, &districts, 1.0);
    let (clock, mut child) = (Instant::now(), start(folder, &args));
    assert!(writing(&store, &mut child));
    let until_writing = clock.elapsed();
    child.wait().unwrap();
    let whole = clock.elapsed();
    let mut state = 1.0;
    let (mut seed, mut changed) = (12_345u64, 0);
    let mut random = |most: Duration| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        most.mul_f64((seed >> 33) as f64 / (1u64 << 31) as f64)
    };
    let kills: u32 = std::env::var("JUNHENG_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(50);
    for round in 2..kills + 2 {
        let next = f64::from(round);
        facts(&folder.join("facts.parquet"), 2024, &districts, next);
        let mut child = start(folder, &args);
        if round % 2 == 0 {
            std::thread::sleep(random(whole));
        } else if writing(&store, &mut child) {
            std::thread::sleep(random((whole - until_writing).mul_f64(1.1)));
        }
        let _ = child.kill();
        child.wait().unwrap();
        let found = verify(&store).unwrap();
        assert!(found.is_intact(), "{round}: {:?}", found.problems);
        let kept = seen(&store, &AsOf::Latest);
        let pupils: Vec<f64> = kept.iter().map(|(_, _, _, pupils)| pupils - 100.0).collect();
        assert!(pupils == [state; 3] || pupils == [next; 3], "{round}: {pupils:?}, was {state}");
        changed += usize::from(pupils[0] != state);
        state = pupils[0];
    }
    eprintln!(
        "{changed} of {kills} killed writers had committed; {whole:?} each, {until_writing:?} until it writes"
    );
    // What is left is cleaned up by one that is let live.
    facts(&folder.join("facts.parquet"), 2024, &districts, 999.0);
    add(folder, "facts.parquet");
    assert_eq!(seen(&store, &AsOf::Latest)[0].3, 1099.0);
    let found = verify(&store).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

/// Waits until the writer has begun; `false` where it ended before.
fn writing(store: &Path, child: &mut std::process::Child) -> bool {
    let count = || fs::read_dir(store.join("pending")).map_or(0, |entries| entries.count());
    let before = count();
    while child.try_wait().unwrap().is_none() {
        // A rest of the one before goes first, so the number may be the same.
        if count() > before || before > 0 {
            return true;
        }
        // Far shorter than the writing takes, and does not take the processor from it.
        std::thread::sleep(Duration::from_micros(200));
    }
    false
}

/// The shell's limit on the size of a file stands for a full disk: writing fails in the middle.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    facts(&folder.join("facts.parquet"), 2024, &["01"], 0.0);
    add(folder, "facts.parquet");
    let before = tree(&store);
    facts(&folder.join("facts.parquet"), 2024, &["01"], 5.0);
    // In blocks of 512 or 1024 bytes; the signal that comes with it is ignored, so that the write fails.
    let line = format!(
        "trap '' XFSZ; ulimit -f 4; exec '{}' store add facts.parquet --store 库",
        env!("CARGO_BIN_EXE_junheng")
    );
    let run = Command::new("sh").args(["-c", &line]).current_dir(folder).output().unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert_eq!(tree(&store), before);
    add(folder, "facts.parquet");
    assert!(verify(&store).unwrap().is_intact());
}

#[test]
fn a_run_folder_and_its_inputs_give_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    done(junheng(folder, &["synth", "--seed", "3", "--out", "县"]));
    done(junheng(folder, &["assess", "县/exports", "--no-documents", "--out", "结果"]));
    add(folder, "结果");
    let before = tree(&store);
    assert!(add(folder, "县/exports").contains("没有变化"));
    assert_eq!(tree(&store), before);
    let kept = Snapshot::open(&store, &AsOf::Latest).unwrap();
    let own = |table: &Table| kept.table(&kept.kept()[0], table).unwrap();
    let run = |name: &str| {
        let path = folder.join(format!("结果/{name}.parquet"));
        ParquetReader::new(fs::File::open(path).unwrap()).finish().unwrap()
    };
    for table in [districts::table(), dispersion::table(), schools::table(), items::table(), gaps::table()] {
        assert!(own(&table).equals_missing(&run(table.name)), "{}", table.name);
    }
    assert!(kept.facts(&kept.kept()[0], None).unwrap().equals_missing(&run("facts")));
}

#[test]
fn a_pipeline_adds_to_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    facts(&folder.join("facts.parquet"), 2024, &["01"], 0.0);
    let text = "store = \"库\"\ndocuments = []\ninputs = [\"facts.parquet\"]\n";
    fs::write(folder.join("run.toml"), text).unwrap();
    let run = done(junheng(folder, &["run", "run.toml", "--out", "结果"]));
    assert!(run.contains("新加入"), "{run}");
    assert!(folder.join("结果/verdict.json").exists());
    assert!(add(folder, "run.toml").contains("没有变化"));
    assert!(add(folder, "结果").contains("没有变化"));
    assert_eq!(seen(&folder.join("库"), &AsOf::Latest).len(), 1);
}

/// Longer than what is read at once, its districts' rows scattered: as if it were read whole.
#[test]
fn a_long_table_goes_district_by_district() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let codes: Vec<String> = (0..4).map(|d| format!("{d:02}")).collect();
    let n = 60_000;
    let code = |i: usize| codes[(i / 10) % 4].clone();
    let mut frame = df!(
        "section" => vec!["primary"; n],
        "school_code" => (0..n).map(|i| format!("{i:06}")).collect::<Vec<_>>(),
        "district_code" => (0..n).map(code).collect::<Vec<_>>(),
        "year" => vec![2024i32; n],
        "students" => (0..n).map(|i| 100.0 + (i % 977) as f64).collect::<Vec<_>>(),
        "teachers" => (0..n).map(|i| 8.0 + (i % 31) as f64).collect::<Vec<_>>(),
    )
    .unwrap();
    ParquetWriter::new(fs::File::create(folder.join("long.parquet")).unwrap()).finish(&mut frame).unwrap();
    add(folder, "long.parquet");
    let store = Snapshot::open(&folder.join("库"), &AsOf::Latest).unwrap();
    assert_eq!(store.kept().len(), 4);
    for kept in store.kept() {
        let facts = store.facts(kept, None).unwrap();
        assert_eq!(facts.height(), n / 4);
        let (rows, schools) = (facts.column("source_row").unwrap(), facts.column("school_code").unwrap());
        for (row, school) in rows.i32().unwrap().iter().zip(schools.str().unwrap().iter()).step_by(997) {
            assert_eq!(school.unwrap(), format!("{:06}", row.unwrap() - 1), "the row of the file");
        }
    }
}

/// The store as it stands, with the line that the documentation gives.
#[test]
fn duckdb_reads_it_as_it_stands() {
    let Some(python) = python_with("duckdb") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (folder, store) = (folder.path(), folder.path().join("库"));
    for year in [2023, 2024] {
        facts(&folder.join("facts.parquet"), year, &["01", "02"], f64::from(year - 2000));
        add_judged(folder, "facts.parquet");
    }
    facts(&folder.join("facts.parquet"), 2023, &["01"], 90.0);
    add_judged(folder, "facts.parquet");
    let script = "
import duckdb
rows = duckdb.sql('''
with values as (
  select district_code, year, students, teachers / students as x from read_parquet('库/facts/**/*.parquet')),
means as (select district_code, year, sum(students * x) / sum(students) as m from values group by all)
select v.district_code, v.year, sqrt(sum(students * (x - m) * (x - m)) / sum(students)) / any_value(m)
from values v join means using (district_code, year) group by all order by 2, 1''').fetchall()
for code, year, cv in rows: print(code, year, repr(cv))
";
    let run = Command::new(python).args(["-c", script]).current_dir(folder).output().unwrap();
    let text = done(run);
    let kept = Snapshot::open(&store, &AsOf::Latest).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    for (kept_of, line) in kept.kept().iter().zip(lines) {
        let parts: Vec<&str> = line.split(' ').collect();
        assert_eq!(parts[..2], [kept_of.of.district_code.as_str(), &kept_of.of.year.to_string()]);
        let found = kept.table(kept_of, &dispersion::table()).unwrap();
        let cvs: Vec<Option<f64>> = found.column("cv").unwrap().f64().unwrap().iter().collect();
        let cv: f64 = parts[2].parse().unwrap();
        assert!(cvs.iter().flatten().any(|own| (own - cv).abs() < 1e-12), "{line}: {cvs:?}");
    }
}

/// Where these are installed: types as in the files, no code read as a number.
#[test]
fn other_tools_read_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    facts(&folder.join("facts.parquet"), 2024, &["01", "02"], 0.0);
    add(folder, "facts.parquet");
    for (module, line) in [
        ("polars", "t = m.read_parquet('库/facts/**/*.parquet')['district_code'].to_list()"),
        (
            "pyarrow.dataset",
            "t = m.dataset('库/facts', partitioning='hive').to_table()['district_code'].to_pylist()",
        ),
        ("pandas", "import pyarrow; t = m.read_parquet('库/facts')['district_code'].tolist()"),
    ] {
        let script =
            format!("import {module} as m; {line}; assert set(t) == {{'01', '02'}} and len(t) == 12, t");
        let python = std::env::var("JUNHENG_PYTHON").unwrap_or_else(|_| "python3".into());
        let there = format!("import {module}, pyarrow");
        let has = Command::new(&python).args(["-c", &there]).output();
        if !has.is_ok_and(|run| run.status.success()) {
            // These three are no part of what the tests need: DuckDB reads the store above.
            eprintln!("skipped: no Python with {module}");
            continue;
        }
        done(Command::new(&python).args(["-c", &script]).current_dir(folder).output().unwrap());
    }
}

#[test]
fn the_program_and_the_layout_agree() {
    let documented = fs::read_to_string(project("src/store/yearly/mod.rs")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    facts(&folder.join("facts.parquet"), 2024, &["430503"], 0.0);
    add(folder, "facts.parquet");
    let found: Vec<PathBuf> = tree(&folder.join("库")).into_keys().map(PathBuf::from).collect();
    for path in ["store.json", "lock", "facts/2024/430503/facts.parquet"] {
        assert!(documented.contains(path) && found.contains(&PathBuf::from(path)), "{path}: {found:?}");
    }
}
