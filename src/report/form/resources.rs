//! 表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ: the seven indicators as counts of schools, school by school, and as dispersion.

use std::collections::HashMap;

use super::{
    known::{COMBINED, Known, LARGER_POINT, POINT, School},
    page::{Cell, Look, Page, printed},
    remark::{Mark, remark},
};
use crate::{
    dictionary::{FOUNDERS, Section},
    standard::{BySection, Indicator, Item, Standard},
    tables::{self, dispersion, district::District, facts, measures},
};

/// Number of columns of 表Ⅱ-2 before the indicators, including 序号.
const BEFORE: u16 = 6;
/// The first indicator is L7.
const FIRST_LABEL: usize = BEFORE as usize + 1;
/// The type assumed for a plain 公办: nearly every public school of a county belongs to the 县级教育部门.
const COUNTY: &str = "县级教育部门";
const PUBLIC: &str = "公办";
const COUNT_WIDTH: f64 = 7.0;

/// The column heading of an indicator: name and unit.
fn heading(indicator: &Indicator, district: &District) -> String {
    let title = indicator.title.get(district.words.language);
    let key = format!("form.unit.{}", indicator.unit);
    if indicator.unit.is_empty() {
        return title.to_string();
    }
    let unit = match district.words.has(&key) {
        true => district.words.say(&key),
        false => district.words.fill("form.unit_of", &[("unit", district.words.unit(&indicator.unit))]),
    };
    format!("{title}{unit}")
}

fn indicators<'a>(district: &'a District) -> &'a [Indicator] {
    &district.standard.indicators
}

/// L1, L2 … under the names.
fn labels(first: usize, count: usize) -> impl Iterator<Item = Cell> {
    (first..first + count).map(|number| Cell::text(format!("L{number}")))
}

/// 表Ⅱ-1: how many schools reach each indicator, and how many are up to standard.
pub fn reached(district: &District) -> Page {
    let words = district.words;
    let count = indicators(district).len();
    let mut widths = vec![8.0, 17.0];
    widths.extend(vec![14.0; count]);
    widths.push(10.0);
    let last = widths.len() as u16 - 1;
    let mut page = Page::new("2-1", widths, 3, words);
    page.line(1, 0, [Cell::Blank, Cell::Blank], Look::HeadTop);
    page.line(2, 0, [Cell::Blank, Cell::Blank], Look::HeadBelow);
    page.line(1, 2, indicators(district).iter().map(|i| Cell::text(heading(i, district))), Look::Head);
    page.put(1, last, Cell::text(words.say("form.2-1.whole")), Look::Head);
    page.line(2, 2, labels(1, count + 1), Look::Head);
    page.height(1, 4.5);
    if !district.standard.has_thresholds() {
        page.note_at(3, &words.fill("form.2-1.not_judged", &[("standard", standard_title(district))]));
        return page;
    }
    let mut row = 3;
    for section in &district.standard.scope.sections {
        let schools = district.districts.rows().find(|of| of.section() == *section);
        let all = schools.map(|of| of.schools() as f64);
        let mut counts: Vec<Option<f64>> =
            indicators(district).iter().map(|indicator| reached_by(district, *section, indicator)).collect();
        // A standard without a rule for schools counts none as up to standard, so the cell is left blank.
        let rule = district.standard.school_rule.as_ref();
        counts.push(rule.and_then(|_| schools.map(|of| of.schools_met() as f64)));
        page.put(row, 0, Cell::text(words.section(section.id())), Look::Top);
        page.put(row + 1, 0, Cell::Blank, Look::Below);
        page.put(row, 1, Cell::text(words.say("form.2-1.count")), Look::Left);
        page.put(row + 1, 1, Cell::text(words.say("form.2-1.share")), Look::Left);
        let shares = counts.iter().map(|count| {
            let share = count.zip(all).filter(|(_, all)| *all > 0.0).map(|(count, all)| 100.0 * count / all);
            share.map_or(Cell::Missing, |share| Cell::Number(share, district.standard.print.percent))
        });
        page.line(row + 1, 2, shares, Look::Center);
        let counts = counts.iter().map(|count| count.map_or(Cell::Missing, |count| Cell::Number(count, 0)));
        page.line(row, 2, counts, Look::Center);
        page.height(row, 1.8);
        page.height(row + 1, 1.8);
        row += 2;
    }
    page
}

fn standard_title(district: &District) -> String {
    district.standard.title.get(district.words.language).to_string()
}

/// Number of schools that reach an indicator's threshold; blank if it has none.
fn reached_by(district: &District, section: Section, indicator: &Indicator) -> Option<f64> {
    indicator.threshold.get(section)?;
    let of = measured(district, section, indicator);
    Some(of.filter(|row| row.met() == Some(true)).count() as f64)
}

/// The rows of an indicator in a section, one per school.
fn measured<'a>(
    district: &'a District,
    section: Section,
    indicator: &'a Indicator,
) -> impl Iterator<Item = measures::Row<'a>> {
    district.measures.rows().filter(move |row| row.section() == section && row.indicator() == indicator.id)
}

/// A section of a school: its row of `schools` and its rows of `facts`.
struct Line<'a> {
    row: tables::schools::Row<'a>,
    school: Option<&'a School<'a>>,
}

impl Line<'_> {
    fn part(&self) -> Option<facts::Row<'_>> {
        let parts = &self.school?.parts;
        parts.iter().find(|(section, _)| *section == self.row.section()).map(|(_, row)| *row)
    }

    fn fact(&self, fact: &str) -> Cell {
        Cell::known(self.part().and_then(|row| row.number(fact)), 0)
    }

    fn is_of(&self, types: &[&str]) -> bool {
        self.school.is_some_and(|school| types.contains(&school.school_type()))
    }
}

/// 表Ⅱ-2: every section in scope with its values.
pub fn schools(district: &District, known: &Known) -> Page {
    let words = district.words;
    let count = indicators(district).len();
    let mut widths = vec![6.0, 20.0, 7.0, COUNT_WIDTH, 6.0, 6.0];
    widths.extend(vec![10.5; count]);
    widths.extend([9.0, 30.0]);
    let (verdict, remarks) = (BEFORE + count as u16, BEFORE + count as u16 + 1);
    let mut page = Page::new("2-2", widths, 3, words);
    page.wide_title();
    let names = ["number", "school", "founder", "students", "grades", "classes"];
    let names = names.map(|name| Cell::text(words.say(&format!("form.2-2.column.{name}"))));
    page.line(1, 0, names, Look::Head);
    page.line(1, BEFORE, indicators(district).iter().map(|i| Cell::text(heading(i, district))), Look::Head);
    page.put(1, verdict, Cell::text(words.say("form.2-2.column.met")), Look::Head);
    let floor = district.standard.school_rule.as_ref().map(|rule| rule.floor);
    let percent = floor.map_or("85".to_string(), |floor| printed(100.0 * floor, 0));
    let column = words.fill("form.2-2.column.remark", &[("floor", percent)]);
    page.put(1, remarks, Cell::text(column), Look::Head);
    page.line(2, 0, labels(1, usize::from(BEFORE) + count + 1), Look::Head);
    page.put(2, remarks, Cell::Blank, Look::Head);
    page.height(1, 6.0);

    let by_code: HashMap<&str, &School> =
        known.schools.iter().map(|school| (school.code(), school)).collect();
    let measured: HashMap<(&str, Section, &str), measures::Row> = district
        .measures
        .rows()
        .map(|row| ((row.school_code(), row.section(), row.indicator()), row))
        .collect();
    let mut counts: Vec<(&str, String)> = Vec::new();
    let mut guessed = false;
    let mut at = 3;
    for section in &district.standard.scope.sections {
        let lines: Vec<Line> = district
            .schools
            .rows()
            .filter(|row| row.section() == *section)
            .map(|row| Line { row, school: by_code.get(row.school_code()).copied() })
            .collect();
        for (number, line) in (1u32..).zip(&lines) {
            let founder = founder(line.school.map_or("", |school| school.ownership()));
            guessed |= founder.is_some_and(|(_, guess)| guess);
            page.put(at, 0, Cell::Number(f64::from(number), 0), Look::Center);
            let name = line.row.school_name();
            page.put(at, 1, Cell::text(name), Look::Left);
            let code = founder.map_or(Cell::Blank, |(code, _)| Cell::Number(code as f64, 0));
            let facts = ["students", "grades", "classes"].map(|fact| line.fact(fact));
            page.put(at, 2, code, Look::Center);
            page.line(at, 3, facts, Look::Center);
            let mut marks = Vec::new();
            for (column, indicator) in (BEFORE..).zip(indicators(district)) {
                let key = (line.row.school_code(), *section, indicator.id.as_str());
                let (mark, value) = marked(measured.get(&key).copied(), floor.is_some());
                let cell =
                    value.map_or(Cell::Missing, |value| Cell::Number(value, district.standard.print.value));
                let short = matches!(mark, Mark::Floor | Mark::Below | Mark::Unmet);
                page.put(at, column, cell, if short { Look::Unmet } else { Look::Center });
                marks.push(mark);
            }
            let met = line.row.met();
            let said = met
                .map_or(Cell::Blank, |met| Cell::text(words.say(if met { "form.yes" } else { "form.no" })));
            page.put(at, verdict, said, if met == Some(false) { Look::Unmet } else { Look::Center });
            let remark = remark(&marks, FIRST_LABEL, floor, words);
            page.put(at, remarks, Cell::text(&remark), Look::Left);
            page.fit(at, &[(1, name), (usize::from(remarks), &remark)]);
            at += 1;
        }
        counts.extend(of_section(*section, &lines));
    }
    let last = ("last", format!("L{}", FIRST_LABEL - 1 + count));
    // A section outside the scope of the standard is not counted.
    for place in ["primary", "primary_combined", "points", "junior", "junior_combined", "complete"] {
        if !counts.iter().any(|(name, _)| *name == place) {
            counts.push((place, words.say("form.blank")));
        }
    }
    counts.push(last.clone());
    let value = words.say(&format!("form.decimals.{}", district.standard.print.value));
    counts.push(("value", value));
    page.note_at(at, &words.fill("form.2-2.note", &counts));
    page.note(&words.fill("form.2-2.legend", &[last]));
    if guessed {
        page.note(&words.say("form.2-2.founder_guessed"));
    }
    excluded(&mut page, district);
    if !district.verdict.reliefs.is_empty() {
        page.note(&words.say("form.2-2.reliefs"));
    }
    page
}

/// The counts in the note.
fn of_section(section: Section, lines: &[Line]) -> Vec<(&'static str, String)> {
    let count = |types: &[&str]| lines.iter().filter(|line| line.is_of(types)).count().to_string();
    let larger = |line: &&Line| {
        let students = line.part().and_then(facts::Row::students);
        line.is_of(&[POINT]) && students.is_some_and(|students| students >= LARGER_POINT)
    };
    match section {
        Section::Primary => vec![
            ("primary", lines.len().to_string()),
            ("primary_combined", count(&COMBINED)),
            ("points", lines.iter().filter(larger).count().to_string()),
        ],
        Section::Junior => vec![
            ("junior", lines.len().to_string()),
            ("junior_combined", count(&COMBINED)),
            ("complete", count(&["完全中学"])),
        ],
        Section::Senior => Vec::new(),
    }
}

/// Sections that are not judged, by reason.
fn excluded(page: &mut Page, district: &District) {
    let words = district.words;
    let mut by_reason: Vec<(&str, Vec<String>)> = Vec::new();
    for out in &district.verdict.excluded {
        let args = [("school", out.school_name.clone()), ("section", words.section(&out.section))];
        let name = words.fill("form.2-2.excluded_school", &args);
        match by_reason.iter_mut().find(|(reason, _)| *reason == out.reason) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((&out.reason, vec![name])),
        }
    }
    for (reason, names) in by_reason {
        let args = [
            ("reason", reason.to_string()),
            ("count", names.len().to_string()),
            ("names", names.join(&words.say("form.remark.comma"))),
        ];
        page.note(&words.fill("form.2-2.excluded", &args));
    }
}

/// The result of one value, and the value.
fn marked(row: Option<measures::Row>, has_floor: bool) -> (Mark, Option<f64>) {
    let Some(row) = row else { return (Mark::Missing, None) };
    let value = row.value();
    let mark = match (row.threshold(), value, row.met(), row.floor_met()) {
        (None, Some(_), ..) => Mark::NotJudged,
        (_, None, ..) | (_, _, None, _) => Mark::Missing,
        (.., Some(true), _) => Mark::Met,
        (.., Some(false), _) if !has_floor => Mark::Unmet,
        (.., Some(false), Some(true)) => Mark::Floor,
        (.., Some(false), _) => Mark::Below,
    };
    (mark, value)
}

/// The code of 举办者类型, and whether it was assumed, because the fact says only 公办, which does not distinguish the form's
/// ten types.
fn founder(ownership: &str) -> Option<(usize, bool)> {
    let guess = ownership == PUBLIC;
    let named = if guess { COUNTY } else { ownership };
    FOUNDERS.iter().position(|founder| *founder == named).map(|index| (index + 1, guess))
}

/// 表Ⅲ: mean and CV.
pub fn balance(district: &District) -> Page {
    let words = district.words;
    let count = indicators(district).len();
    let mut widths = vec![8.0, 14.0];
    widths.extend(vec![14.0; count]);
    widths.push(9.0);
    let last = widths.len() as u16 - 1;
    let mut page = Page::new("3", widths, 3, words);
    page.merge((1, 0), (2, 1), "", Look::Head);
    page.line(1, 2, indicators(district).iter().map(|i| Cell::text(heading(i, district))), Look::Head);
    page.put(1, last, Cell::text(words.say("form.3.whole")), Look::Head);
    page.line(2, 2, labels(1, count + 1), Look::Head);
    page.height(1, 4.5);
    let mut row = 3;
    let mut any_incomplete = false;
    for section in &district.standard.scope.sections {
        page.merge((row, 0), (row + 1, 0), &words.section(section.id()), Look::Center);
        page.put(row, 1, Cell::text(words.say("form.3.mean")), Look::Left);
        page.put(row + 1, 1, Cell::text(words.say("form.3.cv")), Look::Left);
        page.height(row, 1.8);
        page.height(row + 1, 1.8);
        let mut cvs: Option<Vec<f64>> = Some(Vec::new());
        let mut incomplete = 0;
        for (column, indicator) in (2..).zip(indicators(district)) {
            let found = dispersion_of(district, *section, &indicator.id);
            let without = schools_without(district, *section, indicator);
            let number = |value: Option<f64>, decimals| {
                value.map_or(Cell::Missing, |value| counted(value, decimals, without > 0))
            };
            let over = found.is_some_and(|of| of.met() == Some(false) && of.cv() > of.limit());
            let mean = found.and_then(dispersion::Row::mean);
            page.put(row, column, number(mean, district.standard.print.mean), Look::Center);
            let cv = found.and_then(dispersion::Row::cv);
            let look = if over { Look::Unmet } else { Look::Center };
            page.put(row + 1, column, number(cv, district.standard.print.cv), look);
            if cv.is_some() {
                incomplete = incomplete.max(without);
            }
            cvs = cvs.zip(cv).map(|(mut cvs, cv)| {
                cvs.push(cv);
                cvs
            });
        }
        page.put(row, last, Cell::text("——"), Look::Center);
        // 综合 is the arithmetic mean of the CVs; without one of them there is none.
        let composite = whole_of(district, *section);
        let whole = cvs.filter(|cvs| !cvs.is_empty()).map(|cvs| cvs.iter().sum::<f64>() / cvs.len() as f64);
        let cv = district.standard.print.cv;
        let whole = whole.map_or(Cell::Missing, |value| counted(value, cv, incomplete > 0));
        any_incomplete |= incomplete > 0;
        let over = composite.is_some_and(|of| of.met() == Some(false));
        page.put(row + 1, last, whole, if over { Look::Unmet } else { Look::Center });
        row += 2;
    }
    let print = district.standard.print;
    let decimals = |n: u32| words.say(&format!("form.decimals.{n}"));
    page.note_at(
        row,
        &words.fill("form.3.note", &[("mean", decimals(print.mean)), ("cv", decimals(print.cv))]),
    );
    let one = |indicator: &Indicator, section| indicator.limit.get(section).copied();
    let every = |section| {
        let mut limits = indicators(district).iter().map(|indicator| one(indicator, section));
        let first = limits.next()??;
        limits.all(|limit| limit == Some(first)).then_some(first)
    };
    let of_composite =
        |section| whole_item(district.standard).and_then(|(_, limit)| limit.get(section).copied());
    for (key, limits) in [
        ("form.3.limits", limits(district, &every)),
        ("form.3.limits_of_whole", limits(district, &of_composite)),
    ] {
        if let Some(limits) = limits {
            page.note(&words.fill(key, &[("limits", limits)]));
        }
    }
    if any_incomplete {
        page.note(&words.say("form.3.incomplete"));
    }
    page
}

/// Whether schools of a section lack the indicator's value, so that mean and CV cover only the others.
fn schools_without(district: &District, section: Section, indicator: &Indicator) -> usize {
    measured(district, section, indicator).filter(|row| row.value().is_none()).count()
}

fn counted(value: f64, decimals: u32, incomplete: bool) -> Cell {
    if incomplete { Cell::Incomplete(value, decimals) } else { Cell::Number(value, decimals) }
}

/// The item that limits the mean of all CVs, the form's 综合.
fn whole_item(standard: &Standard) -> Option<(&Item, &BySection<f64>)> {
    let of_all = |ids: &[String]| standard.indicators.iter().all(|i| ids.contains(&i.id));
    standard.composites().find(|(_, ids, _)| of_all(ids)).map(|(item, _, limit)| (item, limit))
}

/// Its result in a section.
fn whole_of<'a>(district: &'a District, section: Section) -> Option<dispersion::Row<'a>> {
    let (item, _) = whole_item(district.standard)?;
    dispersion_of(district, section, &item.id)
}

fn dispersion_of<'a>(
    district: &'a District,
    section: Section,
    indicator: &str,
) -> Option<dispersion::Row<'a>> {
    district.dispersion.rows().find(|of| of.section() == section && of.indicator() == indicator)
}

/// 小学0.50、初中0.45, if every section has a limit.
fn limits(district: &District, limit: &dyn Fn(Section) -> Option<f64>) -> Option<String> {
    let words = district.words;
    let mut said = Vec::new();
    for section in &district.standard.scope.sections {
        let limit = printed(limit(*section)?, 2);
        said.push(words.fill("form.3.limit", &[("section", words.section(section.id())), ("limit", limit)]));
    }
    (!said.is_empty()).then(|| said.join(&words.say("form.remark.comma")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn founders_are_coded_as_the_form_does() {
        assert_eq!(founder("中央教育部门"), Some((1, false)));
        assert_eq!(founder("县级教育部门"), Some((7, false)));
        assert_eq!(founder("民办"), Some((10, false)));
        assert_eq!(founder("公办"), Some((7, true)));
        assert_eq!(founder("村集体"), None);
        assert_eq!(founder(""), None);
    }
}
