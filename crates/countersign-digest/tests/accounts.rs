//! Where the server learns a user's key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::{Begin, Error, ErrorKind, Secret};
use countersign_digest::{
    Account, Accounts, Algorithm, DigestVerifier, MemoryAccounts, Query, User,
};
use support::forge::Forge;

struct Down;

impl Accounts for Down {
    fn find(&self, _: Query<'_>) -> Begin<Option<Account>> {
        Begin::wait(async { Err(Error::new(ErrorKind::Fetch, "down")) })
    }
}

#[tokio::test]
async fn a_store_that_is_down_is_503() {
    let server = DigestVerifier::builder("r", Down).build().unwrap();
    assert_eq!(
        Forge::right(&server).await.show(&server).await.status(),
        503
    );
}

/// A directory that answers later, with passwords.
struct Directory;

impl Accounts for Directory {
    fn find(&self, query: Query<'_>) -> Begin<Option<Account>> {
        let found = matches!(query.user, User::Name("alice"));
        Begin::wait(async move {
            tokio::task::yield_now().await;
            Ok(found.then(|| Account::with_password("alice", "sesame")))
        })
    }
}

#[tokio::test]
async fn a_store_may_wait_and_may_know_the_password() {
    let server = DigestVerifier::builder("r", Directory).build().unwrap();
    let right = Forge::right(&server).await;
    let nobody = Forge {
        username: "bob".into(),
        ..right.clone()
    };
    assert_eq!(nobody.show(&server).await.status(), 401);
    assert_eq!(right.show(&server).await.status(), 200);
}

#[tokio::test]
async fn a_store_needs_no_password() {
    let hash = |algorithm: Algorithm| {
        let ha1 = algorithm.ha1("alice", "r", &Secret::from("sesame"));
        ha1.expose_str().unwrap().to_owned()
    };
    let file = format!("bob:other:{0}\n\nalice:r:{0}\n", hash(Algorithm::Md5));
    let accounts = MemoryAccounts::new("r").htdigest(&file).unwrap();
    let both = accounts
        .clone()
        .ha1("alice", Algorithm::Sha256Sess, &hash(Algorithm::Sha256))
        .unwrap();
    for (accounts, status) in [(accounts, 401), (both, 200)] {
        let server = DigestVerifier::builder("r", accounts).build().unwrap();
        assert_eq!(
            Forge::right(&server).await.show(&server).await.status(),
            status
        );
    }
    let accounts = || MemoryAccounts::new("r");
    assert!(accounts().htdigest("alice").is_err());
    assert!(
        accounts()
            .ha1("alice", Algorithm::Sha256, &hash(Algorithm::Md5))
            .is_err()
    );
    assert!(
        accounts()
            .ha1(
                "alice",
                Algorithm::Md5,
                &hash(Algorithm::Md5).to_uppercase()
            )
            .is_err()
    );
    assert!(accounts().password("a\nb", "x").is_err());
    assert!(Account::with_ha1("alice", "00").is_err());
}
