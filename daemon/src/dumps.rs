//! Keeps this process's memory to itself: no core dump is written of it, and no other program of
//! the same user reads it (neither a debugger nor `/proc/PID/mem`). Children inherit the first and
//! not the second.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Forbids core dumps for as long as this process lives. What cannot be forbidden is logged, and
/// nothing else stops.
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

#[cfg(test)]
mod tests {
    use rustix::process::{dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn once_forbidden_neither_a_dump_nor_a_look_is_possible() {
        forbid();
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
