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

  /* Drafts save as they are typed, one saving after the other, so that none overtakes another. The answer carries the new version;
     a refusal (409) is a sentence to read, and what was typed stays. */
  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    const status = form.querySelector("[data-autosave-status]");
    let timer = 0;
    let running = Promise.resolve();
    let waiting = 0;
    let refused = false;
    const say = (text, tone) => {
      if (!status) return;
      status.textContent = text;
      status.dataset.tone = tone;
    };
    const send = async () => {
      if (refused) return;
      const body = new FormData(form);
      body.delete("_key");
      for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST",
          body,
          credentials: "same-origin",
          headers: { "X-Requested-With": "XMLHttpRequest" },
        });
        if (answer.status === 409) {
          refused = true;
          say(await answer.text(), "warn");
          return;
        }
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        const version = answer.headers.get("X-Version");
        const held = form.querySelector("input[name=version]");
        if (version && held) held.value = version;
        const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        say((form.dataset.savedWords || "Saved") + " " + now, "good");
      } catch {
        say(form.dataset.unsavedWords || "Not saved yet; it will be tried again when you type on", "warn");
      }
    };
    const save = () => {
      waiting += 1;
      running = running.then(send).finally(() => {
        waiting -= 1;
      });
    };
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 1200);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", (event) => {
      window.clearTimeout(timer);
      if (!waiting) return;
      event.preventDefault();
      const button = event.submitter;
      running.then(() => form.requestSubmit(button));
    });
  });
})();
