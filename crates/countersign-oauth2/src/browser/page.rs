//! The pages that a person sees when the browser comes back.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response, StatusCode};

/// A page: what happened, and what to do next.
pub(super) struct Page {
    status: StatusCode,
    title: &'static str,
    cause: String,
    next: &'static str,
    script: &'static str,
}

/// Takes the answer out of the address and the history.
const FORGET: &str = "history.replaceState(null, '', location.pathname);";

/// Posts what is in the fragment, which no server sees, as a form.
const BOUNCE: &str = "\
const form = document.createElement('form');
form.method = 'post';
form.action = location.pathname;
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = name;
  field.value = value;
  form.append(field);
}
history.replaceState(null, '', location.pathname);
document.body.append(form);
form.submit();";

const STYLE: &str = "\
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 2rem; }
main { max-width: 34rem; margin: 10vh auto 0; }
h1 { font-size: 1.75rem; line-height: 1.2; }
.cause { border-left: .25rem solid; padding-left: 1rem; overflow-wrap: anywhere; }";

impl Page {
    fn new(status: StatusCode, title: &'static str, next: &'static str) -> Self {
        Self {
            status,
            title,
            cause: String::new(),
            next,
            script: FORGET,
        }
    }

    fn cause(self, cause: &str) -> Self {
        Self {
            cause: format!("<p class=\"cause\">{}</p>\n", escaped(cause)),
            ..self
        }
    }

    /// The page as an answer; `nonce` lets its own style and script run, and no other.
    pub(super) fn response(self, nonce: &str) -> Response<String> {
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        let mut response = Response::new(self.html(nonce));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let fixed = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
        headers.extend(
            HeaderValue::try_from(policy)
                .ok()
                .map(|policy| (CONTENT_SECURITY_POLICY, policy)),
        );
        response
    }

    fn html(&self, nonce: &str) -> String {
        let Self {
            title,
            cause,
            next,
            script,
            ..
        } = self;
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style nonce=\"{nonce}\">\n{STYLE}\n</style>\n\
             </head>\n<body>\n<main>\n<h1>{title}</h1>\n{cause}<p>{next}</p>\n</main>\n\
             <script nonce=\"{nonce}\">\n{script}\n</script>\n</body>\n</html>\n"
        )
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// The person consented. The program asks for the token only then, so this page cannot tell whether it gets one.
pub(super) fn granted() -> Page {
    Page::new(
        StatusCode::OK,
        "Access granted",
        "Close this window and go back to the program that asked for it: it gets its token now, and says so if it does not.",
    )
}

/// The server refused, or the person declined.
pub(super) fn declined(cause: &str) -> Page {
    let next =
        "Close this window, go back to the program that asked for it, and start again there.";
    Page::new(StatusCode::BAD_REQUEST, "Access not granted", next).cause(cause)
}

/// What came is no answer to what was asked.
pub(super) fn refused(cause: &str) -> Page {
    let next = "The program that asked is still waiting. Go back to it and open its address again.";
    Page::new(
        StatusCode::BAD_REQUEST,
        "This answer was not accepted",
        next,
    )
    .cause(cause)
}

/// Somebody was here before.
pub(super) fn used() -> Page {
    Page::new(
        StatusCode::CONFLICT,
        "This answer was used already",
        "You can close this window and go back to the program that asked for it.",
    )
}

/// There is nothing here.
pub(super) fn missing() -> Page {
    Page::new(
        StatusCode::NOT_FOUND,
        "Not found",
        "There is nothing at this address.",
    )
}

/// The answer may be in the fragment, which only the browser sees.
pub(super) fn bounce() -> Page {
    let next = "This takes a moment. If nothing happens, switch JavaScript on for this page and load it again.";
    Page {
        script: BOUNCE,
        ..Page::new(StatusCode::OK, "Going back to the program", next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_text() {
        let html = declined("<script>alert('1')</script> & \"more\"")
            .response("n")
            .into_body();
        assert!(
            html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;")
        );
        assert!(!html.contains("<script>"));
    }
}
