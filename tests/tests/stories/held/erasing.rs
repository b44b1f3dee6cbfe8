//! Erasing somebody: refused while something is to come, complete when it is done, and written
//! down.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::interview::{InterviewStatus, MeetingState};
use greenroom_protocol::pipeline::{CandidateExportQuery, CandidateQuery, CandidateView};
use greenroom_protocol::schedule::BusyQuery;
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_tests::harness::{DANA, add_member, settled, when};
use greenroom_tests::test_daemon::OWNER;

use crate::held::fixture::{EMAIL, Fixture, by_phone, by_zoom, quorl, words_in};

#[tokio::test]
async fn what_is_to_come_is_cancelled_first() {
    let office = Fixture::open().await;
    let zoom = office.books(by_zoom(10)).await;
    let id = zoom.id.to_string();
    settled(&office.dana, &id).await.unwrap();
    let dry = Reference {
        dry_run: true,
        ..Reference::to(EMAIL)
    };
    let refused = office.dana.candidate_erase(dry).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.matches[0].starts_with(&id), "{refused:?}");
    assert!(refused.hint.unwrap().contains("interview cancel"));
    assert!(words_in(refused.message.as_bytes()).is_empty());

    office
        .dana
        .interview_cancel(Reference::to(&id).into())
        .await
        .unwrap();
    when(&office.dana, &id, |it| {
        it.meeting.state == MeetingState::Gone
    })
    .await
    .unwrap();
    assert!(
        office.daemon.zoom.meetings().is_empty(),
        "Zoom forgot the name too"
    );
    let erased = office.erases().await;
    assert_eq!((erased.applications, erased.interviews), (1, 1));
    assert_eq!(erased.remains, Vec::<String>::new());
}

#[tokio::test]
async fn others_keep_that_their_time_was_taken_and_nothing_about_whom() {
    let office = Fixture::open().await;
    office.moves("Phone screen").await;
    let phone = office.books(by_phone(9)).await;
    let zoom = office.books(by_zoom(10)).await;
    let ready = settled(&office.dana, &zoom.id.to_string()).await.unwrap();
    office.daemon.seconds_pass(3 * 24 * 3600);

    let erased = office.erases().await;
    assert_eq!((erased.applications, erased.interviews), (1, 2));
    let number = ready.meeting.meeting_id.unwrap();
    assert!(
        erased.remains.len() == 1 && erased.remains[0].contains(&number),
        "what is at Zoom is named: {:?}",
        erased.remains
    );

    for (key, body) in office.daemon.rows().await.unwrap() {
        assert_eq!(words_in(key.as_bytes()), Vec::<&str>::new(), "{key}");
        assert_eq!(words_in(&body), Vec::<&str>::new(), "{key}");
    }
    let dana = &office.dana;
    for text in ["xanthippe", "quorl", "quorlhaven", EMAIL, "designer"] {
        let query = CandidateQuery {
            text: text.into(),
            ..CandidateQuery::default()
        };
        assert_eq!(dana.candidate_list(query).await.unwrap().total, 0, "{text}");
    }
    let gone = dana.candidate_get(Reference::to(EMAIL)).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
    for interview in [&phone, &zoom] {
        let it = dana
            .interview_get(Reference::to(interview.id.to_string()))
            .await
            .unwrap();
        assert_eq!(it.status, InterviewStatus::Confirmed);
        assert_eq!(
            (it.candidate.name.as_str(), it.meeting.join_url),
            ("(removed)", None)
        );
        assert!(it.meeting.details.is_none() && it.warnings.is_empty());
    }
    let busy = BusyQuery {
        members: vec![DANA.into()],
        candidate: None,
        zoom_user: None,
        job: None,
        interview: None,
        from: phone.start,
        to: phone.start.plus_minutes(24 * 60),
    };
    assert_eq!(dana.busy(busy).await.unwrap()[0].busy.len(), 2);

    // The erasure is written down, by ids and numbers.
    let query = AuditQuery {
        record: Some(office.quorl.id.to_string()),
        ..AuditQuery::default()
    };
    let entries = dana.audit_list(query).await.unwrap().items;
    assert_eq!(entries[0].call, "candidate_erase");
    assert_eq!(entries[0].actor, "Dana Reyes");
    assert_eq!(entries[0].values["interviews"], "2");

    // Nothing is in the way of their coming back, as somebody new.
    let again = dana.candidate_add(quorl()).await.unwrap();
    assert_ne!(again.id, office.quorl.id);
    assert!(again.interviews.is_empty());
}

#[tokio::test]
async fn the_backup_after_it_holds_nothing_either() {
    let mut office = Fixture::open().await;
    office.books(by_phone(9)).await;
    office.daemon.seconds_pass(3 * 24 * 3600);
    office.erases().await;
    // A restore of a backup made after the erasure is the way to purge the store's own log.
    let backup = office.daemon.take_backup(&office.dana).await.unwrap();
    let restored = office.daemon.restore(&office.dana, &backup).await.unwrap();
    std::fs::remove_dir_all(restored.set_aside.unwrap()).unwrap();
    office.daemon.close().await.unwrap();
    let mut looked_at = 0;
    for path in office.daemon.files() {
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(words_in(&bytes), Vec::<&str>::new(), "{}", path.display());
        looked_at += bytes.len();
    }
    assert!(looked_at > 10_000);
}

#[tokio::test]
async fn a_record_changed_since_it_was_looked_at_is_not_erased() {
    let office = Fixture::open().await;
    office.moves("Phone screen").await;
    let edit = greenroom_protocol::pipeline::CandidateEdit {
        candidate: EMAIL.into(),
        phone: Some("1".into()),
        ..Default::default()
    };
    office.dana.candidate_edit(edit).await.unwrap();
    let stale = Reference {
        expected_revision: Some(office.quorl.revision),
        ..Reference::to(EMAIL)
    };
    let refused = office.dana.candidate_erase(stale).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(
        office
            .dana
            .candidate_get(Reference::to(EMAIL))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn somebody_with_very_many_interviews_is_erased_whole() {
    let office = Fixture::open().await;
    let mut hours = 0;
    for week in 0..7 {
        for day in 0..5 {
            for hour in 8..14 {
                let start = office
                    .daemon
                    .now()
                    .plus_minutes((week * 7 + day + 1) * 24 * 60);
                let interview = greenroom_protocol::interview::InterviewNew {
                    start: start.plus_minutes(hour * 60).to_string(),
                    idempotency_key: None,
                    ..by_phone(0)
                };
                office.books(interview).await;
                hours += 1;
            }
        }
    }
    office.daemon.seconds_pass(100 * 24 * 3600);
    let erased = office.erases().await;
    assert_eq!(erased.interviews, hours);
    for (key, body) in office.daemon.rows().await.unwrap() {
        assert_eq!(words_in(&body), Vec::<&str>::new(), "{key}");
        assert!(
            key.contains("/audit/") || !key.contains(&office.quorl.id.to_string()),
            "{key}"
        );
    }
}

/// Views hold what their members searched for, and that is people's names.
#[tokio::test]
async fn saved_views_that_name_them_go_with_them_whosever_they_are() {
    const KIM: &str = "kim.park@acme.example";
    let office = Fixture::open().await;
    let dana = &office.dana;
    add_member(dana, "Kim Park", KIM, &[Role::Recruiter])
        .await
        .unwrap();
    let kim = office.daemon.client_as(OWNER, KIM).await.unwrap();
    let view = |name: &str, text: &str| CandidateView {
        name: name.into(),
        query: CandidateQuery {
            text: text.into(),
            ..CandidateQuery::default()
        },
    };
    for (whose, name, text) in [
        (dana, "Hers", "quorl designer"),
        (dana, "Xanthippe", ""),
        (dana, "Designers", "designer"),
        (&kim, "By address", EMAIL),
        (&kim, "Ben", "okafor"),
    ] {
        whose.candidate_view_save(view(name, text)).await.unwrap();
    }

    let export = CandidateExportQuery {
        candidate: EMAIL.into(),
        cursor: None,
    };
    let held = dana.candidate_export(export).await.unwrap();
    assert_eq!(held.views, Some(3));
    let dry = Reference {
        dry_run: true,
        ..Reference::to(EMAIL)
    };
    assert_eq!(dana.candidate_erase(dry).await.unwrap().views, 3);
    let names = async |whose: &greenroom::client::Client| {
        let views = whose.candidate_view_list().await.unwrap().items;
        views.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(names(dana).await, ["Designers", "Hers", "Xanthippe"]);

    assert_eq!(office.erases().await.views, 3);
    assert_eq!(names(dana).await, ["Designers"]);
    assert_eq!(names(&kim).await, ["Ben"]);
    for (key, body) in office.daemon.rows().await.unwrap() {
        assert_eq!(words_in(&body), Vec::<&str>::new(), "{key}");
    }
}
