//! The macros that make code of a language's table. The compiler names a key without a text, and one with two.

/// A table of texts: `first_row { Key = "text", … } lazy { … }`.
macro_rules! texts {
    (
        first_row { $($first:ident = $first_text:literal,)* }
        lazy { $($lazy:ident = $lazy_text:literal,)* }
    ) => {
        /// The text of a key in this language.
        pub(super) fn text(key: Key) -> &'static str {
            match key {
                $(Key::$first => $first_text,)*
                _ => lazy(key),
            }
        }

        /// A function of its own, so that these texts can load later.
        #[inline(never)]
        fn lazy(key: Key) -> &'static str {
            match key {
                $(Key::$lazy => $lazy_text,)*
                _ => "",
            }
        }

        // Exhaustive, unlike the two above.
        const _: fn(Key) = |key| match key {
            $(Key::$first => {})*
            $(Key::$lazy => {})*
        };

        /// The keys whose texts do not load later.
        #[cfg(test)]
        pub(super) const FIRST_ROW: &[Key] = &[$(Key::$first),*];
    };
}

/// The same table; it also defines the keys.
macro_rules! keys_and_texts {
    (
        first_row { $($first:ident = $first_text:literal,)* }
        lazy { $($lazy:ident = $lazy_text:literal,)* }
    ) => {
        /// Identifies a text that a person reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the English text says what each is")]
        pub enum Key { $($first,)* $($lazy,)* }

        impl Key {
            /// All keys with their names.
            pub const ALL: &'static [(Self, &'static str)] = &[
                $((Self::$first, stringify!($first)),)*
                $((Self::$lazy, stringify!($lazy)),)*
            ];
        }

        texts! {
            first_row { $($first = $first_text,)* }
            lazy { $($lazy = $lazy_text,)* }
        }
    };
}

pub(super) use {keys_and_texts, texts};
