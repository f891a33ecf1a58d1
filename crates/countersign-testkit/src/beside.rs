//! Vectors that lie beside the repository and may not be copied into it.
use std::path::Path;

use serde_json::Value;

/// The JSON file at `path` of the folder `shared` beside the repository; `None`, said aloud, where there is none.
pub fn beside(path: &str) -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?;
    let Ok(file) = std::fs::read(root.join("shared").join(path)) else {
        println!("skipped: there is no shared/{path} beside the repository");
        return None;
    };
    Some(serde_json::from_slice(&file).unwrap())
}

/// Postman's own vectors, with the `keys` that they name.
pub fn postman() -> Option<Value> {
    beside("reference/postman-vectors.json")
}

/// Those of Postman's own vectors that are of the type `auth`.
pub fn postman_vectors(auth: &str) -> Option<Vec<Value>> {
    let mut vectors = std::mem::take(postman()?["vectors"].as_array_mut().unwrap());
    vectors.retain(|vector| vector["auth"] == auth);
    Some(vectors)
}
