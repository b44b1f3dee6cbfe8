//! What the end-to-end tests, the demo and the benches share.
//!
//! [`sandbox`] is Zoom, Google and Microsoft on this machine · [`judges`] compare what was said to
//! them with the vendors' schemas · [`demo`] the whole of Greenroom against them, with a believable workspace · [`harness`] the same for tests, one piece at a time ·
//! [`test_daemon`] all of it in this process, with time to move · [`lifeline`] ends children with
//! their parent · [`slot_worlds`] made-up worlds for the search for times · [`sshd`] the way from another machine · [`seed`] random points that can be
//! repeated · [`figures`] how benches count
//! and tell · [`post`] mail folders as people find them · [`post_office`] real mail
//! servers · [`candidates`] who answer proposed times in their own ways · [`mail_server`] one that loses its answers when a test wants that · [`name_server`] who takes a
//! domain's mail · [`calendar_server`] real CalDAV servers · [`tools`] programs of others, and tests without them · [`wait`] waiting with an end.

pub mod calendar_server;
pub mod candidates;
pub mod demo;
pub mod figures;
pub mod harness;
pub mod judges;
pub mod lifeline;
pub mod mail_server;
pub mod name_server;
pub mod post;
pub mod post_office;
pub mod sandbox;
pub mod seed;
pub mod slot_worlds;
pub mod sshd;
pub mod test_daemon;
pub mod tools;
pub mod wait;
