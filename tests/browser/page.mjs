// report.html as a person uses it, in a headless Chromium: search, sort, filter, a number's cells, keyboard, a narrow
// screen, paper, and axe-core. `node page.mjs MODULES EXPECTED SHOTS`: the folder with node_modules; a JSON file with
// the pages and what they must show; the folder for screenshots. Says every check; fails with the first that does not
// hold.
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

const profile = mkdtempSync(join(tmpdir(), "page-"));
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

async function lists(page, expected) {
  const all = await shown(page, "schools-list").count();
  check(all === expected.schools, `${all} schools stand in the list`);
  await page.fill("#schools input[name=search]", expected.school);
  const found = await shown(page, "schools-list").count();
  check(found > 0 && found < all, `the search for ${expected.school} leaves ${found} of ${all}`);
  for (const text of await shown(page, "schools-list").allTextContents()) {
    check(text.includes(expected.school), "what is left is what was looked for");
  }
  await page.fill("#schools input[name=search]", "no such school");
  check((await shown(page, "schools-list").count()) === 0, "a name nobody has leaves nothing");
  await page.fill("#schools input[name=search]", "");

  await page.selectOption("#schools select[name=status]", "unmet");
  const unmet = await shown(page, "schools-list").evaluateAll((rows) => rows.map((row) => row.dataset.status));
  check(unmet.length > 0 && unmet.every((status) => status === "unmet"), `the filter leaves ${unmet.length} not met`);
  await page.selectOption("#schools select[name=section]", "junior");
  const junior = await shown(page, "schools-list").evaluateAll((rows) => rows.map((row) => row.dataset.section));
  check(junior.length < unmet.length && junior.every((section) => section === "junior"), "filters add up");
  await page.selectOption("#schools select[name=status]", "");
  await page.selectOption("#schools select[name=section]", "");

  for (const list of ["schools-list", "items-list", "gaps-list", "findings-list"]) {
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

  const options = page.locator("#gaps select[name=departments] option");
  if ((await options.count()) > 1) {
    const department = await options.nth(1).getAttribute("value") ?? await options.nth(1).textContent();
    await page.selectOption("#gaps select[name=departments]", department);
    const left = await shown(page, "gaps-list").evaluateAll((rows) => rows.map((row) => row.dataset.departments));
    check(left.length > 0 && left.every((own) => own.includes(department)), `gaps of ${department}: ${left.length}`);
    await page.selectOption("#gaps select[name=departments]", "");
  }
}

async function cells(page, expected) {
  await page.fill("#schools input[name=search]", expected.school);
  const row = shown(page, "schools-list").filter({ has: page.locator(`td:text-is("${expected.section}")`) }).first();
  await row.locator("button.row").click();
  check(await row.locator("tr.detail").isVisible(), "a school's row opens");
  const number = row.locator(`tr:first-child [data-opens$="/${expected.indicator}"]`);
  await number.click();
  const text = await page.locator("#opened .body").innerText();
  for (const part of expected.parts) check(text.includes(part), `${expected.indicator} says ${part}`);
  await page.screenshot({ path: join(shots, `${expected.name}-cells.png`) });
  await accessible(page, "an opened number");
  await page.keyboard.press("Escape");
  check(!(await page.locator("#opened").isVisible()), "Escape closes it");
  check(await number.evaluate((button) => button === document.activeElement), "and the number has the focus again");
  await page.fill("#schools input[name=search]", "");

  await page.locator("#indicators [data-opens^='d/']").first().click();
  const first = page.locator("#opened tbody [data-opens]").first();
  const count = await page.locator("#opened tbody tr").count();
  check(count > 1, `a mean opens to ${count} schools`);
  await first.click();
  check(await page.locator("#opened .back").isVisible(), "a school in it opens, and there is a way back");
  await page.locator("#opened .back").click();
  check((await page.locator("#opened tbody tr").count()) === count, "which leads back");
  await page.locator("#opened .close").click();

  const mark = page.locator("#schools .picture [data-school][data-indicator]").first();
  if (await mark.count()) {
    await mark.scrollIntoViewIfNeeded();
    await mark.click();
    check(await page.locator("#opened").isVisible(), "a mark of a picture opens its school's number");
    await page.keyboard.press("Escape");
    const told = page.locator("#schools .told").first();
    check((await told.textContent()).trim() !== "", "and says what it is");
  }

  for (const [list, kind] of [["items", "i/"], ["gaps", ""]]) {
    const openers = page.locator(`#${list} [data-opens^='${kind}']`);
    for (let at = 0; at < Math.min(await openers.count(), 40); at += 1) {
      await openers.nth(at).evaluate((button) => button.click());
      const said = await page.locator("#opened .body").innerText();
      check(said.trim().length > 0 && !/undefined|NaN|\[object/.test(said), `${list} ${at} opens`);
      await page.keyboard.press("Escape");
    }
  }
}

async function keyboard(page) {
  await page.reload();
  await page.keyboard.press("Tab");
  check(await page.locator(".skip").evaluate((link) => link === document.activeElement), "the first stop skips to the verdict");
  let reached = false;
  for (let stop = 0; stop < 80 && !reached; stop += 1) {
    await page.keyboard.press("Tab");
    reached = await page.evaluate(() => Boolean(document.activeElement?.dataset?.opens));
  }
  check(reached, "a number is reached by Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check(outline !== "none", "and the focus is seen");
  await page.keyboard.press("Enter");
  check(await page.locator("#opened").isVisible(), "Enter opens it");
  for (let stop = 0; stop < 60; stop += 1) await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => document.activeElement === document.body
    || Boolean(document.activeElement?.closest("#opened")));
  check(inside, "Tab stays inside");
  await page.keyboard.press("Escape");
  check(!(await page.locator("#opened").isVisible()), "Escape closes it");
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
    check((await page.locator(".outcome").innerText()).includes(expected.outcome), `the verdict is ${expected.outcome}`);
    await page.screenshot({ path: join(shots, `${expected.name}-wide.png`) });
    await page.screenshot({ path: join(shots, `${expected.name}-whole.png`), fullPage: true });
    await accessible(page, "the page");
    await lists(page, expected);
    await cells(page, expected);
    await keyboard(page);

    await page.emulateMedia({ colorScheme: "dark" });
    await accessible(page, "the page in the dark");
    await page.screenshot({ path: join(shots, `${expected.name}-dark.png`) });
    await page.emulateMedia({ colorScheme: "light" });

    await page.setViewportSize({ width: 375, height: 740 });
    check((await narrow(page)) <= 0, "at 375 px nothing stands out");
    if (await page.locator(".open-all").count()) await page.locator(".open-all").click();
    for (const part of await page.locator("details").all()) await part.evaluate((details) => { details.open = true; });
    check((await narrow(page)) <= 0, "nor with everything open");
    await accessible(page, "the narrow page");
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(shots, `${expected.name}-narrow.png`) });
    await page.locator("#schools").scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(shots, `${expected.name}-narrow-schools.png`) });
    await page.locator("#schools-list > tbody > tr:first-child [data-opens]").first().click();
    check((await narrow(page)) <= 0, "nor with a number's cells");
    await page.screenshot({ path: join(shots, `${expected.name}-narrow-cells.png`) });
    await page.keyboard.press("Escape");

    await page.setViewportSize({ width: 1280, height: 900 });
    await page.reload();
    const paper = await page.pdf({ path: join(shots, `${expected.name}.pdf`), preferCSSPageSize: true });
    check(paper.length > 20_000, `on paper: ${paper.length} bytes`);
    await page.emulateMedia({ media: "print" });
    const short = page.locator("#schools-list tr.detail:has(td.unmet, td.missing)");
    for (const row of await short.all()) check(await row.isVisible(), "with what every school lacks");
    check(!(await page.locator("form.controls").first().isVisible()), "and without controls");
    check(complaints.length === 0, `no error in the console ${complaints.join("; ")}`);
    check(asked.every((url) => url.startsWith("file:") || url.startsWith("data:")), "and nothing was asked of a network");
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
