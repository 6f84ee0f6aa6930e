/* Rows of a form set: another row without a round trip, and a row to be removed steps aside. Without it the buttons post. */
(() => {
  "use strict";

  document.querySelectorAll("[data-rows]").forEach((set) => {
    const here = set.querySelector("[data-rows-here]");
    const total = set.querySelector(`[name="${set.dataset.rows}-TOTAL_FORMS"]`);
    const most = Number(set.querySelector(`[name="${set.dataset.rows}-MAX_NUM_FORMS"]`).value);
    const empty = set.querySelector("template").innerHTML;

    set.querySelector("[data-rows-add]").addEventListener("click", (event) => {
      event.preventDefault();
      const number = Number(total.value);
      if (number >= most) return;
      here.insertAdjacentHTML("beforeend", empty.replaceAll("__prefix__", String(number)));
      total.value = String(number + 1);
      const row = here.lastElementChild;
      row.querySelector("[data-row-number]").textContent = String(number + 1);
      row.querySelector("select, input").focus();
    });

    set.addEventListener("change", (event) => {
      if (!event.target.name || !event.target.name.endsWith("-remove")) return;
      event.target.closest("[data-row]").classList.toggle("is-removed", event.target.checked);
    });
  });
})();
