/* The time zone of whoever fills a form in, unless they have chosen one already. */
const select = document.querySelector("[data-own-zone]"), own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && !select.hasAttribute("aria-invalid") && [...select.options].some((option) => option.value === own)) select.value = own;
