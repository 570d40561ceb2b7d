//! Each school's share of CV², for every dispersion over its limit: where the difference comes from.

use plotters::{element::Rectangle, style::ShapeStyle};

use super::{
    Kind, Picture,
    canvas::{Anchor, FINE, Paint},
    frame::{Frame, MARGIN},
    layout::{Rect, fit},
    legend::{Sign, legend},
    palette::{self, FAINT, INK, PAPER},
    plot::Plot,
    values::{self, short_title, with_unit},
};
use crate::{
    number,
    problem::Result,
    standard::Section,
    tables::{Row, district::District},
};

/// Schools with a bar of their own; the rest is one.
const MOST: usize = 20;
const ROW: f64 = 22.0;
const BAR: f64 = 14.0;
const SIZE: f64 = 12.0;
const NAMES: f64 = 210.0;
/// The column at the right: the school's value.
const VALUES: f64 = 150.0;
/// Right of the longest bar, for its share.
const SHARE: f64 = 54.0;
/// The title says how many schools make up this part.
const PART: f64 = 0.5;

/// A row of `shares`.
struct Share {
    code: String,
    name: String,
    value: Option<f64>,
    share: f64,
    amount: Option<f64>,
}

/// # Errors
/// The font cannot be used.
pub fn pictures(district: &District) -> Result<Vec<Picture>> {
    let mut pictures = Vec::new();
    for section in values::sections(district) {
        for indicator in &district.standard.indicators {
            let mine =
                |row: &Row| row.said("section") == section.id() && row.said("indicator") == indicator.id;
            let dispersion = Row::all(&district.dispersion).find(mine);
            let mut shares: Vec<Share> = Row::all(&district.shares).filter(mine).filter_map(read).collect();
            shares.sort_by(|a, b| b.share.total_cmp(&a.share));
            if let (Some(dispersion), false) = (dispersion, shares.is_empty()) {
                pictures.push(picture(district, section, &indicator.id, dispersion, &shares)?);
            }
        }
    }
    Ok(pictures)
}

fn read(row: Row) -> Option<Share> {
    let code = row.said("school_code");
    Some(Share {
        code: code.to_string(),
        name: row.text("school_name").filter(|name| !name.trim().is_empty()).unwrap_or(code).to_string(),
        value: row.number("value"),
        share: row.number("share")?,
        amount: row.number("amount"),
    })
}

fn percent(district: &District, share: f64) -> String {
    number::fixed(Some(share * 100.0), district.standard.print.percent) + "%"
}

fn picture(
    district: &District,
    section: Section,
    id: &str,
    dispersion: Row,
    shares: &[Share],
) -> Result<Picture> {
    let words = district.words;
    let indicator = district.standard.indicator(id);
    let unit = indicator.map_or("", |i| i.unit.as_str());
    let mean = dispersion.number("mean");
    let short = short_title(district, id);
    // The fewest schools that make up half of the difference.
    let mut sum = 0.0;
    let few = shares.iter().take_while(|share| {
        let before = sum;
        sum += share.share;
        before < PART
    });
    let few = few.count();
    let part: f64 = shares.iter().take(few).map(|share| share.share).sum();
    let args = [
        ("section", words.section(section.id())),
        ("indicator", short.clone()),
        ("cv", number::fixed(dispersion.number("cv"), district.standard.print.cv)),
        ("limit", dispersion.number("limit").map_or_else(|| "—".into(), values::limit)),
        ("k", few.to_string()),
        ("school", shares.first().map_or(String::new(), |share| share.name.clone())),
        ("share", percent(district, part)),
    ];
    let title = words.text(if few == 1 { "chart.shares.title_one" } else { "chart.shares.title" }, &args);
    let what = [
        ("section", values::heading(district, section)),
        ("id", id.to_string()),
        ("indicator", district.title(id).to_string()),
    ];
    let frame = Frame::new(district, &title, &words.text("chart.shares.what", &what))?;
    let canvas = &frame.canvas;

    let above = Paint::fill(palette::MET);
    let below = Paint::fill(palette::GROUPS[1]);
    let signs = [
        (Sign::Box(above), format!("▲ {}", words.say("chart.shares.above"))),
        (Sign::Hatched(below), format!("▼ {}", words.say("chart.shares.below"))),
        (Sign::Box(Paint::fill(palette::AXIS)), words.say("chart.shares.others")),
    ];
    let signs = &signs[..if shares.len() > MOST { 3 } else { 2 }];
    let y = legend(canvas, signs, (frame.left(), frame.right()), frame.top) + 26.0;

    let shown = &shares[..shares.len().min(MOST)];
    let rest = &shares[shown.len()..];
    let rows = shown.len() + usize::from(!rest.is_empty());
    let others: f64 = rest.iter().map(|share| share.share).sum();
    let widest = shown.iter().map(|share| canvas.font.width(&share.name, SIZE)).fold(60.0, f64::max);
    let names = (widest + 10.0).min(NAMES);
    let left = MARGIN + names;
    let rect = Rect::new(left, y, frame.right() - VALUES - left, rows as f64 * ROW);
    let longest = shown.iter().map(|share| share.share).fold(others, f64::max) * 100.0;
    let plot = Plot::new(canvas, rect, 0.0..longest * rect.width / (rect.width - SHARE), 0.0..rows as f64);
    plot.axis_x(6, &words.say("chart.shares.axis"));
    let column = [
        ("indicator", short),
        ("unit", words.unit(unit)),
        ("mean", number::fixed(mean, district.standard.print.mean)),
    ];
    let column = words.text("chart.shares.column", &column);
    canvas.text(&column, (frame.right(), y - 12.0), Anchor::End, 11.5, FAINT);

    for (at, share) in shown.iter().enumerate() {
        let middle = y + (at as f64 + 0.5) * ROW;
        let is_above = share.value.zip(mean).is_none_or(|(value, mean)| value >= mean);
        let paint = if is_above { above } else { below };
        let printed = |value| with_unit(district, value, unit);
        let args = [
            ("school", share.name.clone()),
            ("value", printed(share.value)),
            ("mean", printed(mean)),
            ("share", percent(district, share.share)),
            ("amount", number::needed(share.amount, indicator.map_or("", |i| &i.shortfall_unit), words)),
        ];
        let gets = share.amount.is_some_and(|amount| amount > 0.0);
        let tip = words.text(if gets { "chart.shares.tip_amount" } else { "chart.shares.tip" }, &args);
        let data = [("school", share.code.as_str()), ("section", section.id()), ("indicator", id)];
        canvas.mark(&tip, &data, || {
            let name = fit(canvas.font, &share.name, SIZE, names - 8.0);
            canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, INK);
            bar(&plot, at, share.share, paint, !is_above);
            let text = percent(district, share.share);
            canvas.text(&text, (plot.x(share.share * 100.0) + 5.0, middle), Anchor::Start, SIZE, INK);
            let sign = if is_above { "▲" } else { "▼" };
            let value = format!("{sign} {}", number::fixed(share.value, district.standard.print.value));
            canvas.text(&value, (frame.right(), middle), Anchor::End, SIZE, INK);
        });
    }
    if !rest.is_empty() {
        let middle = y + (shown.len() as f64 + 0.5) * ROW;
        let name = words.text("chart.rest", &[("n", rest.len().to_string())]);
        canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, FAINT);
        bar(&plot, shown.len(), others, Paint::fill(palette::AXIS), false);
        let text = percent(district, others);
        canvas.text(&text, (plot.x(others * 100.0) + 5.0, middle), Anchor::Start, SIZE, INK);
    }
    let listed = shown.iter().map(|share| {
        let args = [("school", share.name.clone()), ("share", percent(district, share.share))];
        words.text("chart.shares.listed", &args)
    });
    let list = listed.collect::<Vec<_>>().join(&words.say("judge.comma"));
    let description = words.text("chart.shares.description", &[("title", title.clone()), ("list", list)]);
    let name = format!("shares-{}-{id}", section.id());
    Ok(frame.finish(&name, Kind::Shares, &description, rect.bottom() + 34.0))
}

fn bar(plot: &Plot, at: usize, share: f64, paint: Paint, hatched: bool) {
    let row = plot.row(at);
    let half = BAR / ROW / 2.0;
    plot.draw(&Rectangle::new(
        [(0.0, row - half), (share * 100.0, row + half)],
        ShapeStyle { color: paint.fill.unwrap_or(INK).into(), filled: true, stroke_width: FINE as u32 },
    ));
    if hatched {
        let top = plot.y(row + half);
        let width = plot.x(share * 100.0) - plot.rect.x;
        plot.canvas.hatch(Rect::new(plot.rect.x, top, width, BAR), PAPER, 7.0);
    }
}
