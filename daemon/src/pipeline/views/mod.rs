//! A member's saved views of the list of candidates: listed, saved, removed.
//!
//! Owns which views are kept. Invariant: a member has at most 50, each under a name that no other
//! of theirs has, whatever its case, and each was a list that could be shown as it was saved. A view
//! is its member's own: nobody else reads it or hears of it. Must not list candidates: a view is
//! only what a list asks for, and what the caller may see is decided when it is shown.

mod erase;
mod naming;

use greenroom_protocol::Error;
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{
    CandidateQuery, CandidateView, LONGEST_VIEW_NAME, MOST_VIEWS, ViewDelete,
};

pub(super) use self::erase::{Naming, Sought};
use super::list::filter;
use crate::access::RequestContext;
use crate::input;
use crate::records::views::ViewsRecord;
use crate::records::workspace::MemberRecord;
use crate::services::Services;

/// The most bytes of what one view asks for, as it is stored.
const MOST_BYTES: usize = 4096;

/// The caller's own views, by name.
pub async fn views(
    services: &Services,
    context: &RequestContext,
) -> Result<Page<CandidateView>, Error> {
    let (space, key) = (context.space(), context.member()?.brief.id.to_string());
    let stored = services.store.get::<ViewsRecord>(&space, &key);
    let views = stored.await?.map(|stored| stored.record.views);
    Ok(Page::whole(views.unwrap_or_default()))
}

/// Saves a view, in place of the caller's own of this name.
pub async fn save_view(
    services: &Services,
    context: &RequestContext,
    request: CandidateView,
) -> Result<CandidateView, Error> {
    let view = CandidateView {
        name: name(&request.name)?,
        query: kept(services, context, request.query)?,
    };
    let id = context.member()?.brief.id;
    let (space, key) = (context.space(), id.to_string());
    services
        .store
        .transact(|tx| {
            let (view, space, key) = (&view, &space, &key);
            async move {
                // Who is removed meanwhile leaves no views behind.
                if tx.get::<MemberRecord>(space, key).await?.is_none() {
                    return Err(Error::not_found("The member is gone"));
                }
                let record = tx.get::<ViewsRecord>(space, key).await?;
                let Some(record) = with(record.unwrap_or_default(), view)? else {
                    return Ok(());
                };
                tx.put(space, key, &record)?;
                context.audit(&tx, services.clock.now(), id, &["candidate_views"], &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    Ok(view)
}

/// Removes a view of the caller's.
pub async fn delete_view(
    services: &Services,
    context: &RequestContext,
    request: ViewDelete,
) -> Result<CandidateView, Error> {
    let id = context.member()?.brief.id;
    let (space, key) = (context.space(), id.to_string());
    let (removed, _) = services
        .store
        .transact(|tx| {
            let (request, space, key) = (&request, &space, &key);
            async move {
                let record = tx.get::<ViewsRecord>(space, key).await?;
                let mut record = record.unwrap_or_default();
                let Some(at) = place(&record, &request.name) else {
                    let error = Error::not_found("You have no saved view of this name");
                    return Err(error.field("name"));
                };
                let removed = record.views.remove(at);
                match record.views.is_empty() {
                    true => tx.delete::<ViewsRecord>(space, key)?,
                    false => tx.put(space, key, &record)?,
                }
                context.audit(&tx, services.clock.now(), id, &["candidate_views"], &[])?;
                Ok::<_, Error>(removed)
            }
        })
        .await?;
    Ok(removed)
}

fn name(text: &str) -> Result<String, Error> {
    let name = input::name("name", text)?;
    match name.chars().count() > LONGEST_VIEW_NAME {
        true => {
            let why = format!("The name of a view has {LONGEST_VIEW_NAME} characters at most");
            Err(Error::usage(why).field("name"))
        }
        false => Ok(name),
    }
}

/// Where the view of this name is.
fn place(record: &ViewsRecord, name: &str) -> Option<usize> {
    let name = input::folded(name);
    let mut views = record.views.iter();
    views.position(|view| input::folded(&view.name) == name)
}

/// The views with this one among them; `None` where it is there already, as it is.
fn with(mut record: ViewsRecord, view: &CandidateView) -> Result<Option<ViewsRecord>, Error> {
    match place(&record, &view.name) {
        Some(at) if record.views[at] == *view => return Ok(None),
        Some(at) => record.views[at] = view.clone(),
        None if record.views.len() >= MOST_VIEWS => {
            let error = Error::conflict(format!("You have {MOST_VIEWS} saved views, the most"));
            return Err(error
                .field("name")
                .hint("remove one, or save it under the name of one you have"));
        }
        None => record.views.push(view.clone()),
    }
    record.views.sort_by_key(|view| input::folded(&view.name));
    Ok(Some(record))
}

/// What is kept of a query: what a list would refuse is refused, and jobs are kept by id.
fn kept(
    services: &Services,
    context: &RequestContext,
    query: CandidateQuery,
) -> Result<CandidateQuery, Error> {
    let meant = filter(services, context, &query)?;
    let lines = |field: &'static str, texts: Vec<String>| {
        let texts = texts.into_iter();
        let lines = texts.map(move |text| input::name(field, &text));
        lines.collect::<Result<Vec<_>, Error>>()
    };
    let text = input::optional_line("text", Some(&query.text))?;
    let kept = CandidateQuery {
        text: text.unwrap_or_default(),
        job: None,
        stage: None,
        jobs: meant.jobs.iter().map(ToString::to_string).collect(),
        stages: lines(
            "stages",
            query.stage.into_iter().chain(query.stages).collect(),
        )?,
        zones: lines("zones", query.zones)?,
        cursor: None,
        limit: None,
        ..query
    };
    let bytes = serde_json::to_vec(&kept).map_or(usize::MAX, |json| json.len());
    match bytes > MOST_BYTES {
        true => Err(Error::usage("This is too much for one saved view")
            .hint("filter by fewer jobs, stages or zones")),
        false => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, text: &str) -> CandidateView {
        CandidateView {
            name: name.into(),
            query: CandidateQuery {
                text: text.into(),
                ..CandidateQuery::default()
            },
        }
    }

    #[test]
    fn a_name_in_another_case_is_the_same_view() {
        let one = with(ViewsRecord::default(), &view("Rust", "rust")).unwrap();
        let two = with(one.unwrap(), &view("Ada", "ada")).unwrap().unwrap();
        let names: Vec<_> = two.views.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Ada", "Rust"]);
        assert_eq!(with(two.clone(), &view("Rust", "rust")).unwrap(), None);
        let three = with(two, &view("RUST", "go")).unwrap().unwrap();
        assert_eq!(
            (three.views.len(), &three.views[1]),
            (2, &view("RUST", "go"))
        );
    }

    #[test]
    fn a_full_list_still_takes_a_view_in_place_of_another() {
        let full = ViewsRecord {
            views: (0..MOST_VIEWS)
                .map(|it| view(&format!("v{it}"), ""))
                .collect(),
        };
        assert!(with(full.clone(), &view("one more", "")).is_err());
        let replaced = with(full, &view("V7", "x")).unwrap().unwrap();
        assert_eq!(replaced.views.len(), MOST_VIEWS);
    }

    #[test]
    fn a_name_has_sixty_characters_at_most() {
        assert_eq!(name(" Stale onsites ").unwrap(), "Stale onsites");
        assert!(name(&"ö".repeat(LONGEST_VIEW_NAME)).is_ok());
        assert!(name(&"ö".repeat(LONGEST_VIEW_NAME + 1)).is_err());
        assert!(name(" ").is_err());
    }
}
