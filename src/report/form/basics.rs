//! 表Ⅰ: the county in numbers.

use super::{
    known::{COMBINED, Known, LARGER_POINT, POINT, SPECIAL, School, is_ordinary},
    page::{Cell, Look, Page},
};
use crate::{
    dictionary::{SCHOOL_TYPES, Section},
    tables::{district::District, facts},
};

/// Column groups of the heading: name in the catalogue, first and last column.
const GROUPS: [(&str, u16, u16); 8] = [
    ("nature", 0, 3),
    ("economy", 4, 7),
    ("schools", 8, 12),
    ("special", 13, 13),
    ("points", 14, 15),
    ("classes", 16, 17),
    ("students", 18, 19),
    ("staff", 20, 23),
];
const COLUMNS: u16 = 24;
/// Rows of the form, from 0: groups, names, a second line of names, L1 …, values, note.
const GROUP: u32 = 4;
const NAME: u32 = 5;
const BELOW: u32 = 6;
const LABEL: u32 = 7;
const VALUE: u32 = 8;
const NOTE: u32 = 10;

pub fn page(district: &District, known: &Known) -> Page {
    let words = district.words;
    let widths = [
        10.0, 10.0, 10.5, 8.5, 9.5, 9.5, 9.5, 13.0, 7.5, 7.0, 6.5, 10.0, 8.0, 10.0, 7.0, 8.0, 7.5, 6.5, 7.5,
        7.5, 7.5, 8.5, 7.5, 8.5,
    ];
    // 教督〔2012〕3号, on basic balance, has a form of its own.
    let basic = district.standard.composites().next().is_some();
    let title = if basic { "form.1.title_basic" } else { "form.1.title" };
    let mut page = Page::titled("1", title, widths.to_vec(), VALUE, words);
    let who = [("district", district.name.clone()), ("code", district.code.clone())];
    page.plain(1, 0, &words.fill("form.1.district", &who));
    page.plain(2, 0, &words.fill("form.1.year", &[("year", district.year.to_string())]));
    for (group, first, last) in GROUPS {
        let name = words.say(&format!("form.1.group.{group}"));
        let look = if group == "special" { Look::HeadTop } else { Look::Head };
        page.merge((GROUP, first), (GROUP, last), &name, look);
    }
    for column in 0..20 {
        let name = words.say(&format!("form.1.column.{}", column + 1));
        // The name of L14 is in the row of the groups.
        let look = if name.is_empty() { Look::HeadMiddle } else { Look::HeadTop };
        page.put(NAME, column, Cell::text(name), look);
        page.put(BELOW, column, Cell::Blank, Look::HeadBelow);
    }
    for (first, section) in [(20, Section::Primary), (22, Section::Junior)] {
        let name = words.section(section.id());
        page.merge((NAME, first), (NAME, first + 1), &name, Look::Head);
        page.put(BELOW, first, Cell::text(words.say("form.1.total")), Look::Head);
        page.put(BELOW, first + 1, Cell::text(words.say("form.1.teachers")), Look::Head);
    }
    page.height(GROUP, 3.2);
    page.height(NAME, 5.5);
    page.height(BELOW, 3.5);
    for column in 0..COLUMNS {
        page.put(LABEL, column, Cell::text(format!("L{}", column + 1)), Look::Head);
    }
    page.height(LABEL, 1.2);
    page.line(VALUE, 0, values(known), Look::Center);
    page.height(VALUE, 2.0);
    page.note_at(NOTE, &words.say("form.1.note"));
    if basic {
        let standard = district.standard.title.get(words.language).to_string();
        page.note(&words.fill("form.1.other_form", &[("standard", standard)]));
    }
    if !district.standard.fills_the_form() {
        let standard = district.standard.title.get(words.language).to_string();
        page.note(&words.fill("form.1.no_items", &[("standard", standard)]));
    }
    if district.standard.indicators.is_empty() {
        let standard = district.standard.title.get(words.language).to_string();
        page.note(&words.fill("form.1.no_indicators", &[("standard", standard)]));
    }
    page
}

/// L1 to L24.
fn values(known: &Known) -> Vec<Cell> {
    let given = |fact: &str, decimals| Cell::known(known.district(fact), decimals);
    let count = |value| Cell::known(value, 0);
    let in_section = |fact: &str, wanted: Section| {
        let sum = known.sum(fact, |school, section| section == wanted && is_ordinary(school, section));
        Cell::known(sum, 0)
    };
    // The number of schools of a type is known only if the type of every school is.
    let types_known = !known.schools.is_empty()
        && known
            .schools
            .iter()
            .all(|school| SCHOOL_TYPES.contains(&school.school_type()) || is_senior(school));
    let of = |school_type: &str| {
        let found = known.schools.iter().filter(|school| school.of_type(school_type)).count();
        types_known.then_some(found as f64)
    };
    let points = || known.schools.iter().filter(|school| school.of_type(POINT));
    let sizes: Option<Vec<f64>> = points().map(|point| point.number(facts::column::students)).collect();
    let larger = sizes
        .filter(|_| types_known)
        .map(|sizes| sizes.iter().filter(|size| **size >= LARGER_POINT).count() as f64);
    // A list without special schools does not mean that there are none.
    let special = known.district("special_schools").or_else(|| of(SPECIAL).filter(|count| *count > 0.0));
    let mut cells = vec![
        given("population", 2),
        given("rural_population", 2),
        given("towns", 0),
        given("villages", 0),
        given("gdp_per_head", 0),
        given("fiscal_revenue_per_head", 0),
        given("farmer_income", 0),
        given("townspeople_income", 0),
        count(of("小学")),
        count(of(COMBINED[0])),
        count(of("初中")),
        count(of("完全中学")),
        count(of(COMBINED[1])),
        count(special),
        count(of(POINT)),
        count(larger),
    ];
    for fact in ["classes", "students"] {
        cells.extend([Section::Primary, Section::Junior].map(|section| in_section(fact, section)));
    }
    for section in [Section::Primary, Section::Junior] {
        cells.extend(["staff_total", "teachers"].map(|fact| in_section(fact, section)));
    }
    cells
}

/// 高级中学 appear in the exports but are outside compulsory education; the dictionary has no type for them.
fn is_senior(school: &School) -> bool {
    school.parts.iter().all(|(section, _)| *section == Section::Senior)
}
