import init from "./ob-restore-tasks-host-yew.js";

init({ module_or_path: new URL("./ob-restore-tasks-host-yew_bg.wasm", import.meta.url) });
