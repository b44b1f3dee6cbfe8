//! What the fuzz targets share: a line without a network, and how answers of Zoom are written in a corpus.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use greenroom_protocol::text::steers;
use greenroom_protocol::time::Instant;
use greenroomd::zoom::fuzzing::now;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// One end of a line; its clones are the other. Reading waits while nothing is on it, writing never does.
#[derive(Clone, Default)]
pub struct Line {
    incoming: Rc<RefCell<VecDeque<u8>>>,
    outgoing: Rc<RefCell<Vec<u8>>>,
}

impl Line {
    /// Says these bytes.
    pub fn say(&self, bytes: &[u8]) {
        self.incoming.borrow_mut().extend(bytes);
    }

    /// Says one frame.
    pub fn say_frame(&self, body: &[u8]) {
        let length = u32::try_from(body.len()).expect("an input is shorter than 4 GiB");
        self.say(&length.to_be_bytes());
        self.say(body);
    }

    /// Takes what was answered so far.
    pub fn hear(&self) -> Vec<u8> {
        self.outgoing.take()
    }

    /// Takes what was answered so far: the bodies of whole frames.
    pub fn hear_frames(&self) -> Vec<Vec<u8>> {
        let bytes = self.hear();
        let (mut frames, mut rest) = (Vec::new(), bytes.as_slice());
        while let Some((length, after)) = rest.split_first_chunk() {
            let (body, after) = after.split_at(u32::from_be_bytes(*length) as usize);
            frames.push(body.to_vec());
            rest = after;
        }
        assert!(rest.is_empty(), "half a frame was answered");
        frames
    }
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut incoming = self.incoming.borrow_mut();
        if incoming.is_empty() {
            return Poll::Pending;
        }
        let count = out.remaining().min(incoming.len());
        for byte in incoming.drain(..count) {
            out.put_slice(&[byte]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.outgoing.borrow_mut().extend(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// An answer of Zoom as a corpus writes it: `STATUS[ RETRY-AFTER]`, a line break, the body.
pub struct Answer<'a> {
    /// The HTTP status, 100 to 999.
    pub status: u16,
    /// The header's value.
    pub retry_after: &'a [u8],
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Reads one; nothing where there is no status.
    pub fn read(input: &'a [u8]) -> Option<Self> {
        let end = input.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = (&input[..end], &input[end + 1..]);
        let (status, retry_after) = head.split_at_checked(3)?;
        let status = str::from_utf8(status).ok()?.parse().ok()?;
        (100..=999).contains(&status).then_some(Self {
            status,
            retry_after: retry_after.trim_ascii(),
            body,
        })
    }
}

/// Whether a person may be shown this: short, and nothing in it steers a terminal.
pub fn is_harmless(text: &str) -> bool {
    text.chars().count() <= 500 && !text.contains(steers)
}

/// Zoom's limits are by the second or by the day: never to ask again, or to ask again at once, is neither.
pub fn ends_within_a_day(until: Instant) {
    let wait = until.second() - now().second();
    assert!((1..=26 * 60 * 60).contains(&wait), "{wait} seconds");
}
