//! County: schools × indicators in ratios to the threshold, the weakest school first (表Ⅱ-2; 教督〔2017〕6号: every school
//! meets at least 6 of 7 indicators, and 85 % of the rest). One picture per section.

use std::collections::HashMap;

use plotters::style::RGBColor;

use super::{
    Drawn, Kind,
    canvas::{Anchor, Canvas, Paint},
    county::{County, Value},
    definition::{Chart, Draw, Place},
    frame::{Frame, MARGIN, Subject, name_or_code},
    layout::{Rect, balanced, fit},
    legend::unknown,
    palette::{self, AXIS, FAINT, INK, PAPER},
};
use crate::{number, standard::Section, tables::Status};

pub(super) const CHART: Chart =
    Chart::new("heat-map", "chart.heat", Place::Schools, Draw::CountySection(pictures)).in_files("heat");

const SIZE: f64 = 12.0;
const HEADER: f64 = 12.0;
const ROW: f64 = 20.0;
/// The maximum width of a column, and of the column of names.
const COLUMN: f64 = 130.0;
const NAMES: f64 = 230.0;
/// Space left of the names, for a mark that shows whether the school is up to standard.
const MARK: f64 = 18.0;
/// The ends of the scale.
const SCALE: (f64, f64) = (0.4, 1.6);
/// Schools named in the description.
const NAMED: usize = 5;

/// The row of a school, with one value per column.
struct School<'a> {
    code: &'a str,
    name: &'a str,
    met: Option<bool>,
    values: Vec<Option<Value<'a>>>,
}

impl School<'_> {
    fn count(&self, is_counted: fn(Value) -> bool) -> usize {
        self.values.iter().flatten().filter(|value| is_counted(**value)).count()
    }

    /// What schools are ordered by: the numbers of values below the floor, below the threshold and missing, then the sum
    /// of their distances to the threshold.
    fn weakness(&self) -> (usize, usize, usize, f64) {
        let below: f64 =
            self.values.iter().flatten().filter_map(|v| v.ratio()).map(|r| (1.0 - r).max(0.0)).sum();
        (
            self.count(|value| value.is_unmet() && !value.at_floor()),
            self.count(|value| value.is_unmet()),
            self.count(|value| value.row.status() == Status::Missing),
            below,
        )
    }
}

/// Paler the further above the threshold, darker the further below, so that dark is bad in grey print too.
fn colour(ratio: f64, status: Status, is_at_floor: bool) -> RGBColor {
    match status {
        Status::Met => palette::between(RGBColor(0xd3, 0xe4, 0xf3), RGBColor(0xee, 0xf5, 0xfb), ratio - 1.0),
        Status::Unmet if is_at_floor => palette::FLOOR,
        Status::Unmet => palette::between(RGBColor(0x6e, 0x16, 0x02), palette::UNMET, (ratio - 0.3) / 0.55),
        Status::Missing | Status::NotApplicable => PAPER,
    }
}

/// The ratio cut after two decimals, not rounded, so that no value below the threshold reads 1.00.
fn cut(ratio: f64) -> String {
    number::fixed(Some(((ratio + 1e-9) * 100.0).floor() / 100.0), 2)
}

/// The indicators that have a threshold, with their values.
type Columns<'a> = [(&'a str, &'a [Value<'a>])];

fn schools<'a>(county: &'a County, section: Section, columns: &Columns<'a>) -> Vec<School<'a>> {
    let by_code: Vec<HashMap<&str, Value>> = columns
        .iter()
        .map(|(_, values)| values.iter().map(|value| (value.row.school_code(), *value)).collect())
        .collect();
    let of_section = county.district.schools.rows().filter(|row| row.section() == section);
    let mut schools: Vec<School> = of_section
        .map(|row| {
            let code = row.school_code();
            let values = by_code.iter().map(|values| values.get(code).copied()).collect();
            School { code, name: name_or_code(row.school_name(), code), met: row.met(), values }
        })
        .collect();
    schools.sort_by(|a, b| {
        let (a, b) = (a.weakness(), b.weakness());
        (b.0, b.1, b.2).cmp(&(a.0, a.1, a.2)).then(b.3.total_cmp(&a.3))
    });
    schools
}

fn title(county: &County, section: Section, schools: &[School], columns: &Columns) -> String {
    let words = county.words;
    let below = |values: &[Value]| values.iter().filter(|value| value.is_unmet()).count();
    let (worst, most) = columns
        .iter()
        .map(|(id, values)| (*id, below(values)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .unwrap_or(("", 0));
    // Where several indicators share the highest number, the title does not name one as the worst.
    let even = columns.iter().filter(|(_, values)| below(values) == most).count();
    let unmet = schools.iter().filter(|school| school.met == Some(false)).count();
    let missing = schools.iter().filter(|school| school.weakness().2 > 0).count();
    let key = match (most, unmet, &county.district.standard.school_rule) {
        (0, ..) if missing > 0 => "chart.heat.title_known",
        (0, ..) => "chart.heat.title_all",
        (_, _, None) => "chart.heat.title_measured",
        (_, 0, _) => "chart.heat.title_floor",
        _ if even > 1 => "chart.heat.title_even",
        _ => "chart.heat.title",
    };
    let args = [
        ("section", words.section(section.id())),
        ("n", schools.len().to_string()),
        ("unmet", unmet.to_string()),
        ("indicator", county.short_title(worst)),
        ("worst", most.to_string()),
        ("even", even.to_string()),
    ];
    let title = words.fill(key, &args);
    match missing {
        0 => title,
        n => words.fill("chart.heat.title_missing", &[("title", title), ("missing", n.to_string())]),
    }
}

fn pictures(county: &County, section: Section) -> Drawn {
    let indicators = county.district.standard.indicators.iter().map(|i| i.id.as_str());
    let columns: Vec<(&str, &[Value])> = indicators
        .map(|id| (id, county.values(section, id)))
        .filter(|(_, values)| values.iter().any(|value| value.row.threshold().is_some()))
        .collect();
    let schools = schools(county, section, &columns);
    if columns.is_empty() || schools.is_empty() {
        return Ok(Vec::new());
    }
    let words = county.words;
    let title = title(county, section, &schools, &columns);
    let frame = Frame::new(county, Kind::HeatMap, title, &[("section", words.section(section.id()))])?;
    let canvas = &frame.canvas;
    let y = scale(county, canvas, frame.top);

    let widest = schools.iter().map(|school| canvas.font.width(school.name, SIZE)).fold(60.0, f64::max);
    let names = (widest + 12.0).min(NAMES);
    let left = MARGIN + MARK + names;
    let width = ((frame.right() - left) / columns.len() as f64).min(COLUMN);
    let y = header(county, canvas, &columns, (left, width), y);

    for (at, school) in schools.iter().enumerate() {
        let middle = y + (at as f64 + 0.5) * ROW;
        let mark = match school.met {
            Some(true) => "✓",
            Some(false) => "×",
            None => "？",
        };
        if county.district.standard.school_rule.is_some() {
            canvas.text(mark, (MARGIN + 6.0, middle), Anchor::Middle, SIZE, INK);
        }
        let name = fit(canvas.font, school.name, SIZE, names - 8.0);
        canvas.mark(school.name, &[("school", school.code), ("section", section.id())], || {
            canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, INK);
        });
        for (k, value) in school.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let rect = Rect::new(left + k as f64 * width, middle - ROW / 2.0, width, ROW);
            cell(county, canvas, *value, rect);
        }
    }
    let bottom = y + schools.len() as f64 * ROW;
    let all = Rect::new(left, y, width * columns.len() as f64, bottom - y);
    canvas.rect(all, &Paint::stroke(AXIS, 1.0));
    let worst: Vec<&str> =
        schools.iter().filter(|s| s.weakness().1 > 0).take(NAMED).map(|school| school.name).collect();
    let worst = match worst.len() {
        0 => "—".to_string(),
        _ => worst.join(&words.say("judge.comma")),
    };
    frame.finish(section.id(), &[("worst", worst)], bottom)
}

/// Draws the scale of colours, with floor and threshold marked. Returns its lower edge.
fn scale(county: &County, canvas: &Canvas, top: f64) -> f64 {
    let words = county.words;
    let floor = county.district.standard.school_rule.as_ref().map(|rule| rule.floor);
    let label = canvas.text(&words.say("chart.heat.scale"), (MARGIN, top + 10.0), Anchor::Start, 11.5, FAINT);
    let bar = Rect::new(label.right() + 14.0, top + 3.0, 300.0, 14.0);
    let x = |ratio: f64| bar.x + (ratio - SCALE.0) / (SCALE.1 - SCALE.0) * bar.width;
    // In steps, each in the colour of a school whose ratio is the middle of the step.
    let steps = 60;
    let step = (SCALE.1 - SCALE.0) / f64::from(steps);
    for i in 0..steps {
        let from = SCALE.0 + f64::from(i) * step;
        let ratio = from + step / 2.0;
        let status = if ratio >= 1.0 { Status::Met } else { Status::Unmet };
        let colour = colour(ratio, status, floor.is_some_and(|floor| ratio >= floor));
        let width = x(from + step) - x(from);
        canvas.rect(Rect::new(x(from), bar.y, width + 0.2, bar.height), &Paint::fill(colour));
    }
    canvas.rect(bar, &Paint::stroke(AXIS, 1.0));
    let tick = |ratio: f64, text: &str, anchor: Anchor, shift: f64| {
        canvas.line((x(ratio), bar.y - 3.0), (x(ratio), bar.bottom() + 4.0), &Paint::stroke(INK, 1.5));
        canvas.text(text, (x(ratio) + shift, bar.bottom() + 11.0), anchor, 11.5, INK);
    };
    tick(1.0, &words.say("chart.heat.met"), Anchor::Start, -4.0);
    if let Some(floor) = floor {
        let text = words.fill("chart.heat.floor", &[("floor", number::fixed(Some(floor), 2))]);
        tick(floor, &text, Anchor::End, 4.0);
    }
    let missing = Rect::new(bar.right() + 24.0, bar.y, 22.0, bar.height);
    unknown(canvas, missing);
    canvas.rect(missing, &Paint::stroke(AXIS, 1.0));
    let place = (missing.right() + 7.0, top + 10.0);
    canvas.text(&words.say("chart.heat.no_data"), place, Anchor::Start, 11.5, FAINT);
    let mut bottom = bar.bottom() + 30.0;
    if floor.is_some() {
        canvas.text(&words.say("chart.heat.marks"), (MARGIN, bottom), Anchor::Start, 11.5, FAINT);
        bottom += 12.0;
    }
    bottom + 4.0
}

/// Draws the head of every column: title, threshold, and the number of schools below it. Returns its lower edge.
fn header(county: &County, canvas: &Canvas, columns: &Columns, (left, width): (f64, f64), top: f64) -> f64 {
    let words = county.words;
    let titles: Vec<Vec<String>> = columns
        .iter()
        .map(|(id, values)| {
            let mut lines = vec![fit(canvas.font, id, HEADER, width - 6.0)];
            lines.extend(balanced(canvas.font, &county.short_title(id), HEADER, width - 8.0, 4));
            // Reliefs may change the threshold of a school: the head has one only where all schools have the same.
            let mut thresholds: Vec<f64> = values.iter().filter_map(|value| value.row.threshold()).collect();
            thresholds.sort_by(f64::total_cmp);
            thresholds.dedup();
            if let [threshold] = thresholds[..] {
                let threshold = number::calculated(Some(threshold));
                let text = words.fill("chart.heat.threshold", &[("threshold", threshold)]);
                lines.push(fit(canvas.font, &text, HEADER - 1.0, width - 6.0));
            }
            let unmet = values.iter().filter(|value| value.is_unmet()).count();
            let text = words.fill("chart.heat.unmet", &[("n", unmet.to_string())]);
            lines.push(fit(canvas.font, &text, HEADER - 1.0, width - 6.0));
            lines
        })
        .collect();
    let line = HEADER * 1.3;
    let most = titles.iter().map(Vec::len).max().unwrap_or(0) as f64;
    for (k, lines) in titles.iter().enumerate() {
        let start = most - lines.len() as f64;
        for (i, text) in lines.iter().enumerate() {
            let middle = top + (start + i as f64 + 0.5) * line;
            let last = lines.len() - i <= 2;
            let (size, colour) = if last { (HEADER - 1.0, FAINT) } else { (HEADER, INK) };
            canvas.text(text, (left + (k as f64 + 0.5) * width, middle), Anchor::Middle, size, colour);
        }
    }
    top + most * line + 6.0
}

fn cell(county: &County, canvas: &Canvas, value: Value, rect: Rect) {
    let (words, row) = (county.words, value.row);
    let (section, id) = (row.section(), row.indicator());
    let ratio = value.ratio();
    let status = match row.status() {
        Status::Unmet if value.at_floor() => words.say("chart.heat.at_floor"),
        Status::Unmet if row.floor().is_some() => words.say("chart.heat.below_floor"),
        status => words.say(&format!("status.{}", status.id())),
    };
    let key = match (row.value(), ratio) {
        (None, _) => "chart.heat.tip_missing",
        (_, None) => "chart.heat.tip_unjudged",
        _ => "chart.heat.tip",
    };
    let args = [
        ("school", value.school().to_string()),
        ("section", words.section(section.id())),
        ("id", id.to_string()),
        ("indicator", county.short_title(id)),
        ("value", county.printed(value, id)),
        ("threshold", county.value_text(row.threshold(), id)),
        ("percent", number::fixed(ratio.map(|r| r * 100.0), county.district.standard.print.percent) + "%"),
        ("status", status),
    ];
    let data = [("school", row.school_code()), ("section", section.id()), ("indicator", id)];
    canvas.mark(&words.fill(key, &args), &data, || {
        let inside = rect.grown(-0.5);
        let Some(ratio) = ratio else {
            unknown(canvas, inside);
            return;
        };
        let ground = colour(ratio, row.status(), value.at_floor());
        canvas.rect(inside, &Paint::fill(ground));
        let text = cut(ratio);
        if canvas.font.width(&text, SIZE) <= rect.width - 4.0 {
            canvas.text(&text, rect.middle(), Anchor::Middle, SIZE, palette::text_on(ground));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_below_the_threshold_is_never_printed_as_1() {
        assert_eq!(cut(0.999_9), "0.99");
        assert_eq!(cut(0.85), "0.85");
        assert_eq!(cut(0.849_99), "0.84");
        assert_eq!(cut(1.0), "1.00");
    }
}
