//! Stretches of time as whole seconds since 1970, half open.
//!
//! Owns sums, differences and overlaps of such lists. Invariant: a list that leaves this room is in
//! order, and its ranges are neither empty nor touch each other. Must not know what a range means.

use std::ops::Range;

/// From a second up to another.
pub type Seconds = Range<i64>;

/// The same time in as few ranges as there can be.
#[must_use]
pub fn merged(mut ranges: Vec<Seconds>) -> Vec<Seconds> {
    ranges.retain(|it| it.start < it.end);
    // Lists mostly come in order, or as some in order one after the other: the stable sort knows.
    ranges.sort_by_key(|it| it.start);
    let mut merged: Vec<Seconds> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// What is in one of two merged lists.
#[must_use]
pub fn either(one: &[Seconds], other: &[Seconds]) -> Vec<Seconds> {
    let mut either: Vec<Seconds> = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let next = match (one.peek(), other.peek()) {
            (Some(a), Some(b)) if a.start <= b.start => one.next(),
            (_, Some(_)) => other.next(),
            (Some(_), None) => one.next(),
            (None, None) => return either,
        };
        let Some(range) = next else { return either };
        match either.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => either.push(range.clone()),
        }
    }
}

/// What is in both of two merged lists.
#[must_use]
pub fn common(one: &[Seconds], other: &[Seconds]) -> Vec<Seconds> {
    let (mut at, mut beside) = (0, 0);
    let mut common = Vec::new();
    while let (Some(a), Some(b)) = (one.get(at), other.get(beside)) {
        let both = a.start.max(b.start)..a.end.min(b.end);
        if both.start < both.end {
            common.push(both);
        }
        match a.end <= b.end {
            true => at += 1,
            false => beside += 1,
        }
    }
    common
}

/// What is in the merged list `ranges` and not in the merged list `left_out`.
#[must_use]
pub fn without(ranges: &[Seconds], left_out: &[Seconds]) -> Vec<Seconds> {
    let mut rest = Vec::with_capacity(ranges.len() + left_out.len());
    let mut at = 0;
    for range in ranges {
        let mut from = range.start;
        while left_out.get(at).is_some_and(|it| it.end <= from) {
            at += 1;
        }
        let mut next = at;
        while let Some(out) = left_out.get(next).filter(|it| it.start < range.end) {
            if from < out.start {
                rest.push(from..out.start);
            }
            from = from.max(out.end);
            next += 1;
        }
        if from < range.end {
            rest.push(from..range.end);
        }
    }
    rest
}

/// The range of a merged list that holds a moment.
#[must_use]
pub fn around(ranges: &[Seconds], moment: i64) -> Option<&Seconds> {
    let after = ranges.partition_point(|it| it.start <= moment);
    let range = ranges.get(after.checked_sub(1)?)?;
    (moment < range.end).then_some(range)
}

/// Whether one range of a merged list holds all of `part`.
#[must_use]
pub fn hold(ranges: &[Seconds], part: &Seconds) -> bool {
    around(ranges, part.start).is_some_and(|it| part.end <= it.end)
}

/// Whether a range of a merged list has a part of `part`.
#[must_use]
pub fn touch(ranges: &[Seconds], part: &Seconds) -> bool {
    let ended = ranges.partition_point(|it| it.end <= part.start);
    ranges.get(ended).is_some_and(|it| it.start < part.end)
}

/// How many seconds a merged list has.
#[must_use]
pub fn total(ranges: &[Seconds]) -> i64 {
    ranges.iter().map(|it| it.end - it.start).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list() -> impl Strategy<Value = Vec<Seconds>> {
        let range = (0i64..60, 0i64..12).prop_map(|(start, length)| start..start + length);
        proptest::collection::vec(range, 0..12)
    }

    fn has(ranges: &[Seconds], second: i64) -> bool {
        ranges.iter().any(|it| it.contains(&second))
    }

    proptest! {
        /// Second by second, without the functions of this room.
        #[test]
        fn lists_are_what_counting_seconds_finds(one in list(), other in list(), part in (0i64..60, 1i64..12)) {
            let (a, b) = (merged(one.clone()), merged(other.clone()));
            let (both, rest, any) = (common(&a, &b), without(&a, &b), either(&a, &b));
            for second in 0..80 {
                let (in_one, in_other) = (has(&one, second), has(&other, second));
                prop_assert_eq!(has(&a, second), in_one);
                prop_assert_eq!(has(&both, second), in_one && in_other);
                prop_assert_eq!(has(&rest, second), in_one && !in_other);
                prop_assert_eq!(has(&any, second), in_one || in_other);
                prop_assert_eq!(around(&a, second).is_some(), in_one);
            }
            for list in [&a, &both, &rest] {
                prop_assert!(list.iter().all(|it| it.start < it.end));
                prop_assert!(list.windows(2).all(|pair| pair[0].end <= pair[1].start));
            }
            for list in [&a, &any] {
                prop_assert!(list.windows(2).all(|pair| pair[0].end < pair[1].start));
            }
            let part = part.0..part.0 + part.1;
            prop_assert_eq!(hold(&a, &part), part.clone().all(|second| has(&one, second)));
            prop_assert_eq!(touch(&a, &part), part.clone().any(|second| has(&one, second)));
            prop_assert_eq!(total(&a), (0..80).filter(|second| has(&one, *second)).count() as i64);
        }
    }
}
