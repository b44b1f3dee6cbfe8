//! ★ Whom of a line a wake looks at: few, however many wait, and others each time.
//!
//! Owns the order of a look. Invariants: nobody of a class is passed over for one behind them who is
//! served, but for who was looked at in vain; of a class at most [`OF_A_CLASS`] are looked at in vain,
//! and of at most [`CLASSES`] of them; a sweep looks at [`SWEPT`] whatever they are. The first of each
//! class is its front, which has waited longest; the second turns, so that one who is held up by
//! something of their own holds up nobody for ever.

use std::collections::{HashMap, HashSet};

use greenroom_protocol::id::OutreachId;

use crate::index::{InLine, LineOrder};

/// Those in line who are read at its front.
pub(super) const FRONT: usize = 64;

/// Those in line who are read where the last look ended.
pub(super) const WINDOW: usize = 500;

/// Of one class, those who are looked at in vain.
const OF_A_CLASS: usize = 2;

/// Classes that are looked at in vain.
const CLASSES: usize = 8;

/// Of them, those of the front.
const CLASSES_OF_THE_FRONT: usize = 4;

/// Those whom a sweep looks at in vain.
const SWEPT: usize = 50;

/// What people in line may differ in, for whom the same times are free: the clock of their nights
/// and weekends, and what they wish. How long the interview is, the stage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// Seconds that their clock is ahead of UTC.
    pub offset: i32,
    /// Whether their weekend is Friday and Saturday.
    pub friday: bool,
    /// A digest of what they wish; 0: nothing.
    pub wishes: u64,
}

/// Why a line is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Something has changed.
    Wake,
    /// Some time has passed: a wake may have been lost.
    Sweep,
}

/// One look at a line.
pub(super) struct Turn {
    look: Look,
    front: std::vec::IntoIter<(InLine, Class)>,
    window: std::vec::IntoIter<(InLine, Class)>,
    in_front: bool,
    looked: HashSet<OutreachId>,
    in_vain: HashMap<Class, usize>,
    /// Whether the window reaches the end of the line.
    is_last: bool,
    /// The last of the window, and the last of it that was looked at.
    end: Option<LineOrder>,
    cursor: Option<LineOrder>,
}

impl Turn {
    /// Over the front of a line and those behind where the last look ended.
    pub fn new(look: Look, front: Vec<(InLine, Class)>, window: Vec<(InLine, Class)>) -> Self {
        Self {
            look,
            in_front: true,
            looked: HashSet::new(),
            in_vain: HashMap::new(),
            is_last: window.len() < WINDOW,
            end: window.last().map(|(it, _)| it.order),
            cursor: None,
            front: front.into_iter(),
            window: window.into_iter(),
        }
    }

    /// Who is looked at next.
    pub fn next(&mut self) -> Option<(InLine, Class)> {
        while let Some((entry, class)) = self.following() {
            if self.looked.contains(&entry.id()) || !self.has_room(class) {
                continue;
            }
            self.looked.insert(entry.id());
            if !self.in_front {
                self.cursor = Some(entry.order);
            }
            return Some((entry, class));
        }
        None
    }

    fn following(&mut self) -> Option<(InLine, Class)> {
        if let Some(next) = self.front.next() {
            return Some(next);
        }
        self.in_front = false;
        self.window.next()
    }

    fn has_room(&self, class: Class) -> bool {
        if self.look == Look::Sweep && !self.in_front {
            return self.in_vain.values().sum::<usize>() < SWEPT;
        }
        let (of_a_class, classes) = match self.in_front {
            true => (1, CLASSES_OF_THE_FRONT),
            false => (OF_A_CLASS, CLASSES),
        };
        match self.in_vain.get(&class) {
            Some(count) => *count < of_a_class,
            None => self.in_vain.len() < classes,
        }
    }

    /// Nothing was found for who was looked at last.
    pub fn in_vain(&mut self, class: Class) {
        *self.in_vain.entry(class).or_default() += 1;
    }

    /// How many were looked at.
    pub fn looked(&self) -> usize {
        self.looked.len()
    }

    /// Behind whom the next look begins; `None`: at the front.
    pub fn ends(self) -> Option<LineOrder> {
        match self.cursor {
            None if self.is_last => None,
            None => self.end,
            Some(_) if self.is_last && self.cursor == self.end => None,
            Some(cursor) => Some(cursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::CandidateId;

    use super::*;

    /// A line in which the class of each is its number modulo `classes`.
    fn line(many: i64, classes: i64) -> Vec<(InLine, Class)> {
        let entry = |number: i64| {
            let class = Class {
                offset: i32::try_from(number % classes).expect("small"),
                friday: false,
                wishes: 0,
            };
            let order = (4, number, OutreachId::new());
            let candidate = CandidateId::new();
            (
                InLine {
                    order,
                    candidate,
                    zone: None,
                    wishes: 0,
                },
                class,
            )
        };
        (0..many).map(entry).collect()
    }

    fn window(line: &[(InLine, Class)], after: Option<LineOrder>) -> Vec<(InLine, Class)> {
        let behind = line.iter().filter(|(it, _)| Some(it.order) > after);
        behind.take(WINDOW).cloned().collect()
    }

    /// A look at which nothing is found for anybody: whom it looks at, and where it ends.
    fn in_vain(
        look: Look,
        line: &[(InLine, Class)],
        after: Option<LineOrder>,
    ) -> (Vec<i64>, Option<LineOrder>) {
        let front = line.iter().take(FRONT).cloned().collect();
        let mut turn = Turn::new(look, front, window(line, after));
        let mut numbers = Vec::new();
        while let Some((entry, class)) = turn.next() {
            numbers.push(entry.order.1);
            turn.in_vain(class);
        }
        assert_eq!(turn.looked(), numbers.len());
        (numbers, turn.ends())
    }

    #[test]
    fn of_ten_thousand_alike_a_wake_looks_at_two_and_at_others_each_time() {
        let line = line(10_000, 1);
        let mut after = None;
        for second in 1..=20 {
            let (looked, ends) = in_vain(Look::Wake, &line, after);
            assert_eq!(looked, [0, second]);
            after = ends;
        }
    }

    #[test]
    fn of_many_classes_eight_are_looked_at_and_all_of_them_in_turn() {
        let line = line(10_000, 40);
        let (mut after, mut seen) = (None, HashSet::new());
        for _ in 0..60 {
            let (looked, ends) = in_vain(Look::Wake, &line, after);
            assert!(looked.len() <= OF_A_CLASS * CLASSES, "{looked:?}");
            assert_eq!(looked[0], 0);
            seen.extend(looked.iter().map(|number| number % 40));
            after = ends;
        }
        assert_eq!(seen.len(), 40);
    }

    #[test]
    fn a_sweep_looks_at_fifty_and_goes_round_the_line() {
        let line = line(120, 3);
        let (looked, ends) = in_vain(Look::Sweep, &line, None);
        assert_eq!(looked.len(), SWEPT);
        let (again, ends) = in_vain(Look::Sweep, &line, ends);
        assert!(again.contains(&60) && !again.contains(&20), "{again:?}");
        let (_, ends) = in_vain(Look::Sweep, &line, ends);
        let (round, _) = in_vain(Look::Sweep, &line, ends);
        assert!(round.contains(&20), "{round:?}");
    }

    #[test]
    fn those_who_are_served_are_served_in_their_order() {
        let line = line(200, 5);
        let front = line.iter().take(FRONT).cloned().collect();
        let mut turn = Turn::new(Look::Wake, front, window(&line, None));
        let mut numbers = Vec::new();
        while let Some((entry, _)) = turn.next() {
            numbers.push(entry.order.1);
        }
        assert_eq!(numbers, (0..200).collect::<Vec<_>>());
        assert_eq!(turn.ends(), None);
    }
}
