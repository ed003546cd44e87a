// What a browser does for a proof that no machine is sending, and that a visitor without JavaScript gets through too.

import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { closeBrowser, desk, newPage, person } from "./support/city.mjs";
import { makePhoto } from "./support/files.mjs";
import { aResident, arriveAtConfirmation, fillPothole, readReference, readText, send } from "./support/resident.mjs";

const SETTINGS = "Citizen Support Settings";
const WAIT_MILLISECONDS = 20_500;

async function ask(mode) {
	const manager = await desk(person("IT"));
	const args = { doctype: SETTINGS, name: SETTINGS, fieldname: "proof_of_work", value: mode };
	await manager.call("frappe.client.set_value", args);
	await manager.close();
}

before(() => ask("Always"));
after(async () => {
	await ask("Off");
	await closeBrowser();
});

test("with JavaScript the page goes on by itself, and the photo goes along", async () => {
	const page = await newPage();
	const scripts = [];
	page.on("request", (request) => request.resourceType() === "script" && scripts.push(new URL(request.url()).pathname));
	await page.goto("/services/pothole");
	await fillPothole(page, aResident("Paula Proof"), { photo: await makePhoto() });
	assert.ok(!scripts.some((path) => path.endsWith("proof.js")), "not before it is needed");

	await page.locator("form[data-once] [type=submit]").click();
	await arriveAtConfirmation(page);

	assert.ok(scripts.some((path) => path.endsWith("proof.js")));
	assert.match(await readReference(page), /-/);
	assert.ok((await readText(page.locator("main"))).includes("photo.jpg"));
	await page.context().close();
});

test("without JavaScript the form says how long to wait, and is taken in then", async () => {
	const page = await newPage({ javaScript: false });
	const resident = aResident("Walter Waits");
	await page.goto("/services/pothole");
	await fillPothole(page, resident);

	const response = await send(page);

	assert.equal(response.status(), 422);
	assert.match(await readText(page.locator("[role=alert]")), /wait 20 seconds/);
	assert.equal(await page.getByLabel("Name").inputValue(), resident.name);
	const asked = Date.now();
	assert.equal((await send(page)).status(), 422, "too soon");
	await new Promise((resolve) => setTimeout(resolve, asked + WAIT_MILLISECONDS - Date.now()));
	await send(page);
	assert.match(page.url(), /\?sent=1$/);
	await page.context().close();
});
