//! Portrait: a district's CVs by year against their limits.

use super::{
    PortraitView,
    cv_panel::HEIGHT,
    cv_years::{draw, finding},
};
use crate::{
    chart::{
        Drawn, Kind,
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject},
    },
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("portrait-trend", "chart.annual.cv", Place::Portrait, Draw::Portrait(pictures));

fn pictures(view: &PortraitView, section: Section) -> Drawn {
    let all = view.series(section);
    let Some(title) = finding(&view.annual, view.district_and_section(section), &all) else {
        return Ok(Vec::new());
    };
    let args = [("section", view.section_name(section))];
    let frame = Frame::with_what(view, Kind::PortraitTrend, title, "what_district", &args)?;
    // Lower panels on half a page.
    draw(&view.annual, frame, section, &all, 0.7 * HEIGHT, &[("district", view.code())])
}
