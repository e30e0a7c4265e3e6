// The test's buttons; build.mjs adds this script to the built index.html.

const tasks = document.querySelector("ob-restore-tasks");
const button = (text, onclick) => Object.assign(document.createElement("button"), { textContent: text, onclick });

document.body.prepend(
  button("Sort by id", () => tasks.setAttribute("sort", "id")),
  button("Unmount", () => tasks.remove()),
  button("Mount", () => document.body.append(tasks)),
);
