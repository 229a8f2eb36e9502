//! Links from paths in a source to their files.

use std::path::Path;

use crate::lsp::index::{PathKind, TextAt};
use crate::lsp::protocol::DocumentLink;
use crate::lsp::scope::clusters_of;
use crate::lsp::uri::normalized;
use crate::lsp::view::View;
use crate::workspace::is_file;

/// The links of a file.
pub fn links(view: &View<'_>) -> Vec<DocumentLink> {
    let texts = view.snapshot.index().texts.iter().filter(|text| text.span.file == view.file);
    let link =
        |text: &TextAt| Some(DocumentLink { range: view.range(text.span), target: target(text, view)? });
    texts.filter_map(link).collect()
}

/// The URI of the file that a text is the path of.
pub fn target(text: &TextAt, view: &View<'_>) -> Option<String> {
    let kind = text.path?;
    let written = view.snapshot.sources.text(text.span).trim_matches('"').to_owned();
    // A path that starts with `./` is that of the overlay of a cluster, and the first cluster will do.
    let index = view.snapshot.index();
    let meaning = view.meaning.iter();
    let mut clusters = meaning.flat_map(|meaning| clusters_of(text.block, text.span.file, index, meaning));
    let cluster = clusters.next();
    let path = match cluster {
        Some(cluster) if text.has_interpolation => cluster.evaluate(&written)?,
        _ if text.has_interpolation => return None,
        _ => written,
    };
    let relative = match (kind, path.strip_prefix("./"), cluster) {
        (PathKind::Passthrough, Some(rest), Some(cluster)) => {
            Path::new(cluster.cluster.output.as_str()).join(rest)
        }
        (PathKind::Passthrough, Some(_), None) => return None,
        (PathKind::Passthrough, None, _) | (PathKind::Include, _, _) => Path::new(&path).to_path_buf(),
    };
    let absolute = normalized(&view.directory().join(relative));
    is_file(&absolute).then(|| view.documents.uri(&absolute))
}
