//! Work on many things at once, with the outcome of one after the other.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// More threads than this only wait for each other: most of the work is the file system's.
const MOST_THREADS: usize = 8;

/// What `work` makes of each item, in the order of the items. `block`: how many items a thread takes at once; fewer than
/// two blocks are worth no thread.
pub fn map<T: Sync, R: Send>(items: &[T], block: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_with(items, block, || (), |(), item| work(item))
}

/// The same, where each thread begins with something of its own. It must not change what is made, only how fast.
pub fn map_with<T: Sync, S, R: Send>(
    items: &[T],
    block: usize,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let blocks: Vec<&[T]> = items.chunks(block.max(1)).collect();
    let threads = if blocks.len() < 2 { 1 } else { available().min(blocks.len()) };
    if threads < 2 {
        let mut own = begin();
        return items.iter().map(|item| work(&mut own, item)).collect();
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
            let _spawned = thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    let mut all = Vec::with_capacity(items.len());
    for (_, made) in done {
        all.extend(made);
    }
    all
}

fn available() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS)
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn what_is_made_comes_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..10_000).collect();
        let made = map(&items, 7, |item| item * 2);
        assert_eq!(made, items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert!(map(&[] as &[usize], 7, |item| *item).is_empty());
    }
}
