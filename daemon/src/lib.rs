//! The Greenroom daemon: it holds connections, books interviews and keeps everything that lasts.

pub mod index;
pub mod clock;
pub mod interviews;
pub mod pipeline;
pub mod schedule;
pub mod store;
pub mod workspace;
pub mod zoom;
