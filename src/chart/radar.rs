//! The short board of one school: its indicators in ratios to their thresholds.

use super::{
    Kind, Picture,
    canvas::{Anchor, Canvas, Paint},
    frame::Frame,
    layout::{Rect, wrap},
    legend::{Sign, legend},
    palette::{AXIS, FAINT, INK, LIMIT, MESH, MET, PAPER, UNMET},
    values::{Value, Values, sections, short_title, with_unit},
};
use crate::{
    number,
    problem::Result,
    standard::Section,
    tables::{Status, district::District},
};

/// Ratios are drawn up to here: what a school has three times over shall not hide what it lacks.
const MOST: f64 = 2.0;
/// A shape needs three corners.
const FEWEST: usize = 3;

/// A school's section with its indicators that have thresholds, in the standard's order.
#[derive(Debug, Clone)]
struct School {
    code: String,
    name: String,
    spokes: Vec<(String, Value)>,
}

impl School {
    /// The lowest ratio.
    fn short_board(&self) -> Option<(&str, &Value, f64)> {
        let known = self.spokes.iter().filter_map(|(id, value)| Some((id.as_str(), value, value.ratio()?)));
        known.min_by(|a, b| a.2.total_cmp(&b.2))
    }

    fn unmet(&self) -> usize {
        self.spokes.iter().filter(|(_, value)| value.status == Status::Unmet).count()
    }

    /// Whether enough of it is known to be drawn.
    fn is_shape(&self) -> bool {
        self.spokes.iter().filter(|(_, value)| value.ratio().is_some()).count() >= FEWEST
    }
}

fn schools(district: &District, values: &Values, section: Section) -> Vec<School> {
    let mut found: Vec<School> = Vec::new();
    for indicator in &district.standard.indicators {
        let judged = |value: &&Value| value.threshold.is_some_and(|threshold| threshold > 0.0);
        for value in values.get(section, &indicator.id).iter().filter(judged) {
            let spoke = (indicator.id.clone(), value.clone());
            match found.iter_mut().find(|school| school.code == value.school_code) {
                Some(school) => school.spokes.push(spoke),
                None => {
                    let (code, name) = (value.school_code.clone(), value.school_name.clone());
                    found.push(School { code, name, spokes: vec![spoke] });
                }
            }
        }
    }
    found
}

/// The school that has most to do: most indicators unmet, then the shortest board, then by code.
fn worst(schools: Vec<School>) -> Option<School> {
    let lowest = |school: &School| school.short_board().map_or(f64::INFINITY, |(.., ratio)| ratio);
    schools.into_iter().filter(School::is_shape).min_by(|a, b| {
        (b.unmet().cmp(&a.unmet())).then(lowest(a).total_cmp(&lowest(b))).then_with(|| a.code.cmp(&b.code))
    })
}

/// Of each section the school that has most to do.
///
/// # Errors
/// The font cannot be used.
pub fn pictures(district: &District) -> Result<Vec<Picture>> {
    let values = Values::of(district);
    let mut drawn = Vec::new();
    for section in sections(district) {
        if let Some(school) = worst(schools(district, &values, section)) {
            drawn.push(draw(district, &school, section, &format!("radar-{}", section.id()))?);
        }
    }
    Ok(drawn)
}

/// Any school's section; `None` where it is not known here, or where fewer than three of its indicators are.
///
/// # Errors
/// The font cannot be used.
pub fn radar(district: &District, school_code: &str, section: Section) -> Result<Option<Picture>> {
    let all = schools(district, &Values::of(district), section);
    let Some(school) = all.into_iter().find(|s| s.code == school_code && s.is_shape()) else {
        return Ok(None);
    };
    // Letters and digits alone, so that it is a file's name everywhere.
    let code: String = school_code.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    Ok(Some(draw(district, &school, section, &format!("radar-{}-{code}", section.id()))?))
}

/// The ratio in whole percent; with decimals where 100 would hide on which side of the threshold it lies.
pub(super) fn percent(ratio: f64) -> String {
    let text = |decimals| number::fixed(Some(100.0 * ratio), decimals);
    let hundred = |text: &str| {
        text.strip_prefix("100").is_some_and(|rest| rest.chars().all(|c| matches!(c, '.' | '0')))
    };
    let hides = |text: &str| ratio != 1.0 && hundred(text);
    let shown = (0..3).map(text).find(|text| !hides(text)).unwrap_or_else(|| text(3));
    format!("{shown}%")
}

const RADIUS: f64 = 165.0;
const SIZE: f64 = 12.5;

fn draw(district: &District, school: &School, section: Section, name: &str) -> Result<Picture> {
    let words = district.words;
    let board = school.short_board();
    let short = |id: &str| short_title(district, id);
    let args = [
        ("school", school.name.clone()),
        ("section", words.section(section.id())),
        ("indicator", board.map(|(id, ..)| short(id)).unwrap_or_default()),
        ("percent", board.map(|(.., ratio)| percent(ratio)).unwrap_or_default()),
        ("unmet", number::count(school.unmet())),
        ("all", number::count(school.spokes.len())),
    ];
    let unmet = board.is_some_and(|(_, value, _)| value.status == Status::Unmet);
    let key = match board {
        Some((.., ratio)) if unmet && ratio <= 0.0 => "chart.radar.title_none",
        _ if unmet => "chart.radar.title",
        _ => "chart.radar.title_met",
    };
    let title = words.text(key, &args);
    let frame = Frame::new(district, &title, &words.say("chart.radar.what"))?;
    let (canvas, left, right) = (&frame.canvas, frame.left(), frame.right());
    let [met, unmet] = corner_paints();
    let mut signs = vec![
        (Sign::Circle(met, 5.5), words.say("chart.radar.sign_met")),
        (Sign::Circle(unmet, 5.0), words.say("chart.radar.sign_unmet")),
        (Sign::Line(Paint::stroke(LIMIT, 1.6)), words.say("chart.radar.sign_threshold")),
    ];
    let floor = district.standard.school_rule.as_ref().map(|rule| rule.floor).filter(|floor| *floor > 0.0);
    if let Some(floor) = floor {
        let args = [("floor", percent(floor))];
        signs.push((
            Sign::Line(Paint::stroke(LIMIT, 1.0).dashed(4.0, 3.0)),
            words.text("chart.radar.sign_floor", &args),
        ));
    }
    let top = legend(canvas, &signs, (left, right), frame.top) + 58.0;
    let centre = ((left + right) / 2.0, top + RADIUS);
    let count = school.spokes.len() as f64;
    let at = |k: f64, ratio: f64| {
        let (sin, cos) = (std::f64::consts::TAU * k / count).sin_cos();
        let length = RADIUS * (ratio / MOST).clamp(0.0, 1.0);
        (centre.0 + length * sin, centre.1 - length * cos)
    };
    rings(canvas, &at, school.spokes.len(), floor);
    // Where something is not known the line has a gap, and nothing is filled.
    let corners: Vec<Option<(f64, f64)>> =
        school.spokes.iter().enumerate().map(|(k, (_, value))| Some(at(k as f64, value.ratio()?))).collect();
    match corners.iter().copied().collect::<Option<Vec<_>>>() {
        Some(shape) => canvas.polygon(&shape, &Paint::fill(MET).opaque(0.16).edged(MET, 2.0)),
        None => {
            let next = corners.iter().cycle().skip(1);
            for (from, to) in corners.iter().zip(next).filter_map(|(a, b)| Some(((*a)?, (*b)?))) {
                canvas.line(from, to, &Paint::stroke(MET, 2.0));
            }
        }
    }
    ring_numbers(canvas, &at);
    for (k, (id, value)) in school.spokes.iter().enumerate() {
        let corner = corners.get(k).copied().flatten();
        let is_short = board.is_some_and(|(short, ..)| short == id);
        spoke(
            district,
            canvas,
            (school, section),
            (id, value),
            (at(k as f64, MOST), centre),
            corner,
            is_short,
        );
    }
    let mut bottom = centre.1 + RADIUS + 52.0;
    if school.spokes.iter().any(|(_, value)| value.ratio().is_some_and(|ratio| ratio > MOST)) {
        let text = words.text("chart.radar.beyond", &[("most", percent(MOST))]);
        canvas.text(&text, (left, bottom + 8.0), Anchor::Start, 11.5, FAINT);
        bottom += 20.0;
    }
    let description = words.text("chart.radar.described", &args);
    Ok(frame.finish(name, Kind::Radar, &description, bottom))
}

/// Of what is met: full; of what is not: a ring.
fn corner_paints() -> [Paint; 2] {
    [Paint::fill(MET).edged(PAPER, 1.0), Paint::fill(PAPER).edged(UNMET, 2.5)]
}

type At<'a> = &'a dyn Fn(f64, f64) -> (f64, f64);

fn rings(canvas: &Canvas, at: At, count: usize, floor: Option<f64>) {
    let ring = |ratio: f64, paint: &Paint| {
        let points: Vec<_> = (0..count).map(|k| at(k as f64, ratio)).collect();
        canvas.polygon(&points, paint);
    };
    for ratio in [0.5, 1.5, MOST] {
        ring(ratio, &Paint::stroke(MESH, 1.0));
    }
    for k in 0..count {
        canvas.line(at(0.0, 0.0), at(k as f64, MOST), &Paint::stroke(MESH, 1.0));
    }
    if let Some(floor) = floor {
        ring(floor, &Paint::stroke(LIMIT, 1.0).dashed(4.0, 3.0));
    }
    ring(1.0, &Paint::stroke(LIMIT, 1.6));
}

/// Between the first two spokes, where no corner lies.
fn ring_numbers(canvas: &Canvas, at: At) {
    for ratio in [0.5, 1.0, 1.5, MOST] {
        let (x, y) = at(0.5, ratio);
        let text = percent(ratio);
        let width = canvas.font.width(&text, 10.5);
        let ground = Rect::new(x - width / 2.0 - 2.0, y - 6.5, width + 4.0, 13.0);
        canvas.rect(ground, &Paint::fill(PAPER).opaque(0.85));
        canvas.text(&text, (x, y), Anchor::Middle, 10.5, FAINT);
    }
}

/// Corner and words of one indicator; `end` is the spoke's outer end.
fn spoke(
    district: &District,
    canvas: &Canvas,
    (school, section): (&School, Section),
    (id, value): (&str, &Value),
    (end, centre): ((f64, f64), (f64, f64)),
    corner: Option<(f64, f64)>,
    is_short: bool,
) {
    let words = district.words;
    let unit = district.standard.indicator(id).map_or("", |indicator| indicator.unit.as_str());
    let title = short_title(district, id);
    let args = [
        ("indicator", title.clone()),
        ("percent", value.ratio().map(percent).unwrap_or_default()),
        ("value", with_unit(district, value.value, unit)),
        ("threshold", with_unit(district, value.threshold, unit)),
    ];
    let text =
        words.text(if value.ratio().is_some() { "chart.radar.value" } else { "chart.radar.unknown" }, &args);
    let data = [("school", school.code.as_str()), ("section", section.id()), ("indicator", id)];
    let tip = if value.ratio().is_some() { "chart.radar.tip" } else { "chart.radar.tip_unknown" };
    canvas.mark(&words.text(tip, &args), &data, || {
        if let Some(corner) = corner {
            let [met, unmet] = corner_paints();
            match value.status {
                Status::Unmet => canvas.circle(corner, 5.0, &unmet),
                _ => canvas.circle(corner, 5.5, &met),
            }
        }
        let (dx, dy) = ((end.0 - centre.0) / RADIUS, (end.1 - centre.1) / RADIUS);
        let anchor = match dx {
            dx if dx > 0.2 => Anchor::Start,
            dx if dx < -0.2 => Anchor::End,
            _ => Anchor::Middle,
        };
        let room = if anchor == Anchor::Middle { 320.0 } else { 190.0 };
        let mut lines = wrap(canvas.font, &title, SIZE, room, 2);
        lines.push(text);
        let height = 17.0 * lines.len() as f64;
        let (x, y) = (end.0 + 10.0 * dx, end.1 + 10.0 * dy);
        // The block grows away from the shape.
        let mut y = y - height / 2.0 + dy * height / 2.0 + 8.5;
        let colour = if is_short && value.status == Status::Unmet { UNMET } else { INK };
        for line in lines {
            match is_short {
                true => canvas.strong(&line, (x, y), anchor, SIZE, colour),
                false => canvas.text(&line, (x, y), anchor, SIZE, colour),
            };
            y += 17.0;
        }
    });
    if corner.is_none() {
        canvas.line(centre, end, &Paint::stroke(AXIS, 1.2).dashed(2.0, 4.0));
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{chart::tests::collisions, report::sample::Whole, tables::Row, words::Language};

    #[test]
    fn percents_stay_on_their_side_of_the_threshold() {
        assert_eq!(
            (percent(0.412), percent(1.0), percent(3.0)),
            ("41%".into(), "100%".into(), "300%".into())
        );
        assert_eq!(
            (percent(0.9999), percent(1.004), percent(0.996)),
            ("99.99%".into(), "100.4%".into(), "99.6%".into())
        );
    }

    #[test]
    fn the_short_board_is_named_and_any_school_can_be_asked_for() {
        let whole = Whole::synthetic(9, "quality-balance-2017", Language::Chinese);
        let district = whole.district();
        let mut asked = 0;
        for row in Row::all(&district.schools) {
            let section = Section::from_id(row.said("section")).unwrap();
            let picture = radar(&district, row.said("school_code"), section).unwrap().unwrap();
            assert_eq!(collisions(&picture), Vec::<String>::new());
            let lowest = Row::all(&district.measures)
                .filter(|m| {
                    m.said("school_code") == row.said("school_code") && m.said("section") == section.id()
                })
                .min_by(|a, b| {
                    let ratio = |m: &Row| m.number("value").unwrap() / m.number("threshold").unwrap();
                    ratio(a).total_cmp(&ratio(b))
                });
            let short = short_title(&district, lowest.unwrap().said("indicator"));
            assert!(picture.title.contains(&short) && picture.title.contains(row.said("school_name")));
            asked += 1;
        }
        assert!(asked >= 9);
        assert!(radar(&district, "nobody", Section::Primary).unwrap().is_none());
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
        let picture = &pictures(&district).unwrap()[0];
        assert_eq!(picture.live().matches(">缺数据</text>").count(), 4);
        // No side of the shape where a corner lacks; the shape is not filled.
        assert!(!picture.live().contains("fill-opacity=\"0.16\""));
        district.measures.with_column(two).unwrap();
        assert!(pictures(&district).unwrap().is_empty());
    }
}
