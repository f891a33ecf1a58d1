//! A driver never knows a scheme's name: neither its crate nor a word of it stands in the code.

use std::path::{Path, PathBuf};

use crate::Result;

/// The crates that run schemes without knowing them.
const DRIVERS: &[&str] = &[
    "countersign-core",
    "countersign-tower",
    "countersign-reqwest",
];

/// Every line of driver code that names one of `schemes`.
pub(crate) fn broken(root: &Path, schemes: &[&str]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for driver in DRIVERS {
        for file in files(&root.join("crates").join(driver).join("src"))? {
            let source = std::fs::read_to_string(&file)?;
            let place = file.strip_prefix(root).unwrap_or(&file).display();
            let found = named(&source, schemes).into_iter();
            broken.extend(found.map(|(line, word)| format!("{place}:{line} names {word}")));
        }
    }
    Ok(broken)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    Ok(found)
}

fn named(source: &str, schemes: &[&str]) -> Vec<(usize, String)> {
    let code = source
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]");
    let code = code.enumerate().filter(|(_, line)| !speaks_of_hashes(line));
    let words = code.flat_map(|(index, line)| {
        words(without_comment(line))
            .into_iter()
            .map(move |word| (index + 1, word))
    });
    words
        .filter(|(_, word)| schemes.contains(&word.as_str()))
        .collect()
}

/// `digest` is also what the hash crates call their trait and its method.
fn speaks_of_hashes(line: &str) -> bool {
    ["use sha2::", "Sha256::"]
        .iter()
        .any(|name| line.contains(name))
}

fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// The words of a line in lower case: `BasicAuth` and `basic_auth` both hold `basic`.
fn words(line: &str) -> Vec<String> {
    let mut spaced = String::new();
    for letter in line.chars() {
        if letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let words = spaced.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(source: &str) -> usize {
        named(source, &["basic", "digest"]).len()
    }

    #[test]
    fn a_scheme_is_found_in_identifiers_paths_and_strings() {
        assert_eq!(count("use countersign_basic::Basic;"), 2);
        assert_eq!(count("if scheme == \"Digest\" { answer_digest() }"), 2);
        assert_eq!(count("let basically = indigestion;"), 0);
    }

    #[test]
    fn a_hash_is_no_scheme() {
        assert_eq!(
            count("use sha2::{Digest, Sha256};\nlet hash = Sha256::digest(text);"),
            0
        );
    }

    #[test]
    fn comments_and_tests_may_name_it() {
        assert_eq!(
            count("/// As Basic does.\nlet a = \"http://x/\"; // digest"),
            0
        );
        assert_eq!(count("#[cfg(test)]\nmod tests { use Basic; }"), 0);
        assert_eq!(count("let a = \"http://basic/\";"), 1);
    }
}
