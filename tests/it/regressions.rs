//! One short test for each failure with a planner's own file, named after it.

use std::path::Path;

use crate::support::{junheng, project, rows};

const HOME: &str = "区县代码,区县名称,年度,学校代码,学校名称,学校类型";
const OUT: [&str; 4] = ["--out", "out", "--tables", "facts"];

/// A county in a folder of its own: `files` (name, text).
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn wide(headers: &str, lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("430503,大祥区,2025,{line}\n")).collect();
    format!("{HOME},{headers}\n{}", lines.concat())
}

/// What `check` finds in `a.csv`: the codes of the findings.
fn findings(text: &str, more: &[&str]) -> Vec<String> {
    let folder = folder(&[("a.csv", text)]);
    let run = junheng(folder.path(), &[&["check", "a.csv", "--json"], more].concat());
    let found: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    found.as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_string()).collect()
}

/// The columns `facts` of every record that `assess` reads from `a.csv`.
fn facts(text: &str, columns: &[&str]) -> Vec<String> {
    let folder = folder(&[("a.csv", text)]);
    let run = junheng(folder.path(), &[&["assess", "a.csv"], &OUT[..]].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    rows(&folder.path().join("out/facts.csv"))
        .iter()
        .map(|row| columns.iter().map(|c| row[*c].as_str()).collect::<Vec<_>>().join(" "))
        .collect()
}

const SCHOOLS: [&str; 3] = ["01,甲校,小学,300,20,3000", "02,乙校,小学,200,15,2100", "03,丙校,小学,100,9,900"];
const FIGURES: &str = "在校生数,专任教师数,教学及辅助用房面积";

fn with(line: &str) -> String {
    wide(FIGURES, &[&SCHOOLS[..], &[line]].concat())
}

#[test]
fn totals_under_other_names_were_counted_as_schools() {
    for name in ["小学合计（3所）", "大祥区总计：", "平均数", "合计", "全区小计", "大祥区"]
    {
        assert_eq!(facts(&with(&format!(",{name},,600,44,6000")), &["school_code"]), ["01", "02", "03"]);
    }
    assert_eq!(facts(&with("合计,合计,,600,44,6000"), &["school_code"]), ["01", "02", "03"]);
    // A school is none of them.
    assert_eq!(facts(&with("04,全胜小学,小学,60,4,600"), &["school_code"]).len(), 4);
}

#[test]
fn a_total_with_a_code_and_a_name_is_told() {
    assert_eq!(findings(&with("99,中心学区,小学,600,44,6000"), &[]), ["sum_of_others"]);
}

#[test]
fn a_unit_behind_a_header_without_brackets_lost_the_column() {
    for header in ["教学仪器设备值 元", "\"教学仪器设备值，元\"", "教学仪器设备值(单位：元)"]
    {
        let text = wide(&format!("在校生数,{header}"), &["01,甲校,小学,300,1015400"]);
        assert_eq!(facts(&text, &["equipment_value"]), ["101.54"], "{header}");
    }
}

#[test]
fn the_unit_in_the_title_was_passed_over() {
    let table = wide("在校生数,教学仪器设备值,教学及辅助用房面积", &["01,甲校,小学,300,1015400,3000"]);
    let read = |title: &str| facts(&format!("{title}\n{table}"), &["equipment_value", "teaching_area"]);
    assert_eq!(read("大祥区学校情况,,,单位：元"), ["101.54 3000"]);
    assert_eq!(read("大祥区学校情况,,,单位：人、平方米、元"), ["101.54 3000"]);
    // Two units of money say nothing.
    assert_eq!(read("大祥区学校情况,,,单位：元、万元"), ["1015400 3000"]);
}

#[test]
fn a_year_given_twice_and_differently_was_not_told() {
    let table = wide("在校生数", &["01,甲校,小学,300"]);
    assert_eq!(findings(&table, &["--year", "2023"]), ["year_option_unused"]);
    assert_eq!(findings(&format!("2024学年学校情况\n{table}"), &[]), ["year_not_of_title"]);
    assert_eq!(findings(&table, &["--year", "2025"]), [] as [&str; 0]);
}

#[test]
fn one_school_under_two_codes_was_not_told() {
    assert_eq!(findings(&with("09,乙校,小学,210,15,2100"), &[]), ["name_with_two_codes"]);
}

#[test]
fn a_section_called_by_its_school_type_lost_its_row() {
    let text = format!(
        "{HOME},学段,在校生数\n430503,大祥区,2025,01,甲校,九年一贯制,完全小学,300\n430503,大祥区,2025,01,甲校,九年一贯制,初级中学,200\n"
    );
    assert_eq!(facts(&text, &["section", "students"]), ["primary 300", "junior 200"]);
}

#[test]
fn school_types_as_the_statistics_write_them() {
    for (word, known) in [
        ("211", "小学"),
        ("218小学教学点", "教学点"),
        ("小学（211）", "小学"),
        ("民办小学", "小学"),
        ("312", "九年一贯制学校"),
        ("十二年一贯", "十二年一贯制学校"),
        ("职高", "职业学校"),
    ] {
        let text = wide("小学在校生数", &[&format!("01,甲校,{word},300")]);
        assert_eq!(facts(&text, &["school_type"])[0], known, "{word}");
    }
}

#[test]
fn codes_and_numbers_as_other_programs_leave_them() {
    let text = wide("在校生数", &["3143000012.0,甲校,小学,'300", "'0012,乙校,小学,200"]);
    assert_eq!(facts(&text, &["school_code", "students"]), ["3143000012 300", "0012 200"]);
}

#[test]
fn a_total_that_differs_from_its_section_named_one_cell_twice() {
    let folder = folder(&[("a.csv", &wide("小学在校生数,在校生数", &["01,甲校,小学,300,310"]))]);
    let run = junheng(folder.path(), &["check", "a.csv"]);
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(["甲校", "G2", "H2", "300", "310"].iter().all(|word| said.contains(word)), "{said}");
}

#[test]
fn a_schools_area_shared_out_over_its_sections_was_called_a_contradiction() {
    let text = format!(
        "{HOME},学段,在校生数,教学及辅助用房面积\n430503,大祥区,2025,01,甲校,九年一贯制,小学,300,3000\n430503,大祥区,2025,01,甲校,九年一贯制,初中,200,2000\n"
    );
    assert_eq!(findings(&text, &[])[0], "school_value_by_section");
}

#[test]
fn a_site_without_figures_was_counted_as_having_none() {
    let headers = "是否计校数,所属学校代码,在校生数,专任教师数,教学及辅助用房面积";
    let county = |site: &str| wide(headers, &["01,甲校,小学,1,,300,20,3000", site]);
    let whole = county("02,乙点,教学点,0,01,30,2,200");
    assert_eq!(facts(&whole, &["students", "teaching_area"]), ["330 3200"]);
    assert_eq!(findings(&whole, &[]), ["site_added"]);
    let without_area = county("02,乙点,教学点,0,01,30,2,");
    assert!(findings(&without_area, &[]).contains(&"site_lacks".into()));
    // Pupils that are not known are not none: nothing per pupil is too high.
    let without_pupils = county("02,乙点,教学点,0,01,,2,200");
    assert_eq!(facts(&without_pupils, &["students", "teachers"]), [" 22"]);
}

#[test]
fn the_mapping_that_a_message_shows_runs_as_it_is() {
    let line = |headers: &str| format!("{headers}\n430503,大祥区,2025,01,甲校,小学,300,12,30\n");
    for (headers, fact, value) in [
        ("区县代码,区县名称,年度,代码,单位,学校类型,小学人数,小学班级数,教师", "students", "300"),
        ("区县代码,区县名称,年度,学校代码,学校名称,学校类型,人数,小学班级数,教师", "students", "300"),
        ("区县代码,区县名称,年度,学校代码,学校名称,类,在校生数,班级数,教师", "students", "300"),
        ("区县代码,区县名称,年度,学校代码,学校名称,学校类型,在校生数,小学班级数,小学班级数", "classes", "12"),
        (
            "区县代码,区县名称,年度,学校代码,学校名称,学校类型,在校生数,公用经费,教师",
            "operating_budget",
            "12",
        ),
    ] {
        let folder = folder(&[("a.csv", &line(headers))]);
        let run = junheng(folder.path(), &[&["assess", "a.csv"], &OUT[..]].concat());
        assert_eq!(run.status.code(), Some(1), "{headers}");
        let said = String::from_utf8(run.stderr).unwrap();
        let from = said.find("inputs = ").unwrap_or_else(|| panic!("{said}"));
        std::fs::write(folder.path().join("本县.toml"), &said[from..]).unwrap();
        let run = junheng(folder.path(), &["run", "本县.toml", "--out", "out", "--no-documents"]);
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(rows(&folder.path().join("out/facts.csv"))[0][fact], value, "{headers}");
    }
}

/// Every file under `folder` and what is in it.
fn contents(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => found.push((path.clone(), std::fs::read(&path).unwrap())),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_broken_file_leaves_no_result_and_an_old_one_as_it_was() {
    let county = std::fs::read(project("tests/county/county.xlsx")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("坏.xlsx");
    std::fs::write(&broken, &county[..county.len() / 2]).unwrap();
    std::fs::write(folder.path().join("好.xlsx"), &county).unwrap();
    let assess = |input: &str| {
        junheng(folder.path(), &["assess", input, "--out", "out", "--no-documents"]).status.code()
    };
    let before = contents(folder.path());
    assert_eq!(assess("坏.xlsx"), Some(1));
    assert!(!folder.path().join("out").exists());
    assert_eq!(contents(folder.path()), before);
    assert_eq!(assess("好.xlsx"), Some(0));
    let before = contents(folder.path());
    assert!(before.len() > 10);
    assert_eq!(assess("坏.xlsx"), Some(1));
    // One good file beside the broken one makes no half result.
    assert_eq!(assess("."), Some(1));
    assert_eq!(contents(folder.path()), before);
}

/// One export of three was handed in: a nine-year school's area belongs to a junior section too, of which nothing is
/// known. Its primary section once got all of it and counted as met.
#[test]
fn a_combined_school_whose_other_section_nobody_gave_is_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let export = crate::support::project("tests/county/export/小学.xlsx");
    let run = crate::support::junheng(
        folder.path(),
        &[
            "assess",
            export.to_str().unwrap(),
            "--standard",
            "quality-balance-2017",
            "--out",
            "out",
            "--no-documents",
        ],
    );
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let measures = crate::support::rows(&folder.path().join("out/measures.csv"));
    let of = |indicator: &str| {
        let mine = measures.iter().find(|row| {
            row["school_code"] == "2143000035" && row["section"] == "primary" && row["indicator"] == indicator
        });
        mine.unwrap()["status"].clone()
    };
    // Teachers are the section's own; the sports space is the whole school's.
    assert_eq!((of("L1").as_str(), of("L5").as_str()), ("unmet", "missing"));
    let junior = measures.iter().find(|row| row["school_code"] == "2143000035" && row["section"] == "junior");
    assert_eq!(junior.unwrap()["status"], "missing");
}

/// A standard that only measures (no thresholds, no items) once called every district ready.
#[test]
fn nobody_is_ready_by_a_standard_that_only_measures() {
    let folder = tempfile::tempdir().unwrap();
    let county = crate::support::project("tests/county/county.xlsx");
    let args = [
        "assess",
        county.to_str().unwrap(),
        "--standard",
        "taiwan-primary",
        "--out",
        "out",
        "--no-documents",
        "--fail-unless-ready",
    ];
    let run = crate::support::junheng(folder.path(), &args);
    assert_eq!(run.status.code(), Some(3), "{}", String::from_utf8_lossy(&run.stderr));
    let verdicts = std::fs::read_to_string(folder.path().join("out/verdict.json")).unwrap();
    assert!(verdicts.contains("\"cannot_be_judged\""), "{verdicts}");
}

/// Line breaks in a standard's own words ended the comment that they stand in, and what followed was run.
#[test]
fn a_standard_wrote_into_the_query_that_explains_it() {
    let attack = "x\n; copy (select 1) to 'stolen.csv'; --";
    let own = format!(
        "id = 'own'\nversion = \"\"\"{attack}\"\"\"\nextends = 'quality-balance-2017'\ntitle.zh = \"\"\"{attack}\"\"\"\n\
         source = \"\"\"{attack}\"\"\"\n"
    );
    let folder = folder(&[("own.toml", &own)]);
    let run = junheng(folder.path(), &["explain", "--sql", "--standard", "own.toml"]);
    let query = String::from_utf8(run.stdout).unwrap();
    assert!(query.contains("stolen.csv"), "{query}");
    let plain: Vec<&str> = query.lines().filter(|line| !line.starts_with("--")).collect();
    assert!(!plain.join("\n").contains("stolen"), "{query}");
}

/// The folders of the machine stood in the report, in the annotated copy and in the tables.
#[test]
fn an_absolute_path_was_written_into_the_results() {
    let table =
        wide("在校生数,专任教师数", &["01,甲校,小学,-300,20"]) + "430503,大祥区,2025,02,乙校,小学,200,abc\n";
    let folder = folder(&[("表.csv", &table.replace("-300", "300"))]);
    let root = folder.path().canonicalize().unwrap();
    let input = root.join("表.csv");
    let run = junheng(&root, &["assess", input.to_str().unwrap(), "--out", "out", "--no-pdf", "--no-charts"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let hidden = root.file_name().unwrap().to_str().unwrap();
    for (name, bytes) in crate::support::tree(&root.join("out")) {
        let has = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
        assert!(!has, "{name} names the folder");
    }
    let sources = rows(&root.join("out/sources.csv"));
    assert_eq!(sources[0]["file"], "表.csv");
    assert!(rows(&root.join("out/findings.csv")).iter().any(|row| row["file"] == "表.csv"));
}

#[test]
fn two_absolute_paths_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut inputs = Vec::new();
    for (name, line) in [("城区", SCHOOLS[0]), ("乡村", SCHOOLS[1])] {
        std::fs::create_dir(root.join(name)).unwrap();
        let path = root.join(name).join("表.csv");
        std::fs::write(&path, wide(FIGURES, &[line])).unwrap();
        inputs.push(path.display().to_string());
    }
    let run =
        junheng(&root, &["assess", &inputs[0], &inputs[1], "--out", "out", "--tables", "facts,sources"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let files: Vec<String> =
        rows(&root.join("out/sources.csv")).iter().map(|row| row["file"].clone()).collect();
    assert_eq!(files, ["城区/表.csv", "乡村/表.csv"]);
}

/// Output that a full disk refused was lost, and the run ended well.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_was_no_error() {
    let folder = folder(&[("a.csv", &wide("在校生数", &["01,甲校,小学,300"]))]);
    let run = |args: &[&str], out: std::process::Stdio| {
        std::process::Command::new(env!("CARGO_BIN_EXE_junheng"))
            .args(args)
            .current_dir(folder.path())
            .stdout(out)
            .output()
            .unwrap()
    };
    for args in [
        &["check", "a.csv", "--json"][..],
        &["assess", "a.csv", "--json", "--out", "out", "--tables", "facts"],
        &["explain", "--sql"],
        &["standards", "schema"],
        &["--help"],
        &["--version"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = run(args, full.into());
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{args:?}: {told}");
        assert!(told.contains("写标准输出失败"), "{args:?}: {told}");
        // Whoever closes the pipe has read enough.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = run(args, writer.into());
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!((ended.status.code(), told.contains('✗')), (Some(0), false), "{args:?}: {told}");
    }
}
