//! The remark of 表Ⅱ-2: 哪几项指标达标，哪几项指标达到 85 %.

use crate::words::Words;

/// The result of one indicator of a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Met,
    /// Not met, but at or above the floor.
    Floor,
    Below,
    /// Not met, under a standard without floors.
    Unmet,
    Missing,
    /// The standard has no threshold for the indicator.
    NotJudged,
}

/// `达标6项：L7、L8 …；达到85%：L12`. `marks` are the indicators in the table's order, `first` the number of
/// their first column, `floor` the share of the threshold that the rest must reach.
pub fn remark(marks: &[Mark], first: usize, floor: Option<f64>, words: &Words) -> String {
    let of = |wanted: Mark| {
        let columns = marks.iter().enumerate().filter(|(_, mark)| **mark == wanted);
        let names: Vec<String> = columns.map(|(i, _)| format!("L{}", first + i)).collect();
        let joined = names.join(&words.say("form.remark.comma"));
        (names.len(), joined)
    };
    let judged = marks.iter().filter(|mark| **mark != Mark::NotJudged).count();
    if judged == 0 {
        return String::new();
    }
    let (met, which) = of(Mark::Met);
    if met == judged {
        return words.fill("form.remark.all", &[("count", judged.to_string())]);
    }
    let floor = floor.map_or(String::new(), |floor| super::page::printed(100.0 * floor, 0));
    let mut said = Vec::new();
    if met > 0 {
        said.push(words.fill("form.remark.met", &[("count", met.to_string()), ("which", which)]));
    } else if marks.iter().any(|mark| matches!(mark, Mark::Floor | Mark::Below | Mark::Unmet)) {
        said.push(words.say("form.remark.none"));
    }
    for (mark, key) in
        [(Mark::Floor, "floor"), (Mark::Below, "below"), (Mark::Unmet, "unmet"), (Mark::Missing, "missing")]
    {
        let (count, which) = of(mark);
        if count > 0 {
            let args = [("which", which), ("floor", floor.clone()), ("count", count.to_string())];
            said.push(words.fill(&format!("form.remark.{key}"), &args));
        }
    }
    said.join(&words.say("form.remark.semicolon"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn said(marks: &[Mark], floor: Option<f64>) -> String {
        remark(marks, 7, floor, &Words::load(Language::Chinese).unwrap())
    }

    #[test]
    fn which_are_met_and_which_reach_the_floor() {
        use Mark::*;
        assert_eq!(said(&[Met; 7], Some(0.85)), "7项全部达标");
        assert_eq!(
            said(&[Met, Met, Met, Met, Met, Floor, Met], Some(0.85)),
            "达标6项：L7、L8、L9、L10、L11、L13；达到85%：L12"
        );
        assert_eq!(
            said(&[Met, Missing, Below, Met, Met, Floor, Met], Some(0.85)),
            "达标4项：L7、L10、L11、L13；达到85%：L12；低于85%：L9；缺数据：L8"
        );
        assert_eq!(said(&[Below, Unmet], None), "没有一项达标；低于%：L7；未达标：L8");
        assert_eq!(said(&[Missing, Missing], Some(0.85)), "缺数据：L7、L8", "unknown is not unmet");
        assert_eq!(said(&[NotJudged, Missing], None), "缺数据：L8");
        assert_eq!(said(&[NotJudged, NotJudged], Some(0.85)), "");
        assert_eq!(said(&[], None), "");
    }

    #[test]
    fn an_indicator_that_is_not_judged_is_not_counted() {
        use Mark::*;
        assert_eq!(said(&[Met, NotJudged], Some(0.85)), "1项全部达标");
    }
}
