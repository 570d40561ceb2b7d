//! Files → facts: the shared examples, and one crafted workbook per rule.

mod parquet_bytes;

use std::path::{Path, PathBuf};

use crate::{
    dictionary::{Dictionary, Grain, Section},
    ingest::{self, Facts, Options},
    problem::{Error, Place, Problem},
    tables::cells::{Cells, Tables},
    words::{Language, Words},
};
use polars::prelude::*;
use rust_xlsxwriter::Workbook;

use crate::testing::shared;

fn read_with(inputs: &[PathBuf], options: &Options) -> Result<Facts, Error> {
    ingest::read(inputs, options, &|_, _, _| {})
}
fn read(inputs: &[PathBuf]) -> Facts {
    match read_with(inputs, &Options::default()) {
        Ok(facts) => facts,
        Err(why) => panic!("{}", Words::load(Language::Chinese).unwrap().error(&why)),
    }
}
fn refused(result: Result<Facts, Error>) -> Vec<Problem> {
    match result {
        Err(Error::Input(problems)) => {
            spoken(&problems);
            problems
        }
        other => panic!("expected errors of input, got {:?}", other.map(|f| f.findings)),
    }
}
/// Every message has its words in both languages, with every place filled.
fn spoken(problems: &[Problem]) {
    for language in [Language::Chinese, Language::English] {
        let words = Words::load(language).unwrap();
        for problem in problems {
            assert!(words.has(&format!("problem.{}", problem.code)), "{}", problem.code);
            let said = words.problem(problem);
            assert!(!said.contains('{') || said.contains("columns = {"), "{said}");
        }
    }
}
fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|p| p.code).collect()
}
fn found<'a>(facts: &'a Facts, code: &str) -> Vec<&'a Problem> {
    spoken(&facts.findings);
    facts.findings.iter().filter(|p| p.code == code).collect()
}

fn number(facts: &Facts, school: &str, section: &str, fact: &str) -> Option<f64> {
    let i = record(facts, school, section);
    facts.facts.frame().column(fact).unwrap().f64().unwrap().get(i)
}
fn text(facts: &Facts, school: &str, section: &str, fact: &str) -> Option<String> {
    let i = record(facts, school, section);
    facts.facts.frame().column(fact).unwrap().str().unwrap().get(i).map(str::to_string)
}
fn record(facts: &Facts, school: &str, section: &str) -> usize {
    let schools = facts.facts.frame().column("school_code").unwrap().str().unwrap();
    let sections = facts.facts.frame().column("section").unwrap().str().unwrap();
    (0..facts.facts.height())
        .find(|&i| schools.get(i) == Some(school) && sections.get(i) == Some(section))
        .unwrap_or_else(|| panic!("no record {school} {section} in {:?}", facts.facts))
}
fn sections(facts: &Facts, school: &str) -> Vec<String> {
    let schools = facts.facts.frame().column("school_code").unwrap().str().unwrap();
    let sections = facts.facts.frame().column("section").unwrap().str().unwrap();
    (0..facts.facts.height())
        .filter(|&i| schools.get(i) == Some(school))
        .map(|i| sections.get(i).unwrap().to_string())
        .collect()
}
/// The cells that a fact was read from: of a school's fact, those of all its sections; of the district's, without a school.
fn cells_of(facts: &Facts, district: &str, year: i32, school: &str, section: &str, fact: &str) -> Vec<Place> {
    let tables = Tables {
        facts: facts.facts.frame(),
        sources: &facts.sources,
        columns: &facts.columns,
        record_sources: &facts.record_sources,
        district_facts: &facts.district_facts,
        answers: None,
    };
    let cells = Cells::new(tables).unwrap();
    let grain = Dictionary::get().fact(fact).unwrap().grain;
    if grain == Grain::District {
        return cells.district_fact(district, year, fact).map(|(_, place)| place).into_iter().collect();
    }
    let section = Section::from_id(section);
    let rows = facts.facts.rows().filter(|row| {
        row.is_of(district, year)
            && row.school_code() == Some(school)
            && (grain == Grain::School || row.section() == section)
    });
    let mut found: Vec<Place> = Vec::new();
    for (_, place) in rows.flat_map(|row| cells.cells(row, fact)) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}
fn cells(facts: &Facts, school: &str, section: &str, fact: &str) -> Vec<String> {
    cells_of(facts, "430503", 2025, school, section, fact).iter().map(|p| p.cell.clone().unwrap()).collect()
}

/// A workbook of text and numbers: a cell that parses as a number is one; `'` before it keeps it text.
fn workbook(folder: &Path, name: &str, sheets: &[(&str, &[&[&str]])]) -> PathBuf {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let (r, c) = (r as u32, c as u16);
                if let Some(text) = cell.strip_prefix('\'') {
                    sheet.write_string(r, c, text).unwrap();
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_number(r, c, number).unwrap();
                } else if !cell.is_empty() {
                    sheet.write_string(r, c, *cell).unwrap();
                }
            }
        }
    }
    let path = folder.join(name);
    book.save(&path).unwrap();
    path
}
fn csv(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("junheng-").rand_bytes(3).tempdir().unwrap()
}
const HOME: &str = "区县代码,区县名称,年度,学校代码,学校名称,学校类型";

mod examples {
    use super::*;

    #[test]
    fn the_wide_sheet_and_the_gbk_file_give_the_same_facts() {
        let (Some(xlsx), Some(csv)) =
            (shared("examples/county/county.xlsx"), shared("examples/county/county-gbk.csv"))
        else {
            return;
        };
        let (a, b) = (read(&[xlsx]), read(&[csv]));
        let apart = ["source_id", "source_row"];
        assert!(a.facts.frame().drop_many(apart).equals_missing(&b.facts.frame().drop_many(apart)));
        assert_eq!(a.facts.height(), 53);
        assert_eq!(a.district_facts.height(), 18);
        assert_eq!(b.district_facts.height(), 0);
        // Four teaching points whose largest class was made larger than the school.
        assert_eq!(codes(&a.findings), ["largest_class_exceeds_students"; 4]);
        assert_eq!(sections(&a, "2143000041"), ["primary", "junior", "senior"]);
        assert_eq!(number(&a, "2143000041", "junior", "students"), Some(235.0));
        assert_eq!(number(&a, "2143000041", "senior", "teaching_area"), Some(7055.72));
        assert_eq!(number(&a, "2143000041", "senior", "teachers"), None);
        assert_eq!(cells(&a, "2143000041", "junior", "students"), ["AG43"]);
        assert_eq!(cells(&a, "2143000041", "junior", "teaching_area"), ["BD43"]);
        assert_eq!(cells(&b, "2143000041", "junior", "students"), ["AG43"]);
        assert_eq!(cells(&a, "", "", "satisfaction"), ["B22"]);
    }

    #[test]
    fn the_exports_join_by_code() {
        let Some(export) = shared("examples/county/export") else { return };
        let a = read(&[export]);
        assert_eq!(a.facts.height(), 35 + 15 + 3);
        assert_eq!(codes(&a.findings), Vec::<&str>::new());
        assert_eq!(sections(&a, "2143000041"), ["primary", "junior", "senior"]);
        assert_eq!(number(&a, "2143000041", "junior", "students"), Some(235.0));
        assert_eq!(number(&a, "2143000000", "primary", "arts_teachers_total"), Some(3.0));
        assert_eq!(number(&a, "2143000000", "primary", "indoor_sports_area"), Some(118.85));
        assert_eq!(number(&a, "2143000000", "primary", "gym_area"), None);
        assert_eq!(number(&a, "2143000000", "primary", "teachers_master"), Some(3.0));
        assert_eq!(text(&a, "2143000000", "primary", "ownership").as_deref(), Some("民办"));
        assert_eq!(text(&a, "2143000001", "primary", "ownership").as_deref(), Some("县级教育部门"));
        let places = cells_of(&a, "430503", 2025, "2143000041", "junior", "backbone_teachers");
        assert_eq!(places.len(), 1);
        assert!(places[0].file.as_ref().unwrap().ends_with("初中.xlsx"));
        assert_eq!(places[0].cell.as_deref(), Some("U19"));
        // A school fact is in each of the three.
        assert_eq!(cells_of(&a, "430503", 2025, "2143000041", "junior", "equipment_value").len(), 3);
    }

    #[test]
    fn the_forms_say_what_the_wide_sheet_says() {
        let (Some(forms), Some(wide)) =
            (shared("examples/county/forms"), shared("examples/county/county.xlsx"))
        else {
            return;
        };
        let (a, b) = (read(&[forms]), read(&[wide]));
        assert_eq!(a.facts.height(), 34);
        assert_eq!(codes(&a.findings), Vec::<&str>::new());
        let schools: Vec<(String, String)> = {
            let codes = a.facts.frame().column("school_code").unwrap().str().unwrap();
            let sections = a.facts.frame().column("section").unwrap().str().unwrap();
            codes
                .iter()
                .zip(sections.iter())
                .map(|(c, s)| (c.unwrap().to_string(), s.unwrap().to_string()))
                .collect()
        };
        let mut compared = 0;
        for (school, section) in &schools {
            for column in a.facts.frame().columns().iter().filter(|c| c.dtype() == &DataType::Float64) {
                let fact = column.name().as_str();
                if let Some(value) = number(&a, school, section, fact) {
                    assert_eq!(Some(value), number(&b, school, section, fact), "{school} {fact}");
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 34 * 19);
        assert!(
            a.district_facts
                .frame()
                .column("value")
                .unwrap()
                .equals(b.district_facts.frame().column("value").unwrap())
        );
        assert_eq!(cells(&a, "2143000000", "primary", "students"), ["E6"]);
        assert_eq!(cells(&a, "2143000000", "primary", "teaching_area"), ["E18"]);
    }

    #[test]
    fn all_shapes_of_one_county_together_are_one_county() {
        let Some(county) = shared("examples/county") else { return };
        let a = read(&[county]);
        assert_eq!(a.facts.height(), 53);
        assert_eq!(number(&a, "2143000000", "primary", "arts_teachers_total"), Some(3.0));
        assert_eq!(number(&a, "2143000000", "primary", "gym_area"), Some(174.76));
        assert!(!found(&a, "schools_given_twice").is_empty());
        assert_eq!(found(&a, "file_skipped").len(), 4);
        let students = cells(&a, "2143000000", "primary", "students");
        assert_eq!(students.len(), 4, "{students:?}");
    }

    #[test]
    fn empty_forms_are_no_schools() {
        let (Some(school), Some(district)) =
            (shared("forms/学校填报表格.xlsx"), shared("forms/区县填报表格.xlsx"))
        else {
            return;
        };
        let options = Options { year: Some(2025), ..Options::default() };
        let problems = refused(read_with(&[school, district], &options));
        assert_eq!(codes(&problems), ["no_schools"]);
    }

    #[test]
    fn a_sheet_that_holds_too_little_is_read() {
        let Some(file) = shared("forms/沈阳市中小学导入数据.xlsx") else { return };
        let problems = refused(read_with(std::slice::from_ref(&file), &Options::default()));
        assert_eq!(codes(&problems)[..2], ["year_missing", "sections_not_split"]);
        let options = Options { year: Some(2025), ..Options::default() };
        let a = read_with(&[file], &options).unwrap();
        assert_eq!(a.facts.frame().column("district_code").unwrap().n_unique().unwrap(), 13);
        assert_eq!(number(&a, "210102003", "primary", "students"), Some(318.0));
        assert_eq!(sections(&a, "210102001"), ["primary", "junior"]);
        assert_eq!(number(&a, "210102001", "primary", "students"), None);
        assert_eq!(text(&a, "210102001", "primary", "district_code").as_deref(), Some("210102"));
        assert!(found(&a, "sections_not_split").len() > 10);
        let unknown = found(&a, "header_unknown");
        assert!(unknown.iter().any(|p| p.place.cell.as_deref() == Some("M1")));
    }
}

mod headers {
    use super::*;

    #[test]
    fn sections_before_behind_and_above() {
        let dir = folder();
        let before = csv(
            dir.path(),
            "a.csv",
            &format!("{HOME},小学在校生数,初中在校生数\n430503,大祥区,2025,01,甲校,九年一贯制,300,200\n"),
        );
        let behind = csv(
            dir.path(),
            "b.csv",
            &format!(
                "{HOME},在校生数（小学）,在校生数（初中）\n430503,大祥区,2025,01,甲校,九年一贯制,300,200\n"
            ),
        );
        let above = csv(
            dir.path(),
            "c.csv",
            "区县代码,区县名称,年度,学校代码,学校名称,学校类型,小学,,初中\n,,,,,,在校生数,班级数,在校生数\n430503,大祥区,2025,01,甲校,九年一贯制,300,7,200\n",
        );
        for file in [before, behind, above] {
            let a = read(&[file]);
            assert_eq!(number(&a, "01", "primary", "students"), Some(300.0));
            assert_eq!(number(&a, "01", "junior", "students"), Some(200.0));
        }
    }

    #[test]
    fn a_row_a_section() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            "区县代码,区县名称,年度,学校代码,学校名称,学段,在校生数,体育馆面积\n430503,大祥区,2025,01,甲校,小学,300,50\n430503,大祥区,2025,01,甲校,初中部,200,\n430503,大祥区,2025,02,乙园,幼儿园,9,\n",
        );
        let a = read(&[file]);
        assert_eq!(sections(&a, "01"), ["primary", "junior"]);
        assert_eq!(number(&a, "01", "junior", "students"), Some(200.0));
        // A school's own fact is on all its sections, whichever row gave it.
        assert_eq!(number(&a, "01", "junior", "gym_area"), Some(50.0));
        assert_eq!(cells(&a, "01", "junior", "students"), ["G3"]);
        assert_eq!(found(&a, "section_unreadable").len(), 1);
    }

    #[test]
    fn the_header_may_stand_under_a_title_that_gives_the_year() {
        let dir = folder();
        let file = workbook(
            dir.path(),
            "a.xlsx",
            &[(
                "学校",
                &[
                    &["大祥区2025学年义务教育学校情况"],
                    &[],
                    &[
                        "区县代码",
                        "区县名称",
                        "学校代码",
                        "学校 名称\n",
                        "学校类型",
                        "在校生数（人）",
                        "教学仪器设备值（元）",
                        "教学及辅助用房面积（㎡）",
                    ],
                    &["430503", "大祥区", "'01", "甲校", "小学", "300", "1015400", "512㎡"],
                    &["合计", "", "", "", "", "300", "1015400"],
                    &["注：学年初报表"],
                ],
            )],
        );
        let a = read(&[file]);
        assert_eq!(a.facts.height(), 1);
        assert_eq!(number(&a, "01", "primary", "equipment_value"), Some(101.54));
        assert_eq!(number(&a, "01", "primary", "teaching_area"), Some(512.0));
        assert_eq!(cells(&a, "01", "primary", "students"), ["F4"]);
        assert_eq!(text(&a, "01", "primary", "district_code").as_deref(), Some("430503"));
    }

    #[test]
    fn two_columns_of_one_fact_are_never_chosen_between() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            &format!("{HOME},在校生数,学生人数\n430503,大祥区,2025,01,甲校,小学,300,301\n"),
        );
        let problems = refused(read_with(&[file], &Options::default()));
        assert_eq!(codes(&problems), ["fact_two_headers"]);
        let said = Words::load(Language::Chinese).unwrap().problem(&problems[0]);
        assert!(said.contains("[sources.columns]\nstudents = \"在校生数\""), "{said}");
        assert!(said.contains("G: 在校生数、H: 学生人数"), "{said}");
    }

    #[test]
    fn a_header_of_two_facts_is_never_guessed() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            &format!("{HOME},在校生数,公用经费\n430503,大祥区,2025,01,甲校,小学,300,30\n"),
        );
        let problems = refused(read_with(&[file], &Options::default()));
        assert_eq!(codes(&problems), ["header_two_facts"]);
        assert!(Words::load(Language::Chinese).unwrap().problem(&problems[0]).contains("operating_outturn"));
    }

    #[test]
    fn school_section_and_pupils_are_needed() {
        let dir = folder();
        for (header, row, code) in [
            ("年度,学校类型,在校生数,班级数", "2025,小学,300,9", "table_lacks_school"),
            ("年度,学校名称,在校生数", "2025,甲校,300", "table_lacks_section"),
            ("年度,学校名称,学校类型,在校生总数", "2025,甲校,小学,300", "table_lacks_students"),
            ("姓名,电话", "张三,123", "file_not_understood"),
        ] {
            let file = csv(dir.path(), "a.csv", &format!("{header}\n{row}\n"));
            let options =
                Options { district: Some(("430503".into(), "大祥区".into())), ..Options::default() };
            let problems = refused(read_with(&[file], &options));
            assert_eq!(codes(&problems)[0], code);
        }
        let file = csv(dir.path(), "a.csv", "年度,学校名称,学校类型,在校生总数\n2025,甲校,小学,300\n");
        let problems = refused(read_with(&[file], &Options::default()));
        let said = Words::load(Language::English).unwrap().problem(&problems[0]);
        assert!(said.contains("students = \"在校生总数\""), "{said}");
    }

    #[test]
    fn a_summary_beside_the_schools_is_passed_over() {
        let dir = folder();
        let file = workbook(
            dir.path(),
            "a.xlsx",
            &[
                ("汇总", &[&["学段", "班级数", "在校生数"], &["小学", "9", "300"]]),
                (
                    "学校",
                    &[
                        &["区县代码", "年度", "学校名称", "学校类型", "在校生数"],
                        &["430503", "2025", "甲校", "小学", "300"],
                    ],
                ),
                ("填表说明", &[&["请如实填写"]]),
            ],
        );
        let a = read(&[file]);
        assert_eq!(a.facts.height(), 1);
        assert_eq!(codes(&a.findings), ["sheet_passed_over"]);
    }

    #[test]
    fn an_unknown_header_is_a_finding_with_its_nearest_facts() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            &format!("{HOME},在校生数,教师数,备注\n430503,大祥区,2025,01,甲校,小学,300,20,\n"),
        );
        let a = read(&[file]);
        let said = found(&a, "header_unknown");
        assert_eq!(said.len(), 1);
        assert!(said[0].args.iter().any(|(k, v)| *k == "nearest" && v.contains("专任教师数")));
        assert_eq!(number(&a, "01", "primary", "teachers"), None);
    }

    #[test]
    fn a_header_and_nothing_under_it_is_an_error() {
        let dir = folder();
        let file = csv(dir.path(), "a.csv", &format!("{HOME},在校生数\n"));
        assert_eq!(codes(&refused(read_with(&[file], &Options::default()))), ["table_without_rows"]);
    }
}

mod cells {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_missing_and_said() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            &format!(
                "{HOME},在校生数,班级数,专任教师数,建校年份,是否寄宿制学校,城乡类型\n430503,大祥区,2025,01,甲校,小学,３００人,约9,——,1978年9月,√,村庄\n"
            ),
        );
        let a = read(&[file]);
        assert_eq!(number(&a, "01", "primary", "students"), Some(300.0));
        assert_eq!(number(&a, "01", "primary", "classes"), None);
        assert_eq!(number(&a, "01", "primary", "teachers"), None);
        assert_eq!(number(&a, "01", "primary", "built_year"), Some(1978.0));
        assert_eq!(text(&a, "01", "primary", "location").as_deref(), Some("乡村"));
        let said = found(&a, "cell_unreadable");
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].place.cell.as_deref(), Some("H2"));
        assert_eq!(said[0].school_code.as_deref(), Some("01"));
        assert_eq!(said[0].fact.as_deref(), Some("classes"));
        let strict = Options { strict: true, ..Options::default() };
        let file = dir.path().join("a.csv");
        assert_eq!(codes(&refused(read_with(&[file], &strict))), ["cell_unreadable"]);
    }

    #[test]
    fn a_wrong_year_is_an_error() {
        let dir = folder();
        for year in ["20225", "明年", "1825"] {
            let file = csv(
                dir.path(),
                "a.csv",
                &format!("{HOME},在校生数\n430503,大祥区,{year},01,甲校,小学,300\n"),
            );
            let problems = refused(read_with(&[file], &Options { year: Some(2025), ..Options::default() }));
            assert_eq!(codes(&problems), ["year_unreadable"]);
        }
    }

    #[test]
    fn merged_cells_have_one_value() {
        let dir = folder();
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (c, head) in
            ["区县代码", "年度", "学校代码", "学校名称", "学校类型", "在校生数"].iter().enumerate()
        {
            sheet.write_string(0, c as u16, *head).unwrap();
        }
        for r in 1..3 {
            for (c, text) in
                ["430503", "2025", if r == 1 { "01" } else { "02" }, "校", "小学"].iter().enumerate()
            {
                sheet.write_string(r, c as u16, *text).unwrap();
            }
        }
        sheet.merge_range(1, 5, 2, 5, "", &rust_xlsxwriter::Format::new()).unwrap();
        sheet.write_number(1, 5, 300.0).unwrap();
        let file = dir.path().join("a.xlsx");
        book.save(&file).unwrap();
        let a = read(&[file]);
        assert_eq!(number(&a, "01", "primary", "students"), Some(300.0));
        assert_eq!(number(&a, "02", "primary", "students"), None);
        assert_eq!(found(&a, "merged_cells")[0].place.cell.as_deref(), Some("F2:F3"));
    }
}

mod forms {
    use super::*;

    fn form(folder: &Path, rows: &[(&str, &str, &str)]) -> PathBuf {
        let mut lines = vec![vec!["序号", "类别", "填报项目", "单位", "填报值"]];
        lines.extend(rows.iter().map(|(item, unit, value)| vec!["1", "", *item, *unit, *value]));
        let rows: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
        workbook(folder, "form.xlsx", &[("学校填报数据", &rows)])
    }
    fn options() -> Options {
        Options {
            year: Some(2025), district: Some(("430503".into(), "大祥区".into())), ..Options::default()
        }
    }

    #[test]
    fn unnamed_section_facts_belong_to_the_one_section() {
        let dir = folder();
        let file = form(
            dir.path(),
            &[
                ("学校名称", "", "甲校"),
                ("学校类型", "小学/初中", "小学"),
                ("学校代码", "", "'01"),
                ("小学学生人数", "人", "370"),
                ("初中学生人数", "人", ""),
                ("班级总数", "个", "10"),
                ("教学仪器设备资产值（账面原值）", "元", "1015400"),
                ("图书册数", "㎡", "5"),
            ],
        );
        let a = read_with(&[file], &options()).unwrap();
        assert_eq!(sections(&a, "01"), ["primary"]);
        assert_eq!(number(&a, "01", "primary", "classes"), Some(10.0));
        assert_eq!(number(&a, "01", "primary", "equipment_value"), Some(101.54));
        assert_eq!(number(&a, "01", "primary", "books"), None);
        assert_eq!(found(&a, "unit_unknown").len(), 1);
        assert_eq!(cells(&a, "01", "primary", "classes"), ["E7"]);
    }

    #[test]
    fn on_a_combined_school_they_are_an_error_that_says_so() {
        let dir = folder();
        let file = form(
            dir.path(),
            &[
                ("学校名称", "", "甲校"),
                ("学校类型", "", "九年一贯制"),
                ("小学学生人数", "人", "370"),
                ("初中学生人数", "人", "200"),
                ("班级总数", "个", "10"),
                ("本届毕业学生人数", "人", "50"),
                ("网络多媒体教室间数", "间", "20"),
            ],
        );
        let problems = refused(read_with(&[file], &options()));
        assert_eq!(codes(&problems), ["form_section_unnamed"]);
        let said = Words::load(Language::Chinese).unwrap().problem(&problems[0]);
        assert!(said.contains("小学、初中") && said.contains("班级总数") && !said.contains("毕业"), "{said}");
    }

    #[test]
    fn answers_are_conclusions_or_scores() {
        let dir = folder();
        let file = workbook(
            dir.path(),
            "county.xlsx",
            &[
                (
                    "学校",
                    &[&["学校代码", "学校名称", "学校类型", "在校生数"], &["'01", "甲校", "小学", "300"]],
                ),
                (
                    "区县",
                    &[
                        &["填报项目", "填报值"],
                        &["区县代码", "'430503"],
                        &["区县名称", "大祥区"],
                        &["年度", "2025"],
                        &["社会认可度", "88.5%"],
                    ],
                ),
                (
                    "佐证与评分",
                    &[
                        &["编号", "指标", "要求", "分值", "结论或得分", "佐证材料", "日期", "填写人"],
                        &["8", "布局", "", "", "达标", "规划图", "2025-06-01", "王"],
                        &["9.1", "", "", "5", "4.5", "", "", ""],
                        &["V1", "", "", "", "无", "", "", ""],
                        &["V2", "", "", "", "存在", "", "", ""],
                        &["11", "", "", "", "×", "", "", ""],
                        &["12", "", "", "", "差不多", "", "", ""],
                        &["13", "", "", "", "", "", "", ""],
                    ],
                ),
                ("指标计算说明", &[&["指标名称", "计算公式"], &["甲", "乙"]]),
            ],
        );
        let a = read(&[file]);
        assert_eq!(a.district_facts.frame().column("value").unwrap().f64().unwrap().get(0), Some(88.5));
        let items: Vec<_> = a
            .answers
            .frame()
            .column("item")
            .unwrap()
            .str()
            .unwrap()
            .iter()
            .flatten()
            .map(str::to_string)
            .collect();
        let met: Vec<_> = a.answers.frame().column("met").unwrap().bool().unwrap().iter().collect();
        let score: Vec<_> = a.answers.frame().column("score").unwrap().f64().unwrap().iter().collect();
        assert_eq!(items, ["8", "9.1", "V1", "V2", "11"]);
        assert_eq!(met, [Some(true), None, Some(true), Some(false), Some(false)]);
        assert_eq!(score, [None, Some(4.5), None, None, None]);
        assert_eq!(a.answers.frame().column("district_code").unwrap().str().unwrap().get(0), Some("430503"));
        assert_eq!(codes(&a.findings), ["answer_unreadable"]);
        assert_eq!(text(&a, "01", "primary", "district_name").as_deref(), Some("大祥区"));
    }
}

mod schools {
    use super::*;

    #[test]
    fn twice_and_equal_is_once() {
        let dir = folder();
        let a = csv(
            dir.path(),
            "a.csv",
            &format!("{HOME},在校生数,班级数\n430503,大祥区,2025,01,甲校,小学,300,9\n"),
        );
        let b = csv(
            dir.path(),
            "b.csv",
            &format!("{HOME},在校生数,专任教师数\n430503,大祥区,2025,01,甲校,小学,300,20\n"),
        );
        let a = read(&[a, b]);
        assert_eq!(a.facts.height(), 1);
        assert_eq!(number(&a, "01", "primary", "teachers"), Some(20.0));
        assert_eq!(found(&a, "same_school_twice").len(), 1);
        assert_eq!(a.record_sources.frame().column("role").unwrap().str().unwrap().get(0), Some("also"));
        assert_eq!(cells(&a, "01", "primary", "students"), ["G2", "G2"]);
        assert_eq!(cells(&a, "01", "primary", "teachers"), ["H2"]);
    }

    #[test]
    fn twice_and_different_shows_both_cells() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            &format!(
                "{HOME},在校生数\n430503,大祥区,2025,01,甲校,小学,300\n430503,大祥区,2025,01,甲校,小学,301\n"
            ),
        );
        let problems = refused(read_with(&[file], &Options::default()));
        assert_eq!(codes(&problems), ["two_values"]);
        let said = Words::load(Language::Chinese).unwrap().error(&Error::Input(problems));
        assert!(
            said.contains("G2") && said.contains("G3") && said.contains("300") && said.contains("301"),
            "{said}"
        );
    }

    #[test]
    fn without_codes_the_full_name_joins_and_a_part_of_it_never() {
        let dir = folder();
        let coded = csv(
            dir.path(),
            "a.csv",
            "区县代码,年度,学校代码,学校名称,学校类型,在校生数\n430503,2025,01,城南 小学,小学,300\n",
        );
        let named = csv(
            dir.path(),
            "b.csv",
            "区县代码,年度,学校名称,学校类型,在校生数,班级数\n430503,2025,城南小学,小学,300,9\n430503,2025,城南小学分校,小学,40,2\n",
        );
        let a = read(&[coded.clone(), named]);
        assert_eq!(a.facts.height(), 2);
        assert_eq!(number(&a, "01", "primary", "classes"), Some(9.0));
        assert_eq!(number(&a, "城南小学分校", "primary", "classes"), Some(2.0));
        let twins = csv(
            dir.path(),
            "c.csv",
            "区县代码,年度,学校代码,学校名称,学校类型,在校生数\n430503,2025,02,城南小学,小学,100\n",
        );
        let named = dir.path().join("b.csv");
        let problems = refused(read_with(&[coded, twins, named], &Options::default()));
        assert_eq!(codes(&problems)[0], "name_fits_several");
    }

    #[test]
    fn sites_are_added_to_their_parents() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            &format!(
                "{HOME},是否计校数,所属学校代码,在校生数,最大班额,专任教师数,体育馆面积\n\
                 430503,大祥区,2025,01,中心小学,小学,1,,300,45,,100\n\
                 430503,大祥区,2025,02,东教学点,教学点,0,01,40,20,3,10.5\n\
                 430503,大祥区,2025,03,西教学点,教学点,否,02,5,5,1,\n\
                 430503,大祥区,2025,04,南教学点,教学点,0,99,7,7,1,\n"
            ),
        );
        let a = read(&[file]);
        assert_eq!(a.facts.height(), 2);
        assert_eq!(number(&a, "01", "primary", "students"), Some(345.0));
        assert_eq!(number(&a, "01", "primary", "max_class_size"), Some(45.0));
        assert_eq!(number(&a, "01", "primary", "gym_area"), Some(110.5));
        // A part is no total.
        assert_eq!(number(&a, "01", "primary", "teachers"), None);
        assert_eq!(number(&a, "04", "primary", "students"), Some(7.0));
        assert_eq!(found(&a, "site_added").len(), 2);
        assert_eq!(found(&a, "site_without_parent").len(), 1);
        assert_eq!(cells(&a, "01", "primary", "students"), ["I2", "I3", "I4"]);
    }

    #[test]
    fn one_school_is_in_one_district() {
        let dir = folder();
        let rows = |name: &str| {
            format!(
                "{HOME},在校生数\n430503,大祥区,2025,01,甲校,小学,300\n430502,双清区,2025,01,{name},小学,300\n"
            )
        };
        let same = csv(dir.path(), "a.csv", &rows("甲校"));
        assert_eq!(codes(&refused(read_with(&[same], &Options::default()))), ["school_in_two_districts"]);
        let other = csv(dir.path(), "b.csv", &rows("乙校"));
        let a = read(&[other]);
        assert_eq!(a.facts.height(), 2);
        assert_eq!(found(&a, "code_in_two_districts").len(), 1);
    }

    #[test]
    fn a_row_that_only_looks_like_a_note_is_a_school() {
        let dir = folder();
        let file = workbook(
            dir.path(),
            "a.xlsx",
            &[(
                "学校",
                &[
                    &["区县代码", "年度", "学校名称", "学校类型", "在校生数"],
                    &["430503", "2025", "甲", "乙", "1"],
                    &["430503", "2025", "*甲校", "小学", "300"],
                    &["430503", "2025", "", "小学", "7"],
                    &["", "", "", "全区合计", "307"],
                    &["合计", "", "", "", "307"],
                    &["", "", "注：甲校暂停招生", "", ""],
                ],
            )],
        );
        let a = read(&[file]);
        assert_eq!(a.facts.height(), 1);
        assert_eq!(number(&a, "*甲校", "primary", "students"), Some(300.0));
        let said = found(&a, "row_without_school");
        assert_eq!(said.iter().map(|p| p.place.cell.as_deref().unwrap()).collect::<Vec<_>>(), ["4"]);
    }

    #[test]
    fn every_bad_file_is_told_at_once() {
        let dir = folder();
        let a = csv(dir.path(), "a.csv", "姓名,电话\n张三,1\n");
        let b = csv(dir.path(), "b.csv", "学校名称,学校类型,在校生数\n甲校,小学,300\n");
        let c = dir.path().join("no.xlsx");
        let problems = refused(read_with(&[a, b, c], &Options::default()));
        let mut said = codes(&problems);
        said.sort_unstable();
        assert_eq!(said, ["district_missing", "file_not_understood", "path_missing", "year_missing"]);
    }

    #[test]
    fn a_folder_is_its_files() {
        let dir = folder();
        std::fs::create_dir(dir.path().join("b")).unwrap();
        csv(dir.path(), "a.csv", &format!("{HOME},在校生数\n430503,大祥区,2025,01,甲校,小学,300\n"));
        csv(
            &dir.path().join("b"),
            "a.csv",
            &format!("{HOME},在校生数\n430503,大祥区,2024,01,甲校,小学,290\n"),
        );
        for name in ["~$a.xlsx", ".hidden.csv", "readme.txt"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let seen = std::sync::Mutex::new(Vec::new());
        let watch = |file: &str, _: usize, total: usize| seen.lock().unwrap().push((file.to_string(), total));
        let a = ingest::read(&[dir.path().to_path_buf()], &Options::default(), &watch).unwrap();
        assert_eq!(a.facts.height(), 2);
        assert_eq!(codes(&a.findings), ["file_skipped"]);
        assert_eq!(seen.lock().unwrap().len(), 2);
        assert!(seen.lock().unwrap().iter().all(|(_, total)| *total == 2));
    }
}

mod mappings {
    use crate::ingest::{Headers, Mapping};

    use super::*;

    fn sum(headers: &[&str]) -> Headers {
        Headers::Sum(headers.iter().map(|h| h.to_string()).collect())
    }
    fn with(mapping: Mapping) -> Options {
        Options { mappings: vec![mapping], ..Options::default() }
    }

    #[test]
    fn sums_constants_and_offsets() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "110_a.csv",
            "學年度,縣市代碼,縣市名稱,學校代碼,學校名稱,1年級男,1年級女,職員\n110,01,新北市,011301,甲,3 ,2 ,9\n110,01,新北市,011302,乙,4,,9\n110,01,新北市,011303,丙,,,9\n110,01,新北市,011304,丁,4,many,9\n",
        );
        let mut mapping = Mapping {
            file: "110_*.csv".into(),
            section: crate::dictionary::Section::from_id("primary"),
            year_offset: Some(1911),
            ignore: vec!["職員".into()],
            ..Mapping::default()
        };
        for (fact, header) in [
            ("year", "學年度"),
            ("district_code", "縣市代碼"),
            ("district_name", "縣市名稱"),
            ("school_code", "學校代碼"),
            ("school_name", "學校名稱"),
        ] {
            mapping.columns.insert(fact.into(), Headers::One(header.into()));
        }
        mapping.columns.insert("students".into(), sum(&["1年級男", "1年級女"]));
        mapping.constants.insert("ownership".into(), "公办".into());
        let a = read_with(std::slice::from_ref(&file), &with(mapping.clone())).unwrap();
        assert_eq!(number(&a, "011301", "primary", "students"), Some(5.0));
        assert_eq!(number(&a, "011302", "primary", "students"), Some(4.0));
        assert_eq!(number(&a, "011303", "primary", "students"), None);
        assert_eq!(number(&a, "011304", "primary", "students"), None);
        assert_eq!(text(&a, "011301", "primary", "ownership").as_deref(), Some("公办"));
        assert_eq!(codes(&a.findings), ["cell_unreadable", "school_types_missing"]);
        let places = cells_of(&a, "01", 2021, "011301", "primary", "students");
        assert_eq!(places.iter().map(|p| p.cell.as_deref().unwrap()).collect::<Vec<_>>(), ["F2", "G2"]);
        mapping.columns.insert("classes".into(), Headers::One("班級數".into()));
        let problems = refused(read_with(&[file], &with(mapping)));
        assert_eq!(codes(&problems), ["mapping_header_missing"]);
        assert!(problems[0].args.iter().any(|(_, v)| v.contains("1年級男")));
    }

    #[test]
    fn a_header_that_stands_twice_is_told_apart() {
        let dir = folder();
        let file = csv(
            dir.path(),
            "a.csv",
            "区县代码,年度,学校名称,学校类型,合计,合计\n430503,2025,甲校,小学,300,9\n",
        );
        let mut mapping = Mapping { file: "a.csv".into(), ..Mapping::default() };
        mapping.columns.insert("students".into(), Headers::One("合计".into()));
        let problems = refused(read_with(std::slice::from_ref(&file), &with(mapping.clone())));
        assert!(codes(&problems).contains(&"mapping_header_twice"));
        mapping.columns.insert("students".into(), Headers::One("合计#1".into()));
        mapping.columns.insert("classes".into(), Headers::One("合计#2".into()));
        let a = read_with(&[file], &with(mapping)).unwrap();
        assert_eq!(number(&a, "甲校", "primary", "students"), Some(300.0));
        assert_eq!(number(&a, "甲校", "primary", "classes"), Some(9.0));
    }

    #[test]
    fn eight_years_of_twelve_columns_to_add_up() {
        let Some(first) = shared("data/taiwan-primary/103_basec.csv") else { return };
        let mut options = Options::default();
        let mut files = Vec::new();
        for year in [103, 109, 110] {
            let name = format!("{year}_basec.csv");
            files.push(first.with_file_name(&name));
            let mut mapping = Mapping {
                file: name,
                section: crate::dictionary::Section::from_id("primary"),
                year: Some(year),
                year_offset: Some(1911),
                ..Mapping::default()
            };
            for (fact, header) in [
                ("district_code", "縣市代碼"),
                ("district_name", "縣市名稱"),
                ("school_code", "學校代碼"),
                ("school_name", "學校名稱"),
            ] {
                mapping.columns.insert(fact.into(), Headers::One(header.into()));
            }
            let pupils: Vec<String> =
                (1..=6).flat_map(|g| ["男", "女"].map(|s| format!("{g}年級{s}學生數"))).collect();
            mapping.columns.insert("students".into(), Headers::Sum(pupils));
            mapping.columns.insert("teachers".into(), sum(&["男專任教師", "女專任教師"]));
            options.mappings.push(mapping);
        }
        let a = read_with(&files, &options).unwrap();
        let sums = a
            .facts
            .frame()
            .clone()
            .lazy()
            .filter(col("students").gt(lit(0)))
            .group_by_stable([col("year")])
            .agg([col("students").sum(), col("teachers").sum(), len().cast(DataType::Float64).alias("n")])
            .collect()
            .unwrap();
        let expected = std::fs::read_to_string(first.with_file_name("expected-national.csv")).unwrap();
        for i in 0..3 {
            let at = |name: &str| {
                sums.column(name).unwrap().cast(&DataType::Float64).unwrap().f64().unwrap().get(i)
            };
            let year = at("year").unwrap() as i32 - 1911;
            let line = expected.lines().find(|l| l.starts_with(&format!("{year},teachers,"))).unwrap();
            let values: Vec<f64> = line.split(',').skip(2).map(|v| v.parse().unwrap()).collect();
            assert_eq!(
                [at("n"), at("students"), at("teachers")],
                [values[0], values[1], values[2]].map(Some)
            );
        }
    }

    #[test]
    fn merged_headers_are_named_by_their_path() {
        let Some(file) = shared("data/taiwan-junior/junior110_merged_header.xlsx") else { return };
        let mut mapping = Mapping {
            file: "junior110*".into(),
            header_rows: Some((3, 5)),
            section: crate::dictionary::Section::from_id("junior"),
            year_offset: Some(1911),
            ..Mapping::default()
        };
        for (fact, header) in [
            ("district_code", "縣市代碼"),
            ("district_name", "縣市名稱"),
            ("school_code", "學校代碼"),
            ("school_name", "學校名稱"),
            ("classes", "班級數/合計"),
            ("students", "學生數/合計"),
        ] {
            mapping.columns.insert(fact.into(), Headers::One(header.into()));
        }
        mapping.columns.insert("teachers".into(), sum(&["專任教師/男", "專任教師/女"]));
        let a = read_with(&[file], &with(mapping)).unwrap();
        assert_eq!(a.facts.height(), 965);
        let total = |fact: &str| a.facts.frame().column(fact).unwrap().f64().unwrap().sum().unwrap();
        assert_eq!(total("students"), 586_914.0);
        assert_eq!(a.facts.frame().column("year").unwrap().i32().unwrap().get(0), Some(2021));
        assert_eq!(number(&a, "724505", "junior", "teachers"), Some(12.0));
    }
}

mod parquet {
    use super::*;

    fn write(path: &Path, frame: &mut DataFrame) {
        ParquetWriter::new(std::fs::File::create(path).unwrap()).finish(frame).unwrap();
    }
    fn panel() -> DataFrame {
        df!(
            "district_code" => [430503i64, 430503],
            "year" => [2025i64, 2025],
            "school_code" => ["01", "02"],
            "section" => ["primary", "junior"],
            "students" => [300i32, 200],
            "teachers" => [20.0f32, 15.5],
            "boarding" => [1i64, 0],
            "made_up" => [1, 2],
        )
        .unwrap()
    }

    #[test]
    fn made_elsewhere() {
        let dir = folder();
        let path = dir.path().join("panel.parquet");
        write(&path, &mut panel());
        let a = read(std::slice::from_ref(&path));
        assert_eq!(number(&a, "01", "primary", "students"), Some(300.0));
        assert_eq!(number(&a, "02", "junior", "teachers"), Some(15.5));
        assert_eq!(number(&a, "02", "junior", "gym_area"), None);
        assert_eq!(text(&a, "01", "primary", "district_code").as_deref(), Some("430503"));
        let said = ["parquet_column_unknown", "fractional_count", "school_types_missing"];
        assert_eq!(codes(&a.findings), said);
        assert_eq!(cells(&a, "02", "junior", "students"), ["E2"]);
    }

    #[test]
    fn what_is_wrong_with_it_is_named() {
        let dir = folder();
        let path = dir.path().join("panel.parquet");
        let said = |frame: &mut DataFrame| {
            write(&path, frame);
            let problems = refused(read_with(std::slice::from_ref(&path), &Options::default()));
            codes(&problems)[0].to_string()
        };
        assert_eq!(said(&mut panel().drop("section").unwrap()), "parquet_column_missing");
        assert_eq!(said(&mut panel().drop("district_code").unwrap()), "parquet_column_missing");
        let mut words = panel();
        words.with_column(Column::new("students".into(), ["many", "few"])).unwrap();
        assert_eq!(said(&mut words), "parquet_column_type");
        let mut gaps = panel();
        gaps.with_column(Column::new("school_code".into(), [Some("01"), None])).unwrap();
        assert_eq!(said(&mut gaps), "parquet_key_missing");
        let mut kinder = panel();
        kinder.with_column(Column::new("section".into(), ["primary", "nursery"])).unwrap();
        assert_eq!(said(&mut kinder), "parquet_section_unknown");
        let mut twice = panel().vstack(&panel()).unwrap();
        assert_eq!(said(&mut twice), "key_twice");
        std::fs::write(&path, "PAR1 and nothing more PAR1").unwrap();
        let problems = refused(read_with(std::slice::from_ref(&path), &Options::default()));
        assert_eq!(codes(&problems), ["parquet_unreadable"]);
    }

    #[test]
    fn a_runs_own_facts_keep_their_cells() {
        let Some(county) = shared("examples/county/county.xlsx") else { return };
        let a = read(&[county]);
        let dir = folder();
        for (name, frame) in [
            ("facts", a.facts.frame()),
            ("sources", a.sources.frame()),
            ("columns", a.columns.frame()),
            ("record_sources", a.record_sources.frame()),
            ("district_facts", a.district_facts.frame()),
            ("answers", a.answers.frame()),
        ] {
            write(&dir.path().join(format!("{name}.parquet")), &mut frame.clone());
        }
        let b = read(&[dir.path().to_path_buf()]);
        assert!(a.facts.frame().equals_missing(b.facts.frame()));
        assert!(a.district_facts.frame().equals_missing(b.district_facts.frame()));
        assert_eq!(super::cells(&b, "2143000041", "junior", "students"), ["AG43"]);
        let said = codes(&b.findings);
        assert_eq!((said[0], &said[1..]), ("run_folder", &codes(&a.findings)[..]));
    }
}
