//! Saved views that name somebody who is erased go with them, whosever they are. How many is said,
//! and no more: a view is its member's own.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, MemberId};
use greenroom_protocol::pipeline::CandidateView;

use super::naming::Named;
use crate::access::RequestContext;
use crate::index::{Search, Visible};
use crate::records::views::ViewsRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Members whose views are read at a time.
const PAGE: usize = 200;

/// Somebody whom views may name. Known before the record goes, for what is saved meanwhile.
pub(in crate::pipeline) struct Sought<'a> {
    services: &'a Services,
    context: &'a RequestContext,
    id: CandidateId,
    named: Named,
}

/// The views that name somebody.
#[derive(Default)]
pub(in crate::pipeline) struct Naming {
    /// Whose they are.
    pub members: Vec<String>,
    /// How many they are.
    pub count: u64,
}

impl<'a> Sought<'a> {
    /// A candidate who is there.
    pub fn new(services: &'a Services, context: &'a RequestContext, id: CandidateId) -> Self {
        let entry = services.index.candidate(context.workspace, id);
        let named = entry.map(|it| Named::new(&it.name, &it.email));
        Self {
            services,
            context,
            id,
            named: named.unwrap_or_else(|| Named::new("", "")),
        }
    }

    /// Every view that names them.
    pub async fn find(&self) -> Result<Naming, StoreError> {
        let (store, space) = (&self.services.store, self.context.space());
        let (mut naming, mut after) = (Naming::default(), None::<String>);
        loop {
            let page = store
                .scan::<ViewsRecord>(&space, after.as_deref(), PAGE)
                .await?;
            after = page.rows.last().map(|(member, _)| member.clone());
            for (member, stored) in page.rows {
                let views = stored.record.views.iter();
                let count = views.filter(|view| self.is_in(view)).count() as u64;
                if count > 0 {
                    naming.members.push(member);
                    naming.count += count;
                }
            }
            if !page.more {
                return Ok(naming);
            }
        }
    }

    /// Removes those of a member's views that name them, in this commit.
    pub async fn forget(&self, tx: &Tx, member: &str) -> Result<(), Error> {
        let (space, now) = (self.context.space(), self.services.clock.now());
        let Some(mut record) = tx.get::<ViewsRecord>(&space, member).await? else {
            return Ok(());
        };
        record.views.retain(|view| !self.is_in(view));
        match record.views.is_empty() {
            true => tx.delete::<ViewsRecord>(&space, member)?,
            false => tx.put(&space, member, &record)?,
        }
        if let Ok(member) = member.parse::<MemberId>() {
            let fields = ["candidate_views"];
            self.context.audit(tx, now, member, &fields, &[])?;
        }
        Ok(())
    }

    fn is_in(&self, view: &CandidateView) -> bool {
        self.named.is_in(view, |word| self.finds_nobody_else(word))
    }

    fn finds_nobody_else(&self, word: &str) -> bool {
        let (index, workspace) = (&self.services.index, self.context.workspace);
        let search = Search::new(word, &Visible::All);
        let found = index.search(workspace, &search, None, 2);
        let rows = found.map(|found| found.rows).unwrap_or_default();
        rows.iter().all(|row| row.candidate.id == self.id)
    }
}
