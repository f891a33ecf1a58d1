//! Basic: the examples of RFC 7617, sections 2 and 2.1.

use countersign_basic::Basic;
use countersign_core::Any;

use crate::entry::{Entry, get, post};

const PASSWORDS: [&str; 2] = ["open sesame", "open barley"];
const ALADDIN: &str = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

pub(crate) fn entries() -> Vec<Entry> {
    let request = post("http://a.test/", "text/plain", "body");
    let reactive = |name| {
        Entry::new(name, PASSWORDS, get("http://a.test/"), |password, _| {
            Any::new(Basic::new("Aladdin", password).unwrap().reactive())
        })
    };
    vec![
        Entry::new("unasked", PASSWORDS, request.clone(), |password, _| {
            Any::new(Basic::new("Aladdin", password).unwrap())
        })
        .accepted("authorization", ALADDIN),
        Entry::new("in UTF-8", ["123\u{a3}", "123"], request, |password, _| {
            Any::new(Basic::new("test", password).unwrap())
        })
        .accepted("authorization", "Basic dGVzdDoxMjPCow=="),
        reactive("asked among others")
            .asked(&["Newauth a=\"b\", Basic realm=\"x\""])
            .accepted("authorization", ALADDIN),
        reactive("not asked").asked(&["Bearer"]).ends(Ok(401)),
    ]
}
