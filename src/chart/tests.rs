//! What holds of every picture, at 3, 40 and 120 schools and in both languages.

use super::{canvas::Element, layout::Rect, *};
use crate::{chart::font::font, report::sample::Whole, words::Language};

/// Texts of a picture that stand on one another or leave its frame. For the tests of every kind.
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
        if !frame.holds(rect) {
            found.push(format!("{}: “{text}” leaves the frame: {rect:?}", picture.name));
        }
        for (other, other_text) in &labels[i + 1..] {
            if rect.meets(other) {
                found.push(format!("{}: “{text}” on “{other_text}”", picture.name));
            }
        }
    }
    found
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
                pictures(&whole.district()).unwrap().iter().flat_map(collisions).collect();
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
    let all = pictures(&whole.district()).unwrap();
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
        for picture in pictures(&whole.district()).unwrap() {
            let file = |ending: &str| folder.join(format!("{}.{ending}", picture.name));
            std::fs::write(file("png"), picture.png().unwrap()).unwrap();
            std::fs::write(file("svg"), picture.svg().unwrap()).unwrap();
            std::fs::write(file("live.svg"), picture.live()).unwrap();
        }
    }
}
