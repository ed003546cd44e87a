// Frappe's own forms, handled as a person handles them.

import { strict as assert } from "node:assert";

/** The visible control of a field, in the form or inside `within`. */
export function field(page, name, within = ".form-page") {
	return page.locator(`${within} [data-fieldname='${name}']`).locator("input, textarea, select").locator("visible=true").first();
}

/** Type into a field and leave it, which is when Frappe takes the value. */
export async function type(page, name, value, within) {
	const control = field(page, name, within);
	await control.fill(value);
	await control.press("Tab");
}

/** Choose in a list of suggestions, by the words a person reads there. The list may close and open while it fills. */
export async function choose(page, name, words, within) {
	const control = field(page, name, within);
	const option = page.locator("[role=listbox] [role=option]:visible, .awesomplete li:visible").filter({ hasText: words }).first();
	for (let tries = 0; tries < 5; tries++) {
		await control.click();
		await control.fill(words);
		const isOffered = await option.waitFor({ timeout: 3000 }).then(() => true, () => false);
		if (isOffered && (await option.click({ timeout: 1500 }).then(() => true, () => false))) return;
	}
	assert.fail(`“${words}” cannot be chosen in ${name}`);
}

/** Add a row to a table and open it as a form of its own. */
export async function addRow(page, table) {
	const grid = page.locator(`[data-fieldname='${table}']`).first();
	await grid.locator(".grid-add-row").click();
	// Tables that are not edited in the list open a new row by themselves.
	const row = grid.locator(".grid-body .grid-row").last();
	if (!(await row.evaluate((element) => element.classList.contains("grid-row-open")))) await row.locator(".btn-open-row").click();
	const form = page.locator(".grid-row-open .form-in-grid");
	await form.waitFor();
	await form.evaluate((element) => Promise.all(element.getAnimations({ subtree: true }).map((one) => one.finished)));
}

export async function closeRow(page) {
	await page.locator(".grid-row-open .grid-collapse-row").first().click();
	await page.locator(".grid-row-open").waitFor({ state: "detached" });
}

/** Open a tab of the form. */
export async function openTab(page, name) {
	await page.getByRole("tab", { name, exact: true }).click();
}

/** Press Save, and wait until it is saved. Frappe overlooks a press while a field is still taking its value. */
export async function save(page) {
	const press = () => page.locator(".page-actions:visible .primary-action").first().click();
	await saved(page, press, 5000).catch((error) => {
		if (!error.message.endsWith("nothing")) throw error;
		return saved(page, press);
	});
}

/** Press one of the buttons that take a service a step on, say yes, and wait until it is done; returns what was found. */
export async function confirm(page, label) {
	await page.getByRole("button", { name: label, exact: true }).click();
	const dialog = page.locator(".modal.show");
	const yes = dialog.locator(".modal-footer .btn-primary:visible");
	await yes.waitFor();
	const found = await dialog.locator(".cs-lint li").allInnerTexts();
	const done = page.waitForResponse((one) => one.url().includes("publishing.set_status"));
	const [response] = await Promise.all([done, yes.click()]);
	const { message } = await response.json();
	assert.ok(message?.is_done, JSON.stringify(message));
	await dialog.waitFor({ state: "hidden" });
	return found;
}

async function saved(page, press, timeout = 15_000) {
	const answer = page.waitForResponse((one) => one.url().includes("form.save.savedocs"), { timeout });
	const [response] = await Promise.all([answer, press()]).catch(async (error) => {
		const said = await page.locator(".modal.show, .alert-message:visible").allInnerTexts();
		throw new Error(`Nothing was saved. Frappe says: ${said.join(" | ") || "nothing"}`, { cause: error });
	});
	assert.equal(response.status(), 200, (await response.text()).slice(0, 800));
	await page.locator(".indicator-pill:visible", { hasText: "Not Saved" }).waitFor({ state: "hidden" });
}
