//! A disk that can lose power: the preload of `power-loss.c` around one file.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use greenroom_tests::seed::Random;

/// How much of what no fsync covered reached the disk all the same.
#[derive(Debug, Clone, Copy)]
pub enum Kept {
    Nothing,
    /// Each write with an even chance, so in no order.
    Half,
}

pub struct Disk {
    library: PathBuf,
    dir: PathBuf,
    file: PathBuf,
}

impl Disk {
    /// A disk under `file`; `None` where there is no C compiler.
    pub fn new(dir: &Path, file: &Path) -> Option<Self> {
        let library = dir.join("power-loss.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("power-loss.c");
        let mut compile = Command::new("cc");
        compile
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .arg(source);
        let status = compile.args(["-ldl", "-lpthread"]).status().ok()?;
        assert!(status.success(), "power-loss.c does not compile");
        let dir = dir.join("disk");
        fs::create_dir(&dir).unwrap();
        Some(Self {
            library,
            dir,
            file: file.to_owned(),
        })
    }

    /// What the file holds now is durable.
    pub fn settle(&self) {
        let shadow = self.dir.join("shadow");
        match self.file.exists() {
            true => fs::copy(&self.file, shadow).map(drop).unwrap(),
            false => fs::write(shadow, []).unwrap(),
        }
    }

    /// Puts `child` on this disk.
    pub fn watch(&self, child: &mut Command) {
        child.env("LD_PRELOAD", &self.library);
        child.env("SHIM", &self.dir).env("SHIM_TARGET", &self.file);
    }

    /// The file becomes what the disk holds when the power is back.
    pub fn lose_power(&self, kept: Kept, random: &mut Random) {
        if !self.file.exists() {
            return;
        }
        let shadow = File::options()
            .write(true)
            .open(self.dir.join("shadow"))
            .unwrap();
        let pending = fs::read(self.dir.join("pending")).unwrap_or_default();
        let mut rest = &pending[..];
        while let (Kept::Half, Some((change, after))) = (kept, Change::read(rest)) {
            rest = after;
            if random.below(2) == 0 {
                change.make(&shadow);
            }
        }
        fs::copy(self.dir.join("shadow"), &self.file).unwrap();
    }
}

enum Change<'a> {
    Write { offset: u64, bytes: &'a [u8] },
    Truncate { length: u64 },
}

impl<'a> Change<'a> {
    /// The first record of `pending`, as `power-loss.c` writes them; the kill may have cut the last
    /// one.
    fn read(pending: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let word = |n: usize| -> Option<u64> {
            let bytes = pending.get(n * 8..n * 8 + 8)?;
            Some(u64::from_ne_bytes(bytes.try_into().ok()?))
        };
        let (kind, offset, length) = (word(0)?, word(1)?, usize::try_from(word(2)?).ok()?);
        let rest = &pending[24..];
        if kind == 2 {
            return Some((Self::Truncate { length: offset }, rest));
        }
        let (bytes, rest) = rest.split_at_checked(length)?;
        Some((Self::Write { offset, bytes }, rest))
    }

    fn make(&self, file: &File) {
        match self {
            Self::Write { offset, bytes } => file.write_all_at(bytes, *offset).unwrap(),
            Self::Truncate { length } => file.set_len(*length).unwrap(),
        }
    }
}
