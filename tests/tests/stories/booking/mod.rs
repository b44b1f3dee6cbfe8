//! Interviews from the first plan to the last effect at Zoom: booked, confirmed, judged, cancelled,
//! and every way an answer of Zoom's can go astray. Each story has a house of its own, in which
//! time passes only by its word.

pub mod fixture;

mod ahead;
mod assistant;
mod cancelling;
mod crowded;
mod drifting;
mod editing;
mod elsewhere;
mod grids;
mod hosts;
mod insights;
mod lagging;
mod licences;
mod lost_answers;
mod panels;
mod planning;
mod racing;
mod refusals;
mod repeated;
mod replies;
mod rescheduling;
mod slots;
mod slots_shell;
mod stage_assistant;
mod stage_plans;
mod start_texts;
mod times;
mod undoing;
mod undone;
mod waiting;
mod whole;
mod zoom_notes;
mod zoom_testing;
