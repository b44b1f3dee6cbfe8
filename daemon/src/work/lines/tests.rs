//! The lines against a model that looks at everything each time.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::clock::SetClock;

const KINDS: [&str; 3] = ["bounded", "paced", "usual"];
const MOST: usize = 4;

fn usual() -> Pace {
    Pace::at_once(2)
}

fn paces() -> [Pace; 3] {
    [Pace::at_once(1), Pace::at_once(3).a_second(2), usual()]
}

fn lines() -> Lines<u8> {
    let mut lines = Lines::new(MOST, usual());
    for (kind, pace) in KINDS.iter().zip(paces()).take(2) {
        lines.pace(kind, pace);
    }
    lines
}

fn moment(second: i64) -> Moment {
    let start = SetClock::at(Instant::from_second(0)).clock().steady();
    Moment {
        wall: Instant::from_second(second),
        steady: start.plus_seconds(second),
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Piece {
    due: Option<i64>,
    woken: Option<i64>,
    under_way: bool,
    set_since: bool,
}

impl Piece {
    fn wanted(&self) -> Option<i64> {
        let due = self.due?;
        Some(self.woken.map_or(due, |woken| woken.min(due)))
    }
}

#[derive(Default)]
struct Model {
    pieces: BTreeMap<(usize, u8), Piece>,
    /// How many of a kind began in which second.
    begun: BTreeMap<(usize, i64), usize>,
}

impl Model {
    fn under_way(&self, kind: usize) -> usize {
        let of_kind = self.pieces.range((kind, 0)..=(kind, u8::MAX));
        of_kind.filter(|(_, piece)| piece.under_way).count()
    }

    fn take(&mut self, now: i64) -> Vec<(usize, u8)> {
        let idle = self.pieces.iter().filter(|(_, piece)| !piece.under_way);
        let wanted = idle.filter_map(|(at, piece)| Some((piece.wanted()?, *at)));
        let mut wanted: Vec<_> = wanted.filter(|(wanted, _)| *wanted <= now).collect();
        wanted.sort_unstable();
        let mut taken = Vec::new();
        for (_, at) in wanted {
            let all: usize = (0..KINDS.len()).map(|kind| self.under_way(kind)).sum();
            let begun = self.begun.entry((at.0, now)).or_default();
            let (places, a_second) = [(1, None), (3, Some(2)), (2, None)][at.0];
            let has_time = a_second.is_none_or(|most| *begun < most);
            if all < MOST && self.under_way(at.0) < places && has_time {
                *self.begun.entry((at.0, now)).or_default() += 1;
                if let Some(piece) = self.pieces.get_mut(&at) {
                    piece.under_way = true;
                    piece.woken = None;
                    piece.set_since = false;
                }
                taken.push(at);
            }
        }
        taken
    }
}

#[derive(Debug, Clone)]
enum Step {
    Set(usize, u8, Option<i64>),
    Wake(usize, u8),
    Pass(i64),
    End(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let (kind, piece) = (0..KINDS.len(), 0u8..6);
    prop_oneof![
        4 => (kind.clone(), piece.clone(), prop::option::weighted(0.8, 0i64..30))
            .prop_map(|(kind, piece, due)| Step::Set(kind, piece, due)),
        1 => (kind, piece).prop_map(|(kind, piece)| Step::Wake(kind, piece)),
        2 => (0i64..4).prop_map(Step::Pass),
        3 => (0usize..8, any::<bool>()).prop_map(|(which, until)| Step::End(which, until)),
    ]
}

proptest! {
    /// At every moment the same pieces are taken, in the same order, as by looking at all of them.
    #[test]
    fn what_is_taken_is_what_looking_at_everything_would_take(
        steps in prop::collection::vec(step(), 0..120)
    ) {
        let (mut lines, mut model) = (lines(), Model::default());
        let (mut now, mut under_way) = (0, Vec::new());
        for step in steps {
            match step {
                Step::Set(kind, piece, due) => {
                    lines.set(KINDS[kind], &piece, due.map(Instant::from_second));
                    let known = model.pieces.entry((kind, piece)).or_default();
                    let woken = known.woken.filter(|_| due.is_some() && known.due.is_some());
                    *known = Piece { due, woken, set_since: due.is_some(), ..*known };
                }
                Step::Wake(kind, piece) => {
                    lines.wake(KINDS[kind], &piece, Instant::from_second(now));
                    let known = model.pieces.entry((kind, piece)).or_default();
                    if known.due.is_some() {
                        known.woken = Some(known.woken.map_or(now, |woken| woken.min(now)));
                    }
                }
                Step::Pass(seconds) => now += seconds,
                Step::End(..) if under_way.is_empty() => {}
                Step::End(which, until) => {
                    let (kind, piece) = under_way.swap_remove(which % under_way.len());
                    let known = model.pieces.entry((kind, piece)).or_default();
                    let was_set = known.due.is_some() && known.set_since;
                    prop_assert_eq!(lines.was_set(KINDS[kind], &piece), was_set);
                    known.under_way = false;
                    if until {
                        let (wall, again) = (Instant::from_second(now), now + 5);
                        let back = Instant::from_second(again);
                        lines.ended_until(KINDS[kind], &piece, wall, back);
                        known.due = known.due.map(|due| if due <= now { again } else { due });
                    } else {
                        lines.ended(KINDS[kind], &piece);
                    }
                }
            }
            let taken = model.take(now);
            let ours = lines.take(moment(now));
            let expected: Vec<_> = taken.iter().map(|(_, piece)| *piece).collect();
            prop_assert_eq!(ours, expected);
            under_way.extend(taken);
            prop_assert!(lines.next().wall.is_none_or(|next| next.second() > now));
        }
    }
}

#[test]
fn a_kind_that_is_full_leaves_room_for_others_and_costs_them_nothing() {
    let mut lines = Lines::new(32, Pace::at_once(16));
    for piece in 0..200 {
        lines.set("mail", &piece, Some(Instant::from_second(1)));
    }
    lines.set("zoom", &250, Some(Instant::from_second(2)));
    let taken = lines.take(moment(5));
    assert_eq!((taken.len(), taken.last()), (17, Some(&250)));
    assert_eq!(lines.take(moment(5)), Vec::<u8>::new());
    assert_eq!(lines.next(), Next::default(), "only an end makes room");
    lines.ended("mail", &0);
    lines.set("mail", &0, None);
    assert_eq!(lines.take(moment(5)), [16]);
}

#[test]
fn a_kind_whose_second_is_used_up_goes_on_in_the_next() {
    let mut lines = Lines::new(32, usual());
    lines.pace("sms", Pace::at_once(8).a_second(2));
    for piece in 0..5 {
        lines.set("sms", &piece, Some(Instant::from_second(0)));
    }
    assert_eq!(lines.take(moment(10)), [0, 1]);
    assert_eq!(lines.next().steady, Some(moment(11).steady));
    assert_eq!(lines.take(moment(10)), Vec::<u8>::new());
    assert_eq!(lines.take(moment(11)), [2, 3]);
    assert_eq!(lines.take(moment(12)), [4]);
    assert_eq!(lines.next(), Next::default());
}
