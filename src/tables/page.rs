//! `docs/tables.md`: every table with its columns, generated from the definitions and compared with them.

use super::{Column, Table, all, difference::type_name};

const HEAD: &str = "# 数据表 Tables

程序在各步骤之间传递、并写成 CSV 和 Parquet 的全部数据表。本页由 `src/tables` 中的定义生成，测试保证两者一致；
改了定义之后运行 `UPDATE_DOCS=1 cargo test --lib tables::page` 重新生成。可空的列在类型后标“?”。

All tables that pass between the program's rooms and are written as CSV and Parquet. This page is made from the
definitions in `src/tables`, and a test keeps it true; after a change of a definition, make it anew by
`UPDATE_DOCS=1 cargo test --lib tables::page`. A column that may hold nulls is marked `?`.
";

fn type_of(column: &Column) -> String {
    format!("{}{}", type_name(&column.dtype), if column.optional { "?" } else { "" })
}

fn section(table: &Table) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let mut page = format!("\n## `{}`\n\n{}。\n\n{}\n\n", table.id, table.meaning_zh, table.meaning.trim());
    if table.name != table.id {
        page.push_str(&format!("文件 file: `{}.csv`\n\n", table.name));
    }
    page.push_str("| 列 column | 类型 type | 单位 unit | 含义 | meaning |\n|---|---|---|---|---|\n");
    for column in &table.columns {
        let parts = [
            format!("`{}`", column.name),
            type_of(column),
            cell(&column.unit),
            cell(&column.meaning_zh),
            cell(&column.meaning),
        ];
        page.push_str(&format!("| {} |\n", parts.join(" | ")));
    }
    page
}

fn page() -> String {
    let tables = all();
    let list: Vec<String> = tables.iter().map(|table| format!("[`{0}`](#{0})", table.id)).collect();
    let sections: String = tables.iter().map(section).collect();
    format!("{HEAD}\n{}\n{sections}", list.join(" · "))
}

#[test]
fn the_page_is_what_the_definitions_say() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tables.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, page()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page(),
        "docs/tables.md is older than the definitions: UPDATE_DOCS=1 cargo test --lib tables::page"
    );
}

#[test]
fn every_column_says_what_it_means_in_both_languages() {
    for table in all() {
        assert!(!table.meaning_zh.is_empty() && !table.meaning.is_empty(), "{}", table.id);
        for column in &table.columns {
            let place = format!("{}.{}", table.id, column.name);
            assert!(!column.meaning_zh.is_empty() && !column.meaning.is_empty(), "{place}");
        }
    }
}

#[test]
fn no_two_tables_have_one_id() {
    let mut ids: Vec<&str> = all().iter().map(|table| table.id).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
