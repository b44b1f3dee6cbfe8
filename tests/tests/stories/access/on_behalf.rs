//! Acting for somebody else: with their rights, and written down as both.

use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::pipeline::{CandidateEdit, CandidateQuery};
use greenroom_protocol::workspace::{MemberEdit, Role};
use greenroom_protocol::{Error, ErrorKind};

use crate::access::fixture::{ADA, ANA, Fixture, HUGO, IRIS, RITA, Who};

fn phone() -> CandidateEdit {
    CandidateEdit {
        candidate: ANA.into(),
        phone: Some("+1 212 555 0199".into()),
        ..CandidateEdit::default()
    }
}

#[tokio::test]
async fn only_admins_and_the_operator_act_for_others() {
    let office = Fixture::open().await;
    for who in Who::ALL {
        let acting = office.daemon.client_as(who.guest(), RITA).await;
        let allowed = matches!(who, Who::Admin | Who::Operator);
        match acting {
            Ok(client) => {
                assert!(allowed, "{who:?}");
                let caller = client.hello().caller.clone().unwrap();
                assert_eq!(caller.member.email, RITA);
            }
            Err(refused) => {
                assert!(!allowed, "{who:?}");
                let refused: Error = refused.downcast().unwrap();
                assert!(
                    matches!(refused.kind, ErrorKind::Denied),
                    "{who:?}: {refused:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_is_done_for_somebody_is_written_down_as_both() {
    let office = Fixture::open().await;
    let ada = office
        .daemon
        .client_as(Who::Admin.guest(), RITA)
        .await
        .unwrap();
    let changed = ada.candidate_edit(phone()).await.unwrap();
    let root = office
        .daemon
        .client_as(Who::Operator.guest(), HUGO)
        .await
        .unwrap();
    root.candidate_edit(phone()).await.unwrap();

    let query = AuditQuery {
        record: Some(changed.id.to_string()),
        ..AuditQuery::default()
    };
    let entries = office.dana.audit_list(query).await.unwrap().items;
    let whom: Vec<_> = entries
        .iter()
        .filter(|it| it.call == "candidate_edit")
        .map(|it| {
            (
                it.actor.as_str(),
                it.acting_as.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    let [(operator, hugo), (ada, rita)] = whom[..] else {
        panic!("{whom:?}")
    };
    assert!(operator.contains("operator"), "{operator}");
    assert!(hugo.contains("Hugo Berg"), "{hugo}");
    assert!(ada.contains("Ada Kern"), "{ada}");
    assert!(rita.contains("Rita Novak"), "{rita}");
    // Names of fields, never what stands in them.
    let written = serde_json::to_string(&entries).unwrap();
    assert!(written.contains("phone") && !written.contains("555 0199"));
}

#[tokio::test]
async fn one_has_the_rights_of_whom_one_acts_for_and_not_more() {
    let office = Fixture::open().await;
    let ada = office
        .daemon
        .client_as(Who::Admin.guest(), IRIS)
        .await
        .unwrap();
    let page = ada.candidate_list(CandidateQuery::default()).await.unwrap();
    assert_eq!(page.total, 1);
    let refused = ada.candidate_edit(phone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
    let refused = ada.audit_list(AuditQuery::default()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
}

#[tokio::test]
async fn who_is_no_admin_any_more_acts_for_nobody_from_the_next_call() {
    let office = Fixture::open().await;
    let ada = office
        .daemon
        .client_as(Who::Admin.guest(), RITA)
        .await
        .unwrap();
    ada.candidate_edit(phone()).await.unwrap();
    let demoted = MemberEdit {
        member: ADA.into(),
        roles: Some(vec![Role::Recruiter]),
        ..MemberEdit::default()
    };
    office.dana.member_edit(demoted).await.unwrap();
    let refused = ada.candidate_edit(phone()).await.unwrap_err();
    assert_eq!(
        refused.kind,
        ErrorKind::Denied,
        "nor as themselves unnoticed"
    );
}

#[tokio::test]
async fn the_operator_sees_candidates_only_for_somebody() {
    let office = Fixture::open().await;
    let root = office.client(Who::Operator).await;
    let refused = root
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
    assert!(refused.hint.unwrap().contains("--as"));
    let root = office
        .daemon
        .client_as(Who::Operator.guest(), RITA)
        .await
        .unwrap();
    assert_eq!(
        root.candidate_list(CandidateQuery::default())
            .await
            .unwrap()
            .total,
        2
    );
}
