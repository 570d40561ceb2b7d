//! What holds of every annual picture: from one district and one year to thousands and thirty, in both languages.

use std::collections::HashSet;

use polars::prelude::*;

use crate::{
    annual::sample::{Plan, Sample},
    chart::{
        Kind, Picture, annual_pictures, canvas::Element, definition::Draw, portrait_pictures,
        tests::collisions,
    },
    words::Language,
};

const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// The pictures of the report and of the first portraits.
fn drawn(sample: &Sample) -> Vec<Picture> {
    let annual = sample.annual();
    let mut all = annual_pictures(&annual).unwrap();
    for at in 0..sample.regions.len().min(2) {
        all.extend(portrait_pictures(&sample.portrait(&annual, at)).unwrap());
    }
    all
}

/// No text stands on another, leaves the frame or lacks its words, and the SVG can be read.
fn is_sound(what: &str, pictures: &[Picture]) {
    let found: Vec<String> = pictures.iter().flat_map(collisions).collect();
    assert!(found.is_empty(), "{what}: {} {:#?}", found.len(), &found[..found.len().min(20)]);
    for picture in pictures {
        assert!(!picture.title.is_empty() && !picture.description.is_empty(), "{what}: {}", picture.name);
        let live = picture.live();
        assert!(!live.contains("chart.annual.") && !live.contains('{'), "{what}: {}", picture.name);
        assert!(!live.contains("NaN") && !live.contains("inf"), "{what}: {}", picture.name);
        let options = resvg::usvg::Options::default();
        assert!(resvg::usvg::Tree::from_str(live, &options).is_ok(), "{what}: {}", picture.name);
    }
}

fn kinds(pictures: &[Picture]) -> HashSet<Kind> {
    pictures.iter().map(|picture| picture.kind).collect()
}

fn titles(pictures: &[Picture], kind: Kind) -> Vec<&str> {
    pictures.iter().filter(|picture| picture.kind == kind).map(|picture| picture.title.as_str()).collect()
}

/// The kinds of the annual report and of portraits.
fn all_kinds() -> HashSet<Kind> {
    let of_annual = |kind: &&Kind| matches!(kind.chart().draw, Draw::Annual(_) | Draw::Portrait(_));
    Kind::ALL.iter().filter(of_annual).copied().collect()
}

#[test]
fn every_kind_is_drawn_and_sound_in_both_languages() {
    for language in LANGUAGES {
        let sample = Sample::usual(language);
        let all = drawn(&sample);
        is_sound("usual", &all);
        assert_eq!(kinds(&all), all_kinds());
        let of_report = annual_pictures(&sample.annual()).unwrap();
        let names: HashSet<&str> = of_report.iter().map(|picture| picture.name.as_str()).collect();
        assert_eq!(names.len(), of_report.len());
        assert!(names.contains("cv-years-primary") && names.contains("limit-distance-junior"), "{names:?}");
        if language == Language::English {
            let chinese = |c: char| ('\u{4e00}'..'\u{a000}').contains(&c);
            let named = [Kind::LimitDistance, Kind::Cities, Kind::PortraitRadar, Kind::PortraitTrend];
            for picture in all.iter().filter(|picture| !named.contains(&picture.kind)) {
                assert!(!picture.title.contains(chinese), "{}", picture.title);
            }
        }
    }
}

/// What people read: title, description and every text, in drawing order.
fn texts(pictures: &[Picture]) -> String {
    let mut out = String::new();
    for picture in pictures {
        out += &format!("## {}\n{}\n{}\n", picture.name, picture.title, picture.description);
        let labels = picture.elements.iter().filter_map(|element| match element {
            Element::Text(label) => Some(label.text.as_str()),
            _ => None,
        });
        out += &labels.collect::<Vec<_>>().join(" | ");
        out.push_str("\n\n");
    }
    out
}

#[test]
fn texts_of_the_usual_year() {
    for (language, name) in [(Language::Chinese, "texts_zh"), (Language::English, "texts_en")] {
        let sample = Sample::usual(language);
        let annual = sample.annual();
        let mut all = annual_pictures(&annual).unwrap();
        all.extend(portrait_pictures(&sample.portrait(&annual, 0)).unwrap());
        all.retain(|picture| picture.name.contains("primary"));
        insta::assert_snapshot!(name, texts(&all));
    }
}

/// Five districts in two cities, three years: where marks and lines stand.
#[test]
fn a_small_year_as_it_is_drawn() {
    let plan = Plan { districts: 5, years: 2022..=2024, ..Plan::usual(Language::Chinese) };
    let all = annual_pictures(&Sample::of(&plan).annual()).unwrap();
    for (name, picture) in [("cv_years", "cv-years-junior"), ("limit_distance", "limit-distance-junior")] {
        let picture = all.iter().find(|drawn| drawn.name == picture).unwrap();
        insta::assert_snapshot!(name, picture.live());
    }
}

#[test]
fn the_titles_are_the_tables_findings() {
    let sample = Sample::usual(Language::Chinese);
    let all = drawn(&sample);
    let rows = crate::tables::Row::all(&sample.whole)
        .filter(|row| row.integer("year") == Some(2024) && row.text("section") == Some("primary"));
    let over = rows.clone().filter(|row| row.boolean("met") == Some(false)).count();
    let title = titles(&all, Kind::CvYears)[0];
    match over {
        0 => assert!(title.contains("都不超过上限"), "{title}"),
        over => assert!(title.contains(&format!("7 项中 {over} 项差异系数超过上限")), "{title}"),
    }
    let standing = crate::tables::Row::all(&sample.standings).find(|row| {
        row.text("level") == Some("all")
            && row.integer("year") == Some(2024)
            && row.text_or_empty("section") == "primary"
    });
    let [schools, met] = ["schools", "schools_met"].map(|column| standing.unwrap().integer(column).unwrap());
    assert!(titles(&all, Kind::StandingYears)[0].contains(&format!("{schools} 所学校中 {met} 所达标")));
}

#[test]
fn one_year_has_dots_and_no_past() {
    for language in LANGUAGES {
        let sample = Sample::of(&Plan { years: 2024..=2024, ..Plan::usual(language) });
        let all = drawn(&sample);
        is_sound("one year", &all);
        let kinds = kinds(&all);
        assert!(kinds.contains(&Kind::CvYears) && kinds.contains(&Kind::LorenzYears));
        // Nobody grew.
        assert!(!kinds.contains(&Kind::Growth));
        let standing = titles(&all, Kind::StandingYears)[0];
        assert!(!standing.contains("上年") && !standing.contains("year before"), "{standing}");
    }
}

#[test]
fn one_district_has_nobody_beside_it() {
    let sample = Sample::of(&Plan { districts: 1, ..Plan::usual(Language::Chinese) });
    let all = drawn(&sample);
    is_sound("one district", &all);
    let kinds = kinds(&all);
    assert!(kinds.contains(&Kind::CvYears) && kinds.contains(&Kind::PortraitTrend));
    assert!(!kinds.contains(&Kind::Cities) && !kinds.contains(&Kind::Growth));
}

#[test]
fn where_no_city_is_known_districts_stand_side_by_side() {
    let mut sample = Sample::of(&Plan { districts: 30, schools: 3, ..Plan::usual(Language::Chinese) });
    sample.regional = sample.regional.clear();
    let all = annual_pictures(&sample.annual()).unwrap();
    is_sound("districts for cities", &all);
    let picture = all.iter().find(|picture| picture.kind == Kind::Cities).unwrap();
    let districts = sample.regions.len();
    assert!(picture.title.contains(&format!("{districts} 个县")), "{}", picture.title);
    // 24 panels, and a note.
    assert!(picture.live().contains(&format!("其余 {} 个县", districts - 24)));
}

#[test]
fn a_standard_without_limits_speaks_of_none() {
    for language in LANGUAGES {
        let plan = Plan { standard: "taiwan-primary", years: 103..=110, ..Plan::usual(language) };
        let sample = Sample::of(&plan);
        let all = drawn(&sample);
        is_sound("taiwan", &all);
        let kinds = kinds(&all);
        for kind in [Kind::CvYears, Kind::LimitDistance, Kind::Cities, Kind::Growth, Kind::PortraitTrend] {
            assert!(kinds.contains(&kind), "{kind:?}");
        }
        assert!(!kinds.contains(&Kind::StandingYears) && !kinds.contains(&Kind::PortraitRadar));
        for picture in &all {
            for text in [
                &picture.title,
                &picture.live().split("<desc").nth(1).unwrap().split("</desc>").nth(1).unwrap().to_string(),
            ] {
                assert!(!text.contains("上限") && !text.contains("limit"), "{}: {text}", picture.name);
            }
        }
        assert!(all[0].live().contains(">110</text>") && all[0].title.contains("103"), "{}", all[0].title);
    }
}

#[test]
fn eight_indicators_and_another_rule() {
    for language in LANGUAGES {
        let sample = Sample::of(&Plan { standard: "basic-balance-2012", ..Plan::usual(language) });
        let all = drawn(&sample);
        is_sound("basic balance", &all);
        assert!(kinds(&all).contains(&Kind::CvYears));
    }
}

#[test]
fn thirty_years_have_room() {
    let sample = Sample::of(&Plan { years: 1995..=2024, schools: 4, ..Plan::usual(Language::Chinese) });
    let all = drawn(&sample);
    is_sound("thirty years", &all);
    assert!(all[0].live().contains(">2024</text>") && !all[0].live().contains(">2,024</text>"));
}

/// The rows that have this text in the column.
fn only(frame: &DataFrame, column: &str, text: &str) -> DataFrame {
    let texts = frame.column(column).unwrap().str().unwrap();
    frame.filter(&texts.iter().map(|one| one == Some(text)).collect::<BooleanChunked>()).unwrap()
}

/// The districts so many times, each time under other codes.
fn many(frame: &DataFrame, times: usize) -> DataFrame {
    let mut all = frame.clone();
    let codes = frame.column("district_code").unwrap().str().unwrap().clone();
    for time in 1..times {
        let renamed: Vec<String> = codes.iter().map(|code| format!("{}-{time}", code.unwrap())).collect();
        let mut more = frame.clone();
        more.with_column(Column::new("district_code".into(), renamed)).unwrap();
        all.vstack_mut(&more).unwrap();
    }
    all
}

#[test]
fn three_thousand_districts_are_paged() {
    let mut sample = Sample::of(&Plan { years: 2023..=2024, ..Plan::usual(Language::Chinese) });
    let whole = only(&sample.standings, "level", "all");
    sample.standings = many(&only(&sample.standings, "level", "district"), 250);
    sample.standings.vstack_mut(&whole).unwrap();
    sample.growth = many(&sample.growth, 250);
    let all = annual_pictures(&sample.annual()).unwrap();
    is_sound("three thousand", &all);
    let names: Vec<&str> =
        all.iter().filter(|p| p.kind == Kind::LimitDistance).map(|picture| picture.name.as_str()).collect();
    assert_eq!(names.len(), 6);
    assert_eq!(
        names[..3],
        ["limit-distance-primary", "limit-distance-primary-2", "limit-distance-primary-3"]
    );
    let last = all.iter().find(|picture| picture.name == "limit-distance-primary-3").unwrap();
    assert!(last.live().contains("其余 2,880 个县"), "the number of districts that are not drawn");
    let growth = all.iter().find(|picture| picture.kind == Kind::Growth).unwrap();
    assert!(growth.live().len() < 2_000_000, "{}", growth.live().len());
}

fn nothing(frame: &mut DataFrame, columns: &[&str]) {
    for column in columns {
        let none = vec![None::<f64>; frame.height()];
        frame.with_column(Column::new((*column).into(), none)).unwrap();
    }
}

#[test]
fn where_nothing_is_known_nothing_is_drawn() {
    let mut sample = Sample::usual(Language::Chinese);
    for frame in [&mut sample.panel, &mut sample.regional, &mut sample.whole, &mut sample.by_location] {
        nothing(frame, &["mean", "sd", "cv", "gini", "cv_low", "cv_high", "cv_change"]);
    }
    nothing(&mut sample.standings, &["worst_ratio"]);
    nothing(&mut sample.growth, &["growth"]);
    nothing(&mut sample.decomposition, &["value", "share"]);
    sample.class_sizes = sample.class_sizes.head(Some(0));
    let all = drawn(&sample);
    is_sound("nothing", &all);
    assert_eq!(kinds(&all), HashSet::from([Kind::StandingYears]));
    // No rows at all.
    for frame in [
        &mut sample.panel,
        &mut sample.regional,
        &mut sample.whole,
        &mut sample.by_location,
        &mut sample.standings,
        &mut sample.decomposition,
        &mut sample.growth,
        &mut sample.convergence,
        &mut sample.lorenz,
        &mut sample.class_sizes,
    ] {
        *frame = frame.clear();
    }
    assert!(drawn(&sample).is_empty());
}

/// Means of 0, and therefore no CV.
#[test]
fn a_mean_of_zero_is_a_mean() {
    let mut sample = Sample::usual(Language::Chinese);
    for frame in [&mut sample.panel, &mut sample.whole] {
        let zero = vec![0.0; frame.height()];
        frame.with_column(Column::new("mean".into(), zero)).unwrap();
        nothing(frame, &["cv", "gini", "cv_low", "cv_high"]);
    }
    let all = drawn(&sample);
    is_sound("zero", &all);
    let kinds = kinds(&all);
    assert!(!kinds.contains(&Kind::CvYears) && !kinds.contains(&Kind::PortraitTrend));
    assert!(kinds.contains(&Kind::LimitDistance));
}

#[test]
fn years_that_are_missing_are_gaps() {
    let sample = Sample::usual(Language::Chinese);
    let annual = sample.annual();
    // This district has no 2022.
    let trend = portrait_pictures(&sample.portrait(&annual, sample.at("430524"))).unwrap();
    let trend = trend.iter().find(|picture| picture.kind == Kind::PortraitTrend).unwrap();
    assert!(trend.live().contains("线断开处") && !trend.live().contains("2022 年：差异系数"));
    let whole = portrait_pictures(&sample.portrait(&annual, 0)).unwrap();
    let whole = whole.iter().find(|picture| picture.kind == Kind::PortraitTrend).unwrap();
    assert!(!whole.live().contains("线断开处") && whole.live().contains("2022 年：差异系数"));
    // Two lines for one.
    let lines = |picture: &Picture| picture.live().matches("<polyline").count();
    assert_eq!(lines(trend), 2 * lines(whole));
}

#[test]
fn what_missing_data_leave_open_is_not_called_within() {
    let mut sample = Sample::usual(Language::Chinese);
    for frame in [&mut sample.whole, &mut sample.panel, &mut sample.regional] {
        let unknown = vec!["missing"; frame.height()];
        frame.with_column(Column::new("status".into(), unknown)).unwrap();
    }
    let all = drawn(&sample);
    is_sound("undecided", &all);
    for kind in [Kind::CvYears, Kind::PortraitTrend, Kind::Cities] {
        for title in titles(&all, kind) {
            assert!(!title.contains("都不超过"), "{title}");
        }
    }
    assert!(titles(&all, Kind::CvYears)[0].contains("7 项因缺数据不能判定"));
}

const LONG: &str = "东川高新技术产业开发区综合保税物流园区示范";
const HOSTILE: [&str; 4] = ["<script>alert(1)</script>", "a\u{0}\u{202e}b\n\"'&]]>", "", "𠮷𫖯县\u{10fffd}"];

#[test]
fn long_and_hostile_names_keep_their_place() {
    for names in [&[LONG][..], &HOSTILE] {
        let mut sample = Sample::usual(Language::Chinese);
        for (at, region) in sample.regions.iter_mut().enumerate() {
            region.district_name = names[at % names.len()].into();
            region.city_name = names[at % names.len()].into();
        }
        for frame in [&mut sample.panel, &mut sample.regional, &mut sample.standings, &mut sample.growth] {
            let height = frame.height();
            let said: Vec<&str> = names.iter().copied().cycle().take(height).collect();
            frame.with_column(Column::new("district_name".into(), said)).unwrap();
        }
        let all = drawn(&sample);
        is_sound("names", &all);
        for picture in &all {
            assert!(!picture.live().contains("<script") && !picture.live().contains(['\u{0}', '\u{202e}']));
        }
    }
}

/// Writes every picture to `junheng-annual` in the temporary folder: `cargo test --lib look_at_annual -- --ignored`.
#[test]
#[ignore = "for looking at"]
fn look_at_annual_pictures() {
    let root = std::env::temp_dir().join("junheng-annual");
    let taiwan = |language| Plan { standard: "taiwan-primary", years: 103..=110, ..Plan::usual(language) };
    for (name, plan) in [
        ("zh", Plan::usual(Language::Chinese)),
        ("en", Plan::usual(Language::English)),
        ("taiwan", taiwan(Language::Chinese)),
        ("thirty", Plan { years: 1995..=2024, schools: 4, ..Plan::usual(Language::Chinese) }),
        ("one-year", Plan { years: 2024..=2024, ..Plan::usual(Language::Chinese) }),
        ("many", Plan { districts: 120, schools: 3, years: 2022..=2024, ..Plan::usual(Language::Chinese) }),
    ] {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for picture in drawn(&Sample::of(&plan)) {
            std::fs::write(folder.join(format!("{}.png", picture.name)), picture.png().unwrap()).unwrap();
        }
    }
}
