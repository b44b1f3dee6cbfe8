//! Callers who send and do not read: what they made the daemon hold is free again, and others are
//! served meanwhile.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::{CandidateAdd, CandidateQuery, ImportPage, ImportRow};
use greenroom_tests::harness::{PATIENCE, World, add_job};
use serde_json::{Value, json};

/// What the daemon says a Unix user may have open.
const MOST: usize = 128;

/// A daemon whose lists are large, and how many descriptors and MiB it needs when nobody asks for
/// anything.
struct Quiet {
    world: World,
    pid: u32,
    descriptors: usize,
    mebibytes: usize,
}

async fn quiet() -> Quiet {
    let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    let row = |line: u64| ImportRow {
        line,
        candidate: CandidateAdd {
            name: format!("Candidate {line} {}", "of a long name ".repeat(12)),
            email: format!("candidate-{line}@mail.example"),
            job: Some("Designer".into()),
            ..CandidateAdd::default()
        },
    };
    let page = ImportPage {
        rows: (1..=1000).map(row).collect(),
        dry_run: false,
    };
    assert_eq!(dana.candidate_import(page).await.unwrap().added, 1000);
    drop(dana);
    let pid = world.daemon().unwrap().id();
    // Once answered, so that what every answer needs is there.
    let mut one = Caller::greeted(&world);
    one.list(1);
    assert!(one.answer().unwrap().to_string().len() > 100_000);
    drop(one);
    let descriptors = least_descriptors(pid);
    Quiet {
        world,
        pid,
        descriptors,
        mebibytes: resident(pid),
    }
}

/// The daemon's descriptors when nobody is connected: the fewest of some looks, as the last caller
/// may still be leaving.
fn least_descriptors(pid: u32) -> usize {
    let mut least = descriptors(pid);
    let until = Instant::now() + Duration::from_millis(500);
    while Instant::now() < until {
        least = least.min(descriptors(pid));
    }
    least
}

fn descriptors(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

fn resident(pid: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1));
    kibibytes.unwrap().parse::<usize>().unwrap() / 1024
}

impl Quiet {
    /// Everything callers held is free again; a quarter of a GiB may stay with the allocator.
    async fn is_so_again(&self) {
        let until = Instant::now() + PATIENCE;
        loop {
            let (now, size) = (descriptors(self.pid), resident(self.pid));
            if now <= self.descriptors && size <= self.mebibytes + 256 {
                break;
            }
            assert!(
                Instant::now() < until,
                "{now} descriptors were {}, {size} MiB were {}",
                self.descriptors,
                self.mebibytes
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let client = self.world.client().await.unwrap();
        let query = CandidateQuery {
            limit: Some(1),
            ..CandidateQuery::default()
        };
        assert_eq!(client.candidate_list(query).await.unwrap().total, 1000);
    }
}

/// A caller who decides when to read.
struct Caller(UnixStream);

impl Caller {
    fn open(world: &World) -> Self {
        let stream = UnixStream::connect(world.socket()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    /// One that is served, as soon as a former caller's place is free.
    fn greeted(world: &World) -> Self {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut caller = Self::open(world);
            let hello = json!({"Hello": {"client": {"protocol": 1, "build": "test"}}});
            caller.call(0, &hello);
            let answer = caller.answer().expect("an answer or why not");
            if answer["message"]["Ok"]["Hello"]["Ok"].is_object() {
                return caller;
            }
            assert!(Instant::now() < until, "{answer}");
        }
    }

    fn call(&mut self, id: u64, message: &Value) {
        let deadline = json!({"secs": 3600});
        let request =
            json!({"Request": {"context": {"deadline": deadline}, "id": id, "message": message}});
        let body = request.to_string();
        let length = u32::try_from(body.len()).unwrap();
        // The daemon may have hung up.
        let _ = self
            .0
            .write_all(&[&length.to_be_bytes(), body.as_bytes()].concat());
    }

    fn list(&mut self, id: u64) {
        self.call(id, &json!({"CandidateList": {"query": {"limit": 1000}}}));
    }

    fn long_poll(&mut self, id: u64) {
        let query = json!({"after": 1_000_000, "wait_seconds": 3600});
        self.call(id, &json!({"Changes": {"query": query}}));
    }

    fn answer(&mut self) -> Option<Value> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).ok()?;
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut body).ok()?;
        Some(serde_json::from_slice(&body).unwrap())
    }
}

fn callers(world: &World, count: usize) -> Vec<Caller> {
    (0..count).map(|_| Caller::greeted(world)).collect()
}

/// Twenty callers with 250 calls each, none of them read.
fn with_unread_answers(world: &World) -> Vec<Caller> {
    let mut callers = callers(world, 20);
    for caller in &mut callers {
        for id in 1..=250 {
            caller.list(id);
        }
    }
    callers
}

// Callers here block their thread, while a client's connection is looked after by another.

/// Case R2: callers who send and close.
#[tokio::test(flavor = "multi_thread")]
async fn what_callers_left_behind_is_free_again() {
    let quiet = quiet().await;
    drop(with_unread_answers(&quiet.world));
    quiet.is_so_again().await;
}

/// Case R2: callers who send, stay and do not read are hung up on, and others are served meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn callers_who_do_not_read_are_hung_up_on() {
    let quiet = quiet().await;
    let unread = with_unread_answers(&quiet.world);
    let client = quiet.world.client().await.unwrap();
    assert!(client.status().await.unwrap().ready);
    drop(client);
    quiet.is_so_again().await;
    drop(unread);
}

/// Case R2: the same where they also said that they send no more.
#[tokio::test(flavor = "multi_thread")]
async fn callers_who_only_end_sending_and_do_not_read_are_hung_up_on() {
    let quiet = quiet().await;
    let unread = with_unread_answers(&quiet.world);
    for caller in &unread {
        caller.0.shutdown(Shutdown::Write).unwrap();
    }
    quiet.is_so_again().await;
    drop(unread);
}

/// Case R2: a script may shut down its sending side after its last call, and still reads every
/// answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_only_ends_sending_gets_every_answer() {
    let quiet = quiet().await;
    let mut caller = Caller::greeted(&quiet.world);
    for id in 1..=20 {
        caller.list(id);
    }
    caller.0.shutdown(Shutdown::Write).unwrap();
    let mut ids: Vec<_> = (0..20)
        .map(|_| caller.answer().expect("an answer")["request_id"].as_u64())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=20).map(Some).collect::<Vec<_>>());
    assert_eq!(caller.answer(), None, "then the end");
    quiet.is_so_again().await;
}

/// Case R2: an hour's long-polls of callers who are gone lock nobody out, and one connection too
/// many hears why.
#[tokio::test(flavor = "multi_thread")]
async fn long_polls_left_behind_lock_nobody_out() {
    let quiet = quiet().await;
    let mut waiting = callers(&quiet.world, MOST);
    for caller in &mut waiting {
        for id in 1..=10 {
            caller.long_poll(id);
        }
    }

    let mut refused = Caller::open(&quiet.world);
    let answer = refused.answer().expect("why");
    let detail = answer["message"]["Err"]["detail"].as_str().unwrap();
    assert!(detail.contains("too many connections"), "{answer}");
    assert!(detail.contains("128 open"), "{answer}");
    assert_eq!(refused.answer(), None);
    let error = quiet.world.client().await.err().expect("no room");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("too many connections"), "{error}");

    // Half of them had ended sending before they went.
    for caller in &waiting[..MOST / 2] {
        caller.0.shutdown(Shutdown::Write).unwrap();
    }
    drop(waiting);
    quiet.is_so_again().await;
}

/// Case R2: the answers of a caller who reads slowly arrive, each whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_reads_slowly_gets_every_answer() {
    let quiet = quiet().await;
    let mut caller = Caller::greeted(&quiet.world);
    for id in 1..=30 {
        caller.list(id);
    }
    for _ in 0..30 {
        // Much longer than the daemon needs for one, much shorter than it waits.
        std::thread::sleep(Duration::from_millis(30));
        let answer = caller.answer().expect("an answer");
        let listed = &answer["message"]["Ok"]["CandidateList"]["Ok"]["items"];
        assert!(listed.as_array().is_some_and(|rows| rows.len() > 100));
    }
    drop(caller);
    quiet.is_so_again().await;
}
