//! Where generated files can stand: what the templates of their paths begin with.

use std::collections::BTreeSet;

use crate::check::settings::Setting;
use crate::model::OutputPath;
use crate::source::FileId;
use crate::syntax::tree::{Item, Statement, Tree, Value};

/// What every cluster's templates begin with unless somebody says otherwise.
const DEFAULT: &str = "clusters";

/// The directories that all templates in these files begin with, and that of the default. One that nothing uses any more
/// is among them: what was written by it is still to be found.
pub fn of(trees: &[(FileId, Tree<'_>)]) -> BTreeSet<String> {
    let mut beginnings = BTreeSet::from([DEFAULT.to_owned()]);
    for item in trees.iter().flat_map(|(_, tree)| &tree.lines).filter_map(|line| line.node.as_ref()) {
        let block = match item {
            Item::Profile(profile) => &profile.block,
            Item::Cluster(cluster) => &cluster.block,
            Item::Statement(statement) => {
                beginnings.extend(beginning(statement));
                continue;
            }
            Item::Include(_) | Item::Require(_) | Item::Isolate(_) | Item::Broken(_) => continue,
        };
        let statements = block.lines.iter().filter_map(|line| line.node.as_ref());
        beginnings.extend(statements.filter_map(beginning));
    }
    beginnings
}

/// The directory that a template begins with, if the statement is one.
fn beginning(statement: &Statement<'_>) -> Option<String> {
    let Statement::Setting(binding) = statement else { return None };
    let is_path =
        matches!(Setting::from_name(binding.name.text)?, Setting::Output | Setting::ServiceAccounts);
    let Value::Text(text) = &binding.value else { return None };
    let directory = match text.raw.split_once("${") {
        None => text.raw,
        Some((literal, _)) => literal.rsplit_once('/').map_or("", |(directory, _)| directory),
    };
    let is_below = || directory.is_empty() || OutputPath::parse(directory).is_ok();
    (is_path && is_below()).then(|| directory.to_owned())
}
