//! A panel's sentences: each in every language on neighbouring lines, so that none is forgotten.

/// A struct of sentences with one constant a language: `name: Type = English, Chinese;`.
macro_rules! words {
    ($(#[$doc:meta])* $table:ident $($name:ident: $kind:ty = $english:expr, $chinese:expr;)*) => {
        $(#[$doc])*
        pub struct $table { $(pub $name: $kind,)* }

        impl $table {
            /// English.
            pub const ENGLISH: $table = $table { $($name: $english,)* };
            /// 简体中文.
            pub const CHINESE: $table = $table { $($name: $chinese,)* };
        }
    };
}

pub(super) use words;
