//! What holds for every picture, at 3, 40 and 120 schools and in both languages.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{canvas::Element, layout::Rect, *};
use crate::{
    assess,
    chart::font::font,
    report::sample::Whole,
    standard::BySection,
    words::{Language, Words},
};

/// The texts of a picture that overlap or leave its frame. The tests of all charts use it.
pub fn collisions(picture: &Picture) -> Vec<String> {
    let font = font().unwrap();
    let labels: Vec<(Rect, &str)> = picture
        .elements
        .iter()
        .filter_map(|element| match element {
            Element::Text(label) => Some((label.rect(font).grown(-0.75), label.text.as_str())),
            _ => None,
        })
        .collect();
    let frame = Rect::new(0.0, 0.0, f64::from(picture.width), f64::from(picture.height));
    let mut found = Vec::new();
    for (i, (rect, text)) in labels.iter().enumerate() {
        if !frame.contains(rect) {
            found.push(format!("{}: “{text}” leaves the frame: {rect:?}", picture.name));
        }
        for (other, other_text) in &labels[i + 1..] {
            if rect.overlaps(other) {
                found.push(format!("{}: “{text}” on “{other_text}”", picture.name));
            }
        }
    }
    found
}

/// At least one picture of every chart, in the order of the registry: of the demonstration county (by a standard that
/// names departments too), of a year's report with its first portrait, and of a scoring.
fn of_all_charts(language: Language) -> Vec<Picture> {
    let mut drawn = Vec::new();
    for standard in [STANDARD, "daxiang"] {
        drawn.extend(district_pictures(&Whole::demo(standard, language).district()).unwrap());
    }
    let annual = crate::annual::sample::Sample::usual(language);
    drawn.extend(annual_pictures(&annual.annual()).unwrap());
    drawn.extend(portrait_pictures(&annual.portrait(&annual.annual(), 0)).unwrap());
    let scoring = crate::report::scores::sample::sample(7, language, true);
    drawn.extend(scoring_pictures(&scoring.scoring()).unwrap());
    drawn
}

#[test]
fn every_chart_of_the_registry_is_drawn_with_title_and_description() {
    for language in [Language::Chinese, Language::English] {
        let drawn = of_all_charts(language);
        for kind in Kind::ALL {
            let pictures: Vec<&Picture> = drawn.iter().filter(|picture| picture.kind == *kind).collect();
            assert!(!pictures.is_empty(), "{kind:?} {language:?}: nothing is drawn");
            for picture in pictures {
                let shapes = picture.elements.iter().filter(|one| matches!(one, Element::Shape(_))).count();
                assert!(shapes > 3, "{}: {shapes} shapes", picture.name);
                assert!(picture.name.starts_with(kind.chart().file), "{}", picture.name);
                assert!(!picture.title.is_empty() && !picture.description.is_empty(), "{}", picture.name);
                // A message that the catalogue lacks is its key; a place that is not filled stays in braces.
                for text in [picture.live(), &picture.description] {
                    assert!(!text.contains("chart.") && !text.contains('{'), "{}: {text}", picture.name);
                }
                assert_eq!(collisions(picture), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn every_chart_has_its_words_in_both_languages() {
    let [chinese, english] =
        [Language::Chinese, Language::English].map(|language| Words::load(language).unwrap());
    for kind in Kind::ALL {
        let start = format!("{}.", kind.chart().words);
        let keys = |words: &Words| -> BTreeSet<String> {
            words.keys().filter_map(|key| key.strip_prefix(&start)).map(str::to_string).collect()
        };
        let (chinese, english) = (keys(&chinese), keys(&english));
        assert_eq!(chinese, english, "{kind:?}: the keys below {start}");
        assert!(chinese.iter().any(|key| key.starts_with("what")), "{kind:?}: {start}what");
        assert!(chinese.contains("described"), "{kind:?}: {start}described");
    }
}

/// A chart that no report shows would be drawn for nothing.
#[test]
fn every_chart_is_shown_by_a_report_and_found_by_its_name() {
    let template = |name: &str| crate::data::text(&format!("templates/{name}")).unwrap().unwrap();
    for kind in Kind::ALL {
        assert_eq!(Kind::from_id(kind.id()), Some(*kind));
        let place = kind.place();
        let (templates, mark) = match place {
            Place::Template => {
                (vec!["annual.zh.md.jinja", "annual.en.md.jinja"], format!("::figure {}", kind.id()))
            }
            Place::Portrait => (vec!["portrait.html"], "in pictures".to_string()),
            Place::Units | Place::Headings => {
                (vec!["score-comparison.html"], format!("one.place == \"{}\"", place.id()))
            }
            _ => (vec!["report.html"], format!("page.figures.{}", place.id())),
        };
        for name in templates {
            assert!(template(name).contains(&mark), "{kind:?}: {name} lacks {mark}");
        }
    }
}

fn parses(svg: &str) -> bool {
    resvg::usvg::Tree::from_str(svg, &resvg::usvg::Options::default()).is_ok()
}

const STANDARD: &str = "quality-balance-2017";

#[test]
fn no_text_stands_on_another_at_any_size_of_county() {
    for schools in [3, 40, 120] {
        for language in [Language::Chinese, Language::English] {
            let whole = Whole::synthetic(schools, STANDARD, language);
            let found: Vec<String> =
                district_pictures(&whole.district()).unwrap().iter().flat_map(collisions).collect();
            assert!(
                found.is_empty(),
                "{schools} {language:?}: {} {:#?}",
                found.len(),
                &found[..found.len().min(20)]
            );
        }
    }
}

#[test]
fn names_are_unique_and_files_are_whole() {
    let whole = Whole::demo(STANDARD, Language::Chinese);
    let all = district_pictures(&whole.district()).unwrap();
    let mut names: Vec<&str> = all.iter().map(|picture| picture.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len());
    for picture in &all {
        let svg = picture.svg().unwrap();
        assert!(parses(&svg) && parses(picture.live()), "{}", picture.name);
        assert!(
            !svg.contains("<text") && svg.contains("<title id=") && svg.contains("<desc id="),
            "{}",
            picture.name
        );
        assert!(!picture.title.is_empty() && !picture.description.is_empty(), "{}", picture.name);
    }
    if let Some(picture) = all.first() {
        let png = picture.png().unwrap();
        let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((size(16), size(20)), (2 * picture.width, 2 * picture.height));
    }
}

/// Judged anew, after facts or standard were changed.
fn again(mut whole: Whole) -> Whole {
    whole.assessment = assess::assess(&whole.facts, &whole.standard, false, &whole.words).unwrap();
    whole
}

/// Names that try to break files and pages.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "𠮷𫖯小学\u{10fffd}",
    "六十个字长的学校名称六十个字长的学校名称六十个字长的学校名称六十个字长的学校名称六十个字长的学校名称六十个字长的学校名",
    "a\u{0}b\u{1b}[31m\u{202e}c\n\"'&]]>",
    "",
];

fn with_hostile_names() -> Whole {
    let mut whole = Whole::synthetic(40, STANDARD, Language::Chinese);
    let height = whole.facts.facts.height();
    let names: Vec<&str> = HOSTILE.iter().copied().cycle().take(height).collect();
    whole.facts.facts.frame_mut().with_column(Column::new("school_name".into(), names)).unwrap();
    again(whole)
}

#[test]
fn hostile_names_are_texts_and_keep_their_place() {
    let whole = with_hostile_names();
    let mut district = whole.district();
    district.name = HOSTILE.concat();
    let all = district_pictures(&district).unwrap();
    assert!(all.len() > 10);
    for picture in &all {
        assert_eq!(collisions(picture), Vec::<String>::new());
        for svg in [picture.live().to_string(), picture.svg().unwrap()] {
            assert!(parses(&svg), "{}", picture.name);
            assert!(
                !svg.contains("<script") && !svg.contains(['\u{0}', '\u{1b}', '\u{202e}']),
                "{}",
                picture.name
            );
        }
    }
    // A character that no font has is a box, each once.
    let outlined = all[0].svg().unwrap();
    assert_eq!(outlined.matches("id=\"box\"").count(), 1);
    assert!(!all[0].png().unwrap().is_empty());
}

/// Without thresholds, limits and rule, as the standards of open statistics are.
fn measured_only(language: Language) -> Whole {
    let mut whole = Whole::synthetic(40, STANDARD, language);
    whole.standard.school_rule = None;
    for indicator in &mut whole.standard.indicators {
        indicator.threshold = BySection::Each(Default::default());
        indicator.limit = BySection::Each(Default::default());
        indicator.reliefs.clear();
    }
    again(whole)
}

#[test]
fn a_standard_that_only_measures_has_pictures_without_a_verdict() {
    for language in [Language::Chinese, Language::English] {
        let whole = measured_only(language);
        let all = district_pictures(&whole.district()).unwrap();
        let has = |kind: Kind| all.iter().any(|picture| picture.kind == kind);
        assert!(has(Kind::Dispersion) && has(Kind::Strip) && !has(Kind::HeatMap) && !has(Kind::Shares));
        for picture in &all {
            assert_eq!(collisions(picture), Vec::<String>::new());
            let title = &picture.title;
            assert!(!title.contains('—') && !title.contains("上限") && !title.contains("limit"), "{title}");
            assert!(!title.contains("chart."), "{title}");
        }
    }
}

/// Multimedia rooms are unknown for one school of each section, equipment for all schools.
fn with_missing() -> Whole {
    let mut whole = Whole::synthetic(9, STANDARD, Language::Chinese);
    let height = whole.facts.facts.height();
    let [rooms, equipment] = ["multimedia_rooms", "equipment_value"];
    let mut known: Vec<Option<f64>> = whole.facts.facts.rows().map(|row| row.number(rooms)).collect();
    (known[0], known[height - 1]) = (None, None);
    whole.facts.facts.frame_mut().with_column(Column::new(rooms.into(), known)).unwrap();
    whole
        .facts
        .facts
        .frame_mut()
        .with_column(Column::new(equipment.into(), vec![None::<f64>; height]))
        .unwrap();
    again(whole)
}

#[test]
fn what_is_missing_is_named_and_never_a_zero() {
    let whole = with_missing();
    let all = district_pictures(&whole.district()).unwrap();
    let picture = |name: &str| all.iter().find(|picture| picture.name == name);
    let cv = picture("cv").unwrap();
    assert!(cv.title.contains("缺数据") && cv.live().contains(">缺数据</text>"), "{}", cv.title);
    assert!(picture("strip-primary-L6").is_none() && picture("strip-junior-L6").is_none());
    let rooms = picture("strip-primary-L7").unwrap();
    assert!(rooms.title.contains("1 所缺数据") && rooms.live().contains("缺数据 1 所："), "{}", rooms.title);
    // Every school lacks equipment: a column of its own, and all are counted.
    let heat = picture("heat-primary").unwrap();
    assert!(heat.title.contains("8 所缺数据") && heat.live().contains(">L6</text>"), "{}", heat.title);
    assert!(all.iter().flat_map(collisions).next().is_none());
}

#[test]
fn titles_say_the_finding() {
    for (language, words) in
        [(Language::Chinese, ["超过", "低于标准"]), (Language::English, ["above", "below the threshold"])]
    {
        let whole = Whole::demo(STANDARD, language);
        let all = district_pictures(&whole.district()).unwrap();
        let first = |kind: Kind| all.iter().find(|picture| picture.kind == kind).unwrap();
        assert!(first(Kind::Dispersion).title.contains(words[0]), "{}", first(Kind::Dispersion).title);
        assert!(first(Kind::HeatMap).title.contains(words[1]), "{}", first(Kind::HeatMap).title);
        let strips = all.iter().filter(|picture| picture.kind == Kind::Strip);
        assert!(strips.clone().any(|picture| picture.title.contains(words[1])));
        // 7 indicators, 2 sections.
        assert_eq!(strips.count(), 14);
        if language == Language::English {
            let names =
                |picture: &&Picture| picture.title.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c));
            assert_eq!(
                all.iter()
                    .filter(|p| !matches!(p.kind, Kind::Shares | Kind::Radar))
                    .find(names)
                    .map(|p| &p.title),
                None
            );
        }
    }
}

#[test]
fn marks_lead_to_their_school() {
    let whole = Whole::synthetic(3, STANDARD, Language::Chinese);
    let district = whole.district();
    let all = district_pictures(&district).unwrap();
    let code = district.schools.row(0).unwrap().school_code();
    for kind in [Kind::HeatMap, Kind::Strip] {
        let picture = all.iter().find(|picture| picture.kind == kind).unwrap();
        let mark = format!(
            "<g class=\"mark\" data-school=\"{code}\" data-section=\"primary\" data-indicator=\"L1\">"
        );
        assert!(picture.live().contains(&mark), "{kind:?}");
    }
}

#[test]
fn pictures_of_a_small_county() {
    let whole = Whole::synthetic(4, STANDARD, Language::Chinese);
    let all = district_pictures(&whole.district()).unwrap();
    for (kind, name) in [
        (Kind::Dispersion, "dispersion"),
        (Kind::HeatMap, "heat_map"),
        (Kind::Strip, "strip"),
        (Kind::Shares, "shares"),
    ] {
        let picture = all.iter().find(|picture| picture.kind == kind).unwrap();
        insta::assert_snapshot!(name, picture.live());
    }
}

/// Writes every picture to `junheng-pictures` in the temporary folder: `cargo test --lib look_at -- --ignored`.
#[test]
#[ignore = "for looking at"]
fn look_at_every_picture() {
    let root = std::env::temp_dir().join("junheng-pictures");
    for (schools, language) in [
        (3, Language::Chinese),
        (40, Language::Chinese),
        (120, Language::Chinese),
        (3, Language::English),
        (120, Language::English),
    ] {
        let whole = Whole::synthetic(schools, STANDARD, language);
        let folder = root.join(format!("{schools}-{language:?}"));
        std::fs::create_dir_all(&folder).unwrap();
        for picture in district_pictures(&whole.district()).unwrap() {
            let file = |ending: &str| folder.join(format!("{}.{ending}", picture.name));
            std::fs::write(file("png"), picture.png().unwrap()).unwrap();
            std::fs::write(file("svg"), picture.svg().unwrap()).unwrap();
            std::fs::write(file("live.svg"), picture.live()).unwrap();
        }
    }
    for (name, whole) in [
        ("hostile", with_hostile_names()),
        ("measured", measured_only(Language::Chinese)),
        ("missing", with_missing()),
    ] {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for picture in district_pictures(&whole.district()).unwrap() {
            std::fs::write(folder.join(format!("{}.png", picture.name)), picture.png().unwrap()).unwrap();
        }
    }
}

#[test]
fn further_pictures_of_a_small_county() {
    let whole = Whole::synthetic(4, "daxiang", Language::Chinese);
    let all = district_pictures(&whole.district()).unwrap();
    for (kind, name) in [
        (Kind::GapsByDepartment, "gaps_by_department"),
        (Kind::GapsByKind, "gaps_by_kind"),
        (Kind::ClassSizes, "class_sizes"),
        (Kind::Lorenz, "lorenz"),
        (Kind::Radar, "radar"),
        (Kind::Location, "location"),
    ] {
        let picture = all.iter().find(|picture| picture.kind == kind).unwrap();
        insta::assert_snapshot!(name, picture.live());
    }
}

/// The CV of the schools with data alone decides nothing: a bar over its limit was once drawn as within it, under
/// a title that said so.
#[test]
fn a_cv_that_cannot_be_judged_is_not_called_within_its_limit() {
    let whole = Whole::demo(STANDARD, Language::Chinese);
    let mut district = whole.district();
    let rows = district.dispersion.height();
    let marked = |picture: &Picture| picture.live().matches('▲').count();
    let judged = marked(&district_pictures(&district).unwrap()[0]);
    let unknown = Column::new("status".into(), vec!["missing"; rows]);
    district.dispersion.frame_mut().with_column(unknown).unwrap();
    let all = district_pictures(&district).unwrap();
    let cv = all.iter().find(|picture| picture.kind == Kind::Dispersion).unwrap();
    assert!(cv.title.starts_with(&format!("{rows} 个差异系数因缺数据不能判定")), "{}", cv.title);
    assert!(!cv.title.contains("不超过"), "{}", cv.title);
    assert_eq!(marked(cv) + 1, judged, "the bar over its limit is not marked; the legend has its sign");
}
