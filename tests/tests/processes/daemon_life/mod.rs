//! A daemon's life: how it begins where another was, ends when told to, and what is there when it
//! comes back.

mod checking;
pub mod failing;
mod making_room;
mod named;
mod reloading;

use std::io::Read as _;
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_tests::harness::{World, add_candidate, add_job};
use greenroom_tests::lifeline::Held;
use rustix::process::Signal;

async fn world() -> (World, Client) {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    (world, dana)
}

async fn add(dana: &Client, number: usize) {
    let email = format!("candidate{number}@mail.example");
    add_candidate(dana, &format!("Candidate {number}"), &email, "Designer")
        .await
        .unwrap();
}

async fn total(client: &Client) -> u64 {
    let all = CandidateQuery::default();
    client.candidate_list(all).await.unwrap().total
}

/// What a daemon says that does not start here.
fn refusal(world: &World) -> String {
    let mut command = world.daemon_command();
    // Its line to us is held open: it ends on its own or not at all.
    let mut daemon = Held::start(command.stderr(Stdio::piped())).unwrap();
    let mut said = String::new();
    let mut stderr = daemon.child().stderr.take().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(daemon.child().wait().unwrap().code(), Some(1));
    said
}

#[tokio::test]
async fn a_second_daemon_on_the_same_data_refuses_and_names_the_first() {
    let (mut world, dana) = world().await;
    let first = world.daemon().unwrap().child().id();
    let said = refusal(&world);
    assert!(said.contains(&format!("process {first} has it")), "{said}");
    let socket = world.socket().display().to_string();
    assert!(said.contains(&socket), "{said}");
    assert_eq!(total(&dana).await, 0, "the first goes on");
}

#[tokio::test]
async fn a_stale_socket_is_replaced_and_nothing_acknowledged_is_lost() {
    let (mut world, dana) = world().await;
    for number in 0..5 {
        add(&dana, number).await;
    }
    world.kill_daemon();
    assert!(world.socket().exists(), "a killed daemon leaves its socket");
    world.run_daemon().await.unwrap();
    assert_eq!(total(&world.client().await.unwrap()).await, 5);
}

#[tokio::test]
async fn a_socket_somebody_listens_on_is_left_alone() {
    let (mut world, _) = world().await;
    world.stop_daemon();
    let stranger = UnixListener::bind(world.socket()).unwrap();
    let said = refusal(&world);
    assert!(said.contains("another daemon listens there"), "{said}");
    assert!(world.socket().exists());
    drop(stranger);
}

#[tokio::test]
async fn told_to_stop_it_answers_the_call_under_way() {
    let (mut world, dana) = world().await;
    let revision = dana.status().await.unwrap().revision;
    let waiting = dana.changes(revision, Duration::from_secs(30));
    let stopping = async {
        // Answered on the same connection, after the long poll was taken in.
        dana.status().await.unwrap();
        world.daemon().unwrap().signal(Signal::TERM);
    };
    let (changes, ()) = tokio::join!(waiting, stopping);
    let changes = changes.unwrap();
    assert_eq!((changes.revision, changes.reset), (revision, false));
    assert!(world.daemon().unwrap().child().wait().unwrap().success());
    assert!(!world.socket().exists());
}

#[tokio::test]
async fn after_a_restart_what_a_client_knows_is_reset_and_goes_on_from_there() {
    let (mut world, dana) = world().await;
    let (before, store) = (dana.hello().revision, dana.hello().store.clone());
    add(&dana, 0).await;
    world.stop_daemon();
    world.run_daemon().await.unwrap();
    let dana = world.client().await.unwrap();
    assert_eq!(dana.hello().store, store);
    let changes = dana.changes(before, Duration::ZERO).await.unwrap();
    assert!(changes.reset, "changes before a restart are not kept");
    let since = dana
        .changes(changes.revision, Duration::ZERO)
        .await
        .unwrap();
    assert!(!since.reset && since.changed.is_empty());
    assert_eq!(total(&dana).await, 1);
}
