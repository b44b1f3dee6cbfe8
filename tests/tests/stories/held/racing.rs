//! Booking and applying in the very moment of an erasure: too late, or undone.

use greenroom_protocol::interview::{InterviewQuery, InterviewStatus};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::schedule::BusyQuery;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;

use crate::held::fixture::{EMAIL, Fixture, by_phone, quorl, words_in};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_at_the_same_moment_leaves_no_trace() {
    let office = Fixture::open().await;
    let first = Reference::to(office.quorl.id.to_string());
    office.dana.candidate_erase(first).await.unwrap();
    let (mut booked, mut late) = (0, 0);
    for round in 0..30 {
        office.dana.candidate_add(quorl()).await.unwrap();
        let erase = Reference::to(EMAIL);
        let book = by_phone(8 + round % 10);
        let book = greenroom_protocol::interview::InterviewNew {
            idempotency_key: None,
            ..book
        };
        let apply = CandidateEdit {
            candidate: EMAIL.into(),
            apply: Some("Welder".into()),
            ..CandidateEdit::default()
        };
        let (erased, new, applied) = tokio::join!(
            office.dana.candidate_erase(erase),
            office.dana.interview_new(book),
            office.dana.candidate_edit(apply),
        );
        match (&erased, &new) {
            // The interview was first: it stands in the way, as it should.
            (Err(refused), Ok(outcome)) => {
                assert!(!refused.matches.is_empty(), "{refused:?}");
                booked += 1;
                let id = outcome.interview.id.to_string();
                office
                    .dana
                    .interview_cancel(Reference::to(id).into())
                    .await
                    .unwrap();
                let again = Reference::to(EMAIL);
                office.dana.candidate_erase(again).await.unwrap();
            }
            (Ok(_), _) => late += 1,
            (Err(erased), Err(new)) => panic!("{erased:?} {new:?}"),
        }
        drop(applied);
    }
    eprintln!("{booked} times the booking was first, {late} times it was too late");
    for (key, body) in office.daemon.rows().await.unwrap() {
        assert_eq!(words_in(&body), Vec::<&str>::new(), "{key}");
        let stray = ["/application/", "/candidate/"]
            .iter()
            .any(|it| key.contains(it));
        let ben = String::from_utf8_lossy(&body).contains("Ben") || key.contains("/application/");
        assert!(!stray || ben, "{key}");
    }
    let all = office
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    for it in all.items {
        assert_eq!(it.status, InterviewStatus::Cancelled, "{it:?}");
    }
    let from = office.daemon.now();
    let busy = BusyQuery {
        members: vec![DANA.into()],
        candidate: None,
        zoom_user: None,
        job: None,
        interview: None,
        from,
        to: from.plus_minutes(3 * 24 * 60),
    };
    assert!(office.dana.busy(busy).await.unwrap()[0].busy.is_empty());
}
