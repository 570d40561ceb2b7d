//! County: one dot per school, its area the number of pupils, with threshold, floor and the county's mean as lines
//! (教督〔2017〕6号: threshold and 85 %). One picture per section and indicator.

use plotters::style::RGBColor;

use super::{
    Drawn, Kind,
    canvas::{Anchor, Paint},
    county::{County, Value},
    definition::{Chart, Draw, Place},
    frame::{Frame, MARGIN, Subject},
    layout::{FreeSpace, Rect, fit, wrap},
    legend::{Symbol, legend},
    palette::{self, AXIS, FAINT, INK, LIMIT, MEAN, PAPER},
    plot::Plot,
};
use crate::{
    number,
    standard::{Indicator, Section},
    tables::{Status, measures},
};

pub(super) const CHART: Chart =
    Chart::new("strip", "chart.strip", Place::Strips, Draw::CountyIndicator(pictures));

/// How far dots may spread upwards and downwards.
const HALF: f64 = 95.0;
/// The radius of the largest school, and the minimum radius.
const MAX_RADIUS: f64 = 13.0;
const MIN_RADIUS: f64 = 2.5;
/// The number of schools that get their names: the lowest of those below the threshold.
const NAMED: usize = 5;
const NAME: f64 = 11.5;
/// Names of lines: their size, the height of a row of them, and their distance to their lines.
const LINE: f64 = 11.5;
const FLAG: f64 = 17.0;
const NEAR: f64 = 4.0;

fn pictures(county: &County, section: Section, indicator: &Indicator) -> Drawn {
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    for &school in county.values(section, &indicator.id) {
        match school.row.value() {
            Some(value) => known.push(Dot { school, value }),
            None => missing.push(school.school()),
        }
    }
    known.sort_by(|a, b| a.value.total_cmp(&b.value));
    if known.is_empty() {
        return Ok(Vec::new());
    }
    Strip { county, section, id: &indicator.id, unit: &indicator.unit, known, missing }.draw()
}

struct Strip<'a> {
    county: &'a County<'a>,
    section: Section,
    id: &'a str,
    unit: &'a str,
    /// The lowest first.
    known: Vec<Dot<'a>>,
    /// Names of the schools without a value.
    missing: Vec<&'a str>,
}

/// A school whose value is known.
#[derive(Clone, Copy)]
struct Dot<'a> {
    school: Value<'a>,
    value: f64,
}

/// Where a dot stands: its height on the plot's own axis, and its radius in pixels.
#[derive(Clone, Copy)]
struct Spot {
    height: f64,
    radius: f64,
}

/// What the radius of a dot depends on: its area is proportional to the pupils.
#[derive(Clone, Copy)]
struct Sizes {
    /// The pupils of the largest school, and its radius.
    max_pupils: f64,
    max_radius: f64,
}

impl Sizes {
    /// A school whose pupils are not known gets the minimum radius.
    fn radius(self, pupils: Option<f64>) -> f64 {
        let share = (pupils.unwrap_or(0.0) / self.max_pupils).max(0.0);
        (self.max_radius * share.sqrt()).max(MIN_RADIUS)
    }
}

/// The look of a dot by its status: pale with an edge, middle, dark, so that they differ in grey print too.
fn look(value: Value) -> Paint {
    match value.row.status() {
        Status::Unmet if value.at_floor() => Paint::fill(palette::FLOOR).edged(INK, 1.2),
        Status::Unmet => Paint::fill(palette::UNMET).edged(INK, 1.2),
        _ => Paint::fill(RGBColor(0xcf, 0xe3, 0xf5)).edged(palette::MET, 1.2),
    }
}

impl Strip<'_> {
    /// The bound that all schools share; `None` where they have none, or where reliefs make them differ.
    fn common(&self, bound: fn(measures::Row) -> Option<f64>) -> Option<f64> {
        let first = bound(self.known.first()?.school.row)?;
        self.known.iter().all(|dot| bound(dot.school.row) == Some(first)).then_some(first)
    }

    fn threshold(&self) -> Option<f64> {
        self.common(|row| row.threshold())
    }

    fn mean(&self) -> Option<f64> {
        self.county.dispersion(self.section, self.id)?.mean()
    }

    fn printed(&self, value: Option<f64>) -> String {
        self.county.value_text(value, self.id)
    }

    fn title(&self) -> String {
        let words = self.county.words;
        let unmet = self.known.iter().filter(|dot| dot.school.is_unmet()).count();
        let is_judged = self.known.iter().any(|dot| dot.school.row.threshold().is_some());
        let key = match (is_judged, self.threshold(), unmet) {
            (false, ..) => "chart.strip.title_measured",
            (_, Some(_), 0) => "chart.strip.title_all",
            (_, Some(_), _) => "chart.strip.title",
            (_, None, 0) => "chart.strip.title_own_all",
            (_, None, _) => "chart.strip.title_own",
        };
        let value = |dot: Option<&Dot>| self.printed(dot.map(|dot| dot.value));
        let args = [
            ("section", words.section(self.section.id())),
            ("indicator", self.county.short_title(self.id)),
            ("n", self.known.len().to_string()),
            ("unmet", unmet.to_string()),
            ("threshold", self.printed(self.threshold())),
            ("lowest", value(self.known.first())),
            ("highest", value(self.known.last())),
            ("mean", self.printed(self.mean())),
        ];
        let title = words.fill(key, &args);
        match self.missing.len() {
            0 => title,
            n => words.fill("chart.strip.title_missing", &[("title", title), ("missing", n.to_string())]),
        }
    }

    fn draw(&self) -> Drawn {
        let (county, words) = (self.county, self.county.words);
        let what = [
            ("section", county.section_name(self.section)),
            ("id", self.id.to_string()),
            ("indicator", county.district.title(self.id).to_string()),
        ];
        let frame = Frame::new(county, Kind::Strip, self.title(), &what)?;
        let canvas = &frame.canvas;

        let sizes = Sizes {
            max_pupils: self.known.iter().filter_map(|dot| dot.school.pupils).fold(1.0, f64::max),
            max_radius: if self.known.len() > 60 { MAX_RADIUS * 0.75 } else { MAX_RADIUS },
        };
        let y = self.legend(&frame, sizes) + 10.0;
        let threshold = self.threshold();
        let floor = self.common(|row| row.floor()).filter(|_| threshold.is_some());
        let lines = [
            (threshold, "chart.strip.threshold", Paint::stroke(LIMIT, 1.8)),
            (floor, "chart.strip.floor", Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0)),
            (self.mean(), "chart.strip.mean", Paint::stroke(MEAN, 1.8).dashed(9.0, 3.0)),
        ];
        let values = self.known.iter().map(|dot| dot.value);
        let low = values.clone().fold(0.0, f64::min);
        let high = values.chain(lines.iter().filter_map(|line| line.0)).fold(0.0, f64::max);
        let across = (MARGIN + 14.0, frame.right() - 14.0);
        let swarm = |half: f64| {
            let at = Rect::new(across.0, y, across.1 - across.0, 2.0 * half);
            Plot::new(canvas, at, low..high * 1.04, -half..half)
        };
        let (spots, half) = self.spots(&swarm(HALF), sizes);
        // The names of lines stand above the dots, in as many rows as they need.
        let measure = swarm(half);
        let named = lines.iter().filter_map(|(value, key, paint)| {
            let value = (*value)?;
            let printed = number::fixed(Some(value), county.district.standard.print.value);
            Some((value, words.fill(key, &[("value", printed)]), *paint))
        });
        let named: Vec<(f64, String, Paint)> = named.collect();
        let wanted: Vec<(f64, f64)> =
            named.iter().map(|(value, text, _)| (measure.x(*value), canvas.font.width(text, LINE))).collect();
        let flags = flags(&wanted, (MARGIN, frame.right()));
        let rows = flags.iter().map(|flag| flag.row + 1).max().unwrap_or(0) as f64;
        let head = rows * FLAG + 8.0;
        let rect = Rect::new(across.0, y + head, across.1 - across.0, 2.0 * half);
        let plot = Plot::new(canvas, rect, low..high * 1.04, -half..half);
        plot.axis_x(8, &words.unit(self.unit));
        for ((value, text, paint), flag) in named.iter().zip(&flags) {
            let (x, middle) = (plot.x(*value), y + (rows - flag.row as f64 - 0.5) * FLAG);
            canvas.line((x, middle - FLAG / 2.0 + 1.0), (x, rect.bottom()), paint);
            let colour = paint.stroke.unwrap_or(INK);
            canvas.text(text, (flag.left, middle), Anchor::Start, LINE, colour);
        }
        let mut room = FreeSpace::new(Rect::new(MARGIN, rect.y, frame.right() - MARGIN, rect.height));
        for (dot, spot) in self.known.iter().zip(&spots) {
            let at = plot.at(dot.value, spot.height);
            room.take(Rect::new(at.0, at.1, 0.0, 0.0).grown(spot.radius));
            self.dot(&plot, *dot, *spot);
        }
        // The names of schools must not stand on the lines either.
        for (value, ..) in &named {
            room.take(Rect::new(plot.x(*value) - 2.0, rect.y, 4.0, rect.height));
        }
        self.names(&plot, &spots, &mut room);
        let mut bottom = rect.bottom() + 36.0;
        if !self.missing.is_empty() {
            let names = self.missing.join(&words.say("judge.comma"));
            let args = [("n", self.missing.len().to_string()), ("names", names)];
            let text = words.fill("chart.strip.missing", &args);
            bottom += 8.0;
            for line in wrap(canvas.font, &text, NAME, frame.right() - MARGIN, 3) {
                canvas.text(&line, (MARGIN, bottom), Anchor::Start, NAME, FAINT);
                bottom += NAME * 1.4;
            }
        }
        let listed = self.known.iter().take(NAMED).map(|dot| {
            let args =
                [("school", dot.school.school().to_string()), ("value", self.printed(Some(dot.value)))];
            words.fill("chart.strip.listed", &args)
        });
        let worst = listed.collect::<Vec<_>>().join(&words.say("judge.comma"));
        let args = [
            ("worst", worst),
            ("indicator", county.district.title(self.id).to_string()),
            ("unit", words.unit(self.unit)),
        ];
        frame.finish(&format!("{}-{}", self.section.id(), self.id), &args, bottom)
    }

    fn legend(&self, frame: &Frame, sizes: Sizes) -> f64 {
        let words = self.county.words;
        let look_of = |is_wanted: fn(Value) -> bool| {
            self.known.iter().find(|dot| is_wanted(dot.school)).map(|dot| look(dot.school))
        };
        let has_floor = self.known.iter().any(|dot| dot.school.row.floor().is_some());
        let unmet = if has_floor { "chart.strip.unmet" } else { "chart.strip.unmet_only" };
        let kinds = [
            (look_of(|school| school.is_unmet() && !school.at_floor()), unmet),
            (look_of(|school| school.at_floor()), "chart.strip.at_floor"),
            (look_of(|school| school.row.status() == Status::Met), "chart.strip.met"),
            (look_of(|school| school.row.status() == Status::NotApplicable), "chart.strip.known"),
        ];
        let mut symbols: Vec<(Symbol, String)> = kinds
            .iter()
            .filter_map(|(look, key)| Some((Symbol::Circle((*look)?, 6.0), words.say(key))))
            .collect();
        symbols.push((Symbol::None, words.say("chart.strip.sizes")));
        let round = rounded(sizes.max_pupils);
        for pupils in [round / 10.0, round / 2.0, round] {
            let radius = sizes.radius(Some(pupils));
            let text = words.fill("chart.strip.size", &[("n", number::fixed(Some(pupils), 0))]);
            symbols.push((Symbol::Circle(Paint::fill(PAPER).edged(AXIS, 1.2), radius), text));
        }
        legend(&frame.canvas, &symbols, (MARGIN, frame.right()), frame.top + 2.0)
    }

    /// The spot of every dot, so that none hides another, and how far they spread. Dots get smaller where there is no
    /// room for them.
    fn spots(&self, plot: &Plot, sizes: Sizes) -> (Vec<Spot>, f64) {
        let mut shrink = 1.0;
        loop {
            let radius = |dot: &Dot| (sizes.radius(dot.school.pupils) * shrink).max(MIN_RADIUS);
            let radii: Vec<f64> = self.known.iter().map(radius).collect();
            let mut placed: Vec<(f64, f64, f64)> = Vec::new();
            // The largest first: the small ones fill the room left between them.
            let mut order: Vec<usize> = (0..radii.len()).collect();
            order.sort_by(|&a, &b| radii[b].total_cmp(&radii[a]));
            let mut heights = vec![0.0; radii.len()];
            for at in order {
                let (x, radius) = (plot.x(self.known[at].value), radii[at]);
                heights[at] = free_height(x, radius, &placed);
                placed.push((x, heights[at], radius));
            }
            let reach = heights.iter().zip(&radii).map(|(h, r)| h.abs() + r).fold(40.0, f64::max);
            if reach <= HALF - 4.0 || shrink < 0.3 {
                let half = (reach + 16.0).min(HALF);
                let spot = |(height, radius): (f64, f64)| Spot {
                    height: height.clamp(radius - half, half - radius),
                    radius,
                };
                return (heights.into_iter().zip(radii).map(spot).collect(), half);
            }
            shrink *= 0.9;
        }
    }

    fn dot(&self, plot: &Plot, Dot { school, value }: Dot, spot: Spot) {
        let (words, row) = (self.county.words, school.row);
        let status = match row.status() {
            Status::Unmet if school.at_floor() => words.say("chart.heat.at_floor"),
            status => words.say(&format!("status.{}", status.id())),
        };
        let pupils = words.fill("chart.pupils", &[("n", number::fixed(school.pupils, 0))]);
        let args = [
            ("school", school.school().to_string()),
            ("value", self.county.printed(school, self.id)),
            ("threshold", self.printed(row.threshold())),
            ("status", status),
            ("pupils", pupils),
        ];
        let key = if row.threshold().is_some() { "chart.strip.tip" } else { "chart.strip.tip_measured" };
        let data = [("school", row.school_code()), ("section", self.section.id()), ("indicator", self.id)];
        plot.canvas.mark(&words.fill(key, &args), &data, || {
            let paint = look(school);
            let at = plot.at(value, spot.height);
            let radius = (spot.radius * 10.0).trunc() / 10.0;
            plot.canvas.circle(at, radius, &Paint { stroke: None, ..paint });
            plot.canvas.circle(at, radius, &Paint { fill: None, ..paint });
        });
    }

    /// Draws the names of the lowest schools below the threshold, where there is room.
    fn names(&self, plot: &Plot, spots: &[Spot], room: &mut FreeSpace) {
        let canvas = plot.canvas;
        let below = self.known.iter().zip(spots).filter(|(dot, _)| dot.school.is_unmet());
        for (dot, &Spot { height, radius }) in below.take(NAMED) {
            let name = fit(canvas.font, dot.school.school(), NAME, 170.0);
            let at = plot.at(dot.value, height);
            let size = (canvas.font.width(&name, NAME) + 2.0, NAME + 2.0);
            if let Some(rect) = room.place(at, radius + 2.0, size) {
                let near = (at.0.clamp(rect.x, rect.right()), at.1.clamp(rect.y, rect.bottom()));
                let (dx, dy) = (near.0 - at.0, near.1 - at.1);
                let distance = dx.hypot(dy);
                if distance > radius + 5.0 {
                    let edge = (at.0 + dx / distance * radius, at.1 + dy / distance * radius);
                    canvas.line(edge, near, &Paint::stroke(AXIS, 0.8));
                }
                canvas.text(&name, (rect.x + 1.0, rect.middle().1), Anchor::Start, NAME, INK);
            }
        }
    }
}

/// The place of a line's name: it begins at `left`, in a row counted from below.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Flag {
    left: f64,
    row: usize,
}

/// Places the names beside the upper ends of their lines. `wanted` has the position of each line and the width of its
/// name. A line reaches up to the row of its name, so that no name may stand on another or on the line of another. Of
/// all ways this is the one with the fewest rows, with names at the right of their lines where possible. There are no
/// more than three lines: few enough to try every way.
fn flags(wanted: &[(f64, f64)], (low, high): (f64, f64)) -> Vec<Flag> {
    let mut ways: Vec<Vec<Flag>> = vec![Vec::new()];
    for &(x, width) in wanted {
        let sides = [x + NEAR, x - NEAR - width];
        let sides = sides.into_iter().filter(|left| *left >= low && left + width <= high);
        let options: Vec<Flag> =
            sides.flat_map(|left| (0..wanted.len()).map(move |row| Flag { left, row })).collect();
        ways = ways
            .iter()
            .flat_map(|way| options.iter().map(move |flag| way.iter().chain([flag]).copied().collect()))
            .collect();
    }
    let collides = |way: &[Flag]| {
        let pairs = way
            .iter()
            .enumerate()
            .flat_map(|(i, a)| way.iter().enumerate().map(move |(j, b)| ((i, a), (j, b))));
        pairs.filter(|((i, _), (j, _))| i != j).any(|((i, a), (j, b))| {
            let (from, to) = (a.left - NEAR, a.left + wanted[i].1 + NEAR);
            let crossed = wanted[j].0 > from && wanted[j].0 < to && b.row >= a.row;
            let on_text = a.row == b.row && from < b.left + wanted[j].1 && b.left < to;
            // Two lines at the same place cannot avoid each other.
            let same = (wanted[i].0 - wanted[j].0).abs() < NEAR;
            (crossed && !same) || on_text
        })
    };
    let cost = |way: &Vec<Flag>| {
        let turned = way.iter().zip(wanted).filter(|(flag, (x, _))| flag.left < *x).count();
        let rows: usize = way.iter().map(|flag| flag.row).sum();
        rows * 4 + turned
    };
    let best = ways.into_iter().filter(|way| !collides(way)).min_by_key(cost);
    // Where every way has a collision, each name gets its own row.
    let each = wanted.iter().enumerate();
    best.unwrap_or_else(|| {
        each.map(|(row, &(x, width))| Flag { left: x.clamp(low, (high - width).max(low)), row }).collect()
    })
}

/// The height nearest to the middle where a dot touches no other.
fn free_height(x: f64, radius: f64, placed: &[(f64, f64, f64)]) -> f64 {
    let mut blocked: Vec<(f64, f64)> = Vec::new();
    for &(other_x, other_y, other) in placed {
        let (reach, dx) = (radius + other + 0.8, (x - other_x).abs());
        if dx < reach {
            let dy = (reach * reach - dx * dx).sqrt();
            blocked.push((other_y - dy, other_y + dy));
        }
    }
    let free = |y: f64| !blocked.iter().any(|&(low, high)| y > low + 1e-9 && y < high - 1e-9);
    let edges = blocked.iter().flat_map(|&(low, high)| [low, high]);
    let heights = std::iter::once(0.0).chain(edges).filter(|&y| free(y));
    heights.min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0)
}

/// The largest number up to `max` that is 1, 2 or 5 times a power of ten.
fn rounded(max: f64) -> f64 {
    let power = 10f64.powf(max.max(10.0).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|&n| n <= max).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_with_the_same_value_are_stacked() {
        let mut placed = Vec::new();
        for _ in 0..5 {
            let y = free_height(100.0, 4.0, &placed);
            placed.push((100.0, y, 4.0));
        }
        for (i, a) in placed.iter().enumerate() {
            for b in &placed[i + 1..] {
                assert!((a.1 - b.1).abs() >= 8.0, "{placed:?}");
            }
        }
        assert_eq!(placed[0].1, 0.0);
    }

    #[test]
    fn names_of_lines_do_not_stand_on_other_lines() {
        // Far apart: all in one row, at the right of their lines.
        let far = flags(&[(100.0, 50.0), (300.0, 50.0), (500.0, 50.0)], (0.0, 800.0));
        assert!(far.iter().all(|flag| flag.row == 0) && far[0].left > 100.0);
        // Two near each other: one name on either side.
        let near = flags(&[(100.0, 50.0), (110.0, 50.0)], (0.0, 800.0));
        assert!(near[0].row == near[1].row && near[0].left < 100.0 && near[1].left > 110.0);
        // At the edge there is one side only.
        let edge = flags(&[(780.0, 50.0), (790.0, 50.0)], (0.0, 800.0));
        assert!(edge.iter().all(|flag| flag.left + 50.0 <= 800.0) && edge[0].row != edge[1].row);
        assert!(flags(&[], (0.0, 800.0)).is_empty());
    }

    #[test]
    fn sizes_in_the_legend_are_round() {
        assert_eq!(rounded(2731.0), 2000.0);
        assert_eq!(rounded(640.0), 500.0);
        assert_eq!(rounded(3.0), 10.0);
    }
}
