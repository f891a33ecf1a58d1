use std::sync::Arc;

use bytes::Bytes;
use countersign_core::MemoryGuard;
use countersign_digest::{Algorithm, DigestVerifier, MemoryAccounts};
use http::{Request, Response};

use crate::support::forge::{Forge, is_stale, show};
use crate::support::{Hands, param, serve, verifier};

pub(crate) async fn check(id: &str, line: &[u8]) {
    let server = verifier().build().unwrap();
    let right = Forge::right(&server).await;
    let text = || String::from_utf8(line.to_vec()).unwrap();
    let status = match id {
        "B077" | "B078" => show(&server, &text()).await.status(),
        "B080" => return out_of_order(&server, right).await,
        "B081" => return last_count(&server, right).await,
        "B086" => {
            let header = right.header().replace(", cnonce=\"c0ffee\"", "");
            show(&server, &header).await.status()
        }
        "B087" => with(&right, |forge| {
            forge.qop = None;
            forge.extra = ", nc=00000001, cnonce=\"c0ffee\"".into();
        })
        .show(&server)
        .await
        .status(),
        "B088" => with(&right, |forge| forge.qop = Some("auth-int"))
            .show(&server)
            .await
            .status(),
        "B090" | "B091" => return other_algorithm(id).await,
        "B092" => with(&right, |forge| forge.uri = "/admin".into())
            .show(&server)
            .await
            .status(),
        "B094" => return absolute_form(&server, right).await,
        "B095" => return forged_nonce().await,
        "B096" => return foreign_nonce().await,
        "B098" => return expired_and_wrong().await,
        "B101" => with(&right, |forge| forge.extra = ", username=\"bob\"".into())
            .show(&server)
            .await
            .status(),
        "B102" => with(&right, |forge| {
            forge.extra = ", username*=UTF-8''bob".into()
        })
        .show(&server)
        .await
        .status(),
        "B103" | "B104" => {
            let value = if id == "B103" {
                "UTF-8''%ZZ"
            } else {
                "ISO-8859-1''alice"
            };
            let extended = format!("username*={value}");
            let header = right.header().replace("username=\"alice\"", &extended);
            show(&server, &header).await.status()
        }
        "B106" => {
            let upper = right.response().to_uppercase();
            show(&server, &right.header().replace(&right.response(), &upper))
                .await
                .status()
        }
        "B109" => with(&right, |forge| forge.cnonce = "c".repeat(65_536))
            .show(&server)
            .await
            .status(),
        "B112" => show(&server, &(right.header() + ", Basic YTpi"))
            .await
            .status(),
        "B481" => show(&server, text().strip_prefix("Authorization: ").unwrap())
            .await
            .status(),
        "B483" => two_fields(&server, &right).await.status(),
        _ => panic!("{id}: a row that nothing here expects"),
    };
    assert_eq!(status.as_u16(), expected(id), "{id}");
    assert_eq!(
        right.show(&server).await.status(),
        200,
        "{id}: it was refused for another reason"
    );
}

fn expected(id: &str) -> u16 {
    match id {
        "B088" | "B106" => 401,
        "B481" => 431,
        _ => 400,
    }
}

fn with(right: &Forge, change: impl FnOnce(&mut Forge)) -> Forge {
    let mut forge = right.clone();
    change(&mut forge);
    forge
}

async fn out_of_order(server: &DigestVerifier, right: Forge) {
    for (nc, status) in [
        ("00000005", 200),
        ("00000003", 200),
        ("00000003", 401),
        ("00000050", 200),
    ] {
        let forge = with(&right, |forge| forge.nc = nc.into());
        assert_eq!(forge.show(server).await.status(), status, "{nc}");
    }
    assert!(is_stale(
        &with(&right, |forge| forge.nc = "00000006".into())
            .show(server)
            .await
    ));
}

async fn last_count(server: &DigestVerifier, right: Forge) {
    let last = with(&right, |forge| forge.nc = "ffffffff".into());
    assert_eq!(last.show(server).await.status(), 200);
    assert_eq!(last.show(server).await.status(), 401);
    assert!(is_stale(&right.show(server).await));
}

async fn other_algorithm(id: &str) {
    let server = verifier().algorithms([Algorithm::Sha256]).build().unwrap();
    let right = Forge::right(&server).await;
    let algorithm = if id == "B090" { Some("MD5") } else { None };
    let forge = with(&right, |forge| forge.algorithm = algorithm);
    assert_eq!(forge.show(&server).await.status(), 401);
    assert_eq!(right.show(&server).await.status(), 200);
}

async fn absolute_form(server: &DigestVerifier, right: Forge) {
    for (nc, uri, status) in [
        ("00000001", "http://host/public", 200),
        ("00000002", "http://HOST:80/public", 200),
        ("00000003", "http://other/public", 400),
        ("00000004", "http://host:81/public", 400),
        ("00000005", "http://host/admin", 400),
        ("00000006", "ftp://host/public", 400),
    ] {
        let forge = with(&right, |forge| {
            forge.nc = nc.into();
            forge.uri = uri.into();
        });
        assert_eq!(forge.show(server).await.status(), status, "{uri}");
    }
}

async fn forged_nonce() {
    let guard = Arc::new(MemoryGuard::new(8));
    let server = verifier().guard(guard.clone()).build().unwrap();
    let right = Forge::right(&server).await;
    let changed = if right.nonce.ends_with('A') { "B" } else { "A" };
    let near = right.nonce[..right.nonce.len() - 1].to_owned() + changed;
    for nonce in ["forged-but-well-formed".to_owned(), near] {
        let response = with(&right, |forge| forge.nonce = nonce.clone())
            .show(&server)
            .await;
        assert_eq!(response.status(), 401);
        assert!(!is_stale(&response));
        assert_ne!(Forge::answering(&response).nonce, nonce);
    }
    assert!(guard.is_empty());
    right.show(&server).await;
    assert_eq!(guard.len(), 1);
}

async fn foreign_nonce() {
    let key = "a key that two verifiers share";
    let server = verifier().key(key).build().unwrap();
    let accounts = MemoryAccounts::new("other")
        .password("alice", "sesame")
        .unwrap();
    let other_realm = DigestVerifier::builder("other", accounts)
        .key(key)
        .build()
        .unwrap();
    let other_key = verifier().build().unwrap();
    for foreign in [other_realm, other_key] {
        let forge = Forge::right(&foreign).await;
        assert_eq!(forge.show(&server).await.status(), 401);
    }
    let same = verifier().key(key).build().unwrap();
    assert_eq!(Forge::right(&same).await.show(&server).await.status(), 200);
}

async fn expired_and_wrong() {
    let hands = Hands::default();
    let server = verifier().sources(hands.sources()).build().unwrap();
    let right = Forge::right(&server).await;
    hands.set(301);
    let wrong = with(&right, |forge| forge.password = "guess".into())
        .show(&server)
        .await;
    assert_eq!(wrong.status(), 401);
    assert!(!is_stale(&wrong));
    assert!(is_stale(&right.show(&server).await));
}

async fn two_fields(server: &DigestVerifier, right: &Forge) -> Response<Bytes> {
    let request = Request::get("/public").header("authorization", right.header());
    let request = request.header("authorization", right.header());
    let response = serve(server, request.body(Bytes::new()).unwrap()).await;
    assert!(param(&right.header().parse().unwrap(), "nonce").is_some());
    response
}
