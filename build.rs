//! Keeps the linker's notes of which code and which constants name which constants: the split of the page's module
//! (scripts/lib/split-module.mjs) needs them.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
