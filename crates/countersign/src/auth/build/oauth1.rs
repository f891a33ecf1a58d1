//! `oauth1`: `consumerKey`, `consumerSecret` or `privateKey`, `token`, `tokenSecret`, `signatureMethod` (`HMAC-SHA1` if
//! there is none), `callback`, `verifier`, `nonce`, `timestamp`, `version`, `realm`, `addParamsToHeader`,
//! `addEmptyParamsToSign`, `disableHeaderEncoding`, `includeBodyHash`; and beyond Postman `privateKeyPassword`, and for a
//! server `publicKey`.

use countersign_core::verify::{AnyVerifier, Verify};
use countersign_core::{Error, Result};
use countersign_oauth1::{
    Consumer, Credentials, KeyReader, MemoryConsumers, OAuth1, OAuth1Builder, OAuth1Verifier,
    Placement, PrivateKey, PublicKey, SignatureMethod,
};

use crate::auth::{Auth, AuthType, Options, Parameters};

const KIND: AuthType = AuthType::OAuth1;

impl From<OAuth1> for Auth {
    fn from(oauth: OAuth1) -> Self {
        Self::new(oauth)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let method = method(parameters)?;
    let proof = match method.is_rsa() {
        true => "privateKey",
        false => "consumerSecret",
    };
    if options.lenient && super::lacks(parameters, &["consumerKey", proof]) {
        return Ok(Auth::none());
    }
    let builder = OAuth1::builder(credentials(method, parameters, options)?)
        .method(method)
        .sources(options.sources.clone());
    let builder = switches(builder, parameters)?;
    fixed(builder, parameters)?.build().map(Auth::from)
}

fn method(parameters: &Parameters) -> Result<SignatureMethod> {
    let Some(name) = parameters.given("signatureMethod") else {
        return Ok(SignatureMethod::HmacSha1);
    };
    SignatureMethod::of(name).ok_or_else(|| {
        let names = SignatureMethod::ALL.map(SignatureMethod::name).join(", ");
        Error::configuration(format!("the `signatureMethod` of oauth1 is one of {names}"))
    })
}

fn credentials(
    method: SignatureMethod,
    parameters: &Parameters,
    options: &Options,
) -> Result<Credentials> {
    let consumer_key = parameters.required(KIND, "consumerKey")?;
    let credentials = match method.is_rsa() {
        true => Credentials::rsa(consumer_key, private_key(parameters, options)?)?,
        false => Credentials::new(consumer_key, parameters.required(KIND, "consumerSecret")?)?,
    };
    match parameters.given("token") {
        Some(token) => credentials.token(token, parameters.text("tokenSecret")),
        None => Ok(credentials),
    }
}

fn private_key(parameters: &Parameters, options: &Options) -> Result<PrivateKey> {
    let mut reader = KeyReader::new().allow_weak_key(options.allow_weak_key);
    if let Some(password) = parameters.given("privateKeyPassword") {
        reader = reader.password(password);
    }
    reader.private(parameters.required(KIND, "privateKey")?)
}

fn switches(builder: OAuth1Builder, parameters: &Parameters) -> Result<OAuth1Builder> {
    let place = match parameters.flag("addParamsToHeader")? {
        true => Placement::Header,
        false => Placement::FormOrQuery,
    };
    Ok(builder
        .placement(place)
        .version(has_version(parameters)?)
        .body_hash(parameters.flag("includeBodyHash")?)
        .empty_parameters(parameters.flag("addEmptyParamsToSign")?)
        .header_encoding(!parameters.flag("disableHeaderEncoding")?))
}

/// RFC 5849, section 3.1: it is `1.0` where it is sent.
fn has_version(parameters: &Parameters) -> Result<bool> {
    match parameters.text("version") {
        "" => Ok(false),
        "1.0" => Ok(true),
        _ => Err(Error::configuration(
            "the `version` of oauth1 is 1.0, or left out",
        )),
    }
}

fn fixed(builder: OAuth1Builder, parameters: &Parameters) -> Result<OAuth1Builder> {
    let builder = builder
        .realm(parameters.text("realm"))
        .callback(parameters.text("callback"))
        .verifier(parameters.text("verifier"))
        .nonce(parameters.text("nonce"));
    Ok(match parameters.number("timestamp")? {
        Some(unix) => builder.timestamp(unix),
        None => builder,
    })
}

pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let method = method(parameters)?;
    let verifier = OAuth1Verifier::builder(realm, consumers(method, parameters, options)?)
        .scheme(options.scheme())
        .allow_plaintext(method == SignatureMethod::Plaintext)
        .require_body_hash(hashes_body(method, parameters)?)
        .sources(options.sources.clone())
        .build()?;
    Ok(AnyVerifier::new(verifier.map(|signer| signer.consumer_key)))
}

fn consumers(
    method: SignatureMethod,
    parameters: &Parameters,
    options: &Options,
) -> Result<MemoryConsumers> {
    let name = parameters.required(KIND, "consumerKey")?;
    let consumer = match method.is_rsa() {
        true => Consumer::rsa(method, public_key(parameters, options)?)?,
        false => Consumer::new(method, parameters.required(KIND, "consumerSecret")?)?,
    };
    let consumers = MemoryConsumers::new().consumer(name, consumer);
    match parameters.given("token") {
        Some(token) => consumers.token(name, token, parameters.text("tokenSecret")),
        None => Ok(consumers),
    }
}

fn public_key(parameters: &Parameters, options: &Options) -> Result<PublicKey> {
    let reader = KeyReader::new().allow_weak_key(options.allow_weak_key);
    match (
        parameters.given("publicKey"),
        parameters.given("privateKey"),
    ) {
        (Some(pem), _) => reader.public(pem),
        (None, Some(_)) => Ok(private_key(parameters, options)?.public()),
        (None, None) => Err(Error::configuration(
            "a server of oauth1 verifies RSA by publicKey, or by the privateKey that signs: set one, in PEM",
        )),
    }
}

/// Whether the client of the same parameters sends it with every body.
fn hashes_body(method: SignatureMethod, parameters: &Parameters) -> Result<bool> {
    let in_the_way = ["callback", "verifier"].map(|key| parameters.given(key));
    Ok(parameters.flag("includeBodyHash")?
        && method != SignatureMethod::Plaintext
        && in_the_way == [None, None])
}
