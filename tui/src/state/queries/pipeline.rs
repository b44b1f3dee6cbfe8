//! What is asked about jobs and candidates.

use std::collections::HashSet;

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, JobId};
use greenroom_protocol::page::{MOST, Page};
use greenroom_protocol::pipeline::{
    CandidatePage, CandidateQuery, CandidateRow, CandidateSort, CandidateView, Job,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use super::ROWS;
use crate::state::LISTING_SINCE;
use crate::state::query::Query;
use crate::state::selected::Filters;

/// Where candidates and their applications are stored.
const CANDIDATES: &[&str] = &["candidate", "application", "outreach"];

/// Every job with its stages.
#[derive(Debug)]
pub(crate) struct Jobs;

impl Query for Jobs {
    type Key = ();
    type Answer = Vec<Job>;
    /// Stages say whether their host can be used, how many candidates they have, and with how many of
    /// them the assistant has not begun.
    const TABLES: &'static [&'static str] = &[
        "job",
        "stage",
        "connection",
        "candidate",
        "application",
        "outreach",
        "interview",
    ];

    fn request(_: &(), _: Instant) -> Q {
        Q::JobList {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::JobList(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}

/// What a list of candidates asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    /// What is searched for.
    pub(crate) text: String,
    pub(crate) sort: CandidateSort,
    pub(crate) filters: Filters,
    /// Those who are not active.
    pub(crate) archived: bool,
    /// Also those who nearly match; only of a daemon that knows how.
    pub(crate) fuzzy: bool,
}

impl Listing {
    /// Its first page.
    pub(crate) fn query(&self) -> CandidateQuery {
        self.filters.narrow(CandidateQuery {
            text: self.text.clone(),
            sort: self.sort,
            archived: self.archived,
            fuzzy: self.fuzzy && !self.text.trim().is_empty(),
            limit: Some(ROWS),
            ..CandidateQuery::default()
        })
    }
}

/// Candidates who match a search.
#[derive(Debug)]
pub(crate) struct Candidates;

impl Query for Candidates {
    type Key = Listing;
    type Answer = CandidatePage;
    const TABLES: &'static [&'static str] = CANDIDATES;

    fn request(listing: &Listing, _: Instant) -> Q {
        listed(listing.query())
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::CandidateList(it) => Some(it),
            _ => None,
        }
    }

    fn merge(old: Self::Answer, new: Self::Answer) -> Self::Answer {
        with_tail(old, new)
    }
}

/// One's own saved views of that list.
#[derive(Debug)]
pub(crate) struct Views;

impl Query for Views {
    type Key = ();
    type Answer = Vec<CandidateView>;
    const TABLES: &'static [&'static str] = &["candidate-view"];
    const SINCE: u32 = LISTING_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::CandidateViewList {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::CandidateViewList(it) => Some(it.map(|page| page.items)),
            _ => None,
        }
    }
}

/// Candidates to choose from in a form.
#[derive(Debug)]
pub(crate) struct Everyone;

impl Query for Everyone {
    type Key = ();
    type Answer = Page<CandidateRow>;
    const TABLES: &'static [&'static str] = CANDIDATES;

    fn request(_: &(), _: Instant) -> Q {
        listed(CandidateQuery {
            limit: Some(MOST),
            ..CandidateQuery::default()
        })
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        rows(reply)
    }
}

/// A job's candidates.
#[derive(Debug)]
pub(crate) struct Board;

impl Query for Board {
    type Key = JobId;
    type Answer = Page<CandidateRow>;
    const TABLES: &'static [&'static str] = CANDIDATES;

    fn request(job: &JobId, _: Instant) -> Q {
        listed(CandidateQuery {
            job: Some(job.to_string()),
            limit: Some(MOST),
            ..CandidateQuery::default()
        })
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        rows(reply)
    }
}

/// A candidate, whole.
#[derive(Debug)]
pub(crate) struct Candidate;

impl Query for Candidate {
    type Key = CandidateId;
    type Answer = greenroom_protocol::pipeline::Candidate;
    const TABLES: &'static [&'static str] = &["candidate", "application", "interview", "outreach"];

    fn request(id: &CandidateId, _: Instant) -> Q {
        Q::CandidateGet {
            candidate: Reference::to(id.to_string()),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::CandidateGet(it) => Some(it),
            _ => None,
        }
    }
}

fn listed(query: CandidateQuery) -> Q {
    Q::CandidateList { query }
}

fn rows(reply: R) -> Option<Result<Page<CandidateRow>, Error>> {
    match reply {
        R::CandidateList(it) => Some(it.map(Page::from)),
        _ => None,
    }
}

/// A fresh first page in front of what was scrolled to before, so that a change elsewhere does not
/// move the list under the person.
fn with_tail(old: CandidatePage, mut new: CandidatePage) -> CandidatePage {
    if new.next.is_none() || old.items.len() <= new.items.len() {
        return new;
    }
    let known: HashSet<CandidateId> = new.items.iter().map(|row| row.id).collect();
    let tail = old.items.into_iter().skip(new.items.len());
    new.items
        .extend(tail.filter(|row| !known.contains(&row.id)));
    new.next = old.next;
    new
}
