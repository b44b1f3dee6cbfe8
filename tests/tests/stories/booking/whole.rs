//! The main job with nothing stood in for but Zoom: a real daemon in a process of its own.

use greenroom_protocol::interview::{InterviewStatus, MeetingState};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{
    DANA, World, add_candidate, add_job, settled, when, zoom_interview,
};

#[tokio::test]
async fn connect_book_and_cancel() {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    world.connect_zoom(&dana, DANA).await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    add_candidate(&dana, "Ana Lima", "ana.lima@mail.example", "Designer")
        .await
        .unwrap();

    let booking = zoom_interview("ana.lima@mail.example", 60);
    let booked = dana.interview_new(booking).await.unwrap().interview;
    let id = booked.id.to_string();
    let ready = settled(&dana, &id).await.unwrap();
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    assert_eq!(world.zoom.meetings().len(), 1);

    dana.interview_cancel(Reference::to(&id).into())
        .await
        .unwrap();
    let gone = when(&dana, &id, |it| it.meeting.state == MeetingState::Gone)
        .await
        .unwrap();
    assert_eq!(gone.status, InterviewStatus::Cancelled);
    assert_eq!(world.zoom.meetings().len(), 0);
}
