//! [`Choice`] and [`Group`]: inheritance of authentication.

use countersign_core::Override;
use http::Extensions;

use crate::Auth;

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

/// A group of requests that share an authentication, within other groups: the nearest level that says something counts.
///
/// The default of all is the client's own scheme. What a group or a request says travels in the request's extensions as
/// an [`Override`], so every driver obeys it, and a redirect within the origin keeps it.
///
/// # With reqwest
///
/// ```
/// # #[cfg(all(feature = "basic", feature = "bearer", feature = "reqwest", feature = "tower"))] {
/// use countersign::{Auth, Choice, Group, basic::Basic, bearer::Bearer};
///
/// # use axum::{Router, http::HeaderMap, routing::get};
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let echo = |headers: HeaderMap| async move {
/// #     headers.get("authorization").map_or("nobody".to_owned(), |value| value.to_str().unwrap_or_default().to_owned())
/// # };
/// # let app: Router = Router::new().route("/", get(echo));
/// # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let url = format!("http://{}/", listener.local_addr()?);
/// # let server = tokio::spawn(async { axum::serve(listener, app).await });
/// let client = countersign::reqwest::client(reqwest::Client::builder(), Basic::new("Aladdin", "open sesame")?)?;
/// let everybody = Group::default();
/// let admin = everybody.group(Choice::Auth(Bearer::new("t0k3n")?.into()));
/// let public = admin.group(Choice::NoAuth);
///
/// for (group, sent) in [
///     (&everybody, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
///     (&admin, "Bearer t0k3n"),
///     (&public, "nobody"),
/// ] {
///     let mut request = client.get(&url);
///     group.apply(&Choice::Inherit, request.extensions());
///     assert_eq!(request.send().await?.text().await?, sent);
/// }
/// # server.abort();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// # }
/// ```
///
/// # With tower
///
/// ```
/// # #[cfg(all(feature = "bearer", feature = "tower"))] {
/// use countersign::{Choice, Group, bearer::Bearer, tower::AuthLayer};
/// use http::{Request, Response};
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let echo = service_fn(|request: Request<countersign::AuthBody<axum::body::Body>>| async move {
/// #     let sent = request.headers().get("authorization").map(|value| value.to_str().unwrap_or_default().to_owned());
/// #     Ok::<_, std::convert::Infallible>(Response::new(axum::body::Body::from(sent.unwrap_or("nobody".to_owned()))))
/// # });
/// let public = Group::new(Choice::NoAuth);
/// let client = ServiceBuilder::new()
///     .map_request(move |mut request: Request<axum::body::Body>| {
///         public.apply(&Choice::Inherit, request.extensions_mut());
///         request
///     })
///     .layer(AuthLayer::new(Bearer::new("t0k3n")?))
///     .service(echo);
///
/// let response = client.oneshot(Request::get("https://example.com/").body(axum::body::Body::empty())?).await?;
/// assert_eq!(axum::body::to_bytes(axum::body::Body::new(response.into_body()), 64).await?, "nobody");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// # }
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
    ///
    /// What is there already was said nearer to the request: where `choice` inherits, it stays.
    pub fn apply(&self, choice: &Choice, extensions: &mut Extensions) {
        let inherits = matches!(choice, Choice::Inherit);
        if inherits && extensions.get::<Override>().is_some() {
            return;
        }
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
