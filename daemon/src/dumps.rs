//! Keeps this process's memory to itself: no core dump is written of it, and no other program of the same user reads it
//! (neither a debugger nor `/proc/PID/mem`). Children inherit the first and not the second.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Forbids core dumps for as long as this process lives. What cannot be forbidden is logged, and nothing else stops.
pub(crate) fn forbid() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(cause) = setrlimit(Resource::Core, none) {
        tracing::warn!(%cause, "the size of core dumps could not be limited");
    }
    if let Err(cause) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%cause, "core dumps could not be switched off");
    }
}
