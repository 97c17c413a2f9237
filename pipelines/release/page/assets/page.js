// What moves on the page: language, search, sorting, the board's filters, the charts. All figures are in the HTML.
(function () {
  "use strict";
  var $ = function (id) { return document.getElementById(id); };
  var all = function (selector, inside) { return Array.prototype.slice.call((inside || document).querySelectorAll(selector)); };
  var root = $("find").getAttribute("data-root");

  // Language
  function mark() {
    var now = document.documentElement.getAttribute("data-lang");
    all("[data-set]").forEach(function (b) { b.setAttribute("aria-pressed", String(b.getAttribute("data-set") === now)); });
  }
  all("[data-set]").forEach(function (button) {
    button.addEventListener("click", function () {
      var language = button.getAttribute("data-set");
      window.ipwLanguage(language);
      try { localStorage.setItem("ipw-language", language); } catch (e) { /* for this page only, then */ }
      mark();
    });
  });
  mark();

  // Search
  var find = $("find"), found = $("found");
  function search() {
    var words = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    var hits = !words.length ? [] : window.IPW_INDEX.filter(function (entry) {
      var text = entry.slice(2).join(" ").toLowerCase();
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    }).slice(0, 20);
    found.textContent = "";
    hits.forEach(function (entry) {
      var link = document.createElement("a");
      link.href = root + entry[1];
      link.textContent = entry[2] + " · " + entry[3];
      var kind = document.createElement("small");
      kind.textContent = " " + entry[0] + " " + entry[4];
      link.appendChild(kind);
      found.appendChild(document.createElement("li")).appendChild(link);
    });
    if (words.length && !hits.length) found.appendChild(document.createElement("li")).textContent = "没有结果 nothing found";
    found.hidden = !words.length;
  }
  find.addEventListener("input", search);
  find.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { find.value = ""; search(); }
    if (event.key === "Enter") { var first = found.querySelector("a"); if (first) location.href = first.href; }
  });
  document.addEventListener("click", function (event) { if (!event.target.closest(".find")) found.hidden = true; });

  // Sorting: numbers as numbers, what is missing last
  function key(row, column) {
    var cell = row.cells[column], given = cell.getAttribute("data-sort");
    var text = given === null ? cell.textContent.trim() : given;
    var number = parseFloat(text.replace(/[,\s]/g, ""));
    return text === "" || text === "—" ? null : isNaN(number) || (given === null && !/^[-−]?[\d,.]/.test(text)) ? text : number;
  }
  all("th button.sort").forEach(function (button) {
    var head = button.closest("th"), table = button.closest("table"), body = table.tBodies[0];
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending", column = head.cellIndex;
      all("th[aria-sort]", table).forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      Array.prototype.slice.call(body.rows)
        .map(function (row, i) { return { row: row, key: key(row, column), i: i }; })
        .sort(function (a, b) {
          if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.i - b.i;
          var order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key
            : String(a.key).localeCompare(String(b.key), "zh-Hans");
          return (down ? -order : order) || a.i - b.i;
        })
        .forEach(function (one) { body.appendChild(one.row); });
    });
  });

  // The board's filters
  var board = $("board");
  if (board) {
    var planned = all("tbody tr", board).map(function (row) {
      return { row: row, actual: row.querySelector(".actual").innerHTML };
    });
    var choose = function () {
      var year = $("year").value, region = $("region").value, shown = 0;
      planned.forEach(function (one) {
        var data = one.row.dataset;
        var fits = (year === "newest" ? data.newest === "1" : data.year === year)
          && ["plan", "section", "status"].every(function (n) { return !$(n).value || $(n).value === data[n]; });
        var values = (window.IPW_DISTRICTS[data.indicator] || {})[region];
        if (region && !values) fits = false;
        one.row.hidden = !fits;
        shown += fits ? 1 : 0;
        one.row.classList.toggle("derived", Boolean(region));
        one.row.querySelector(".actual").innerHTML = one.actual;
        if (region && values) {
          var cell = one.row.querySelector(".actual"), value = document.createElement("b"), flag = document.createElement("span");
          value.textContent = values[data.year] || "无数据 no data";
          flag.className = "flag";
          flag.textContent = "派生 derived";
          cell.textContent = "";
          cell.appendChild(value);
          cell.appendChild(flag);
        }
      });
      $("derived").hidden = !region;
      $("none").hidden = shown > 0;
      $("shown").textContent = shown;
    };
    all("#filters select").forEach(function (select) { select.addEventListener("change", choose); });
    choose();
    var opened = location.hash.slice(1) && $(location.hash.slice(1));
    if (opened) { var workings = opened.querySelector("details"); if (workings) workings.open = true; opened.scrollIntoView(); }
  }

  // Charts; the same figures stand in the tables below them
  var data = window.IPW_SERIES, holder = $("series");
  if (data && holder && window.echarts) {
    var place = $("place"), period = $("period"), chart = window.echarts.init(holder, null, { renderer: "canvas" });
    var keys = Object.keys(data.lines).map(function (k) { return k.split("|"); });
    var periods = keys.map(function (k) { return k[2]; });
    all("option", period).forEach(function (option) { option.disabled = periods.indexOf(option.value) < 0; });
    var draw = function () {
      var unit = data.unit[0], line = data.lines[place.value + "|" + period.value] || [];
      var name = place.options[place.selectedIndex] ? place.options[place.selectedIndex].textContent : "";
      var was = line.map(function (p) { return p.length > 3 ? p[3] : null; });
      var series = [{ name: name, type: period.value === "year" ? "bar" : "line", data: line.map(function (p) {
        return { value: p[1], itemStyle: p[2] === "A" ? {} : { opacity: 0.55 }, status: p[2] };
      }), showSymbol: false, barMaxWidth: 34, color: "#1f5fa8" }];
      if (was.some(function (v) { return v !== null; })) {
        series.push({ name: "修订前 before revision", type: "scatter", data: was, color: "#b45309", symbol: "diamond", symbolSize: 9 });
      }
      chart.setOption({
        animation: false, aria: { enabled: true }, grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
        legend: { show: series.length > 1, top: 0 },
        tooltip: { trigger: "axis", valueFormatter: function (v) { return v === null || v === undefined ? "无数据 no data" : Number(v).toLocaleString("zh", { maximumFractionDigits: data.decimals }) + " " + unit; } },
        xAxis: { type: "category", data: line.map(function (p) { return p[0]; }) },
        yAxis: { type: "value", name: unit, nameTextStyle: { align: "left" } },
        series: series
      }, true);
    };
    var fill = function () {
      var before = place.value;
      place.textContent = "";
      keys.filter(function (k) { return k[2] === period.value; }).forEach(function (k) {
        var option = document.createElement("option"), names = data.regions[k[1]] || [k[1], ""];
        option.value = k[0] + "|" + k[1];
        option.textContent = names[0] + " " + names[1] + (k[0] === "management" ? "（管理 management）" : "");
        place.appendChild(option);
      });
      var values = all("option", place).map(function (o) { return o.value; });
      var home = "statutory|" + data.home;
      place.value = values.indexOf(before) >= 0 ? before : values.indexOf(home) >= 0 ? home : values[0];
      draw();
    };
    period.addEventListener("change", fill);
    place.addEventListener("change", draw);
    window.addEventListener("resize", function () { chart.resize(); });
    window.addEventListener("beforeprint", function () { chart.resize({ width: 640 }); });
    window.addEventListener("afterprint", function () { chart.resize({ width: "auto" }); });
    fill();
  }
})();
