//! A chart of one's own: the sports area per pupil of every primary section by its number of pupils, drawn with
//! plotters from a table of the library.
//!
//! ```sh
//! cargo run --example own_chart                           # writes own_chart.svg
//! cargo run --example own_chart 全县.xlsx 图.svg
//! ```

use std::error::Error;

use junheng::{
    notebook::{Facts, Section},
    tables::measures,
};
use plotters::prelude::*;
use plotters_svg::SVGBackend;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| "data/demo/大祥区.xlsx".into());
    let picture = arguments.next().unwrap_or_else(|| "own_chart.svg".into());
    std::fs::write(picture, chart(&file)?)?;
    Ok(())
}

/// The chart as SVG.
pub fn chart(file: &str) -> Result<String, Box<dyn Error>> {
    let judged = Facts::read([file])?.assess("quality-balance-2017")?;
    // Checked once here; from now on the compiler knows every column.
    let table = measures::Frame::new(judged.measures())?;
    let sports = || table.rows().filter(|row| row.section() == Section::Primary && row.indicator() == "L5");
    let points: Vec<(f64, f64)> =
        sports().filter_map(|row| Some((row.denominator()?, row.value()?))).collect();
    let threshold = sports().find_map(|row| row.threshold()).ok_or("the standard has no threshold for L5")?;
    draw(&points, threshold)
}

fn draw(points: &[(f64, f64)], threshold: f64) -> Result<String, Box<dyn Error>> {
    let pupils = points.iter().map(|point| point.0).fold(0.0, f64::max) * 1.05;
    let area = points.iter().map(|point| point.1).fold(threshold, f64::max) * 1.05;
    let mut svg = String::new();
    {
        let page = SVGBackend::with_string(&mut svg, (720, 420)).into_drawing_area();
        page.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&page)
            .caption("小学：生均体育运动场馆面积与学校规模", ("sans-serif", 20))
            .margin(16)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..pupils, 0.0..area)?;
        chart.configure_mesh().x_desc("在校生（人）").y_desc("㎡/人").draw()?;
        chart.draw_series([PathElement::new([(0.0, threshold), (pupils, threshold)], RED)])?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, BLUE.mix(0.6).filled())))?;
        page.present()?;
    }
    Ok(svg)
}
