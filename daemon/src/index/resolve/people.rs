//! Owns references to candidates and to what is theirs: applications and interviews, which a
//! candidate's name names where there is only one. Whom or what the caller may not see is neither
//! found nor listed among several.

use greenroom_protocol::id::{ApplicationId, CandidateId, Ending, InterviewId, JobId};

use super::{MOST_MATCHES, Named, Sought, Unresolved};
use crate::index::candidates::Person;
use crate::index::fold::fold;
use crate::index::{Space, Visible, VisibleInterviews};

impl Space {
    pub(super) fn title(&self, job: JobId) -> String {
        let job = self.jobs.get(job);
        job.map(|row| row.record.title.clone()).unwrap_or_default()
    }

    pub(super) fn find_candidate(
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
        // Who is in both is there once: those who begin so are left out of those with the ending.
        let ids = ids.filter(|person| {
            ending.is_some_and(|ending| person.id.ends_with(ending))
                && !fold(&person.name).starts_with(&text)
        });
        sought.only(named(beginning.chain(ids).filter(shown)))
    }

    pub(super) fn find_application(
        &self,
        sought: &Sought,
        visible: &Visible,
    ) -> Result<ApplicationId, Unresolved> {
        let applications = self.candidates.applications();
        let whole: Option<ApplicationId> = sought.text.trim().parse().ok();
        let ending = Ending::parse(sought.text.trim());
        let matching = applications.all().filter(|(id, candidate)| {
            (Some(*id) == whole || ending.is_some_and(|ending| id.ends_with(ending)))
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

    pub(super) fn find_interview(
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
            (Some(*id) == whole || ending.is_some_and(|ending| id.ends_with(ending))) && may_see(id)
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
