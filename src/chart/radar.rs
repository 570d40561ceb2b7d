//! County: the indicators of the weakest school of each section, in ratios to their thresholds.

use super::{
    Drawn, Kind,
    canvas::Anchor,
    county::{County, Value},
    definition::{Chart, Draw, Place},
    frame::{Frame, Subject, find_or_push},
    legend::{Symbol, legend},
    palette::{INK, UNMET},
    spokes::{MAX_RATIO, MIN_CORNERS, Spoke, Style, floor_line, percent},
};
use crate::{number, standard::Section};

pub(super) const CHART: Chart =
    Chart::new("radar", "chart.radar", Place::Schools, Draw::CountySection(pictures));

/// A school's section with its indicators that have thresholds, in the standard's order.
struct School<'a> {
    name: &'a str,
    code: &'a str,
    values: Vec<Value<'a>>,
}

impl School<'_> {
    /// The indicator with the lowest ratio (短板).
    fn lowest(&self) -> Option<(Value<'_>, f64)> {
        let known = self.values.iter().filter_map(|value| Some((*value, value.ratio()?)));
        known.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn unmet(&self) -> usize {
        self.values.iter().filter(|value| value.is_unmet()).count()
    }

    /// Whether enough of its values are known to draw it.
    fn is_shape(&self) -> bool {
        self.values.iter().filter(|value| value.ratio().is_some()).count() >= MIN_CORNERS
    }
}

fn schools<'a>(county: &'a County, section: Section) -> Vec<School<'a>> {
    let mut found: Vec<School> = Vec::new();
    for indicator in &county.district.standard.indicators {
        let is_judged = |value: &&Value| value.row.threshold().is_some_and(|threshold| threshold > 0.0);
        for value in county.values(section, &indicator.id).iter().filter(is_judged) {
            let code = value.row.school_code();
            let new = || School { name: value.school(), code, values: Vec::new() };
            find_or_push(&mut found, |school| school.code == code, new).values.push(*value);
        }
    }
    found
}

/// The school with the most unmet indicators; among equals the one with the lowest ratio, then the first by code.
fn weakest(schools: Vec<School>) -> Option<School> {
    let lowest = |school: &School| school.lowest().map_or(f64::INFINITY, |(_, ratio)| ratio);
    schools.into_iter().filter(School::is_shape).min_by(|a, b| {
        (b.unmet().cmp(&a.unmet())).then(lowest(a).total_cmp(&lowest(b))).then_with(|| a.code.cmp(b.code))
    })
}

const STYLE: Style = Style {
    radius: 165.0,
    font: 12.5,
    line: 17.0,
    label_gap: 10.0,
    label_lines: 2,
    good_corner: 5.5,
    short_corner: 5.0,
    short_edge: 2.5,
    numbers: &[0.5, 1.0, 1.5, MAX_RATIO],
    number_font: 10.5,
    number_height: 13.0,
};

fn pictures(county: &County, section: Section) -> Drawn {
    let Some(school) = weakest(schools(county, section)) else { return Ok(Vec::new()) };
    let words = county.words;
    let lowest = school.lowest();
    let args = [
        ("school", school.name.to_string()),
        ("section", words.section(section.id())),
        ("indicator", lowest.map(|(value, _)| county.short_title(value.row.indicator())).unwrap_or_default()),
        ("percent", lowest.map(|(_, ratio)| percent(ratio)).unwrap_or_default()),
        ("unmet", number::count(school.unmet())),
        ("all", number::count(school.values.len())),
    ];
    let key = match lowest {
        Some((value, ratio)) if value.is_unmet() && ratio <= 0.0 => "chart.radar.title_none",
        Some((value, _)) if value.is_unmet() => "chart.radar.title",
        _ => "chart.radar.title_met",
    };
    let frame = Frame::new(county, Kind::Radar, words.fill(key, &args), &[])?;
    let (canvas, (left, right)) = (&frame.canvas, frame.sides());
    let texts = ["chart.radar.sign_met", "chart.radar.sign_unmet", "chart.radar.sign_threshold"];
    let mut symbols: Vec<(Symbol, String)> =
        STYLE.symbols().into_iter().zip(texts.map(|key| words.say(key))).collect();
    let floor = county.district.standard.school_rule.as_ref().map(|rule| rule.floor);
    let floor = floor.filter(|floor| *floor > 0.0);
    if let Some(floor) = floor {
        let text = words.fill("chart.radar.sign_floor", &[("floor", percent(floor))]);
        symbols.push((Symbol::Line(floor_line()), text));
    }
    let top = legend(canvas, &symbols, (left, right), frame.top) + 58.0;
    let is_lowest =
        |value: Value| lowest.is_some_and(|(lowest, _)| lowest.row.indicator() == value.row.indicator());
    let spokes: Vec<Spoke> =
        school.values.iter().map(|value| spoke(county, *value, is_lowest(*value))).collect();
    let centre = ((left + right) / 2.0, top + STYLE.radius);
    STYLE.draw(
        canvas,
        centre,
        &spokes,
        floor,
        |anchor, _| if anchor == Anchor::Middle { 320.0 } else { 190.0 },
    );
    let mut bottom = centre.1 + STYLE.radius + 52.0;
    if spokes.iter().any(|spoke| spoke.ratio.is_some_and(|ratio| ratio > MAX_RATIO)) {
        let text = words.fill("chart.radar.beyond", &[("most", percent(MAX_RATIO))]);
        frame.note(&text, bottom + 8.0, 1);
        bottom += 20.0;
    }
    frame.finish(section.id(), &args, bottom)
}

fn spoke(county: &County, value: Value, is_lowest: bool) -> Spoke {
    let (words, row) = (county.words, value.row);
    let (id, ratio) = (row.indicator(), value.ratio());
    let name = county.short_title(id);
    let args = [
        ("indicator", name.clone()),
        ("percent", ratio.map(percent).unwrap_or_default()),
        ("value", county.value_text(row.value(), id)),
        ("threshold", county.value_text(row.threshold(), id)),
    ];
    let (text, tip) = match ratio {
        Some(_) => ("chart.radar.value", "chart.radar.tip"),
        None => ("chart.radar.unknown", "chart.radar.tip_unknown"),
    };
    Spoke {
        name,
        value: words.fill(text, &args),
        ratio,
        is_short: value.is_unmet(),
        name_is_strong: is_lowest,
        value_is_strong: is_lowest,
        colour: if value.is_unmet() { UNMET } else { INK },
        tip: words.fill(tip, &args),
        data: vec![
            ("school", row.school_code().to_string()),
            ("section", row.section().id().to_string()),
            ("indicator", id.to_string()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::sample::Whole, tables::measures, words::Language};

    #[test]
    fn the_weakest_school_and_its_lowest_indicator_are_named() {
        let whole = Whole::synthetic(9, "quality-balance-2017", Language::Chinese);
        let district = whole.district();
        let county = County::new(&district);
        for &section in &county.sections {
            let schools = schools(&county, section);
            let most_unmet = schools.iter().map(School::unmet).max();
            let school = weakest(schools).unwrap();
            assert_eq!(Some(school.unmet()), most_unmet);
            let rows = district.measures.rows();
            let rows = rows.filter(|row| row.school_code() == school.code && row.section() == section);
            let ratio = |row: &measures::Row| row.value().unwrap() / row.threshold().unwrap();
            let lowest = rows.min_by(|a, b| ratio(a).total_cmp(&ratio(b))).unwrap();
            let title = &pictures(&county, section).unwrap()[0].title;
            let lowest = county.short_title(lowest.indicator());
            assert!(title.contains(&lowest) && title.contains(school.name), "{title}");
        }
    }

    #[test]
    fn what_is_missing_is_no_corner() {
        let whole = Whole::synthetic(3, "quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        // Only the values of these indicators are known.
        let known = |ids: &[&str]| -> measures::Frame {
            let value = |row: measures::Row| row.value().filter(|_| ids.contains(&row.indicator()));
            whole
                .assessment
                .measures
                .rows()
                .map(|row| measures::Values { value: value(row), ..row.to_values() })
                .collect()
        };
        district.measures = known(&["L1", "L3", "L4"]);
        let picture = &pictures(&County::new(&district), Section::Primary).unwrap()[0];
        assert_eq!(picture.live().matches(">缺数据</text>").count(), 4);
        // A shape with a corner missing is not filled.
        assert!(!picture.live().contains("fill-opacity=\"0.16\""));
        district.measures = known(&["L1", "L3"]);
        assert!(pictures(&County::new(&district), Section::Primary).unwrap().is_empty());
    }
}
