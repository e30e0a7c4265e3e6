//! The libFuzzer target of `ob_restore_tasks_fuzz::time`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ob_restore_tasks_fuzz::time(data));
