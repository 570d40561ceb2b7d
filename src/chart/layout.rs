//! Layout: rectangles, texts that fit a width, free places for labels.

use super::font::Font;

/// A rectangle in pixels, y downwards.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect { x, y, width, height }
    }
    pub fn right(&self) -> f64 {
        self.x + self.width
    }
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
    pub fn middle(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
    /// The rectangle with this much more on every side.
    pub fn grown(&self, by: f64) -> Rect {
        Rect::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }
    /// Whether the two share more than their edges.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
    pub fn contains(&self, other: &Rect) -> bool {
        other.x >= self.x
            && other.right() <= self.right()
            && other.y >= self.y
            && other.bottom() <= self.bottom()
    }
}

/// The text without characters that an SVG cannot have or that change the reading direction. Line breaks and tabs become
/// blanks.
pub fn clean(text: &str) -> String {
    let kept = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if c.is_control() => None,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => None,
        '\u{fffe}' | '\u{ffff}' | '\u{feff}' => None,
        c => Some(c),
    });
    kept.collect()
}

/// The text, or the part of its beginning that fits the width, with `…`.
pub fn fit(font: &Font, text: &str, size: f64, width: f64) -> String {
    let text = clean(text);
    if font.width(&text, size) <= width {
        return text;
    }
    let mut kept = String::new();
    let mut used = font.width("…", size);
    for c in text.chars() {
        used += font.advance(c) * size / font.em();
        if used > width {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// A character that must not begin a line.
fn is_closing(c: char) -> bool {
    "，。、；：？！）》」』”’…%％,.;:?!)]}㎡".contains(c)
}

/// A character that must not end a line.
fn is_opening(c: char) -> bool {
    "（《「『“‘([{".contains(c)
}

/// A Chinese character: a line may end after any of them.
fn is_chinese(c: char) -> bool {
    c as u32 >= 0x2e80
}

/// Whether a line may end between the two characters.
fn may_break(before: char, after: char) -> bool {
    if is_closing(after) || is_opening(before) {
        return false;
    }
    before == ' ' || is_chinese(before) || is_chinese(after)
}

/// The text in at most `max_lines` lines of this width. The last line ends with `…` where the text is longer.
pub fn wrap(font: &Font, text: &str, size: f64, width: f64, max_lines: usize) -> Vec<String> {
    let text = clean(text);
    let characters: Vec<char> = text.trim().chars().collect();
    let mut lines: Vec<String> = Vec::new();
    let mut start = 0;
    while let Some(rest) = characters.get(start..).filter(|rest| !rest.is_empty()) {
        if lines.len() + 1 >= max_lines {
            lines.push(fit(font, &rest.iter().collect::<String>(), size, width));
            break;
        }
        let mut used = 0.0;
        let fitting = rest.iter().take_while(|&&c| {
            used += font.advance(c) * size / font.em();
            used <= width
        });
        let fitting = fitting.count();
        let end = if fitting == rest.len() {
            fitting
        } else {
            let whole = |&at: &usize| matches!(rest.get(at - 1..=at), Some(&[before, after]) if may_break(before, after));
            // A word longer than the line is cut where the line ends.
            (1..=fitting).rev().find(whole).unwrap_or(fitting.max(1))
        };
        let line: String = rest.iter().take(end).collect();
        lines.push(line.trim().to_string());
        start += end;
        while characters.get(start) == Some(&' ') {
            start += 1;
        }
    }
    lines
}

/// The text in as many lines as [`wrap`] makes, but of lengths as equal as possible, so that no single word or character
/// stands on the last line.
pub fn balanced(font: &Font, text: &str, size: f64, width: f64, max_lines: usize) -> Vec<String> {
    let whole = wrap(font, text, size, width, max_lines);
    // A text that is cut stays as it is.
    if whole.len() < 2 || whole.last().is_some_and(|line| line.ends_with('…')) {
        return whole;
    }
    if let ([_, _], Some(parts)) = (&whole[..], at_pause(font, &clean(text), size, width)) {
        return parts;
    }
    // A line must not be so narrow that a word is cut.
    let words = text.split(|c: char| c == ' ' || is_chinese(c));
    let widest = words.map(|word| font.width(word, size)).fold(0.0, f64::max);
    let steps = (1..=20).map(|step| width * (1.0 - f64::from(step) * 0.025)).filter(|width| *width >= widest);
    let even = steps
        .map(|width| wrap(font, text, size, width, max_lines + 1))
        .take_while(|lines| lines.len() == whole.len());
    even.last().unwrap_or(whole)
}

/// The text in two lines that part at a punctuation mark; `None` where their lengths would differ too much.
fn at_pause(font: &Font, text: &str, size: f64, width: f64) -> Option<Vec<String>> {
    let pauses = text.char_indices().filter(|(_, c)| "，；：,;:".contains(*c)).filter_map(|(at, c)| {
        let (first, second) = text.split_at(at + c.len_utf8());
        // A comma inside a number is not a pause.
        let parts = may_break(c, second.chars().next()?) || c.is_ascii() && second.starts_with(' ');
        let (first, second) = (first.trim(), second.trim());
        let (a, b) = (font.width(first, size), font.width(second, size));
        let even = a.max(b) <= width && a.min(b) >= 0.4 * a.max(b);
        (parts && even).then_some((first, second, (a - b).abs()))
    });
    let (first, second, _) = pauses.min_by(|a, b| a.2.total_cmp(&b.2))?;
    Some(vec![first.to_string(), second.to_string()])
}

/// The places that are still free for labels. Every label that is placed takes its own.
#[derive(Debug, Clone)]
pub struct FreeSpace {
    bounds: Rect,
    taken: Vec<Rect>,
}

impl FreeSpace {
    pub fn new(bounds: Rect) -> FreeSpace {
        FreeSpace { bounds, taken: Vec::new() }
    }

    pub fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    fn is_free(&self, rect: &Rect) -> bool {
        self.bounds.contains(rect) && !self.taken.iter().any(|taken| taken.overlaps(rect))
    }

    /// Finds and takes the first free place for a label of this size near a point; `None` where there is none.
    pub fn place(&mut self, (x, y): (f64, f64), away: f64, (width, height): (f64, f64)) -> Option<Rect> {
        let rings = (0..4).map(|ring| away + f64::from(ring) * height * 0.8);
        let places = rings.flat_map(|away| {
            let beside = away + 2.0;
            [
                (x + beside, y - height / 2.0),
                (x - beside - width, y - height / 2.0),
                (x - width / 2.0, y - away - height),
                (x - width / 2.0, y + away),
                (x + beside * 0.7, y - away * 0.7 - height),
                (x - beside * 0.7 - width, y - away * 0.7 - height),
                (x + beside * 0.7, y + away * 0.7),
                (x - beside * 0.7 - width, y + away * 0.7),
            ]
        });
        let rect = places.map(|(x, y)| Rect::new(x, y, width, height)).find(|rect| self.is_free(rect))?;
        self.take(rect);
        Some(rect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::font::font;

    #[test]
    fn lines_end_where_chinese_and_english_allow() {
        let font = font().unwrap();
        assert_eq!(wrap(font, "小学体育，音乐", 10.0, 40.0, 9), ["小学体", "育，音乐"]);
        assert_eq!(wrap(font, "sports space per pupil", 10.0, 55.0, 9), ["sports", "space per", "pupil"]);
        assert_eq!(wrap(font, "均衡均衡均衡", 10.0, 25.0, 2), ["均衡", "均…"]);
        assert_eq!(balanced(font, "均衡均衡均衡均", 10.0, 60.0, 2), ["均衡均衡", "均衡均"]);
        assert_eq!(
            balanced(font, "三个系数超过上限，最高 1,234.5", 10.0, 100.0, 2),
            ["三个系数超过上限，", "最高 1,234.5"]
        );
        assert_eq!(balanced(font, "Teaching rooms", 10.0, 50.0, 2), ["Teaching", "rooms"]);
        assert_eq!(wrap(font, "", 10.0, 25.0, 2), Vec::<String>::new());
        // Narrower than a character.
        assert_eq!(wrap(font, "均衡", 10.0, 1.0, 9), ["均", "衡"]);
        assert_eq!(fit(font, "a\u{0}\u{202e}b", 10.0, 100.0), "ab");
    }

    #[test]
    fn a_label_without_room_is_not_placed() {
        let mut room = FreeSpace::new(Rect::new(0.0, 0.0, 30.0, 12.0));
        assert!(room.place((5.0, 6.0), 2.0, (20.0, 10.0)).is_some());
        assert!(room.place((5.0, 6.0), 2.0, (20.0, 10.0)).is_none());
    }
}
