//! 城区, 镇区, 乡村 side by side: what a pupil has in each, in ratios to the threshold.

use std::collections::HashMap;

use super::{
    Kind, Picture,
    canvas::{Anchor, Canvas, Paint},
    frame::Frame,
    layout::{Rect, wrap},
    palette::{AXIS, FAINT, GROUPS, INK, LIMIT, PAPER},
    plot::Plot,
    values::{heading, sections, short_title, with_unit},
};
use crate::{
    number,
    problem::Result,
    standard::Section,
    tables::{Row, district::District},
};

/// Words of the statistics (城乡类型), as the dictionary has them, with their keys in the catalogues.
pub(super) const LOCATIONS: [(&str, &str); 3] = [("城区", "urban"), ("镇区", "town"), ("乡村", "rural")];

/// One indicator in one location.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mean {
    /// Total over total: the mean weighted by pupils.
    value: f64,
    schools: usize,
    students: f64,
}

/// One indicator in the three locations.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    indicator: String,
    threshold: f64,
    means: [Option<Mean>; 3],
}

/// One section.
#[derive(Debug, Clone, PartialEq)]
struct Locations {
    lines: Vec<Line>,
    /// Schools in each location, and those of which it is not known.
    schools: [usize; 3],
    unknown: usize,
}

impl Line {
    /// Lowest and highest location, with the lower as a share of the higher.
    fn widest(&self) -> Option<(usize, usize, f64)> {
        let known = || self.means.iter().enumerate().filter_map(|(k, mean)| Some((k, (*mean)?.value)));
        let low = known().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let high = known().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (low.0 != high.0 && high.1 > 0.0).then_some((low.0, high.0, low.1 / high.1))
    }
}

/// `None` where fewer than two locations are known.
fn locations(district: &District, section: Section) -> Option<Locations> {
    let mine = |row: &Row| row.text("section") == Some(section.id());
    let place = |word: &str| LOCATIONS.iter().position(|(location, _)| *location == word);
    let of_school: HashMap<&str, usize> = Row::all(&district.facts)
        .filter(mine)
        .filter_map(|row| Some((row.text("school_code")?, place(row.text("location")?)?)))
        .collect();
    let (mut schools, mut unknown) = ([0; 3], 0);
    for row in Row::all(&district.schools).filter(mine) {
        match of_school.get(row.said("school_code")).and_then(|&at| schools.get_mut(at)) {
            Some(count) => *count += 1,
            None => unknown += 1,
        }
    }
    let line = |indicator: &crate::standard::Indicator| {
        let threshold = *indicator.threshold.get(section).filter(|threshold| **threshold > 0.0)?;
        let mut sums = [(0.0, 0.0, 0); 3];
        for row in Row::all(&district.measures).filter(mine).filter(|r| r.said("indicator") == indicator.id) {
            let (Some(amount), Some(students)) = (row.number("numerator"), row.number("denominator")) else {
                continue;
            };
            let at = of_school.get(row.said("school_code"));
            if let Some(sum) = at.and_then(|&at| sums.get_mut(at)).filter(|_| students > 0.0) {
                *sum = (sum.0 + amount, sum.1 + students, sum.2 + 1);
            }
        }
        let means = sums.map(|(amount, students, schools)| {
            (schools > 0).then(|| Mean { value: indicator.factor * amount / students, schools, students })
        });
        let known = means.iter().flatten().count();
        (known > 1).then(|| Line { indicator: indicator.id.clone(), threshold, means })
    };
    let lines: Vec<Line> = district.standard.indicators.iter().filter_map(line).collect();
    (!lines.is_empty()).then_some(Locations { lines, schools, unknown })
}

/// What is nearer than this is called alike.
const ALIKE: f64 = 0.95;

/// Ratios are drawn up to here, so that one location that has plenty does not press the others together.
const MOST: f64 = 4.0;

const ROW: f64 = 50.0;
const SIZE: f64 = 12.5;
const NAMES: f64 = 178.0;
/// Room for the numbers of one location.
const COLUMN: f64 = 82.0;

/// What [`sign`] is as a rule.
const RADIUS: f64 = 5.5;

/// Each location its own shape: a circle, a triangle, a square.
pub(super) fn sign(canvas: &Canvas, location: usize, (x, y): (f64, f64), radius: f64) {
    let paint = |group: usize| Paint::fill(GROUPS[group]).edged(PAPER, radius / RADIUS);
    let of = |pixels: f64| pixels * radius / RADIUS;
    match location {
        0 => canvas.circle((x, y), radius, &paint(0)),
        1 => canvas
            .polygon(&[(x, y - of(6.5)), (x + of(6.5), y + of(5.0)), (x - of(6.5), y + of(5.0))], &paint(1)),
        _ => canvas.rect(Rect::new(x - of(5.0), y - of(5.0), of(10.0), of(10.0)), &paint(2)),
    }
}

fn name(district: &District, location: usize) -> String {
    let key = LOCATIONS.get(location).map_or("", |(_, key)| *key);
    district.words.say(&format!("chart.location.{key}"))
}

/// The same inside a sentence.
fn inside(district: &District, location: usize) -> String {
    let key = LOCATIONS.get(location).map_or("", |(_, key)| *key);
    district.words.say(&format!("chart.location.inside.{key}"))
}

fn percent(ratio: f64) -> String {
    format!("{}%", number::fixed(Some(100.0 * ratio), 0))
}

/// One a section of which two locations are known.
///
/// # Errors
/// The font cannot be used.
pub fn pictures(district: &District) -> Result<Vec<Picture>> {
    let all = sections(district).into_iter().map(|section| picture(district, section));
    Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn picture(district: &District, section: Section) -> Result<Option<Picture>> {
    let Some(found) = locations(district, section) else { return Ok(None) };
    let words = district.words;
    let widest = found.lines.iter().filter_map(|line| Some((line, line.widest()?)));
    let Some((line, (low, high, share))) = widest.min_by(|a, b| a.1.2.total_cmp(&b.1.2)) else {
        return Ok(None);
    };
    let args = [
        ("section", heading(district, section)),
        ("indicator", short_title(district, &line.indicator)),
        ("low", inside(district, low)),
        ("high", inside(district, high)),
        ("percent", percent(share)),
    ];
    let key = match share {
        share if share <= 0.0 => "chart.location.none",
        share if share < ALIKE => "chart.location.title",
        _ => "chart.location.alike",
    };
    let title = words.text(key, &args);
    let frame = Frame::new(district, &title, &words.text("chart.location.what", &args))?;
    let (canvas, left, right) = (&frame.canvas, frame.left(), frame.right());
    let shown: Vec<usize> = (0..3)
        .filter(|&k| found.lines.iter().any(|line| line.means.get(k).is_some_and(Option::is_some)))
        .collect();
    let columns = right - COLUMN * shown.len() as f64;
    let top = frame.top + 44.0;
    for (place, &location) in shown.iter().enumerate() {
        let x = columns + COLUMN * (place as f64 + 1.0);
        let title = name(district, location);
        canvas.strong(&title, (x, frame.top + 8.0), Anchor::End, SIZE, INK);
        let width = canvas.font.width(&title, SIZE);
        sign(canvas, location, (x - width - 11.0, frame.top + 8.0), RADIUS);
        let schools = found.schools.get(location).copied().unwrap_or(0);
        let schools = words.text("chart.location.schools", &[("count", number::count(schools))]);
        canvas.text(&schools, (x, frame.top + 25.0), Anchor::End, 11.5, FAINT);
    }
    let all =
        || found.lines.iter().flat_map(|line| line.means.iter().flatten().map(|m| m.value / line.threshold));
    let most = all().fold(1.0, f64::max);
    let height = ROW * found.lines.len() as f64;
    let rect = Rect::new(left + NAMES + 12.0, top, columns - 6.0 - left - NAMES - 12.0, height);
    let plot = Plot::new(canvas, rect, 0.0..most.min(MOST) * 108.0, 0.0..1.0);
    plot.axis_x(5, &words.say("chart.location.unit"));
    let x = plot.x(100.0);
    canvas.line((x, rect.y - 8.0), (x, rect.bottom()), &Paint::stroke(LIMIT, 1.6));
    canvas.text(&words.say("chart.location.threshold"), (x, rect.y - 17.0), Anchor::Middle, 12.0, INK);
    for (k, line) in found.lines.iter().enumerate() {
        let y = rect.y + ROW * k as f64;
        row(district, (canvas, &plot), line, (left, y), (&shown, columns));
        if k > 0 {
            canvas.line((left, y), (right, y), &Paint::stroke(AXIS, 0.5).dashed(1.0, 3.0));
        }
    }
    let mut bottom = rect.bottom() + 40.0;
    if most > MOST {
        let text = words.text("chart.location.beyond", &[("most", percent(MOST))]);
        canvas.text(&text, (left, bottom), Anchor::Start, 11.5, FAINT);
        bottom += 16.0;
    }
    if found.unknown > 0 {
        let text = words.text("chart.location.unknown", &[("count", number::count(found.unknown))]);
        for line in wrap(canvas.font, &text, 11.5, right - left, 2) {
            canvas.text(&line, (left, bottom), Anchor::Start, 11.5, FAINT);
            bottom += 16.0;
        }
    }
    let description = words.text("chart.location.described", &args);
    let name = format!("location-{}", section.id());
    Ok(Some(frame.finish(&name, Kind::Location, &description, bottom - 8.0)))
}

/// One indicator: its name, a mark a location, and the numbers.
fn row(
    district: &District,
    (canvas, plot): (&Canvas, &Plot),
    line: &Line,
    (left, top): (f64, f64),
    (shown, columns): (&[usize], f64),
) {
    let words = district.words;
    let middle = top + ROW / 2.0;
    let title = short_title(district, &line.indicator);
    let lines = wrap(canvas.font, &title, SIZE, NAMES, 2);
    let mut y = middle - 8.0 * (lines.len() as f64 - 1.0);
    for text in lines {
        canvas.text(&text, (left + NAMES, y), Anchor::End, SIZE, INK);
        y += 16.0;
    }
    let unit = district.standard.indicator(&line.indicator).map_or("", |i| i.unit.as_str());
    for (place, &location) in shown.iter().enumerate() {
        let Some(mean) = line.means.get(location).copied().flatten() else { continue };
        let ratio = mean.value / line.threshold;
        let args = [
            ("location", name(district, location)),
            ("indicator", title.clone()),
            ("value", with_unit(district, Some(mean.value), unit)),
            ("percent", percent(ratio)),
            ("schools", number::count(mean.schools)),
            ("students", number::fixed(Some(mean.students), 0)),
        ];
        canvas.mark(&words.text("chart.location.tip", &args), &[("indicator", &line.indicator)], || {
            // Each location has its own height, so that marks never hide one another.
            let y = middle + 13.0 * (location as f64 - 1.0);
            let (start, x) = (plot.x(0.0), plot.x(100.0 * ratio.min(MOST)));
            canvas.line((start, y), (x, y), &Paint::stroke(AXIS, 1.0));
            sign(canvas, location, (x, y), RADIUS);
            let right = columns + COLUMN * (place as f64 + 1.0);
            let number = number::fixed(Some(mean.value), district.standard.print.mean);
            canvas.text(&number, (right, middle - 8.0), Anchor::End, SIZE, INK);
            canvas.text(&percent(ratio), (right, middle + 8.0), Anchor::End, 11.5, FAINT);
        });
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{report::sample::Whole, words::Language};

    /// Three schools of 100, 100 and 300 pupils with 1, 3 and 9 backbone teachers.
    fn with_locations<'a>(whole: &'a Whole, locations: [Option<&str>; 3]) -> District<'a> {
        let mut district = whole.district();
        district.facts = crate::tables::facts::Frame::partial(
            df!("school_code" => ["a", "b", "c"], "section" => ["primary"; 3], "location" => locations),
        );
        district.schools = crate::tables::schools::Frame::partial(
            df!("school_code" => ["a", "b", "c"], "section" => ["primary"; 3]),
        );
        district.measures = crate::tables::measures::Frame::partial(df!(
            "school_code" => ["a", "b", "c"], "section" => ["primary"; 3], "indicator" => ["L2"; 3],
            "numerator" => [Some(1.0), Some(3.0), Some(9.0)], "denominator" => [100.0, 100.0, 300.0],
        ));
        district
    }

    #[test]
    fn means_are_total_over_total() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = with_locations(&whole, [Some("乡村"), Some("城区"), Some("城区")]);
        let found = locations(&district, Section::Primary).unwrap();
        let [Some(urban), None, Some(rural)] = found.lines[0].means else { panic!("{found:?}") };
        assert_eq!((urban.value, urban.schools, urban.students), (3.0, 2, 400.0));
        assert_eq!((rural.value, found.schools, found.unknown), (1.0, [2, 0, 1], 0));
        assert_eq!(found.lines[0].widest(), Some((2, 0, 1.0 / 3.0)));
        let drawn = picture(&district, Section::Primary).unwrap().unwrap();
        assert_eq!(drawn.title, "乡村小学骨干教师只有城区的 33%");
    }

    #[test]
    fn one_location_has_nothing_beside_it() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = with_locations(&whole, [Some("城区"), None, Some("城区")]);
        assert_eq!(locations(&district, Section::Primary), None);
        assert!(picture(&district, Section::Primary).unwrap().is_none());
        let district = with_locations(&whole, [Some("城区"), None, Some("镇区")]);
        assert_eq!(locations(&district, Section::Primary).unwrap().unknown, 1);
    }
}
