//! A call to the real daemon against a length-delimited echo in another process: the same bytes
//! each way, one in flight, taken in turns within one run.
//!
//! `cargo bench -p greenroom-tests --bench rpc`

mod echo;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use greenroom::client::Client;
use greenroom_protocol::hello::ClientHello;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::service::GreenroomRequest;
use greenroom_protocol::{BUILD, PROTOCOL};
use greenroom_tests::figures::{Times, verdict};
use greenroom_tests::harness::{World, add_candidate, add_job};
use greenroom_tests::lifeline::{self, Held};
use serde_json::json;
use tokio::net::UnixStream;
use tokio::runtime::Runtime;

use self::echo::{Frames, frames};

const TURNS: usize = 40;
const A_TURN: usize = 250;
const CANDIDATES: usize = 60;
const GOAL: f64 = 2.0;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let part = arguments.next();
    let runtime = Runtime::new()?;
    if part.as_deref() == Some(echo::PART) {
        lifeline::follow();
        let socket = arguments.next().context("a socket")?;
        return runtime.block_on(echo::serve(socket.as_ref()));
    }
    runtime.block_on(measure())
}

async fn measure() -> Result<()> {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
    let (client, _) = world.set_up().await?;
    let job = add_job(&client, "Backend Engineer").await?.title;
    for number in 0..CANDIDATES {
        let email = format!("candidate-{number}@mail.example");
        add_candidate(&client, &format!("Candidate {number}"), &email, &job).await?;
    }

    let socket = world.directory().join("echo.sock");
    let mut program = Command::new(std::env::current_exe()?);
    let _echo = Held::start(program.arg(echo::PART).arg(&socket))?;
    let mut echo = frames(connect(&socket).await?);
    let mut daemon = frames(connect(&world.socket()).await?);
    let hello = ClientHello {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
        workspace: None,
        acting_as: None,
        mcp: None,
    };
    exchange(
        &mut daemon,
        &frame(&GreenroomRequest::Hello { client: hello })?,
    )
    .await?;

    // About 230 B and 10 kB.
    for limit in [0, 28] {
        let call = match limit {
            0 => GreenroomRequest::WorkspaceList {},
            limit => list(limit),
        };
        compare(&call, &client, &mut daemon, &mut echo).await?;
    }
    Ok(())
}

/// One call three ways: by the client with its types, by frames alone, and to the echo.
async fn compare(
    call: &GreenroomRequest,
    client: &Client,
    daemon: &mut Frames,
    echo: &mut Frames,
) -> Result<()> {
    let request = frame(call)?;
    let size = exchange(daemon, &request).await?;
    let same = echo::request(request.len(), size);
    let (mut typed, mut framed, mut echoed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        for _ in 0..A_TURN {
            let begun = Instant::now();
            client.call(call.clone()).await?;
            typed.push(begun.elapsed());
        }
        for _ in 0..A_TURN {
            framed.push(exchanged(daemon, &request).await?);
        }
        for _ in 0..A_TURN {
            echoed.push(exchanged(echo, &same).await?);
        }
    }
    let (typed, framed, echoed) = (Times::of(typed), Times::of(framed), Times::of(echoed));
    println!("{} B there, {size} B back:", request.len());
    println!("  echo                      {echoed}");
    for (what, times) in [
        ("client, decoded", &typed),
        ("the daemon's frames alone", &framed),
    ] {
        let ratio = times.ratio(&echoed);
        println!(
            "  {what:<25} {times}  {ratio:.2}x; goal {GOAL}x: {}",
            verdict(ratio <= GOAL)
        );
    }
    Ok(())
}

fn list(limit: u32) -> GreenroomRequest {
    let query = CandidateQuery {
        limit: Some(limit),
        ..CandidateQuery::default()
    };
    GreenroomRequest::CandidateList { query }
}

/// A request as the wire has it.
fn frame(call: &GreenroomRequest) -> Result<Bytes> {
    let context = json!({ "deadline": { "secs": 10, "nanos": 0 } });
    let request = json!({ "Request": { "context": context, "id": 0, "message": call } });
    Ok(serde_json::to_vec(&request)?.into())
}

async fn exchanged(frames: &mut Frames, request: &Bytes) -> Result<Duration> {
    let begun = Instant::now();
    exchange(frames, request).await?;
    Ok(begun.elapsed())
}

/// Sends a frame and waits for its answer; that one's size.
async fn exchange(frames: &mut Frames, request: &Bytes) -> Result<usize> {
    frames.send(request.clone()).await?;
    let answer = frames.next().await.context("an answer")??;
    Ok(answer.len())
}

async fn connect(socket: &std::path::Path) -> Result<UnixStream> {
    loop {
        match UnixStream::connect(socket).await {
            Ok(stream) => return Ok(stream),
            // It is only just being started.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}
