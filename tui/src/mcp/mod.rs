//! `greenroom mcp`: what an assistant of somebody else's, such as a language model in an editor or a
//! chat, may see and do, over the Model Context Protocol on standard input and output.
//!
//! Owns the tools and what of each record leaves through them. It is a client like any other: it
//! has the caller's rights, and every rule is the daemon's.
//!
//! Invariants:
//! - What can be read is a list of fields, made for this ([`read`]); records are never handed on
//!   whole. Addresses, phone numbers, links, passcodes, notes, emails and summaries are in no field.
//! - Text that somebody outside the company may have written stands under `untrusted`, without
//!   characters that steer, and cut ([`untrusted`]).
//! - Nothing is changed but by [`book`], which is there only with `--allow book`: what is proposed is
//!   shown first, and what is booked is what was shown, once, within ten minutes. There is no tool for
//!   connecting, erasing, exporting, roles, raw calls, recipients or the words of emails.
//! - Everything is bounded: a line that comes in, its arguments, calls at once, rows and texts that
//!   go out.
//! - Standard output carries the protocol and nothing else.
//!
//! ```text
//! server     the protocol (crate rmcp): which tools there are, a call to its tool, errors
//! tool       the closed list of tools, with their words and arguments
//! arguments  from what was given to what a tool takes, or which argument is wrong
//! link       the connection to the daemon, opened again where it was lost
//! untrusted  texts and failures as they leave
//! read       one file a group of tools that only read
//! book       to propose an interview, and to confirm it
//! ```

mod arguments;
mod book;
mod link;
mod read;
mod server;
mod tool;
mod untrusted;

pub(crate) use self::server::{Allowed, serve};
