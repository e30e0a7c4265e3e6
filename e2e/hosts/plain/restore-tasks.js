const tasks = document.querySelector("ob-restore-tasks");
tasks.headers = { "X-Host": "plain" };
tasks.addEventListener("obrt-load", (event) => {
  document.querySelector("output").value = event.detail.total;
});
