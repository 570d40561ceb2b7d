//! Gaps of the items whose value is a mean of CVs.

use super::{Duty, Gap, Work, gap};
use crate::{
    number,
    standard::Comparison,
    tables::{Status, judged::JudgedComposite},
};

impl Work<'_> {
    /// Means over their limits, with the ways to lower them, and means that are unknown.
    pub(super) fn composite_gaps(&self, groups: &[usize]) -> Vec<Gap> {
        let found = groups.iter().flat_map(|&g| self.composites[g].iter().map(move |found| (g, found)));
        found.filter_map(|(g, found)| self.composite_gap(g, found)).collect()
    }

    fn composite_gap(&self, group: usize, found: &JudgedComposite) -> Option<Gap> {
        let item = &self.standard.items[found.item];
        let of = &self.groups[group];
        let mut gap = Duty::of_item(item).gap(&of.district_code, of.year);
        gap.section = Some(of.section);
        gap.required = found.limit;
        match (found.status, found.value, found.limit) {
            (Status::Missing, ..) => gap.distance = -1.0,
            (Status::Unmet, Some(value), Some(limit)) => {
                gap.current = Some(value);
                gap.shortfall = Some(value - limit);
                gap.unit = number::CV.into();
                gap.distance = gap::distance(gap.current, gap.required, Comparison::AtMost);
                let parts = self.parts(group, found);
                let excess = gap::composite::excess(value, limit, parts.len());
                let mut lines =
                    gap::composite::told(&parts, excess, self.standard.print.cv, of.section, self.words);
                lines.splice(0..0, gap.measures.lines().map(str::to_string));
                gap.measures = lines.join("\n");
            }
            _ => return None,
        }
        Some(gap)
    }

    /// The indicators whose CVs make up the mean.
    fn parts(&self, group: usize, found: &JudgedComposite) -> Vec<gap::composite::Part<'_>> {
        let crate::standard::Rule::Composite { indicators, .. } = &self.standard.items[found.item].rule
        else {
            return Vec::new();
        };
        let of = |id: &String| {
            let k = self.standard.indicators.iter().position(|indicator| indicator.id == *id)?;
            let judged = self.dispersions[group].iter().find(|judged| judged.indicator == k)?;
            let indicator = &self.standard.indicators[k];
            let (cv, members) = (judged.dispersion?.cv, self.counted(group, k));
            Some(gap::composite::Part { indicator, cv, members })
        };
        indicators.iter().filter_map(of).collect()
    }
}
