//! Crosswalks that are read, followed and refused.

use std::path::PathBuf;

use super::*;
use crate::{problem::BETWEEN, words::Language};

fn written(folder: &tempfile::TempDir, text: &[u8]) -> PathBuf {
    let path = folder.path().join("crosswalk.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn read(text: &str) -> Result<Crosswalk> {
    let folder = tempfile::tempdir().unwrap();
    Crosswalk::read(Some(&written(&folder, text.as_bytes())), None)
}

fn problems(text: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    match read(text) {
        Err(Error::Input(problems)) => problems.into_iter().map(|p| (p.code, p.args)).collect(),
        other => panic!("{other:?}"),
    }
}

const HEADER: &str = "from_code,from_name,to_code,to_name,from_year,to_year\n";

fn to(crosswalk: &Crosswalk, year: i32, code: &str, name: &str) -> (String, String) {
    let followed = crosswalk.followed(year, code, name).unwrap();
    (followed.code, followed.name)
}

fn pair(code: &str, name: &str) -> (String, String) {
    (code.to_string(), name.to_string())
}

#[test]
fn chains_are_followed_in_their_years() {
    let lines = format!("{HEADER}a,,b,乙,,2019\nb,,c,,2018,\n,丁县,d2,丁市,,\n");
    let crosswalk = read(&lines).unwrap();
    assert_eq!(to(&crosswalk, 2018, "a", "甲"), pair("c", "乙"));
    assert_eq!(to(&crosswalk, 2017, "a", "甲"), pair("b", "乙"));
    assert_eq!(to(&crosswalk, 2020, "a", "甲"), pair("a", "甲"));
    assert_eq!(to(&crosswalk, 2020, "d1", "丁 县"), pair("d2", "丁市"));
    assert_eq!(to(&crosswalk, 2020, "d1", "丁市"), pair("d1", "丁市"));
    assert_eq!(crosswalk.followed(2018, "a", "甲").unwrap().line, Some(2));
    assert_eq!(crosswalk.followed(2018, "x", "").unwrap().line, None);
}

#[test]
fn a_new_name_for_the_same_code_is_no_circle() {
    let crosswalk = read(&format!("{HEADER}03,桃園縣,03,桃園市,,\n")).unwrap();
    assert_eq!(to(&crosswalk, 103, "03", "桃園縣"), pair("03", "桃園市"));
    assert_eq!(to(&crosswalk, 104, "03", "桃園市"), pair("03", "桃園市"));
}

#[test]
fn a_circle_is_named_with_its_lines_once() {
    let found = problems(&format!("{HEADER}x,,a,,,\na,,b,,,\nb,,c,,2010,2015\nc,,a,,2014,\n"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "crosswalk_cycle");
    assert_eq!(found[0].1, [("lines", ["3", "4", "5"].join(BETWEEN)), ("way", "a → b → c → a".to_string())]);
    // Lines that never apply in the same year do not form a circle.
    assert!(read(&format!("{HEADER}a,,b,,,2015\nb,,a,,2016,\n")).is_ok());
}

#[test]
fn one_code_leads_to_one_place_a_year() {
    let found = problems(&format!("{HEADER}a,,b,,,2015\na,,c,,2015,\n"));
    assert_eq!(found[0].0, "crosswalk_two_targets");
    assert!(
        found[0].1.contains(&("first", "2".to_string())) && found[0].1.contains(&("second", "3".to_string()))
    );
    assert!(read(&format!("{HEADER}a,,b,,,2015\na,,c,,2016,\n")).is_ok());
    assert!(read(&format!("{HEADER}a,甲,b,,,\na,乙,c,,,\n")).is_ok());
    assert!(read(&format!("{HEADER}a,,b,,,\na,,b,,,\n")).is_ok());
}

#[test]
fn bad_lines_are_named() {
    assert_eq!(problems(&format!("{HEADER}a,,b,,soon,\n"))[0].0, "crosswalk_year");
    assert_eq!(problems(&format!("{HEADER}a,,b,,2019,2018\n"))[0].0, "crosswalk_year");
    assert_eq!(problems(&format!("{HEADER},,b,,,\na,,,,,\n")).len(), 2);
    assert_eq!(problems("县,学校\nx,y\n")[0].0, "crosswalk_columns");
    assert_eq!(problems("from_code,from_name\nx,y\n")[0].0, "crosswalk_columns");
}

#[test]
fn chinese_headers_in_gbk() {
    let folder = tempfile::tempdir().unwrap();
    let text = "原代码,原名称,现代码,现名称,起始年度,终止年度\n430511,北塔区,430503,大祥区,,2020\n";
    let (bytes, ..) = encoding_rs::GBK.encode(text);
    let crosswalk = Crosswalk::read(Some(&written(&folder, &bytes)), None).unwrap();
    assert_eq!(to(&crosswalk, 2020, "430511", "北塔区"), pair("430503", "大祥区"));
    assert_eq!(to(&crosswalk, 2021, "430511", "北塔区"), pair("430511", "北塔区"));
}

#[test]
fn lines_that_nothing_went_by_are_told() {
    let crosswalk = read(&format!("{HEADER}a,,b,,,\nq,,b,,,\n")).unwrap();
    let ways = [crosswalk.followed(2020, "a", "甲").unwrap()];
    let unused = crosswalk.unused(&ways);
    assert_eq!(unused.len(), 1);
    assert_eq!((unused[0].code, unused[0].args[0].clone()), ("crosswalk_unused", ("line", "3".to_string())));
}

#[test]
fn regions_by_digits_and_by_file() {
    let words = Words::load(Language::Chinese).unwrap();
    let plain = Crosswalk::default().region(2020, "430503", "大祥区", &words);
    assert_eq!((plain.city_code.as_str(), plain.city_name.as_str()), ("4305", "4305"));
    assert_eq!((plain.province_code.as_str(), plain.province_name.as_str()), ("43", "湖南省"));
    let unknown = Crosswalk::default().region(2020, "06", "臺中市", &words);
    assert_eq!((unknown.city_code.as_str(), unknown.province_code.as_str()), ("", ""));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("regions.csv");
    std::fs::write(
        &path,
        "区县代码,区县名称,市代码,市名称,省代码,省名称\n430503,,430500,邵阳市,,\n,臺中市,,中部,,臺灣\n",
    )
    .unwrap();
    let regions = Crosswalk::read(None, Some(&path)).unwrap();
    let neighbour = regions.region(2020, "430502", "双清区", &words);
    assert_eq!((neighbour.city_code.as_str(), neighbour.city_name.as_str()), ("4305", "邵阳市"));
    let taichung = regions.region(103, "06", "臺中市", &words);
    assert_eq!((taichung.city_code.as_str(), taichung.province_name.as_str()), ("中部", "臺灣"));
}
