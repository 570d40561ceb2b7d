//! Who checks, and which places are checked, drawn by lot: the same list, number and seed give the same draw on every
//! machine (内蒙古 第十条 随机抽取自治区督学, 阿合奇 实施方案五.3 随机抽调督学和专家、随机抽查).

use std::collections::BTreeMap;

use crate::chance::Chance;

/// One entry of the list that is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The group of the list whose share of the draw is that of its size; the same for all if there are no groups.
    pub group: String,
    /// Whether it must not be drawn (回避).
    pub excluded: bool,
}

/// Draws `count` of the candidates: for each, its place in the order drawn, from 1, or `None`. With several groups,
/// each is drawn from in proportion to its candidates ([`quotas`]). If fewer than `count` may be drawn, all of them are.
///
/// All are shuffled (Fisher and Yates), then taken in that order while the quota of their group lasts, so that within a
/// group every choice is equally likely.
pub fn draw(candidates: &[Candidate], count: usize, seed: u64) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..candidates.len()).filter(|&at| !candidates[at].excluded).collect();
    let mut left = quotas(&order.iter().map(|&at| candidates[at].group.as_str()).collect::<Vec<_>>(), count);
    let mut chance = Chance::new(seed);
    for at in (1..order.len()).rev() {
        order.swap(at, chance.integer(0, at as i64) as usize);
    }
    let mut drawn = vec![None; candidates.len()];
    let mut place = 0;
    for at in order {
        if let Some(left) = left.get_mut(candidates[at].group.as_str())
            && *left > 0
        {
            *left -= 1;
            place += 1;
            drawn[at] = Some(place);
        }
    }
    drawn
}

/// How many each group gives of `count`, in proportion to its size: the whole part of its share, and what is left over
/// goes to the largest remainders, of equal ones to the larger group and then to the one whose name comes first.
fn quotas<'a>(groups: &[&'a str], count: usize) -> BTreeMap<&'a str, usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for group in groups {
        *sizes.entry(group).or_default() += 1;
    }
    let (count, all) = (count.min(groups.len()) as u128, groups.len().max(1) as u128);
    let share = |size: usize| count * size as u128;
    let mut quotas: BTreeMap<&str, usize> =
        sizes.iter().map(|(group, &size)| (*group, (share(size) / all) as usize)).collect();
    let mut by_remainder: Vec<(&str, usize)> = sizes.into_iter().collect();
    by_remainder.sort_by_key(|&(group, size)| (std::cmp::Reverse((share(size) % all, size)), group));
    let left = count as usize - quotas.values().sum::<usize>();
    for (group, _) in by_remainder.into_iter().take(left) {
        *quotas.entry(group).or_default() += 1;
    }
    quotas
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(groups: &[(&str, usize)]) -> Vec<Candidate> {
        let of = |&(group, size): &(&str, usize)| {
            std::iter::repeat_n(Candidate { group: group.to_string(), excluded: false }, size)
        };
        groups.iter().flat_map(of).collect()
    }

    #[test]
    fn groups_give_in_proportion_to_their_size() {
        let quotas = |groups: &[(&str, usize)], count| {
            let list = list(groups);
            let names: Vec<&str> = list.iter().map(|one| one.group.as_str()).collect();
            quotas(&names, count).into_values().collect::<Vec<_>>()
        };
        // 10 of 100: 6, 3 and 1 exactly.
        assert_eq!(quotas(&[("a", 60), ("b", 30), ("c", 10)], 10), [6, 3, 1]);
        // 10 of 17: 10/17 · 7 = 4.118, · 6 = 3.529, · 4 = 2.353; the one left over goes to 0.529.
        assert_eq!(quotas(&[("a", 7), ("b", 6), ("c", 4)], 10), [4, 4, 2]);
        // 1 of 4 equal groups: 0.25 each; of equal remainders and sizes the first name.
        assert_eq!(quotas(&[("a", 2), ("b", 2), ("c", 2), ("d", 2)], 1), [1, 0, 0, 0]);
        // 3 of 6: 0.5 of 1, 1 of 2 and 1.5 of 3; the remainders 0.5 are equal, the larger group has it.
        assert_eq!(quotas(&[("a", 1), ("b", 2), ("c", 3)], 3), [0, 1, 2]);
        assert_eq!(quotas(&[("a", 1), ("b", 2)], 9), [1, 2]);
        assert_eq!(quotas(&[], 3), [0; 0]);
    }

    #[test]
    fn the_draw_of_a_seed_is_fixed() {
        let drawn = draw(&list(&[("", 8)]), 3, 2026);
        // A list of eight: the fourth, then the seventh, then the third.
        assert_eq!(drawn, [None, None, Some(3), Some(1), None, None, Some(2), None]);
    }

    #[test]
    fn everybody_is_drawn_about_as_often() {
        // 3 of 10 in 10,000 draws: 3,000 each, with a standard deviation of √(10,000 · 0.3 · 0.7) = 46.
        let list = list(&[("", 10)]);
        let mut times = [0; 10];
        for seed in 0..10_000 {
            for (times, drawn) in times.iter_mut().zip(draw(&list, 3, seed)) {
                *times += i32::from(drawn.is_some());
            }
        }
        assert!(times.iter().all(|times| (2_800..3_200).contains(times)), "{times:?}");
    }

    proptest! {
        #[test]
        fn a_draw_takes_what_it_may_and_no_more(
            candidates in prop::collection::vec((0..4u8, prop::bool::weighted(0.2)), 0..60),
            count in 0..70usize,
            seed in any::<u64>(),
        ) {
            let list: Vec<Candidate> = candidates
                .iter()
                .map(|&(group, excluded)| Candidate { group: group.to_string(), excluded })
                .collect();
            let drawn = draw(&list, count, seed);
            prop_assert_eq!(&drawn, &draw(&list, count, seed));
            let allowed = list.iter().filter(|one| !one.excluded).count();
            let mut places: Vec<usize> = drawn.iter().flatten().copied().collect();
            places.sort_unstable();
            prop_assert_eq!(places, (1..=count.min(allowed)).collect::<Vec<_>>());
            prop_assert!(list.iter().zip(&drawn).all(|(one, drawn)| !one.excluded || drawn.is_none()));
            // No group is more than one away from its exact share.
            for group in 0..4u8 {
                let of = |one: &Candidate| !one.excluded && one.group == group.to_string();
                let size = list.iter().filter(|one| of(one)).count();
                let taken = list.iter().zip(&drawn).filter(|(one, drawn)| of(one) && drawn.is_some()).count();
                let share = count.min(allowed) as f64 * size as f64 / allowed.max(1) as f64;
                prop_assert!((taken as f64 - share).abs() < 1.0, "{taken} of {share}");
            }
        }
    }
}
