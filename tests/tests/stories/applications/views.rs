//! Saved views of the list of candidates: one's own, by name, and gone with their member.

use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::{
    CandidateQuery, CandidateSort, CandidateView, JobEdit, MOST_VIEWS, ViewDelete,
};
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_tests::harness::add_member;
use greenroom_tests::test_daemon::OWNER;

use crate::applications::fixture::{Fixture, WEN, assert_conflict};

const KIM: &str = "kim.park@acme.example";

fn view(name: &str, query: CandidateQuery) -> CandidateView {
    let name = name.into();
    CandidateView { name, query }
}

fn welders() -> CandidateQuery {
    CandidateQuery {
        job: Some("Welder".into()),
        stage: Some("Applied".into()),
        sort: CandidateSort::Since,
        limit: Some(1),
        ..CandidateQuery::default()
    }
}

#[tokio::test]
async fn a_view_is_saved_replaced_by_its_name_and_removed() {
    let office = Fixture::open().await;
    let dana = &office.story.dana;
    let saved = view(" Welders ", welders());
    let saved = dana.candidate_view_save(saved).await;
    let saved = saved.unwrap();
    assert_eq!(saved.name, "Welders");
    assert_eq!((saved.query.limit, saved.query.jobs.len()), (None, 1));

    // The job is kept by its id.
    let rename = JobEdit {
        job: "Welder".into(),
        title: Some("Fitter".into()),
        ..JobEdit::default()
    };
    dana.job_edit(rename).await.unwrap();
    let listed = dana.candidate_view_list().await.unwrap().items;
    assert_eq!(listed, [saved]);
    let shown = dana.candidate_list(listed[0].query.clone()).await.unwrap();
    let shown: Vec<_> = shown.items.iter().map(|row| row.email.as_str()).collect();
    assert_eq!(shown, [WEN]);

    let everyone = CandidateQuery {
        text: "ana".into(),
        ..CandidateQuery::default()
    };
    let replacement = view("WELDERS", everyone);
    dana.candidate_view_save(replacement.clone()).await.unwrap();
    let listed = dana.candidate_view_list().await.unwrap().items;
    assert_eq!(listed, [replacement]);

    let welders = || ViewDelete {
        name: "welders".into(),
    };
    dana.candidate_view_delete(welders()).await.unwrap();
    assert!(dana.candidate_view_list().await.unwrap().items.is_empty());
    let gone = dana.candidate_view_delete(welders()).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn the_fifty_first_view_is_refused_and_so_is_one_that_lists_nothing() {
    let office = Fixture::open().await;
    let dana = &office.story.dana;
    for number in 0..MOST_VIEWS {
        let view = view(&format!("View {number}"), CandidateQuery::default());
        dana.candidate_view_save(view).await.unwrap();
    }
    let more = view("One more", CandidateQuery::default());
    let refused = dana.candidate_view_save(more).await.unwrap_err();
    assert_conflict(&refused, "50 saved views");
    dana.candidate_view_save(view("view 7", CandidateQuery::default()))
        .await
        .unwrap();
    let listed = dana.candidate_view_list().await.unwrap();
    assert_eq!(listed.items.len(), MOST_VIEWS);

    let nowhere = CandidateQuery {
        jobs: vec!["Astronaut".into()],
        ..CandidateQuery::default()
    };
    let refused = dana.candidate_view_save(view("View 1", nowhere)).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn nobody_else_sees_or_hears_of_a_view_and_it_goes_with_its_member() {
    let office = Fixture::open().await;
    let dana = &office.story.dana;
    add_member(dana, "Kim Park", KIM, &[Role::Recruiter])
        .await
        .unwrap();
    let kim = office.story.daemon.client_as(OWNER, KIM).await.unwrap();
    let before = kim.hello().revision;
    kim.candidate_view_save(view("Mine", welders()))
        .await
        .unwrap();
    assert!(dana.candidate_view_list().await.unwrap().items.is_empty());
    let heard = async |client: &Client| {
        let changes = client.changes(before, Duration::ZERO).await.unwrap();
        let mut tables = changes.changed.iter().map(|row| row.table.as_str());
        tables.any(|table| table == "candidate-view")
    };
    assert!(heard(&kim).await);
    assert!(!heard(dana).await);

    let is_kept = async || {
        let rows = office.story.daemon.rows().await.unwrap();
        rows.iter().any(|(key, _)| key.contains("candidate-view"))
    };
    assert!(is_kept().await);
    dana.member_remove(Reference::to(KIM)).await.unwrap();
    assert!(!is_kept().await);
}
