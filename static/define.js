// Registers <ob-restore-tasks>; see element.js.

import { ObRestoreTasksElement, TAG } from "./element.js";

if (!customElements.get(TAG)) customElements.define(TAG, ObRestoreTasksElement);
else console.warn(`<${TAG}> is registered already; the one from ${import.meta.url} is not used.`);

export * from "./element.js";
