//! Addresses that kustomize fetches instead of reading a directory.
//!
//! Source: `api/internal/git/repospec.go` and `api/internal/loader/fileloader.go` of kubernetes-sigs/kustomize.

/// True if kustomize reads this from the network even where a file of that name exists.
pub fn is_remote_file(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// True if kustomize takes this for a repository where no file of that name exists: it names a host and a repository.
pub fn is_repository(text: &str) -> bool {
    if text.starts_with('/') {
        return false;
    }
    let rest = match text.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("git::") => text.get(5..).unwrap_or_default(),
        _ => text,
    };
    if strip_ignoring_case(rest, "file://").is_some_and(|path| path.contains('/')) {
        return true;
    }
    let (host, path) = if let Some(rest) = strip_any(rest, &["ssh://", "https://", "http://"]) {
        rest.split_once('/').unwrap_or((rest, ""))
    } else if let Some(rest) = strip_any(rest, &["gh:", "github.com:", "github.com/"]) {
        ("github.com", rest)
    } else if let Some((user, rest)) = user(rest) {
        let at = rest.find([':', '/']);
        let Some((host, path)) = at.and_then(|at| Some((rest.get(..at)?, rest.get(at.saturating_add(1)..)?)))
        else {
            return false;
        };
        (if host.is_empty() { user } else { host }, path)
    } else {
        return false;
    };
    let path = path.trim_start_matches('/').split('?').next().unwrap_or_default();
    !host.is_empty() && (has_two_parts(path) || path.contains(".git") || path.contains("_git/"))
}

/// A user before the host: `git@`, or `org-ID@` for companies on GitHub.
fn user(text: &str) -> Option<(&str, &str)> {
    let (user, rest) = text.split_once('@')?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (!user.is_empty() && user.chars().all(is_name)).then_some((user, rest))
}

fn has_two_parts(path: &str) -> bool {
    path.split_once('/').is_some_and(|(owner, name)| !owner.is_empty() && !name.is_empty())
}

fn strip_any<'t>(text: &'t str, prefixes: &[&str]) -> Option<&'t str> {
    prefixes.iter().find_map(|prefix| strip_ignoring_case(text, prefix))
}

fn strip_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (begin, rest) = text.split_at_checked(prefix.len())?;
    begin.eq_ignore_ascii_case(prefix).then_some(rest)
}
