// What a manager reaches for beside the form: trying a draft on past requests, areas on the map, starters, findings,
// translations, the order of questions, and why a request went where it went.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { closeBrowser, newPage, shot, shotBoth } from "./support/city.mjs";
import { choose, field, openTab, save, type } from "./support/forms.mjs";
import { asRole, findTicket, openDesk } from "./support/helpdesk.mjs";
import { aResident, readText, sendPothole } from "./support/resident.mjs";

const MANAGER = "Citizen Support Manager";
const NUMBER = Date.now() % 1_000_000;

after(closeBrowser);

/** A service in the database, a draft of which little is asked. */
function makeService(title, values = {}) {
	const doc = { doctype: "Municipal Service", title, department: "streets", category: "streets", ...values };
	return asRole("IT", (api) => api.call("frappe.client.insert", { doc }));
}

/** Give the file that the next press of a button asks for. */
async function giveFile(page, button, name, content) {
	const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: button, exact: true }).click()]);
	await chooser.setFiles({ name, mimeType: "application/geo+json", buffer: Buffer.from(JSON.stringify(content)) });
}

// A worker that has just started first imports Frappe, and the machine may be busy with mails.
const WORKER_MS = 60_000;

const feature = (name, west) => ({
	type: "Feature",
	properties: { name },
	geometry: { type: "Polygon", coordinates: [[[west, 1], [west + 1, 1], [west + 1, 2], [west, 2], [west, 1]]] },
});

test("a draft is tried on past requests, and shows what would have gone elsewhere", async () => {
	const page = await newPage();
	await sendPothole(page, aResident("Rita Replay"));
	await page.context().close();
	const desk = await openDesk(MANAGER);
	await desk.goto("/app/municipal-service/pothole");
	await desk.getByRole("button", { name: "Try on past requests…" }).click();
	await desk.locator(".modal.show [data-fieldname=months] select").selectOption("1");
	await desk.locator(".modal.show .modal-footer .btn-primary").click();
	await desk.waitForURL("**/app/routing-replay/**");
	await desk.locator(".indicator-pill:visible", { hasText: "Done" }).first().waitFor({ timeout: WORKER_MS });
	await desk.locator("[data-fieldname=result_html]").getByText(/request/).first().waitFor();
	await shot(desk, "tools-replay");
	await desk.context().close();
});

test("a trial under way shows how far it is, and can be cancelled", async () => {
	const doc = { doctype: "Routing Replay", service: "pothole", state: "Under way", months: 12, total: 200, draft: "{}" };
	const { name } = await asRole("IT", (api) => api.call("frappe.client.insert", { doc }));
	const desk = await openDesk(MANAGER);
	// A trial of so few requests would be over before anybody looks, so this one has no worker and is told how far it is.
	let done = 0;
	await desk.route("**/*get_replay_progress*", (route) =>
		route.fulfill({ json: { message: { state: "Under way", done: (done += 50), total: 200 } } }),
	);
	await desk.goto(`/app/routing-replay/${name}`);
	const bar = desk.getByRole("progressbar", { name: "Requests tried" });
	await bar.waitFor();
	await desk.getByText(/^(50|100) of 200 requests tried$/).waitFor();
	await shot(desk, "tools-replay-progress");
	const before = Number(await bar.getAttribute("aria-valuenow"));
	await desk.waitForFunction((at) => Number(document.querySelector(".cs-progress").getAttribute("aria-valuenow")) > at, before);
	await desk.getByRole("button", { name: "Cancel the trial" }).click();
	await desk.getByText("It was cancelled before it was through. Nothing was changed.").waitFor();
	assert.equal((await asRole(MANAGER, (api) => api.get("Routing Replay", name))).state, "Cancelled");
	await desk.context().close();
});

test("an area is drawn on the map, corner by corner", async () => {
	const desk = await openDesk(MANAGER);
	await desk.goto("/app/service-area/new");
	await type(desk, "area_name", `Drawn ${NUMBER}`);
	const map = desk.locator("[data-fieldname=shape] .leaflet-container");
	await map.scrollIntoViewIfNeeded();
	await desk.locator(".leaflet-draw-draw-polygon").click();
	const { width, height } = await map.boundingBox();
	const corners = [[0.4, 0.3], [0.6, 0.3], [0.6, 0.7], [0.4, 0.7], [0.4, 0.3]];
	for (const [x, y] of corners) {
		await map.click({ position: { x: width * x, y: height * y }, force: true });
		await desk.waitForTimeout(350); // two clicks at once are a double click to the map
	}
	await map.locator("path.leaflet-interactive").first().waitFor({ state: "attached" });
	await shot(desk, "tools-area-drawn");
	await save(desk);
	const [area] = await asRole(MANAGER, (api) =>
		api.list("Service Area", { filters: { area_name: `Drawn ${NUMBER}` }, fields: ["shape"] }),
	);
	const { geometry } = JSON.parse(area.shape).features[0];
	assert.equal(geometry.type, "Polygon");
	assert.equal(geometry.coordinates[0].length, 5, "four corners, and back to the first");
	assert.equal(await desk.locator(".leaflet-draw-draw-marker, .leaflet-draw-draw-polyline").count(), 0);
	await desk.context().close();
});

test("areas come from a GeoJSON file: one as a shape, several as areas of their own", async () => {
	const [first, second] = [`North ${NUMBER}`, `South ${NUMBER}`];
	const desk = await openDesk(MANAGER);
	await desk.goto("/app/service-area/new");
	await type(desk, "area_name", `Imported ${NUMBER}`);
	await giveFile(desk, "Import GeoJSON", "one.geojson", feature("One", 20));
	await desk.waitForFunction(() => /"Polygon"/.test(window.cur_frm.doc.shape || ""));
	await save(desk);

	await giveFile(desk, "Import GeoJSON", "two.geojson", { type: "FeatureCollection", features: [feature(first, 30), feature(second, 40)] });
	const dialog = desk.locator(".modal.show");
	await dialog.getByText("Areas in the file: 2").waitFor();
	const said = await readText(dialog);
	assert.ok(said.includes(first) && said.includes(second), said);
	await shot(desk, "tools-geojson");
	await dialog.locator(".modal-footer .btn-primary").click();
	await desk.waitForURL("**/app/service-area**");
	await desk.getByText("Areas made: 2, changed: 0, left as they were: 0").waitFor();
	const made = await asRole(MANAGER, (api) => api.list("Service Area", { filters: { area_name: ["in", [first, second]] } }));
	assert.equal(made.length, 2);

	await desk.goto("/app/service-area");
	await giveFile(desk, "Import GeoJSON", "broken.geojson", { type: "Feature", geometry: null });
	await desk.locator(".modal.show .msgprint").waitFor();
	await desk.context().close();
});

test("a new service is started from a starter catalogue", async () => {
	const desk = await openDesk(MANAGER);
	await desk.goto("/app/municipal-service");
	await desk.getByRole("button", { name: "Start from…" }).click();
	const dialog = desk.locator(".modal.show");
	await dialog.getByText("Start from a starter catalogue").waitFor();
	const service = dialog.locator("[data-fieldname=service] select");
	await service.locator("option").nth(1).waitFor({ state: "attached" });
	// What the city has already cannot be made once more, so another city's catalogue.
	await dialog.locator("[data-fieldname=starter] select").selectOption({ label: "School district" });
	await service.locator("option", { hasText: "Stray or injured cat" }).waitFor({ state: "detached" });
	const code = await service.inputValue();
	const title = (await service.locator("option:checked").innerText()).trim();
	await asRole("IT", (api) => api.call("frappe.client.delete", { doctype: "Municipal Service", name: code }).catch(() => {}));
	await choose(desk, "department", "Streets and Roads", ".modal.show");
	await choose(desk, "category", "Streets, sidewalks and lights", ".modal.show");
	await shot(desk, "tools-start-from");
	await dialog.getByRole("button", { name: "Make a draft of it" }).click();
	await desk.waitForURL(`**/app/municipal-service/${code}`);
	const made = await asRole(MANAGER, (api) => api.get("Municipal Service", code));
	assert.equal(made.status, "Draft");
	assert.equal(made.department, "streets");
	assert.equal(made.title, title);
	assert.ok(made.questions.length > 0);
	await desk.context().close();
});

test("what was found leads to its place in the form", async () => {
	const rule = { match_on: "Channel", match_values: "Phone", department: "parks" };
	const { name } = await makeService(`Twice ruled ${NUMBER}`, { routing_rules: [rule, { ...rule }] });
	const desk = await openDesk(MANAGER);
	await desk.goto(`/app/municipal-service/${name}`);
	await desk.getByRole("button", { name: "Check", exact: true }).click();
	const found = desk.locator(".modal.show .cs-lint-row").filter({ hasText: "Routing rule 2 says the same as rule 1." });
	await found.waitFor();
	await shot(desk, "tools-findings");
	await found.getByRole("button", { name: "Show me where" }).click();
	await desk.locator(".modal.show").waitFor({ state: "hidden" });
	const row = desk.locator("[data-fieldname=routing_rules] .grid-row[data-idx='2'].grid-row-open");
	await row.waitFor();
	assert.equal(await desk.getByRole("tab", { name: "Routing", exact: true }).getAttribute("aria-selected"), "true");
	await desk.context().close();
});

test("a department's texts are translated in a dialog", async () => {
	const desk = await openDesk(MANAGER);
	await desk.goto("/app/municipal-department/parks");
	await desk.getByRole("button", { name: "Languages", exact: true }).click();
	const dialog = desk.locator(".modal.show");
	await dialog.getByRole("button", { name: /Deutsch/ }).click();
	const row = dialog.locator(".cs-languages-row").filter({ has: desk.getByText("Parks and Recreation", { exact: true }) }).first();
	const input = row.locator("input, textarea").first();
	await input.fill("Parks und Erholung");
	await Promise.all([desk.waitForResponse((one) => one.url().includes("languages.save_text")), input.press("Tab")]);
	await row.getByText("Translated", { exact: true }).waitFor();
	await shotBoth(desk, "tools-languages");
	await desk.context().close();
});

async function dragQuestion(desk, place, target) {
	const row = (number) =>
		desk.locator(`[data-fieldname=questions] .grid-body .grid-row[data-idx='${number}'] .row-index`).first();
	await row(place).scrollIntoViewIfNeeded();
	await desk.waitForTimeout(1000);
	const [from, to] = [await row(place).boundingBox(), await row(target).boundingBox()];
	await desk.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
	await desk.mouse.down();
	await desk.mouse.move(from.x + from.width / 2, from.y - 5, { steps: 5 });
	await desk.mouse.move(to.x + to.width / 2, to.y + 4, { steps: 15 });
	await desk.mouse.up();
	await desk.waitForTimeout(500);
}

test("a question is dragged to another place", async () => {
	const questions = ["First?", "Second?", "Third?"].map((label) => ({ label, question_type: "Short text" }));
	const { name } = await makeService(`In order ${NUMBER}`, { questions });
	const desk = await openDesk(MANAGER);
	await desk.goto(`/app/municipal-service/${name}`);
	await openTab(desk, "Questions");
	const inOrder = () => window.cur_frm.doc.questions.sort((one, other) => one.idx - other.idx).map(({ label }) => label);
	const before = await desk.evaluate(inOrder);
	// A form that is still filling itself moves its rows away from under the mouse, as it would a person's.
	for (let tries = 0; tries < 3 && (await desk.evaluate(inOrder)).at(-1) === "Third?"; tries += 1) await dragQuestion(desk, 3, 1);
	const shown = await desk.evaluate(inOrder);
	assert.notDeepEqual(shown, before);
	assert.ok(shown.indexOf("Third?") < 2, "the third question has gone up");
	await save(desk);
	const saved = await asRole(MANAGER, (api) => api.get("Municipal Service", name));
	assert.deepEqual(saved.questions.map(({ label }) => label), shown);
	await desk.context().close();
});

test("a request that came in says why it went where it went, rule by rule", async () => {
	const page = await newPage();
	const reference = await sendPothole(page, aResident("Wanda Why"));
	await page.context().close();
	const { cs_service } = await findTicket(reference);
	const { routing_rules } = await asRole("IT", (api) => api.get("Municipal Service", cs_service));
	const desk = await openDesk(MANAGER);
	await desk.goto(`/app/service-submission/${reference}`);
	const rules = desk.locator("[data-fieldname=why_html] .cs-rules");
	await rules.waitFor();
	assert.equal(await rules.locator("li").count(), routing_rules.length + 1, "each rule, and what holds without one");
	assert.equal(await rules.locator("strong").count(), 1, "one has won");
	await rules.scrollIntoViewIfNeeded();
	await shotBoth(desk, "tools-why-here");
	await desk.context().close();
});
