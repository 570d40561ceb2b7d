//! A workbook of 100,000 schools: read to sheets and to facts, compared with calamine's own streaming reader.
//!
//! `cargo bench --bench workbook`

#![allow(clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

use std::{fs::File, hint::black_box, io::BufReader, path::Path};

use calamine::{Reader, Xlsx, open_workbook};
use criterion::{Criterion, criterion_group, criterion_main};
use junheng::internals::{self, Limits, Options};
use rust_xlsxwriter::Workbook;

const ROWS: u32 = 100_000;
const HEADERS: [&str; 26] = [
    "区县代码",
    "区县名称",
    "年度",
    "学校代码",
    "学校名称",
    "学校类型",
    "办学性质",
    "城乡类型",
    "小学在校生数",
    "小学班级数",
    "小学最大班额",
    "小学专任教师数",
    "小学专科学历教师数",
    "小学本科学历教师数",
    "小学硕士学历教师数",
    "小学博士学历教师数",
    "小学县级及以上骨干教师数",
    "小学体育专任教师数",
    "小学音乐专任教师数",
    "小学美术专任教师数",
    "小学艺术专任教师数",
    "教学及辅助用房面积",
    "室内体育用房面积",
    "体育场面积",
    "教学仪器设备值",
    "网络多媒体教室数",
];

fn make(path: &Path) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in HEADERS.iter().enumerate() {
        sheet.write(0, column as u16, *header).unwrap();
    }
    for row in 1..=ROWS {
        let district = 110_000 + row / 80;
        let texts = [
            district.to_string(),
            format!("第{district}县"),
            "2025".into(),
            format!("{:010}", row),
            format!("第{row}小学"),
            "小学".into(),
            "公办".into(),
            "镇区".into(),
        ];
        for (column, text) in texts.iter().enumerate() {
            sheet.write(row, column as u16, text).unwrap();
        }
        let students = 100 + row % 1900;
        for column in 8..26u16 {
            let value = match column {
                8 => f64::from(students),
                9 => f64::from(students / 40 + 1),
                10 => 42.0,
                11 => f64::from(students / 15),
                21 => f64::from(students) * 5.25,
                22..=23 => f64::from(students) * 0.75,
                24 => f64::from(students) * 0.25,
                _ => f64::from(students * u32::from(column) / 400),
            };
            sheet.write(row, column, value).unwrap();
        }
    }
    workbook.save(path).unwrap();
}

fn workbook(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schools.xlsx");
    make(&path);
    let mut group = c.benchmark_group("workbook of 100,000 rows");
    group.sample_size(10);
    group.bench_function("calamine, streaming", |b| {
        b.iter(|| {
            let mut book: Xlsx<BufReader<File>> = open_workbook(&path).unwrap();
            let name = book.sheet_names()[0].clone();
            let mut cells = book.worksheet_cells_reader(&name).unwrap();
            let mut count = 0u64;
            while let Some(cell) = cells.next_cell().unwrap() {
                black_box(cell);
                count += 1;
            }
            count
        })
    });
    group.bench_function("sheet", |b| {
        b.iter(|| black_box(internals::sheets(&path, "schools.xlsx", None, &Limits::default()).unwrap()))
    });
    group.bench_function("facts", |b| {
        b.iter(|| {
            black_box(
                internals::read(std::slice::from_ref(&path), &Options::default(), &|_, _, _| {}).unwrap(),
            )
        })
    });
    group.finish();
}

criterion_group!(benches, workbook);
criterion_main!(benches);
