//! What was measured, and how it is reported.

use std::fmt;
use std::time::Duration;

use greenroom_tests::figures::Times;

/// What happens to an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Book,
    Move,
    CallOff,
}

impl Step {
    pub const ALL: [Self; 3] = [Self::Book, Self::Move, Self::CallOff];
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Padded, so that figures stand under each other.
        f.pad(match self {
            Self::Book => "book",
            Self::Move => "reschedule",
            Self::CallOff => "cancel",
        })
    }
}

/// The times of every step of some interviews, and how long each step of all of them took together.
#[derive(Debug, Default)]
pub struct Run {
    times: [Vec<Duration>; 3],
    whole: [Duration; 3],
    /// Commits of the daemon's meanwhile.
    pub commits: u64,
    /// Processor time of the daemon's.
    pub processor: Duration,
}

impl Run {
    pub fn add(&mut self, step: Step, whole: Duration, times: Vec<Duration>) {
        self.times[step as usize].extend(times);
        self.whole[step as usize] += whole;
    }

    fn join(&mut self, other: Self) {
        for (step, times) in other.times.into_iter().enumerate() {
            self.times[step].extend(times);
            self.whole[step] += other.whole[step];
        }
        self.commits += other.commits;
        self.processor += other.processor;
    }

    fn times(&self, step: Step) -> Times {
        Times::of(self.times[step as usize].clone())
    }

    fn a_second(&self, step: Step) -> f64 {
        self.times[step as usize].len() as f64 / self.whole[step as usize].as_secs_f64()
    }
}

/// Ours beside bare calls.
pub struct Comparison {
    pub at_once: usize,
    ours: Run,
    bare: Run,
    unkept: Run,
}

impl Comparison {
    pub fn new(at_once: usize) -> Self {
        Self {
            at_once,
            ours: Run::default(),
            bare: Run::default(),
            unkept: Run::default(),
        }
    }

    pub fn add(&mut self, ours: Run, bare: Run, unkept: Run) {
        self.ours.join(ours);
        self.bare.join(bare);
        self.unkept.join(unkept);
    }

    pub fn ours(&self, step: Step) -> Times {
        self.ours.times(step)
    }

    /// How many times as long ours took, by how many are done in a second.
    pub fn ratios(&self) -> Vec<(Step, f64)> {
        let ratio = |step| self.bare.a_second(step) / self.ours.a_second(step);
        Step::ALL.map(|step| (step, ratio(step))).into()
    }

    pub fn tell(&self) {
        let interviews = self.ours.times[0].len() as f64;
        println!(
            "{} at a time; {:.1} commits and {:.1} ms of the daemon's processor time an interview:",
            self.at_once,
            self.ours.commits as f64 / interviews,
            self.ours.processor.as_secs_f64() * 1000.0 / interviews
        );
        for (step, ratio) in self.ratios() {
            for (whose, run) in [
                ("ours", &self.ours),
                ("bare calls", &self.bare),
                ("bare, a connection each", &self.unkept),
            ] {
                println!(
                    "  {step:10} {whose:23} {:>6.0} a second  {}",
                    run.a_second(step),
                    run.times(step)
                );
            }
            let unkept = self.unkept.a_second(step) / self.ours.a_second(step);
            println!("  {step:10} {ratio:.2}x bare calls, {unkept:.2}x with a connection each");
        }
    }
}
