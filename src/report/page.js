(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  document.documentElement.classList.add("js");

  function number(value, digits) {
    return value.toLocaleString(data.indian ? "en-IN" : "en-US", { maximumFractionDigits: digits });
  }
  function money(value) {
    if (!data.rupees) return number(100 * value, 2) + " %";
    return (value < 0 ? "\u2212" : "") + "\u20b9" + number(Math.abs(value), Math.abs(value) < 100 ? 2 : 0);
  }
  var names = { equity: "equity", drawdown: "drawdown", pnl: "result", rolling_pnl: "profit", rolling_sharpe: "Sharpe",
    singles: "best singles", all: "all" };

  function place(tip, figure, event, text) {
    var box = figure.getBoundingClientRect();
    tip.textContent = text;
    tip.style.display = "block";
    var x = event.clientX - box.left + 14;
    if (x + tip.offsetWidth > box.width) x = event.clientX - box.left - tip.offsetWidth - 14;
    tip.style.left = Math.max(0, x) + "px";
    tip.style.top = Math.max(0, event.clientY - box.top - 34) + "px";
  }
  function tipOf(figure) {
    var tip = document.createElement("div");
    tip.className = "tip";
    figure.appendChild(tip);
    figure.addEventListener("pointerleave", function () { tip.style.display = "none"; });
    return tip;
  }

  document.querySelectorAll("svg[data-columns]").forEach(function (svg) {
    var tip = tipOf(svg.parentNode), columns = svg.dataset.columns.split(",");
    var left = +svg.dataset.left, right = +svg.dataset.right, count = data.dates.length;
    var rule = document.createElementNS("http://www.w3.org/2000/svg", "path");
    rule.setAttribute("class", "rule");
    svg.appendChild(rule);
    svg.addEventListener("pointermove", function (event) {
      var box = svg.getBoundingClientRect(), width = svg.viewBox.baseVal.width;
      var x = (event.clientX - box.left) / box.width * width;
      var bars = columns.length === 1 && columns[0] === "pnl";
      var share = (x - left) / (right - left);
      var t = bars ? Math.floor(share * count) : Math.round(share * (count - 1));
      t = Math.min(count - 1, Math.max(0, t));
      var at = bars ? left + (t + 0.5) / count * (right - left) : left + (count > 1 ? t / (count - 1) : 0) * (right - left);
      rule.setAttribute("d", "M" + at + " " + svg.dataset.top + "V" + svg.dataset.bottom);
      var text = data.dates[t] + (data.zones && data.zones[t] ? " " + data.zones[t] : "");
      columns.forEach(function (key) {
        var value = data[key][t];
        if (value === null) return;
        text += "  " + names[key] + " " + (key === "rolling_sharpe" ? number(value, 2) : money(value));
      });
      place(tip, svg.parentNode, event, text);
    });
    svg.addEventListener("pointerleave", function () { rule.removeAttribute("d"); tip.style.display = "none"; });
  });

  document.querySelectorAll("rect.heat").forEach(function (rect) {
    var figure = rect.ownerSVGElement.parentNode, tip = tipOf(figure), count = +rect.dataset.count;
    rect.addEventListener("pointermove", function (event) {
      var box = rect.getBoundingClientRect();
      var k = Math.min(count - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * count)));
      var i = Math.min(count - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * count)));
      place(tip, figure, event, data.names[i] + " \u2013 " + data.names[k] + ": " + number(data.correlation[i][k], 3));
    });
    rect.addEventListener("pointerleave", function () { tip.style.display = "none"; });
  });

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });

  function keyOf(row, column) {
    var cell = row.cells[column];
    if (!cell) return "";
    if (cell.dataset.v !== undefined) return +cell.dataset.v;
    return cell.classList.contains("n") ? -Infinity : cell.textContent;
  }
  document.querySelectorAll("table.sorts").forEach(function (table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      if (!head.textContent) return;
      head.tabIndex = 0;
      function sort() {
        var down = head.getAttribute("aria-sort") !== "descending";
        if (!head.classList.contains("n")) down = head.getAttribute("aria-sort") === "ascending";
        var rows = Array.prototype.slice.call(table.tBodies[0].rows);
        rows.sort(function (a, b) {
          var x = keyOf(a, column), y = keyOf(b, column);
          var order = typeof x === "string" ? x.localeCompare(y) : x < y ? -1 : x > y ? 1 : 0;
          return down ? -order : order;
        });
        rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
      }
      head.addEventListener("click", sort);
      head.addEventListener("keydown", function (event) { if (event.key === "Enter") sort(); });
    });
  });
})();
