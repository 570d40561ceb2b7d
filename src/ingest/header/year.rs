//! The year that a title or a name tells: 2025学年, 2025-2026学年, 2025年, 2025; in Taiwan also 110學年度.
//!
//! Many numbers look like a year and are none of the data: the number of a document (〔2023〕5号), a span (2010—2020), a
//! date or deadline (2025年9月30日前), a time before or after a year (2016年及之前). They are passed over.

use crate::ingest::cell::fold;

/// How plainly a year is named, from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// 2025.
    Number,
    /// 2025年.
    Year,
    /// 2025学年, 2025学年度, 2025年度.
    SchoolYear,
}

/// The year that texts name most plainly; of equally plain ones the first. With an `offset` also years of another era
/// (110學年度 + 1911).
pub fn year_in<'a>(texts: impl IntoIterator<Item = &'a str>, offset: Option<i32>) -> Option<i32> {
    let mut best: Option<(Named, i32)> = None;
    for (named, year) in texts.into_iter().flat_map(|text| years(text, offset)) {
        if best.is_none_or(|(before, _)| named > before) {
            best = Some((named, year));
        }
    }
    best.map(|(_, year)| year)
}

/// All years of a text that can be the year of its data.
fn years(text: &str, offset: Option<i32>) -> Vec<(Named, i32)> {
    let folded = fold(text);
    let chars: Vec<char> = folded.chars().collect();
    let digits_at = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let digits = digits_at(at);
        if digits == 0 {
            at += 1;
            continue;
        }
        let (before, after) = (&chars[..at], &chars[at + digits..]);
        at += digits;
        let number: String = chars[at - digits..at].iter().collect();
        let Ok(number) = number.parse::<i32>() else { continue };
        let joined = before.last().is_some_and(|c| c.is_ascii_alphanumeric() || *c == '.')
            || after.first().is_some_and(char::is_ascii_alphabetic);
        let named = named(after);
        let year = match offset {
            Some(offset) if digits <= 3 && named > Named::Number => number + offset,
            _ if digits == 4 => number,
            _ => continue,
        };
        if joined || !(1950..=2100).contains(&year) || is_of_a_document(after) || is_a_date(after) {
            continue;
        }
        match span(after) {
            // 2025-2026学年 is the school year 2025.
            Some((Some(second), rest)) if digits == 4 => {
                at = chars.len() - rest.len();
                if second == year + 1 {
                    found.push((self::named(rest), year));
                }
            }
            Some((None, _)) => {}
            _ if is_before_or_after(before, after) => {}
            _ => found.push((named, year)),
        }
    }
    found
}

fn starts(text: &[char], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| word.chars().count() <= text.len() && word.chars().zip(text).all(|(a, b)| a == *b))
}

fn ends(text: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| text.ends_with(&word.chars().collect::<Vec<_>>()))
}

fn named(after: &[char]) -> Named {
    match () {
        () if starts(after, &["学年", "學年", "年度"]) => Named::SchoolYear,
        () if starts(after, &["年"]) => Named::Year,
        () => Named::Number,
    }
}

/// `(2023)5号`, as 〔2023〕5号 is folded; 2023年5号, 2023第5号.
fn is_of_a_document(after: &[char]) -> bool {
    let rest: Vec<char> = after.iter().copied().skip_while(|c| matches!(c, ')' | '年' | '第')).collect();
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    (rest.len() < after.len()) && digits > 0 && rest.get(digits) == Some(&'号')
}

/// 年9月, -09-30, .9.30, /9: a day or month, not a year's data.
fn is_a_date(after: &[char]) -> bool {
    let Some(separator) = after.first().filter(|c| matches!(c, '年' | '-' | '.' | '/')) else {
        return false;
    };
    let rest = &after[1..];
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let next = rest.get(digits);
    match separator {
        '年' => (1..=2).contains(&digits) && next == Some(&'月'),
        // 2025-26学年 is a school year.
        '-' => (1..=2).contains(&digits) && !next.is_some_and(|c| matches!(c, '学' | '學')),
        _ => (1..=2).contains(&digits),
    }
}

/// `-2020`, 年-2020年, 至2020年: the second year of a span and what follows it; `None` for the year if it is open (至今).
fn span(after: &[char]) -> Option<(Option<i32>, &[char])> {
    let rest = match after {
        ['年', rest @ ..] | rest => rest,
    };
    let rest = match rest {
        ['-' | '至' | '到', rest @ ..] => rest,
        _ => return None,
    };
    if starts(rest, &["今", "-"]) {
        return Some((None, rest));
    }
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits != 4 {
        return None;
    }
    let second: String = rest[..digits].iter().collect();
    Some((second.parse().ok(), &rest[digits..]))
}

/// 2016年及之前, 2025年前, 2020年以来, 截至2025年底.
fn is_before_or_after(before: &[char], after: &[char]) -> bool {
    let rest = match after {
        ['年', '度', rest @ ..] | ['年', rest @ ..] | rest => rest,
    };
    const LATER: [&str; 13] =
        ["及以", "及之", "以前", "之前", "以后", "之后", "以来", "以上", "以下", "始建", "建成", "前", "后"];
    const EDGES: [&str; 4] = ["起", "底", "末", "初"];
    // 2025年初中情况 and 2025年前进小学 name a section and a school.
    const OTHER_WORDS: [&str; 8] = ["初中", "初级", "初等", "前进", "前锋", "前哨", "后勤", "起点"];
    let is_time = (starts(rest, &LATER) || starts(rest, &EDGES)) && !starts(rest, &OTHER_WORDS);
    is_time || ends(before, &["截至", "截止", "截止到", "自", "从", "到"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_the_data() {
        for (text, year) in [
            ("2025学年小学学校基本情况", 2025),
            ("2025-2026学年", 2025),
            ("２０２５—２０２６学年度第一学期", 2025),
            ("2025-26学年", 2025),
            ("县_2024年", 2024),
            ("青河县2025年义务教育学校基本情况表", 2025),
            ("学校情况（2025）", 2025),
            ("2025年初中情况", 2025),
            ("2025年前进小学", 2025),
            ("附件：青政教督〔2023〕5号 2025年度学校情况", 2025),
            ("2024年建设规划 2025学年学校情况", 2025),
            ("2025", 2025),
        ] {
            assert_eq!(year_in([text], None), Some(year), "{text}");
        }
        assert_eq!(year_in(["110 學年度 SY2021-2022"], Some(1911)), Some(2021));
        assert_eq!(year_in(["2023年统计", "2025学年度报表"], None), Some(2025));
    }

    #[test]
    fn numbers_that_are_no_year_of_the_data() {
        for text in [
            "附件2：青政教督〔2023〕5号",
            "教督2017〕6号",
            "国发[2010]第12号",
            "2010—2020年规划",
            "2010年至2020年",
            "2019年至今",
            "请于2025年9月30日前报送",
            "填表日期：2025-09-30",
            "2025.9.30",
            "2016年及之前",
            "2010年前建成",
            "2020年以来新建",
            "截至2024年底",
            "2024年初统计",
            "110 學年度",
            "代码430503",
            "A2025",
        ] {
            assert_eq!(year_in([text], None), None, "{text}");
        }
    }
}
