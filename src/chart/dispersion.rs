//! County: the CV of every indicator against its limit (表Ⅲ; 教督〔2017〕6号: 小学 0.50, 初中 0.45). One panel per section.

use super::{
    Drawn, Kind,
    canvas::{Anchor, Paint},
    county::County,
    definition::{Chart, Draw, Place},
    frame::{Frame, MARGIN, Subject, find_or_push, limit_text},
    layout::{Rect, balanced},
    legend::{Symbol, legend},
    palette::{self, AXIS, FAINT, INK, LIMIT, MESH, PAPER},
    plot::{AXIS_SIZE, Plot},
};
use crate::{
    number,
    standard::Section,
    tables::{Status, dispersion},
};

pub(super) const CHART: Chart =
    Chart::new("dispersion", "chart.dispersion", Place::Indicators, Draw::County(pictures)).in_files("cv");

const LABELS: f64 = 150.0;
const ROW: f64 = 34.0;
const BAR: f64 = 16.0;
const SIZE: f64 = 12.5;
/// Between two panels.
const GAP: f64 = 22.0;
/// Space right of the longest bar, for its value.
const VALUE: f64 = 56.0;

/// CV over limit; the CV itself where there is no limit, and -1 where there is no CV.
fn ratio(row: dispersion::Row) -> f64 {
    let Some(cv) = row.cv() else { return -1.0 };
    row.limit().filter(|limit| *limit > 0.0).map_or(cv, |limit| cv / limit)
}

/// The CV is that of the schools with data alone: whether it is above or below its limit decides nothing.
fn is_undecided(row: dispersion::Row) -> bool {
    row.cv().is_some() && row.limit().is_some() && row.status() == Status::Missing
}

/// The texts of titles and tooltips.
fn args(county: &County, row: dispersion::Row) -> Vec<(&'static str, String)> {
    vec![
        ("section", county.words.section(row.section().id())),
        ("id", row.indicator().to_string()),
        ("indicator", county.short_title(row.indicator())),
        ("cv", county.borderline(county.cv_text(row.cv()), row.borderline())),
        ("limit", limit_text(row.limit())),
        ("status", county.words.say(&format!("status.{}", row.status().id()))),
        ("mean", county.value_text(row.mean(), row.indicator())),
        ("schools", number::count(row.schools())),
    ]
}

fn title(county: &County, rows: &[dispersion::Row]) -> Option<String> {
    let words = county.words;
    // Where some have a limit, the others are neither within nor above one.
    let is_limited = rows.iter().any(|row| row.limit().is_some());
    let rows: Vec<dispersion::Row> =
        rows.iter().copied().filter(|row| row.limit().is_some() || !is_limited).collect();
    let widest = |rows: &[dispersion::Row<'_>]| {
        (0..rows.len()).max_by(|a, b| ratio(rows[*a]).total_cmp(&ratio(rows[*b])))
    };
    let over: Vec<dispersion::Row> =
        rows.iter().copied().filter(|row| row.status() == Status::Unmet).collect();
    let among = if over.is_empty() { &rows } else { &over };
    let worst = *among.get(widest(among)?).filter(|row| row.cv().is_some())?;
    let missing = rows.iter().filter(|row| row.cv().is_none()).count();
    let mut args = args(county, worst);
    args.extend([("all", (rows.len() - missing).to_string()), ("over", over.len().to_string())]);
    let undecided = rows.iter().filter(|row| is_undecided(**row)).count();
    args.push(("undecided", undecided.to_string()));
    let key = match over.len() {
        _ if worst.limit().is_none() => "chart.dispersion.measured",
        0 if undecided > 0 => "chart.dispersion.undecided",
        0 => "chart.dispersion.none",
        1 => "chart.dispersion.one",
        _ => "chart.dispersion.several",
    };
    let title = words.fill(key, &args);
    Some(match missing {
        0 => title,
        n => words.fill("chart.dispersion.some_missing", &[("title", title), ("n", n.to_string())]),
    })
}

fn pictures(county: &County) -> Drawn {
    let rows = county.district.dispersion.rows().filter(|row| county.sections.contains(&row.section()));
    let rows: Vec<dispersion::Row> = rows.collect();
    let Some(title) = title(county, &rows) else { return Ok(Vec::new()) };
    let words = county.words;
    let frame = Frame::new(county, Kind::Dispersion, title, &[])?;
    let canvas = &frame.canvas;
    let mut sections: Vec<Section> = rows.iter().map(|row| row.section()).collect();
    sections.dedup();
    let mut indicators: Vec<&str> = Vec::new();
    for row in &rows {
        find_or_push(&mut indicators, |id| *id == row.indicator(), || row.indicator());
    }
    let has_limit = rows.iter().any(|row| row.limit().is_some());
    let key = if has_limit { "chart.dispersion.within" } else { "chart.dispersion.known" };
    let mut symbols = vec![(Symbol::Box(Paint::fill(palette::MET)), words.say(key))];
    if has_limit {
        symbols.push((Symbol::Hatched(Paint::fill(palette::UNMET)), words.say("chart.dispersion.over")));
    }
    if has_limit && rows.iter().any(|row| row.cv().is_some() && row.limit().is_none()) {
        symbols.push((Symbol::Box(Paint::fill(palette::AXIS)), words.say("chart.dispersion.unlimited")));
    }
    if rows.iter().any(|row| is_undecided(*row)) {
        symbols.push((Symbol::Box(Paint::fill(FAINT)), words.say("chart.dispersion.partial")));
    }
    if rows.iter().any(|row| row.borderline() == Some(true)) {
        symbols.push((Symbol::None, words.say("chart.dispersion.borderline")));
    }
    let y = legend(canvas, &symbols, frame.sides(), frame.top) + 34.0;
    let height = indicators.len() as f64 * ROW;
    for (i, id) in indicators.iter().enumerate() {
        let lines =
            balanced(canvas.font, &format!("{id} {}", county.short_title(id)), SIZE, LABELS - 12.0, 2);
        let middle = y + (i as f64 + 0.5) * ROW;
        canvas.lines(&lines, (MARGIN + LABELS - 10.0, middle), 1.15 * SIZE, Anchor::End, SIZE, INK);
    }
    let highest = rows.iter().flat_map(|row| [row.cv(), row.limit()]).flatten().fold(0.1, f64::max);
    let count = sections.len().max(1) as f64;
    let width = (frame.right() - MARGIN - LABELS - GAP * (count - 1.0)) / count;
    for (i, &section) in sections.iter().enumerate() {
        let left = MARGIN + LABELS + i as f64 * (width + GAP);
        let rect = Rect::new(left, y, width, height);
        let reach = highest * width / (width - VALUE);
        let plot = Plot::new(canvas, rect, 0.0..reach, 0.0..indicators.len() as f64);
        let of_section: Vec<dispersion::Row> =
            rows.iter().copied().filter(|row| row.section() == section).collect();
        panel(county, &plot, &of_section, &indicators);
        canvas.strong(&county.section_name(section), (left, y - 22.0), Anchor::Start, 13.5, INK);
    }
    let listed: Vec<String> =
        rows.iter().map(|row| words.fill("chart.dispersion.listed", &args(county, *row))).collect();
    let list = listed.join(&words.say("judge.joint"));
    frame.finish("", &[("list", list)], y + height + 34.0)
}

fn panel(county: &County, plot: &Plot, rows: &[dispersion::Row], indicators: &[&str]) {
    let (canvas, words) = (plot.canvas, county.words);
    let rect = plot.rect;
    plot.axis_x(6, &words.say("chart.dispersion.axis"));
    // Usually all indicators of a section have the same limit, but a standard may set one per indicator.
    let mut limits: Vec<f64> = rows.iter().filter_map(|row| row.limit()).collect();
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    let same = limits.len() == 1;
    let mixed = same && rows.iter().any(|row| row.limit().is_none());
    for (at, id) in indicators.iter().enumerate() {
        let Some(&cv) = rows.iter().find(|row| row.indicator() == *id) else { continue };
        let middle = rect.y + (at as f64 + 0.5) * ROW;
        canvas.line(
            (rect.x, middle + ROW / 2.0),
            (rect.right(), middle + ROW / 2.0),
            &Paint::stroke(MESH, 0.6),
        );
        if let Some(limit) = cv.limit() {
            let x = plot.x(limit);
            let dashed = Paint::stroke(LIMIT, 1.5).dashed(5.0, 3.0);
            canvas.line((x, middle - ROW / 2.0), (x, middle + ROW / 2.0), &dashed);
        }
        let key = match (cv.cv(), cv.limit()) {
            (None, _) => "chart.dispersion.tip_missing",
            (_, None) => "chart.dispersion.tip_unlimited",
            _ => "chart.dispersion.tip",
        };
        let tip = words.fill(key, &args(county, cv));
        let data = [("section", cv.section().id()), ("indicator", *id)];
        canvas.mark(&tip, &data, || bar(county, plot, cv, at, middle, mixed));
    }
    if let (true, false, Some(&limit)) = (same, mixed, limits.first()) {
        let text = words.fill("chart.dispersion.limit", &[("limit", limit_text(Some(limit)))]);
        let half = canvas.font.width(&text, AXIS_SIZE) / 2.0;
        let x = plot.x(limit).clamp(rect.x + half, rect.right() - half);
        canvas.text(&text, (x, rect.y - 8.0), Anchor::Middle, AXIS_SIZE, INK);
    }
    canvas.line((rect.x, rect.y), (rect.x, rect.bottom()), &Paint::stroke(AXIS, 1.0));
}

/// Draws the bar of one CV. With `says_limit` its limit is written after its value, because the limits differ.
fn bar(county: &County, plot: &Plot, cv: dispersion::Row, at: usize, middle: f64, says_limit: bool) {
    let canvas = plot.canvas;
    let Some(value) = cv.cv() else {
        let missing = county.words.say("chart.missing");
        canvas.text(&missing, (plot.rect.x + 6.0, middle), Anchor::Start, SIZE, FAINT);
        return;
    };
    let over = cv.status() == Status::Unmet;
    let colour = match cv.status() {
        Status::Unmet => palette::UNMET,
        _ if is_undecided(cv) => FAINT,
        _ if cv.limit().is_none() && says_limit => AXIS,
        _ => palette::MET,
    };
    plot.bar(at, (0.0, value), BAR / ROW, colour);
    let end = plot.x(value);
    if over {
        let lines = Rect::new(plot.rect.x, middle - BAR / 2.0, end - plot.rect.x, BAR);
        canvas.hatch(lines, PAPER, 7.0);
    }
    let borderline = if cv.borderline() == Some(true) { " ≈" } else { "" };
    let text = format!("{}{}{borderline}", county.cv_text(cv.cv()), if over { " ▲" } else { "" });
    let width = canvas.font.width(&text, SIZE);
    if let Some(limit) = cv.limit().filter(|_| says_limit) {
        let said = county.words.fill("chart.dispersion.limit", &[("limit", limit_text(Some(limit)))]);
        let wide = canvas.font.width(&said, AXIS_SIZE) + 6.0;
        // After the value where that is above the limit, otherwise after the line, or before it at the edge.
        let behind = if over { end + width + 14.0 } else { plot.x(limit) + 6.0 };
        let (x, anchor) = match behind + wide <= plot.rect.right() {
            true => (behind, Anchor::Start),
            false => (plot.x(limit) - 6.0, Anchor::End),
        };
        if !over || anchor == Anchor::Start {
            canvas.text(&said, (x, middle), anchor, AXIS_SIZE, INK);
        }
    }
    // Inside the bar where there is room, so that the value does not meet the line of the limit.
    if over {
        canvas.strong(&text, (end + 5.0, middle), Anchor::Start, SIZE, colour);
    } else if end - plot.rect.x > width + 12.0 {
        canvas.text(&text, (end - 6.0, middle), Anchor::End, SIZE, palette::text_on(colour));
    } else {
        canvas.text(&text, (end + 5.0, middle), Anchor::Start, SIZE, INK);
    }
}
