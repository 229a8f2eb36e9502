//! The compiler for a browser: a module of WebAssembly that answers questions in JSON. It imports nothing.
//!
//! A worker reserves memory for a question, writes it there, and calls `answer`: `page/worker.js`.

mod answer;

use std::alloc::Layout;

/// Memory for a question of so many bytes. It is freed by [`answer`].
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    Box::leak(vec![0_u8; bytes].into_boxed_slice()).as_mut_ptr()
}

/// Answers a question in memory of [`reserve`]. Returns the address of the answer in the upper half, and its bytes in
/// the lower half; [`release`] frees it.
///
/// # Safety
/// `question` must be what `reserve(bytes)` returned, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer(question: *mut u8, bytes: usize) -> u64 {
    // SAFETY: the caller promises that this is a boxed slice which nothing else owns.
    let question = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(question, bytes)) };
    let answer = answer::answer(&question).into_bytes().into_boxed_slice();
    let length = answer.len() as u64;
    let start = Box::leak(answer).as_mut_ptr() as u64;
    start << 32 | length
}

/// Frees an answer.
///
/// # Safety
/// `start` and `bytes` must be those of one result of [`answer`], and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(start: *mut u8, bytes: usize) {
    let Ok(layout) = Layout::array::<u8>(bytes) else { return };
    if bytes > 0 {
        // SAFETY: the caller promises that this is the memory of a boxed slice which nothing else owns.
        unsafe { std::alloc::dealloc(start, layout) };
    }
}
