//! How the allocator treats memory that is free for a moment.

#![allow(unsafe_code, reason = "an option of the allocator is set through its C interface")]

use std::ffi::{c_int, c_long};

/// `mi_option_purge_delay` of mimalloc 2: milliseconds until free memory goes back to the system; never below zero.
const PURGE_DELAY: c_int = 15;
const NEVER: c_long = -1;

/// Keeps memory that a run has freed: the next year of a projection asks for as much again, and the system would have to
/// clear every page of it anew.
pub(crate) fn keep() {
    // SAFETY: the call stores a number in the allocator's table of options, which has this position.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, NEVER) };
}
