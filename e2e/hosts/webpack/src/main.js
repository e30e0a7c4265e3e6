import "./main.css";
import { createRestorePanel } from "./restore-panel.js";

const button = (text, onclick) => Object.assign(document.createElement("button"), { textContent: text, onclick });
const total = document.createElement("output");
let panel = createRestorePanel(total);

document.body.append(
  button("Sort by id", () => panel.setAttribute("sort", "id")),
  button("Unmount", () => panel.remove()),
  button("Mount", () => document.body.append((panel = createRestorePanel(total)))),
  total,
  panel,
);
