//! A user's own files: overrides of embedded data, templates, standards and pipelines are read in any encoding, or the
//! run ends with an error that names the file.

use std::path::Path;

use encoding_rs::GBK;

use crate::support::{junheng, project, rows};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

/// As Excel or a Chinese editor saves it.
fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

fn embedded(name: &str) -> String {
    std::fs::read_to_string(project(&format!("data/{name}"))).unwrap()
}

/// The run's exit code and all that it said.
fn said(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let run = junheng(folder, args);
    (run.status.code(), String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned())
}

const TABLE: &str =
    "区县代码,区县名称,年度,学校代码,学校名称,学校类型,就读人头数\n430503,大祥区,2025,01,甲校,小学,300\n";

#[test]
fn a_dictionary_saved_by_excel_is_read() {
    let own = embedded("dictionary.csv")
        .replace("\nstudents,section,人,在校生数,", "\nstudents,section,人,在校生数,就读人头数;");
    assert!(own.contains("就读人头数"));
    let folder = folder(&[("own/dictionary.csv", &gbk(&own)), ("a.csv", TABLE.as_bytes())]);
    let args = ["--data", "own", "assess", "a.csv", "--out", "out", "--tables", "facts"];
    let (code, told) = said(folder.path(), &args);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(rows(&folder.path().join("out/facts.csv"))[0]["students"], "300");
}

#[test]
fn words_in_any_encoding_are_the_words() {
    let own = embedded("words/zh/standard.toml").replace("没有名为", "找不到叫做");
    let wide: Vec<u8> = format!("\u{feff}{own}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [gbk(&own), wide] {
        let folder = folder(&[("own/words/zh/standard.toml", &bytes)]);
        let (code, told) = said(folder.path(), &["--data", "own", "standards", "show", "nothing"]);
        assert_eq!((code, told.contains("找不到叫做“nothing”")), (Some(2), true), "{told}");
    }
}

#[test]
fn what_cannot_be_read_stops_the_run_with_its_name() {
    for (name, bytes, why) in [
        ("own/dictionary.csv", &b"id,grain\nstudents,\xff\xff\n"[..], "第 2 行"),
        ("own/dictionary.csv", b"id,grain\nstudents,nobody\n", "数据字典不能用"),
        ("own/words/zh/screen.toml", b"[screen]\nfiles = \"\xff\xff\"", "第 2 行"),
        ("own/words/zh/screen.toml", b"[screen\n", "用语文件不符合 TOML"),
    ] {
        let folder = folder(&[(name, bytes), ("a.csv", TABLE.as_bytes())]);
        for args in [["--data", "own", "check", "a.csv"], ["--data", "own", "standards", "list"]] {
            let (code, told) = said(folder.path(), &args);
            assert_eq!(code, Some(1), "{name}: {told}");
            assert!(told.contains(name) && told.contains(why), "{told}");
        }
    }
}

/// Scoring workbooks are read by the words of both languages.
#[test]
fn a_broken_catalogue_of_the_other_language_is_told_where_it_is_needed() {
    let folder =
        folder(&[("own/words/en/marks.toml", b"[marks\n"), ("units.csv", "名称\n甲校\n".as_bytes())]);
    let args =
        ["--data", "own", "template", "--standard", "taobei-2023", "--units", "units.csv", "--out", "a.xlsx"];
    let (code, told) = said(folder.path(), &args);
    assert_eq!((code, told.contains("own/words/en/marks.toml")), (Some(1), true), "{told}");
}

#[test]
fn a_data_folder_that_is_not_there_is_a_wrong_call() {
    let (code, told) = said(folder(&[]).path(), &["--data", "no-such", "standards"]);
    assert_eq!((code, told.contains("no-such")), (Some(2), true), "{told}");
}

#[test]
fn standards_and_what_they_extend_may_be_in_gbk() {
    let base = embedded("standards/quality-balance-2017.toml");
    let own = "id = \"own\"\nversion = \"1\"\nextends = \"base.toml\"\ntitle.zh = \"本县标准\"\nsource = \"县文件\"\n";
    let folder = folder(&[("base.toml", &gbk(&base)), ("own.toml", &gbk(own))]);
    let (code, told) = said(folder.path(), &["standards", "show", "own.toml"]);
    assert_eq!((code, told.contains("本县标准") && told.contains("每百名学生")), (Some(0), true), "{told}");
    std::fs::write(folder.path().join("base.toml"), b"id = \"\xff\xff\"").unwrap();
    let (code, told) = said(folder.path(), &["standards", "show", "own.toml"]);
    assert_eq!((code, told.contains("base.toml / 1")), (Some(1), true), "{told}");
}

#[test]
fn a_pipeline_may_be_in_gbk() {
    let text = "# 本县\nstandard = \"quality-balance-2017\"\ninputs = [\"表.csv\"]\nout = \"结果\"\n";
    let table = TABLE.replace("就读人头数", "在校生数");
    let folder = folder(&[("run.toml", &gbk(text)), ("表.csv", table.as_bytes())]);
    let (code, told) = said(folder.path(), &["run", "run.toml"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(folder.path().join("结果/verdict.json").exists());
}

#[test]
fn templates_may_be_in_gbk_and_are_never_passed_over() {
    let table = TABLE.replace("就读人头数", "在校生数");
    let own = embedded("templates/report.css") + "\n/* 本县样式 */\n";
    let folder = folder(&[("own/report.css", &gbk(&own)), ("a.csv", table.as_bytes())]);
    let args = ["assess", "a.csv", "--out", "out", "--templates", "own", "--no-pdf", "--no-charts"];
    let (code, told) = said(folder.path(), &args);
    assert_eq!(code, Some(0), "{told}");
    assert!(std::fs::read_to_string(folder.path().join("out/report.html")).unwrap().contains("本县样式"));
    // A folder of that name cannot be read as a template: the embedded one does not stand in for it.
    std::fs::remove_file(folder.path().join("own/report.css")).unwrap();
    std::fs::create_dir(folder.path().join("own/report.css")).unwrap();
    let (code, told) = said(folder.path(), &args);
    assert_eq!((code, told.contains("report.css")), (Some(1), true), "{told}");
}

#[test]
fn broken_names_of_provinces_stop_a_panel() {
    let table = TABLE.replace("就读人头数", "在校生数");
    let folder = folder(&[("own/regions.csv", b"code,zh,en\n43\n"), ("a.csv", table.as_bytes())]);
    let (code, told) = said(folder.path(), &["store", "add", "a.csv", "--store", "store"]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = said(folder.path(), &["--data", "own", "panel", "--store", "store", "--out", "out"]);
    assert_eq!((code, told.contains("own/regions.csv")), (Some(1), true), "{told}");
}
