//! When people are reminded, as the workspace says.

use super::*;

#[tokio::test]
async fn a_changed_setting_counts_for_every_interview_to_come() {
    let mut room = Fixture::open().await;
    let interview = room.friday().await;
    room.reminds(&[2 * 24 * 60, 30]).await;
    room.it_is_before(&interview, 2 * DAY + 1).await;
    assert_eq!(room.reminded(), (0, 0));
    room.it_is_before(&interview, 2 * DAY).await;
    assert_eq!(room.reminded(), (1, 1));
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (1, 1));
    // A time that has passed is not made up for.
    room.reminds(&[24 * 60, 20]).await;
    room.it_is_before(&interview, 20 * MINUTE + 1).await;
    assert_eq!(room.reminded(), (1, 1));
    room.it_is_before(&interview, 20 * MINUTE).await;
    assert_eq!(room.reminded(), (2, 2));

    let next = room
        .books(InterviewNew {
            start: "2026-12-11T10:00:00Z".into(),
            ..by_phone()
        })
        .await;
    room.reminds(&[]).await;
    room.it_is_before(&next, 0).await;
    assert_eq!(room.reminded(), (2, 2));
}

#[tokio::test]
async fn a_setting_is_a_few_times_within_a_fortnight() {
    let room = Fixture::open().await;
    let set = async |minutes: &[u32]| {
        let edit = WorkspaceEdit {
            reminders: Some(minutes.to_vec()),
            ..WorkspaceEdit::default()
        };
        room.dana.workspace_edit(edit).await
    };
    for refused in [&[4][..], &[20_161], &[5, 10, 15, 20, 25, 30]] {
        let error = set(refused).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage);
        assert_eq!(error.field.as_deref(), Some("reminders"));
    }
    let kept = set(&[60, 5, 20_160, 60]).await.unwrap();
    assert_eq!(kept.reminders, [20_160, 60, 5]);
    let listed = room.dana.workspace_list().await.unwrap().items;
    assert_eq!(listed[0].reminders, kept.reminders);
}
