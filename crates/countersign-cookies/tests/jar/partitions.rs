//! Partitioned cookies.

use countersign_cookies::{Format, Partition};
use countersign_core::ErrorKind;

use crate::{jar, sent, set};

const CHAT: &str = "https://chat.example/";

fn page(site: &str) -> Partition {
    Partition::new(site).unwrap()
}

#[test]
fn a_request_is_a_visit_to_its_own_site() {
    let jar = jar();
    set(&jar, CHAT, "a=own; Secure; Partitioned").unwrap();
    assert_eq!(sent(&jar, CHAT), "a=own");
    let shop = jar.in_partition(page("https://shop.example"));
    assert_eq!(sent(&shop, CHAT), "");
}

#[test]
fn each_partition_has_its_own() {
    let jar = jar();
    let shop = jar.in_partition(page("https://www.shop.example:8443/cart"));
    let bank = jar.in_partition(page("https://bank.example"));
    set(&shop, CHAT, "a=shop; Secure; Partitioned").unwrap();
    set(&bank, CHAT, "a=bank; Secure; Partitioned").unwrap();
    set(&shop, CHAT, "all=1").unwrap();
    assert_eq!(sent(&shop, CHAT), "a=shop; all=1");
    assert_eq!(sent(&bank, CHAT), "a=bank; all=1");
    assert_eq!(sent(&jar, CHAT), "all=1");
    let framed = jar.in_partition(page("https://shop.example").cross_site_ancestor(true));
    assert_eq!(sent(&framed, CHAT), "all=1");
    let open = jar.in_partition(page("http://shop.example"));
    assert_eq!(sent(&open, CHAT), "all=1", "another scheme is another site");
}

#[test]
fn a_format_without_partitions_never_opens_one() {
    let jar = jar();
    let shop = jar.in_partition(page("https://shop.example"));
    set(&jar, CHAT, "first=1; Secure").unwrap();
    set(&shop, CHAT, "a=shop; Secure; Partitioned").unwrap();
    for format in [Format::Netscape, Format::ToughCookie] {
        let error = jar.export(format).unwrap_err().to_string();
        assert!(
            error.starts_with("cookie 2: belongs to a partition"),
            "{error}"
        );
    }
    jar.export(Format::Browser).unwrap();
}

#[test]
fn a_site_is_a_url() {
    for text in [
        "shop.example",
        "",
        "ftp://shop.example",
        "/cart",
        "https://%41.example",
    ] {
        let error = Partition::new(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{text}");
    }
    assert_eq!(page("http://localhost:80").site(), "https://localhost");
}
