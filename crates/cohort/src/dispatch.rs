#![allow(
    unsafe_code,
    reason = "instructions that not every processor has are unsafe to name and to call"
)]

mod wide;

pub(crate) use wide::Plain;
pub use wide::Wide;
#[cfg(target_arch = "x86_64")]
use wide::{Avx2, Avx512};

/// The instructions that the inner loops use. Results have the same bits at every level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// What every processor of the target has.
    pub const BASELINE: Self = Self(Kind::Baseline);

    /// Returns the levels of this processor, the slowest first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut, reason = "one level only"))]
        let mut levels = vec![Self::BASELINE];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                levels.push(Self(Kind::Avx2));
            }
            if std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512dq")
                && std::arch::is_x86_feature_detected!("avx512vl")
            {
                levels.push(Self(Kind::Avx512));
            }
        }
        levels
    }

    /// Returns the fastest level of this processor.
    #[must_use]
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self::BASELINE)
    }

    /// Returns its name: `baseline`, `avx2` or `avx512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            Kind::Baseline => "baseline",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
        }
    }

    /// Does a piece of work with the instructions of the level.
    #[inline]
    pub fn run<W: Work>(self, work: W) -> W::Output {
        match self.0 {
            Kind::Baseline => work.run::<Plain>(),
            // SAFETY: a value of this kind is made only after the processor has said that it knows AVX2.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { avx2(work) },
            // SAFETY: a value of this kind is made only after the processor has said that it knows these parts of AVX-512.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => unsafe { avx512(work) },
        }
    }
}

/// Work of the inner loops. `run` and all it calls must be `#[inline(always)]`, or the wider instructions do not reach it.
pub trait Work {
    /// What it returns.
    type Output;

    /// Does it.
    fn run<X: Wide>(self) -> Self::Output;
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<W: Work>(work: W) -> W::Output {
    work.run::<Avx2>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn avx512<W: Work>(work: W) -> W::Output {
    work.run::<Avx512>()
}
