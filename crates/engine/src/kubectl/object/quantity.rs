//! Quantities in their canonical form.

/// Millicores: `100m`, `2`.
pub fn milli_text(milli: u64) -> String {
    if milli.is_multiple_of(1_000) {
        (milli / 1_000).to_string()
    } else {
        format!("{milli}m")
    }
}

/// Bytes: `128Mi`, `1Gi`, `1500`.
pub fn bytes_text(bytes: u64) -> String {
    const SUFFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let (mut amount, mut step) = (bytes, 0);
    while amount != 0 && amount % 1024 == 0 && step + 1 < SUFFIXES.len() {
        amount /= 1024;
        step += 1;
    }
    format!("{amount}{}", SUFFIXES[step])
}
