//! The page of a made county, as its text is read.

use super::*;
use crate::{report::sample::Whole, words::Language};

fn page(language: Language) -> String {
    let whole = Whole::demo("quality-balance-2017", language);
    String::from_utf8(write(&whole.district(), &[], None).unwrap()).unwrap()
}

#[test]
fn the_verdict_comes_first() {
    let page = page(Language::English);
    assert!(page.contains("<html lang=\"en\">") && page.contains("<p class=\"outcome\">"));
}
