//! The port the browser comes back to: the input is what a stranger sends there.
//!
//! The state that is expected never goes out, nothing of the request is shown, and only a redirect that carries the state is
//! taken, once.

#![no_main]

use greenroom::callback::{self, Answer};
use greenroom_protocol::id::AttemptId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::text::steers;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What the attempt waits for. Short, so that inputs come upon it.
const STATE: &str = "St8";

fuzz_target!(|input: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().expect("a runtime");
    let (shown, redirect) = runtime.block_on(browse(input));
    let shown = String::from_utf8(shown).expect("pages are text");
    assert!(!shown.contains(STATE), "{shown}");
    let steers_more = |letter| steers(letter) && !"\r\n".contains(letter);
    assert!(!shown.contains(steers_more), "{shown:?}");
    for page in shown.split("<h1>").skip(1) {
        assert!(TITLES.iter().any(|title| page.starts_with(title)), "{page}");
    }
    let Some(redirect) = redirect else {
        assert!(!shown.contains("<h1>Thank you") && !shown.contains("<h1>Not connected"));
        return;
    };
    assert_eq!(redirect.state.reveal(), STATE);
    let shown_first = match &redirect.answer {
        Answer::Code(code) => {
            assert!(!code.reveal().is_empty());
            "<h1>Thank you"
        }
        Answer::Error(refusal) => {
            let error = &refusal.error;
            assert!(!error.is_empty() && !error.contains(steers), "{error:?}");
            "<h1>Not connected"
        }
    };
    assert!(shown.contains(shown_first), "{shown}");
    let finish = redirect.finish(AttemptId::new(), 2);
    assert!(finish.code.is_some() != finish.error.is_some());
});

/// The pages there are.
const TITLES: [&str; 7] = [
    "Opened already",
    "Not for you",
    "Thank you",
    "Not connected",
    "Not this one",
    "Something is missing",
    "Nothing here",
];

/// All that is shown to somebody who sends this, and the redirect that came of it.
async fn browse(input: &[u8]) -> (Vec<u8>, Option<callback::Redirect>) {
    let (mut browser, port) = tokio::io::duplex(64 * 1024);
    let (router, mut redirects) = callback::desk(Opaque::new(STATE));
    let served = async {
        // An error is a request that cannot be read: its answer is on the line.
        http1::Builder::new()
            .half_close(true)
            .serve_connection(TokioIo::new(port), TowerToHyperService::new(router))
            .await
            .ok();
    };
    let browsed = async {
        let mut shown = Vec::new();
        // Fails where the port hung up before the end.
        browser.write_all(input).await.ok();
        browser.shutdown().await.ok();
        browser.read_to_end(&mut shown).await.ok();
        shown
    };
    let (shown, ()) = futures::join!(browsed, served);
    (shown, redirects.try_recv().ok())
}
