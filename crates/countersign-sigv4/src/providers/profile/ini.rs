//! The form of the profile files: sections, and properties in lines.

use std::collections::HashMap;

use countersign_core::Error;

/// The sections of a file by their names, as they stand in the brackets.
#[derive(Debug, Default)]
pub(super) struct Sections<'a>(HashMap<String, Section<'a>>);

/// The properties of a section; of two of one name the last one counts.
#[derive(Clone, Default, Debug)]
pub(super) struct Section<'a>(HashMap<String, &'a str>);

/// A line that is none of such a file.
#[derive(Debug, PartialEq)]
pub(super) struct Broken {
    line: usize,
    why: &'static str,
}

impl Broken {
    /// Nothing of the line is shown: it may hold a secret.
    pub(super) fn of(self, file: &str) -> Error {
        Error::configuration(format!("line {} of {file} {}", self.line, self.why))
    }
}

impl<'a> Sections<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Broken> {
        let mut sections = Self::default();
        let mut current = None;
        for (index, line) in text.lines().enumerate() {
            let wrong = |why| Broken {
                line: index + 1,
                why,
            };
            match line.chars().next() {
                // An indented line belongs to a property that has properties of its own; none of those is read.
                None | Some('#' | ';' | ' ' | '\t') => {}
                Some('[') => current = Some(name(line).ok_or_else(|| wrong("has no `]`"))?),
                Some(_) => {
                    let section = current.as_ref();
                    let section =
                        section.ok_or_else(|| wrong("stands before the first section"))?;
                    let (key, value) = property(line).ok_or_else(|| wrong("has no `=`"))?;
                    let section = sections.0.entry(section.clone()).or_default();
                    section.0.insert(key, value);
                }
            }
        }
        Ok(sections)
    }

    /// A section of the credentials file.
    pub(super) fn get(&self, name: &str) -> Option<Section<'a>> {
        self.0.get(name).cloned()
    }

    /// A profile of the config file, where only the default one stands without the word.
    pub(super) fn profile(&self, name: &str) -> Option<Section<'a>> {
        let bare = || self.get(name).filter(|_| name == "default");
        self.get(&format!("profile {name}")).or_else(bare)
    }
}

impl<'a> Section<'a> {
    /// A value that is not empty.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).copied().filter(|value| !value.is_empty())
    }
}

/// The name of a section, its words one space apart.
fn name(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix('[')?.split_once(']')?;
    Some(name.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

/// The name in lower case, and the value without the comment behind it.
fn property(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once('=')?;
    let comment = [" #", " ;", "\t#", "\t;"];
    let end = comment.iter().filter_map(|mark| value.find(mark)).min();
    let value = value.get(..end.unwrap_or(value.len()))?;
    Some((key.trim().to_ascii_lowercase(), value.trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Broken, Sections};

    const TEXT: &str = "\
# a comment
[default]
Region = eu-west-1 # here
empty =
[ profile   one ]
key=a=b#c;d
s3 =
  key = nested
[profile one] ; again
key=last
[services x]
key=other
";

    #[test]
    fn sections_properties_and_comments() {
        let sections = Sections::read(TEXT).unwrap();
        let default = sections.profile("default").unwrap();
        assert_eq!(default.get("region"), Some("eu-west-1"));
        assert_eq!(default.get("empty"), None);
        assert_eq!(sections.profile("one").unwrap().get("key"), Some("last"));
        assert!(sections.profile("services x").is_none());
        assert!(sections.get("one").is_none());
        let one = "[one]\nkey=a=b#c;d\n";
        let one = Sections::read(one).unwrap().get("one").unwrap();
        assert_eq!(one.get("key"), Some("a=b#c;d"));
    }

    #[test]
    fn a_broken_line_is_told_by_its_number() {
        let broken = |text| Sections::read(text).unwrap_err();
        let expected = |line, why| Broken { line, why };
        assert_eq!(
            broken("a=b"),
            expected(1, "stands before the first section")
        );
        assert_eq!(broken("[a]\n\nSECRET"), expected(3, "has no `=`"));
        assert_eq!(broken("[a\nb=c"), expected(1, "has no `]`"));
        let shown = broken("[a]\nSECRET").of("the file").to_string();
        assert_eq!(shown, "line 2 of the file has no `=`");
    }
}
