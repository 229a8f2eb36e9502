//! Completion: what can be written at a position.

mod context;

use std::collections::BTreeSet;

use crate::lsp::completion::context::{Context, context};
use crate::lsp::keywords::{KEYWORDS, Keyword, NONE, describe_platform, describe_provider};
use crate::lsp::protocol::{CompletionItem, Markup, Position, Range, TextEdit};
use crate::lsp::view::View;
use crate::model::aws::REGIONS;
use crate::model::setting::{IdentityOption, Setting, ValueForm};
use crate::model::{Controller, Platform, Provider, TargetField};
use crate::problem::{Code, Level, Noun, titled_page};
use crate::span::Span;

/// The kinds of items. Source: `CompletionItemKind` of the protocol.
mod kind {
    pub const FUNCTION: u8 = 3;
    pub const VARIABLE: u8 = 6;
    pub const CLASS: u8 = 7;
    pub const PROPERTY: u8 = 10;
    pub const VALUE: u8 = 12;
    pub const KEYWORD: u8 = 14;
    pub const EVENT: u8 = 23;
}

/// What can be written at a position.
pub fn completions(view: &View<'_>, position: Position, has_snippets: bool) -> Vec<CompletionItem> {
    let offset = view.offset(position);
    let before = view.text().get(..offset).unwrap_or_default();
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let start = before.trim_end_matches(is_word).len();
    let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let replaced = Span { file: view.file, start: byte(start), end: byte(offset) };
    let mut list = List { range: view.range(replaced), has_snippets, items: Vec::new(), view };
    list.add_for(context(before));
    list.items
}

struct List<'l, 'v> {
    /// What an item replaces.
    range: Range,
    has_snippets: bool,
    items: Vec<CompletionItem>,
    view: &'l View<'v>,
}

/// An item without what all items have.
struct Item<'i> {
    label: &'i str,
    kind: u8,
    detail: Option<&'i str>,
    documentation: Option<String>,
    snippet: Option<String>,
}

impl<'i> Item<'i> {
    fn plain(kind: u8, label: &'i str) -> Item<'i> {
        Item { label, kind, detail: None, documentation: None, snippet: None }
    }
}

impl List<'_, '_> {
    fn add_for(&mut self, context: Context<'_>) {
        match context {
            Context::Nothing => {}
            Context::Statement { in_block } => self.add_statements(in_block),
            Context::Who => {
                self.add_plain(kind::EVENT, Controller::NAMES);
                self.add(Item::plain(kind::KEYWORD, "service-account"));
            }
            Context::Platform => {
                for platform in Platform::ALL {
                    let documentation = Some(describe_platform(platform));
                    self.add(Item { documentation, ..Item::plain(kind::VALUE, platform.name()) });
                }
            }
            Context::Word(word) => self.add(Item::plain(kind::KEYWORD, word)),
            Context::Profile => self.add_names(Noun::Profile, kind::CLASS),
            Context::Isolated => {
                self.add_names(Noun::Role, kind::FUNCTION);
                self.add_plain(kind::EVENT, Controller::NAMES);
            }
            Context::NewName(noun) => self.add_missing(noun),
            Context::Variable => self.add_names(Noun::Variable, kind::VARIABLE),
            Context::Identity => self.add_providers(),
            Context::Target => {
                self.add_names(Noun::Role, kind::FUNCTION);
                let documentation = Some(NONE.to_owned());
                self.add(Item { documentation, ..Item::plain(kind::KEYWORD, "none") });
                self.add_providers();
            }
            Context::Interpolation => self.add_interpolations(),
            Context::SettingValue { name, in_quotes } => self.add_values(name, in_quotes),
            Context::Option { provider } => {
                let options = Provider::from_name(provider).map(IdentityOption::for_provider);
                for option in options.unwrap_or(&IdentityOption::ALL) {
                    self.add_binding(option.name(), option.form(), None);
                }
            }
            Context::Field => {
                for field in TargetField::ALL {
                    self.add_binding(field.name(), ValueForm::Text, None);
                }
            }
            Context::Code => self.add_codes(),
        }
    }

    fn add_statements(&mut self, in_block: bool) {
        for Keyword { word, documentation, snippet, .. } in
            KEYWORDS.iter().filter(|keyword| keyword.place.allows(in_block))
        {
            self.add(Item {
                documentation: Some((*documentation).to_owned()),
                snippet: Some((*snippet).to_owned()),
                ..Item::plain(kind::KEYWORD, word)
            });
        }
        for setting in Setting::ALL.into_iter().filter(|setting| !(in_block && setting.is_of_fleet())) {
            self.add_binding(setting.name(), setting.form(), Some(setting.documentation()));
        }
        for controller in Controller::NAMES {
            let snippet = Some(format!("{controller} -> $0"));
            self.add(Item { snippet, ..Item::plain(kind::EVENT, controller) });
        }
    }

    /// Adds `NAME = VALUE`.
    fn add_binding(&mut self, name: &str, form: ValueForm, documentation: Option<&str>) {
        let value = match form {
            ValueForm::Text => "\"$0\"".to_owned(),
            ValueForm::TextOr(_) => "$0".to_owned(),
            ValueForm::Word(words) => format!("${{1|{}|}}", words.join(",")),
        };
        let snippet = Some(format!("{name} = {value}"));
        let documentation = documentation.map(str::to_owned);
        self.add(Item { documentation, snippet, ..Item::plain(kind::PROPERTY, name) });
    }

    fn add_values(&mut self, name: &str, in_quotes: bool) {
        let setting = Setting::from_name(name);
        let option = IdentityOption::from_name(name);
        if in_quotes {
            self.add_plain(kind::VALUE, texts(setting));
            return;
        }
        for text in texts(setting) {
            self.add(Item::plain(kind::VALUE, &format!("\"{text}\"")));
        }
        match setting.map(Setting::form).or(option.map(IdentityOption::form)) {
            Some(ValueForm::TextOr(words) | ValueForm::Word(words)) => self.add_plain(kind::VALUE, words),
            Some(ValueForm::Text) | None => {}
        }
    }

    fn add_providers(&mut self) {
        for provider in Provider::ALL {
            let snippet = Some(format!("{} \"$0\"", provider.name()));
            let documentation = Some(describe_provider(provider).to_owned());
            self.add(Item { documentation, snippet, ..Item::plain(kind::VALUE, provider.name()) });
        }
    }

    fn add_interpolations(&mut self) {
        self.add_plain(kind::VARIABLE, &["cluster", "platform"]);
        let settings = Setting::ALL.into_iter().filter(|setting| setting.is_known_in_text());
        for setting in settings {
            let documentation = Some(setting.documentation().to_owned());
            self.add(Item { documentation, ..Item::plain(kind::PROPERTY, setting.name()) });
        }
        self.add_names(Noun::Variable, kind::VARIABLE);
    }

    fn add_codes(&mut self) {
        for code in Code::ALL.iter().filter(|code| code.level() == Level::Warning) {
            let documentation = Some(titled_page(*code));
            let snippet = Some(format!("{code} \"${{1:reason}}\""));
            let detail = Some(code.title());
            self.add(Item { detail, documentation, snippet, ..Item::plain(kind::VALUE, code.as_str()) });
        }
    }

    /// Adds the names that the fleet declares.
    fn add_names(&mut self, noun: Noun, kind: u8) {
        let view = self.view;
        let (index, sources) = (view.snapshot.index(), &view.snapshot.sources);
        let defined = index.names.iter().filter(|name| name.is_definition && name.noun == noun);
        let names: BTreeSet<&str> = defined.map(|name| sources.text(name.span)).collect();
        for name in names {
            self.add(Item { detail: Some(noun.as_str()), ..Item::plain(kind, name) });
        }
    }

    /// Adds the names that the fleet uses and does not define.
    fn add_missing(&mut self, noun: Noun) {
        let view = self.view;
        let (index, sources) = (view.snapshot.index(), &view.snapshot.sources);
        let names = |is_definition: bool| -> BTreeSet<&str> {
            let wanted =
                index.names.iter().filter(|name| name.is_definition == is_definition && name.noun == noun);
            wanted
                .map(|name| sources.text(name.span))
                .filter(|name| !matches!(*name, "cluster" | "platform"))
                .collect()
        };
        for name in names(false).difference(&names(true)) {
            self.add(Item { detail: Some("used and not defined"), ..Item::plain(kind::VARIABLE, name) });
        }
    }

    fn add_plain(&mut self, kind: u8, labels: &[&str]) {
        for label in labels {
            self.add(Item::plain(kind, label));
        }
    }

    fn add(&mut self, item: Item<'_>) {
        let snippet = item.snippet.filter(|_| self.has_snippets);
        let insert_text_format = if snippet.is_some() { 2 } else { 1 };
        let new_text = snippet.unwrap_or_else(|| item.label.to_owned());
        self.items.push(CompletionItem {
            label: item.label.to_owned(),
            kind: item.kind,
            detail: item.detail.map(str::to_owned),
            documentation: item.documentation.map(Markup::new),
            insert_text_format,
            text_edit: TextEdit { range: self.range, new_text },
            sort_text: format!("{:04}", self.items.len()),
            filter_text: item.label.trim_matches('"').to_owned(),
        });
    }
}

/// The texts that a setting can have, if they are known.
fn texts(setting: Option<Setting>) -> &'static [&'static str] {
    if setting == Some(Setting::Region) { &REGIONS } else { &[] }
}
