// Runs a bulk action step by step while its page is open. Without this script a button runs each step.

const STEP = 100;
const number = new Intl.NumberFormat(document.documentElement.lang);
const page = document.getElementById("job");
sessionStorage.removeItem("bulk.rows"); // the selection of the list is now in the job

if (page.dataset.run) {
  const form = document.getElementById("next");
  const pause = document.getElementById("pause");
  const failed = document.getElementById("failed");
  const labels = { pause: pause.textContent, continue: pause.dataset.continue };
  let running = false;

  function show({ tried, done, refused }) {
    document.getElementById("run").value = tried;
    document.getElementById("tried").textContent = number.format(tried);
    document.getElementById("done").textContent = number.format(done);
    document.getElementById("refusals").textContent = number.format(refused);
  }

  async function step() {
    const body = new FormData(form);
    body.set("most", STEP);
    const response = await fetch(page.dataset.run, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) throw new Error(response.status);
    return response.json();
  }

  async function run() {
    running = true;
    failed.hidden = true;
    pause.textContent = labels.pause;
    while (running) {
      try {
        const counts = await step();
        show(counts);
        if (counts.finished) {
          location.replace(location.pathname);
          return;
        }
      } catch {
        failed.hidden = false;
        stop();
      }
    }
  }

  function stop() {
    running = false;
    pause.textContent = labels.continue;
  }

  form.hidden = true;
  pause.hidden = false;
  pause.addEventListener("click", () => (running ? stop() : run()));
  // A new job runs at once. One that was left continues only when its owner says so.
  if (document.getElementById("run").value === 0) run();
  else stop();
}
