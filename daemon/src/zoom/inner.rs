//! What the parts of this room share: how Zoom's API is reached, and the grants to call it with.

use std::collections::HashMap;
use std::sync::Mutex;

use url::Url;

use super::passcode;
use crate::clock::Clock;
use crate::grants::{ConnectionId, Grants, Http};

/// What the parts of this room share.
pub(crate) struct Inner {
    pub(crate) grants: Grants,
    pub(crate) wire: Wire,
    pub(crate) sandbox: Option<String>,
    /// What the accounts of these hosts ask of passcodes, where it is not the usual.
    pub(crate) passcodes: Mutex<HashMap<ConnectionId, passcode::Rules>>,
}

/// Zoom's API, or what stands in for it. Clones share one client.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) http: Http,
    pub(crate) api: Url,
    pub(crate) clock: Clock,
}
