//! Everything a caller can send that makes no sense, to a real daemon over its real socket: each
//! mistake gets a clear answer, and nothing of anybody else's is lost. And what must never come out
//! of it: a secret.

mod line;

mod frames;
mod names;
mod unread;
