//! Interviews: planned, changed, cancelled, over, and their meetings.
//!
//! Owns the joining of a booking with a Zoom meeting; no other room does that. Invariants: nobody
//! is booked twice (see `calendar`); a booking is durable before Zoom hears of it, and Zoom is
//! asked once or the doubt is recorded (see `meeting_state`); nobody is invited before it stands,
//! each reminder is given once and of what is true then, and an answer changes what is known of a
//! person and nothing else. Must not judge times itself: [`crate::schedule::predicate`] does.

mod accept;
mod after_restore;
mod answers;
mod application;
mod author;
mod book;
pub mod can_act;
mod change;
pub mod check;
mod decide;
mod erase;
mod explain;
mod facts;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod heard;
mod holding;
mod hosts;
pub mod insight;
pub mod invite;
mod judge;
mod list;
mod mail_api;
mod mail_undo;
mod make;
mod meeting_state;
mod moving;
mod panel;
mod plan;
mod planned;
mod preview;
mod reach;
mod remind;
mod render;
mod replies;
mod slots;
pub mod stage_plan;
mod start;
mod times;
mod urgent;
mod view;
pub mod zoom_test;

pub use accept::{accept_reply, invitees};
pub use after_restore::mark_uncertain;
pub use answers::Answers;
pub use application::{cancel_within, named, to_come};
pub use author::Letters;
pub use book::{Booked, book, book_within};
pub use decide::{cancel, complete, confirm, edit, no_show, reschedule, undo};
pub use erase::{Stands, Trace, empty, stands, traces};
pub use explain::explain;
pub use heard::mail_is_read;
pub use holding::{
    LINE_WORK, OUTREACH_WORK, OutreachesOf, Time, application_of, forget_outreach, hold, let_go,
    look_again, look_at_all, wake, wake_all, weighed,
};
pub use hosts::{HostRound, expect, wake_what_waits};
pub use list::{busy, find, get, list, sees};
pub use mail_api::{drop_letter, letter, letters, retry_letter, sees_letter};
pub use mail_undo::undo_letters;
pub use make::{KIND as MEETING_WORK, Meetings};
pub use moving::{move_asked, move_settled, move_within, weigh_move};
pub use plan::{Idempotency as Keyed, keyed};
pub use preview::{in_words, invitation, written};
pub use remind::{REMIND_WORK, Reminders, remind_anew, see_to_reminders};
pub use replies::{REPLY_WORK, Replies as ReplyWatch, remind, replace, report, watch_replies_anew};
pub use slots::{Offers, offers, slots};
pub use times::read as read_times;
pub use urgent::{Urgent, tell as tell_urgently};
pub use view::{many as of_ids, of_candidate};
