//! How the API server writes paths: `spec.containers[0].env`, `data[key]`.

/// Appends `.key` (`key` at the beginning).
pub fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// Appends `[key]`.
pub fn push_map_key(path: &mut String, key: &str) {
    path.push('[');
    path.push_str(key);
    path.push(']');
}

/// Appends `[index]`.
pub fn push_index(path: &mut String, index: usize) {
    push_map_key(path, &index.to_string());
}
