//! What a person pastes instead of a redirect.
//!
//! It is a redirect or is refused with the way out; white space anywhere changes nothing; what was read can be written as
//! an address and read again; nothing secret is shown.

#![no_main]

use greenroom::callback::{Answer, Redirect, expected_state, read_redirect};
use greenroom_protocol::id::AttemptId;
use greenroom_protocol::text::steers;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|pasted: &str| {
    let read = read_redirect(pasted);
    let broken: String = pasted.chars().flat_map(|letter| [letter, '\n']).collect();
    assert_eq!(read_redirect(&broken), read);
    if let Some(state) = expected_state(pasted) {
        assert!(!state.reveal().is_empty());
    }
    let Ok(redirect) = read else { return };
    assert!(!redirect.state.reveal().is_empty());
    assert_eq!(
        read_redirect(address(&redirect).as_str()).as_ref(),
        Ok(&redirect)
    );
    let shown = format!("{redirect:?}");
    match &redirect.answer {
        Answer::Code(code) => {
            assert!(!code.reveal().is_empty() && shown.contains("Code((not shown))"))
        }
        Answer::Error(refusal) => {
            assert!(!refusal.error.is_empty() && !refusal.error.contains(steers));
        }
    }
    assert!(shown.contains("state: (not shown)"));
    let named = redirect.attempt();
    let finish = redirect.finish(named.unwrap_or_else(AttemptId::new), 2);
    assert!(finish.code.is_some() != finish.error.is_some());
});

fn address(redirect: &Redirect) -> Url {
    let mut url = Url::parse("http://127.0.0.1:1/callback").expect("an address");
    let mut query = url.query_pairs_mut();
    query.append_pair("state", redirect.state.reveal());
    match &redirect.answer {
        Answer::Code(code) => query.append_pair("code", code.reveal()),
        Answer::Error(refusal) => {
            query.append_pair("error", &refusal.error);
            match &refusal.description {
                Some(words) => query.append_pair("error_description", words),
                None => &mut query,
            }
        }
    };
    drop(query);
    url
}
