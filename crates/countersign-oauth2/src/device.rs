//! The device grant: RFC 8628.

use std::time::Duration;

use countersign_core::{Error, ErrorKind, Secret};
use countersign_token::{Refused, RefusedKind, Token};
use serde::Deserialize;
use url::Url;

use crate::client::Endpoint;
use crate::credentials::Grant;
use crate::message::clean::clean;
use crate::message::{Answer, AnswerError, Form, TokenError, lenient};

/// Where a person consents, and by which code (RFC 8628 section 3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// The page to open on any device.
    pub uri: String,
    /// The same with the code in it, if the server gave one.
    pub uri_complete: Option<String>,
    /// The code to type there.
    pub user_code: String,
    /// How long it is good for.
    pub expires_in: Duration,
}

#[derive(Deserialize)]
struct DeviceAnswer {
    device_code: String,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    #[serde(default, alias = "verification_url_complete")]
    verification_uri_complete: Option<String>,
    #[serde(default, deserialize_with = "lenient::seconds")]
    expires_in: Option<u64>,
    #[serde(default, deserialize_with = "lenient::seconds")]
    interval: Option<u64>,
}

/// How long a code is good for at most, in seconds, and where the server does not say.
const LONGEST: u64 = 30 * 60;
/// What is added to the interval when the server asks for patience: RFC 8628 section 3.5.
const SLOW_DOWN: Duration = Duration::from_secs(5);
const SLOWEST: Duration = Duration::from_secs(60);

/// What is asked again and again.
struct Poll {
    device_code: Secret,
    interval: Duration,
    until: Duration,
}

impl Endpoint {
    /// Asks for a code, shows it, and waits until a person has consented.
    pub(crate) async fn device(self) -> Result<Token, Refused> {
        let answer = self.ask_for_code().await?;
        let this = self.parameters(|setup| &setup.asked.on_token);
        let verification = answer.verification()?;
        let mut poll = Poll {
            interval: Duration::from_secs(answer.interval.unwrap_or(5))
                .clamp(Duration::from_secs(1), SLOWEST),
            until: this.time() + verification.expires_in,
            device_code: answer.device_code.into(),
        };
        if let Some(show) = &this.setup.asked.on_user_code {
            show(&verification);
        }
        loop {
            tokio::time::sleep(poll.interval).await;
            if this.time() >= poll.until {
                return Err(expired());
            }
            if let Some(token) = poll.once(&this).await? {
                return Ok(token);
            }
        }
    }

    fn time(&self) -> Duration {
        self.setup.asked.sources.clock.now()
    }

    async fn ask_for_code(&self) -> Result<DeviceAnswer, Refused> {
        let this =
            Self::new(&self.setup, &self.fetch).parameters(|setup| &setup.asked.on_authorization);
        let url = self.setup.device.as_ref();
        let url = url.ok_or_else(|| missing("device authorization endpoint"))?;
        let form = Form::new(&[]).scope(&self.setup).targets(&self.setup);
        let request = form
            .request(&self.setup, url)
            .map_err(crate::client::unfit)?;
        serde_json::from_slice(&this.send(request).await?)
            .map_err(|_| AnswerError::Unreadable.into())
    }
}

impl Poll {
    /// `None` where nothing is decided yet. A server that is ill or cannot be reached is asked less often.
    async fn once(&mut self, endpoint: &Endpoint) -> Result<Option<Token>, Refused> {
        let asked_at = endpoint.now();
        let refused = match self.ask(endpoint).await {
            Ok(answer) => return Ok(Some(answer.into_token(&endpoint.setup.asked, asked_at)?)),
            Err(refused) => refused,
        };
        match code(&refused) {
            Some("authorization_pending") => Ok(None),
            Some("slow_down") => Ok(self.slow_down(self.interval + SLOW_DOWN)),
            Some("expired_token") => Err(expired()),
            Some("access_denied") => Err(declined(&refused)),
            _ if refused.is_retryable() => Ok(self.slow_down(self.interval * 2)),
            _ => Err(refused),
        }
    }

    async fn ask(&self, endpoint: &Endpoint) -> Result<Answer, Refused> {
        let url = endpoint.setup.token.as_ref();
        let url = url.ok_or_else(|| missing("token endpoint"))?;
        let code = self.device_code.expose_str().unwrap_or_default();
        let form = Form::new(&[("grant_type", Grant::Device.name()), ("device_code", code)]);
        let form = form.targets(&endpoint.setup);
        let request = form
            .request(&endpoint.setup, url)
            .map_err(crate::client::unfit)?;
        Answer::read(&endpoint.send_for_token(request).await?)
    }

    fn slow_down(&mut self, interval: Duration) -> Option<Token> {
        self.interval = interval.min(SLOWEST);
        None
    }
}

impl DeviceAnswer {
    fn verification(&self) -> Result<Verification, AnswerError> {
        let is_page = |uri: &String| {
            Url::parse(uri).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
        };
        if !is_page(&self.verification_uri) || self.device_code.is_empty() {
            return Err(AnswerError::NoVerificationPage);
        }
        Ok(Verification {
            uri: clean(&self.verification_uri),
            uri_complete: self
                .verification_uri_complete
                .clone()
                .filter(is_page)
                .map(|uri| clean(&uri)),
            user_code: clean(&self.user_code),
            expires_in: Duration::from_secs(self.expires_in.unwrap_or(LONGEST).min(LONGEST)),
        })
    }
}

fn code(refused: &Refused) -> Option<&str> {
    let source = std::error::Error::source(refused)?;
    source.downcast_ref::<TokenError>()?.code.as_deref()
}

fn missing(what: &str) -> Refused {
    crate::client::unfit(Error::configuration(format!("there is no {what}")))
}

/// The person's word, not the server's.
fn declined(refused: &Refused) -> Refused {
    Refused::new(RefusedKind::Interaction, refused.error().clone())
}

fn expired() -> Refused {
    Refused::new(
        RefusedKind::Interaction,
        Error::new(
            ErrorKind::Fetch,
            "nobody entered the code in time: start again for a new one",
        ),
    )
}
