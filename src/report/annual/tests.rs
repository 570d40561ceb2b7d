use std::collections::BTreeMap;

use polars::prelude::*;

use super::{content::spread, traced_writer::Known, *};
use crate::{
    annual::sample::{Plan, Sample},
    report::document::{Block, Source, grammar::Piece, plain_text},
    tables::{Row, panel},
    words::Language,
};

const RESAMPLING: Resampling = Resampling { replicates: 100, level: 0.95, seed: 1 };

fn no_outlook() -> outlook::Frame {
    outlook::Frame::empty()
}

/// The report of a sample, its html, and all tables by the names of their files.
fn made(
    sample: &Sample,
    outlook: &outlook::Frame,
    ask: impl FnOnce(&Report, &str, &BTreeMap<String, DataFrame>),
) {
    let annual = sample.annual();
    let further = Further { resampling: RESAMPLING, store: "库 第 7 次提交", outlook };
    let derived = crate::annual::derive(&annual);
    let writer = TracedWriter::new(annual.words);
    let named = context::Tables::of(&annual, &derived, outlook);
    let context = ReportContext { annual: &annual, tables: &named, writer: &writer, further: &further };
    let report = report(&context, &[], None).unwrap_or_else(|why| panic!("{}", annual.words.error(&why)));
    let page = String::from_utf8(crate::report::document::html::write(&report).unwrap()).unwrap();
    let mut tables: BTreeMap<String, DataFrame> =
        frames(&annual, &further).map(|(name, frame)| (name.to_string(), frame.clone())).into();
    tables.extend(named.derived().map(|(name, frame)| (name.to_string(), frame.clone())));
    tables.insert("counts".into(), writer.counts().into_frame());
    ask(&report, &page, &tables);
}

/// The report as people read it, with a few rows of each table.
fn text(report: &Report) -> String {
    plain_text::text(report, 4)
}

#[test]
fn the_report_in_chinese() {
    let sample = Sample::usual(Language::Chinese);
    made(&sample, &sample.outlook, |report, _, _| insta::assert_snapshot!(text(report)));
}

#[test]
fn the_report_in_english() {
    let sample = Sample::usual(Language::English);
    made(&sample, &sample.outlook, |report, _, _| insta::assert_snapshot!(text(report)));
}

/// One district and one year: no trend and no comparison.
#[test]
fn one_district_and_one_year() {
    let plan = Plan { districts: 1, years: 2024..=2024, ..Plan::usual(Language::Chinese) };
    let sample = Sample::of(&plan);
    made(&sample, &no_outlook(), |report, _, _| {
        for block in &report.blocks {
            let (Block::Paragraph(pieces) | Block::Heading(_, pieces)) = block else { continue };
            let said = grammar_plain(pieces);
            for never in ["较上年", "收敛", "位次", "预警", "与上年"] {
                assert!(!said.contains(never), "{never}: {said}");
            }
        }
        insta::assert_snapshot!(text(report));
    });
}

/// The row of a table that a source names.
fn row_of<'t>(tables: &'t BTreeMap<String, DataFrame>, source: &Source) -> Row<'t> {
    let frame = tables.get(&source.table).unwrap_or_else(|| panic!("no table {}", source.table));
    let keys: Vec<(&str, &str)> = source
        .keys
        .split(';')
        .filter(|key| !key.is_empty())
        .map(|key| key.split_once('=').unwrap())
        .collect();
    let fits = |row: &Row| {
        keys.iter().all(|(column, value)| match row.text(column) {
            Some(text) => text == *value,
            None => row.integer(column).map(|whole| whole.to_string()).as_deref() == Some(*value),
        })
    };
    let rows: Vec<Row> = Row::all(frame).filter(fits).collect();
    assert_eq!(rows.len(), 1, "{source:?}");
    rows[0]
}

/// What the attribute says how to print, done by hand.
fn printed(value: f64, print: &str) -> String {
    let (kind, decimals) = print.split_once(' ').unwrap_or((print, "3"));
    let decimals: u32 = decimals.parse().unwrap();
    let value = match kind {
        "size" => value.abs(),
        "percent" => 100.0 * value,
        "points" => 100.0 * value.abs(),
        "chance" if value < 0.001 => return "< 0.001".into(),
        "chance" => return format!("= {}", crate::number::fixed(Some(value), 3)),
        _ => value,
    };
    crate::number::fixed(Some(value), decimals)
}

/// Attributes of the page's traced numbers: table, keys, column, print, text.
fn traced(page: &str) -> Vec<[String; 5]> {
    let unescape = |text: &str| quick_xml::escape::unescape(text).unwrap().into_owned();
    page.split("<a class=\"traced\"")
        .skip(1)
        .map(|part| {
            let (head, rest) = part.split_once('>').unwrap();
            let attribute = |name: &str| {
                let from = head.split_once(&format!("{name}=\"")).unwrap().1;
                unescape(from.split_once('"').unwrap().0)
            };
            let text = unescape(rest.split_once("</a>").unwrap().0);
            [
                attribute("data-table"),
                attribute("data-keys"),
                attribute("data-column"),
                attribute("data-print"),
                text,
            ]
        })
        .collect()
}

#[test]
fn every_number_of_a_sentence_is_that_of_its_row() {
    for language in [Language::Chinese, Language::English] {
        let sample = Sample::usual(language);
        made(&sample, &sample.outlook, |report, page, tables| {
            let found = traced(page);
            assert!(found.len() > 120, "{}", found.len());
            for [table, keys, column, print, text] in found {
                let source = Source {
                    note: 1,
                    table,
                    keys,
                    column,
                    text: text.clone(),
                    print: print.clone(),
                    row: String::new(),
                };
                let value = row_of(tables, &source).number(&source.column).unwrap();
                assert_eq!(printed(value, &print), text, "{source:?}");
            }
            for source in report.sources.iter().filter(|source| source.note > 0) {
                assert!(page.contains(&format!("<tr id=\"note-{}\">", source.note)));
            }
        });
    }
}

/// Digits in a sentence that no source stands for: years, ids of indicators, and the level of the intervals.
#[test]
fn no_number_of_a_sentence_is_untraced() {
    let sample = Sample::usual(Language::Chinese);
    made(&sample, &sample.outlook, |report, _, _| {
        let mut annex = false;
        for block in &report.blocks {
            annex |= matches!(block, Block::Heading(_, pieces) if grammar_plain(pieces).contains("方法"));
            let (Block::Paragraph(pieces) | Block::Entry(pieces)) = block else { continue };
            if annex || !pieces.iter().any(|piece| matches!(piece, Piece::Note(_))) {
                continue;
            }
            for piece in pieces {
                let Piece::Text(text) = piece else { continue };
                let mut allowed =
                    text.replace("95% 区间", "").replace("100", "").replace("p 不小于 0.05", "");
                let all = sample.regions.iter().chain(&sample.absent);
                let mut names: Vec<&str> = all.map(|region| region.district_name.as_str()).collect();
                // The longest first: one may be part of another.
                names.sort_by_key(|name| std::cmp::Reverse(name.len()));
                for name in names {
                    allowed = allowed.replace(name, "");
                }
                let words = allowed.split(|c: char| !c.is_ascii_alphanumeric());
                for word in words.filter(|word| word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty())
                {
                    assert!((2019..=2030).any(|year| year.to_string() == word), "{word} in {text}");
                }
            }
        }
    });
}

fn grammar_plain(pieces: &[Piece]) -> String {
    crate::report::document::grammar::plain(pieces)
}

/// What is said of one CV, by what is known of it.
#[test]
fn a_cv_is_said_as_it_is() {
    type Given = (Option<f64>, Option<(f64, f64)>, Option<f64>, Option<&'static str>, Option<bool>);
    let cases: [(Given, &str, &str); 7] = [
        (
            (Some(0.43), Some((0.40, 0.46)), Some(-0.012), Some("met"), Some(true)),
            "差异系数 0.430（95% 区间 0.400–0.460），较上年下降 0.012；低于上限 0.50。",
            "CV 0.430 (95 % interval 0.400–0.460), down 0.012 on the year before; below the limit of 0.50.",
        ),
        (
            (Some(0.49), Some((0.45, 0.53)), Some(0.0004), Some("open"), Some(true)),
            "差异系数 0.490（95% 区间 0.450–0.530），与上年持平；不能断定低于上限 0.50。",
            "CV 0.490 (95 % interval 0.450–0.530), the same as the year before; cannot be said to be below the limit of 0.50.",
        ),
        (
            (Some(0.51), Some((0.48, 0.55)), Some(0.02), Some("open"), Some(false)),
            "差异系数 0.510（95% 区间 0.480–0.550），较上年上升 0.020；高于上限 0.50，但不能断定超过。",
            "CV 0.510 (95 % interval 0.480–0.550), up 0.020 on the year before; higher than the limit of 0.50, but cannot be \
             said to be above it.",
        ),
        (
            (Some(0.61), Some((0.58, 0.65)), None, Some("unmet"), Some(false)),
            "差异系数 0.610（95% 区间 0.580–0.650）；超过上限 0.50。",
            "CV 0.610 (95 % interval 0.580–0.650); above the limit of 0.50.",
        ),
        (
            (Some(0.43), None, None, None, Some(true)),
            "差异系数 0.430；低于上限 0.50。",
            "CV 0.430; below the limit of 0.50.",
        ),
        (
            (Some(0.61), None, Some(0.1), None, Some(false)),
            "差异系数 0.610，较上年上升 0.100；超过上限 0.50。",
            "CV 0.610, up 0.100 on the year before; above the limit of 0.50.",
        ),
        (
            (None, None, None, None, None),
            "：缺少数据，无法计算差异系数。",
            "data are missing, so there is no CV.",
        ),
    ];
    for (language, which) in [(Language::Chinese, 0), (Language::English, 1)] {
        let sample = Sample::usual(language);
        let annual = sample.annual();
        let outlook = no_outlook();
        let further = Further { resampling: RESAMPLING, store: "", outlook: &outlook };
        let derived = crate::annual::derive(&annual);
        let named = context::Tables::of(&annual, &derived, &outlook);
        for ((cv, interval, change, certainty, met), zh, en) in &cases {
            let frame = panel::Frame::partial(df!(
                "indicator" => ["L5"], "cv" => [*cv], "cv_low" => [interval.map(|i| i.0)],
                "cv_high" => [interval.map(|i| i.1)], "cv_change" => [*change], "certainty" => [*certainty],
                "met" => [*met], "limit" => [0.5], "borderline" => [false],
            ));
            let writer = TracedWriter::new(annual.words);
            let context =
                ReportContext { annual: &annual, tables: &named, writer: &writer, further: &further };
            let of = Known { name: "whole", keys: &["indicator"], frame: &frame };
            let said = spread(&context, of, frame.row(0).unwrap());
            let plain = grammar_plain(&crate::report::document::grammar::pieces(&said));
            let wanted = [zh, en][which];
            assert!(plain.ends_with(wanted), "{plain} / {wanted}");
        }
    }
}

#[test]
fn the_page_needs_nothing_else() {
    let sample = Sample::usual(Language::Chinese);
    made(&sample, &sample.outlook, |_, page, _| {
        for outside in ["http://", "https://", "<script src", "<link", "@import", "url("] {
            let links = page.replace("http://www.w3.org/", "");
            assert!(!links.contains(outside), "{outside}");
        }
    });
}

#[test]
fn the_workbook_has_every_table_the_sentences_speak_of() {
    let sample = Sample::usual(Language::Chinese);
    let annual = sample.annual();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut writing = Folder::begin(&out, []).unwrap();
    let further = Further { resampling: RESAMPLING, store: "库", outlook: &sample.outlook };
    let files = Files { formats: vec![Format::Html, Format::Docx], xlsx: true, charts: false };
    let said =
        write(&mut writing, (&annual, &crate::annual::derive(&annual)), &further, &[], &files, None).unwrap();
    writing.commit().unwrap();
    assert_eq!(said.len(), 3, "{said:?}");
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(out.join("annual-2024.xlsx")).unwrap();
    let names = book.sheet_names();
    made(&sample, &sample.outlook, |report, _, tables| {
        for source in report.sources.iter().filter(|source| source.note > 0) {
            let name = annual.words.say(&format!("annual.sheet.{}", source.table));
            assert!(names.contains(&name), "{name}: {names:?}");
            assert!(out.join(format!("{}.csv", source.table)).is_file(), "{}", source.table);
        }
        let overview = book.worksheet_range(&annual.words.say("annual.sheet.overview")).unwrap();
        assert_eq!(overview.height(), tables["overview"].height() + 1);
    });
}

/// For eyes: `JUNHENG_LOOK=folder cargo test --lib report::annual::tests::look`.
#[test]
fn look() {
    let Some(folder) = std::env::var_os("JUNHENG_LOOK") else { return };
    for (language, name) in [(Language::Chinese, "zh"), (Language::English, "en")] {
        let sample = Sample::usual(language);
        let annual = sample.annual();
        let plain = std::env::var_os("JUNHENG_LOOK_PLAIN").is_some();
        let pictures = if plain { Vec::new() } else { crate::chart::annual_pictures(&annual).unwrap() };
        let out = Path::new(&folder).join(name);
        let _ = std::fs::remove_dir_all(&out);
        // As the command does: portraits go there before the rest.
        std::fs::create_dir_all(out.join(portraits::FOLDER)).unwrap();
        let mut writing = Folder::begin(&out, []).unwrap();
        let further = Further {
            resampling: RESAMPLING,
            store: "junheng-store（第 7 次提交）",
            outlook: &sample.outlook,
        };
        let files = Files { formats: Format::documents().collect(), xlsx: true, charts: false };
        write(&mut writing, (&annual, &crate::annual::derive(&annual)), &further, &pictures, &files, None)
            .unwrap();
        if plain {
            let derived = crate::annual::derive(&annual);
            let ranking = portrait::Ranking::of(&derived.ranking);
            let page = portrait::portrait(&sample.portrait(&annual, 1), &ranking, &[], None).unwrap();
            writing.put("portrait.html", &page).unwrap();
        } else {
            let kept = Kept { sample: &sample, changed: None, stop: None, made: Default::default() };
            let both = (&annual, &crate::annual::derive(&annual));
            portraits::write(&mut writing, both, &sample.outlook, &kept, None, &|_, _| {}).unwrap();
        }
        writing.commit().unwrap();
    }
}

/// Gaps of the sample; the identity is a text that a test may change.
struct Kept<'a> {
    sample: &'a Sample,
    changed: Option<String>,
    /// Stops at this many pages, as a kill would.
    stop: Option<usize>,
    made: std::sync::atomic::AtomicUsize,
}

impl portraits::Districts for Kept<'_> {
    fn identity(&self, region: &crate::tables::years::Region) -> Result<String> {
        let changed = self.changed.as_ref() == Some(&region.district_code);
        Ok(if changed { "corrected".into() } else { "kept".into() })
    }

    fn gaps(&self, region: &crate::tables::years::Region) -> Result<crate::tables::gaps::Frame> {
        let made = self.made.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if self.stop.is_some_and(|stop| made >= stop) {
            return Err(crate::problem::Error::disk("stopped", std::io::ErrorKind::Interrupted.into()));
        }
        Ok(self.sample.gaps.filter(|gap| gap.district_code() == region.district_code))
    }
}

/// One run of the portraits into a folder.
fn portrayed(
    sample: &Sample,
    out: &Path,
    changed: Option<&str>,
    stop: Option<usize>,
) -> Result<portraits::Done> {
    let annual = sample.annual();
    std::fs::create_dir_all(out.join(portraits::FOLDER)).unwrap();
    let mut folder = Folder::begin(out, ["portraits/index.html".to_string()])?;
    let kept = Kept { sample, changed: changed.map(String::from), stop, made: Default::default() };
    let done = portraits::write(
        &mut folder,
        (&annual, &crate::annual::derive(&annual)),
        &sample.outlook,
        &kept,
        None,
        &|_, _| {},
    )?;
    folder.commit()?;
    Ok(done)
}

#[test]
fn portraits_go_on_where_they_were_stopped() {
    let sample = Sample::usual(Language::Chinese);
    let all = sample.regions.len();
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    assert!(portrayed(&sample, &out, None, Some(5)).is_err());
    let pages = || {
        let files = std::fs::read_dir(out.join(portraits::FOLDER)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".html") && name != "index.html").count()
    };
    let before = pages();
    assert!((1..all).contains(&before), "{before}");
    let done = portrayed(&sample, &out, None, None).unwrap();
    assert_eq!((done.made, done.taken, done.removed), (all - before, before, 0));
    assert_eq!(pages(), all);
    let done = portrayed(&sample, &out, None, None).unwrap();
    assert_eq!((done.made, done.taken), (0, all));
    // A corrected district is made anew; one that somebody changed on disk too.
    let done = portrayed(&sample, &out, Some(&sample.regions[2].district_code), None).unwrap();
    assert_eq!((done.made, done.taken), (1, all - 1));
    let page = out.join("portraits").join(portrait::file(&sample.regions[4].district_code));
    std::fs::write(&page, "half").unwrap();
    let done = portrayed(&sample, &out, Some(&sample.regions[2].district_code), None).unwrap();
    assert_eq!((done.made, done.taken), (1, all - 1));
    // A line that a kill cut short, and a page that its list does not know.
    let list = out.join("portraits/portraits.csv");
    let text = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, format!("{text}9999999.html,abc")).unwrap();
    assert_eq!(portrayed(&sample, &out, Some(&sample.regions[2].district_code), None).unwrap().made, 0);
    // A district that is gone takes its page with it, and changes its neighbours'.
    let mut fewer = sample.clone();
    let gone = fewer.regions.remove(0);
    let done = portrayed(&fewer, &out, None, None).unwrap();
    assert_eq!(done.removed, 1);
    assert!(!out.join("portraits").join(portrait::file(&gone.district_code)).exists());
    let mine = out.join("portraits").join(portrait::file(&gone.district_code));
    std::fs::write(&mine, "mine").unwrap();
    let Err(crate::problem::Error::Input(problems)) = portrayed(&sample, &out, None, None) else {
        panic!("overwritten")
    };
    assert_eq!(problems[0].code, "portrait_not_ours");
    assert_eq!(std::fs::read_to_string(mine).unwrap(), "mine");
}

#[test]
fn a_portrait_stands_alone() {
    let sample = Sample::usual(Language::Chinese);
    let annual = sample.annual();
    let derived = crate::annual::derive(&annual);
    let ranking = portrait::Ranking::of(&derived.ranking);
    let of = sample.portrait(&annual, 1);
    let page = String::from_utf8(portrait::portrait(&of, &ranking, &[], None).unwrap()).unwrap();
    assert!(page.contains(&of.region.district_name) && page.contains("位次"));
    assert!(!page.contains("http") && !page.contains("<script") && !page.contains("url("));
    let own = derived.ranking.values(crate::tables::derived::ranking::column::rank);
    let row = ranking.row(&of.region.district_code).unwrap();
    assert!(own.iter().flatten().any(|rank| Some(rank) == row.rank()));
}
