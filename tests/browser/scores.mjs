// The comparison page of a scoring as a person uses it, in a headless Chromium: search, sort, a score's arithmetic and
// cells, a narrow screen, the dark, and axe-core; and a unit's feedback. `node scores.mjs MODULES EXPECTED SHOTS`, as
// page.mjs. Says every check; fails with the first that does not hold.
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, expectedFile, shots] = process.argv.slice(2);
const load = createRequire(join(resolve(modules), "package.json"));
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
const { browser: executablePath, pages } = JSON.parse(readFileSync(expectedFile, "utf8"));

function check(holds, what) {
  if (!holds) throw new Error(`does not hold: ${what}`);
  console.log(`ok: ${what}`);
}

const profile = mkdtempSync(join(tmpdir(), "scores-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  viewport: { width: 1280, height: 900 },
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** No violation that axe-core calls serious or critical. */
async function accessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const grave = violations.filter((found) => ["serious", "critical"].includes(found.impact));
  const said = grave.map((found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => node.target).join(", ")}`);
  check(grave.length === 0, `${what}: no serious violation ${said.join("; ")}`);
}

const shown = (page, list) => page.locator(`#${list} > tbody:not([hidden])`);
const narrow = async (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

async function comparison(page, expected) {
  check((await shown(page, "standings-list").count()) === expected.units, `${expected.units} units stand in the list`);
  await page.fill("#standings input[name=search]", expected.unit);
  check((await shown(page, "standings-list").count()) === 1, `the search leaves ${expected.unit}`);
  await page.fill("#standings input[name=search]", "");
  for (const list of ["standings-list", "items-list"]) {
    const heads = page.locator(`#${list} > thead .sort`);
    for (let column = 0; column < (await heads.count()); column += 1) {
      for (const direction of ["ascending", "descending"]) {
        await heads.nth(column).click();
        const head = page.locator(`#${list} > thead th`).nth(column);
        check((await head.getAttribute("aria-sort")) === direction, `${list}, column ${column}: ${direction}`);
        const cells = await page.locator(`#${list} > tbody > tr:first-child > :nth-child(${column + 1})`)
          .evaluateAll((row) => row.map((cell) => [cell.textContent.trim(), cell.classList.contains("n")]));
        if (!cells.length || !cells[0][1]) continue;
        const numbers = cells.map(([text]) => text.replaceAll(",", "").match(/^-?\d+(\.\d+)?/)).filter(Boolean).map(([text]) => Number(text));
        const ordered = numbers.every((number, at) => at === 0
          || (direction === "ascending" ? numbers[at - 1] <= number : numbers[at - 1] >= number));
        check(ordered, `${numbers.length} numbers are in order`);
      }
    }
  }
  const openers = page.locator("#items [data-opens]");
  check((await openers.count()) > 0, "scores can be opened");
  for (let at = 0; at < Math.min(await openers.count(), 60); at += 1) {
    await openers.nth(at).evaluate((button) => button.click());
    const said = await page.locator("#opened .body").innerText();
    check(said.trim().length > 0 && !/undefined|NaN|null|\[object|scores\./.test(said), `score ${at} opens`);
    await page.keyboard.press("Escape");
  }
  const row = shown(page, "items-list").filter({ hasText: expected.item }).first();
  const column = await page.locator("#items-list > thead th").evaluateAll(
    (heads, unit) => heads.findIndex((head) => head.textContent.trim() === unit), expected.unit);
  const score = row.locator(`tr > :nth-child(${column + 1}) [data-opens]`);
  await score.click();
  const text = await page.locator("#opened .body").innerText();
  for (const part of expected.parts) check(text.includes(part), `the score of ${expected.item} says ${part}`);
  await page.screenshot({ path: join(shots, `${expected.name}-opened.png`) });
  await accessible(page, "an opened score");
  await page.keyboard.press("Escape");
  check(await score.evaluate((button) => button === document.activeElement), "Escape gives the focus back");
}

try {
  for (const expected of pages) {
    console.log(`── ${expected.name}`);
    const page = await browser.newPage();
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(expected.file).href);
    check((await page.locator("html").getAttribute("lang")).startsWith(expected.language), `the page says it is ${expected.language}`);
    await page.screenshot({ path: join(shots, `${expected.name}-wide.png`), fullPage: true });
    await accessible(page, "the page");
    if (expected.units) await comparison(page, expected);
    await page.emulateMedia({ colorScheme: "dark" });
    await accessible(page, "the page in the dark");
    await page.screenshot({ path: join(shots, `${expected.name}-dark.png`), fullPage: true });
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 375, height: 740 });
    check((await narrow(page)) <= 0, "at 375 px nothing stands out");
    await accessible(page, "the narrow page");
    await page.screenshot({ path: join(shots, `${expected.name}-narrow.png`), fullPage: true });
    if (expected.units) {
      await page.locator("#items-list [data-opens]").first().click();
      check((await narrow(page)) <= 0, "nor with a score open");
      await page.screenshot({ path: join(shots, `${expected.name}-narrow-opened.png`) });
      await page.keyboard.press("Escape");
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    const paper = await page.pdf({ path: join(shots, `${expected.name}.pdf`), preferCSSPageSize: true });
    check(paper.length > 10_000, `on paper: ${paper.length} bytes`);
    check(complaints.length === 0, `no error in the console ${complaints.join("; ")}`);
    check(asked.every((url) => url.startsWith("file:") || url.startsWith("data:")), "and nothing was asked of a network");
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
