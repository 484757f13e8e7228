// A bulk change runs by itself, step by step, while its page is open. Without this script a button does each step.

const STEP = 100;
const page = document.getElementById("job");
sessionStorage.removeItem("bulk.rows"); // what was ticked on the list has been taken up here

if (page.dataset.run) {
  const form = document.getElementById("next");
  const pause = document.getElementById("pause");
  const failed = document.getElementById("failed");
  const words = { pause: pause.textContent, go: pause.dataset.go };
  let running = false;

  function tell({ tried, done, refused }) {
    document.getElementById("run").value = tried;
    document.getElementById("tried").textContent = tried;
    document.getElementById("done").textContent = done;
    document.getElementById("refusals").textContent = refused;
  }

  async function step() {
    const body = new FormData(form);
    body.set("most", STEP);
    const answer = await fetch(page.dataset.run, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return answer.json();
  }

  async function go() {
    running = true;
    failed.hidden = true;
    pause.textContent = words.pause;
    while (running) {
      try {
        const counts = await step();
        tell(counts);
        if (counts.finished) {
          location.replace(location.pathname);
          return;
        }
      } catch {
        failed.hidden = false;
        halt();
      }
    }
  }

  function halt() {
    running = false;
    pause.textContent = words.go;
  }

  form.hidden = true;
  pause.hidden = false;
  pause.addEventListener("click", () => (running ? halt() : go()));
  // Just begun, it runs; whoever comes back to it says so first.
  if (document.getElementById("run").value === 0) go();
  else halt();
}
