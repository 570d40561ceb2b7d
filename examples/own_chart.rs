//! A chart of one's own: the sports area per pupil of every primary section against its number of pupils, drawn with
//! plotters from a table of the library.
//!
//! ```sh
//! cargo run --example own_chart                           # writes own_chart.svg
//! cargo run --example own_chart 全县.xlsx 图.svg
//! ```

use std::error::Error;

use junheng::notebook::{DataFrame, Facts, rows};
use plotters::{prelude::*, style::register_font};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| "data/demo/大祥区.xlsx".into());
    let picture = arguments.next().unwrap_or_else(|| "own_chart.svg".into());
    std::fs::write(picture, chart(&file)?)?;
    Ok(())
}

/// The chart as SVG.
pub fn chart(file: &str) -> Result<String, Box<dyn Error>> {
    let measures = Facts::read([file])?.assess("quality-balance-2017")?.measures();
    let sports = rows(&measures, &[("section", "primary"), ("indicator", "L5")])?;
    draw(&points(&sports)?, sports.column("threshold")?.f64()?.get(0).unwrap_or(0.0))
}

/// Pupils and value of each school that has both.
fn points(measures: &DataFrame) -> Result<Vec<(f64, f64)>, Box<dyn Error>> {
    let (pupils, values) = (measures.column("denominator")?.f64()?, measures.column("value")?.f64()?);
    Ok(pupils.iter().zip(values.iter()).filter_map(|(pupils, value)| Some((pupils?, value?))).collect())
}

fn draw(points: &[(f64, f64)], threshold: f64) -> Result<String, Box<dyn Error>> {
    // plotters measures texts with the font that it is given.
    register_font("sans-serif", FontStyle::Normal, include_bytes!("../data/fonts/NotoSansSC-Regular.otf"))
        .map_err(|_| "the font cannot be read")?;
    let most = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(threshold, f64::max) * 1.05;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (720, 420)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption("小学：生均体育运动场馆面积与学校规模", ("sans-serif", 20))
            .margin(16)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..most(|point| point.0), 0.0..most(|point| point.1))?;
        chart.configure_mesh().x_desc("在校生（人）").y_desc("㎡/人").draw()?;
        chart.draw_series(LineSeries::new([(0.0, threshold), (most(|point| point.0), threshold)], &RED))?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, BLUE.mix(0.6).filled())))?;
        area.present()?;
    }
    Ok(svg)
}
