//! pest pairs to tree, one function a rule.

mod item;
mod statement;
mod value;

use crate::syntax::tree::{Comment, List, Listed};

impl<'s, T> List<'s, T> {
    const fn new() -> List<'s, T> {
        List { items: Vec::new() }
    }

    fn push(&mut self, node: T) {
        self.items.push(Listed { node, comments: Vec::new() });
    }

    /// Adds a comment behind the last item.
    fn push_comment(&mut self, comment: Comment<'s>) {
        if let Some(last) = self.items.last_mut() {
            last.comments.push(comment);
        }
    }
}
