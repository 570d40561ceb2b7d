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
        let file =
            csv(dir.path(), "a.csv", &format!("{HOME},在校生数\n430503,大祥区,{year},01,甲校,小学,300\n"));
        let problems = refused(read_with(&[file], &Options { year: Some(2025), ..Options::default() }));
        assert_eq!(codes(&problems), ["year_unreadable"]);
    }
}

#[test]
fn merged_cells_have_one_value() {
    let dir = folder();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["区县代码", "年度", "学校代码", "学校名称", "学校类型", "在校生数"].iter().enumerate()
    {
        sheet.write_string(0, c as u16, *head).unwrap();
    }
    for r in 1..3 {
        for (c, text) in ["430503", "2025", if r == 1 { "01" } else { "02" }, "校", "小学"].iter().enumerate()
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
