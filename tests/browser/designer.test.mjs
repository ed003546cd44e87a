// Making a service by looking at it: the preview beside the form, trying it out, and an answer that ends the form.

import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { DESKTOP, PHONE, axeFindings, closeBrowser, inOrder, newPage, shot } from "./support/city.mjs";
import { addRow, choose, closeRow, field, openTab, save, type } from "./support/forms.mjs";
import { asRole, openDesk } from "./support/helpdesk.mjs";
import { readText } from "./support/resident.mjs";

const ROW = ".grid-row-open";
const NARROWEST = { width: 320, height: 640 };
const TITLE = `Gas leak ${Date.now() % 1_000_000}`;
const CODE = TITLE.toLowerCase().replaceAll(" ", "-");
const PUBLIC_CODE = `${CODE}-on-the-portal`;
const MESSAGE = "Leave the house and call at once.";
const PHONE_NUMBER = "+1 202-555-0112";
const SMELL = "Do you smell gas?";

after(closeBrowser);

/** What stands in the preview's frame. */
function framed(page, selector) {
	return page.frameLocator(".cs-phone iframe").locator(selector);
}

/** Tick answers of the open question, which is how one chooses them. */
async function tick(page, fieldname, ...answers) {
	const field = page.locator(`${ROW} [data-fieldname='${fieldname}']`).first();
	for (const answer of answers) await field.getByLabel(answer, { exact: true }).check();
}

test("a service is made by looking at it", async (t) => {
	const step = inOrder(t);
	const desk = await openDesk("Citizen Support Manager");

	await step("the preview stands beside the form and follows what is typed", async () => {
		await desk.goto("/app/municipal-service/new");
		await field(desk, "title").waitFor();
		await desk.locator(".cs-preview .cs-findings").getByText("“Name of the service” is empty.").waitFor();
		await field(desk, "title").pressSequentially(TITLE);
		await framed(desk, "h1").getByText(TITLE).waitFor();
		await choose(desk, "department", "Streets and Roads");
		await choose(desk, "category", "Streets, sidewalks and lights");
		await framed(desk, ".dept-name").getByText("Streets and Roads").waitFor();
		await desk.locator(".cs-preview .cs-findings").waitFor({ state: "hidden" });
		await shot(desk, "designer-preview");
	});

	await step("questions: a common one, answers to tick, the condition in words", async () => {
		await openTab(desk, "Questions");
		await addRow(desk, "questions");
		await type(desk, "label", SMELL, ROW);
		await field(desk, "question_type", ROW).selectOption("Yes or no");
		await field(desk, "required", ROW).check();
		await tick(desk, "end_values", "Yes");
		await type(desk, "end_message", MESSAGE, ROW);
		await type(desk, "end_phone", PHONE_NUMBER, ROW);
		await shot(desk, "designer-question");
		await closeRow(desk);
		await addRow(desk, "questions");
		await type(desk, "label", "What did you notice?", ROW);
		await choose(desk, "show_if_question", SMELL, ROW);
		await tick(desk, "show_if_values", "No");
		await closeRow(desk);
		await desk.getByRole("button", { name: "Add a common question" }).click();
		await desk.locator(".cs-common .dropdown-item", { hasText: "Place" }).click();
		await desk.locator("[data-fieldname=questions]").getByText("Where is it?").first().waitFor();
		const notes = await desk.locator(".cs-row-note").allInnerTexts();
		assert.deepEqual(notes, [
			`“Yes” ends the form: call ${PHONE_NUMBER}.`,
			`Asked only if “${SMELL}” is “No”.`,
		]);
		await framed(desk, "legend").getByText(SMELL).waitFor();
		await shot(desk, "designer-questions");
	});

	await step("the preview works like the form: conditions and the ending, but nothing can be sent", async () => {
		const noticed = framed(desk, "label").getByText("What did you notice?");
		await framed(desk, "label").getByText("Where is it?").waitFor();
		assert.equal(await noticed.isVisible(), false);
		await framed(desk, ".option").getByText("No", { exact: true }).click();
		await noticed.waitFor();
		await framed(desk, ".option").getByText("Yes", { exact: true }).click();
		await framed(desk, ".ending").getByText(MESSAGE).waitFor();
		assert.equal(await framed(desk, ".send").isVisible(), false);
		assert.equal(await desk.evaluate(() => document.querySelector(".cs-phone iframe").contentDocument), null);
	});

	await step("confirmation and mail", async () => {
		await desk.getByRole("button", { name: "Confirmation", exact: true }).click();
		await framed(desk, ".reference").getByText("ABCD-1234").waitFor();
		await shot(desk, "designer-confirmation");
		await desk.getByRole("button", { name: "Mail", exact: true }).click();
		await framed(desk, "body").getByText(`Your request “${TITLE}” has reached us`).waitFor();
		await shot(desk, "designer-mail");
		await desk.getByRole("button", { name: "Form", exact: true }).click();
	});

	await step("tried out before it is saved, with its rule", async () => {
		await desk.evaluate(() => {
			const rule = { match_on: "Channel", match_values: "Phone", department: "parks" };
			cur_frm.add_child("routing_rules", rule);
			cur_frm.dirty();
		});
		await openTab(desk, "Try it");
		const outcome = desk.locator(".cs-trial-outcome");
		const trial = desk.locator(".cs-trial-form");
		await outcome.getByText("The form would ask again:").waitFor();
		await trial.locator("[data-fieldname=answer_1] select").selectOption({ label: "Yes" });
		await outcome.getByText("This answer ends the form.").waitFor();
		await outcome.getByText(MESSAGE).waitFor();
		await trial.locator("[data-fieldname=answer_1] select").selectOption({ label: "No" });
		await outcome.locator(".cs-lead").getByText("Streets and Roads").waitFor();
		assert.equal(await trial.locator("[data-fieldname=answer_2] input").isVisible(), true);
		assert.equal(await outcome.locator("s").count(), 1, "the rule is struck through");
		await trial.locator("[data-fieldname=channel] select").selectOption("Phone");
		await outcome.locator(".cs-lead").getByText("Parks and Recreation").waitFor();
		assert.ok((await readText(outcome.locator(".cs-rules strong"))).includes("Phone"));
		assert.ok((await readText(outcome)).includes("You will hear from"));
		await shot(desk, "designer-try");
	});

	await step("what stands there is saved; a broken one is refused with a sentence", async () => {
		await save(desk);
		await desk.waitForURL(`**/app/municipal-service/${CODE}`);
		const service = await asRole("IT", (api) => api.get("Municipal Service", CODE));
		assert.equal(service.questions[0].end_values, "Yes");
		assert.equal(service.questions[1].show_if_values, "No");
		await desk.evaluate((message) => {
			const [row] = cur_frm.doc.questions;
			return frappe.model.set_value(row.doctype, row.name, "end_message", message);
		}, "");
		await desk.locator(".cs-findings").getByText("write what residents are told").waitFor();
		await desk.reload();
		await field(desk, "title").waitFor();
	});

	await step("on a narrow screen the preview is a dialog", async () => {
		await desk.setViewportSize(PHONE);
		await desk.locator(".menu-btn-group:visible button").first().click();
		await desk.locator(".dropdown-menu.show").getByText("Preview", { exact: true }).click();
		await desk.locator(".modal.show .cs-phone iframe").waitFor();
		await framed(desk, "h1").getByText(TITLE).waitFor();
		await shot(desk, "designer-dialog");
		await desk.setViewportSize(DESKTOP);
	});

	await desk.context().close();
});

test("nothing that stands in a draft runs, neither in the preview nor beside it", async () => {
	const desk = await openDesk("Citizen Support Manager");
	await desk.goto("/app/municipal-service/new");
	await field(desk, "title").waitFor();
	await desk.evaluate(async () => {
		const evil = `"><img src=x onerror="top.hit = 1"><script>top.hit = 2</script>`;
		const question = { label: evil, question_type: "Choice", choices: `${evil}\nb`, help_text: evil };
		await cur_frm.set_value({ title: evil, summary: evil, description: evil, emergency_notice: evil });
		await cur_frm.set_value({ department: "streets", category: "streets" });
		cur_frm.add_child("questions", { ...question, end_values: evil, end_message: evil, end_phone: "112" });
		cur_frm.add_child("questions", { ...question, label: `${evil} 2`, question_type: "Multiple choice", show_if_question: evil, show_if_values: "b" });
		cur_frm.refresh_field("questions");
		cur_frm.dirty();
	});
	await openTab(desk, "Questions");
	await desk.locator(".cs-row-note").first().waitFor();
	await desk.locator("[data-fieldname=questions] .grid-row[data-idx='2'] .btn-open-row").click();
	await desk.locator(`${ROW} [data-fieldname=show_if_values] .cs-ticks`).waitFor();
	assert.equal(await desk.locator(".cs-ticks img, .cs-row-note img").count(), 0);
	await closeRow(desk);
	// Frappe's own fields show what is typed as it is until it is saved; from here on only ours are shown.
	await desk.waitForTimeout(1000);
	await desk.evaluate(() => (window.hit = undefined));
	for (const part of ["Confirmation", "Mail", "Form"]) {
		await desk.getByRole("button", { name: part, exact: true }).click();
		await framed(desk, "body").getByText("onerror").first().waitFor();
	}
	await openTab(desk, "Try it");
	await desk.locator(".cs-trial-outcome").getByRole("heading", { name: "It goes to" }).waitFor();
	await desk.locator("[data-fieldname=answer_1] select").selectOption({ index: 2 });
	await desk.locator("[data-fieldname=answer_2] input").first().check();
	await desk.locator(".cs-trial-outcome .cs-mail").getByText("onerror").waitFor();
	await desk.locator("[data-fieldname=answer_1] select").selectOption({ index: 1 });
	await desk.locator(".cs-trial-outcome blockquote").getByText("onerror").waitFor();
	await desk.waitForTimeout(1000);
	assert.equal(await desk.evaluate(() => window.hit), undefined);
	const ours = ".cs-trial img:not(.leaflet-container img), .cs-preview img";
	assert.equal(await desk.locator(ours).count(), 0, "none but the map's own");
	await desk.context().close();
});

test("the place of a trial is picked on the map, and a finding leads to the record that mends it", async (t) => {
	const step = inOrder(t);
	const name = `Lost property ${CODE}`;
	const code = name.toLowerCase().replaceAll(" ", "-");
	const ring = [[-117.2, 32.7], [-117.1, 32.7], [-117.1, 32.8], [-117.2, 32.8], [-117.2, 32.7]];
	const square = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
	const department = await asRole("IT", async (api) => {
		const team = "Product Experts"; // Helpdesk's own, without members
		const opening_hours = [{ workday: "Monday", start_time: "08:00:00", end_time: "17:00:00" }];
		const values = { department_name: `Lost and found ${CODE}`, team, opening_hours };
		const made = await api.insert("Municipal Department", values);
		const shape = JSON.stringify({ type: "FeatureCollection", features: [square] });
		const around = await api.insert("Service Area", { area_name: `Harbour ${CODE}`, shape });
		await api.insert("Municipal Service", {
			title: name,
			code,
			status: "Draft",
			summary: "Tell us what you have lost.",
			department: made.name,
			category: "streets",
			questions: [{ label: "Where was it?", question_type: "Place" }],
			routing_rules: [{ match_on: "Service Area", service_area: around.name, department: "parks" }],
		});
		return made.name;
	});
	const desk = await openDesk("Citizen Support Manager");
	const map = desk.locator(".cs-map.leaflet-container");
	const lead = desk.locator(".cs-trial-outcome .cs-lead").first();
	const latitude = desk.locator(".cs-trial-form [data-fieldname=latitude] input");

	await step("a click inside the area, and one beside it", async () => {
		await desk.goto(`/app/municipal-service/${code}`);
		await field(desk, "title").waitFor();
		await openTab(desk, "Try it");
		await map.locator("path.leaflet-interactive").waitFor();
		await lead.waitFor();
		await map.click();
		await lead.getByText("Parks and Recreation").waitFor();
		assert.ok(Math.abs(Number(await latitude.inputValue()) - 32.75) < 0.05, await latitude.inputValue());
		await map.locator("img.leaflet-marker-icon").waitFor();
		await shot(desk, "designer-map");
		await desk.setViewportSize(PHONE);
		await map.scrollIntoViewIfNeeded();
		await shot(desk, "designer-map");
		await desk.setViewportSize(DESKTOP);
		await map.click({ position: { x: 60, y: 8 } });
		await desk.locator(".cs-trial-outcome .cs-rules strong").getByText("Otherwise it goes").waitFor();
	});

	await step("numbers can be typed as well", async () => {
		await latitude.fill("32.75");
		await desk.locator(".cs-trial-form [data-fieldname=longitude] input").fill("-117.15");
		await desk.locator(".cs-trial-form [data-fieldname=longitude] input").press("Tab");
		await lead.getByText("Parks and Recreation").waitFor();
	});

	await step("what is not translated is marked and counted", async () => {
		await desk.locator(".cs-preview-language").selectOption("de");
		await desk.locator(".cs-untranslated").getByText("3 texts are not translated into German yet.").waitFor();
		const title = framed(desk, "main [lang=en]").getByText(name, { exact: true }).first();
		assert.match(await title.evaluate((element) => getComputedStyle(element.closest("[lang]")).outlineStyle), /dashed/);
		await shot(desk, "designer-untranslated");
		await desk.locator(".cs-preview-language").selectOption("en");
		await desk.locator(".cs-untranslated").waitFor({ state: "hidden" });
	});

	await step("“Show me where” opens the department whose team cannot take requests", async () => {
		await desk.getByRole("button", { name: "Check", exact: true }).first().click();
		const row = desk.locator(".modal.show .cs-lint-row").filter({ hasText: `Lost and found ${CODE} cannot take requests` });
		await row.locator(".cs-lint-link").click();
		await desk.waitForURL(`**/app/municipal-department/${department}`);
		await field(desk, "team").waitFor();
		await shot(desk, "designer-finding-elsewhere");
	});

	await desk.context().close();
});

/** A published service whose first answer may end its form. */
function makeGasService() {
	const yesOrNo = { question_type: "Yes or no", required: 1 };
	const doc = {
		doctype: "Municipal Service",
		title: `${TITLE} on the portal`,
		code: PUBLIC_CODE,
		status: "Published",
		department: "streets",
		category: "streets",
		questions: [
			{ ...yesOrNo, label: SMELL, question_key: "smell", end_values: "Yes", end_message: MESSAGE, end_phone: PHONE_NUMBER },
			{ label: "What did you notice?", question_type: "Short text", show_if_question: "smell", show_if_values: "No" },
			{ label: "Where is it?", question_type: "Place" },
		],
	};
	return asRole("IT", (api) => api.call("frappe.client.insert", { doc }));
}

before(makeGasService);

test("an answer ends the form as soon as it is chosen", async () => {
	const page = await newPage();
	await page.goto(`/services/${PUBLIC_CODE}`);
	const ending = page.locator(".field .ending");
	const call = ending.getByRole("link", { name: `Call ${PHONE_NUMBER}` });
	await page.getByLabel("No", { exact: true }).check();
	await page.getByLabel("What did you notice?").fill("A hissing pipe");
	assert.equal(await ending.isVisible(), false);

	await page.getByLabel("Yes", { exact: true }).check();
	assert.equal(await readText(ending.locator(".ending-text")), MESSAGE);
	assert.equal(await call.getAttribute("href"), "tel:+12025550112");
	assert.ok((await call.boundingBox()).height >= 44, "large enough for a thumb");
	assert.equal(await ending.getAttribute("role"), "alert");
	for (const gone of [page.getByLabel("What did you notice?"), page.getByLabel("E-mail"), page.locator(".send")]) {
		assert.equal(await gone.isVisible(), false);
	}
	await page.getByLabel("Yes", { exact: true }).press("Enter");
	await page.waitForTimeout(300);
	assert.ok(page.url().endsWith(PUBLIC_CODE), "Enter sends nothing");
	assert.deepEqual(await axeFindings(page), []);
	await page.emulateMedia({ colorScheme: "dark" });
	assert.deepEqual(await axeFindings(page, ["color-contrast"]), []);
	await page.emulateMedia({ colorScheme: "light" });
	await shot(page, "ending");
	await page.setViewportSize(NARROWEST);
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROWEST.width);
	await page.evaluate(() => (document.documentElement.dir = "rtl"));
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROWEST.width);
	await page.evaluate(() => (document.documentElement.dir = "ltr"));
	await page.setViewportSize(PHONE);

	await page.getByLabel("No", { exact: true }).check();
	assert.equal(await ending.isVisible(), false);
	assert.equal(await page.getByLabel("What did you notice?").inputValue(), "A hissing pipe", "nothing typed is lost");
	assert.equal(await page.locator(".send [type=submit]").isEnabled(), true);
	await page.context().close();
});

test("without JavaScript the sent form says so, keeps everything and takes nothing in", async () => {
	const page = await newPage({ javaScript: false });
	await page.goto(`/services/${PUBLIC_CODE}`);
	await page.getByLabel("Yes", { exact: true }).check();
	await page.getByLabel("Where is it?").fill("Oak Street 5");
	await page.getByLabel("E-mail").fill("nobody.in.danger@example.org");
	const [response] = await Promise.all([page.waitForNavigation(), page.locator("form[data-once] [type=submit]").click()]);
	assert.equal(response.status(), 422);
	const ending = page.locator("section.ending");
	assert.equal(await ending.getAttribute("role"), "alert");
	assert.ok((await readText(ending)).includes(MESSAGE));
	assert.equal(await ending.getByRole("link", { name: `Call ${PHONE_NUMBER}` }).getAttribute("href"), "tel:+12025550112");
	assert.equal(await page.getByLabel("Where is it?").inputValue(), "Oak Street 5");
	assert.equal(await page.getByLabel("E-mail").inputValue(), "nobody.in.danger@example.org");
	const sent = await asRole("IT", (api) => api.list("Service Submission", { filters: { service: PUBLIC_CODE } }));
	assert.deepEqual(sent, []);
	await shot(page, "ending-noscript");
	await ending.getByRole("link", { name: SMELL }).click();
	assert.ok(page.url().includes("#q-"), page.url());
	await page.context().close();
});
