//! Owns references: how what a person typed names one record. In this order: a whole id, an exact address, an exact
//! name; then whatever has this ending of an id or begins so by name, if that is one. Never guesses between two.

use std::fmt;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, InterviewId, JobId, MemberId, StageId, WorkspaceId,
};

use super::{
    Index, Space, Visible, VisibleInterviews, candidates::Person, ending::Ending, fold::fold,
};

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
                write!(out, "find the {what} \"{}\": there is none", plain(text))
            }
            Self::Ambiguous { what, text, .. } => {
                write!(out, "find the {what} \"{}\": several match", plain(text))
            }
        }
    }
}

/// What may be shown of a text that anybody wrote.
fn plain(text: &str) -> String {
    let shown = text
        .chars()
        .filter(|c| !c.is_control() && !steers_direction(*c));
    shown.take(MOST_ECHOED * 2).collect()
}

/// Characters that make a terminal show a line in another order than it is written.
fn steers_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

/// Whether a row is what was meant.
type Matches<'a, Id> = &'a dyn Fn(&Named<Id>) -> bool;

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
        address: bool,
    ) -> Result<Id, Unresolved> {
        let text = fold(self.text);
        if text.is_empty() {
            return Err(self.none());
        }
        let ending = Ending::parse(&text);
        let steps: [Matches<'_, Id>; 3] = [
            &|row| address && fold(&row.beside) == text,
            &|row| fold(&row.name) == text,
            &|row| {
                ending.as_ref().is_some_and(|ending| ending.ends(row.id))
                    || fold(&row.name).starts_with(&text)
            },
        ];
        let mut rows = rows;
        for step in steps {
            let (matching, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| step(row));
            if !matching.is_empty() {
                return self.only(matching);
            }
            rows = others;
        }
        Err(self.none())
    }
}

impl Index {
    /// The workspace that `text` names.
    pub fn find_workspace(&self, text: &str) -> Result<WorkspaceId, Unresolved> {
        let sought = Sought {
            what: "workspace",
            text,
        };
        let state = self.read();
        if let Some(row) = text
            .trim()
            .parse()
            .ok()
            .and_then(|id| state.workspaces.get(id))
        {
            return Ok(row.id);
        }
        let rows = state.workspaces.sorted(|record| &record.name).into_iter();
        let rows = rows.map(|row| Named {
            id: row.id,
            name: row.record.name.clone(),
            beside: String::new(),
        });
        sought.among(rows.collect(), false)
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
            sought.among(rows.collect(), true)
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
            sought.among(rows.collect(), false)
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
            sought.among(rows.collect(), false)
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

    /// The interview that `text` names: its id or an ending of it, or a candidate with only one that is planned.
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

impl Space {
    fn title(&self, job: JobId) -> String {
        let job = self.jobs.get(job);
        job.map(|row| row.record.title.clone()).unwrap_or_default()
    }

    fn find_candidate(
        &self,
        sought: &Sought,
        visible: &Visible,
    ) -> Result<CandidateId, Unresolved> {
        let shown = |person: &&Person| self.shows(person.id, visible);
        let whole = sought
            .text
            .trim()
            .parse()
            .ok()
            .and_then(|id| self.candidates.get(id));
        if let Some(person) = whole.map(|person| &**person).filter(shown) {
            return Ok(person.id);
        }
        let text = fold(sought.text);
        if text.is_empty() {
            return Err(sought.none());
        }
        let exact_address = self.with_address(&text).filter(shown);
        let matches = named(exact_address);
        if !matches.is_empty() {
            return sought.only(matches);
        }
        let beginning = self.named_from(&text);
        let exact_name = beginning
            .take_while(|person| fold(&person.name) == text)
            .filter(shown);
        let matches = named(exact_name);
        if !matches.is_empty() {
            return sought.only(matches);
        }
        let beginning = self.named_from(&text);
        let beginning = beginning.take_while(|person| fold(&person.name).starts_with(&text));
        let ending = Ending::parse(&text);
        let ids = self.candidates.everybody().map(|person| &**person);
        // Who is in both is there once: whoever begins so is left out of those with the ending.
        let ids = ids.filter(|person| {
            ending.as_ref().is_some_and(|ending| ending.ends(person.id))
                && !fold(&person.name).starts_with(&text)
        });
        sought.only(named(beginning.chain(ids).filter(shown)))
    }

    fn find_application(
        &self,
        sought: &Sought,
        visible: &Visible,
    ) -> Result<ApplicationId, Unresolved> {
        let applications = self.candidates.applications();
        let whole: Option<ApplicationId> = sought.text.trim().parse().ok();
        let ending = Ending::parse(sought.text.trim());
        let matching = applications.all().filter(|(id, candidate)| {
            (Some(*id) == whole || ending.as_ref().is_some_and(|ending| ending.ends(*id)))
                && self.shows(*candidate, visible)
        });
        let matching: Vec<_> = matching.take(MOST_MATCHES).map(|(id, _)| id).collect();
        let ids = match matching.is_empty() {
            false => matching,
            true => {
                let candidate = self.find_candidate(sought, visible)?;
                applications
                    .of(candidate)
                    .iter()
                    .map(|one| one.id)
                    .collect()
            }
        };
        sought.only(
            ids.into_iter()
                .map(|id| self.named_application(id))
                .collect(),
        )
    }

    fn named_application(&self, id: ApplicationId) -> Named<ApplicationId> {
        let applications = self.candidates.applications();
        let candidate = applications.candidate(id);
        let person = candidate.and_then(|candidate| self.candidates.get(candidate));
        let mut own = candidate
            .into_iter()
            .flat_map(|candidate| applications.of(candidate));
        let place = own
            .find(|one| one.id == id)
            .map(|one| applications.places()[one.place as usize]);
        Named {
            id,
            name: person
                .map(|person| person.name.to_string())
                .unwrap_or_default(),
            beside: place.map(|place| self.title(place.job)).unwrap_or_default(),
        }
    }

    fn find_interview(
        &self,
        sought: &Sought,
        visible: &VisibleInterviews,
    ) -> Result<InterviewId, Unresolved> {
        let whole: Option<InterviewId> = sought.text.trim().parse().ok();
        let ending = Ending::parse(sought.text.trim());
        let may_see = |id: &InterviewId| {
            self.interviews
                .get(*id)
                .is_some_and(|one| visible.shows(one))
        };
        let matching = self.interviews.ids().filter(|id| {
            (Some(*id) == whole || ending.as_ref().is_some_and(|ending| ending.ends(*id)))
                && may_see(id)
        });
        let matching: Vec<_> = matching.take(MOST_MATCHES).collect();
        let ids = match matching.is_empty() {
            false => matching,
            true => {
                let with = self.interviews.ids().filter(may_see);
                let with = with.filter_map(|id| Some(self.interviews.get(id)?.candidate));
                let candidate = self.find_candidate(sought, &Visible::Only(with.collect()))?;
                let planned =
                    |id: &InterviewId| self.interviews.get(*id).is_some_and(|one| one.is_planned());
                self.interviews
                    .of(candidate)
                    .filter(planned)
                    .filter(may_see)
                    .collect()
            }
        };
        sought.only(ids.into_iter().map(|id| self.named_interview(id)).collect())
    }

    fn named_interview(&self, id: InterviewId) -> Named<InterviewId> {
        let planned = self.interviews.get(id);
        let person = planned.and_then(|planned| self.candidates.get(planned.candidate));
        Named {
            id,
            name: person
                .map(|person| person.name.to_string())
                .unwrap_or_default(),
            beside: planned
                .map(|planned| planned.start.to_string())
                .unwrap_or_default(),
        }
    }

    /// Everybody from the first whose folded name is at or after `name`, in order.
    fn named_from(&self, name: &str) -> impl Iterator<Item = &Person> {
        let (first, place) = self.candidates.seek_name(name);
        let chunks = self.candidates.chunks().iter().enumerate().skip(first);
        chunks.flat_map(move |(at, chunk)| {
            let from = if at == first { place } else { 0 };
            chunk.people()[from.min(chunk.people().len())..]
                .iter()
                .map(|person| &**person)
        })
    }

    /// Everybody whose folded address is `address`.
    fn with_address<'a>(&'a self, address: &'a str) -> impl Iterator<Item = &'a Person> {
        let looked_for = address.contains('@').then(|| self.candidates.everybody());
        let everybody = looked_for.into_iter().flatten().map(|person| &**person);
        everybody.filter(move |person| fold(&person.email) == address)
    }
}

fn named<'a>(people: impl Iterator<Item = &'a Person>) -> Vec<Named<CandidateId>> {
    let named = people.map(|person| Named {
        id: person.id,
        name: person.name.to_string(),
        beside: person.email.to_string(),
    });
    named.take(MOST_MATCHES + 1).collect()
}
