//! The fields of the filter language.

/// What a field takes as its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// An outcome or a raw status.
    Status,
    /// A part of a text.
    Text,
    /// A day, a time, or an interval of them.
    Day,
    /// A length of time, or an interval of them.
    Length,
    /// A whole number.
    Number,
}

macro_rules! fields {
    ($($name:ident $word:literal $takes:ident;)*) => {
        /// A field of the filter language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "named as they are written")]
        pub enum Field { $($name),* }

        impl Field {
            /// All fields, in the order in which they are listed for a person.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// How it is written before the colon.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// What it takes as its value.
            pub fn takes(self) -> Takes {
                match self { $(Self::$name => Takes::$takes),* }
            }
        }
    };
}

fields! {
    Status "status" Status;
    Tenant "tenant" Text;
    Cluster "cluster" Text;
    Mode "mode" Text;
    Error "error" Text;
    Created "created" Day;
    Finished "finished" Day;
    Duration "duration" Length;
    Rewind "rewind" Length;
    Id "id" Number;
    Job "job" Number;
    Uri "uri" Text;
    Pool "pool" Text;
}

impl Field {
    /// The field with this name, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let fields = Self::ALL.iter().copied();
        fields
            .into_iter()
            .find(|field| field.name().eq_ignore_ascii_case(word))
    }
}
