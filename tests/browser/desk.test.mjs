// The people who run the desk: a service from nothing to the portal, without code and without IT.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { closeBrowser, inOrder, newPage, person, shot, shotBoth } from "./support/city.mjs";
import { addRow, choose, closeRow, confirm, field, save, type } from "./support/forms.mjs";
import { asRole, findTicket, openDesk } from "./support/helpdesk.mjs";
import { aResident, readReference, readText, send } from "./support/resident.mjs";

const ROW = ".grid-row-open";
const TITLE = `Fallen fence ${Date.now() % 1_000_000}`;
const CODE = TITLE.toLowerCase().replaceAll(" ", "-");

after(closeBrowser);

test("a manager makes a service, a resident uses it", async (t) => {
	const step = inOrder(t);
	const desk = await openDesk("Citizen Support Manager");

	await step("the workspace is the home of it all", async () => {
		const { roles } = await asRole("IT", (api) => api.get("User", person("Citizen Support Manager").user));
		assert.ok(!roles.some(({ role }) => role === "System Manager"), "without any right of IT");
		await desk.goto("/app/citizen-support");
		await desk.getByText("Welcome to your citizen desk").waitFor();
		await desk.getByText("Published services").waitFor();
		await shot(desk, "desk-workspace");
	});

	await step("title, department, category and promise", async () => {
		await desk.goto("/app/municipal-service/new");
		await field(desk, "title").waitFor();
		await type(desk, "title", TITLE);
		await type(desk, "summary", "Tell us about a fence in a park that has fallen down.");
		await choose(desk, "department", "Parks and Recreation");
		await choose(desk, "category", "Parks, trees and playgrounds");
		await type(desk, "response_target", "3");
		await desk.locator("[data-fieldname=promise_html]").getByText(/./).first().waitFor();
		await shot(desk, "desk-service");
	});

	await step("two questions, the second only after an answer to the first", async () => {
		await desk.getByRole("tab", { name: "Questions" }).click();
		await addRow(desk, "questions");
		await type(desk, "label", "Does it block a path?", ROW);
		await field(desk, "question_type", ROW).selectOption("Yes or no");
		await field(desk, "required", ROW).check();
		await closeRow(desk);
		await addRow(desk, "questions");
		await type(desk, "label", "Which path?", ROW);
		await choose(desk, "show_if_question", "Does it block a path?", ROW);
		await desk.locator(`${ROW} [data-fieldname='show_if_values']`).first().getByLabel("Yes", { exact: true }).check();
		await shot(desk, "desk-question");
		await closeRow(desk);
		await save(desk);
		await desk.waitForURL(`**/app/municipal-service/${CODE}`);
		await shot(desk, "desk-questions");
	});

	await step("a draft is nobody's business yet; published it is on the portal", async () => {
		const page = await newPage();
		assert.equal((await page.goto(`/services/${CODE}`)).status(), 404);
		await confirm(desk, "Publish");
		await desk.getByRole("button", { name: "Open on the portal" }).waitFor();
		await shot(desk, "desk-published");
		assert.equal((await page.goto(`/services/${CODE}`)).status(), 200);
		await page.goto(`/services?q=${encodeURIComponent("fallen fence")}`);
		await page.getByRole("link", { name: TITLE, exact: true }).click();
		assert.equal(await page.getByLabel("Which path?").isVisible(), false);
		await page.getByLabel("Yes", { exact: true }).check();
		await page.getByLabel("Which path?").fill("The one along the river");
		await page.getByLabel("E-mail").fill(aResident("Fiona Fence").email);
		await shotBoth(page, "desk-made-service");
		await send(page);
		const ticket = await findTicket(await readReference(page));
		assert.equal(ticket.cs_department, "parks");
		assert.ok((await readText(page.locator("main"))).includes("Parks and Recreation"));
		await page.context().close();
	});

	await step("retired it leaves the portal, and what was sent stays", async () => {
		await confirm(desk, "Retire");
		const page = await newPage();
		assert.equal((await page.goto(`/services/${CODE}`)).status(), 404);
		await page.context().close();
	});

	await desk.context().close();
});

test("a manager finds every list and form of the workspace in order", async () => {
	const desk = await openDesk("Citizen Support Manager");
	const broken = [];
	desk.on("response", (response) => {
		if (response.status() >= 400 && response.url().includes("/api/")) broken.push(`${response.status()} ${response.url()}`);
	});
	desk.on("pageerror", (error) => broken.push(`${desk.url()}: ${error.message}`));
	const places = {
		services: "municipal-service",
		categories: "service-category/view/tree",
		departments: "municipal-department",
		department: "municipal-department/streets",
		pothole: "municipal-service/pothole",
		notices: "notice-template",
		citizens: "citizen",
		submissions: "service-submission",
		settings: "citizen-support-settings",
	};
	for (const [name, path] of Object.entries(places)) {
		await desk.goto(`/app/${path}`);
		await desk.locator(".page-container:visible .layout-main").first().waitFor();
		await desk.waitForLoadState("networkidle");
		assert.equal(await desk.locator(".modal.show").count(), 0, `no message stands in the way of ${name}`);
		await shot(desk, `desk-${name}`);
	}
	assert.deepEqual(broken, []);
	await desk.context().close();
});

test("a coordinator changes words of the own department, and neither structure nor the others", async () => {
	const desk = await openDesk("Department Coordinator");
	await desk.goto("/app/municipal-service/pothole");
	await field(desk, "summary").waitFor();
	for (const label of ["Publish", "Retire", "Back to draft"]) {
		assert.equal(await desk.getByRole("button", { name: label, exact: true }).count(), 0, `no button “${label}”`);
	}
	assert.equal(await field(desk, "department").count(), 0, "the department is only shown");
	await desk.getByRole("tab", { name: "Questions" }).click();
	assert.equal(await desk.locator("[data-fieldname=questions] .grid-add-row:visible").count(), 0, "no question can be added");
	await shot(desk, "desk-coordinator");
	await desk.context().close();

	const before = await asRole("IT", (api) => api.get("Municipal Service", "pothole"));
	await asRole("Department Coordinator", async (api) => {
		const change = (name, fieldname) =>
			api.call("frappe.client.set_value", { doctype: "Municipal Service", name, fieldname }).then(
				() => "taken",
				(error) => String(error).slice(0, 10),
			);
		assert.equal(await change("pothole", { summary: `${before.summary} ` }), "taken");
		await change("pothole", { department: "parks", status: "Retired", resolution_target: 1, kind: "Question" });
		await change("pothole", { questions: [] });
		assert.match(await change("missed-bin", { summary: "Ours now" }), /403/);
	});
	const now = await asRole("IT", (api) => api.get("Municipal Service", "pothole"));
	for (const name of ["department", "status", "resolution_target", "kind"]) assert.equal(now[name], before[name], name);
	const questions = (service) => service.questions.map((row) => [row.question_key, row.question_type, row.required]);
	assert.deepEqual(questions(now), questions(before));
});
