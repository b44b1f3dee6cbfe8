//! Owns references: how what a person typed names one record. In this order: a whole id, an exact
//! address, an exact name; then whatever has this ending of an id or begins so by name, if that is
//! one. Never guesses between two.

mod people;
mod scoped;

use std::fmt;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, Ending, InterviewId, JobId, MemberId, StageId, WorkspaceId,
};
use greenroom_protocol::text::printable;

pub use self::scoped::Applications;
use super::fold::fold;
use super::{Index, Space, Visible, VisibleInterviews};

/// The most matches an ambiguity lists.
const MOST_MATCHES: usize = 10;

/// The most characters of one text that are repeated to the person.
const MOST_ECHOED: usize = 160;

/// Why a reference names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing matches, or nothing the caller may see.
    NotFound {
        /// What was looked for: `member`, `candidate`…
        what: &'static str,
        /// What was typed.
        text: String,
    },
    /// Several match.
    Ambiguous {
        /// What was looked for.
        what: &'static str,
        /// What was typed.
        text: String,
        /// A line for each, at most ten: name, address, id.
        matches: Vec<String>,
    },
}

impl std::error::Error for Unresolved {}

impl fmt::Display for Unresolved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { what, text } => {
                write!(out, "There is no {what} \"{}\"", plain(text))
            }
            Self::Ambiguous { what, text, .. } => {
                write!(out, "Several {what}s match \"{}\"", plain(text))
            }
        }
    }
}

/// What may be shown of a text that anybody wrote.
fn plain(text: &str) -> String {
    printable(text, MOST_ECHOED * 2)
}

/// A record that can be named.
struct Named<Id> {
    id: Id,
    name: String,
    /// Its address, or where it belongs.
    beside: String,
}

impl<Id: fmt::Display> Named<Id> {
    fn line(&self) -> String {
        match self.beside.is_empty() {
            true => format!("{}, {}", plain(&self.name), self.id),
            false => format!(
                "{}, {}, {}",
                plain(&self.name),
                plain(&self.beside),
                self.id
            ),
        }
    }
}

/// A search for one record.
struct Sought<'a> {
    what: &'static str,
    text: &'a str,
}

impl Sought<'_> {
    fn none(&self) -> Unresolved {
        Unresolved::NotFound {
            what: self.what,
            text: self.text.to_owned(),
        }
    }

    /// The only one of `matches`.
    fn only<Id: fmt::Display + Copy>(&self, matches: Vec<Named<Id>>) -> Result<Id, Unresolved> {
        match matches.as_slice() {
            [] => Err(self.none()),
            [one] => Ok(one.id),
            several => Err(Unresolved::Ambiguous {
                what: self.what,
                text: self.text.to_owned(),
                matches: several.iter().take(MOST_MATCHES).map(Named::line).collect(),
            }),
        }
    }

    /// The one of a small table that the text names; `address` says whether `beside` is one.
    fn among<Id: fmt::Display + Copy>(
        &self,
        rows: Vec<Named<Id>>,
        ends: impl Fn(Id, Ending) -> bool,
        address: bool,
    ) -> Result<Id, Unresolved> {
        let text = fold(self.text);
        if text.is_empty() {
            return Err(self.none());
        }
        let ending = Ending::parse(&text);
        let rank = |row: &Named<Id>| {
            let name = fold(&row.name);
            let ends = |ending| ends(row.id, ending);
            let rank = match () {
                () if address && fold(&row.beside) == text => 0,
                () if name == text => 1,
                () if name.starts_with(&text) || ending.is_some_and(ends) => 2,
                () => return None,
            };
            Some(rank)
        };
        let ranked = rows.into_iter().filter_map(|row| Some((rank(&row)?, row)));
        let ranked: Vec<_> = ranked.collect();
        let best = ranked.iter().map(|(rank, _)| *rank).min();
        let matching = ranked.into_iter().filter(|(rank, _)| Some(*rank) == best);
        self.only(matching.map(|(_, row)| row).collect())
    }
}

impl Index {
    /// The workspace that `text` names, of those that are the caller's own: others are not looked
    /// at, so neither the answer nor the time it takes says anything about them.
    pub fn find_workspace(
        &self,
        text: &str,
        own: impl Fn(WorkspaceId) -> bool,
    ) -> Result<WorkspaceId, Unresolved> {
        let sought = Sought {
            what: "workspace",
            text,
        };
        let state = self.read();
        let whole = text.trim().parse().ok().filter(|id| own(*id));
        if let Some(row) = whole.and_then(|id| state.workspaces.get(id)) {
            return Ok(row.id);
        }
        let rows = state.workspaces.sorted(|record| &record.name).into_iter();
        let rows = rows.filter(|row| own(row.id)).map(|row| Named {
            id: row.id,
            name: row.record.name.clone(),
            beside: String::new(),
        });
        sought.among(rows.collect(), WorkspaceId::ends_with, false)
    }

    /// The member that `text` names.
    pub fn find_member(&self, ws: WorkspaceId, text: &str) -> Result<MemberId, Unresolved> {
        let what = "member";
        self.within(ws, Sought { what, text }, |space, sought| {
            if let Some(row) = text
                .trim()
                .parse()
                .ok()
                .and_then(|id| space.members.get(id))
            {
                return Ok(row.id);
            }
            let rows = space.members.sorted(|record| &record.name).into_iter();
            let rows = rows.map(|row| Named {
                id: row.id,
                name: row.record.name.clone(),
                beside: row.record.email.clone(),
            });
            sought.among(rows.collect(), MemberId::ends_with, true)
        })
    }

    /// The job that `text` names.
    pub fn find_job(&self, ws: WorkspaceId, text: &str) -> Result<JobId, Unresolved> {
        let what = "job";
        self.within(ws, Sought { what, text }, |space, sought| {
            if let Some(row) = text.trim().parse().ok().and_then(|id| space.jobs.get(id)) {
                return Ok(row.id);
            }
            let rows = space.jobs.sorted(|record| &record.title).into_iter();
            let rows = rows.map(|row| Named {
                id: row.id,
                name: row.record.title.clone(),
                beside: String::new(),
            });
            sought.among(rows.collect(), JobId::ends_with, false)
        })
    }

    /// The stage that `text` names, of `job` where one is given.
    pub fn find_stage(
        &self,
        ws: WorkspaceId,
        job: Option<JobId>,
        text: &str,
    ) -> Result<StageId, Unresolved> {
        let what = "stage";
        self.within(ws, Sought { what, text }, |space, sought| {
            let belongs = |of: JobId| job.is_none_or(|job| of == job);
            let whole = text.trim().parse().ok().and_then(|id| space.stages.get(id));
            if let Some(row) = whole.filter(|row| belongs(row.record.job)) {
                return Ok(row.id);
            }
            let rows = space.stages.sorted(|record| &record.name).into_iter();
            let rows = rows.filter(|row| belongs(row.record.job)).map(|row| Named {
                id: row.id,
                name: row.record.name.clone(),
                beside: space.title(row.record.job),
            });
            sought.among(rows.collect(), StageId::ends_with, false)
        })
    }

    /// The stages that `text` names, of `jobs` or, where there are none, of any: the one with this
    /// id, else all of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn stages_named(
        &self,
        ws: WorkspaceId,
        jobs: &[JobId],
        text: &str,
    ) -> Result<Vec<StageId>, Unresolved> {
        let what = "stage";
        self.within(ws, Sought { what, text }, |space, sought| {
            let belongs = |of: JobId| jobs.is_empty() || jobs.contains(&of);
            let whole = text.trim().parse().ok().and_then(|id| space.stages.get(id));
            if let Some(row) = whole.filter(|row| belongs(row.record.job)) {
                return Ok(vec![row.id]);
            }
            let rows = space.stages.sorted(|record| &record.name);
            let rows = rows.iter().filter(|row| belongs(row.record.job));
            let name = fold(text);
            let named = |exact: bool| {
                let rows = rows.clone().filter(|row| {
                    let own = fold(&row.record.name);
                    own == name || (!exact && own.starts_with(&name))
                });
                rows.map(|row| row.id).collect::<Vec<_>>()
            };
            let exact = named(true);
            let found = if exact.is_empty() {
                named(false)
            } else {
                exact
            };
            match found.is_empty() || name.is_empty() {
                true => Err(sought.none()),
                false => Ok(found),
            }
        })
    }

    /// The candidate that `text` names, of those `visible` shows.
    pub fn find_candidate(
        &self,
        ws: WorkspaceId,
        text: &str,
        visible: &Visible,
    ) -> Result<CandidateId, Unresolved> {
        let what = "candidate";
        self.within(ws, Sought { what, text }, |space, sought| {
            space.find_candidate(&sought, visible)
        })
    }

    /// The application that `text` names: its id or an ending of it, or a candidate with only one.
    pub fn find_application(
        &self,
        ws: WorkspaceId,
        text: &str,
        visible: &Visible,
    ) -> Result<ApplicationId, Unresolved> {
        let what = "application";
        self.within(ws, Sought { what, text }, |space, sought| {
            space.find_application(&sought, visible)
        })
    }

    /// The interview that `text` names: its id or an ending of it, or a candidate with only one
    /// that is planned.
    pub fn find_interview(
        &self,
        ws: WorkspaceId,
        text: &str,
        visible: &VisibleInterviews,
    ) -> Result<InterviewId, Unresolved> {
        let what = "interview";
        self.within(ws, Sought { what, text }, |space, sought| {
            space.find_interview(&sought, visible)
        })
    }

    fn within<'a, Id>(
        &self,
        ws: WorkspaceId,
        sought: Sought<'a>,
        find: impl FnOnce(&Space, Sought<'a>) -> Result<Id, Unresolved>,
    ) -> Result<Id, Unresolved> {
        let state = self.read();
        let space = state.space(ws).ok_or_else(|| sought.none())?;
        find(space, sought)
    }
}
