//! County: what a pupil has in 城区, 镇区 and 乡村, in ratios to the threshold. One picture per section.

use std::collections::HashMap;

use super::{
    Drawn, Kind,
    canvas::{Anchor, Canvas, Paint},
    county::County,
    definition::{Chart, Draw, Place},
    frame::{Frame, Subject, whole_percent},
    layout::{Rect, wrap},
    palette::{AXIS, FAINT, GROUPS, INK, LIMIT, PAPER},
    plot::Plot,
};
use crate::{
    number,
    standard::{Indicator, Section},
    tables::district::District,
    words::Words,
};

pub(super) const CHART: Chart =
    Chart::new("location", "chart.location", Place::Schools, Draw::CountySection(pictures));

/// The words of the statistics (城乡类型), as the dictionary has them, with their keys in the word catalogues.
pub(super) const LOCATIONS: [(&str, &str); 3] = [("城区", "urban"), ("镇区", "town"), ("乡村", "rural")];

/// One indicator in one location.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mean {
    /// The sum of amounts over the sum of pupils: the mean weighted by pupils.
    value: f64,
    schools: usize,
    students: f64,
}

/// One indicator in the three locations.
#[derive(Debug, Clone, PartialEq)]
struct IndicatorMeans {
    indicator: String,
    threshold: f64,
    means: [Option<Mean>; 3],
}

/// One section.
#[derive(Debug, Clone, PartialEq)]
struct Locations {
    indicators: Vec<IndicatorMeans>,
    /// Schools in each location, and those whose location is not known.
    schools: [usize; 3],
    unknown: usize,
}

impl IndicatorMeans {
    /// The lowest and the highest location, and the lowest mean as a share of the highest.
    fn range(&self) -> Option<(usize, usize, f64)> {
        let known = || self.means.iter().enumerate().filter_map(|(k, mean)| Some((k, (*mean)?.value)));
        let low = known().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let high = known().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (low.0 != high.0 && high.1 > 0.0).then_some((low.0, high.0, low.1 / high.1))
    }
}

/// `None` where no indicator is known in two locations.
fn locations(district: &District, section: Section) -> Option<Locations> {
    let place = |word: &str| LOCATIONS.iter().position(|(location, _)| *location == word);
    let facts = district.facts.rows().filter(|row| row.section() == Some(section));
    let of_school: HashMap<&str, usize> =
        facts.filter_map(|row| Some((row.school_code()?, place(row.location()?)?))).collect();
    let (mut schools, mut unknown) = ([0; 3], 0);
    for row in district.schools.rows().filter(|row| row.section() == section) {
        match of_school.get(row.school_code()).and_then(|&at| schools.get_mut(at)) {
            Some(count) => *count += 1,
            None => unknown += 1,
        }
    }
    let means = |indicator: &Indicator| {
        let threshold = *indicator.threshold.get(section).filter(|threshold| **threshold > 0.0)?;
        let mut sums = [(0.0, 0.0, 0); 3];
        let rows = district.measures.rows();
        for row in rows.filter(|row| row.section() == section && row.indicator() == indicator.id) {
            let Some((amount, students)) = row.numerator().zip(row.denominator()) else { continue };
            let at = of_school.get(row.school_code());
            if let Some(sum) = at.and_then(|&at| sums.get_mut(at)).filter(|_| students > 0.0) {
                *sum = (sum.0 + amount, sum.1 + students, sum.2 + 1);
            }
        }
        let means = sums.map(|(amount, students, schools)| {
            (schools > 0).then(|| Mean { value: indicator.factor * amount / students, schools, students })
        });
        let known = means.iter().flatten().count();
        (known > 1).then(|| IndicatorMeans { indicator: indicator.id.clone(), threshold, means })
    };
    let indicators: Vec<IndicatorMeans> = district.standard.indicators.iter().filter_map(means).collect();
    (!indicators.is_empty()).then_some(Locations { indicators, schools, unknown })
}

/// A lowest mean at this share of the highest or above counts as alike.
const ALIKE: f64 = 0.95;

/// Ratios are drawn up to here, so that one very high location leaves enough width for the others.
const MAX_RATIO: f64 = 4.0;

const ROW: f64 = 50.0;
const SIZE: f64 = 12.5;
const NAMES: f64 = 178.0;
/// Space for the numbers of one location.
const COLUMN: f64 = 82.0;

/// The usual radius of a [`mark`].
const RADIUS: f64 = 5.5;

/// Draws the mark of a location. Each has its own shape: a circle, a triangle, a square.
pub(super) fn mark(canvas: &Canvas, location: usize, (x, y): (f64, f64), radius: f64) {
    let paint = Paint::fill(GROUPS[location]).edged(PAPER, radius / RADIUS);
    let scaled = |pixels: f64| pixels * radius / RADIUS;
    match location {
        0 => canvas.circle((x, y), radius, &paint),
        1 => {
            let (half, below) = (scaled(6.5), scaled(5.0));
            canvas.polygon(&[(x, y - half), (x + half, y + below), (x - half, y + below)], &paint);
        }
        _ => {
            let half = scaled(5.0);
            canvas.rect(Rect::new(x - half, y - half, 2.0 * half, 2.0 * half), &paint);
        }
    }
}

/// The name of a location at the beginning of a line.
pub(super) fn name(words: &Words, location: usize) -> String {
    words.say(&format!("chart.location.{}", LOCATIONS[location].1))
}

/// The name of a location inside a sentence.
pub(super) fn name_inside(words: &Words, location: usize) -> String {
    words.say(&format!("chart.location.inside.{}", LOCATIONS[location].1))
}

fn pictures(county: &County, section: Section) -> Drawn {
    let Some(found) = locations(county.district, section) else { return Ok(Vec::new()) };
    let words = county.words;
    let ranges = found.indicators.iter().filter_map(|means| Some((means, means.range()?)));
    let Some((widest, (low, high, share))) = ranges.min_by(|a, b| a.1.2.total_cmp(&b.1.2)) else {
        return Ok(Vec::new());
    };
    let args = [
        ("section", county.section_name(section)),
        ("indicator", county.short_title(&widest.indicator)),
        ("low", name_inside(words, low)),
        ("high", name_inside(words, high)),
        ("percent", whole_percent(share)),
    ];
    let key = match share {
        share if share <= 0.0 => "chart.location.none",
        share if share < ALIKE => "chart.location.title",
        _ => "chart.location.alike",
    };
    let frame = Frame::new(county, Kind::Location, words.fill(key, &args), &args)?;
    let (canvas, (left, right)) = (&frame.canvas, frame.sides());
    let shown: Vec<usize> = (0..LOCATIONS.len())
        .filter(|k| found.indicators.iter().any(|indicator| indicator.means[*k].is_some()))
        .collect();
    let columns = right - COLUMN * shown.len() as f64;
    let top = frame.top + 44.0;
    for (place, &location) in shown.iter().enumerate() {
        let x = columns + COLUMN * (place as f64 + 1.0);
        let title = name(words, location);
        canvas.strong(&title, (x, frame.top + 8.0), Anchor::End, SIZE, INK);
        let width = canvas.font.width(&title, SIZE);
        mark(canvas, location, (x - width - 11.0, frame.top + 8.0), RADIUS);
        let count = number::count(found.schools[location]);
        let schools = words.fill("chart.location.schools", &[("count", count)]);
        canvas.text(&schools, (x, frame.top + 25.0), Anchor::End, 11.5, FAINT);
    }
    let ratios = found
        .indicators
        .iter()
        .flat_map(|indicator| indicator.means.iter().flatten().map(|mean| mean.value / indicator.threshold));
    let highest = ratios.fold(1.0, f64::max);
    let height = ROW * found.indicators.len() as f64;
    let rect = Rect::new(left + NAMES + 12.0, top, columns - 6.0 - left - NAMES - 12.0, height);
    let plot = Plot::new(canvas, rect, 0.0..highest.min(MAX_RATIO) * 108.0, 0.0..1.0);
    plot.axis_x(5, &words.say("chart.location.unit"));
    let x = plot.x(100.0);
    canvas.line((x, rect.y - 8.0), (x, rect.bottom()), &Paint::stroke(LIMIT, 1.6));
    canvas.text(&words.say("chart.location.threshold"), (x, rect.y - 17.0), Anchor::Middle, 12.0, INK);
    for (k, means) in found.indicators.iter().enumerate() {
        let y = rect.y + ROW * k as f64;
        row(county, &plot, means, (left, y), &shown, columns);
        if k > 0 {
            canvas.line((left, y), (right, y), &Paint::stroke(AXIS, 0.5).dashed(1.0, 3.0));
        }
    }
    let mut bottom = rect.bottom() + 40.0;
    if highest > MAX_RATIO {
        let text = words.fill("chart.location.beyond", &[("most", whole_percent(MAX_RATIO))]);
        bottom = frame.note(&text, bottom, 1);
    }
    if found.unknown > 0 {
        let text = words.fill("chart.location.unknown", &[("count", number::count(found.unknown))]);
        bottom = frame.note(&text, bottom, 2);
    }
    frame.finish(section.id(), &args, bottom - 8.0)
}

/// Draws one indicator: its name, one mark per location, and their numbers in columns that begin at `columns`.
fn row(
    county: &County,
    plot: &Plot,
    means: &IndicatorMeans,
    (left, top): (f64, f64),
    shown: &[usize],
    columns: f64,
) {
    let (words, canvas) = (county.words, plot.canvas);
    let middle = top + ROW / 2.0;
    let title = county.short_title(&means.indicator);
    let lines = wrap(canvas.font, &title, SIZE, NAMES, 2);
    canvas.lines(&lines, (left + NAMES, middle), 16.0, Anchor::End, SIZE, INK);
    for (place, &location) in shown.iter().enumerate() {
        let Some(mean) = means.means[location] else { continue };
        let ratio = mean.value / means.threshold;
        let args = [
            ("location", name(words, location)),
            ("indicator", title.clone()),
            ("value", county.value_text(Some(mean.value), &means.indicator)),
            ("percent", whole_percent(ratio)),
            ("schools", number::count(mean.schools)),
            ("students", number::fixed(Some(mean.students), 0)),
        ];
        canvas.mark(&words.fill("chart.location.tip", &args), &[("indicator", &means.indicator)], || {
            // Each location has its own height, so that marks never hide each other.
            let y = middle + 13.0 * (location as f64 - 1.0);
            let (start, x) = (plot.x(0.0), plot.x(100.0 * ratio.min(MAX_RATIO)));
            canvas.line((start, y), (x, y), &Paint::stroke(AXIS, 1.0));
            mark(canvas, location, (x, y), RADIUS);
            let right = columns + COLUMN * (place as f64 + 1.0);
            let number = number::fixed(Some(mean.value), county.district.standard.print.mean);
            canvas.text(&number, (right, middle - 8.0), Anchor::End, SIZE, INK);
            canvas.text(&whole_percent(ratio), (right, middle + 8.0), Anchor::End, 11.5, FAINT);
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
    fn means_are_weighted_by_pupils() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = with_locations(&whole, [Some("乡村"), Some("城区"), Some("城区")]);
        let found = locations(&district, Section::Primary).unwrap();
        let [Some(urban), None, Some(rural)] = found.indicators[0].means else { panic!("{found:?}") };
        assert_eq!((urban.value, urban.schools, urban.students), (3.0, 2, 400.0));
        assert_eq!((rural.value, found.schools, found.unknown), (1.0, [2, 0, 1], 0));
        assert_eq!(found.indicators[0].range(), Some((2, 0, 1.0 / 3.0)));
        let drawn = &pictures(&County::new(&district), Section::Primary).unwrap()[0];
        assert_eq!(drawn.title, "乡村小学骨干教师只有城区的 33%");
    }

    #[test]
    fn one_location_alone_is_not_drawn() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = with_locations(&whole, [Some("城区"), None, Some("城区")]);
        assert_eq!(locations(&district, Section::Primary), None);
        assert!(pictures(&County::new(&district), Section::Primary).unwrap().is_empty());
        let district = with_locations(&whole, [Some("城区"), None, Some("镇区")]);
        assert_eq!(locations(&district, Section::Primary).unwrap().unknown, 1);
    }
}
