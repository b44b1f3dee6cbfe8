//! The daemon, as the client's loop sees it.
//!
//! One trait with two methods, so that the loop neither knows sockets nor how a daemon is started,
//! and a test can answer in the daemon's place.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};

/// Someone who answers calls: the daemon, through a connection that can be made anew.
pub trait Backend: Send + Sync + 'static {
    /// Connects (again) and says hello for a workspace; nothing means the caller's usual one.
    ///
    /// # Errors
    /// `unreachable` when no daemon answers, `version` when it is too old or new, and whatever
    /// `hello` refuses.
    fn connect(&self, workspace: Option<String>) -> BoxFuture<'_, Result<ServerHello, Error>>;

    /// Makes one call on the connection that stands.
    ///
    /// # Errors
    /// `unreachable` when the connection is gone.
    fn call(&self, request: GreenroomRequest) -> BoxFuture<'_, Result<GreenroomResponse, Error>>;
}
