//! A Unix user nobody linked: greeted, told how things are, and shown the way in.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::workspace::{MemberLink, Reference, WorkspaceEdit};

use crate::access::fixture::{Fixture, IRIS, Who};

#[tokio::test]
async fn they_are_greeted_and_told_the_way_in() {
    let office = Fixture::open().await;
    let stranger = office.client(Who::Unlinked).await;
    let hello = stranger.hello();
    assert!(hello.caller.is_none() && hello.workspace.is_none() && !hello.operator);
    let status = stranger.status().await.unwrap();
    assert!(status.workspace.is_none() && status.work.is_empty() && status.work_waiting == 0);

    let refused = stranger
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
    assert_eq!(refused.kind.exit_code(), 5);
    assert!(refused.message.contains("2006"), "{refused}");
    let way = refused.hint.unwrap();
    assert!(
        way.contains("member link") && way.contains("--uid 2006"),
        "{way}"
    );
}

#[tokio::test]
async fn a_link_lets_them_in_and_its_end_shuts_them_out() {
    let office = Fixture::open().await;
    let link = MemberLink {
        member: IRIS.into(),
        uid: Some(2006),
        ..MemberLink::default()
    };
    office.dana.member_link(link.clone()).await.unwrap();
    let iris = office.client(Who::Unlinked).await;
    assert_eq!(iris.hello().caller.as_ref().unwrap().member.email, IRIS);
    assert_eq!(
        iris.candidate_list(CandidateQuery::default())
            .await
            .unwrap()
            .total,
        1
    );

    office.dana.member_unlink(link).await.unwrap();
    let refused = iris
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
}

#[tokio::test]
async fn users_are_linked_by_name_as_the_daemons_machine_knows_them() {
    let office = Fixture::open().await;
    let link = |user: &str| MemberLink {
        member: IRIS.into(),
        user: Some(user.into()),
        ..MemberLink::default()
    };
    let linked = office.dana.member_link(link("nobody")).await.unwrap();
    assert_eq!(linked.unix_uid, Some(65534));
    let nobody = office.daemon.user(65534).await.unwrap();
    assert_eq!(nobody.hello().caller.as_ref().unwrap().member.email, IRIS);
    // A member is one Unix user at a time.
    let before = office.client(Who::Interviewer).await;
    assert!(before.hello().caller.is_none());

    let stranger = office.dana.member_link(link("no.such.user")).await;
    assert_eq!(stranger.unwrap_err().kind, ErrorKind::NotFound);
    let none = MemberLink {
        member: IRIS.into(),
        ..MemberLink::default()
    };
    let refused = office.dana.member_link(none.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);

    let other = office.dana.member_unlink(link("root")).await.unwrap_err();
    assert_eq!(other.kind, ErrorKind::NotFound);
    let unlinked = office.dana.member_unlink(none.clone()).await.unwrap();
    assert_eq!(unlinked.unix_uid, None);
    let again = office.dana.member_unlink(none).await.unwrap_err();
    assert!(again.message.contains("No Unix user is linked"), "{again}");
}

/// Case R5: a workspace that is not the caller's own is answered as one that does not exist: by
/// `hello`, and by every call that takes a workspace.
#[tokio::test]
async fn workspaces_of_others_are_not_there() {
    let office = Fixture::open().await;
    for name in ["Zenith", "Zebra Labs"] {
        let other = WorkspaceEdit {
            name: Some(name.into()),
            ..WorkspaceEdit::default()
        };
        office.dana.workspace_add(other).await.unwrap();
    }
    let others = office.dana.workspace_list().await.unwrap().items;
    let zenith = others.iter().find(|it| it.name == "Zenith").unwrap().id;
    let whole = zenith.to_string();
    let ending = &whole[whole.len() - 8..];
    // Their names, beginnings that match one or several, ids and endings; and names that nobody
    // has.
    let there = ["Acme", "acm", "Zenith", "Ze", "z", whole.as_str(), ending];
    let nowhere = [
        "Nobody's",
        "q",
        "",
        "wsp_00000000000000000000000000",
        "00000000",
    ];

    let hello = async |who: Who, text: &str| {
        let refused = office.daemon.within(who.guest(), text).await.err();
        refused.map(|it| (it.kind, it.message.replace(text, "…"), it.hint, it.matches))
    };
    let way_in = hello(Who::Unlinked, "Nobody's").await.unwrap();
    assert_eq!(way_in.0, ErrorKind::Denied);
    for text in there.iter().chain(&nowhere) {
        let same = office.daemon.within(Who::Unlinked.guest(), text).await;
        let same = same.err().unwrap();
        assert_eq!(
            (same.kind, same.message, same.hint, same.matches),
            way_in,
            "{text}"
        );
    }

    // A member of Acme finds Acme, and nothing else.
    assert_eq!(hello(Who::Recruiter, "acm").await, None);
    let nobody = hello(Who::Recruiter, "Nobody's").await.unwrap();
    let rita = office.client(Who::Recruiter).await;
    let ada = office.client(Who::Admin).await;
    for text in ["Zenith", "Ze", "zebra", whole.as_str(), ending, "Nobody's"] {
        let (kind, message, hint, matches) = hello(Who::Recruiter, text).await.unwrap();
        assert_eq!(kind, ErrorKind::NotFound, "{text}");
        assert_eq!(
            (&message, &hint, matches),
            (&nobody.1, &nobody.2, Vec::new())
        );
        let switched = rita.workspace_use(Reference::to(text)).await.unwrap_err();
        assert_eq!(switched.kind, ErrorKind::NotFound, "{text}: {switched:?}");
        let edit = WorkspaceEdit {
            workspace: Some(text.into()),
            ..WorkspaceEdit::default()
        };
        let edited = ada.workspace_edit(edit).await.unwrap_err();
        assert_eq!(edited.kind, ErrorKind::NotFound, "{text}: {edited:?}");
        assert!(edited.matches.is_empty());
    }
}

/// Case C4: `workspace_use` can be tried out.
#[tokio::test]
async fn a_dry_run_does_not_switch_workspaces() {
    let office = Fixture::open().await;
    let other = WorkspaceEdit {
        name: Some("Zenith".into()),
        ..WorkspaceEdit::default()
    };
    office.dana.workspace_add(other).await.unwrap();
    let usual = office
        .daemon
        .user(1000)
        .await
        .unwrap()
        .hello()
        .workspace
        .clone();
    let other = match usual.as_ref().unwrap().name.as_str() {
        "Zenith" => "Acme",
        _ => "Zenith",
    };
    let dry_run = Reference {
        dry_run: true,
        ..Reference::to(other)
    };
    assert_eq!(
        office.dana.workspace_use(dry_run).await.unwrap().name,
        other
    );
    assert_eq!(
        office.daemon.user(1000).await.unwrap().hello().workspace,
        usual
    );
}
