//! Sizes as `-h` shows them.

/// A number of bytes with one decimal and a unit, as `df -h` and `ls -h` print it.
pub fn human(bytes: u64) -> String {
    let mut unit = 1_u64;
    let mut letters = " KMGT".chars();
    let mut letter = letters.next().unwrap_or(' ');
    while bytes / unit >= 1_024 {
        match letters.next() {
            Some(next) => letter = next,
            None => break,
        }
        unit <<= 10;
    }
    if unit == 1 {
        return bytes.to_string();
    }
    let mut whole = bytes / unit;
    let mut tenths = (bytes % unit * 10 + unit / 2) / unit;
    if tenths == 10 {
        whole += 1;
        tenths = 0;
    }
    format!("{whole}.{tenths}{letter}")
}
