//! `demo`: the whole of Greenroom on this machine, or one of its parts.

use std::process::ExitCode;

fn main() -> ExitCode {
    greenroom_tests::demo::main(std::env::args_os().collect())
}
