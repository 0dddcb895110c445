//! Speed of the whole product; see `benches/`.
