//! The quality of protection.

/// What a response protects: RFC 7616, section 3.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qop {
    /// `auth`: method and target.
    Auth,
    /// `auth-int`: the body as well, so it has to be in memory.
    AuthInt,
}

impl Qop {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }

    /// The value of this name, in any case; `None` if it is unknown.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Auth, Self::AuthInt]
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(name))
    }
}

/// What a challenge offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    /// It names no `qop`: the server may know RFC 2069 only.
    Nothing,
    /// Those of its list that are known; an empty list offers nothing that could be answered.
    List { auth: bool, auth_int: bool },
}

impl Offered {
    pub(crate) fn read(list: Option<&str>) -> Self {
        let Some(list) = list else {
            return Self::Nothing;
        };
        let has = |qop| {
            list.split(',')
                .any(|name| Qop::of(name.trim()) == Some(qop))
        };
        Self::List {
            auth: has(Qop::Auth),
            auth_int: has(Qop::AuthInt),
        }
    }
}
