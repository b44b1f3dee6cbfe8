//! The daemon's socket from its first byte to its use cases: every line of the input is one frame to a whole daemon, which serves a
//! connection here as it does on its socket. The caller has every role; where the input begins with `#` nobody linked them.
//!
//! Each frame is answered by its id, or the connection ends after saying why; what is said is short where it refuses and steers no
//! terminal; the daemon answers the next call; and once the caller is gone, nothing of the connection is left.

#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use greenroom_fuzz::is_harmless;
use greenroom_protocol::time::Instant;
use greenroom_protocol::transport::{LARGEST_FRAME, NO_REQUEST};
use greenroomd::backup::{Backups, Places};
use greenroomd::clock::Clock;
use greenroomd::config::Config;
use greenroomd::index::Index;
use greenroomd::rpc::{Peer, Served, Shutdown, attend};
use greenroomd::services::{Accounts, Services};
use greenroomd::store;
use greenroomd::supervise::Lives;
use greenroomd::vault::Vault;
use greenroomd::work::Queue;
use greenroomd::zoom::{Zoom, ZoomSettings};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(15);

/// The last call of every conversation.
const LAST: u64 = 0x5eed;

/// Who set the daemon up, and somebody nobody linked.
const OWNER: Peer = Peer {
    uid: 1000,
    operator: true,
};
const STRANGER: Peer = Peer {
    uid: 2000,
    operator: false,
};

/// A daemon whose Zoom is a port nobody listens on.
struct Daemon {
    runtime: Runtime,
    served: Served,
    _directory: TempDir,
}

static DAEMON: LazyLock<Daemon> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let directory = TempDir::new().expect("a directory");
    let served = runtime.block_on(open(&directory));
    let setup = json!({"Setup": {"setup": {
        "workspace": "Acme", "name": "Dana Reyes", "email": "dana.reyes@acme.example", "zone": "Europe/Berlin",
    }}});
    let job = json!({"JobAdd": {"job": {"title": "Designer"}}});
    let ana = json!({"CandidateAdd": {"candidate": {
        "name": "Ana Lima", "email": "ana.lima@mail.example", "job": "Designer",
    }}});
    let daemon = Daemon {
        runtime,
        served,
        _directory: directory,
    };
    for call in [setup, job, ana] {
        let request = json!({"Request": {"id": 1, "message": call}}).to_string();
        daemon
            .runtime
            .block_on(converse(&daemon.served, OWNER, &[request.as_bytes()]));
    }
    daemon
});

async fn open(directory: &TempDir) -> Served {
    let (path, clock) = (directory.path(), Clock::machine());
    let settings = store::sled::Settings::default();
    let store = store::open(&path.join("store"), settings)
        .await
        .expect("a store");
    let vault = Vault::ephemeral().expect("a vault");
    let nowhere = "http://127.0.0.1:9/".parse().expect("an address");
    let settings = ZoomSettings {
        oauth_url: Clone::clone(&nowhere),
        api_url: nowhere,
        client_id: Some("client".to_owned()),
        client_secret: None,
    };
    let places = Places {
        directory: path.join("backups"),
        keep: 0,
        store: path.join("store"),
    };
    let config = Config::default();
    let backups = Backups::new(store.clone(), vault.clone(), clock.clone(), places);
    let services = Services {
        started_at: Instant::now(),
        clock: clock.clone(),
        index: Index::start(&store),
        queue: Queue::default(),
        accounts: Accounts::open(&store, &vault, &clock, &config)
            .await
            .expect("accounts"),
        zoom: Zoom::open(store.clone(), vault, clock.clone(), settings).expect("a Zoom"),
        mail: greenroomd::open_mail(&config, &path.join("mail"), &clock, &store).expect("mail"),
        network: greenroomd::network::Reader::new(&config.calendars.allow).expect("a reader"),
        config: Arc::new(config),
        store,
        uploads: greenroomd::uploads::Uploads::default(),
    };
    services.index.ready().await.expect("an index");
    let lives = Lives::default();
    Served {
        services,
        backups,
        lives,
    }
}

fuzz_target!(|input: &[u8]| {
    let (guest, input) = match input.strip_prefix(b"#") {
        Some(input) => (STRANGER, input),
        None => (OWNER, input),
    };
    let frames: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let daemon = &*DAEMON;
    daemon
        .runtime
        .block_on(converse(&daemon.served, guest, &frames));
});

/// Says hello, then these frames, then one more call, and hears everything until that one is answered or the daemon hangs up.
async fn converse(daemon: &Served, guest: Peer, frames: &[&[u8]]) {
    let (mut caller, served) = UnixStream::pair().expect("a connection");
    let attending = tokio::spawn(attend(daemon.clone(), Shutdown::default(), served, guest));
    let hello = json!({"Hello": {"client": {"protocol": 2, "build": "fuzz"}}});
    let hello = json!({"Request": {"id": 0, "message": hello}}).to_string();
    let last = json!({"Request": {"id": LAST, "message": {"Status": {}}}}).to_string();
    let mut bytes = Vec::new();
    for frame in [hello.as_bytes()]
        .iter()
        .chain(frames)
        .chain([&last.as_bytes()])
    {
        let length = u32::try_from(frame.len()).expect("an input is shorter than 4 GiB");
        bytes.extend(length.to_be_bytes());
        bytes.extend(*frame);
    }
    let heard = timeout(PATIENCE, async {
        // It may hang up before it has taken everything.
        let _ = caller.write_all(&bytes).await;
        hear(&mut caller).await
    });
    heard.await.expect("the daemon stands still");
    drop(caller);
    let ended = timeout(PATIENCE, attending).await;
    ended
        .expect("the connection outlives its caller")
        .expect("the connection ends without a panic");
}

async fn hear(caller: &mut UnixStream) {
    let mut may_end = false;
    while let Some(answer) = answer(caller).await {
        let id = answer["request_id"].as_u64().expect("an answer to a call");
        if id == LAST {
            return;
        }
        let stops = answer["message"]["Ok"]["Shutdown"].is_object();
        may_end |= stops || id == NO_REQUEST;
        if let Some(detail) = answer["message"]["Err"]["detail"].as_str() {
            assert!(is_harmless(detail), "{detail:?}");
        }
        let outcomes = answer["message"]["Ok"].as_object().into_iter().flatten();
        for (method, outcome) in outcomes {
            let Some(refusal) = outcome.get("Err") else {
                continue;
            };
            assert!(refusal["kind"].is_string(), "{method}: {refusal}");
            for words in [&refusal["message"], &refusal["hint"]] {
                let words = words.as_str().unwrap_or_default();
                assert!(is_harmless(words), "{method}: {words:?}");
            }
        }
    }
    assert!(may_end, "it hung up without a word");
}

async fn answer(caller: &mut UnixStream) -> Option<Value> {
    let length = caller.read_u32().await.ok()? as usize;
    assert!(length <= LARGEST_FRAME, "{length} bytes");
    let mut body = vec![0; length];
    caller.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).expect("an answer in JSON"))
}
