//! A Unix user's number is a person on one machine only: what becomes of the links to members where
//! a backup is restored, and of those from before links named a machine.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::{MemberAdd, MemberLink};
use greenroom_tests::test_daemon::{OWNER, TestDaemon};
use greenroomd::rpc::Peer;

use crate::backup::upgrading::ALL;

const IRIS: &str = "iris.ode@acme.example";
const IRIS_UID: u32 = 2001;
const SAM: &str = "sam.ito@acme.example";

const ROOT: Peer = Peer {
    uid: 0,
    operator: true,
};

fn member(name: &str, email: &str) -> MemberAdd {
    MemberAdd {
        name: name.into(),
        email: email.into(),
        zoom_email: None,
        zone: None,
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
    }
}

fn link(member: &str) -> MemberLink {
    MemberLink {
        member: member.into(),
        uid: Some(IRIS_UID),
        user: None,
    }
}

/// Acme with Dana, and Iris who is a Unix user too.
async fn acme() -> TestDaemon {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    dana.member_add(member("Iris Ode", IRIS)).await.unwrap();
    dana.member_link(link(IRIS)).await.unwrap();
    daemon
}

/// The address of the member this Unix user is.
async fn who(daemon: &TestDaemon, uid: u32) -> Option<String> {
    let client = daemon.user(uid).await.unwrap();
    let caller = client.hello().caller.clone();
    caller.map(|it| it.member.email)
}

/// What `doctor` says of members who are nobody on this machine.
async fn missing(daemon: &TestDaemon) -> Option<String> {
    let root = daemon.client(ROOT).await.unwrap();
    let mut checks = root.doctor().await.unwrap().into_iter();
    let check = checks.find(|it| it.name == "Unix users")?;
    assert_eq!(check.result, CheckResult::Warning);
    assert!(check.hint.unwrap().contains("greenroom member link"));
    Some(check.message)
}

#[tokio::test]
async fn a_restore_where_the_backup_was_made_keeps_everyone_linked() {
    let mut daemon = acme().await;
    let dana = daemon.client(OWNER).await.unwrap();
    let backup = daemon.take_backup(&dana).await.unwrap();
    let links = daemon.links().await.unwrap();
    daemon.restore(&dana, &backup).await.unwrap();
    assert_eq!(who(&daemon, IRIS_UID).await.as_deref(), Some(IRIS));
    assert_eq!(daemon.links().await.unwrap(), links);
    assert_eq!(missing(&daemon).await, None);
}

#[tokio::test]
async fn elsewhere_a_number_is_nobody_until_the_people_are_said_to_be_the_same() {
    let daemon = acme().await;
    let dana = daemon.client(OWNER).await.unwrap();
    let backup = daemon.take_backup(&dana).await.unwrap();
    let mut other = daemon.elsewhere().await.unwrap();
    let root = other.client(ROOT).await.unwrap();
    other.restore(&root, &backup).await.unwrap();

    assert_eq!(who(&other, IRIS_UID).await, None);
    let stranger = other.user(IRIS_UID).await.unwrap();
    let refused = stranger.member_list().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
    let said = missing(&other).await.unwrap();
    assert!(said.contains("Dana Reyes, Iris Ode"), "{said}");
    let root = other.client(ROOT).await.unwrap();
    let members = root.member_list().await.unwrap().items;
    assert!(
        members.iter().all(|it| it.unix_uid.is_none()),
        "{members:?}"
    );

    other.restore_with(&root, &backup, true).await.unwrap();
    assert_eq!(who(&other, IRIS_UID).await.as_deref(), Some(IRIS));
    assert_eq!(missing(&other).await, None);
}

#[tokio::test]
async fn the_same_number_on_two_machines_is_two_people() {
    let mut daemon = acme().await;
    let dana = daemon.client(OWNER).await.unwrap();
    dana.member_add(member("Sam Ito", SAM)).await.unwrap();
    daemon.moves_to_another_machine().await.unwrap();
    assert_eq!(who(&daemon, IRIS_UID).await, None);

    let root = daemon.client(ROOT).await.unwrap();
    root.member_link(link(SAM)).await.unwrap();
    assert_eq!(who(&daemon, IRIS_UID).await.as_deref(), Some(SAM));
    let said = missing(&daemon).await.unwrap();
    assert!(said.contains("Dana Reyes, Iris Ode"), "{said}");

    // What Iris was on the other machine is not Sam's to lose.
    let iris = MemberLink {
        uid: None,
        ..link(IRIS)
    };
    root.member_unlink(iris).await.unwrap();
    assert_eq!(who(&daemon, IRIS_UID).await.as_deref(), Some(SAM));
}

/// As 0.1.0 and 0.2.0 stored them.
#[tokio::test]
async fn links_of_older_versions_are_of_the_machine_they_are_found_on() {
    let mut daemon = acme().await;
    let links = daemon.links().await.unwrap();
    let older = daemon.links_are_of_an_older_version().await.unwrap();
    assert_eq!(older, [OWNER.uid, IRIS_UID]);
    daemon.begin_again().await.unwrap();
    assert_eq!(daemon.links().await.unwrap(), links);
    assert_eq!(who(&daemon, IRIS_UID).await.as_deref(), Some(IRIS));
    let revision = daemon.revision();
    daemon.begin_again().await.unwrap();
    assert_eq!(daemon.revision(), revision, "a second start writes nothing");

    // A backup of such a version, where its store was and on a machine that never had it.
    daemon.links_are_of_an_older_version().await.unwrap();
    let root = daemon.client(ROOT).await.unwrap();
    let backup = daemon.take_backup(&root).await.unwrap();
    for _ in 0..2 {
        let root = daemon.client(ROOT).await.unwrap();
        daemon.restore(&root, &backup).await.unwrap();
        assert_eq!(who(&daemon, IRIS_UID).await.as_deref(), Some(IRIS));
    }
    let mut other = daemon.elsewhere().await.unwrap();
    let root = other.client(ROOT).await.unwrap();
    other.restore(&root, &backup).await.unwrap();
    assert_eq!(who(&other, IRIS_UID).await, None);
    let said = missing(&other).await.unwrap();
    assert!(said.contains("Iris Ode"), "{said}");
    let root = other.client(ROOT).await.unwrap();
    other.restore_with(&root, &backup, true).await.unwrap();
    assert_eq!(who(&other, IRIS_UID).await.as_deref(), Some(IRIS));
}

#[tokio::test]
async fn the_callers_of_older_stores_stay_who_they_are() {
    for left in ALL {
        let daemon = TestDaemon::builder().store(left.file("store")).idle();
        let daemon = daemon.bare().await.unwrap();
        let links = daemon.links().await.unwrap();
        assert!(!links.is_empty());
        for id in links {
            let (machine, uid) = id.split_once('/').expect("a link of a machine");
            assert_eq!(machine, daemon.services().store.machine());
            assert!(who(&daemon, uid.parse().unwrap()).await.is_some());
        }
        assert_eq!(missing(&daemon).await, None);
    }
}
