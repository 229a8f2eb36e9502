//! Work on many things at once, with the outcome of one after the other.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::{iter, thread, vec};

/// More threads than this only wait for each other: most of the work is the file system's.
const MOST_THREADS: usize = 8;

/// What was made, in the order of the items. It is given away a block at a time, each as it is.
pub type Made<R> = iter::Flatten<vec::IntoIter<Vec<R>>>;

/// Fewer items than this are worth no thread.
const FEW: usize = 16;
/// In how many blocks for each thread few items are shared out, so that all threads end together.
const SHARES: usize = 4;

/// Items in blocks, for threads to take one after the other. `most`: how many there are in each, if there are many.
pub fn blocks<T>(items: &[T], most: usize) -> Vec<&[T]> {
    let even = items.len().div_ceil(THREADS.saturating_mul(SHARES));
    items.chunks(even.max(FEW).min(most).max(1)).collect()
}

/// What `work` makes of each item, in the order of the items. `block`: how many items a thread takes at once at most; less
/// than two blocks are worth no thread.
pub fn map<T: Sync, R: Send>(items: &[T], block: usize, work: impl Fn(&T) -> R + Sync) -> Made<R> {
    map_with(items, block, || (), move |(), item| work(item))
}

/// The same, where each thread begins with something of its own. It must not change what is made, only how fast.
pub fn map_with<T: Sync, S, R: Send>(
    items: &[T],
    block: usize,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Made<R> {
    let blocks = blocks(items, block);
    let threads = if blocks.len() < 2 { 1 } else { THREADS.min(blocks.len()) };
    if threads < 2 {
        let mut own = begin();
        let made = items.iter().map(|item| work(&mut own, item)).collect();
        return vec![made].into_iter().flatten();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Vec<R>)>> = Mutex::default();
    let run = || {
        let (mut own, mut mine) = (begin(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(at) else { break };
            mine.push((at, block.iter().map(|item| work(&mut own, item)).collect()));
        }
        done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut mine);
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where the system gives no thread, this one does all.
            let _ = thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    let made: Vec<Vec<R>> = done.into_iter().map(|(_, made)| made).collect();
    made.into_iter().flatten()
}

/// How many threads there are at most. To ask the system means to read files, so that it is asked once.
static THREADS: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS));

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn what_is_made_comes_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..10_000).collect();
        let made: Vec<usize> = map(&items, 7, |item| item * 2).collect();
        assert_eq!(made, items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn few_items_are_shared_out_and_many_are_taken_so_many_at_once() {
        let lengths = |items: usize| {
            let items = vec![(); items];
            super::blocks(&items, 64).iter().map(|block| block.len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(5), [5]);
        assert!(lengths(100).len() > 1);
        let many = lengths(100_000);
        assert!(many.iter().rev().skip(1).all(|length| *length == 64));
        assert_eq!(many.iter().sum::<usize>(), 100_000);
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert_eq!(map(&[] as &[usize], 7, |item| *item).count(), 0);
    }
}
