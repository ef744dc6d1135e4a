"""report.html in a browser: it fits a phone and a desk, its tables sort, its charts tell values, and without scripts
it says the same. Chromium's headless shell from Debian (tools/setup --programs); skipped where there is none."""
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
source = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])
if not program.exists():
    print(f"skipped: {program} is not built")
    sys.exit(77)
browser = "chromium-headless-shell"
if shutil.which(browser) is None:
    done = subprocess.run([source / "tools/setup", "--programs"], capture_output=True, text=True, check=False)
    if shutil.which(browser) is None:
        print("skipped: no chromium-headless-shell:", (done.stderr or done.stdout).strip())
        sys.exit(77)

PROBE = """<script>
(function () {
  var said = { inner: innerWidth, wide: document.documentElement.scrollWidth, hidden: 0, tips: [], names: [] };
  document.querySelectorAll("svg").forEach(function (svg) {
    if (getComputedStyle(svg).display === "none") { said.hidden++; return; }
    svg.querySelectorAll("text").forEach(function (text) {
      var box = text.getBoundingClientRect(), frame = svg.getBoundingClientRect();
      if (box.width && (box.left < frame.left - 1 || box.right > frame.right + 1)) said.names.push(text.textContent);
    });
  });
  function move(target, x, y) {
    var box = target.getBoundingClientRect();
    target.dispatchEvent(new PointerEvent("pointermove",
      { clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true }));
    var tip = Array.prototype.filter.call(document.querySelectorAll(".tip"),
      function (tip) { return tip.style.display === "block"; })[0];
    said.tips.push(tip ? tip.textContent : "");
    target.dispatchEvent(new PointerEvent("pointerleave", { bubbles: true }));
  }
  Array.prototype.filter.call(document.querySelectorAll("svg[data-columns]"),
    function (svg) { return getComputedStyle(svg).display !== "none"; })
    .forEach(function (svg) { move(svg, +svg.dataset.right / svg.viewBox.baseVal.width, 0.5); });
  var heat = Array.prototype.filter.call(document.querySelectorAll("rect.heat"),
    function (rect) { return rect.getBoundingClientRect().width > 0; })[0];
  move(heat, 0.999, 0.001);
  var table = document.querySelector("#members ~ .scroll table"), head = table.tHead.rows[0].cells;
  var profit = Array.prototype.findIndex.call(head, function (cell) { return cell.textContent === "Profit"; });
  head[profit].click();
  said.sorted = Array.prototype.map.call(table.tBodies[0].rows, function (row) { return +row.cells[profit].dataset.v; });
  head[profit].click();
  said.again = Array.prototype.map.call(table.tBodies[0].rows, function (row) { return +row.cells[profit].dataset.v; });
  head[1].click();
  said.byname = Array.prototype.map.call(table.tBodies[0].rows, function (row) { return row.cells[1].textContent; });
  said.arrow = head[1].getAttribute("aria-sort");
  window.dispatchEvent(new Event("beforeprint"));
  said.closed = document.querySelectorAll("details:not([open])").length;
  var out = document.createElement("pre");
  out.id = "probe";
  out.textContent = JSON.stringify(said);
  document.body.appendChild(out);
})();
</script></body>"""


def show(page, width, *options):
    shown = subprocess.run([browser, "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},900",
                            "--virtual-time-budget=2000", *options, "--dump-dom", page.as_uri()],
                           capture_output=True, text=True, check=True, timeout=120)
    return shown.stdout


def probe(page, width):
    text = re.search(r'<pre id="probe">(.*?)</pre>', show(page, width), re.S).group(1)
    return json.loads(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def check(page, result, width):
    said = probe(page, width)
    series, metrics = result["details"]["series"], result["best"]["metrics"]
    assert said["inner"] == said["wide"] == width, (width, said["inner"], said["wide"])
    assert said["names"] == [], f"labels that leave their chart at {width}: {said['names']}"
    assert said["hidden"] > 0 and said["closed"] == 0
    last, total = series["dates"][-1], f"{metrics['total_roi']:,.0f}"
    assert all(tip.startswith(last) for tip in said["tips"][:-1]), said["tips"]
    assert f"equity ₹{total}" in said["tips"][0] and "drawdown ₹" in said["tips"][0], said["tips"][0]
    assert f"equity ₹{total}" in said["tips"][1] and "best singles" in said["tips"][1], said["tips"][1]
    names = result["best"]["portfolio"]
    matrix = result["details"]["correlation"]
    assert said["tips"][-1].startswith(f"{names[0]} – {names[-1]}: "), said["tips"][-1]
    assert math.isclose(float(said["tips"][-1].rsplit(" ", 1)[1]), matrix[0][-1], abs_tol=6e-4)
    profits = [member["total_roi"] for member in result["details"]["members"]]
    assert all(math.isclose(a, b, rel_tol=1e-8) for a, b in zip(said["sorted"], sorted(profits, reverse=True), strict=True))
    assert all(math.isclose(a, b, rel_tol=1e-8) for a, b in zip(said["again"], sorted(profits), strict=True))
    assert said["arrow"] == "ascending" and len(said["byname"]) == len(names)


with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    for name, options in (("straddles", ["-p", "20:24"]), ("large", ["-p", "60", "-a", "hc"])):
        table = source / "examples/straddles.csv"
        subprocess.run([program, "optimize", table, "-o", work / name, "-e", "quick", "--report", "html", "-q", *options],
                       check=True, env=dict(os.environ, HEAVYOPT_CACHE=str(work / "cache")))
        run = next((work / name).iterdir())
        document = json.loads((run / "result.json").read_text(encoding="utf-8"))
        text = (run / "report.html").read_text(encoding="utf-8")
        page = work / "probed.html"
        page.write_text(text.replace("</body>", PROBE), encoding="utf-8")
        for width in (390, 1280):
            check(page, document, width)
        # Without its own script the page has the same texts and the same drawings.
        plain = work / "plain.html"
        plain.write_text(re.sub(r"<script>.*?</script>", "", text, flags=re.S), encoding="utf-8")
        seen = show(plain, 1280)
        assert seen.count("<svg") == text.count("<svg") and seen.count("<tr") == text.count("<tr"), name
        paper = work / "page.pdf"
        subprocess.run([browser, "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={paper}",
                        (run / "report.html").as_uri()], check=True, capture_output=True, timeout=120)
        pages = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
        assert 4 <= pages <= 24, pages
        print(f"{name}: fits 390 and 1280, sorts, tells values, {pages} pages of paper")
