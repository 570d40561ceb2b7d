//! Units of cells, headers and facts, and their conversion.

use crate::dictionary::Fact;

/// A dimension, and the number of its base units (元, ㎡, one, %) in one of this unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    pub dimension: Dimension,
    pub factor: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Money,
    Area,
    Count,
    Percent,
    Year,
    Level,
    /// 万 or 千 alone, which multiply whatever the fact counts.
    Bare,
}

/// Parses folded text as a unit: 元, 万元, ㎡, 人 …; `None` if it is none.
pub fn unit(text: &str) -> Option<Unit> {
    let text = text.strip_prefix("单位:").unwrap_or(text);
    let (scale, base) = [("亿", 1e8), ("万", 1e4), ("千", 1e3), ("百", 1e2)]
        .into_iter()
        .find_map(|(prefix, scale)| Some((scale, text.strip_prefix(prefix)?)))
        .unwrap_or((1.0, text));
    let (dimension, factor) = match base {
        "" if scale > 1.0 => (Dimension::Bare, 1.0),
        "元" | "元人民币" | "rmb" | "yuan" => (Dimension::Money, 1.0),
        "㎡" => (Dimension::Area, 1.0),
        "亩" => (Dimension::Area, 2000.0 / 3.0),
        "公顷" => (Dimension::Area, 1e4),
        "人" | "名" | "位" | "个" | "班" | "间" | "室" | "台" | "套" | "台套" | "台/套" | "册" | "本"
        | "所" | "处" | "片" | "份" => (Dimension::Count, 1.0),
        "%" => (Dimension::Percent, 1.0),
        "年" | "学年" => (Dimension::Year, 1.0),
        "级" => (Dimension::Level, 1.0),
        _ => return None,
    };
    Some(Unit { dimension, factor: factor * scale })
}

/// The unit of a fact; `None` for text and yes/no.
pub fn unit_of(fact: &Fact) -> Option<Unit> {
    unit(&fact.unit)
}

/// Converts `value` from one unit to another; `None` if they have different dimensions. Divides where the result is
/// smaller, so that 1015400 元 is exactly the number nearest to 101.54 万元.
pub fn convert(value: f64, from: Unit, to: Unit) -> Option<f64> {
    if from.dimension == Dimension::Bare {
        // 3.2万 of money is 3.2 万元 whatever the fact's unit; of anything else it is the number.
        return Some(scale(
            value,
            from.factor,
            if to.dimension == Dimension::Money { to.factor } else { 1.0 },
        ));
    }
    (from.dimension == to.dimension).then(|| scale(value, from.factor, to.factor))
}

fn scale(value: f64, from: f64, to: f64) -> f64 {
    if from == to {
        value
    } else if from < to {
        value / (to / from)
    } else {
        value * (from / to)
    }
}
