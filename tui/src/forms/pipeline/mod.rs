//! The forms about jobs, their stages, and candidates.

pub(super) mod candidate;
pub(super) mod candidate_edit;
pub(super) mod draft;
pub(super) mod email;
pub(super) mod filter;
pub(super) mod import;
pub(super) mod job;
pub(super) mod notes;
pub(super) mod stage;
pub(super) mod stage_settings;
pub(super) mod state_change;
