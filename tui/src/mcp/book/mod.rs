//! To propose an interview and to confirm it, with `--allow book` only.
//!
//! Invariants:
//! - What is booked is what was shown: right before, it is judged again, and where anything that was
//!   shown would be another, nothing is booked and it is to be proposed again.
//! - A token is random, counts for ten minutes, and books once: said again, it names the same
//!   interview, also where the first answer was lost.
//! - A person says yes. Where the client can ask one itself (elicitation), it is asked to; elsewhere the
//!   client's own question before the tool runs is the yes, which is why the tool says that it
//!   acts.
//! - A proposal says who, when and how long, and nothing of how people join, who else is emailed, or what
//!   emails say: those come from records.

mod ask;
mod card;
mod confirm;
mod desk;
mod propose;

pub(super) use self::confirm::{Answer, Confirm, confirm};
pub(super) use self::desk::Desk;
pub(super) use self::propose::{Propose, propose};
