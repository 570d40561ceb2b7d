//! Suggestions for a misspelt name: keys, ids, settings, schools.

/// Up to three of `known`, nearest first; names that differ in more than half of their letters are left out.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ranked: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| (distance(found, name), name))
        .filter(|(distance, name)| 2 * distance <= name.chars().count().max(found.chars().count()))
        .collect();
    ranked.sort();
    ranked.dedup();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The Levenshtein distance in characters.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            *cell = (corner + usize::from(x != *y)).min(above + 1).min(left + 1);
            corner = above;
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!((distance("", "ab"), distance("ab", ""), distance("ab", "ab")), (2, 2, 0));
        assert_eq!(distance("一小", "第一小学"), 2);
        assert_eq!(nearest("student", ["students", "teachers", "satisfaction"]), ["students"]);
        assert!(nearest("x", ["students"]).is_empty());
    }
}
