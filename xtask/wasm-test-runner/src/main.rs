//! wasm-bindgen's own runner of tests in a browser, as Cargo calls it. A package of its own, since only the wasm tests
//! need it: `cargo xtask demo` does not wait for it.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    Ok(wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(
        std::env::args_os(),
    )?)
}
