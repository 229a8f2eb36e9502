//! Colors of a terminal. They never say what the words do not.

use crate::model::Provider;

/// Whether there are colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint(pub bool);

/// How something is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    Faint,
    Warning,
    Cloud(Provider),
}

impl Paint {
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Warning => "1;31",
            Tone::Cloud(Provider::Aws) => "33",
            Tone::Cloud(Provider::Azure) => "36",
            Tone::Cloud(Provider::Gcp) => "32",
        };
        if self.0 && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
