// Search, sorting, filters, and the details that a number opens. The page is complete without this script, which only
// adds interaction. Texts are inserted as text, never as HTML.
"use strict";
(() => {
  const behind = JSON.parse(document.getElementById("behind").textContent);
  const language = document.documentElement.lang;

  /** The text of `key` with its {placeholders} filled. */
  function say(key, places = {}) {
    const text = behind.words[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
  }

  /** An element with its attributes and children; strings become text. */
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== ""));
    return made;
  }

  // ── Lists: search, filters, sorting ───────────────────────────────────────────────────────────────────────

  const collator = new Intl.Collator(language, { numeric: true });

  /** The sort key of a cell: its number if it starts with one, otherwise its text; — and empty cells come last. */
  function keyOf(row, column) {
    const cell = row.rows[0].cells[column];
    const text = cell.textContent.trim();
    if (text === "" || text === "—") return null;
    if (cell.classList.contains("n")) {
      const number = text.replaceAll(",", "").match(/-?\d+(\.\d+)?/);
      return number ? Number(number[0]) : null;
    }
    return text;
  }

  function sort(table, column, descending) {
    const keyed = [...table.tBodies].map((row) => [keyOf(row, column), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
      return descending ? -order : order;
    });
    table.append(...keyed.map(([, row]) => row));
  }

  for (const table of document.querySelectorAll("table.sorted")) {
    for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
      const button = element("button", { type: "button", class: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const descending = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sort(table, column, descending);
      });
    }
  }

  function narrow(form) {
    const table = document.getElementById(form.dataset.list);
    const wanted = [...new FormData(form)].filter(([, value]) => value !== "");
    let shown = 0;
    for (const row of table.tBodies) {
      const fits = wanted.every(([name, value]) => {
        if (name === "search") {
          const text = row.dataset.search ?? row.textContent;
          return value.toLowerCase().split(/\s+/).every((part) => text.toLowerCase().includes(part));
        }
        const own = row.dataset[name] ?? "";
        return form.elements[name].dataset.within ? own.includes(value) : own === value;
      });
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    form.querySelector("output").textContent = say("html.list.shown", { shown, all: table.tBodies.length });
  }

  for (const form of document.querySelectorAll("form.controls")) {
    form.addEventListener("input", () => narrow(form));
    form.addEventListener("submit", (event) => event.preventDefault());
    // A browser may have kept the choices from before a reload.
    narrow(form);
  }

  // ── Schools: a row opens to its values ────────────────────────────────────────────────────────────────────

  const rowButtons = [...document.querySelectorAll("button.row")];

  /** An SVG element with its attributes. */
  function drawn(name, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** A school's chart of ratios to the threshold, from the numbers of its own table; 2 and more are at the edge. */
  function radar(detail) {
    const numberOf = (cell) => parseFloat(cell.textContent.replaceAll(",", ""));
    const spokes = [...detail.querySelectorAll(".within tbody > tr")].map((row) => {
      const [name, value, threshold] = row.cells;
      return { id: name.textContent.trim().split(/\s/)[0], ratio: threshold ? numberOf(value) / numberOf(threshold) : NaN,
        unmet: value.classList.contains("unmet") };
    });
    // A shape with unknown values would show them as zero.
    if (spokes.length < 3 || spokes.some(({ ratio }) => !Number.isFinite(ratio))) return null;
    const at = (k, ratio) => {
      const turn = 2 * Math.PI * k / spokes.length;
      const length = 45 * Math.min(ratio, 2);
      return [Math.sin(turn) * length, -Math.cos(turn) * length].map((part) => part.toFixed(1));
    };
    const ring = (ratio) => spokes.map((_, k) => at(k, ratio).join()).join(" ");
    const told = spokes.map(({ id, ratio }) => `${id} ${Math.floor(ratio * 100)}%`).join(", ");
    const label = say("html.list.short_board", { values: told });
    const shape = spokes.map(({ ratio }, k) => at(k, ratio).join()).join(" ");
    return drawn("svg", { viewBox: "-160 -115 320 230", role: "img", class: "short-board", "aria-label": label },
      drawn("polygon", { points: ring(2), class: "ring" }), drawn("polygon", { points: ring(1), class: "standard" }),
      drawn("polygon", { points: shape, class: "shape" }),
      ...spokes.flatMap(({ id, ratio, unmet }, k) => {
        const [x, y] = at(k, ratio);
        const [left, top] = at(k, 2).map((part) => part * 1.16);
        const anchor = Math.abs(left) < 9 ? "middle" : left > 0 ? "start" : "end";
        return [drawn("circle", { cx: x, cy: y, r: 3.5, class: unmet ? "unmet" : "met" }),
          drawn("text", { x: left, y: top + 4, "text-anchor": anchor, class: unmet ? "unmet" : "" },
            `${id} ${Math.floor(ratio * 100)}%`)];
      }));
  }

  function openRow(button, open) {
    button.setAttribute("aria-expanded", String(open));
    const detail = document.getElementById(button.getAttribute("aria-controls"));
    detail.hidden = !open;
    if (!open || detail.querySelector(".short-board")) return;
    const picture = radar(detail);
    if (picture) detail.querySelector(".within").append(picture);
  }
  for (const button of rowButtons) {
    openRow(button, false);
    button.addEventListener("click", () => openRow(button, button.getAttribute("aria-expanded") !== "true"));
  }
  const openAll = document.querySelector(".open-all");
  openAll?.addEventListener("click", () => {
    const open = openAll.getAttribute("aria-expanded") !== "true";
    openAll.setAttribute("aria-expanded", String(open));
    openAll.textContent = say(open ? "html.list.close_all" : "html.list.open_all");
    for (const button of rowButtons) openRow(button, open);
  });

  // ── Behind a number ───────────────────────────────────────────────────────────────────────────────────────

  const dialog = document.getElementById("opened");
  const title = document.getElementById("opened-title");
  const body = dialog.querySelector(".body");
  const back = dialog.querySelector(".back");
  let trail = [];

  const sectionName = (id) => say(`report.section.${id}`);
  const nameOf = (record) => `${record.name || record.code} · ${sectionName(record.section)}`;
  const line = (text) => element("p", {}, text);
  const heading = (text) => element("h3", {}, text);
  const opener = (what, text) => element("button", { type: "button", "data-opens": what }, text);

  /** file / sheet / cell, and the relation of the cell to the record. */
  function placed([at, address, role]) {
    const where = behind.places[at].filter((part) => part !== "");
    return element("span", { class: "where" }, [...where, ""].join(" / "), element("b", {}, address),
      role ? say(`explain.${role}`) : "");
  }

  /** A fact of a record: its name, its value, its cells or the places where it was looked for. */
  function fact(at, told, record) {
    const known = behind.facts[at];
    const of = known.section && record ? `${sectionName(record.section)} ` : "";
    const [value, cells] = told;
    let where = cells.map(placed);
    if (where.length === 0) {
      const looked = (record?.looked ?? []).map(([place, row]) => [...behind.places[place], row].filter(Boolean).join(" / "));
      const key = record ? (looked.length ? "explain.looked_in" : "explain.no_source") : "explain.no_district_fact";
      where = [element("span", { class: "where" }, say(key, { places: looked.join("; ") }))];
    }
    return [element("dt", {}, `${of}${known.label}`, element("code", {}, known.id)), element("dd", {}, value, where)];
  }

  /** Facts of the district and of a record. */
  function facts(all, record, further = []) {
    const rows = all.map((at) => {
      if (record?.facts[at]) return fact(at, record.facts[at], record);
      return behind.district[at] ? fact(at, behind.district[at], null) : [];
    });
    return element("dl", { class: "facts" }, [...rows, ...further].flat());
  }

  /** One value of one record. */
  function value(recordAt, id) {
    const record = behind.records[recordAt];
    const indicator = behind.indicators[id];
    const [mark, printed, threshold, floor, floorMark, needed, near, exact, numerator, denominator, above, aboveNumbers,
      below, belowNumbers, wanted, relief, shared] = record.values[id];
    const places = { id, title: indicator.title, unit: indicator.unit, mark: near ? `${mark}≈` : mark, value: printed,
      threshold, floor, floor_mark: floorMark, clause: indicator.clause };
    const unasked = printed === "—" ? "explain.missing_no_threshold" : "explain.no_threshold";
    const asked = mark === "—" ? "explain.missing" : "explain.value";
    const parts = [line(say(threshold === "—" ? unasked : asked, places))];
    if (needed) parts.push(line(say("explain.shortfall", { needed })));
    if (near) parts.push(line(say("html.open.borderline")));
    if (relief !== null) {
      const [reliefTitle, clause] = behind.reliefs[relief];
      parts.push(line(say("explain.relief", { title: reliefTitle, clause })));
    }
    if (exact !== "—") {
      const key = indicator.factor === null ? "explain.quotient" : "explain.product";
      parts.push(line(say(key, { value: exact, factor: indicator.factor, numerator, denominator })));
    }
    if (above !== null) {
      const key = shared ? "explain.numerator_shared" : "explain.numerator_is";
      parts.push(line(say(key, { formula: behind.formulas[above], numbers: aboveNumbers })));
    }
    parts.push(line(say("explain.denominator_is", { formula: behind.formulas[below], numbers: belowNumbers })));
    const students = behind.facts.findIndex((known) => known.id === "students");
    let further = [];
    if (shared) {
      const others = record.others.map((at) => behind.records[at]);
      const all = [recordAt, ...record.others].sort((a, b) => a - b).map((at) => behind.records[at].weighted);
      parts.push(line(say("explain.share", { section: sectionName(record.section), own: record.weighted,
        all: all.join(" + "), clause: "" })));
      further = others.map((other) => fact(students, other.facts[students], other));
    }
    parts.push(heading(say("explain.facts")), facts(wanted, record, further));
    parts.push(heading(say("html.open.other_values")));
    parts.push(element("p", {}, Object.entries(record.values).filter(([other]) => other !== id)
      .flatMap(([other, [otherMark, otherValue]]) => [opener(`v/${recordAt}/${other}`, `${other} ${otherValue}`), ` ${otherMark}  `])));
    if (record.school && document.getElementById("schools-list")?.dataset.judged) {
      const [schoolMark, met, judged, reason] = record.school;
      parts.push(line(say("explain.school", { mark: schoolMark, met, judged, reason })));
    }
    return [`${nameOf(record)} · ${id} ${indicator.title}`, parts];
  }

  /** Mean and CV of one indicator in one section: every school's numerator and denominator. */
  function dispersion(section, id) {
    const found = behind.dispersion.find((row) => row.section === section && row.indicator === id);
    const indicator = behind.indicators[id];
    const places = { ...found, mean_exact: found.mean_exact, cv_exact: found.cv_exact };
    const parts = [
      line(say("html.open.mean", places)),
      line(say("html.open.cv", places)),
      line(say("html.open.mean_formula", { factor: indicator.factor === null ? "" : `${indicator.factor} × ` })),
      line(say("html.open.cv_formula")),
    ];
    const hasShares = Object.keys(found.shares).length > 0;
    const heads = ["school", "numerator", "denominator", "value"].concat(hasShares ? ["share", "amount"] : []);
    const rows = [];
    for (const [at, record] of behind.records.entries()) {
      if (record.section !== section || !record.values[id]) continue;
      const [mark, printed, , , , , , , numerator, denominator] = record.values[id];
      const share = found.shares[at] ?? ["", ""];
      const cells = [numerator, denominator].map((text) => element("td", { class: "n" }, text));
      cells.push(element("td", { class: "n" }, opener(`v/${at}/${id}`, printed), ` ${mark}`));
      if (hasShares) cells.push(...share.map((text) => element("td", { class: "n" }, text)));
      rows.push([parseFloat(share[0]) || 0, element("tr", {}, element("th", { scope: "row" }, record.name || record.code), cells)]);
    }
    rows.sort(([a], [b]) => b - a);
    const head = heads.map((name, at) => element("th", { scope: "col", class: at ? "n" : null }, say(`html.open.${name}`)));
    const table = element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows.map(([, row]) => row)));
    parts.push(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "opened-title" }, table));
    return [`${sectionName(section)} · ${id} ${indicator.title}（${indicator.unit}）`, parts];
  }

  /** One item: what decided, with formulas and facts; for one record if one is named. */
  function item(id, recordAt) {
    const found = behind.items[id];
    const record = recordAt === undefined ? null : behind.records[recordAt];
    const parts = [line(found.line)];
    for (const [name, formula] of found.checks) parts.push(line(say("explain.check", { title: name, formula })));
    if (found.indicators.length) {
      const of = behind.dispersion.filter((row) => found.indicators.includes(row.indicator));
      const named = (row) => found.indicators.length > 1 ? `${row.indicator} ` : "";
      parts.push(element("p", {}, of.flatMap((row) => [
        opener(`d/${row.section}/${row.indicator}`, `${sectionName(row.section)} ${named(row)}${say("html.open.cv_short")} ${row.cv}`), ` ${row.mark}  `])));
    }
    if (found.facts.length) {
      const ofDistrict = found.facts.filter((at) => behind.district[at]);
      const ofRecords = found.facts.filter((at) => !behind.district[at]);
      parts.push(heading(say("explain.facts")));
      if (record) parts.push(facts(found.facts, record));
      else {
        if (ofDistrict.length) parts.push(facts(ofDistrict, null));
        if (ofRecords.length) parts.push(recordsTable(id, ofRecords));
      }
    }
    if (found.answers.length) {
      parts.push(heading(say("html.open.answers")));
      parts.push(...found.answers.map(([text, cells]) => element("p", {}, text, cells.map(placed))));
    }
    if (found.requirements.length) {
      parts.push(heading(say("html.open.requirements")));
      parts.push(element("ul", {}, found.requirements.map((text) => element("li", {}, text))));
    }
    if (found.note) parts.push(line(found.note));
    if (found.clause) parts.push(element("p", { class: "clause" }, found.clause));
    const of = record ? `${nameOf(record)} · ` : "";
    return [`${of}${id} ${found.title}`, parts];
  }

  /** The facts of an item, school by school; a name opens the school's cells. */
  function recordsTable(id, wanted) {
    const head = [element("th", { scope: "col" }, say("html.open.school"))]
      .concat(wanted.map((at) => element("th", { scope: "col" }, behind.facts[at].label)));
    const rows = behind.records.map((record, at) => element("tr", {},
      element("th", { scope: "row" }, opener(`i/${id}/${at}`, nameOf(record))),
      wanted.map((fact) => element("td", {}, record.facts[fact]?.[0] ?? "—"))));
    const table = element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows));
    return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "opened-title" }, table);
  }

  /** On a page of scores: one score of one unit, with its arithmetic, its basis and the cells. */
  function score(unitAt, itemAt) {
    const item = behind.items[itemAt];
    const own = behind.scores[unitAt][itemAt];
    const column = (name) => say(`scores.column.${name}`);
    const list = (name, heads, rows) => rows.length === 0 ? [] : [heading(column(name)),
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": column(name) },
        element("table", {},
          element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, column(head))))),
          element("tbody", {}, rows.map((row) => element("tr", {}, row.map((cell) => element("td", {}, cell)))))))];
    const parts = [line(say("scores.open.score", own)), line(own.state)];
    if (own.arithmetic) parts.push(line(say("scores.open.arithmetic", own)));
    parts.push(...list("part", ["part", "points", "score", "arithmetic", "who", "cells"],
      own.parts.map((part) => [part.title, part.points, part.score, part.arithmetic, part.who, part.cells])));
    parts.push(...list("check", ["check", "value", "required", "cells"],
      own.evidence.map((one) => [one.title, one.value, one.required, [one.cells, ...one.missing].filter(Boolean).join("; ")])));
    for (const name of ["requirements", "procedure"]) {
      if (item[name].length) parts.push(heading(column(name)), ...item[name].map(line));
    }
    if (item.note) parts.push(heading(column("note")), line(item.note));
    parts.push(element("p", { class: "clause" }, [item.heading, item.clause].filter(Boolean).join(" · ")));
    return [`${behind.units[unitAt]} · ${item.title}`, parts];
  }

  function show(what) {
    const [kind, ...rest] = what.split("/");
    const makers = { s: () => score(Number(rest[0]), Number(rest[1])), v: () => value(Number(rest[0]), rest[1]), d: () => dispersion(rest[0], rest[1]),
      i: () => item(rest[0], rest[1] === undefined ? undefined : Number(rest[1])) };
    const [name, parts] = makers[kind]();
    title.textContent = name;
    body.replaceChildren(...parts);
    back.hidden = trail.length < 2;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    title.focus();
  }

  function open(what) {
    trail = dialog.open ? [...trail, what] : [what];
    show(what);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (button) open(button.dataset.opens);
  });
  back.addEventListener("click", () => {
    trail.pop();
    show(trail.at(-1));
  });
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  // A click beside the panel closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  // ── Pictures: a mark says what it is, and opens its school ────────────────────────────────────────────────

  for (const picture of document.querySelectorAll(".picture")) {
    picture.addEventListener("click", (event) => {
      let told = event.target;
      while (told.localName !== "svg" && told !== picture && !told.querySelector(":scope > title")) told = told.parentElement;
      const words = told.localName === "svg" ? "" : told.querySelector(":scope > title")?.textContent;
      picture.closest("figure").querySelector(".told").textContent = words ?? "";
      const mark = event.target.closest("[data-indicator]");
      if (!mark) return;
      const { school, section, indicator } = mark.dataset;
      if (!school) {
        if (behind.dispersion.some((row) => row.section === section && row.indicator === indicator)) open(`d/${section}/${indicator}`);
        else if (behind.items[indicator]) open(`i/${indicator}`);
        return;
      }
      const at = behind.records.findIndex((record) => record.code === school && (!section || record.section === section)
        && record.values[indicator]);
      if (at >= 0) open(`v/${at}/${indicator}`);
    });
  }

  // Print shows everything open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
})();
