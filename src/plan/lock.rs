//! The name of a lock: which parts of it mean a file, so that a file has one name however it is spelled.
//!
//! Knows the ways in which paths and URLs are written. Looks at no disk: where a path leads is for a host to say.

use percent_encoding::percent_decode_str;

use crate::value::Type;

/// A part of the name of a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockPart {
    /// Stands as it is.
    Text(String),
    /// A file or folder, by the paths that it may mean: the first that is there, else the first.
    File(Vec<String>),
}

impl LockPart {
    /// What a text of that type means in the name of a lock. Only paths and URLs mean anything but themselves.
    #[must_use]
    pub fn of(ty: &Type, text: &str) -> Self {
        match ty {
            Type::Path => Self::File(vec![text.to_owned()]),
            Type::Url => file_of(text).map_or_else(|| Self::Text(place_of(text)), Self::File),
            _ => Self::Text(text.to_owned()),
        }
    }
}

/// The file that a URL is about; `None` where it is about something else.
fn file_of(url: &str) -> Option<Vec<String>> {
    let (scheme, rest) = url.split_once(':')?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let paths = match scheme.to_ascii_lowercase().as_str() {
        "file" => vec![path_of_file_url(rest)?],
        "sqlite" | "sqlite3" | "duckdb" => paths_of_database(rest),
        scheme if scheme.starts_with("sqlite+") => paths_of_database(rest),
        _ => return None,
    };
    let decoded = paths.iter().map(|path| percent_decode_str(path).decode_utf8_lossy().into_owned());
    Some(decoded.collect()).filter(|paths: &Vec<String>| paths.iter().all(|path| is_on_disk(path)))
}

fn is_on_disk(path: &str) -> bool {
    !path.is_empty() && path != ":memory:"
}

/// `file:///srv/a`, `file://localhost/srv/a`, `file:a`.
fn path_of_file_url(rest: &str) -> Option<String> {
    let Some(after) = rest.strip_prefix("//") else { return Some(rest.to_owned()) };
    let path = after.strip_prefix("localhost").unwrap_or(after);
    path.starts_with('/').then(|| path.to_owned())
}

/// `sqlite:///a.db` is beside the run for some libraries (`SQLAlchemy`) and at the root for others (sqlx); with four
/// slashes it is at the root for all, and without any, or with two, it is what follows.
fn paths_of_database(rest: &str) -> Vec<String> {
    match (rest.strip_prefix("///"), rest.strip_prefix("//")) {
        (Some(path), _) if path.is_empty() || path.starts_with('/') || path == ":memory:" => {
            vec![path.to_owned()]
        }
        (Some(path), _) => vec![path.to_owned(), format!("/{path}")],
        (None, Some(path)) => vec![path.to_owned()],
        (None, None) => vec![rest.to_owned()],
    }
}

/// A URL without what says who asks: user and password. What cannot be read as one stays as it is.
fn place_of(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{}://{}{path}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(url: &str) -> Vec<String> {
        match LockPart::of(&Type::Url, url) {
            LockPart::File(paths) => paths,
            LockPart::Text(text) => vec![format!("text {text}")],
        }
    }

    #[test]
    fn a_url_of_a_file_means_that_file() {
        let table: &[(&str, &[&str])] = &[
            ("sqlite:///a.db", &["a.db", "/a.db"]),
            ("sqlite:////srv/a.db", &["/srv/a.db"]),
            ("SQLite:////srv/a.db?mode=ro#x", &["/srv/a.db"]),
            ("sqlite+pysqlite:///a%20b.db", &["a b.db", "/a b.db"]),
            ("sqlite://a.db", &["a.db"]),
            ("sqlite:a.db", &["a.db"]),
            ("sqlite:/srv/a.db", &["/srv/a.db"]),
            ("duckdb:///a.db", &["a.db", "/a.db"]),
            ("file:///srv/a", &["/srv/a"]),
            ("file://localhost/srv/a", &["/srv/a"]),
            ("file:a", &["a"]),
        ];
        for (url, paths) in table {
            assert_eq!(files(url), *paths, "{url}");
        }
    }

    #[test]
    fn a_url_of_anything_else_stands_without_user_and_password() {
        let table = [
            ("sqlite://", "sqlite://"),
            ("sqlite:///:memory:", "sqlite:///:memory:"),
            ("file://server/share", "file://server/share"),
            ("postgres://ada:hush@DB.example:5432/app?ssl=1", "postgres://db.example:5432/app?ssl=1"),
            ("Postgres://db.example/app", "postgres://db.example/app"),
            ("https://h/a@b", "https://h/a@b"),
            ("mailto:ada@example.org", "mailto:ada@example.org"),
        ];
        for (url, name) in table {
            assert_eq!(files(url), [format!("text {name}")], "{url}");
        }
    }

    #[test]
    fn a_text_stands_as_it_is() {
        assert_eq!(LockPart::of(&Type::Text, "sqlite:///a.db"), LockPart::Text("sqlite:///a.db".into()));
        assert_eq!(LockPart::of(&Type::Path, "a.db"), LockPart::File(vec!["a.db".into()]));
    }
}
