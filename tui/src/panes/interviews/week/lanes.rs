//! Interviews side by side where they would lie on the same rows. Pure.
//!
//! Invariant: in a column one's own come first, in the leftmost lane; nobody lies over anybody; a
//! block is as wide as the lanes beside it are free.

use std::ops::Range;

/// Who comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// One takes part oneself.
    Mine,
    Others,
    /// What is cancelled makes room.
    Cancelled,
}

/// A stretch of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Which interview, by its place in the list.
    pub(crate) at: usize,
    pub(crate) column: u16,
    /// Rows, or minutes.
    pub(crate) rows: Range<u16>,
    pub(crate) rank: Rank,
    pub(crate) lane: u16,
    /// Lanes it reaches over.
    pub(crate) wide: u16,
    /// Lanes of all that touch it.
    pub(crate) lanes: u16,
}

impl Block {
    pub(crate) fn new(at: usize, column: u16, rows: Range<u16>, rank: Rank) -> Self {
        Self {
            at,
            column,
            rows,
            rank,
            lane: 0,
            wide: 1,
            lanes: 1,
        }
    }

    fn touches(&self, other: &Self) -> bool {
        self.rows.start < other.rows.end && other.rows.start < self.rows.end
    }
}

/// Gives each block its lane.
pub(crate) fn arrange(blocks: &mut [Block]) {
    blocks.sort_by_key(|it| (it.column, it.rows.start, it.rows.end, it.at));
    let mut rest = blocks;
    while !rest.is_empty() {
        let (together, after) = rest.split_at_mut(touching(rest));
        together.sort_by_key(|it| (it.rank, it.rows.start, it.rows.end, it.at));
        share(together);
        rest = after;
    }
}

/// How many blocks from the first one on touch each other, one by one; at least that one.
fn touching(blocks: &[Block]) -> usize {
    let mut end = 0;
    let mut count = 0;
    for block in blocks {
        if count > 0 && (block.column != blocks[0].column || block.rows.start >= end) {
            break;
        }
        end = end.max(block.rows.end);
        count += 1;
    }
    count
}

fn share(together: &mut [Block]) {
    let mut lanes = 0;
    for at in 0..together.len() {
        let (placed, rest) = together.split_at_mut(at);
        let block = &mut rest[0];
        let taken = |lane| placed.iter().any(|it| it.lane == lane && it.touches(block));
        let free = (0..lanes).find(|lane| !taken(*lane));
        block.lane = free.unwrap_or(lanes);
        lanes = lanes.max(block.lane + 1);
    }
    for at in 0..together.len() {
        let block = &together[at];
        let in_the_way = together
            .iter()
            .filter(|it| it.lane > block.lane && it.touches(block));
        let until = in_the_way.map(|it| it.lane).min().unwrap_or(lanes);
        let wide = until - block.lane;
        together[at].wide = wide;
        together[at].lanes = lanes;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From, to, whose; then which lane, how wide, of how many.
    type Given = (u16, u16, Rank);
    type Found = (u16, u16, u16);

    fn arranged(stretches: &[Given]) -> Vec<Found> {
        let blocks = stretches.iter().zip(0..);
        let mut blocks: Vec<_> = blocks
            .map(|((from, to, rank), at)| Block::new(at, 0, *from..*to, *rank))
            .collect();
        arrange(&mut blocks);
        blocks.sort_by_key(|it| it.at);
        let found = blocks.iter().map(|it| (it.lane, it.wide, it.lanes));
        found.collect()
    }

    #[test]
    fn panels_lie_side_by_side_with_ones_own_first() {
        let (mine, theirs, gone) = (Rank::Mine, Rank::Others, Rank::Cancelled);
        let table: [(&str, &[Given], &[Found]); 7] = [
            ("alone", &[(0, 2, theirs)], &[(0, 1, 1)]),
            (
                "one after the other",
                &[(0, 2, theirs), (2, 4, mine)],
                &[(0, 1, 1), (0, 1, 1)],
            ),
            (
                "at once",
                &[(0, 2, theirs), (1, 3, theirs)],
                &[(0, 1, 2), (1, 1, 2)],
            ),
            (
                "mine begins later and is first all the same",
                &[(0, 2, theirs), (1, 3, mine)],
                &[(1, 1, 2), (0, 1, 2)],
            ),
            (
                "what is cancelled comes last",
                &[(0, 2, gone), (1, 3, theirs)],
                &[(1, 1, 2), (0, 1, 2)],
            ),
            (
                "a lane that is free again is used again",
                &[(0, 4, mine), (0, 2, theirs), (2, 4, theirs)],
                &[(0, 1, 2), (1, 1, 2), (1, 1, 2)],
            ),
            (
                "nobody beside it: over both lanes",
                &[(0, 4, mine), (0, 2, theirs), (0, 2, theirs), (2, 4, theirs)],
                &[(0, 1, 3), (1, 1, 3), (2, 1, 3), (1, 2, 3)],
            ),
        ];
        for (name, stretches, expected) in table {
            assert_eq!(arranged(stretches), expected, "{name}");
        }
    }

    const RANKS: [Rank; 3] = [Rank::Mine, Rank::Others, Rank::Cancelled];

    proptest! {
        #[test]
        fn nobody_lies_over_anybody(stretches in prop::collection::vec((0_u16..3, 0_u16..40, 1_u16..10, 0_usize..3), 0..30)) {
            let blocks = stretches.iter().zip(0..);
            let mut blocks: Vec<_> = blocks
                .map(|((column, from, long, rank), at)| Block::new(at, *column, *from..from + long, RANKS[*rank]))
                .collect();
            arrange(&mut blocks);
            for (at, one) in blocks.iter().enumerate() {
                prop_assert!(one.wide > 0 && one.lane + one.wide <= one.lanes);
                for other in &blocks[..at] {
                    let apart = one.lane + one.wide <= other.lane || other.lane + other.wide <= one.lane;
                    prop_assert!(one.column != other.column || !one.touches(other) || apart, "{one:?} {other:?}");
                }
            }
        }
    }
}
