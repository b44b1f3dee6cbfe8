//! Who and what can be named in a request, among what the caller sees.
//!
//! Invariant: a word names somebody only if it is a whole word of their name. Must not list anybody
//! the caller does not see.

use std::collections::HashMap;

use greenroom_protocol::conversation::{Named, NamedKind, NamedMatch, RequestForm};
use greenroom_protocol::id::{CandidateId, JobId, MemberId, StageId};

use crate::access::RequestContext;
use crate::index::{Search, Visible, fold};
use crate::requests::Names;
use crate::services::Services;

/// Candidates that are looked at for a word; of more than these nobody is meant.
const MOST: usize = 50;

/// The names of a workspace, for one caller.
pub(super) struct Directory<'a> {
    services: &'a Services,
    context: &'a RequestContext,
    visible: Visible,
    /// Members, jobs and stages, by folded name, word of a name, and address.
    small: HashMap<String, Vec<NamedMatch>>,
}

impl<'a> Directory<'a> {
    pub(super) fn new(services: &'a Services, context: &'a RequestContext) -> Self {
        let (index, ws) = (&services.index, context.workspace);
        let mut small: HashMap<String, Vec<NamedMatch>> = HashMap::new();
        let mut add = |words: String, named: &NamedMatch| {
            let all = small.entry(words).or_default();
            // Stages of several jobs have one name, and any of them says which is meant.
            let is_there = all.iter().any(|it| it.id == named.id);
            if !is_there {
                all.push(named.clone());
            }
        };
        for row in index.members(ws) {
            let named = NamedMatch {
                kind: NamedKind::Member,
                id: row.id.to_string(),
                name: row.record.name.clone(),
            };
            let name = fold(&row.record.name);
            for word in name.split_whitespace() {
                add(word.to_owned(), &named);
            }
            add(name, &named);
            add(fold(&row.record.email), &named);
        }
        for row in index.jobs(ws) {
            let named = NamedMatch {
                kind: NamedKind::Job,
                id: row.id.to_string(),
                name: row.record.title.clone(),
            };
            add(fold(&row.record.title), &named);
            for stage in index.stages_of(ws, row.id) {
                let named = NamedMatch {
                    kind: NamedKind::Stage,
                    id: stage.id.to_string(),
                    name: stage.record.name.clone(),
                };
                add(fold(&stage.record.name), &named);
            }
        }
        Self {
            services,
            context,
            visible: index.visible_to(context),
            small,
        }
    }

    fn candidates(&self, words: &str) -> Vec<NamedMatch> {
        let search = Search::new(words, &self.visible);
        let found = self
            .services
            .index
            .search(self.context.workspace, &search, None, MOST);
        let found = found.map(|it| it.rows).unwrap_or_default();
        let is_called = |name: &str, email: &str| {
            let name = fold(name);
            name == words || fold(email) == words || name.split_whitespace().any(|it| it == words)
        };
        let called = found.into_iter().map(|row| row.candidate);
        let called = called.filter(|it| is_called(&it.name, &it.email));
        let named = called.map(|it| NamedMatch {
            kind: NamedKind::Candidate,
            id: it.id.to_string(),
            name: it.name,
        });
        named.collect()
    }
}

impl Names for Directory<'_> {
    fn called(&self, words: &str) -> Vec<NamedMatch> {
        let words = fold(words);
        let mut all = self.candidates(&words);
        all.extend(self.small.get(&words).cloned().unwrap_or_default());
        all
    }
}

/// A form without the words and names of people, as it is stored.
pub(super) fn stripped(form: &RequestForm) -> RequestForm {
    let mut form = form.clone();
    for named in everyone(&mut form) {
        named.words.clear();
        named.matches.iter_mut().for_each(|it| it.name.clear());
    }
    form.unplaced.clear();
    form
}

/// The same form with the names as they are now.
pub(super) fn named(
    services: &Services,
    context: &RequestContext,
    form: &RequestForm,
) -> RequestForm {
    let mut form = form.clone();
    for named in everyone(&mut form) {
        for it in &mut named.matches {
            it.name = name(services, context, it);
        }
        // A stage of several jobs has one name.
        let first = named
            .matches
            .first()
            .map(|it| it.name.clone())
            .unwrap_or_default();
        let is_one = named.matches.iter().all(|it| it.name == first);
        named.words = if is_one { first } else { String::new() };
    }
    form
}

fn everyone(form: &mut RequestForm) -> impl Iterator<Item = &mut Named> {
    let one = [
        &mut form.candidate,
        &mut form.host,
        &mut form.job,
        &mut form.stage,
    ];
    let several = [
        &mut form.people,
        &mut form.others,
        &mut form.spoken_of,
        &mut form.without,
    ];
    let one = one.into_iter().flat_map(|it| it.iter_mut());
    one.chain(several.into_iter().flat_map(|it| it.iter_mut()))
}

/// What somebody or something is called now.
fn name(services: &Services, context: &RequestContext, it: &NamedMatch) -> String {
    let (index, ws) = (&services.index, context.workspace);
    let found = match it.kind {
        NamedKind::Candidate => {
            let id = it.id.parse::<CandidateId>().ok();
            let id = id.filter(|id| index.sees_candidate(context, *id));
            id.and_then(|id| index.candidate(ws, id)).map(|it| it.name)
        }
        NamedKind::Member => {
            let id = it.id.parse::<MemberId>().ok();
            id.and_then(|id| index.member(ws, id))
                .map(|row| row.record.name.clone())
        }
        NamedKind::Job => {
            let id = it.id.parse::<JobId>().ok();
            id.and_then(|id| index.job(ws, id))
                .map(|row| row.record.title.clone())
        }
        NamedKind::Stage => {
            let id = it.id.parse::<StageId>().ok();
            id.and_then(|id| index.stage(ws, id))
                .map(|row| row.record.name.clone())
        }
        NamedKind::Other => None,
    };
    found.unwrap_or_else(|| "somebody who was removed".to_owned())
}
