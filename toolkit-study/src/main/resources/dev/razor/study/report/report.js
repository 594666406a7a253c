"use strict";
// The page's life: figures that answer the pointer, tables that sort, completions to leaf through, and, while a
// study runs, newer pages. Everything is in the page already; without this script it can be read as well.
(() => {
  const root = document.documentElement;
  const data = id => JSON.parse(document.getElementById(id).textContent);
  const create = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const shown = value => value === null || value === undefined ? "–" : String(value);
  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem("razor-" + key)); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem("razor-" + key, JSON.stringify(value)); } catch { /* no store */ } },
  };

  // ---- points

  let read = null;
  function points() {
    if (!read) {
      const {header, runs, methods, columns} = data("points");
      const names = [runs, methods];
      read = {header, count: columns[0].length, cell: (i, c) => c < 2 ? names[c][columns[c][i]] : columns[c][i]};
    }
    return read;
  }

  // ---- figures

  const plots = data("figures");
  const hidden = new Set(store.get("hidden") || []);
  const charts = new Map();
  Chart.defaults.font.size = 13;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const SHAPES = {square: "rect", circle: "circle", triangle: "triangle", diamond: "rectRot",
    triangle_down: "triangle", star: "star", none: false};

  // The base model has no method's colour: it is written in the page's ink, in the dark too.
  const hue = (plot, group) => group === "base" ? colour("--ink") : group === "all" ? colour("--soft")
    : plot.styles[group].color;

  function star(fill, edge) {
    const canvas = create("canvas", {width: 20, height: 20});
    const pen = canvas.getContext("2d");
    pen.translate(10, 10);
    for (let i = 0; i < 10; i++) {
      const r = i % 2 ? 3.4 : 8.2;
      pen.lineTo(r * Math.sin(Math.PI * i / 5), -r * Math.cos(Math.PI * i / 5));
    }
    pen.closePath();
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = edge;
    pen.stroke();
    return canvas;
  }

  function dataset(plot, layer, order, many) {
    const line = hue(plot, layer.group);
    const xy = [];
    for (let i = 0; i < layer.places.length; i += 2) xy.push({x: layer.places[i], y: layer.places[i + 1]});
    const base = {data: xy, order, layer, hidden: hidden.has(layer.group), pointRadius: 0, pointHitRadius: 0,
      pointHoverRadius: 0, showLine: true, borderColor: line};
    if (layer.kind === "area") return {...base, fill: "shape", borderWidth: 0, backgroundColor: line + "22"};
    if (layer.kind !== "markers") return {...base, borderWidth: 2, borderDash: layer.kind === "dashed" ? [7, 5] : []};
    const marker = plot.styles[layer.group].marker;
    const radius = (many ? 3 : 5) * (marker === "circle" ? 1 : 1.2);
    return {...base, showLine: false, pointRadius: radius, pointHoverRadius: radius + 2.5, pointHitRadius: 6,
      pointStyle: marker === "star" ? star(line, colour("--paper")) : SHAPES[marker],
      pointRotation: marker === "triangle_down" ? 180 : 0,
      pointBackgroundColor: line, pointBorderColor: colour("--paper"), pointBorderWidth: many ? 0.5 : 1};
  }

  // Ticks of a logarithmic axis at 1, 2 and 5 times the powers of ten; over many decades at the powers alone.
  function logTick(value, low, high) {
    const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    return digit === 1 || (Math.log10(high / low) < 2.6 && (digit === 2 || digit === 5)) ? shorten(value) : "";
  }
  const shorten = value => String(Number(value.toPrecision(3)));

  function axis(of) {
    return {type: of.log ? "logarithmic" : "linear", min: of.low, max: of.high,
      title: {display: true, text: of.label, color: colour("--ink")},
      grid: {color: colour("--line")}, border: {color: colour("--soft")},
      // the axis ends where the data do, which is no round number
      ticks: {color: colour("--soft"), includeBounds: false, maxRotation: 0, autoSkipPadding: 12,
        callback: value => of.log ? logTick(value, of.low, of.high) : shorten(value)}};
  }

  function told(plot, hit) {
    const layer = hit.dataset.layer;
    const index = layer.points[hit.dataIndex];
    const place = hit.dataset.data[hit.dataIndex];
    if (index < 0) return [layer.group, [[plot.x.label, shown(place.x)], [plot.y.label, shown(place.y)]]];
    const {header, cell} = points();
    const rows = [];
    for (let c = 1; c < header.length; c++) {
      const value = cell(index, c);
      if (value !== null) rows.push([header[c], shown(value)]);
    }
    return [cell(index, 0), rows];
  }

  const tip = create("div", {id: "tip", hidden: "", role: "status"});
  document.body.append(tip);

  function hover(plot, {chart, tooltip}) {
    if (!tooltip.opacity || !tooltip.dataPoints?.length) { tip.hidden = true; return; }
    const [title, rows] = told(plot, tooltip.dataPoints[0]);
    const table = create("table");
    for (const [name, value] of rows) table.append(create("tr", {}, create("td", {}, name), create("td", {}, value)));
    tip.replaceChildren(create("b", {}, title), table);
    tip.hidden = false;
    const box = chart.canvas.getBoundingClientRect();
    const wide = root.clientWidth;
    const left = box.left + tooltip.caretX + 14;
    const at = left + tip.offsetWidth > wide - 8 ? box.left + tooltip.caretX - tip.offsetWidth - 14 : left;
    tip.style.left = Math.max(4, Math.min(at, wide - tip.offsetWidth - 4)) + scrollX + "px";
    tip.style.top = box.top + tooltip.caretY + 14 + scrollY + "px";
  }

  function plotOf(figure) {
    const isLog = figure.querySelector(".log")?.getAttribute("aria-pressed") === "true";
    return plots[figure.dataset.figure + (isLog ? "_log" : "")];
  }

  function draw(figure) {
    const plot = plotOf(figure);
    charts.get(figure)?.destroy();
    const many = plot.layers.reduce((sum, layer) => sum + (layer.points?.length || 0), 0) > 400;
    const all = plot.layers.length;
    charts.set(figure, new Chart(figure.querySelector("canvas"), {
      type: "scatter",
      data: {datasets: plot.layers.map((layer, i) => dataset(plot, layer, all - i, many))},
      options: {animation: false, responsive: true, maintainAspectRatio: false,
        interaction: {mode: "nearest", intersect: true},
        scales: {x: axis(plot.x), y: axis(plot.y)},
        plugins: {legend: {display: false},
          tooltip: {enabled: false, external: context => hover(plot, context),
            filter: item => item.dataset.layer.kind === "markers"}}},
    }));
    keys(figure, plot);
  }

  function keys(figure, plot) {
    figure.querySelector(".keys").replaceChildren(...plot.keys.map(key => {
      const button = create("button", {type: "button", "data-group": key.group, onclick: () => toggle(key.group),
        "aria-pressed": String(!hidden.has(key.group))}, key.label);
      button.insertAdjacentHTML("afterbegin", swatch(plot, key));
      return button;
    }));
  }

  function swatch(plot, key) {
    const line = hue(plot, key.group);
    const shapes = {square: '<path d="M10.5 2.5h9v9h-9z"/>', circle: '<circle cx="15" cy="7" r="4.8"/>',
      triangle: '<path d="M15 1l6 10.500h-12z"/>', triangle_down: '<path d="M15 13l6 -10.500h-12z"/>',
      diamond: '<path d="M15 1l6 6l-6 6l-6 -6z"/>', none: "",
      star: '<path d="M15 0l1.700 5h5.200l-4.200 3.100l1.600 5l-4.300 -3.100l-4.300 3.100l1.600 -5l-4.200 -3.100h5.200z"/>'};
    const dash = key.line === "dashed" ? ' stroke-dasharray="6 4"' : "";
    const rule = key.line === "none" ? "" : `<path d="M0 7h30" stroke="${line}" stroke-width="2"${dash}/>`;
    return `<svg viewBox="0 0 30 14" aria-hidden="true" fill="${line}">${rule}${shapes[plot.styles[key.group].marker]}</svg>`;
  }

  function toggle(group) {
    if (!hidden.delete(group)) hidden.add(group);
    store.set("hidden", [...hidden]);
    for (const [figure, chart] of charts) {
      for (const set of chart.data.datasets) set.hidden = hidden.has(set.layer.group);
      chart.update("none");
      for (const button of figure.querySelectorAll(".keys button")) {
        button.setAttribute("aria-pressed", String(!hidden.has(button.dataset.group)));
      }
    }
  }

  const logs = new Set(store.get("logs") || []);
  for (const figure of document.querySelectorAll("figure.plot")) {
    const log = figure.querySelector(".log");
    log?.setAttribute("aria-pressed", String(logs.has(figure.dataset.figure)));
    log?.addEventListener("click", () => {
      const name = figure.dataset.figure;
      if (!logs.delete(name)) logs.add(name);
      store.set("logs", [...logs]);
      log.setAttribute("aria-pressed", String(logs.has(name)));
      draw(figure);
    });
  }
  // The names stand there from the start: they have a height, and what is read must not move.
  for (const figure of document.querySelectorAll("figure.plot")) keys(figure, plotOf(figure));
  // A figure is drawn when it comes near the window, so that a page of many opens at once.
  const near = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting && !charts.has(entry.target)) draw(entry.target);
    }
  }, {rootMargin: "400px"});
  for (const figure of document.querySelectorAll("figure.plot")) near.observe(figure);

  // ---- light and dark

  const theme = document.getElementById("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches;
  const remembered = (() => { try { return localStorage.getItem("razor-theme"); } catch { return null; } })();
  if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;
  function themed() {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
    for (const figure of charts.keys()) draw(figure);
  }
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("razor-theme", root.dataset.theme); } catch { /* no store */ }
    themed();
  });
  prefersDark.addEventListener("change", themed);
  themed();

  // ---- tables

  // Numbers by size, whatever stands behind them (an error, a unit); what is no number goes last.
  function compare(a, b) {
    const [x, y] = [parseFloat(a), parseFloat(b)];
    if (!Number.isNaN(x) || !Number.isNaN(y)) {
      return Number.isNaN(x) ? 1 : Number.isNaN(y) ? -1 : x - y;
    }
    return String(a).localeCompare(String(b), "en");
  }

  /** Gives each heading a button; sort(column, ascending) puts the rows in order. */
  function sortable(table, sort) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = create("button", {type: "button"}, ...heading.childNodes);
      heading.replaceChildren(button);
      button.addEventListener("click", () => {
        const ascending = heading.getAttribute("aria-sort") !== "ascending";
        for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sort(column, ascending);
      });
    });
  }

  function ordered(values, ascending) {
    const numeric = values.some(value => !Number.isNaN(parseFloat(value)));
    return values.map((value, i) => [value, i]).sort(([a, i], [b, j]) => {
      const missing = numeric ? Number.isNaN(parseFloat(a)) - Number.isNaN(parseFloat(b)) : 0;
      return missing || (ascending ? compare(a, b) : compare(b, a)) || i - j;
    }).map(([, i]) => i);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    sortable(table, (column, ascending) => {
      const body = table.tBodies[0];
      const rows = [...body.rows];
      const isText = !table.tHead.rows[0].cells[column].classList.contains("number");
      const values = rows.map(row => (isText ? " " : "") + row.cells[column].textContent);
      body.append(...ordered(isText ? values.map(v => "x" + v) : values, ascending).map(i => rows[i]));
    });
  }

  for (const filter of document.querySelectorAll(".filter")) {
    const area = filter.closest("section");
    const rows = [...area.querySelector("table").tBodies[0].rows];
    const apply = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of rows) {
        row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
        count += !row.hidden;
      }
      area.querySelector(".count").textContent = count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
      store.set("filter", filter.value);
    };
    filter.value = store.get("filter") || "";
    filter.addEventListener("input", apply);
    apply();
  }

  // ---- all points: rows are made as they are asked for

  const PAGE = 100;
  const allPoints = document.getElementById("all-points");
  function fillPoints() {
    const {header, count, cell} = points();
    let order = Array.from({length: count}, (_, i) => i);
    let made = 0;
    const body = create("tbody");
    const more = create("button", {type: "button"});
    const table = create("table", {}, create("thead", {}, create("tr", {},
      ...header.map((name, c) => create("th", c < 2 ? {scope: "col"} : {scope: "col", class: "number"}, name)))), body);
    const extend = () => {
      for (const i of order.slice(made, made + PAGE)) {
        body.append(create("tr", {}, ...header.map((_, c) =>
          create("td", c < 2 ? {} : {class: "number"}, shown(c > 3 && typeof cell(i, c) === "number"
            ? Number(cell(i, c).toPrecision(4)) : cell(i, c))))));
      }
      made = Math.min(count, made + PAGE);
      more.hidden = made === count;
      more.textContent = `Show ${Math.min(PAGE, count - made)} more of ${count}`;
    };
    more.addEventListener("click", extend);
    sortable(table, (column, ascending) => {
      const values = Array.from({length: count}, (_, i) => column < 2 ? "x" + cell(i, column) : cell(i, column));
      order = ordered(values, ascending);
      made = 0;
      body.replaceChildren();
      extend();
    });
    extend();
    allPoints.replaceChildren(
      create("div", {class: "scroll", role: "region", "aria-label": "All points", tabindex: "0"}, table), more);
  }
  const fold = allPoints?.closest("details");
  fold?.addEventListener("toggle", () => { if (fold.open && !allPoints.childElementCount) fillPoints(); });

  // ---- completions

  const FULL_SHIFT = 0.2; // nats at which a token has its full colour
  const FULL_SURPRISE = 5;
  const browser = document.getElementById("completion-browser");
  function browseCompletions() {
    const runs = data("completions");
    const run = create("select", {"aria-label": "Run"}, ...runs.map((one, i) => create("option", {value: i}, one.run)));
    const step = create("select", {"aria-label": "Step"});
    const back = create("button", {type: "button", onclick: () => move(-1)}, "← earlier");
    const next = create("button", {type: "button", onclick: () => move(1)}, "later →");
    const area = create("div", {"aria-live": "polite"});
    const numbers = () => Object.keys(runs[run.value].steps).map(Number).sort((a, b) => a - b);
    function choose(wanted) {
      const steps = numbers();
      const nearest = steps.reduce((a, b) => Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a);
      step.replaceChildren(...steps.map(n => create("option", {value: n}, `step ${n}`)));
      step.value = nearest;
      show();
    }
    function move(by) {
      const steps = numbers();
      const i = steps.indexOf(Number(step.value)) + by;
      if (steps[i] !== undefined) { step.value = steps[i]; show(); }
    }
    function show() {
      const steps = numbers();
      back.disabled = Number(step.value) === steps[0];
      next.disabled = Number(step.value) === steps.at(-1);
      area.replaceChildren(...runs[run.value].steps[step.value].map(completion));
      store.set("completion", [runs[run.value].run, Number(step.value)]);
    }
    run.addEventListener("change", () => choose(Number(step.value)));
    step.addEventListener("change", show);
    browser.replaceChildren(
      create("p", {class: "controls"}, run, step, back, next),
      create("p", {}, "Of each step the completions that told better from worse most. A token's colour is what the "
        + `step did to its log-probability: green likelier, red less likely, full colour from ${FULL_SHIFT} nats on; `
        + "where that was not recorded, red is what the model found unlikely."), area);
    const [name, at] = store.get("completion") || [];
    const index = Math.max(0, runs.findIndex(one => one.run === name));
    run.value = index;
    choose(runs[index].run === name ? at : runs[index].shown);
  }

  function completion(line) {
    const facts = [];
    if (line.reward !== undefined) facts.push(`reward ${line.reward}`);
    if (line.advantage !== undefined) facts.push(`advantage ${line.advantage}`);
    if (line.finish_reason) facts.push(`finished: ${line.finish_reason}`);
    if (line.reward_failure) facts.push(`failed: ${line.reward_failure}`);
    const text = create("pre", {class: "tokens"}, create("span", {class: "prompt"}, line.prompt));
    line.tokens.forEach((token, i) => {
      const shift = line.shift?.[i];
      const logprob = line.logprob?.[i];
      const value = shift ?? logprob;
      const strength = shift !== undefined ? Math.min(1, Math.abs(shift) / FULL_SHIFT)
        : logprob !== undefined ? Math.min(1, -logprob / FULL_SURPRISE) : 0;
      text.append(create("span", {class: shift >= 0 ? "up" : "down", style: `--strength: ${strength.toFixed(2)}`,
        title: value === undefined ? "" : `${value} nats`}, token));
    });
    if (line.more) text.append(`… ${line.more} more tokens`);
    return create("div", {class: "completion"}, create("p", {}, facts.join(", ")), text);
  }
  const completionFold = browser?.closest("details");
  completionFold?.addEventListener("toggle", () => {
    if (completionFold.open && !browser.childElementCount) browseCompletions();
  });

  // ---- a page that is served asks for newer ones, and comes back to where its reader was

  const folds = [...document.querySelectorAll("details")];
  const place = store.get("place");
  if (place) {
    store.set("place", null);
    history.scrollRestoration = "manual";
    folds.forEach((one, i) => { one.open = place.open.includes(i); });
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, place.y)));
  }
  if (root.dataset.version) {
    const ask = async () => {
      try {
        const answer = await fetch("version", {cache: "no-store"});
        if (answer.ok && await answer.text() !== root.dataset.version && !document.hidden) {
          store.set("place", {y: scrollY, open: folds.flatMap((one, i) => one.open ? [i] : [])});
          location.reload();
          return;
        }
      } catch { /* the server has ended: the page stays as it is */ }
      setTimeout(ask, 2000);
    };
    setTimeout(ask, 2000);
  }
})();
