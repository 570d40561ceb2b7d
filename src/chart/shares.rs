//! County: each school's share of CV², which shows where the difference comes from. One picture per dispersion above its
//! limit.

use plotters::style::RGBColor;

use super::{
    Drawn, Kind,
    canvas::{Anchor, Paint},
    county::County,
    definition::{Chart, Draw, Place},
    frame::{Frame, MARGIN, Subject, limit_text, name_or_code},
    layout::{Rect, fit},
    legend::{Symbol, legend},
    palette::{self, FAINT, INK, PAPER},
    plot::Plot,
};
use crate::{
    number,
    standard::{Indicator, Section},
    tables::shares,
};

pub(super) const CHART: Chart =
    Chart::new("shares", "chart.shares", Place::Strips, Draw::CountyIndicator(pictures));

/// The number of schools with a bar of their own; the others share one.
const MAX_SCHOOLS: usize = 20;
const ROW: f64 = 22.0;
const BAR: f64 = 14.0;
const SIZE: f64 = 12.0;
const NAMES: f64 = 210.0;
/// The column at the right, with the schools' values.
const VALUES: f64 = 150.0;
/// Space right of the longest bar, for its share.
const SHARE: f64 = 54.0;
/// The title states how many schools make up this part of the difference.
const HALF: f64 = 0.5;

/// A row of `shares` with a known share.
struct Share<'a> {
    row: shares::Row<'a>,
    share: f64,
}

impl<'a> Share<'a> {
    /// The name of the school; its code where it has none.
    fn school(&self) -> &'a str {
        name_or_code(self.row.school_name(), self.row.school_code())
    }
}

/// The largest share first.
fn read<'a>(county: &'a County, section: Section, indicator: &str) -> Vec<Share<'a>> {
    let rows = county.district.shares.rows();
    let rows = rows.filter(|row| row.section() == section && row.indicator() == indicator);
    let mut shares: Vec<Share> = rows.filter_map(|row| Some(Share { row, share: row.share()? })).collect();
    shares.sort_by(|a, b| b.share.total_cmp(&a.share));
    shares
}

fn pictures(county: &County, section: Section, indicator: &Indicator) -> Drawn {
    let (words, id, print) = (county.words, indicator.id.as_str(), &county.district.standard.print);
    let shares = read(county, section, id);
    let dispersion = county.dispersion(section, id);
    let (Some(dispersion), Some(largest)) = (dispersion, shares.first()) else { return Ok(Vec::new()) };
    let percent = |share: f64| number::fixed(Some(share * 100.0), print.percent) + "%";
    let mean = dispersion.mean();
    let short = county.short_title(id);
    // The fewest schools that make up half of the difference.
    let mut sum = 0.0;
    let few = shares.iter().take_while(|share| {
        let before = sum;
        sum += share.share;
        before < HALF
    });
    let few = few.count();
    let part: f64 = shares.iter().take(few).map(|share| share.share).sum();
    let args = [
        ("section", words.section(section.id())),
        ("indicator", short.clone()),
        ("cv", county.cv_text(dispersion.cv())),
        ("limit", limit_text(dispersion.limit())),
        ("k", few.to_string()),
        ("school", largest.school().to_string()),
        ("share", percent(part)),
    ];
    let title = words.fill(if few == 1 { "chart.shares.title_one" } else { "chart.shares.title" }, &args);
    let what = [
        ("section", county.section_name(section)),
        ("id", id.to_string()),
        ("indicator", county.district.title(id).to_string()),
    ];
    let frame = Frame::new(county, Kind::Shares, title, &what)?;
    let canvas = &frame.canvas;

    let (above, below) = (palette::MET, palette::GROUPS[1]);
    let symbols = [
        (Symbol::Box(Paint::fill(above)), format!("▲ {}", words.say("chart.shares.above"))),
        (Symbol::Hatched(Paint::fill(below)), format!("▼ {}", words.say("chart.shares.below"))),
        (Symbol::Box(Paint::fill(palette::AXIS)), words.say("chart.shares.others")),
    ];
    let symbols = &symbols[..if shares.len() > MAX_SCHOOLS { 3 } else { 2 }];
    let y = legend(canvas, symbols, frame.sides(), frame.top) + 26.0;

    let shown = &shares[..shares.len().min(MAX_SCHOOLS)];
    let rest = &shares[shown.len()..];
    let rows = shown.len() + usize::from(!rest.is_empty());
    let others: f64 = rest.iter().map(|share| share.share).sum();
    let widest = shown.iter().map(|share| canvas.font.width(share.school(), SIZE)).fold(60.0, f64::max);
    let names = (widest + 10.0).min(NAMES);
    let left = MARGIN + names;
    let rect = Rect::new(left, y, frame.right() - VALUES - left, rows as f64 * ROW);
    let longest = shown.iter().map(|share| share.share).fold(others, f64::max) * 100.0;
    let plot = Plot::new(canvas, rect, 0.0..longest * rect.width / (rect.width - SHARE), 0.0..rows as f64);
    plot.axis_x(6, &words.say("chart.shares.axis"));
    let column = [
        ("indicator", short),
        ("unit", words.unit(&indicator.unit)),
        ("mean", number::fixed(mean, print.mean)),
    ];
    let column = words.fill("chart.shares.column", &column);
    canvas.text(&column, (frame.right(), y - 12.0), Anchor::End, 11.5, FAINT);

    for (at, share) in shown.iter().enumerate() {
        let middle = y + (at as f64 + 0.5) * ROW;
        let (value, amount) = (share.row.value(), share.row.amount());
        let is_above = value.zip(mean).is_none_or(|(value, mean)| value >= mean);
        let colour = if is_above { above } else { below };
        let args = [
            ("school", share.school().to_string()),
            ("value", county.value_text(value, id)),
            ("mean", county.value_text(mean, id)),
            ("share", percent(share.share)),
            ("amount", number::needed(amount, &indicator.shortfall_unit, words)),
        ];
        let gets = amount.is_some_and(|amount| amount > 0.0);
        let tip = words.fill(if gets { "chart.shares.tip_amount" } else { "chart.shares.tip" }, &args);
        let data = [("school", share.row.school_code()), ("section", section.id()), ("indicator", id)];
        canvas.mark(&tip, &data, || {
            let name = fit(canvas.font, share.school(), SIZE, names - 8.0);
            canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, INK);
            bar(&plot, at, share.share, colour, !is_above);
            let text = percent(share.share);
            canvas.text(&text, (plot.x(share.share * 100.0) + 5.0, middle), Anchor::Start, SIZE, INK);
            let sign = if is_above { "▲" } else { "▼" };
            let value = format!("{sign} {}", number::fixed(value, print.value));
            canvas.text(&value, (frame.right(), middle), Anchor::End, SIZE, INK);
        });
    }
    if !rest.is_empty() {
        let middle = y + (shown.len() as f64 + 0.5) * ROW;
        let name = words.fill("chart.rest", &[("n", rest.len().to_string())]);
        canvas.text(&name, (left - 8.0, middle), Anchor::End, SIZE, FAINT);
        bar(&plot, shown.len(), others, palette::AXIS, false);
        let text = percent(others);
        canvas.text(&text, (plot.x(others * 100.0) + 5.0, middle), Anchor::Start, SIZE, INK);
    }
    let listed = shown.iter().map(|share| {
        let args = [("school", share.school().to_string()), ("share", percent(share.share))];
        words.fill("chart.shares.listed", &args)
    });
    let list = listed.collect::<Vec<_>>().join(&words.say("judge.comma"));
    frame.finish(&format!("{}-{id}", section.id()), &[("list", list)], rect.bottom() + 34.0)
}

fn bar(plot: &Plot, at: usize, share: f64, colour: RGBColor, is_hatched: bool) {
    plot.bar(at, (0.0, share * 100.0), BAR / ROW, colour);
    if is_hatched {
        let top = plot.rect.y + (at as f64 + 0.5) * ROW - BAR / 2.0;
        let width = plot.x(share * 100.0) - plot.rect.x;
        plot.canvas.hatch(Rect::new(plot.rect.x, top, width, BAR), PAPER, 7.0);
    }
}
