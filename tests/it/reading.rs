//! Tables as clerks keep them: whatever a title, a note, a format or an office does to a table, it gives the results of
//! the plain one, or a finding that says what was done.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rust_xlsxwriter::{Workbook, Worksheet};

use crate::support::{junheng, rows};

/// Five primary schools and three junior ones, one per row.
const COUNTY: &str = "区县代码,区县名称,年度,学校代码,学校名称,学校类型,在校生数,专任教师数,教学及辅助用房面积,室内体育用房面积,体育场面积,教学仪器设备值,网络多媒体教室数
430599,清溪县,2025,2143055001,实验小学,小学,910,52,5150,380,7500,220.5,24
430599,清溪县,2025,2143055002,东门小学,小学,650,37,3800,0,6200,141.8,17
430599,清溪县,2025,2143055003,龙塘中心小学,小学,415,26,2350,0,3700,95.1,11
430599,清溪县,2025,2143055004,双江小学,小学,175,14,1160,0,1950,41.2,6
430599,清溪县,2025,2143055005,白石小学,小学,98,9,650,0,880,18.3,4
430599,清溪县,2025,3143055011,清溪县第二中学,初中,1080,91,7700,880,11700,305.6,30
430599,清溪县,2025,3143055012,龙塘中学,初中,565,50,4050,0,5950,152.2,16
430599,清溪县,2025,3143055013,双江中学,初中,240,25,1950,0,2750,62.9,7
";

type Table = Vec<Vec<String>>;

fn county() -> Table {
    COUNTY.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
}

/// Without a column.
fn without(table: &Table, column: &str) -> Table {
    let at = table[0].iter().position(|name| name == column).unwrap();
    let kept = |row: &Vec<String>| {
        let cells = row.iter().enumerate().filter(|(k, _)| *k != at);
        cells.map(|(_, cell)| cell.clone()).collect()
    };
    table.iter().map(kept).collect()
}

/// Only the header and the schools of a type.
fn of_type(table: &Table, school_type: &str) -> Table {
    let (header, schools) = table.split_first().unwrap();
    let own = schools.iter().filter(|row| row.iter().any(|cell| cell == school_type));
    std::iter::once(header).chain(own).cloned().collect()
}

/// Lines of one cell above a table.
fn under(lines: &[&str], table: &Table) -> Table {
    lines.iter().map(|line| vec![line.to_string()]).chain(table.iter().cloned()).collect()
}

/// Writes cells; codes stay texts.
fn put(sheet: &mut Worksheet, table: &Table) {
    for (row, cells) in (0..).zip(table) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<f64>() {
                Ok(number) if cell.len() < 6 || cell.contains('.') => {
                    sheet.write(row, column, number).unwrap();
                }
                _ => drop(sheet.write(row, column, cell).unwrap()),
            }
        }
    }
}

fn workbook(path: &Path, sheets: &[(&str, Table)]) {
    let mut book = Workbook::new();
    for (name, table) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        put(sheet, table);
    }
    book.save(path).unwrap();
}

/// What a run says of the county.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    /// CV and mean by section and indicator.
    dispersion: BTreeMap<(String, String), (String, String)>,
    /// District and year.
    places: BTreeSet<(String, String)>,
    findings: BTreeSet<String>,
}

/// Judges everything in a folder, which `fill` makes.
fn judged(fill: impl FnOnce(&Path), more: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("数据");
    std::fs::create_dir(&data).unwrap();
    fill(&data);
    let mut call = vec!["assess", "数据", "--no-documents", "--out", "结果"];
    call.extend(more);
    let run = junheng(folder.path(), &call);
    let said = [&run.stdout[..], &run.stderr[..]].map(|text| String::from_utf8_lossy(text).into_owned());
    assert!(run.status.success(), "{}", said.join("\n"));
    let mut outcome = Outcome::default();
    for row in rows(&folder.path().join("结果/dispersion.csv")) {
        outcome.places.insert((row["district_code"].clone(), row["year"].clone()));
        let key = (row["section"].clone(), row["indicator"].clone());
        outcome.dispersion.insert(key, (row["cv"].clone(), row["mean"].clone()));
    }
    outcome.findings =
        rows(&folder.path().join("结果/findings.csv")).into_iter().map(|row| row["code"].clone()).collect();
    outcome
}

fn of_table(name: &str, table: &Table, more: &[&str]) -> Outcome {
    judged(|folder| workbook(&folder.join("县表.xlsx"), &[(name, table.clone())]), more)
}

fn plain() -> Outcome {
    of_table("学校情况", &county(), &[])
}

/// The results of the plain table; the findings that it does not have.
fn same(outcome: &Outcome) -> BTreeSet<String> {
    let plain = plain();
    assert_eq!(outcome.dispersion, plain.dispersion);
    assert_eq!(outcome.places, plain.places);
    outcome.findings.difference(&plain.findings).cloned().collect()
}

#[test]
fn the_year_is_that_of_the_data() {
    let bare = without(&county(), "年度");
    for lines in [
        &["附件2：清政教督〔2023〕5号", "清溪县2025年义务教育学校基本情况表"][..],
        &["清溪县“十四五”规划（2021—2025年）完成情况", "2025学年学校情况"],
        &["2025-2026学年学校情况", "（请于2026年1月10日前报送）"],
        &["2024年建校舍统计", "2025学年度学校情况"],
    ] {
        assert_eq!(same(&of_table("学校情况", &under(lines, &bare), &[])), BTreeSet::new(), "{lines:?}");
    }
    // --year comes before a title, and the title is named.
    let found = same(&of_table("学校情况", &under(&["2024年学校情况"], &bare), &["--year", "2025"]));
    assert_eq!(found, BTreeSet::from(["year_not_of_title".to_string()]));
    // A title comes before a name; 2010年前建成 names no year at all.
    let found = same(&of_table("2024年", &under(&["2025学年学校情况"], &bare), &[]));
    assert_eq!(found, BTreeSet::new());
    let outcome =
        judged(|folder| workbook(&folder.join("2025年县表.xlsx"), &[("2010年前建成", bare.clone())]), &[]);
    assert_eq!(same(&outcome), BTreeSet::new());
    // A column comes before a name, and the name is named.
    let outcome = judged(|folder| workbook(&folder.join("2024年县表.xlsx"), &[("学校情况", county())]), &[]);
    assert_eq!(same(&outcome), BTreeSet::from(["year_not_of_name".to_string()]));
}

#[test]
fn a_table_without_a_year_is_of_the_year_of_the_others() {
    let bare = without(&county(), "年度");
    let outcome = judged(
        |folder| {
            let (primary, junior) = (of_type(&bare, "小学"), of_type(&bare, "初中"));
            workbook(&folder.join("小学.xlsx"), &[("表", under(&["清政教督〔2023〕5号"], &primary))]);
            workbook(&folder.join("初中.xlsx"), &[("表", under(&["2025年初中情况"], &junior))]);
        },
        &[],
    );
    assert_eq!(same(&outcome), BTreeSet::from(["year_of_others".to_string()]));
}

#[test]
fn the_type_of_a_school_comes_before_words_above_the_table() {
    let remark = under(&["2025年学校情况表", "填报说明：教学点并入所属中心小学填报。"], &county());
    assert_eq!(same(&of_table("学校情况", &remark, &[])), BTreeSet::new());
    let title = under(&["2025学年小学学校情况"], &county());
    assert_eq!(same(&of_table("学校情况", &title, &[])), BTreeSet::from(["section_of_type".to_string()]));
    assert_eq!(same(&of_table("初中", &county(), &[])), BTreeSet::from(["section_of_type".to_string()]));
}

#[test]
fn what_web_systems_export_is_read() {
    let table = county();
    let cells = |open: &str, close: &str, row: &Vec<String>| {
        row.iter().map(|cell| format!("{open}{cell}{close}")).collect::<String>()
    };
    let lines: String = table.iter().map(|row| format!("<tr>{}</tr>", cells("<td>", "</td>", row))).collect();
    let page =
        format!("<html><head><meta charset=gbk></head><body><table border=1>{lines}</table></body></html>");
    let gbk = encoding_rs::GBK.encode(&page).0.into_owned();
    let lines: String = table
        .iter()
        .map(|row| format!("<Row>{}</Row>", cells("<Cell><Data ss:Type=\"String\">", "</Data></Cell>", row)))
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
         <Worksheet ss:Name=\"学校\"><Table>{lines}</Table></Worksheet></Workbook>"
    );
    for bytes in [page.into_bytes(), gbk, xml.into_bytes(), format!("{COUNTY}\u{1a}").into_bytes()] {
        let outcome = judged(|folder| std::fs::write(folder.join("导出.xls"), bytes).unwrap(), &[]);
        assert_eq!(same(&outcome), BTreeSet::new());
    }
}

/// WPS names its workbooks .et; a folder of them is read like one of .xls or .xlsx.
#[test]
fn a_workbook_of_wps_in_a_folder_is_read() {
    let outcome = judged(|folder| workbook(&folder.join("县表.et"), &[("学校情况", county())]), &[]);
    assert_eq!(same(&outcome), BTreeSet::new());
}
