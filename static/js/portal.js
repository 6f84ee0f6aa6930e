/* Small conveniences; every page works without them. */
(() => {
  "use strict";

  const typing = (el) => el.closest("input, textarea, select, [contenteditable]");

  /* "/" goes to the search, Escape closes an open menu. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  /* A second click on the same button does nothing while the first is on its way. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });

  /* What is wrong is read first; its links lead into the question. */
  const summary = document.querySelector("[data-error-summary]");
  if (summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const control = target && (target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea"));
      if (control) {
        event.preventDefault();
        control.focus();
        (control.closest(".question") || control).scrollIntoView({ block: "center" });
      }
    });
  }

  /* Drafts save as they are typed: one save at a time, each with the version that the last one gave; a refusal says why. What is
     still unsaved is sent when the page is left, and where saving failed the browser asks before it goes. */
  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    const status = form.querySelector("[data-autosave-status]");
    let timer = 0;
    let running = null;
    let changed = false;
    let typed = false;
    let failed = false;
    const say = (text, tone) => {
      if (!status) return;
      status.textContent = text;
      status.dataset.tone = tone;
    };
    const refuse = (text) => {
      failed = true;
      typed = true;
      say(text, "warn");
    };
    const post = async (keepalive) => {
      const body = new FormData(form);
      body.delete("_key");
      for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
      typed = false;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, credentials: "same-origin", redirect: "error", keepalive });
        const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
        if (!answer.ok) {
          refuse(plain ? await answer.text() : form.dataset.unsavedWords);
          return;
        }
        failed = false;
        const version = answer.headers.get("X-Version");
        const held = form.querySelector("input[name=version]");
        if (version && held) held.value = version;
        const page = answer.headers.get("X-Page");
        if (page && page !== window.location.pathname) window.history.replaceState(null, "", page);
        if (answer.status === 200 && plain) {
          say(await answer.text(), "warn");
          return;
        }
        const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
        if (version) say(form.dataset.savedWords + " " + now, "good");
      } catch {
        refuse(form.dataset.unsavedWords);
      }
    };
    const save = (keepalive = false) => {
      window.clearTimeout(timer);
      if (running) {
        changed = true;
        return;
      }
      changed = false;
      running = post(keepalive).finally(() => {
        running = null;
        if (changed) save();
      });
    };
    form.addEventListener("input", () => {
      typed = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 1200);
    });
    form.addEventListener("submit", (event) => {
      window.clearTimeout(timer);
      changed = false;
      typed = false;
      failed = false;
      if (!running) return;
      event.preventDefault();
      running.then(() => form.requestSubmit(event.submitter));
    });
    window.addEventListener("pagehide", () => {
      if (typed && !failed) save(true);
    });
    window.addEventListener("beforeunload", (event) => {
      if (typed && failed) event.preventDefault();
    });
  });
})();
