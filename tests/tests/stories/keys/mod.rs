//! The vault's key in the hands of an administrator: changed, lost, copied, taken from elsewhere,
//! and killed in the middle of a change. And what it guards: nowhere else, in nothing that is
//! shown.

mod killed;
mod life;
mod places;
mod words;
