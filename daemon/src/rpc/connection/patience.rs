//! A caller's stream that is given up when the caller does not read.
//!
//! Owns how long an answer may wait in front of a caller, and noticing that a caller will send no
//! more, or is gone. Invariant: a write that cannot proceed ends in bounded time. Must not look at
//! the bytes.

use std::future::pending;
use std::io;
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::UnixStream;
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep_until};

/// A caller who takes no byte of a waiting answer for so long is not reading. The kernel holds
/// about 200 kB in front of it, so one that pauses between answers is not concerned.
const STUCK: Duration = Duration::from_secs(10);

/// A frame, 1 MiB, must have left in this time: 17 kB a second, which the slowest tunnel carries.
const SLOWEST: Duration = Duration::from_secs(60);

/// A stream with an end to waiting.
pub(super) struct Patient<Io> {
    io: Io,
    backlog: Option<Backlog>,
    said_all: Arc<Notify>,
}

/// Bytes wait for the caller.
struct Backlog {
    since: Instant,
    until: Pin<Box<Sleep>>,
}

impl Backlog {
    fn begun(now: Instant) -> Self {
        Self {
            since: now,
            until: Box::pin(sleep_until(now + STUCK)),
        }
    }

    fn moved(&mut self, now: Instant) {
        let until = (now + STUCK).min(self.since + SLOWEST);
        self.until.as_mut().reset(until);
    }
}

impl<Io> Patient<Io> {
    /// `said_all` is notified once the caller will send no more.
    pub fn new(io: Io, said_all: Arc<Notify>) -> Self {
        Self {
            io,
            backlog: None,
            said_all,
        }
    }
}

impl<Io: AsFd> Patient<Io> {
    /// Watches whether the caller closes its reading side too: somebody who will not send any more
    /// may still read, and answers are for them. Pending for ever where the system does not let
    /// us look.
    pub fn watch(&self) -> impl Future<Output = ()> + use<Io> {
        // Registered on its own: readiness that is cleared here is not taken from the writer.
        let watched = self.io.as_fd().try_clone_to_owned();
        let watched = watched.and_then(|fd| UnixStream::from_std(fd.into()));
        async move {
            match watched {
                Ok(watched) => closed(&watched).await,
                Err(error) => {
                    tracing::debug!(%error, "whether a caller is gone cannot be watched");
                    pending().await
                }
            }
        }
    }
}

/// Both directions of a Unix socket are closed when its other end is, not when that end was only
/// shut down for writing.
async fn closed(watched: &UnixStream) {
    while let Ok(ready) = watched.ready(Interest::WRITABLE).await {
        if ready.is_write_closed() {
            return;
        }
        // Not of interest: told so, it wakes us at the next change.
        let _ = watched.try_io(Interest::WRITABLE, || {
            io::Result::<()>::Err(io::ErrorKind::WouldBlock.into())
        });
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Patient<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = out.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(task, out))?;
        if out.filled().len() == before && out.remaining() > 0 {
            self.said_all.notify_one();
        }
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Patient<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = Pin::new(&mut self.io).poll_write(task, bytes) {
            if let Some(backlog) = &mut self.backlog {
                backlog.moved(Instant::now());
            }
            return Poll::Ready(written);
        }
        let backlog = self
            .backlog
            .get_or_insert_with(|| Backlog::begun(Instant::now()));
        ready!(backlog.until.as_mut().poll(task));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the caller does not read its answers",
        )))
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Flushed once everything is written.
        self.backlog = None;
        Pin::new(&mut self.io).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(task)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;

    use futures::FutureExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_takes_nothing_is_given_up_after_ten_seconds() {
        let (near, _far) = tokio::io::duplex(16);
        let begun = Instant::now();
        let error = Patient::new(near, Arc::default())
            .write_all(&[0; 17])
            .await
            .expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), STUCK.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_takes_a_little_now_and_then_is_given_up_after_a_minute() {
        let (near, mut far) = tokio::io::duplex(16);
        let reading = tokio::spawn(async move {
            while far.read_u8().await.is_ok() {
                tokio::time::sleep(STUCK / 2).await;
            }
        });
        let begun = Instant::now();
        let mut patient = Patient::new(near, Arc::default());
        let error = patient.write_all(&[0; 1024]).await.expect_err("too slow");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        let took = begun.elapsed();
        assert!(took >= SLOWEST && took <= SLOWEST + STUCK, "{took:?}");
        drop(patient);
        reading.await.expect("the reader ends");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_caller_gets_whole_answers() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut patient = Patient::new(near, Arc::default());
        let writing = tokio::spawn(async move {
            for _ in 0..10 {
                patient.write_all(&[0; 32]).await?;
                patient.flush().await?;
            }
            io::Result::Ok(())
        });
        for _ in 0..320 {
            far.read_u8().await.expect("a byte");
            tokio::time::sleep(Duration::from_millis(900)).await;
        }
        writing.await.expect("the writer ends").expect("no error");
    }

    #[tokio::test]
    async fn who_only_ends_sending_may_still_read_and_who_closes_is_gone() {
        let (near, mut far) = UnixStream::pair().expect("a pair");
        let said_all = Arc::new(Notify::new());
        let mut patient = Patient::new(near, said_all.clone());
        far.shutdown().await.expect("shut down");
        assert_eq!(patient.read(&mut [0; 8]).await.expect("the end"), 0);
        said_all.notified().await;
        let mut gone = Box::pin(patient.watch());
        assert!(gone.as_mut().now_or_never().is_none());
        patient.write_all(b"answer").await.expect("still read");
        let mut answer = [0; 6];
        far.read_exact(&mut answer).await.expect("the answer");
        std::future::poll_fn(|task| {
            assert!(gone.as_mut().poll(task).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(far);
        gone.await;
    }
}
