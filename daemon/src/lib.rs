//! The Greenroom daemon: it holds connections, books interviews and keeps everything that lasts.

pub mod store;
