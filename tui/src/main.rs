//! The `greenroom` binary.

fn main() -> std::process::ExitCode {
    greenroom::run(std::env::args_os())
}
