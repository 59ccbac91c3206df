//! Images that the catalogue does not know: a well-behaved server on BusyBox's files (product.md
//! §3).
//! Source: start-up: a round figure, not measured; ports: those that the Pod names; answers:
//! assumed; memory: a round figure, not measured.

use super::{root, words, ImageBehaviour, ImageSpec};
use crate::container::filesystem::Binary;
use std::sync::Arc;

pub fn spec() -> ImageSpec {
    let root = root::Builder::over(&root::busybox())
        .binary("/app", Binary::Generic)
        .done();
    let mut image = ImageSpec::base(&[], 50_000_000, root);
    image.entrypoint = words(&["/app"]);
    image.behaviour = Some(Arc::new(ImageBehaviour::default()));
    image
}
