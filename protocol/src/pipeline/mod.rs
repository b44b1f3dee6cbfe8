//! Jobs, stages, candidates and applications.

mod candidate;
mod import;
mod job;

pub use candidate::*;
pub use import::*;
pub use job::*;
