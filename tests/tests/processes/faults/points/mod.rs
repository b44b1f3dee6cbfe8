//! The daemon killed at every point of a renewal, a connect, a disconnect, an interview, a
//! letter, a reminder, a replacement, a proposal and an erasure, one after the other.
//!
//! Whatever was committed is there afterwards; where an answer was lost, it is said within a
//! minute. Points stand in debug builds.

mod accounts;
mod connecting;
mod crashing;
mod disconnecting;
mod fixture;
mod letters;
mod meetings;
mod proposing;
mod reading;
mod renewing;
mod watching;

use greenroomd::failpoint::Point;

use crate::daemon_life::failing;

/// A point, and which time it is come to.
pub type At = (Point, u32);

#[test]
fn no_point_is_left_out() {
    let told = [
        renewing::points(),
        connecting::points(),
        disconnecting::points(),
        letters::points(),
        meetings::points(),
        proposing::points(),
        reading::points(),
        crashing::points(),
        failing::points(),
    ]
    .concat();
    let missing = |point: &&Point| !told.contains(*point);
    let missing: Vec<_> = Point::ALL.iter().filter(missing).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
