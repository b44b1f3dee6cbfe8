//! Applications: how they stand, and what goes with a change of that.

mod fixture;
mod mailing;
mod many;
mod notes;
mod retention;
mod states;
mod views;
