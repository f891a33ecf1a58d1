//! Which cookies are kept (RFC 6265bis section 5.7).

use countersign_cookies::{Jar, Refusal};

use crate::{jar, sent, set};

const REFUSED: [(&str, &str, Refusal); 26] = [
    ("/relative", "a=b", Refusal::NoHost),
    ("ws://a.example.com/", "a=b", Refusal::NoHost),
    ("https://a.example.com/", "", Refusal::Empty),
    ("https://a.example.com/", " = ; Path=/", Refusal::Empty),
    (
        "https://a.example.com/",
        "a=b\tc",
        Refusal::ControlCharacter,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=b.example.com",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=x.a.example.com",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=xample.com",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=..example.com",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=%65xample.com",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=example.com:443",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=example.com.",
        Refusal::Domain,
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=com",
        Refusal::PublicSuffix,
    ),
    (
        "https://a.co.uk/",
        "a=b; Domain=.co.uk",
        Refusal::PublicSuffix,
    ),
    (
        "https://a.co.uk./",
        "a=b; Domain=co.uk.",
        Refusal::PublicSuffix,
    ),
    (
        "https://a.github.io/",
        "a=b; Domain=github.io",
        Refusal::PublicSuffix,
    ),
    (
        "https://a.公司.cn/",
        "a=b; Domain=公司.cn",
        Refusal::PublicSuffix,
    ),
    ("https://127.0.0.1/", "a=b; Domain=0.0.1", Refusal::Domain),
    ("https://0x7f.1/", "a=b; Domain=1", Refusal::Domain),
    ("http://a.example.com/", "a=b; Secure", Refusal::Insecure),
    ("http://127.example.com/", "a=b; Secure", Refusal::Insecure),
    ("https://a.example.com/", "__Secure-a=b", Refusal::Prefix),
    (
        "https://a.example.com/",
        "__host-a=b; Secure; Path=/x",
        Refusal::Prefix,
    ),
    (
        "https://a.example.com/",
        "__Host-a=b; Secure; Path=/; Domain=a.example.com",
        Refusal::Prefix,
    ),
    (
        "https://a.example.com/",
        "=__Secure-a=b; Secure",
        Refusal::Prefix,
    ),
    (
        "https://a.example.com/",
        "a=b; Partitioned",
        Refusal::Partitioned,
    ),
];

#[test]
fn what_is_refused_and_why() {
    for (from, cookie, refusal) in REFUSED {
        let jar = jar();
        // A name beyond ASCII is in its own form in a URI.
        let from = from.replace("公司", "xn--55qx5d");
        assert_eq!(set(&jar, &from, cookie), Err(refusal), "{from} {cookie}");
        assert_eq!(jar.cookies(), [], "{from} {cookie}");
    }
}

const KEPT: [(&str, &str, &str, bool, &str); 17] = [
    (
        "https://a.example.com/x/y",
        "a=b",
        "a.example.com",
        true,
        "/x",
    ),
    ("https://a.example.com", "a=b", "a.example.com", true, "/"),
    (
        "https://A.Example.com/",
        "a=b; Domain=EXAMPLE.com",
        "example.com",
        false,
        "/",
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=.example.com; Path=/z",
        "example.com",
        false,
        "/z",
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=",
        "a.example.com",
        true,
        "/",
    ),
    (
        "https://a.example.com/",
        "a=b; Domain=x; Domain=example.com",
        "example.com",
        false,
        "/",
    ),
    (
        "https://github.io/",
        "a=b; Domain=github.io",
        "github.io",
        true,
        "/",
    ),
    (
        "http://localhost:8080/",
        "a=b; Domain=localhost",
        "localhost",
        true,
        "/",
    ),
    (
        "https://127.0.0.1/",
        "a=b; Domain=127.0.0.1",
        "127.0.0.1",
        false,
        "/",
    ),
    ("https://[::1]/", "a=b", "[::1]", true, "/"),
    (
        "https://a.xn--bcher-kva.example/",
        "a=b; Domain=Bücher.example",
        "xn--bcher-kva.example",
        false,
        "/",
    ),
    ("http://localhost/", "a=b; Secure", "localhost", true, "/"),
    ("http://127.8.9.1/", "a=b; Secure", "127.8.9.1", true, "/"),
    (
        "http://[::1]/",
        "__Host-a=b; Secure; Path=/",
        "[::1]",
        true,
        "/",
    ),
    (
        "https://a.example.com/x/",
        "__Host-a=b; Secure; Path=/",
        "a.example.com",
        true,
        "/",
    ),
    (
        "https://a.example.com/",
        "__Secure-a=b; Secure; Domain=example.com",
        "example.com",
        false,
        "/",
    ),
    (
        "https://a.example.com/",
        "a=b; SameSite=None",
        "a.example.com",
        true,
        "/",
    ),
];

#[test]
fn what_is_kept_and_for_whom() {
    for (from, cookie, domain, host_only, path) in KEPT {
        let jar = jar();
        assert_eq!(set(&jar, from, cookie), Ok(()), "{from} {cookie}");
        let kept = jar.cookies().remove(0);
        let read = (kept.domain(), kept.is_host_only(), kept.path());
        assert_eq!(read, (domain, host_only, path), "{from} {cookie}");
    }
}

fn with_secure() -> Jar {
    let jar = jar();
    let cookie = "a=secure; Secure; Domain=example.com; Path=/in";
    set(&jar, "https://www.example.com/", cookie).unwrap();
    jar
}

#[test]
fn nobody_on_the_way_replaces_or_hides_a_secure_cookie() {
    let jar = with_secure();
    let open = "http://www.example.com/in/";
    for cookie in [
        "a=b; Domain=example.com; Path=/in",
        "a=b; Path=/in/deep",
        "a=; Max-Age=0; Path=/in",
    ] {
        assert_eq!(
            set(&jar, open, cookie),
            Err(Refusal::Overwrites),
            "{cookie}"
        );
    }
    assert_eq!(sent(&jar, "https://www.example.com/in/deep"), "a=secure");
    for cookie in ["b=b", "a=b; Path=/other", "A=b; Path=/in"] {
        assert_eq!(set(&jar, open, cookie), Ok(()), "{cookie}");
    }
    assert_eq!(set(&jar, "http://other.com/", "a=b; Path=/in"), Ok(()));
}

#[test]
fn who_is_secure_replaces_it() {
    let jar = with_secure();
    let cookie = "a=plain; Domain=example.com; Path=/in";
    assert_eq!(set(&jar, "https://www.example.com/", cookie), Ok(()));
    assert_eq!(sent(&jar, "http://www.example.com/in"), "a=plain");
}

#[test]
fn what_is_no_text_is_refused() {
    let (jar, mut answer) = (jar(), http::HeaderMap::new());
    answer.append(
        "set-cookie",
        http::HeaderValue::from_bytes(b"a=\xff").unwrap(),
    );
    answer.append(
        "set-cookie",
        http::HeaderValue::from_bytes("ä=ö".as_bytes()).unwrap(),
    );
    jar.learn(&"https://example.com/".parse().unwrap(), &answer);
    assert_eq!(sent(&jar, "https://example.com/"), "ä=ö");
}
