//! Parts, their methods and the adjustments of scored items: a part of [`super::resolve`].

use super::{
    Adjustment, AdjustmentRule, Check, Compared, Method, Otherwise, Part, Setting, Text, raw,
    resolve::{Resolver, listed},
};

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
            let method = self.method(&part, &path, checks);
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

    fn method(&mut self, part: &raw::Part, path: &str, checks: &[Check]) -> Method {
        use raw::MethodKind as Kind;
        let kind = part.method.unwrap_or_default();
        // What belongs to another method would be read by nobody.
        for (key, given, belongs) in [
            (
                "check",
                part.check.is_some(),
                &[Kind::Threshold, Kind::Deduct, Kind::Tiers, Kind::Trend, Kind::Share][..],
            ),
            ("checks", part.checks.is_some(), &[Kind::Threshold]),
            ("otherwise", part.otherwise.is_some(), &[Kind::Threshold]),
            ("elements", part.elements.is_some(), &[Kind::Elements]),
            ("all", part.all.is_some(), &[Kind::Elements]),
            ("each", part.each.is_some(), &[Kind::Deduct]),
            ("counted", part.counted.is_some(), &[Kind::Deduct]),
            ("base", part.base.is_some(), &[Kind::Base]),
            ("fault", part.fault.is_some(), &[Kind::Base]),
            ("tiers", part.tiers.is_some(), &[Kind::Tiers, Kind::Threshold]),
            ("tier_names", part.tier_names.is_some(), &[Kind::Tiers]),
            ("none", part.none.is_some(), &[Kind::Tiers]),
            ("entered", part.entered.is_some(), &[Kind::Tiers, Kind::Share]),
            ("unit", part.unit.is_some(), &[Kind::Tiers]),
            ("better", part.better.is_some(), &[Kind::Tiers]),
            ("up", part.up.is_some(), &[Kind::Trend]),
            ("same", part.same.is_some(), &[Kind::Trend]),
            ("down", part.down.is_some(), &[Kind::Trend]),
            ("level", !part.level.is_empty(), &[Kind::Levels]),
        ] {
            if given && !belongs.contains(&kind) {
                let allowed: Vec<&str> = belongs.iter().map(|kind| kind.id()).collect();
                let problem = self
                    .error("standard_not_for_method", &format!("{path}.{key}"))
                    .with("key", key)
                    .with("method", kind.id())
                    .with("allowed", allowed.join(", "));
                self.problems.push(problem);
            }
        }
        let check = part.check.clone().map(|id| self.known_check(id, &format!("{path}.check"), checks));
        match kind {
            Kind::Office => Method::Office,
            Kind::Threshold => self.threshold(part, path, check, checks),
            Kind::Elements => {
                let elements = part.elements.clone().filter(|list| !list.is_empty());
                Method::Elements {
                    elements: self.need(elements, path, "elements"),
                    all: part.all.unwrap_or(false),
                }
            }
            Kind::Deduct => Method::Deduct {
                each: self.positive(part.each, path, "each"),
                counted: self.need(part.counted.clone(), path, "counted"),
                check,
            },
            Kind::Base => {
                Method::Base { share: self.share(part.base, path, "base"), fault: self.fault(part, path) }
            }
            Kind::Tiers => self.compared(part, path, check),
            Kind::Trend => {
                let point = |resolver: &mut Self, value: Option<f64>, key| {
                    let value = resolver.need(value, path, key);
                    resolver.between(value, 0.0, f64::MAX, path, key)
                };
                Method::Trend {
                    up: point(self, part.up, "up"),
                    same: point(self, part.same, "same"),
                    down: point(self, part.down, "down"),
                    check,
                }
            }
            Kind::Levels => {
                if part.level.is_empty() {
                    self.need(None::<()>, path, "level");
                }
                for (i, level) in part.level.iter().enumerate() {
                    let path = format!("{path}.level.{i}");
                    self.positive(Some(level.first), &path, "first");
                    self.between(level.more, 0.0, f64::MAX, &path, "more");
                }
                Method::Levels { levels: part.level.clone() }
            }
            Kind::Share => {
                let entered = match (&check, &part.entered) {
                    (None, None) => self.need(None, path, "entered"),
                    (_, entered) => entered.clone().unwrap_or_default(),
                };
                Method::Share { check, entered }
            }
        }
    }

    fn threshold(&mut self, part: &raw::Part, path: &str, check: Option<String>, checks: &[Check]) -> Method {
        let mut all: Vec<String> = check.into_iter().collect();
        for (i, id) in part.checks.iter().flatten().enumerate() {
            all.push(self.known_check(id.clone(), &format!("{path}.checks.{i}"), checks));
        }
        let otherwise = match (&part.otherwise, &part.tiers) {
            (Some(_), Some(_)) => {
                let problem = self
                    .error("standard_one_of_two", &format!("{path}.tiers"))
                    .with("one", "otherwise")
                    .with("other", "tiers");
                self.problems.push(problem);
                Otherwise::Office
            }
            (None, Some(tiers)) => Otherwise::Tiers(self.tiers(Some(tiers.clone()), path)),
            (Some(raw::Otherwise::Marked(_)), None) => Otherwise::Office,
            (Some(raw::Otherwise::Points(points)), None) => {
                Otherwise::Points(self.between(*points, 0.0, f64::MAX, path, "otherwise"))
            }
            (None, None) => Otherwise::Points(0.0),
        };
        Method::Threshold { checks: all, otherwise }
    }

    fn compared(&mut self, part: &raw::Part, path: &str, check: Option<String>) -> Method {
        let tiers = self.tiers(part.tiers.clone(), path);
        let names = part.tier_names.clone().unwrap_or_default();
        let none = part.none.unwrap_or(false);
        if !names.is_empty() && names.len() != tiers.len() + usize::from(none) && names.len() != tiers.len() {
            let problem = self
                .error("standard_tier_names", &format!("{path}.tier_names"))
                .with("found", names.len())
                .with("expected", tiers.len());
            self.problems.push(problem);
        }
        for (i, name) in names.iter().enumerate() {
            // What is chosen is told by its name or by its points.
            let again = names.iter().take(i).any(|before| before.trim() == name.trim());
            if again || name.trim().is_empty() || name.trim().parse::<f64>().is_ok() {
                let problem =
                    self.error("standard_tier_name", &format!("{path}.tier_names")).with("found", name);
                self.problems.push(problem);
            }
        }
        let unbound = part.better.is_some() && check.is_none() || part.unit.is_some();
        if unbound && part.entered.is_none() {
            self.need(None::<()>, path, "entered");
        }
        let by = match (check, &part.entered) {
            (Some(_), Some(_)) => {
                let problem = self
                    .error("standard_one_of_two", &format!("{path}.entered"))
                    .with("one", "check")
                    .with("other", "entered");
                self.problems.push(problem);
                Compared::Office
            }
            (Some(check), None) => Compared::Check(check),
            (None, Some(title)) => {
                let higher = part.better != Some(raw::Better::Lower);
                Compared::Entered { title: title.clone(), higher, percent: part.unit.is_some() }
            }
            (None, None) => Compared::Office,
        };
        Method::Tiers { tiers, names, none, by }
    }

    /// From the best down, none below zero.
    fn tiers(&mut self, written: Option<Vec<f64>>, path: &str) -> Vec<f64> {
        let tiers = self.need(written.filter(|tiers| !tiers.is_empty()), path, "tiers");
        if tiers.windows(2).any(|pair| pair[0] <= pair[1]) || tiers.iter().any(|tier| *tier < 0.0) {
            let found: Vec<String> = tiers.iter().map(f64::to_string).collect();
            let problem =
                self.error("standard_tiers_order", &format!("{path}.tiers")).with("found", found.join(", "));
            self.problems.push(problem);
        }
        tiers
    }

    fn known_check(&mut self, id: String, path: &str, checks: &[Check]) -> String {
        if !checks.iter().any(|check| check.id == id) {
            let problem = self
                .error("standard_unknown_check", path)
                .with("found", &id)
                .with("allowed", listed(checks.iter().map(|check| &check.id)));
            self.problems.push(problem);
        }
        id
    }

    fn fault(&mut self, part: &raw::Part, path: &str) -> Option<(f64, f64)> {
        let [least, most] = part.fault?;
        self.between(least, 0.0, most, path, "fault");
        Some((least, most))
    }

    fn positive(&mut self, value: Option<f64>, path: &str, key: &str) -> f64 {
        let value = self.need(value, path, key);
        self.between(value, 1e-9, f64::MAX, path, key)
    }

    fn share(&mut self, value: Option<f64>, path: &str, key: &str) -> f64 {
        let value = self.need(value, path, key);
        self.between(value, 0.0, 1.0, path, key)
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
            // Their answers share one name space: <item>.<id>.
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

/// Whether a text says nothing at all.
pub(super) fn is_blank(text: &Text) -> bool {
    text.zh.trim().is_empty()
}
