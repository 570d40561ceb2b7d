//! The charts that `assess` writes, and an unusable font.

use std::path::Path;

use crate::support::{junheng, project};

/// Documents other than charts left out: those are tried elsewhere.
const ONLY_CHARTS: [&str; 6] =
    ["--no-form", "--no-annotated", "--no-gaps", "--no-html", "--no-docx", "--no-pdf"];

fn assess(folder: &Path, more: &[&str]) -> std::process::Output {
    let input = project("data/demo/大祥区.xlsx");
    let mut args = vec!["assess", input.to_str().unwrap(), "--out", "out"];
    args.extend(ONLY_CHARTS);
    args.extend(more);
    junheng(folder, &args)
}

#[test]
fn every_picture_is_written_twice_and_carries_what_made_it() {
    let charts = crate::documents::everything().join("out/charts");
    for name in ["cv", "heat-primary", "heat-junior", "strip-primary-L1", "strip-junior-L7"] {
        let svg = std::fs::read_to_string(charts.join(format!("{name}.svg")))
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(svg.starts_with("<?xml ") && svg.contains("<svg ") && !svg.contains("<text"), "{name}");
        let png = std::fs::read(charts.join(format!("{name}.png"))).unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
    }
}

#[test]
fn a_broken_font_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let fonts = folder.path().join("data/fonts");
    std::fs::create_dir_all(&fonts).unwrap();
    std::fs::write(fonts.join("NotoSansSC-Regular.otf"), "no font").unwrap();
    for (language, what) in [("zh", "OpenType 字体"), ("en", "not an OpenType font")] {
        let output = assess(folder.path(), &["--data", "data", "--lang", language]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("fonts/NotoSansSC-Regular.otf") && said.contains(what), "{said}");
        assert!(said.contains("--no-documents"), "{said}");
        assert!(!folder.path().join("out").exists());
    }
    // Without pictures there is no need of it.
    let output = assess(folder.path(), &["--data", "data", "--no-charts"]);
    assert_ne!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}
