//! What each of them sees: lists, searches and changes hold nothing that may not be read.

use std::collections::BTreeSet;
use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::drift::CheckQuery;
use greenroom_protocol::interview::{Interview, InterviewNew, InterviewQuery, MeetingType};
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::pipeline::{CandidateEdit, CandidateQuery, CandidateSort, HighlightField};
use greenroom_protocol::schedule::{ExplainQuery, Planned};
use greenroom_protocol::workspace::{MemberEdit, Reference, Role};

use crate::access::fixture::{ADA, ANA, BEN, Fixture, HUGO, IRIS, Who};

async fn candidates(client: &Client) -> Vec<String> {
    let page = client
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap();
    assert_eq!(
        page.total,
        page.items.len() as u64,
        "not even the count says more"
    );
    let mut found: Vec<_> = page.items.into_iter().map(|it| it.email).collect();
    found.sort();
    found
}

async fn interviews(client: &Client) -> Vec<String> {
    let page = client
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    let mut found: Vec<_> = page
        .items
        .into_iter()
        .map(|it| it.candidate.email)
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn lists_show_the_candidates_and_interviews_one_works_with() {
    let office = Fixture::open().await;
    let table = [
        (Who::Admin, vec![ANA, BEN]),
        (Who::Recruiter, vec![ANA, BEN]),
        (Who::Manager, vec![ANA]),
        (Who::OtherManager, vec![BEN]),
        (Who::Interviewer, vec![ANA]),
    ];
    for (who, expected) in table {
        let client = office.client(who).await;
        assert_eq!(candidates(&client).await, expected, "{who:?}");
        assert_eq!(interviews(&client).await, expected, "{who:?}");
    }
}

#[tokio::test]
async fn a_search_finds_nobody_one_may_not_see() {
    let office = Fixture::open().await;
    let hugo = office.client(Who::Manager).await;
    for text in ["Ben", "okafor", BEN] {
        let query = CandidateQuery {
            text: text.into(),
            ..CandidateQuery::default()
        };
        assert_eq!(hugo.candidate_list(query).await.unwrap().total, 0, "{text}");
    }
}

#[tokio::test]
async fn no_filter_order_or_near_match_lists_somebody_one_may_not_see() {
    let office = Fixture::open().await;
    let hugo = office.client(Who::Manager).await;
    let all = CandidateQuery::default;
    let jobs = office.dana.job_list().await.unwrap().items;
    let jobs: Vec<_> = jobs.iter().map(|job| job.id.to_string()).collect();
    for query in [
        CandidateQuery { jobs, ..all() },
        CandidateQuery {
            no_interview: true,
            ..all()
        },
        CandidateQuery {
            older_than_days: Some(0),
            sort: CandidateSort::Since,
            ..all()
        },
        CandidateQuery {
            sort: CandidateSort::Stage,
            reverse: true,
            ..all()
        },
        CandidateQuery {
            text: "okafro".into(),
            fuzzy: true,
            ..all()
        },
        CandidateQuery {
            text: "nobodyiscalledthis".into(),
            fuzzy: true,
            ..all()
        },
    ] {
        let page = hugo.candidate_list(query.clone()).await.unwrap();
        let others = page.items.iter().filter(|row| row.email != ANA);
        assert_eq!(others.count(), 0, "{query:?}");
        assert_eq!(page.total, page.items.len() as u64);
    }
    let mistyped = CandidateQuery {
        text: "okafro".into(),
        fuzzy: true,
        ..all()
    };
    let page = office.dana.candidate_list(mistyped).await.unwrap();
    assert_eq!((page.total, page.near, page.nearest), (1, 1, false));
    let row = &page.items[0];
    assert_eq!((row.email.as_str(), row.near), (BEN, true));
    let matched = row.matched.iter();
    let matched = matched.filter(|it| it.field == HighlightField::Name);
    let matched = matched.map(|it| &row.name[it.from as usize..it.to as usize]);
    assert_eq!(matched.collect::<Vec<_>>(), ["Okafor"]);
}

#[tokio::test]
async fn changes_name_only_what_one_may_read() {
    let office = Fixture::open().await;
    let hugo = office.client(Who::Manager).await;
    let iris = office.client(Who::Interviewer).await;
    let root = office.client(Who::Operator).await;
    let before = office.dana.status().await.unwrap().revision;
    for (candidate, phone) in [(ANA, "1"), (BEN, "2")] {
        let edit = CandidateEdit {
            candidate: candidate.into(),
            phone: Some(phone.into()),
            ..CandidateEdit::default()
        };
        office.dana.candidate_edit(edit).await.unwrap();
    }
    let (ana, ben) = (office.designers.candidate.id, office.welders.candidate.id);
    let told = |changes: &greenroom_protocol::change::Changes, id: String| {
        changes.changed.iter().any(|it| it.id == id)
    };
    for client in [&hugo, &iris] {
        let changes = client.changes(before, Duration::ZERO).await.unwrap();
        assert!(told(&changes, ana.to_string()));
        assert!(!told(&changes, ben.to_string()));
    }
    let changes = root.changes(before, Duration::ZERO).await.unwrap();
    assert_eq!(changes.changed, [], "the operator sees no candidates");
}

#[tokio::test]
async fn changes_of_letters_and_checks_are_told_to_those_who_may_read_them() {
    let office = Fixture::open().await;
    let before = office.dana.status().await.unwrap().revision;
    for interview in [&office.designers, &office.welders] {
        let which = Reference::to(interview.id.to_string());
        office.dana.interview_confirm(which).await.unwrap();
    }
    let letters = office.dana.mail_list(MailQuery::default()).await.unwrap();
    let about = |interview: &Interview| {
        let ids = letters.items.iter();
        let ids = ids.filter(|it| it.interview == Some(interview.id));
        ids.map(|it| it.id.to_string()).collect::<BTreeSet<_>>()
    };
    let host = Some(ADA.to_owned());
    office
        .dana
        .interview_check(CheckQuery { host })
        .await
        .unwrap();

    let theirs = about(&office.designers);
    let all = &theirs | &about(&office.welders);
    assert_eq!((theirs.len(), all.len()), (2, 4));
    for (who, letters, checks) in [
        (Who::Recruiter, all, true),
        (Who::Manager, theirs.clone(), false),
        (Who::Interviewer, theirs, false),
        (Who::Operator, BTreeSet::new(), false),
    ] {
        let client = office.client(who).await;
        let changed = client
            .changes(before, Duration::ZERO)
            .await
            .unwrap()
            .changed;
        let mail = changed.iter().filter(|it| it.table == "mail");
        let mail: BTreeSet<_> = mail.map(|it| it.id.clone()).collect();
        assert_eq!(mail, letters, "{who:?}");
        assert_eq!(
            changed.iter().any(|it| it.table == "drift"),
            checks,
            "{who:?}"
        );
    }
}

#[tokio::test]
async fn a_role_taken_away_counts_from_the_next_call() {
    let office = Fixture::open().await;
    let hugo = office.client(Who::Manager).await;
    assert_eq!(candidates(&hugo).await, [ANA]);
    let demoted = MemberEdit {
        member: HUGO.into(),
        roles: Some(vec![Role::Interviewer]),
        ..MemberEdit::default()
    };
    office.dana.member_edit(demoted).await.unwrap();
    assert_eq!(candidates(&hugo).await, Vec::<String>::new());
    let edit = CandidateEdit {
        candidate: ANA.into(),
        ..CandidateEdit::default()
    };
    assert_eq!(
        hugo.candidate_edit(edit).await.unwrap_err().kind,
        ErrorKind::Denied
    );
}

#[tokio::test]
async fn whoever_interviews_sees_their_candidate_and_only_while_they_do() {
    let office = Fixture::open().await;
    let iris = office.client(Who::Interviewer).await;
    let shown = iris
        .candidate_get(greenroom_protocol::workspace::Reference::to(ANA))
        .await
        .unwrap();
    let with_iris: Vec<_> = shown.interviews.iter().map(|it| it.id).collect();
    assert_eq!(with_iris, [office.designers.id]);
    assert_eq!(shown.interviews[0].interviewers[0].email, IRIS);
}

#[tokio::test]
async fn who_has_a_time_is_told_to_those_who_may_know() {
    let office = Fixture::open().await;
    let hugo = office.client(Who::Manager).await;
    let wants = |candidate: &str, with: &str, dry_run| InterviewNew {
        candidate: candidate.into(),
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        start: "2026-12-01T10:15:00Z".into(),
        with: vec![with.into()],
        dry_run,
        ..InterviewNew::default()
    };
    // Dana interviews Ben then, which is no affair of Hugo's; Iris interviews Ana, whom he hires.
    let dana = "dana.reyes@acme.example";
    let judged = hugo.interview_new(wants(ANA, dana, true)).await.unwrap();
    let [busy, ana] = &judged.verdict.blocks[..] else {
        panic!("{judged:?}")
    };
    assert_eq!(busy.interview, None, "{busy:?}");
    assert!(
        busy.message
            .starts_with("Dana Reyes has an unconfirmed interview from")
    );
    assert!(!busy.message.contains("Ben"), "{busy:?}");
    assert_eq!(ana.interview, Some(office.designers.id));
    assert!(ana.message.ends_with("(Ana Lima, Designer)"), "{ana:?}");
    let refused = hugo
        .interview_new(wants(ANA, dana, false))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(!refused.message.contains("Ben"), "{refused:?}");

    // The same where a time is explained.
    let explain = |client: &Client| {
        let query = ExplainQuery {
            planned: Planned {
                candidate: Some(ANA.into()),
                kind: Some(MeetingType::Phone),
                with: vec![dana.into()],
                ..Planned::default()
            },
            start: "2026-12-01T10:15:00Z".into(),
            locale: None,
        };
        let client = client.clone();
        async move { client.explain(query).await.unwrap() }
    };
    let told = explain(&hugo).await;
    let said = serde_json::to_string(&told).unwrap();
    assert!(
        said.contains("Dana Reyes has an unconfirmed interview from"),
        "{said}"
    );
    assert!(
        !said.contains("Ben") && said.contains("(Ana Lima, Designer)"),
        "{said}"
    );

    let rita = office.client(Who::Recruiter).await;
    let told = explain(&rita).await;
    let each = &told.groups[0].each[0].findings[0];
    assert!(each.message.ends_with("(Ben Okafor, Welder)"), "{each:?}");
    let refused = rita
        .interview_new(wants(BEN, IRIS, false))
        .await
        .unwrap_err();
    for who in [
        "Iris Moreau has",
        "(Ana Lima, Designer)",
        "(Ben Okafor, Welder)",
    ] {
        assert!(refused.message.contains(who), "{refused:?}");
    }
}
