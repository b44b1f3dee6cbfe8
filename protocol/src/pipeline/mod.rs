//! Jobs, stages, candidates and applications.

mod acting;
mod candidate;
mod held;
mod import;
mod job;
mod list;
mod many;
mod note;
mod retention;
mod state;

pub use acting::*;
pub use candidate::*;
pub use held::*;
pub use import::*;
pub use job::*;
pub use list::*;
pub use many::*;
pub use note::*;
pub use retention::*;
pub use state::*;
