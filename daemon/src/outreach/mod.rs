//! Outreach: times are proposed to a candidate by a person or the assistant, held while they choose,
//! and booked with one of them.
//!
//! Owns the records of it, what becomes of one (`step` ★), until when times are held (`clock` ★), the
//! emails (`letter`) and what is answered (`replies`). A person `propose`s times. The assistant
//! begins with everybody who was moved into a stage of its (`enter`) or whom a person has it begin with
//! (`start`), at most once with each entry; who is begun with stands in the stage's `line`, which
//! looks at few of them each time (`turn` ★), gives each as many times as there are for all
//! (`allocate` ★, `choose`) and has them sent when the assistant may write (`begins`), or drafted for
//! somebody to `edit` and `approve`; what frees time wakes it (`wakes`), and of those who wait long it is said
//! would help (`helps`); of those whom nobody sees to, colleagues are emailed (`handed`). What all that
//! came to is in `report`.
//!
//! Invariants: an outreach holds exactly the times its record says, and an application has at most
//! one that is open; what happens to one is decided by `step` alone and written with its effects in
//! one commit (`apply`); what a candidate writes books nothing but a time that is proposed to them,
//! and only where the assistant proposed it without approval (`reads`): else a person reads it and
//! chooses, and where the assistant only watches it notes what it would have done; what is booked is
//! moved by the same ways, and never booked a second time (`moves`, `booked`); while the assistant is
//! paused nothing of its leaves (`letter` looks as it writes). Must not judge times, which is the
//! interviews' one predicate, nor write to anybody but
//! the record's candidate.
//!
//! What happens elsewhere (a booking over a held time, a move, an application that is closed) only
//! has the outreach look again, in the commit that changes it; the worker (`look`) then reads how
//! things stand.
//!
//! ★ pure

mod after_restore;
mod allocate;
mod answer;
mod apply;
mod approve;
mod begin;
mod begins;
mod booked;
mod choose;
mod clock;
mod edit;
mod enter;
mod hand;
mod handed;
mod helps;
mod letter;
mod line;
mod list;
mod look;
mod moves;
mod propose;
mod reads;
mod replies;
mod report;
mod start;
mod step;
mod stop;
mod turn;
mod view;
mod wakes;

pub use after_restore::mark_uncertain;
pub use answer::answer;
pub use approve::{approve, discard};
pub use begins::PerMinute;
pub use booked::{BookedConclusion, UnreadBooked, conclude_booked, unread_booked};
pub use edit::edit;
pub use enter::Entries;
pub use hand::{hand_back, move_up, take_over};
pub use helps::with_helps;
pub use letter::{ProposalLetters, written_now};
pub use line::{StageLines, looked_at};
pub use list::{list, one, resolve, sees, unknown};
pub use look::Outreaches;
pub use propose::propose;
pub use reads::{Answers, Conclusion, READ_WORK, Unread, conclude, unread};
pub use replies::OutreachReplies;
pub use report::report;
pub use start::start;
pub use stop::stop;
pub use view::message;
pub use wakes::wake_lines;
