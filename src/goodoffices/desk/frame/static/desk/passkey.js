// A passkey that did not answer is said on the page, not in the console alone.
"use strict";
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const told = document.getElementById("passkey_failed");
  if (told) { told.hidden = false; told.scrollIntoView({ block: "nearest" }); }
});
