use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::{table::Filled, *};

struct School {
    name: &'static str,
    ratio: Option<f64>,
}

const SCHOOLS: [School; 2] =
    [School { name: "=1+1", ratio: Some(4.21) }, School { name: "第二小学\u{7}", ratio: None }];

fn schools() -> Workbook {
    let (text, ratio) = (Style::cell(), Style::cell().decimals(2));
    let mut table = Table::new(Style::head()).above("学校一览", Style::title(14)).fixed(1).fitted();
    table.column("学校", 20.0, |school: &School| Cell::new(school.name, &text));
    table.column("师资配置", 10.0, |school| Cell::given(school.ratio, &ratio).comment("说明".into()));
    let mut book = Workbook::new(undated()).title("学校一览");
    for name in ["学校", "学校"] {
        let mut sheet = book.sheet(name);
        let list = table.fill(&mut sheet, SCHOOLS);
        assert_eq!(list, Filled { head: 1, next: 4 });
        sheet.print(Print::new(Paper::A4).repeat(list.head, list.head).made("A&B"));
        book.add(sheet);
    }
    book
}

#[test]
fn a_list_is_what_its_columns_declare() {
    let bytes = schools().bytes("schools.xlsx").unwrap();
    assert_eq!(bytes, schools().bytes("schools.xlsx").unwrap(), "no clock");
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["学校", "学校 2"]);
    assert_eq!(book.worksheet_formula("学校").unwrap().used_cells().count(), 0);
    let sheet = book.worksheet_range("学校").unwrap();
    let at = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(1, 1), Data::String("师资配置".into()));
    assert_eq!((at(2, 0), at(2, 1)), (Data::String("=1+1".into()), Data::Float(4.21)));
    assert_eq!((at(3, 0), at(3, 1)), (Data::String("第二小学".into()), Data::Empty));
}

/// What cannot be written is an error when the workbook is put together, not a panic and not a gap.
#[test]
fn the_first_failure_is_returned() {
    let mut book = Workbook::new(undated());
    let mut sheet = book.sheet("a");
    sheet.write(2_000_000, 0, "below the last row").write(0, 0, "after it");
    book.add(sheet);
    let error = book.bytes("a.xlsx").unwrap_err();
    assert!(error.to_string().contains("a.xlsx"), "{error}");
}

#[test]
fn dates_before_excels_calendar_are_texts() {
    let mut book = Workbook::new(undated());
    let mut sheet = book.sheet("a");
    sheet.write(0, 0, Value::Date(NaiveDate::from_ymd_opt(1850, 3, 1).unwrap()));
    sheet.write(1, 0, Value::Date(undated()));
    book.add(sheet);
    let mut book = Xlsx::new(Cursor::new(book.bytes("a.xlsx").unwrap())).unwrap();
    let sheet = book.worksheet_range("a").unwrap();
    assert_eq!(sheet.get_value((0, 0)), Some(&Data::String("1850-03-01".into())));
    assert!(matches!(sheet.get_value((1, 0)), Some(Data::DateTime(_))));
}

#[test]
fn a_defect_is_not_put_down_to_the_disk() {
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(super::failed("a.xlsx", XlsxError::IoError(full)), crate::problem::Error::Disk { .. }));
    let defect = super::failed("a.xlsx", XlsxError::RowColumnLimitError);
    assert!(matches!(defect, crate::problem::Error::Defect { ref what, .. } if what == "a.xlsx"));
}
