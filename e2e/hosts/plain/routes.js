// One element for all routes: the address says in which place it is, `?move` says how it gets there.

const tasks = document.createElement("ob-restore-tasks");
tasks.setAttribute("cluster-id", "1001240");
tasks.setAttribute("refresh", "0");
const how = new URLSearchParams(location.search).get("move") ?? "appendChild";

function show() {
  const place = document.getElementById(location.hash.slice(1) || "a");
  // Only what is in the document can be moved by moveBefore.
  if (how === "moveBefore" && tasks.isConnected) place.moveBefore(tasks, null);
  else place.appendChild(tasks);
}

addEventListener("hashchange", show);
show();
