//! The settings of a stage say when an interview could be.

use super::{shows, to};
use crate::app::tests::daemon::Daemon;
use crate::app::tests::stage::Stage;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 35), (160, 50)];

const HEADING: &str = "The best times for an interview here";

fn settings(daemon: Daemon, (columns, rows): (u16, u16)) -> Stage {
    let mut stage = Stage::with(daemon, columns, rows);
    stage.press("3 right right ,");
    stage
}

#[test]
fn a_stages_settings_show_the_times_they_come_to_before_they_are_saved() {
    for size in SIZES {
        let mut stage = settings(Daemon::new(), size);
        shows(&stage, HEADING);
        shows(&stage, "Tue 24 Nov 12:00 · Tue 24 Nov 12:15");
        // Longer than what is left of today.
        to(&mut stage, "Duration");
        stage.press("ctrl-u").write("330");
        shows(&stage, "Wed 25 Nov 10:30");
        // What could not be saved has no times.
        stage.write("0");
        assert!(!stage.frame().contains(HEADING), "{}", stage.frame());
        stage.press("backspace");
        shows(&stage, HEADING);
        assert!(stage.daemon.asked.is_empty(), "nothing is saved");
    }
}

#[test]
fn settings_that_leave_no_time_say_why_and_what_helps() {
    for size in SIZES {
        let mut daemon = Daemon::new();
        daemon.own.nobody_free = true;
        let stage = settings(daemon, size);
        shows(&stage, "! No time works for everyone: Sam Ito is busy");
        assert!(!stage.frame().contains(HEADING), "{}", stage.frame());
    }
}
