use countersign_core::Origin;
use countersign_core::canonical::host::{HostError, incoming, outgoing, split};
use http::{Request, request};

fn head(uri: &str, hosts: &[&str]) -> request::Parts {
    let mut request = Request::get(uri);
    for host in hosts {
        request = request.header("host", *host);
    }
    request.body(()).unwrap().into_parts().0
}

#[test]
fn what_goes_on_the_wire() {
    let base: Origin = "https://Base.example:8443".parse().unwrap();
    let own: Origin = "https://[2001:DB8:0::1]".parse().unwrap();
    let table = [
        ("https://A.example:443/", &[][..], None, "A.example"),
        ("http://u:p@a.example:443/", &[], None, "a.example:443"),
        ("http://a.example/", &["b.example:80"], None, "b.example:80"),
        ("/p", &["b.example"], Some(&base), "b.example"),
        ("/p", &[" b.example "], None, "b.example"),
        ("/p", &[], Some(&base), "base.example:8443"),
        ("/p", &[], Some(&own), "[2001:db8::1]"),
        ("https://a.example/", &[], Some(&base), "a.example"),
    ];
    for (uri, hosts, base, expected) in table {
        assert_eq!(
            outgoing(&head(uri, hosts), base).unwrap(),
            expected,
            "{uri}"
        );
    }
}

#[test]
fn what_came_over_the_wire() {
    let table = [
        ("/", &["A.example:443"][..], Ok("A.example:443")),
        ("https://u@a.example:443/", &[], Ok("a.example:443")),
        ("https://a.example/", &["A.example"], Ok("A.example")),
        (
            "https://a.example/",
            &["b.example"],
            Err(HostError::Ambiguous),
        ),
        (
            "https://a.example/",
            &["a.example:443"],
            Err(HostError::Ambiguous),
        ),
        ("/", &["a", "a"], Err(HostError::Ambiguous)),
        ("/", &[], Err(HostError::Missing)),
        ("/", &[""], Err(HostError::Missing)),
    ];
    for (uri, hosts, expected) in table {
        assert_eq!(incoming(&head(uri, hosts)), expected, "{uri} {hosts:?}");
    }
    for wrong in ["a/b", "u@h", "a b", "a,b", "a\tb", "a#", "a?", "\u{e4}"] {
        assert_eq!(
            incoming(&head("/", &[wrong])),
            Err(HostError::Invalid),
            "{wrong}"
        );
        assert_eq!(
            outgoing(&head("/", &[wrong]), None),
            Err(HostError::Invalid),
            "{wrong}"
        );
    }
}

#[test]
fn names_and_ports() {
    assert_eq!(split("Example.com"), Ok(("Example.com", None)));
    assert_eq!(split("h:"), Ok(("h", None)));
    assert_eq!(split("h:8000"), Ok(("h", Some(8000))));
    assert_eq!(split("[2001:DB8::1]:80"), Ok(("[2001:DB8::1]", Some(80))));
    assert_eq!(split("[::1]"), Ok(("[::1]", None)));
    for wrong in [":80", "h:+80", "h:x", "h:65536", "[::1", "[::1]x", "a:1:2"] {
        assert_eq!(split(wrong), Err(HostError::Invalid), "{wrong}");
    }
    assert_eq!(split(""), Err(HostError::Missing));
}
