//! One generation of the hash crates in the lock file.

const SINGLE: &[&str] = &["digest", "sha1", "sha2", "md-5", "hmac"];

/// What may bring an older generation with it, for itself alone.
const OLDER: &[&str] = &["oauth2"];

/// Every hash crate that the lock file holds in an older version too, which somebody else than [`OLDER`] uses.
pub(crate) fn broken(lock: &str) -> Vec<String> {
    let packages: Vec<Package<'_>> = lock
        .split("[[package]]")
        .filter_map(Package::read)
        .collect();
    let older = packages
        .iter()
        .filter(|package| package.is_older(&packages));
    let strays = older.flat_map(|package| {
        let users = packages.iter().filter(|user| user.strays(package));
        users.map(move |user| format!("{} uses {} {}", user.name, package.name, package.version))
    });
    strays.collect()
}

struct Package<'a> {
    name: &'a str,
    version: &'a str,
    needs: Vec<&'a str>,
}

impl<'a> Package<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let needs = text
            .split_once("dependencies = [")
            .map_or("", |(_, needs)| needs);
        let needs = needs
            .lines()
            .map(|line| line.trim().trim_matches([',', '"']));
        Some(Self {
            name: value(text, "name")?,
            version: value(text, "version")?,
            needs: needs.collect(),
        })
    }

    fn number(&self) -> Vec<u64> {
        let parts = self.version.split(['.', '-', '+']);
        parts.map_while(|part| part.parse().ok()).collect()
    }

    fn is_older(&self, all: &[Package<'_>]) -> bool {
        let newer = |other: &Package<'_>| other.name == self.name && other.number() > self.number();
        SINGLE.contains(&self.name) && all.iter().any(newer)
    }

    /// Whether it uses this older hash crate and may not. Where there are several the lock file names the version.
    fn strays(&self, older: &Package<'_>) -> bool {
        let uses = [older.name, older.version].join(" ");
        let may = OLDER.contains(&self.name) || SINGLE.contains(&self.name);
        !may && self.needs.contains(&uses.as_str())
    }
}

fn value<'a>(package: &'a str, key: &str) -> Option<&'a str> {
    let line = package
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
    Some(line.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"sha2\"\nversion = \"0.11.0\"\n";

    fn with_older(user: &str) -> String {
        let older = "[[package]]\nname = \"sha2\"\nversion = \"0.10.9\"\n";
        let needs = "dependencies = [\n \"http\",\n \"sha2 0.10.9\",\n]\n";
        format!("{LOCK}\n{older}\n[[package]]\nname = \"{user}\"\nversion = \"1.0.0\"\n{needs}")
    }

    #[test]
    fn one_version_is_right() {
        assert_eq!(broken(LOCK), [""; 0]);
    }

    #[test]
    fn an_older_one_is_told_with_who_uses_it() {
        assert_eq!(broken(&with_older("other")), ["other uses sha2 0.10.9"]);
    }

    #[test]
    fn an_older_one_may_stand_behind_what_is_known_to_bring_it() {
        assert_eq!(broken(&with_older("oauth2")), [""; 0]);
    }
}
