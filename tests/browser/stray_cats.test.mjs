// The pilot a city begins with: stray cats. A manager without any right of IT makes the service from nothing, tries
// it, pilots it, publishes it, changes and takes back, and moves it to another city, where it does the same.

import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { address, closeBrowser, inOrder, newPage, person, secondAddress, shot, shotBoth } from "./support/city.mjs";
import { addRow, choose, closeRow, field, openTab, save, type } from "./support/forms.mjs";
import { asRole, findTicket, openDesk } from "./support/helpdesk.mjs";
import { aResident, readReference, readText, send } from "./support/resident.mjs";

const MANAGER = "Citizen Support Manager";
const ROW = ".grid-row-open";
const NUMBER = Date.now() % 1_000_000;
const TITLE = `Stray cat ${NUMBER}`;
const CODE = `stray-cat-${NUMBER}`;
const SHELTER = `Cat shelter ${NUMBER}`;
const RANGERS = `Park rangers ${NUMBER}`;
const AREA = `Old Town ${NUMBER}`;
const HURT = "Is the cat hurt?";
const PLACE = "Where is the cat?";
const GERMAN = { title: "Streunende Katze", place: "Wo ist die Katze?", hurt: "Ist die Katze verletzt?" };
const IN_THE_AREA = "5 River Lane, 92111";
const ELSEWHERE = "7 Hill Road, 92444";
const NO_GOALS = "No goals are stated. Write down now what the pilot is to show, so that the report can measure it.";
const NO_PROMISE =
	"A promise is at least 1 and at most 2,000 working hours or 730 days. Set “Done within” to 0 to promise no end.";

after(closeBrowser);

/** Press one of the form's own buttons; what the dialog then says is in the answer. */
async function takeStep(desk, label) {
	await desk.getByRole("button", { name: label, exact: true }).first().click();
	const dialog = desk.locator(".modal.show");
	await dialog.waitFor();
	const said = await readText(dialog);
	await Promise.all([
		desk.waitForResponse((one) => one.url().includes("publishing.set_status")),
		dialog.locator(".modal-footer .btn-primary").click(),
	]);
	await dialog.waitFor({ state: "hidden" });
	return said;
}

async function makeDepartment(desk, name, team) {
	await desk.goto("/app/municipal-department/new");
	await field(desk, "department_name").waitFor();
	await type(desk, "department_name", name);
	await choose(desk, "team", team);
	await type(desk, "phone", "+12025550177");
	await type(desk, "email", "animals@riverton.example");
	await save(desk);
}

/** Send the form as a resident would; gives back the ticket that became of it. */
async function report(page, place, { hurt = false, base = address } = {}) {
	await page.getByLabel(PLACE).fill(place);
	await page.getByLabel(hurt ? "Yes" : "No", { exact: true }).check();
	if (hurt) await page.getByLabel("What is wrong with it?").fill("It limps on one leg");
	await page.getByLabel("E-mail").fill(aResident("Cora Catlover").email);
	await send(page);
	const reference = await readReference(page);
	return { reference, ...(await findTicket(reference, "IT", base)) };
}

test("a service for stray cats, from nothing to another city", async (t) => {
	const step = inOrder(t);
	const desk = await openDesk(MANAGER);
	const team = await asRole("IT", async (api) => (await api.list("HD Team"))[0].name);
	const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
	const file = join(folder, "stray-cat.yaml");
	const sent = {};
	let link;

	await step("departments and an area, without any right of IT", async () => {
		const { roles } = await asRole("IT", (api) => api.get("User", person(MANAGER).user));
		assert.ok(!roles.some(({ role }) => role === "System Manager"));
		await makeDepartment(desk, SHELTER, team);
		await makeDepartment(desk, RANGERS, team);
		await desk.goto("/app/service-area/new");
		await type(desk, "area_name", AREA);
		await type(desk, "postcodes", "92111");
		await save(desk);
		await shot(desk, "stray-area");
	});

	await step("the service, a condition, and a rule for the area with a target of its own", async () => {
		await desk.goto("/app/municipal-service/new");
		await field(desk, "title").waitFor();
		await type(desk, "title", TITLE);
		await type(desk, "summary", "Tell us about a cat without a home.");
		await choose(desk, "department", SHELTER);
		await choose(desk, "category", "Animals and pets");
		await type(desk, "response_target", "2");
		await openTab(desk, "Questions");
		await addRow(desk, "questions");
		await type(desk, "label", PLACE, ROW);
		await field(desk, "question_type", ROW).selectOption("Place");
		await field(desk, "required", ROW).check();
		await closeRow(desk);
		await addRow(desk, "questions");
		await type(desk, "label", HURT, ROW);
		await field(desk, "question_type", ROW).selectOption("Yes or no");
		await field(desk, "required", ROW).check();
		await closeRow(desk);
		await addRow(desk, "questions");
		await type(desk, "label", "What is wrong with it?", ROW);
		await field(desk, "question_type", ROW).selectOption("Long text");
		await choose(desk, "show_if_question", HURT, ROW);
		await desk.locator(`${ROW} [data-fieldname='show_if_values']`).first().getByLabel("Yes", { exact: true }).check();
		await closeRow(desk);
		await desk.getByText(`Asked only if “${HURT}” is “Yes”.`).waitFor();
		await openTab(desk, "Routing");
		await addRow(desk, "routing_rules");
		await field(desk, "match_on", ROW).selectOption("Service Area");
		await choose(desk, "service_area", AREA, ROW);
		await choose(desk, "department", RANGERS, ROW);
		await type(desk, "response_target", "4", ROW);
		await field(desk, "response_unit", ROW).selectOption("Working hours");
		await closeRow(desk);
		await desk.locator(".cs-rules").getByText(AREA).waitFor();
		await save(desk);
		await desk.waitForURL(`**/app/municipal-service/${CODE}`);
		await shotBoth(desk, "stray-service");
	});

	await step("in two languages", async () => {
		await asRole(MANAGER, async (api) => {
			const { languages } = await api.get("Citizen Support Settings", "Citizen Support Settings");
			if (languages.some(({ language }) => language === "de")) return;
			const rows = [...languages.map(({ language }) => ({ language })), { language: "de" }];
			await api.update("Citizen Support Settings", "Citizen Support Settings", { languages: rows });
		});
		await desk.reload();
		await openTab(desk, "Languages");
		await desk.locator(".cs-languages-choice").getByRole("button", { name: "Deutsch" }).click();
		for (const [source, translation] of [
			[TITLE, GERMAN.title],
			[PLACE, GERMAN.place],
			[HURT, GERMAN.hurt],
		]) {
			const row = desk.locator(".cs-languages-row").filter({ has: desk.getByText(source, { exact: true }) }).first();
			const input = row.locator("input, textarea").first();
			await input.fill(translation);
			await Promise.all([desk.waitForResponse((one) => one.url().includes("languages.save_text")), input.press("Tab")]);
		}
		await shot(desk, "stray-languages");
	});

	await step("tried before anybody sees it", async () => {
		await openTab(desk, "Try it");
		const place = desk.locator(".cs-trial-form").getByLabel(PLACE).or(desk.locator(".cs-trial-form [data-fieldname=answer_1] input"));
		await place.first().fill(IN_THE_AREA);
		await place.first().press("Tab");
		const outcome = desk.locator(".cs-trial-outcome");
		await outcome.getByText(RANGERS, { exact: true }).waitFor();
		await place.first().fill(ELSEWHERE);
		await place.first().press("Tab");
		await outcome.locator("s").getByText(AREA).waitFor();
		await outcome.getByText(SHELTER, { exact: true }).first().waitFor();
		await shotBoth(desk, "stray-try");
	});

	await step("piloted: only who has the link gets in", async () => {
		const said = await takeStep(desk, "Start the pilot");
		assert.ok(said.includes(`Start the pilot of “${TITLE}”? Only those it is for can see it.`), said);
		assert.ok(said.includes(NO_GOALS), said);
		assert.doesNotMatch(said, /Fix first/);
		await openTab(desk, "Pilot");
		link = await desk.locator("#cs-link").inputValue();
		await shotBoth(desk, "stray-pilot");
		const page = await newPage();
		assert.equal((await page.goto(`/services/${CODE}`)).status(), 404);
		await page.goto(link);
		assert.equal(new URL(page.url()).search, "", "the key is out of the address at once");
		await page.getByRole("heading", { name: TITLE }).waitFor();
		assert.equal(await page.getByLabel("What is wrong with it?").isVisible(), false);
		await shotBoth(page, "stray-pilot-form");
		assert.equal((await report(page, ELSEWHERE)).cs_department, await codeOf(SHELTER));
		await page.context().close();
	});

	await step("published it is everybody's, in both languages", async () => {
		await takeStep(desk, "Publish");
		const page = await newPage();
		await page.goto(`/services/${CODE}`);
		await page.getByLabel(PLACE).waitFor();
		sent.here = await report(page, IN_THE_AREA, { hurt: true });
		assert.equal(sent.here.cs_department, await codeOf(RANGERS));
		await page.goto(`/services/${CODE}?lang=de`);
		await page.getByRole("heading", { name: GERMAN.title }).waitFor();
		await page.getByLabel(GERMAN.place).waitFor();
		await shotBoth(page, "stray-german");
		await page.context().close();
	});

	await step("changed, and taken back with one click", async () => {
		await desk.reload();
		await type(desk, "response_target", "5");
		await save(desk);
		await openTab(desk, "History");
		const history = desk.locator(".cs-history");
		await history.getByText(/changed from .*2.* to .*5/).first().waitFor();
		await shotBoth(desk, "stray-history");
		await history.getByRole("button", { name: "Go back to this version" }).first().click();
		await desk.locator(".modal.show").getByRole("button", { name: "Yes" }).click();
		const allTheSame = desk.locator(".modal.show .modal-footer .btn-primary").filter({ hasText: "Go back" });
		await allTheSame.click({ timeout: 5000 }).catch(() => {}); // only where something else was found
		await until(async () => (await asRole(MANAGER, (api) => api.get("Municipal Service", CODE))).response_target === 2);
	});

	await step("what could not be kept is refused with a sentence", async () => {
		await desk.reload();
		await field(desk, "response_target").fill("0");
		await field(desk, "response_target").press("Tab");
		await desk.locator(".page-actions:visible .primary-action").first().click();
		await desk.locator(".modal.show").getByText(`${SHELTER}: ${NO_PROMISE}`, { exact: true }).waitFor();
		await desk.keyboard.press("Escape");
		assert.equal((await asRole(MANAGER, (api) => api.get("Municipal Service", CODE))).response_target, 2);
		await desk.reload();
	});

	await step("exported as one readable file", async () => {
		await desk.locator(".menu-btn-group:visible button").first().click();
		await desk.locator(".menu-btn-group:visible .dropdown-menu").getByText("Export…").click();
		const dialog = desk.locator(".modal.show");
		await dialog.waitFor();
		const [download] = await Promise.all([
			desk.waitForEvent("download"),
			dialog.locator(".modal-footer .btn-primary").click(),
		]);
		await download.saveAs(file);
		const text = readFileSync(file, "utf8");
		for (const word of [TITLE, AREA, SHELTER, RANGERS, GERMAN.title]) assert.ok(text.includes(word), word);
	});

	await step("in another city the same request goes the same way, with the same promise", async (t2) => {
		assert.ok(secondAddress, "bin/test brings the second city up");
		await prepareSecondCity(team);
		const other = await openDesk(MANAGER, secondAddress);
		await other.goto("/app/catalogue-import/new");
		const [chooser] = await Promise.all([
			other.waitForEvent("filechooser"),
			(async () => {
				await other.locator("[data-fieldname=file] .btn-attach").click();
				await other.locator(".modal.show .btn-file-upload").first().click();
			})(),
		]);
		await chooser.setFiles(file);
		await other.locator(".modal.show").getByRole("button", { name: "Upload", exact: true }).click();
		await other.locator("[data-fieldname=file] .attached-file").waitFor();
		await save(other);
		await other.getByRole("button", { name: "Check", exact: true }).click();
		await other.locator(".cs-import table").getByText(TITLE).first().waitFor();
		await shotBoth(other, "stray-import");
		await other.getByRole("button", { name: "Import now", exact: true }).click();
		await other.locator(".modal.show").getByRole("button", { name: "Yes" }).click();
		await until(async () =>
			(await asRole(MANAGER, (api) => api.list("Municipal Service"), secondAddress)).some(({ name }) => name === CODE),
		);
		await other.goto(`/app/municipal-service/${CODE}`);
		await takeStep(other, "Publish");
		const page = await newPage({ baseURL: secondAddress });
		await page.goto(`/services/${CODE}`);
		sent.there = await report(page, IN_THE_AREA, { hurt: true, base: secondAddress });
		const again = await newPage();
		await again.goto(`/services/${CODE}`);
		sent.here = await report(again, IN_THE_AREA, { hurt: true });
		for (const fact of ["cs_department", "agent_group", "priority", "cs_service"]) {
			assert.equal(sent.there[fact], sent.here[fact], fact);
		}
		for (const date of ["response_by", "resolution_by"]) {
			const [there, here] = [sent.there[date], sent.here[date]].map((one) => (one ? Date.parse(one) : 0));
			assert.ok(Math.abs(there - here) <= 3 * 60_000, `${date}: ${sent.there[date]} there, ${sent.here[date]} here`);
		}
		await page.goto(`/services/${CODE}?lang=de`);
		await page.getByRole("heading", { name: GERMAN.title }).waitFor();
	});
});

async function codeOf(department) {
	const rows = await asRole("IT", (api) =>
		api.list("Municipal Department", { filters: { department_name: department }, fields: ["name"] }),
	);
	return rows[0].name;
}

/** What IT does before: the team that will work, and the city's own holidays. */
async function prepareSecondCity(team) {
	const settings = await asRole("IT", (api) => api.get("Citizen Support Settings", "Citizen Support Settings"));
	const agent = await asRole("IT", async (api) => (await api.get("HD Team", team)).users[0].user);
	const { holiday_country, holiday_subdivision } = settings;
	await asRole(
		"IT",
		async (api) => {
			if (!(await api.list("User", { filters: { name: agent } })).length) {
				const roles = [{ role: "Agent" }];
				await api.insert("User", { email: agent, first_name: "Alex", send_welcome_email: 0, roles });
				await api.insert("HD Agent", { user: agent, agent_name: "Alex" });
			}
			if (!(await api.list("HD Team", { filters: { name: team } })).length) {
				await api.insert("HD Team", { team_name: team, users: [{ user: agent }] });
			}
			const own = { city_name: "Second City", holiday_country, holiday_subdivision, languages: [{ language: "de" }] };
			await api.update("Citizen Support Settings", "Citizen Support Settings", own);
			await api.call("citizen_support.api.desk.fill_holidays_now");
		},
		secondAddress,
	);
}

async function until(holds, seconds = 30) {
	for (const end = Date.now() + seconds * 1000; !(await holds()); ) {
		assert.ok(Date.now() < end, "it did not come about in time");
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
}
