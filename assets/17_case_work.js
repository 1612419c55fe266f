/* The daily work on the case page: what is clicked in its lists, names put into a comment, and files sent in.
   A click or a file that is tried again carries the same key, so that the server does it once. */

(function () {
  "use strict";

  const ACTED = "case--work-acted";
  const DROP = "case--file-drop";
  const page = token();
  const keys = new Map();

  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  const set = (id, props) => window.dash_clientside.set_props(id, props);

  function act(button) {
    const { act, row, version, item, done } = button.dataset;
    const key = [page, act, row, version, item, done].filter((one) => one !== undefined).join("-");
    const text = act === "tick" ? button.textContent : undefined;
    set(ACTED, { data: { act, row, version, text, done, key: act === "read" ? token() : key, at: Date.now() } });
  }

  function name(select) {
    const text = document.getElementById("case--comment-text");
    if (!select.value || !text) return;
    const gap = text.value && !/\s$/.test(text.value) ? " " : "";
    set("case--comment-text", { value: `${text.value}${gap}@${select.value} ` });
    set("case--comment-name", { value: "" });
    text.focus();
  }

  function tell(box, done, text) {
    const header = done ? box.dataset.done : box.dataset.refused;
    set("shell--toast", { is_open: true, header, children: text, className: done ? "shell__toast is-done" : "shell__toast" });
    if (done) set("shell--clock", { data: { acted: new Date().toISOString() } });
  }

  function cookie(wanted) {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${wanted}=`));
    return found ? decodeURIComponent(found.slice(wanted.length + 1)) : "";
  }

  function send(box, file) {
    const seen = document.querySelector("[data-case-version]");
    const kind = document.getElementById("case--file-kind")?.value;
    if (!seen || !kind) return Promise.resolve();
    const known = [seen.dataset.caseNumber, file.name, file.size, file.lastModified, kind].join("|");
    if (!keys.has(known)) keys.set(known, { key: token(), version: seen.dataset.caseVersion });
    const form = new FormData();
    for (const [field, value] of Object.entries({ kind, ...keys.get(known) })) form.append(field, value);
    form.append("file", file, file.name);
    return post(box, `/api/cases/${seen.dataset.caseNumber}/attachments`, form, file).then((done) => {
      if (done) keys.delete(known);
    });
  }

  /* fetch tells nothing of how much has left, so this is the older request. */
  function post(box, address, form, file) {
    const line = document.createElement("div");
    const bar = document.createElement("progress");
    line.append(`${box.dataset.sending} ${file.name} `, bar);
    document.getElementById("case--file-progress")?.append(line);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("X-CSRFToken", cookie("smoke_csrf"));
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) Object.assign(bar, { max: event.total, value: event.loaded });
      });
      request.addEventListener("loadend", () => {
        line.remove();
        const done = request.status === 201;
        const large = request.status === 413 ? box.dataset.large : box.dataset.failed;
        tell(box, done, done ? `${box.dataset.attached}: ${file.name}` : request.response?.message || large);
        resolve(done);
      });
      request.send(form);
    });
  }

  async function sendAll(box, files) {
    for (const file of files) await send(box, file);
  }

  function choose(box) {
    const picker = document.createElement("input");
    picker.type = "file";
    picker.multiple = true;
    picker.accept = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.txt,.csv";
    picker.addEventListener("change", () => sendAll(box, picker.files));
    picker.click();
  }

  const box = (event) => event.target.closest?.(`#${DROP}`);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".case-work [data-act]");
    if (button && !button.disabled) act(button);
    else if (box(event)) choose(box(event));
  });
  document.addEventListener("keydown", (event) => {
    if (box(event) && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(box(event));
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "case--comment-name") name(event.target);
  });
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!box(event)) return;
      event.preventDefault(); // a file that is dropped here is sent, not opened
      box(event).classList.add("is-over");
    });
  }
  document.addEventListener("dragleave", (event) => box(event)?.classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    const at = box(event);
    if (!at) return;
    event.preventDefault();
    at.classList.remove("is-over");
    sendAll(at, event.dataTransfer.files);
  });
})();
