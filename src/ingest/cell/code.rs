//! Codes of schools, of districts and of the closed lists, without what programs put around them.

use super::{half_width, narrow};

/// The content of a cell without the marks that keep a text a text: `="2143009001"` of web systems, a leading apostrophe,
/// control characters and blanks at the ends.
pub fn bare(text: &str) -> &str {
    let mut rest = trimmed(text);
    if let Some(formula) = rest.strip_prefix(['=', '＝'])
        && let Some(quoted) = trimmed(formula).strip_prefix('"').and_then(|t| t.strip_suffix('"'))
    {
        rest = trimmed(quoted);
    }
    trimmed(rest.trim_start_matches(['\'', '＇', '‘', '’', '`']))
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| narrow(c).is_none())
}

/// A code: at half width, without marks and blanks around it and without the `.0` of a program that took it for a number.
/// Letters and blanks within it are kept, except in the ten digits of 学校标识码, which are printed in groups.
pub fn code(text: &str) -> String {
    let inner = bare(text).trim_matches(['\'', '"', '“', '”', '‘', '’', '`']);
    let mut code = String::with_capacity(inner.len());
    let mut blank = false;
    for c in inner.chars() {
        match c {
            c if c.is_whitespace() => blank = !code.is_empty(),
            c if narrow(c).is_none() => {}
            c => {
                if std::mem::take(&mut blank) {
                    code.push(' ');
                }
                code.push(half_width(c));
            }
        }
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((whole, zeros)) = code.split_once('.')
        && digits(whole)
        && zeros.bytes().all(|b| b == b'0')
    {
        code.truncate(whole.len());
    }
    if code.contains(' ') {
        let joined: String = code.chars().filter(|c| *c != ' ').collect();
        if joined.len() == 10 && digits(&joined) {
            return joined;
        }
    }
    code
}

/// The six digits of GB/T 2260, which longer codes of a district begin with: 43059900, and the nine or twelve digits of
/// 统计用区划代码.
pub fn district(code: &str) -> String {
    let whole = self::code(code);
    let digits = whole.bytes().all(|b| b.is_ascii_digit());
    let cut = digits && (matches!(whole.len(), 9 | 12) || whole.len() == 8 && whole.ends_with("00"));
    if cut { whole[..6].to_string() } else { whole }
}

/// Whether digits of the code were lost: 2.14E+09.
pub fn is_scientific(code: &str) -> bool {
    code.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        (mantissa.contains('.') || exponent.starts_with('+'))
            && mantissa.parse::<f64>().is_ok()
            && exponent.trim_start_matches('+').parse::<u8>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lose_what_stands_around_them() {
        for written in [
            "2143009001",
            "=\"2143009001\"",
            "= \"2143009001\" ",
            "'2143009001",
            "'2143009001'",
            "‘2143009001",
            "\"2143009001\"",
            "\u{1f}2143009001",
            "2143009001\u{1f}",
            "\u{feff}2143009001\u{200b}",
            "2143009001.0",
            "2143009001.00",
            "２１４３００９００１",
            " 2143009001\u{3000}",
            "2143 009 001",
            "=\"2143009001.0\"",
        ] {
            assert_eq!(code(written), "2143009001", "{written:?}");
        }
        // What distinguishes codes of other systems stays.
        for written in ["A 12", "12 3", "1 23", "370-012", "B.0", "1.5", "00017.1", "0012", "x'y", "1.2.0"] {
            assert_eq!(code(written), written);
        }
    }

    #[test]
    fn one_district_has_one_code() {
        for written in
            ["430599", "43059900", "430599000", "430599000000", "430599.0", "'430599", "430599000000.0"]
        {
            assert_eq!(district(written), "430599", "{written}");
        }
        for other in ["43059912", "4305", "青河县", "1721000", "43059900A"] {
            assert_eq!(district(other), other);
        }
    }

    #[test]
    fn codes_that_lost_their_digits() {
        for lost in ["2.14E+09", "2.14e9", "2E+09", "2.143009E+9"] {
            assert!(is_scientific(lost), "{lost}");
        }
        for code in ["12E5", "E5", "A1E+2", "2143009001", "1E"] {
            assert!(!is_scientific(code), "{code}");
        }
    }
}
