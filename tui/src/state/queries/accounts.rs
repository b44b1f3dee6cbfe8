//! What is asked about accounts at Google and Microsoft.

use greenroom_protocol::Error;
use greenroom_protocol::account::{Account, AccountListQuery};
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use super::SETTING_UP_SINCE;
use crate::state::query::Query;

/// The accounts that the person may see: the workspace's and their own.
#[derive(Debug)]
pub(crate) struct Accounts;

impl Query for Accounts {
    type Key = ();
    type Answer = Vec<Account>;
    const TABLES: &'static [&'static str] = &["account", "connection", "workspace"];
    const SINCE: u32 = SETTING_UP_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::AccountList {
            query: AccountListQuery::default(),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::AccountList(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}
