//! The stage that the demo's assistant arranges, and with whom it has begun: within a minute some of
//! them are booked, and one of them needs a person.

use anyhow::Context as _;
use greenroom::client::Client;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::outreach::OutreachStart;
use greenroom_protocol::pipeline::{
    Approval, PanelGroup, PanelRule, StageConfigure, StageInterviewChange,
};
use greenroom_protocol::workspace::WorkspaceEdit;

use super::people::{JOBS, STAGES};

/// The stage of the first job that the assistant arranges.
const ARRANGED: &str = STAGES[1];

/// Whose Zoom hosts.
const HOST: &str = "mina.okafor@acme.example";

/// One of these interviews.
const INTERVIEWERS: [&str; 3] = [
    "kofi.mensah@acme.example",
    "lena.bauer@acme.example",
    "mina.okafor@acme.example",
];

/// Seconds in which a move can be undone before the assistant writes.
const ENTRY_UNDO: u32 = 5;

/// With whom it has begun; how they answer, the demo's correspondents know.
const BEGUN: [&str; 4] = [
    "priya.ramanathan@example.com",
    "sami.haddad@example.com",
    "bjorn.akesson@example.com",
    "elif.yilmaz@example.com",
];

/// Turns it on.
pub(super) async fn set(client: &Client) -> anyhow::Result<()> {
    let edit = WorkspaceEdit {
        entry_undo_seconds: Some(ENTRY_UNDO),
        ..WorkspaceEdit::default()
    };
    client.workspace_edit(edit).await?;
    let members = client.member_list().await?.items;
    let id = |email: &str| {
        let member = members.iter().find(|it| it.email == email);
        member.map(|it| it.id).context("a member of the demo")
    };
    let panel = PanelGroup {
        rule: PanelRule::AnyOf,
        members: INTERVIEWERS
            .into_iter()
            .map(id)
            .collect::<anyhow::Result<_>>()?,
    };
    let change = StageInterviewChange {
        ai: Edit::Set(true),
        approval: Edit::Set(Approval::Auto),
        zoom_user: Edit::Set(id(HOST)?),
        organizer: Edit::Set(id(crate::harness::DANA)?),
        duration_minutes: Edit::Set(30),
        panel: Edit::Set(vec![panel]),
        ..StageInterviewChange::default()
    };
    let stage = StageConfigure {
        job: Some(JOBS[0].0.into()),
        stage: ARRANGED.into(),
        change: Some(change),
        ..StageConfigure::default()
    };
    client.stage_configure(stage).await?;
    Ok(())
}

/// Has it begin.
pub(super) async fn begin(client: &Client) -> anyhow::Result<()> {
    for candidate in BEGUN {
        let start = OutreachStart {
            candidate: Some(candidate.into()),
            job: Some(JOBS[0].0.into()),
            ..OutreachStart::default()
        };
        client.outreach_start(start).await?;
    }
    Ok(())
}
