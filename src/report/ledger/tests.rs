use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::{
    gap::ledger::{carry, found},
    ingest::{Limits, ledger::read},
    report::sample::Whole,
    tables::ledger::{Column, Field, Value},
    words::Language,
};

const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "𠮷𫖯",
    "长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长",
    "a\u{7}b",
];

fn demo(language: Language) -> (Whole, Scope) {
    let whole = Whole::demo("daxiang", language);
    let scope = Scope::of(&whole.assessment.verdicts, &whole.facts.facts);
    (whole, scope)
}

fn begun(whole: &Whole, scope: &Scope) -> Carried {
    let gaps = found(&whole.assessment.gaps, scope, &whole.standard, &whole.words);
    carry(None, gaps, scope, (&whole.standard, whole.made.date), &whole.words)
}

fn written(carried: &Carried, whole: &Whole, scope: &Scope) -> Vec<u8> {
    let (standard, made, words) = (&whole.standard, &whole.made, &whole.words);
    write(&LedgerReport { carried, scope, standard, made, words }).unwrap()
}

/// What is written is read back as it was, in the other language's run too; hostile texts are texts.
#[test]
fn a_ledger_comes_back_as_it_was_written() {
    let (whole, scope) = demo(Language::Chinese);
    let mut carried = begun(&whole, &scope);
    carried.ledger.carried = true;
    carried.ledger.columns.push("=联系电话".into());
    for (entry, text) in carried.ledger.entries.iter_mut().zip(HOSTILE) {
        for field in [Field::Person, Field::Department, Field::School] {
            entry.put(field, Some(Value::Text(clean(text))));
        }
        entry.cells.insert(Column::Own("=联系电话".into()), Value::Text(clean(text)));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gaps.xlsx");
    let bytes = written(&carried, &whole, &scope);
    assert_eq!(bytes, written(&carried, &whole, &scope), "the same bytes for the same ledger");
    std::fs::write(&path, &bytes).unwrap();
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    for name in book.sheet_names() {
        assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0, "{name}");
    }
    for language in [Language::Chinese, Language::English] {
        let words = Words::load(language).unwrap();
        let back = read(&path, "gaps.xlsx", &[&whole.standard], &Limits::default(), &words).unwrap();
        assert!(!back.typed, "{:?}", back.findings);
        assert_eq!(back.ledger, carried.ledger);
    }
}

#[test]
fn numbers_are_numbers_and_days_are_days() {
    let (whole, scope) = demo(Language::Chinese);
    let carried = begun(&whole, &scope);
    let mut book = Xlsx::new(std::io::Cursor::new(written(&carried, &whole, &scope))).unwrap();
    let sheet = book.worksheet_range("全部").unwrap();
    let column = |name: &str| {
        (0..sheet.width() as u32)
            .find(|at| sheet.get_value((0, *at)) == Some(&Data::String(name.into())))
            .unwrap()
    };
    assert!(matches!(sheet.get_value((2, column("现状"))), Some(Data::Float(_))));
    assert!(matches!(sheet.get_value((1, column("学校代码"))), Some(Data::String(_))));
    assert!(matches!(sheet.get_value((1, column("发现日期"))), Some(Data::DateTime(_))));
    let departments = book.sheet_names();
    assert!(departments.contains(&"区教育局".to_string()), "{departments:?}");
}

#[test]
fn an_english_ledger_has_english_headers() {
    let (whole, scope) = demo(Language::English);
    let carried = begun(&whole, &scope);
    let mut book = Xlsx::new(std::io::Cursor::new(written(&carried, &whole, &scope))).unwrap();
    let sheet = book.worksheet_range("All").unwrap();
    let headers: Vec<String> = sheet.rows().next().unwrap().iter().map(Data::to_string).collect();
    assert!(headers.iter().all(|header| header.is_ascii()), "{headers:?}");
}
