//! Data in hand: what is held on a candidate can be handed out and erased without a trace, and a
//! workspace can be taken along whole.

mod fixture;

mod audited;
mod erasing;
mod exporting;
mod racing;
mod without_a_trace;
