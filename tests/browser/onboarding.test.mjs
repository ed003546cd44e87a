// The guide of a manager's first ten minutes, in a city where nothing is yet: its steps are ticked off by what is
// done, never by their buttons.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { closeBrowser, inOrder, person, secondAddress, shot, shotBoth } from "./support/city.mjs";
import { choose, field } from "./support/forms.mjs";
import { asRole, openDesk } from "./support/helpdesk.mjs";

const MANAGER = "Citizen Support Manager";
const NUMBER = Date.now() % 1_000_000;
const TEAM = `Animal team ${NUMBER}`;
const DEPARTMENT = `Animal services ${NUMBER}`;
const BUTTONS = ["Make a team", "Take a service from a starter catalogue", "Try a service", "Pilot your first service"];
const [MAKE_TEAM, TAKE] = BUTTONS;
const MAKE_DEPARTMENT = "Make a department";

after(closeBrowser);

const inTheCity = (role, work) => asRole(role, work, secondAddress);

/** A guide nobody has begun. Helpdesk's own teams have no members, so there is no team yet that works. */
async function beginAnew() {
	await inTheCity("IT", async (api) => {
		for (const { name } of await api.list("Onboarding Step")) {
			await api.update("Onboarding Step", name, { is_complete: 0, is_skipped: 0 });
		}
		await api.update("System Settings", "System Settings", { enable_onboarding: 1 });
	});
}

async function openGuide(desk) {
	await desk.goto("/app/citizen-support");
	await desk.locator(".onboarding-step").first().waitFor();
}

const titled = (desk, step) => desk.locator(".onboarding-step").filter({ hasText: step });

/** The steps that the guide shows as done. */
async function readDone(desk) {
	await openGuide(desk);
	return (await desk.locator(".onboarding-step.complete").allInnerTexts()).map((text) => text.replace("Skip", "").trim());
}

/** Press the button of a step; it leads somewhere and says what to do there. */
async function press(desk, step) {
	await openGuide(desk);
	await titled(desk, step).click();
	const [answer] = await Promise.all([
		desk.waitForResponse((one) => one.url().includes("update_onboarding_step")),
		desk.locator(".onboarding-step-footer .btn").first().click(),
	]);
	await desk.locator(".modal.show .modal-title").getByText(step).waitFor();
	await desk.locator(".modal.show .modal-footer .btn-primary").click();
	await desk.locator(".modal.show").waitFor({ state: "hidden" });
	return answer.status();
}

test("from nothing to a first service, a step at a time", async (t) => {
	assert.ok(secondAddress, "bin/test brings the empty city up");
	const step = inOrder(t);
	await beginAnew();
	const desk = await openDesk(MANAGER, secondAddress);

	await step("no button ticks its step off", async () => {
		for (const name of BUTTONS) assert.equal(await press(desk, name), 409, name);
		assert.deepEqual(await readDone(desk), []);
		await shotBoth(desk, "guide-begins");
	});

	await step("a team with a member, and a department with hours", async () => {
		await inTheCity(MANAGER, async (api) => {
			await api.insert("HD Team", { team_name: TEAM, users: [{ user: person(MANAGER).user }] });
			const opening_hours = [{ workday: "Monday", start_time: "08:00:00", end_time: "17:00:00" }];
			const department = { department_name: DEPARTMENT, team: TEAM, phone: "+12025550177", opening_hours };
			await api.insert("Municipal Department", department);
		});
		assert.deepEqual(await readDone(desk), [MAKE_TEAM, MAKE_DEPARTMENT]);
	});

	await step("a service from a starter catalogue", async () => {
		await press(desk, TAKE);
		await desk.getByRole("button", { name: "Start from…" }).click();
		const dialog = desk.locator(".modal.show");
		await field(desk, "service", ".modal.show").selectOption("stray-cat");
		await choose(desk, "department", DEPARTMENT, ".modal.show");
		await dialog.getByRole("button", { name: "Make a draft of it" }).click();
		await desk.waitForURL("**/app/municipal-service/stray-cat");
		await field(desk, "title").waitFor();
		assert.deepEqual(await readDone(desk), [MAKE_TEAM, MAKE_DEPARTMENT, TAKE]);
	});

	await step("its form shows around", async () => {
		await desk.goto("/app/municipal-service/stray-cat");
		await field(desk, "title").waitFor();
		await desk.locator(".menu-btn-group:visible button").first().click();
		await desk.locator(".dropdown-menu.show").getByText("Show me around", { exact: true }).click();
		const popover = desk.locator("#driver-popover-item");
		for (const title of ["What people look for", "Who answers", "Where it stands", "What you promise", "What you ask"]) {
			await popover.getByText(title, { exact: true }).waitFor();
			await shot(desk, `tour-${title.toLowerCase().replaceAll(" ", "-")}`);
			await popover.locator(".driver-next-btn").click();
		}
		await popover.waitFor({ state: "hidden" });
	});

	await desk.context().close();
});
