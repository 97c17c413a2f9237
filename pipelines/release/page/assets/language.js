// Which language is shown, before anything is: from the address (#lang=en), else as chosen before, else both.
(function () {
  var chosen = (location.hash.match(/lang=(zh|en|both)/) || [])[1];
  try { chosen = chosen || localStorage.getItem("ipw-language"); } catch (e) { /* a browser may forbid storage for files */ }
  window.ipwLanguage = function (language) {
    document.documentElement.setAttribute("data-lang", language);
    document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  };
  if (chosen) window.ipwLanguage(chosen);
})();
