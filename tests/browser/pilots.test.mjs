// A pilot for some: by area, by share of visitors; its milestones, its report without a login, and new links.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { axeFindings, closeBrowser, inOrder, newPage, shotBoth } from "./support/city.mjs";
import { field, openTab, save } from "./support/forms.mjs";
import { asRole, openDesk } from "./support/helpdesk.mjs";
import { readText } from "./support/resident.mjs";

const MANAGER = "Citizen Support Manager";
const NUMBER = Date.now() % 1_000_000;
const MILESTONE = "The shelter has room for every animal.";

after(closeBrowser);

/** A pilot in the database; gives back its code. */
async function makePilot(title, values) {
	const own = { doctype: "Municipal Service", title, department: "parks", category: "parks", status: "Pilot" };
	const made = await asRole("IT", (api) => api.call("frappe.client.insert", { doc: { ...own, ...values } }));
	return made.name;
}

/** What a new browser gets at an address. */
async function visit(path) {
	const page = await newPage();
	const response = await page.goto(path);
	const status = response.status();
	await page.context().close();
	return status;
}

test("a pilot in one area asks where first, lets in who lives there, and tells others whom to ask", async () => {
	const area = await asRole("IT", (api) => api.insert("Service Area", { area_name: `Quarter ${NUMBER}`, postcodes: "92555" }));
	const title = `Hedgehogs ${NUMBER}`;
	const code = await makePilot(title, { pilot_access: "Only in an area", pilot_area: area.name });
	const page = await newPage();
	await page.goto(`/services/${code}`);
	assert.equal(await page.locator("#form").count(), 0, "the form is not there yet");
	const place = page.locator("input[name='q.pilot_place']");
	await place.fill("1 Far Road, 92999");
	await page.getByRole("button", { name: "Go on" }).click();
	await page.getByRole("status").filter({ hasText: `so far only in Quarter ${NUMBER}` }).waitFor();
	await page.getByRole("heading", { name: "Who can help you now" }).waitFor();
	assert.deepEqual(await axeFindings(page), []);
	await shotBoth(page, "pilot-outside");
	await place.fill("2 Near Road, 92555");
	await page.getByRole("button", { name: "Go on" }).click();
	await page.locator("#form").waitFor();
	await page.goto(`/services/${code}`);
	await page.locator("#form").waitFor();
	await page.context().close();
});

test("a pilot for a share of visitors is there for those chance has chosen, and for nobody else", async () => {
	const title = `Bats ${NUMBER}`;
	const code = await makePilot(title, { pilot_access: "A share of visitors", pilot_share: 100 });
	const inside = await newPage();
	await inside.goto(`/services?q=${encodeURIComponent(title)}`);
	await inside.getByRole("link", { name: title, exact: true }).click();
	await inside.locator("#form").waitFor();
	await asRole("IT", (api) => api.update("Municipal Service", code, { pilot_share: 1 }));
	// One of a hundred is let in, so of a few new browsers nearly all are not.
	const seen = [];
	for (let browsers = 0; browsers < 4; browsers++) seen.push(await visit(`/services/${code}`));
	assert.ok(seen.includes(404), `${seen}`);
	// While a pilot is by share the portal gives every browser a cookie, which other tests do not expect.
	await asRole("IT", (api) => api.update("Municipal Service", code, { status: "Draft" }));
	assert.equal((await inside.goto(`/services/${code}`)).status(), 404);
	await inside.context().close();
});

test("a pilot's milestones, its report, and new links", async (t) => {
	const step = inOrder(t);
	const pilot_goals = [{ measure: "Own words", words: MILESTONE }, { measure: "Requests", comparison: "At least", target: 5 }];
	const code = await makePilot(`Swans ${NUMBER}`, { pilot_access: "Only with the link", pilot_goals });
	const desk = await openDesk(MANAGER);
	const links = {};

	await step("the team ticks a milestone, and the report has who and when", async () => {
		await desk.goto(`/app/municipal-service/${code}`);
		await openTab(desk, "Pilot");
		await desk.locator("[data-fieldname=pilot_goals] .grid-row[data-idx='1'] .btn-open-row").click();
		await field(desk, "reached", ".grid-row-open").check();
		await desk.locator(".grid-row-open .grid-collapse-row").first().click();
		await save(desk);
		const row = desk.locator(".cs-pilot tr").filter({ hasText: MILESTONE });
		await row.getByText("Reached", { exact: true }).waitFor();
		assert.match(await readText(row), /ticked on /);
	});

	await step("leaders read it by its link, without a login", async () => {
		[links.pilot, links.report] = [await desk.locator("#cs-link").inputValue(), await desk.locator("#cs-report_link").inputValue()];
		const page = await newPage();
		assert.equal((await page.goto(links.report)).status(), 200);
		const text = await readText(page.locator("main"));
		for (const words of [MILESTONE, "ticked on", "Requests: at least 5", "Sent back to the resident", "Handling time (hours)"]) {
			assert.ok(text.includes(words), words);
		}
		assert.deepEqual(await axeFindings(page), []);
		await shotBoth(page, "pilot-report");
		await page.context().close();
		assert.equal(await visit(links.report.slice(0, -1)), 404);
	});

	await step("a goal that is changed meanwhile is shown as one", async () => {
		const { pilot_goals: goals } = await asRole("IT", (api) => api.get("Municipal Service", code));
		goals[1].target = 1;
		await asRole("IT", (api) => api.update("Municipal Service", code, { pilot_goals: goals }));
		const page = await newPage();
		await page.goto(links.report);
		const text = await readText(page.locator("main"));
		assert.match(text, /Requests: at least 1 .*Not like this when the pilot began: changed on /);
		assert.match(text, /Requests: at least 5 .*A goal when the pilot began; changed on /);
		await shotBoth(page, "pilot-report-changed");
		await page.context().close();
	});

	await step("new links end the old ones at once", async () => {
		assert.equal(await visit(links.pilot), 200);
		await desk.reload();
		await openTab(desk, "Pilot");
		await desk.getByRole("button", { name: "Make new links" }).click();
		const before = await desk.locator("#cs-link").inputValue();
		await desk.locator(".modal.show").getByRole("button", { name: "Yes" }).click();
		await desk.waitForFunction((old) => (document.querySelector("#cs-link")?.value ?? old) !== old, before);
		assert.deepEqual([await visit(links.pilot), await visit(links.report)], [404, 404]);
		assert.equal(await visit(await desk.locator("#cs-link").inputValue()), 200);
	});

	await desk.context().close();
});
