//! Jobs, stages, candidates and applications.

pub mod record;
