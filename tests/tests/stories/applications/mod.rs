//! Applications: how they stand, and what goes with a change of that.

mod fixture;
mod many;
mod states;
