use crate::lane::{Octet, WIDE};

/// Eight numbers in the registers of the processor. Every operation is that of `f64` on each of them.
///
/// A type of this kind reaches the inner loops only through [`crate::Level::run`], which asks the processor first.
pub trait Wide: Copy {
    /// Takes eight numbers from memory.
    fn load(from: &[f64; 8]) -> Self;

    /// The same number eight times.
    fn splat(value: f64) -> Self;

    /// Writes eight numbers to memory.
    fn store(self, to: &mut [f64; 8]);

    /// Adds.
    #[must_use]
    fn plus(self, other: Self) -> Self;

    /// Subtracts.
    #[must_use]
    fn minus(self, other: Self) -> Self;

    /// Multiplies.
    #[must_use]
    fn times(self, other: Self) -> Self;

    /// Four numbers.
    type Four: Copy;

    /// Returns four zeros.
    fn four() -> Self::Four;

    /// Adds the sum of the lower and the upper four numbers to four others.
    fn add_to(self, four: Self::Four) -> Self::Four;

    /// Returns `(0 + 2) + (1 + 3)`.
    fn sum(four: Self::Four) -> f64;
}

/// Eight numbers with the instructions of every processor.
#[derive(Clone, Copy)]
pub(crate) struct Plain(Octet);

impl Plain {
    #[inline(always)]
    fn each(mut self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one = operation(*one, other);
        }
        self
    }
}

impl Wide for Plain {
    #[inline(always)]
    fn load(from: &Octet) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([value; WIDE])
    }

    #[inline(always)]
    fn store(self, to: &mut Octet) {
        *to = self.0;
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.each(other, |one, other| one + other)
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.each(other, |one, other| one - other)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self.each(other, |one, other| one * other)
    }

    type Four = [f64; 4];

    #[inline(always)]
    fn four() -> [f64; 4] {
        [0.0; 4]
    }

    #[inline(always)]
    fn add_to(self, mut four: [f64; 4]) -> [f64; 4] {
        for (at, sum) in four.iter_mut().enumerate() {
            *sum += self.0[at] + self.0[at + 4];
        }
        four
    }

    #[inline(always)]
    fn sum(four: [f64; 4]) -> f64 {
        (four[0] + four[2]) + (four[1] + four[3])
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256d, __m512d, _mm_add_pd, _mm_add_sd, _mm_cvtsd_f64, _mm_unpackhi_pd, _mm256_add_pd,
        _mm256_castpd256_pd128, _mm256_extractf128_pd, _mm256_loadu_pd, _mm256_mul_pd,
        _mm256_set1_pd, _mm256_storeu_pd, _mm256_sub_pd, _mm512_add_pd, _mm512_castpd512_pd256,
        _mm512_extractf64x4_pd, _mm512_loadu_pd, _mm512_mul_pd, _mm512_set1_pd, _mm512_storeu_pd,
        _mm512_sub_pd,
    };

    use super::Wide;
    use crate::lane::Octet;

    /// Eight numbers in two registers of AVX2.
    #[derive(Clone, Copy)]
    pub(crate) struct Avx2(__m256d, __m256d);

    /// Eight numbers in one register of AVX-512.
    #[derive(Clone, Copy)]
    pub(crate) struct Avx512(__m512d);

    /// Adds the upper half to the lower, twice.
    #[inline(always)]
    fn sum_of_four(four: __m256d) -> f64 {
        // SAFETY: only work at the level of AVX2 or above comes here.
        unsafe {
            let two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
            _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
        }
    }

    impl Wide for Avx2 {
        #[inline(always)]
        fn load(from: &Octet) -> Self {
            // SAFETY: only work at the level of AVX2 comes here; eight numbers lie at the reference.
            unsafe { Self(_mm256_loadu_pd(from.as_ptr()), _mm256_loadu_pd(from.as_ptr().add(4))) }
        }

        #[inline(always)]
        fn splat(value: f64) -> Self {
            // SAFETY: only work at the level of AVX2 comes here.
            unsafe { Self(_mm256_set1_pd(value), _mm256_set1_pd(value)) }
        }

        #[inline(always)]
        fn store(self, to: &mut Octet) {
            // SAFETY: only work at the level of AVX2 comes here; eight numbers lie at the reference.
            unsafe {
                _mm256_storeu_pd(to.as_mut_ptr(), self.0);
                _mm256_storeu_pd(to.as_mut_ptr().add(4), self.1);
            }
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            // SAFETY: only work at the level of AVX2 comes here.
            unsafe { Self(_mm256_add_pd(self.0, other.0), _mm256_add_pd(self.1, other.1)) }
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            // SAFETY: only work at the level of AVX2 comes here.
            unsafe { Self(_mm256_sub_pd(self.0, other.0), _mm256_sub_pd(self.1, other.1)) }
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            // SAFETY: only work at the level of AVX2 comes here.
            unsafe { Self(_mm256_mul_pd(self.0, other.0), _mm256_mul_pd(self.1, other.1)) }
        }

        type Four = __m256d;

        #[inline(always)]
        fn four() -> __m256d {
            // SAFETY: only work at the level of AVX2 comes here.
            unsafe { _mm256_set1_pd(0.0) }
        }

        #[inline(always)]
        fn add_to(self, four: __m256d) -> __m256d {
            // SAFETY: only work at the level of AVX2 comes here.
            unsafe { _mm256_add_pd(four, _mm256_add_pd(self.0, self.1)) }
        }

        #[inline(always)]
        fn sum(four: __m256d) -> f64 {
            sum_of_four(four)
        }
    }

    impl Wide for Avx512 {
        #[inline(always)]
        fn load(from: &Octet) -> Self {
            // SAFETY: only work at the level of AVX-512 comes here; eight numbers lie at the reference.
            unsafe { Self(_mm512_loadu_pd(from.as_ptr())) }
        }

        #[inline(always)]
        fn splat(value: f64) -> Self {
            // SAFETY: only work at the level of AVX-512 comes here.
            unsafe { Self(_mm512_set1_pd(value)) }
        }

        #[inline(always)]
        fn store(self, to: &mut Octet) {
            // SAFETY: only work at the level of AVX-512 comes here; eight numbers lie at the reference.
            unsafe { _mm512_storeu_pd(to.as_mut_ptr(), self.0) }
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            // SAFETY: only work at the level of AVX-512 comes here.
            unsafe { Self(_mm512_add_pd(self.0, other.0)) }
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            // SAFETY: only work at the level of AVX-512 comes here.
            unsafe { Self(_mm512_sub_pd(self.0, other.0)) }
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            // SAFETY: only work at the level of AVX-512 comes here.
            unsafe { Self(_mm512_mul_pd(self.0, other.0)) }
        }

        type Four = __m256d;

        #[inline(always)]
        fn four() -> __m256d {
            // SAFETY: only work at the level of AVX-512 comes here, which includes AVX2.
            unsafe { _mm256_set1_pd(0.0) }
        }

        #[inline(always)]
        fn add_to(self, four: __m256d) -> __m256d {
            // SAFETY: only work at the level of AVX-512 comes here, which includes AVX2.
            unsafe {
                let upper = _mm512_extractf64x4_pd::<1>(self.0);
                _mm256_add_pd(four, _mm256_add_pd(_mm512_castpd512_pd256(self.0), upper))
            }
        }

        #[inline(always)]
        fn sum(four: __m256d) -> f64 {
            sum_of_four(four)
        }
    }
}
