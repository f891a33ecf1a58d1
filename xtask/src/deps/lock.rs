//! One generation of the hash crates in the lock file.

const SINGLE: &[&str] = &["digest", "sha1", "sha2", "md-5", "hmac"];

/// Every hash crate that the lock file holds in more than one version.
pub(crate) fn broken(lock: &str) -> Vec<String> {
    let several = SINGLE.iter().map(|name| (name, versions(lock, name)));
    let several = several.filter(|(_, versions)| versions.len() > 1);
    several
        .map(|(name, versions)| format!("{name} in versions {}", versions.join(", ")))
        .collect()
}

fn versions<'a>(lock: &'a str, name: &str) -> Vec<&'a str> {
    let packages = lock
        .split("[[package]]")
        .filter(|package| value(package, "name") == Some(name));
    packages
        .filter_map(|package| value(package, "version"))
        .collect()
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

    #[test]
    fn one_version_is_right() {
        assert_eq!(broken(LOCK), [""; 0]);
    }

    #[test]
    fn a_second_version_is_told() {
        let lock = format!("{LOCK}\n[[package]]\nname = \"sha2\"\nversion = \"0.10.9\"\n");
        assert_eq!(broken(&lock), ["sha2 in versions 0.11.0, 0.10.9"]);
    }
}
