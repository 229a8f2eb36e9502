//! pest pairs to tree, one function a rule.

mod item;
mod statement;
mod value;

use crate::syntax::tree::{Comment, List, Listed};

impl<'s, T> List<'s, T> {
    fn with_capacity(items: usize) -> List<'s, T> {
        List { items: Vec::with_capacity(items) }
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

    /// The list in no more room than it needs: a tree is kept for long.
    fn shrunk(mut self) -> List<'s, T> {
        self.items.shrink_to_fit();
        self
    }
}
