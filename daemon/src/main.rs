//! The `greenroomd` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    greenroomd::main(std::env::args_os())
}
