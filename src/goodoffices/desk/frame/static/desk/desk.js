// With script the desk is faster, never different: keys that press what is on the page, and the focus where a reader expects it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys === "off") return;
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if (field) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});
document.addEventListener("submit", (event) => {
  // One press, one act; the server's once-only key holds without script too.
  const button = event.target.querySelector("button:not([type=button])");
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});
addEventListener("pageshow", () => { for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false; });
const errors = document.getElementById("errors");
if (errors) errors.focus();
