//! Parts and adjustments of scored items: a part of [`super::resolve`].

use super::{Adjustment, AdjustmentRule, Check, Part, Setting, Text, method, raw, resolver::Resolver};

impl Resolver<'_> {
    pub(super) fn parts(
        &mut self,
        written: Vec<raw::Part>,
        path: &str,
        offices: &[String],
        checks: &[Check],
        settings: &[Setting],
    ) -> Vec<Part> {
        let each = |(i, part): (usize, raw::Part)| {
            let path = format!("{path}.part.{i}");
            let method = method::read(&part, &path, checks, self);
            Part {
                title: self.need(part.title, &path, "title"),
                offices: part.offices.unwrap_or_else(|| offices.to_vec()),
                only: self.only(part.only, &path, settings),
                points: part.points,
                id: part.id,
                method,
            }
        };
        written.into_iter().enumerate().map(each).collect()
    }

    fn positive(&mut self, value: Option<f64>, path: &str, key: &str) -> f64 {
        let value = self.need(value, path, key);
        self.between(value, 1e-9, f64::MAX, path, key)
    }

    pub(super) fn adjustments(
        &mut self,
        written: Vec<raw::Adjust>,
        path: &str,
        offices: &[String],
        parts: &[Part],
        settings: &[Setting],
    ) -> Vec<Adjustment> {
        let each = |(i, adjust): (usize, raw::Adjust)| {
            let path = format!("{path}.adjust.{i}");
            // Their answers share one namespace: <item>.<id>.
            if parts.iter().any(|part| part.id == adjust.id) || adjust.id == "check" {
                let problem =
                    self.error("standard_adjust_id", &format!("{path}.id")).with("found", &adjust.id);
                self.problems.push(problem);
            }
            let rule = self.adjustment(&adjust, &path);
            Adjustment {
                title: self.need(adjust.title, &path, "title"),
                offices: adjust.offices.unwrap_or_else(|| offices.to_vec()),
                only: self.only(adjust.only, &path, settings),
                id: adjust.id,
                rule,
            }
        };
        written.into_iter().enumerate().map(each).collect()
    }

    fn adjustment(&mut self, adjust: &raw::Adjust, path: &str) -> AdjustmentRule {
        use raw::AdjustKind as Kind;
        if adjust.kind.is_none() {
            self.need(None::<()>, path, "kind");
        }
        let kind = adjust.kind.unwrap_or(Kind::Zero);
        for (key, given, belongs) in [
            ("each", adjust.each.is_some(), Kind::Deduct),
            ("counted", adjust.counted.is_some(), Kind::Deduct),
            ("least", adjust.least.is_some(), Kind::Deduct),
            ("most", adjust.most.is_some(), Kind::Deduct),
            ("points", adjust.points.is_some(), Kind::Cap),
            ("share", adjust.share.is_some(), Kind::Cap),
        ] {
            if given && belongs != kind {
                let problem = self
                    .error("standard_not_for_kind", &format!("{path}.{key}"))
                    .with("key", key)
                    .with("kind", shown(kind))
                    .with("allowed", shown(belongs));
                self.problems.push(problem);
            }
        }
        match kind {
            Kind::Zero => AdjustmentRule::Zero,
            Kind::Precondition => AdjustmentRule::Precondition,
            Kind::Veto => AdjustmentRule::Veto,
            Kind::Cap => {
                if adjust.points.is_none() == adjust.share.is_none() {
                    let problem =
                        self.error("standard_one_of_two", path).with("one", "points").with("other", "share");
                    self.problems.push(problem);
                }
                if let Some(share) = adjust.share {
                    self.between(share, 0.0, 1.0, path, "share");
                }
                if let Some(points) = adjust.points {
                    self.between(points, 0.0, f64::MAX, path, "points");
                }
                AdjustmentRule::Cap { points: adjust.points, share: adjust.share }
            }
            Kind::Deduct => match (adjust.each, adjust.least, adjust.most) {
                (Some(each), None, None) => {
                    self.positive(Some(each), path, "each");
                    match &adjust.counted {
                        Some(counted) => AdjustmentRule::Counted { each, counted: counted.clone() },
                        None => AdjustmentRule::Once { each },
                    }
                }
                (None, Some(least), Some(most)) => {
                    if adjust.counted.is_some() {
                        self.need(None::<()>, path, "each");
                    }
                    self.between(least, 0.0, most, path, "least");
                    AdjustmentRule::Range { least, most }
                }
                _ => {
                    let problem = self
                        .error("standard_one_of_two", path)
                        .with("one", "each")
                        .with("other", "least, most");
                    self.problems.push(problem);
                    AdjustmentRule::Once { each: 0.0 }
                }
            },
        }
    }
}

fn shown(kind: raw::AdjustKind) -> &'static str {
    match kind {
        raw::AdjustKind::Deduct => "deduct",
        raw::AdjustKind::Zero => "zero",
        raw::AdjustKind::Precondition => "precondition",
        raw::AdjustKind::Cap => "cap",
        raw::AdjustKind::Veto => "veto",
    }
}

/// Whether a text is empty.
pub(super) fn is_blank(text: &Text) -> bool {
    text.zh.trim().is_empty()
}
