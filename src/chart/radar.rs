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
use crate::{number, standard::Section, tables::Status};

pub(super) const CHART: Chart =
    Chart::new("radar", "chart.radar", Place::Schools, Draw::CountySection(pictures));

/// A school's section with its indicators that have thresholds, in the standard's order.
struct School<'a> {
    name: &'a str,
    code: &'a str,
    values: Vec<(&'a str, &'a Value)>,
}

impl School<'_> {
    /// The indicator with the lowest ratio (短板).
    fn lowest(&self) -> Option<(&str, &Value, f64)> {
        let known = self.values.iter().filter_map(|(id, value)| Some((*id, *value, value.ratio()?)));
        known.min_by(|a, b| a.2.total_cmp(&b.2))
    }

    fn unmet(&self) -> usize {
        self.values.iter().filter(|(_, value)| value.status == Status::Unmet).count()
    }

    /// Whether enough of it is known to be drawn.
    fn is_shape(&self) -> bool {
        self.values.iter().filter(|(_, value)| value.ratio().is_some()).count() >= MIN_CORNERS
    }
}

fn schools<'a>(county: &'a County, section: Section) -> Vec<School<'a>> {
    let mut found: Vec<School> = Vec::new();
    for indicator in &county.district.standard.indicators {
        let judged = |value: &&Value| value.threshold.is_some_and(|threshold| threshold > 0.0);
        for value in county.values(section, &indicator.id).iter().filter(judged) {
            let new = || School { name: &value.school_name, code: &value.school_code, values: Vec::new() };
            let school = find_or_push(&mut found, |school| school.code == value.school_code, new);
            school.values.push((&indicator.id, value));
        }
    }
    found
}

/// The school with the most indicators unmet; among equals the one with the lowest ratio, then by code.
fn weakest(schools: Vec<School>) -> Option<School> {
    let lowest = |school: &School| school.lowest().map_or(f64::INFINITY, |(.., ratio)| ratio);
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
        ("indicator", lowest.map(|(id, ..)| county.short_title(id)).unwrap_or_default()),
        ("percent", lowest.map(|(.., ratio)| percent(ratio)).unwrap_or_default()),
        ("unmet", number::count(school.unmet())),
        ("all", number::count(school.values.len())),
    ];
    let is_unmet = lowest.is_some_and(|(_, value, _)| value.status == Status::Unmet);
    let key = match lowest {
        Some((.., ratio)) if is_unmet && ratio <= 0.0 => "chart.radar.title_none",
        _ if is_unmet => "chart.radar.title",
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
    let spokes: Vec<Spoke> = school
        .values
        .iter()
        .map(|(id, value)| {
            spoke(county, (&school, section), (id, value), lowest.is_some_and(|own| own.0 == *id))
        })
        .collect();
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

fn spoke(
    county: &County,
    (school, section): (&School, Section),
    (id, value): (&str, &Value),
    is_lowest: bool,
) -> Spoke {
    let words = county.words;
    let (ratio, name) = (value.ratio(), county.short_title(id));
    let args = [
        ("indicator", name.clone()),
        ("percent", ratio.map(percent).unwrap_or_default()),
        ("value", county.value_text(value.value, id)),
        ("threshold", county.value_text(value.threshold, id)),
    ];
    let (text, tip) = match ratio {
        Some(_) => ("chart.radar.value", "chart.radar.tip"),
        None => ("chart.radar.unknown", "chart.radar.tip_unknown"),
    };
    Spoke {
        name,
        value: words.fill(text, &args),
        ratio,
        is_short: value.status == Status::Unmet,
        name_is_strong: is_lowest,
        value_is_strong: is_lowest,
        colour: if value.status == Status::Unmet { UNMET } else { INK },
        tip: words.fill(tip, &args),
        data: vec![
            ("school", school.code.to_string()),
            ("section", section.id().to_string()),
            ("indicator", id.to_string()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{report::sample::Whole, tables::Row, words::Language};

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
            let lowest = Row::all(&district.measures)
                .filter(|m| m.said("school_code") == school.code && m.said("section") == section.id())
                .min_by(|a, b| {
                    let ratio = |m: &Row| m.number("value").unwrap() / m.number("threshold").unwrap();
                    ratio(a).total_cmp(&ratio(b))
                });
            let title = &pictures(&county, section).unwrap()[0].title;
            let lowest = county.short_title(lowest.unwrap().said("indicator"));
            assert!(title.contains(&lowest) && title.contains(school.name), "{title}");
        }
    }

    #[test]
    fn what_is_missing_is_no_corner() {
        let whole = Whole::synthetic(3, "quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        let known = |ids: &[&str]| {
            let indicators = district.measures.column("indicator").unwrap().str().unwrap();
            let values = district.measures.column("value").unwrap().f64().unwrap();
            let kept: Vec<Option<f64>> = indicators
                .iter()
                .zip(values.iter())
                .map(|(id, value)| value.filter(|_| ids.contains(&id.unwrap())))
                .collect();
            Column::new("value".into(), kept)
        };
        let (three, two) = (known(&["L1", "L3", "L4"]), known(&["L1", "L3"]));
        district.measures.with_column(three).unwrap();
        let picture = &pictures(&County::new(&district), Section::Primary).unwrap()[0];
        assert_eq!(picture.live().matches(">缺数据</text>").count(), 4);
        // A shape with a corner missing is not filled.
        assert!(!picture.live().contains("fill-opacity=\"0.16\""));
        district.measures.with_column(two).unwrap();
        assert!(pictures(&County::new(&district), Section::Primary).unwrap().is_empty());
    }
}
