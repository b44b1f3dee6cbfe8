//! OAuth over HTTP: how a request travels (`http`), what is said to an authorization server
//! (`oauth`), how long what failed waits (`backoff`), and whose clock is wrong (`skew`).

pub(crate) mod backoff;
pub(crate) mod http;
pub(crate) mod oauth;
pub(crate) mod skew;
