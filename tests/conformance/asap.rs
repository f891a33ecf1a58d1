//! ASAP: a token that Python's `cryptography` signed.

use countersign_core::Any;
use countersign_jwt::Asap;
use countersign_testkit::pinned;

use crate::entry::{Entry, post};

pub(crate) fn entries() -> Vec<Entry> {
    let request = post("http://a.test/?a=b", "text/plain", "body");
    let keys = [
        include_str!("../../crates/countersign-jwt/tests/data/rsa.pkcs8.pem"),
        include_str!("../../crates/countersign-oauth1/tests/vectors/keys/2048-pkcs8.pem"),
    ];
    vec![
        Entry::new("a service's token", keys, request, |key, _| {
            let builder = Asap::builder("shop", "api", "shop/key", key).expires_in(60);
            let builder = builder
                .claims(r#"{"jti": "one"}"#)
                .sources(pinned(1_700_000_000));
            Any::new(builder.build().unwrap())
        })
        .accepted("authorization", TOKEN),
    ]
}

const TOKEN: &str = "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6InNob3Ava2V5In0.eyJqdGkiOiJvbmUiLCJpYXQiOjE3MDAwMDAwMDAsImlz\
    cyI6InNob3AiLCJzdWIiOiJzaG9wIiwiYXVkIjoiYXBpIiwiZXhwIjoxNzAwMDAwMDYwfQ.mzXrWx2dQHUM0_MHe\
    PaWC_4ZgrYk3buzwY_HEVWqBK9sM40QGrdsAw_oXcf0bYgBmPOxxjFuZs3d3fXZWhjbgd-ht6BtJ_kujWvbHlumx\
    OWKUV4Cq-SbyViKl7jqWGQ9V3xP0VSrjT8snOflOvxuPfkyb9ixHA2heHtS13a1jm5zYTog5enM6qtv-fMKWnebW\
    QP5unoIzZyDO0eRKpStFN5izc4QGJxPr08dX5klaHapL9Q3Uy0FZGjP_Db-peBgg4gDvddAU4d2N1rnEb_4KB1Qr\
    kls-Bi0Mzfu5L2GfI245iCjuD9ohK2t0vkQqX2ugAJ-xr80Qja7AdLxLoMh8A";
