//! What is asked about the workspace itself: how it stands, who is in it, which others there are.

use greenroom_protocol::Error;
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Member, Workspace};

use crate::state::query::{EVERY_TABLE, Query};

/// How the daemon and one's own connections stand.
#[derive(Debug)]
pub(crate) struct Status;

impl Query for Status {
    type Key = ();
    type Answer = greenroom_protocol::status::Status;
    const TABLES: &'static [&'static str] = EVERY_TABLE;

    fn request(_: &(), _: Instant) -> Q {
        Q::Status {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::Status(it) => Some(it),
            _ => None,
        }
    }
}

/// Every workspace the caller is in.
#[derive(Debug)]
pub(crate) struct Workspaces;

impl Query for Workspaces {
    type Key = ();
    type Answer = Vec<Workspace>;
    const TABLES: &'static [&'static str] = &["workspace"];

    fn request(_: &(), _: Instant) -> Q {
        Q::WorkspaceList {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::WorkspaceList(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}

/// Everyone in this workspace.
#[derive(Debug)]
pub(crate) struct Members;

impl Query for Members {
    type Key = ();
    type Answer = Vec<Member>;
    const TABLES: &'static [&'static str] = &["member", "connection", "availability"];

    fn request(_: &(), _: Instant) -> Q {
        Q::MemberList {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::MemberList(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}
