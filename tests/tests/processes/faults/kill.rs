//! Where the daemon is killed, as chance decides: at any moment, or at a point between two effects.

use std::time::Duration;

use greenroom_tests::seed::Random;
use greenroomd::failpoint::{ARMED, Point};

/// The latest moment after the daemon is up, in milliseconds.
const LATEST: usize = 900;

/// Points on the ways of meetings and letters, and how many times each is come to in a while.
const POINTS: [(Point, usize); 10] = [
    (Point::MeetingNoted, 6),
    (Point::MeetingMade, 6),
    (Point::MeetingChanged, 6),
    (Point::MeetingDeleted, 3),
    (Point::LetterNoted, 3),
    (Point::LetterLeft, 3),
    (Point::AnswerBegins, 20),
    (Point::AnswerArrived, 20),
    (Point::CommitApplied, 12),
    (Point::CommitDurable, 12),
];

/// Of commits, those that write one of these.
const TABLES: [&str; 3] = ["interview", "outbox", "work"];

#[derive(Debug)]
pub struct Kill {
    /// The point, as the daemon gets it.
    pub point: Option<String>,
    /// It does not live longer than this.
    pub latest: Duration,
}

impl Kill {
    pub fn any(random: &mut Random) -> Self {
        let after = Duration::from_millis(random.below(LATEST) as u64);
        let (point, most) = POINTS[random.below(POINTS.len())];
        let (time, table) = (1 + random.below(most), random.below(TABLES.len()));
        let named = match point {
            Point::CommitApplied | Point::CommitDurable => {
                format!("{point:?}:{time}/{}", TABLES[table])
            }
            _ => format!("{point:?}:{time}"),
        };
        // Half of them by the clock.
        match random.below(2) == 0 || !ARMED {
            true => Self {
                point: None,
                latest: after,
            },
            false => Self {
                point: Some(named),
                latest: Duration::from_millis(LATEST as u64),
            },
        }
    }
}
