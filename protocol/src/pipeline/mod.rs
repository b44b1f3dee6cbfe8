//! Jobs, stages, candidates and applications.

mod candidate;
mod held;
mod import;
mod job;

pub use candidate::*;
pub use held::*;
pub use import::*;
pub use job::*;
