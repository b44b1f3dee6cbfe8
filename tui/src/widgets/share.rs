//! Cells shared among columns by what is in them.

/// Cells for columns side by side: what each wants where all have room, else what wants little has
/// it whole, and the others share the rest evenly.
pub(crate) fn share<const N: usize>(room: usize, wanted: [usize; N]) -> [usize; N] {
    let mut order: [usize; N] = std::array::from_fn(|at| at);
    order.sort_by_key(|at| wanted[*at]);
    let mut cells = [0; N];
    let mut left = room;
    for (done, at) in order.into_iter().enumerate() {
        // The last of them has what the others leave over by rounding.
        cells[at] = wanted[at].min(left / (N - done));
        left -= cells[at];
    }
    cells
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_short_is_whole_and_the_long_ones_share() {
        assert_eq!(share(60, [20, 18, 12]), [20, 18, 12]);
        assert_eq!(share(40, [20, 18, 6]), [17, 17, 6]);
        assert_eq!(share(30, [26, 4, 40]), [13, 4, 13]);
        assert_eq!(share(31, [26, 4, 40]), [13, 4, 14]);
        assert_eq!(share(0, [1, 2, 3]), [0, 0, 0]);
    }

    proptest! {
        /// No column gets more than it wants, all together not more than there is, and where one
        /// goes short nothing is left over.
        #[test]
        fn nothing_is_left_over_beside_what_is_cut(room in 0_usize..200, wanted: [u8; 4]) {
            let wanted = wanted.map(usize::from);
            let cells = share(room, wanted);
            let all: usize = cells.iter().sum();
            prop_assert!(all <= room);
            prop_assert!(cells.iter().zip(wanted).all(|(cells, wanted)| *cells <= wanted));
            prop_assert!(cells == wanted || all == room);
        }
    }
}
