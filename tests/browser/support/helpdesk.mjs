// What an agent does in Helpdesk, through its own screens.

import { strict as assert } from "node:assert";
import { DESKTOP, desk, login, newPage, person } from "./city.mjs";

const JOINER = /\u2060/g; // stands in residents' words that a mail would take for an instruction
const TICKET_FIELDS = [
	...["name", "subject", "status", "agent_group", "_assign", "priority"],
	...["sla", "response_by", "resolution_by", "cs_service", "cs_department"],
];

/** A browser with somebody logged in, wide enough for a desk. */
export async function openDesk(role = "Agent", baseURL = undefined) {
	const page = await newPage({ viewport: DESKTOP, ...(baseURL && { baseURL }) });
	await login(page, person(role));
	return page;
}

/** Do something with Frappe's API in the name of a role, and log out again. */
export async function asRole(role, work, baseURL = undefined) {
	const api = await desk(person(role), baseURL);
	try {
		return await work(api);
	} finally {
		await api.close();
	}
}

/** The one ticket of a request; fails if there is none, or a second one. */
export async function findTicket(reference, role = "IT", baseURL = undefined) {
	const wanted = { filters: { cs_reference: reference }, fields: TICKET_FIELDS };
	const tickets = await asRole(role, (api) => api.list("HD Ticket", wanted), baseURL);
	assert.equal(tickets.length, 1, `tickets of ${reference}`);
	return tickets[0];
}

/** Open a ticket in Helpdesk, with the fields beside the conversation unfolded. */
export async function openTicket(page, name) {
	await page.goto(`/helpdesk/tickets/${name}`);
	const title = page.getByText("Ticket Info", { exact: true });
	const field = page.getByText("Why here", { exact: true });
	await title.waitFor();
	if (!(await field.isVisible())) await title.click(); // Helpdesk remembers what was unfolded last time
	await field.waitFor();
}

/**
 * All that an agent reads on a ticket's screen, in one line: the page, the messages (each in a frame), and what
 * stands in fields. Messages come one by one, so it waits a while for the facts that should be there.
 */
export async function readTicket(page, facts) {
	for (let tries = 0; ; tries++) {
		const texts = page.frames().map((frame) => frame.evaluate(() => document.body?.innerText ?? "").catch(() => ""));
		const fields = page.locator("input, textarea").evaluateAll((all) => all.map((field) => field.value));
		const text = [...(await Promise.all(texts)), ...(await fields)].join(" ").replace(JOINER, "").replace(/\s+/g, " ");
		if (tries === 40 || facts.every((fact) => text.includes(fact))) return text;
		await page.waitForTimeout(250);
	}
}

/** Write to the resident with Helpdesk's own editor. */
export async function replyInHelpdesk(page, text) {
	await page.locator(".comm-area").getByRole("button", { name: "Reply", exact: true }).click();
	const editor = page.locator(".comm-area .ProseMirror:visible");
	await editor.click();
	await page.keyboard.type(text);
	const [response] = await Promise.all([
		page.waitForResponse((one) => one.request().postData()?.includes("reply_via_agent")),
		page.getByRole("button", { name: /^Send/ }).click(),
	]);
	assert.equal(response.status(), 200, "Helpdesk's own editor sends the reply");
}

/** The same without the screen, where the test is about something else. */
export async function replyByApi(ticket, to, message) {
	const args = { message, to };
	await asRole("Agent", (api) =>
		api.call("run_doc_method", { dt: "HD Ticket", dn: ticket, method: "reply_via_agent", args }),
	);
}

/** Say in the sidebar what was done; Helpdesk stores it when the field is left. */
export async function writeOutcome(page, text) {
	const field = page.getByPlaceholder("What was done, in words for");
	await field.fill(text);
	await Promise.all([page.waitForResponse(isSave), field.press("Tab")]);
}

/** Choose another status in the menu above the ticket. */
export async function changeStatus(page, from, to) {
	await page.getByRole("button", { name: from, exact: true }).click();
	await Promise.all([page.waitForResponse(isSave), page.getByRole("menuitem", { name: to, exact: true }).click()]);
}

function isSave(response) {
	return response.request().method() === "POST" && /set_value|run_doc_method|save/.test(response.url());
}
