// Draws the charts of a page from the tables that stand beside them, in the house's palette, as SVG.

const INK = "#1f2328";
const MUTED = "#5f6672";
const LINE = "#e6e3dc";
const SEAL = "#b3202a";
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

function option(table) {
  const labels = table.rows.map((row) => row[0]);
  const labelled = table.rows.length <= 16;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    textStyle: { fontFamily: SANS, color: INK },
    grid: { left: 8, right: 16, top: 28, bottom: 4, containLabel: true },
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

for (const figure of document.querySelectorAll("[data-chart]")) {
  const table = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const chart = window.echarts.init(figure.querySelector(".chart-picture"), null, { renderer: "svg" });
  chart.setOption(option(table));
  new ResizeObserver(() => chart.resize()).observe(figure);
}
