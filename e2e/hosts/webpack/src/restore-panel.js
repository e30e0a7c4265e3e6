import "ob-restore-tasks/define";

export function createRestorePanel(total) {
  const tasks = document.createElement("ob-restore-tasks");
  tasks.clusterId = "1001240";
  tasks.refreshInterval = 0;
  tasks.headers = { "X-Host": "webpack" };
  tasks.addEventListener("obrt-load", (event) => {
    total.value = event.detail.total;
  });
  return tasks;
}
