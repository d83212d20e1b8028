// Draws the charts of a page from the tables that stand beside them, in the house's palette, as SVG.

const INK = "#1f2328";
const MUTED = "#5f6672";
const LINE = "#e6e3dc";
const SEAL = "#b3202a";
const OPEN = "#a86b00";
const ROW_PIXELS = 26;
const SANS = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif";

function axis(extra) {
  return {
    axisLine: { lineStyle: { color: LINE } },
    axisTick: { show: false },
    axisLabel: { color: MUTED, fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: LINE } },
    ...extra,
  };
}

function deadline(marks) {
  return {
    symbol: "none",
    silent: true,
    animation: false,
    lineStyle: { color: SEAL, type: "solid", width: 1 },
    label: { color: SEAL, fontSize: 12, formatter: "{b}" },
    data: marks.map((mark) => ({ name: mark.label, xAxis: mark.at })),
  };
}

// Bars across, for labels too long to stand under a bar: the first row at the top, figures stacked.
function across(table) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const many = table.columns.length > 2;
  return {
    animation: !still,
    textStyle: { fontFamily: SANS, color: INK },
    legend: many ? { top: 0, right: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: MUTED } } : undefined,
    grid: { left: 8, right: 36, top: many ? 28 : 4, bottom: 4, containLabel: true },
    xAxis: axis({ type: "value", minInterval: 1, axisLine: { show: false } }),
    yAxis: axis({
      type: "category",
      inverse: true,
      data: table.rows.map((row) => row[0]),
      splitLine: { show: false },
      axisLabel: { color: INK, fontSize: 12, width: 150, overflow: "truncate" },
    }),
    series: table.columns.slice(1).map((name, column) => ({
      name,
      type: "bar",
      stack: "all",
      data: table.rows.map((row) => row[column + 1]),
      barMaxWidth: 16,
      itemStyle: { color: column === 0 ? INK : OPEN },
      label: {
        show: true,
        position: many ? "insideRight" : "right",
        color: many ? "#fff" : INK,
        fontSize: 12,
        formatter: (at) => (at.value ? at.value : ""),
      },
      labelLayout: { hideOverlap: true },
    })),
  };
}

function option(table) {
  if (table.kind === "across") return across(table);
  const labels = table.rows.map((row) => row[0]);
  const labelled = table.rows.length <= 16;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    textStyle: { fontFamily: SANS, color: INK },
    grid: { left: 8, right: table.marks.length ? 36 : 16, top: 28, bottom: 4, containLabel: true },
    xAxis: axis({ type: "category", data: labels, splitLine: { show: false } }),
    yAxis: axis({ type: "value", minInterval: 1, axisLine: { show: false }, name: table.unit, nameTextStyle: { color: MUTED } }),
    series: table.columns.slice(1).map((name, column) => ({
      name,
      type: table.kind === "line" ? "line" : "bar",
      data: table.rows.map((row) => row[column + 1]),
      barMaxWidth: 22,
      itemStyle: { color: column === 0 ? INK : "#a9a598", borderRadius: [2, 2, 0, 0] },
      label: { show: labelled, position: "top", color: INK, fontSize: 12, formatter: (at) => (at.value ? at.value : "") },
      markLine: column === 0 && table.marks.length ? deadline(table.marks) : undefined,
    })),
  };
}

function draw(figure) {
  const table = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const picture = figure.querySelector(".chart-picture");
  if (table.kind === "across") picture.style.height = `${ROW_PIXELS * table.rows.length + 48}px`;
  const chart = window.echarts.init(picture, null, { renderer: "svg" });
  chart.setOption({ ...option(table), ...(figure.closest("[data-redrawn]") ? { animation: false } : {}) });
  new ResizeObserver(() => { if (picture.isConnected) chart.resize(); }).observe(figure);
}

document.querySelectorAll("[data-chart]").forEach(draw);

// A part of the page that was replaced brings its charts undrawn.
document.addEventListener("htmx:oobAfterSwap", (event) => {
  event.detail.target.toggleAttribute("data-redrawn", true);
  event.detail.target.querySelectorAll("[data-chart]").forEach(draw);
});
