//! [`Choice`] and [`Group`]: inheritance for clients that have no collection.

use countersign::{Auth, Override};
use http::Extensions;

/// What one level says about authentication.
#[derive(Clone, Debug, Default)]
pub enum Choice {
    /// As the level above; above all levels, as the client itself.
    #[default]
    Inherit,
    /// Nothing is sent, whatever is above.
    NoAuth,
    /// This, in place of what is above.
    Auth(Auth),
}

impl Choice {
    fn or(&self, above: &Self) -> Self {
        match self {
            Self::Inherit => above.clone(),
            own => own.clone(),
        }
    }
}

impl From<Auth> for Choice {
    fn from(auth: Auth) -> Self {
        Self::Auth(auth)
    }
}

/// A group of requests that share an authentication, within other groups: the nearest that says something counts.
///
/// The default of all is the client's own scheme. What a group or a request says travels in the request's extensions as
/// an [`Override`], so any driver obeys it.
///
/// ```
/// use countersign::{Auth, Override, Parameters, AuthType, Options};
/// use countersign_postman::{Choice, Group};
///
/// let parameters = Parameters::from([("token", "t0k3n")]);
/// let bearer = Auth::from_parameters(AuthType::Bearer, &parameters, &Options::new())?;
/// let api = Group::new(Choice::Inherit);
/// let admin = api.group(Choice::Auth(bearer));
/// let public = admin.group(Choice::NoAuth);
///
/// let mut request = http::Request::new(());
/// admin.apply(&Choice::Inherit, request.extensions_mut());
/// assert!(request.extensions().get::<Override>().is_some());
/// assert!(matches!(public.effective(&Choice::Inherit), Choice::NoAuth));
/// assert!(matches!(api.effective(&Choice::Inherit), Choice::Inherit));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Group(Choice);

impl Group {
    /// An outermost group.
    pub fn new(choice: Choice) -> Self {
        Self(choice)
    }

    /// A group within this one.
    #[must_use]
    pub fn group(&self, choice: Choice) -> Self {
        Self(self.effective(&choice))
    }

    /// What holds for a request in this group that itself says `choice`. `Inherit` stands for the client's own scheme.
    pub fn effective(&self, choice: &Choice) -> Choice {
        choice.or(&self.0)
    }

    /// Puts what holds for a request in this group into its extensions; nothing where the client's own scheme holds.
    pub fn apply(&self, choice: &Choice, extensions: &mut Extensions) {
        match self.effective(choice) {
            Choice::Inherit => {}
            Choice::NoAuth => {
                extensions.insert(Override::none());
            }
            Choice::Auth(auth) => {
                extensions.insert(Override::with(auth.into()));
            }
        }
    }
}
