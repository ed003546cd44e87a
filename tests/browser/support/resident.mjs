// What residents do on the portal, as steps that several tests take.

import { strict as assert } from "node:assert";

export const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
let residents = 0;

/** Somebody with a mailbox of their own, so that tests do not see each other's mails. */
export function aResident(name = "Ada Resident") {
	residents += 1;
	const box = name.toLowerCase().replace(/[^a-z]+/g, ".");
	return { name, email: `${box}.${process.pid}.${Date.now()}.${residents}@example.org` };
}

/** Answer what the pothole service asks; `more` are the answers that differ from case to case. */
export async function fillPothole(page, resident, more = {}) {
	const { place = "12 Oak Street, in front of the bakery", danger = "", photo } = more;
	await page.getByLabel("Where is the pothole?").fill(place);
	await page.getByLabel("Traffic lane").check();
	await page.getByLabel("Like a car tire").check();
	await page.getByLabel(danger ? "Yes" : "No", { exact: true }).check();
	if (danger) await page.getByLabel("What happens there?").fill(danger);
	if (photo) await page.getByLabel("Photos").setInputFiles(photo);
	await page.getByLabel("Name").fill(resident.name);
	await page.getByLabel("E-mail").fill(resident.email);
}

/**
 * Send the page's form, and say what the server answered the browser with in the end.
 * A request that is done has two: `button` is the name of the one to press.
 */
export async function send(page, button) {
	const press = button ? page.getByRole("button", { name: button, exact: true }) : page.locator("form[data-once] [type=submit]");
	const [response] = await Promise.all([page.waitForNavigation(), press.click()]);
	return response;
}

/** Make a request in the shortest way; gives back its reference and the page, which shows the confirmation. */
export async function sendPothole(page, resident, more) {
	await page.goto("/services/pothole");
	await fillPothole(page, resident, more);
	await send(page);
	return readReference(page);
}

/**
 * Wait for the confirmation, by what it shows and not by the navigation to it: of two presses of a button the
 * second ends the first one's navigation, and a wait for that one ends with it.
 */
export async function arriveAtConfirmation(page) {
	await page.locator(".stub .reference").waitFor();
	assert.match(page.url(), /\/requests\/[^?]+\?sent=1$/);
}

/** The reference that a page of a request shows. */
export async function readReference(page) {
	const shown = (await page.locator(".reference, .kicker [translate=no]").first().innerText()).trim();
	assert.match(shown, REFERENCE);
	return shown;
}

/** Promised dates of a page or of a mail's HTML, each as a program and as a person reads it. */
export async function readPromise(page) {
	const times = await page.locator(".promise .stop-date time").all();
	return Promise.all(
		times.map(async (time) => ({ iso: await time.getAttribute("datetime"), text: (await time.innerText()).trim() })),
	);
}

/** Words of a page as a person sees them, in one line. */
export async function readText(locator) {
	return (await locator.innerText()).replace(/\s+/g, " ").trim();
}
