/* The answers to the survey, one at a time as they are typed. What cannot be sent is kept by the browser and sent when the line is
   back; what a colleague has changed meanwhile is shown beside. Without this the form is saved by its button. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-survey]");
  if (!form) return;
  const words = form.dataset;
  const status = form.querySelector("[data-survey-status]");
  const was = JSON.parse(form.elements.was.value || "{}");
  const timers = new Map();
  let queue = {};
  let canKeep = true;
  let sending = false;
  let leaving = false;

  const say = (text, tone) => {
    status.textContent = text;
    status.dataset.tone = tone;
  };
  const keep = () => {
    try {
      if (Object.keys(queue).length) localStorage.setItem(words.store, JSON.stringify(queue));
      else localStorage.removeItem(words.store);
    } catch {
      canKeep = false;
    }
  };
  const controls = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const place = (name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  const values = (name) =>
    controls(name)
      .filter((control) => !["checkbox", "radio"].includes(control.type) || control.checked)
      .map((control) => control.value);
  const put = (name, text) => {
    const parts = text.split("\n");
    for (const control of controls(name)) {
      if (["checkbox", "radio"].includes(control.type)) control.checked = parts.includes(control.value);
      else control.value = text;
    }
  };
  const waiting = () => Object.values(queue).filter((one) => !one.bad).length;

  const word = (name, text, buttons = []) => {
    const here = place(name);
    let box = here.querySelector(".answer-word");
    if (!text) {
      if (box) box.remove();
      return;
    }
    if (!box) {
      box = document.createElement("div");
      box.className = "answer-word";
      box.setAttribute("role", "status");
      here.append(box);
    }
    box.textContent = text;
    if (buttons.length) box.append(document.createElement("br"));
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.textContent = label;
      button.addEventListener("click", act);
      box.append(button);
    }
    const area = here.closest("details");
    if (area) area.open = true;
  };

  const mark = (name) => {
    const here = place(name);
    if (here) here.toggleAttribute("data-unsent", name in queue);
  };

  const tell = () => {
    const number = waiting();
    if (number) say(canKeep ? words.wordsKept.replace("%n%", String(number)) : words.wordsLost, "warn");
  };

  const collide = (name, theirs) => {
    const mine = queue[name].value;
    delete queue[name];
    keep();
    mark(name);
    was[name] = theirs;
    word(name, `${words.wordsTheirs} ${theirs || words.wordsEmpty}`, [
      [
        words.wordsKeepMine,
        () => {
          word(name, "");
          put(name, mine.join("\n"));
          add(name);
        },
      ],
      [
        words.wordsTakeTheirs,
        () => {
          word(name, "");
          put(name, theirs);
        },
      ],
    ]);
  };

  /* True when the line is there and the next one can follow. */
  const send = async (name) => {
    const one = queue[name];
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("field", name);
    body.set("was", one.was);
    for (const value of one.value) body.append(name, value);
    let answer;
    let told = {};
    try {
      answer = await fetch(words.survey, { method: "POST", body, credentials: "same-origin", redirect: "error", keepalive: leaving });
      if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) told = await answer.json();
    } catch {
      tell();
      return false;
    }
    const changedSince = queue[name] !== one;
    if (answer.ok) {
      was[name] = told.now;
      if (changedSince) queue[name].was = told.now;
      else delete queue[name];
      keep();
      mark(name);
      word(name, "");
      form.elements.was.value = JSON.stringify(was);
      const bar = form.querySelector("[data-progress]");
      bar.max = told.total;
      bar.value = told.done;
      form.querySelector("[data-progress-words]").textContent = told.words;
      area(name);
      return true;
    }
    if (answer.status === 409 && "theirs" in told) {
      if (!changedSince) collide(name, told.theirs);
      else queue[name].was = one.was;
      return true;
    }
    if (answer.status === 422 || (answer.status === 409 && told.reason)) {
      if (!changedSince) one.bad = true;
      keep();
      word(name, told.reason);
      return true;
    }
    say(words.wordsRefused, "warn");
    return false;
  };

  const area = (name) => {
    const here = place(name).closest("details");
    if (!here) return;
    const state = here.querySelector("[data-area-state]");
    const told = [...here.querySelectorAll('[name$="_need"], [name$="_experts"]')].some((control) => control.value);
    state.textContent = told ? state.dataset.answered : state.dataset.open;
    state.classList.toggle("tone-good", told);
  };

  const flush = async () => {
    if (sending || !waiting()) return;
    sending = true;
    say(words.wordsSending, "neutral");
    let goesOn = true;
    while (goesOn) {
      const name = Object.keys(queue).find((key) => !queue[key].bad);
      if (!name) break;
      goesOn = await send(name);
    }
    sending = false;
    if (goesOn && !waiting()) {
      const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      say(`${words.wordsSaved} ${now}`, "good");
    }
  };

  const add = (name) => {
    if (!place(name)) return;
    const before = queue[name] ? queue[name].was : was[name] || "";
    queue[name] = { value: values(name), was: before };
    keep();
    mark(name);
    flush();
  };

  /* Only from where one types: the hidden fields are the page's own. */
  form.addEventListener("input", (event) => {
    const name = event.target.name;
    if (!name || !place(name)) return;
    window.clearTimeout(timers.get(name));
    if (event.target.matches("select, [type=checkbox], [type=radio]")) {
      add(name);
      return;
    }
    const before = queue[name] ? queue[name].was : was[name] || "";
    queue[name] = { value: values(name), was: before };
    keep();
    mark(name);
    timers.set(name, window.setTimeout(flush, 900));
  });

  /* The button sends everything that stands in the form. What waits is kept until the next page shows that it arrived. */
  form.addEventListener("submit", () => {
    leaving = true;
    timers.forEach((timer) => window.clearTimeout(timer));
  });
  window.addEventListener("pagehide", () => {
    leaving = true;
    if (!sending && waiting()) flush();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!canKeep && waiting()) event.preventDefault();
  });
  window.addEventListener("online", flush);
  window.setInterval(flush, 15000);

  try {
    queue = JSON.parse(localStorage.getItem(words.store) || "{}");
  } catch {
    queue = {};
  }
  for (const name of Object.keys(queue)) {
    if (!place(name) || queue[name].value.join("\n") === (was[name] || "")) {
      delete queue[name];
      continue;
    }
    put(name, queue[name].value.join("\n"));
    mark(name);
  }
  keep();
  tell();
  flush();
})();
