//! Kubernetes objects of any kind, to YAML.

use crate::emit::yaml::Writer;

/// A part of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(String),
    Bool(bool),
    Texts(Vec<String>),
    Entries(Vec<(&'static str, Node)>),
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::Text(text.to_owned())
    }
}

/// Writes objects, a document for each.
pub fn objects(objects: &[Node], text: &mut String) {
    let mut out = Writer { text, indent: 0 };
    for (at, object) in objects.iter().enumerate() {
        if at > 0 {
            out.text.push_str("---\n");
        }
        write(&mut out, object);
    }
}

fn write(out: &mut Writer<'_>, node: &Node) {
    match node {
        Node::Text(text) => out.item(text),
        Node::Bool(value) => out.item(&value.to_string()),
        Node::Texts(texts) => texts.iter().for_each(|text| out.item(text)),
        Node::Entries(entries) => {
            for (key, node) in entries {
                match node {
                    Node::Text(text) => out.entry(key, text),
                    Node::Bool(value) => out.bare(key, &value.to_string()),
                    Node::Texts(_) => {
                        out.key(key);
                        write(out, node);
                    }
                    Node::Entries(_) => {
                        out.key(key);
                        out.nested(|out| write(out, node));
                    }
                }
            }
        }
    }
}
