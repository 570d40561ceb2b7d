//! Where things stand on a picture: boxes, texts that fit, labels that keep apart.

use super::font::Font;

/// A box in pixels, y downwards.
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
    /// With this much more on every side.
    pub fn grown(&self, by: f64) -> Rect {
        Rect::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }
    /// Whether more than their edges are common.
    pub fn meets(&self, other: &Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
    pub fn holds(&self, other: &Rect) -> bool {
        other.x >= self.x
            && other.right() <= self.right()
            && other.y >= self.y
            && other.bottom() <= self.bottom()
    }
}

/// Without what cannot stand in an SVG or turns the reading direction; line breaks and tabs are blanks.
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

/// The text, or as much of its beginning as fits the width, with `…`.
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

/// Never at the beginning of a line.
fn clings(c: char) -> bool {
    "，。、；：？！）》」』”’…%％,.;:?!)]}㎡".contains(c)
}

/// Never at the end of a line.
fn opens(c: char) -> bool {
    "（《「『“‘([{".contains(c)
}

/// Chinese, where a line may end after any character.
fn wide(c: char) -> bool {
    c as u32 >= 0x2e80
}

/// Whether a line may end between the two.
fn breaks(before: char, after: char) -> bool {
    if clings(after) || opens(before) {
        return false;
    }
    before == ' ' || wide(before) || wide(after)
}

/// In lines of this width, at most so many: the last one ends with `…` where there is more.
pub fn wrap(font: &Font, text: &str, size: f64, width: f64, most: usize) -> Vec<String> {
    let text = clean(text);
    let characters: Vec<char> = text.trim().chars().collect();
    let mut lines: Vec<String> = Vec::new();
    let mut start = 0;
    while let Some(rest) = characters.get(start..).filter(|rest| !rest.is_empty()) {
        if lines.len() + 1 >= most {
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
            let whole = |&at: &usize| matches!(rest.get(at - 1..=at), Some(&[before, after]) if breaks(before, after));
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

/// The same number of lines as [`wrap`] makes, as even as they get: no single word or character on the last.
pub fn balanced(font: &Font, text: &str, size: f64, width: f64, most: usize) -> Vec<String> {
    let whole = wrap(font, text, size, width, most);
    // What is cut short stays as long as it is.
    if whole.len() < 2 || whole.last().is_some_and(|line| line.ends_with('…')) {
        return whole;
    }
    if let ([_, _], Some(parts)) = (&whole[..], at_pause(font, &clean(text), size, width)) {
        return parts;
    }
    // Never so narrow that a word is cut.
    let words = text.split(|c: char| c == ' ' || wide(c));
    let widest = words.map(|word| font.width(word, size)).fold(0.0, f64::max);
    let steps = (1..=20).map(|step| width * (1.0 - f64::from(step) * 0.025)).filter(|width| *width >= widest);
    let even = steps
        .map(|width| wrap(font, text, size, width, most + 1))
        .take_while(|lines| lines.len() == whole.len());
    even.last().unwrap_or(whole)
}

/// In two lines that part where a reader pauses; `None` where that leaves them too uneven.
fn at_pause(font: &Font, text: &str, size: f64, width: f64) -> Option<Vec<String>> {
    let pauses = text.char_indices().filter(|(_, c)| "，；：,;:".contains(*c)).filter_map(|(at, c)| {
        let (first, second) = text.split_at(at + c.len_utf8());
        // A comma within a number is none.
        let parts = breaks(c, second.chars().next()?) || c.is_ascii() && second.starts_with(' ');
        let (first, second) = (first.trim(), second.trim());
        let (a, b) = (font.width(first, size), font.width(second, size));
        let even = a.max(b) <= width && a.min(b) >= 0.4 * a.max(b);
        (parts && even).then_some((first, second, (a - b).abs()))
    });
    let (first, second, _) = pauses.min_by(|a, b| a.2.total_cmp(&b.2))?;
    Some(vec![first.to_string(), second.to_string()])
}

/// The positions moved as little as keeps them `gap` apart and within the bounds, in their order. Where there is no
/// room for all of them at that distance they share what room there is.
pub fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let count = wanted.len();
    if count == 0 {
        return Vec::new();
    }
    let gap = if count > 1 { gap.min((high - low) / (count - 1) as f64) } else { gap };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    // Neighbours that collide become one block, which stands where its members want to be on the mean.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let placed = |(sum, count): (f64, usize)| {
        let span = (count - 1) as f64 * gap;
        (sum / count as f64 - span / 2.0).clamp(low, (high - span).max(low))
    };
    for &at in &order {
        let mut block = (wanted[at], 1);
        while let Some(&before) = blocks.last() {
            if placed(before) + before.1 as f64 * gap <= placed(block) {
                break;
            }
            blocks.pop();
            block = (before.0 + block.0, before.1 + block.1);
        }
        blocks.push(block);
    }
    let mut out = vec![0.0; count];
    let mut members = order.into_iter();
    for block in blocks {
        for i in 0..block.1 {
            if let Some(at) = members.next() {
                out[at] = placed(block) + i as f64 * gap;
            }
        }
    }
    out
}

/// Where labels may still stand: what is taken grows with every label placed.
#[derive(Debug, Clone)]
pub struct Room {
    bounds: Rect,
    taken: Vec<Rect>,
}

impl Room {
    pub fn new(bounds: Rect) -> Room {
        Room { bounds, taken: Vec::new() }
    }

    pub fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    pub fn is_free(&self, rect: &Rect) -> bool {
        self.bounds.holds(rect) && !self.taken.iter().any(|taken| taken.meets(rect))
    }

    /// The first free place for a label of this size round a point, and takes it; `None` where there is none.
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
    fn labels_keep_their_distance_and_order() {
        let placed = spread(&[10.0, 11.0, 50.0, 9.0], 5.0, (0.0, 100.0));
        assert_eq!(placed, [10.0, 15.0, 50.0, 5.0]);
        assert_eq!(spread(&[99.0, 100.0], 5.0, (0.0, 100.0)), [95.0, 100.0]);
        // No room for three at this distance.
        assert_eq!(spread(&[1.0, 1.0, 1.0], 50.0, (0.0, 10.0)), [0.0, 5.0, 10.0]);
        assert!(spread(&[], 5.0, (0.0, 1.0)).is_empty());
    }

    #[test]
    fn a_label_without_room_is_not_placed() {
        let mut room = Room::new(Rect::new(0.0, 0.0, 30.0, 12.0));
        assert!(room.place((5.0, 6.0), 2.0, (20.0, 10.0)).is_some());
        assert!(room.place((5.0, 6.0), 2.0, (20.0, 10.0)).is_none());
    }
}
