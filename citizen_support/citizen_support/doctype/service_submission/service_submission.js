frappe.ui.form.on("Service Submission", {
	refresh(frm) {
		frm.disable_save();
		frm.fields_dict.answers_html.html(make_answers(frm) + make_files(frm));
		show_reasons(frm);
		if (frm.doc.ticket) {
			const address = `/helpdesk/tickets/${encodeURIComponent(frm.doc.ticket)}`;
			frm.add_custom_button(__("Open in Helpdesk"), () => window.open(address, "_blank", "noopener"));
		} else if (frm.perm[0]?.write) {
			const button = frm.add_custom_button(__("File again"), () => file_again(frm));
			button.removeClass("btn-default").addClass("btn-primary");
		}
		if (frm.doc.state === "Needs Attention") {
			frm.set_intro(
				__("This request has no ticket yet, and will not be tried again by itself. Mend what went wrong, then press “File again”."),
				"red"
			);
		}
	},
});

async function show_reasons(frm) {
	const field = frm.fields_dict.why_html;
	field.html("");
	const { name } = frm.doc;
	const { message } = await frappe.call({
		method: "citizen_support.api.routing.explain_request",
		type: "GET",
		args: { reference: name },
	});
	if (frm.doc.name !== name) return;
	const { rules, notes, reason } = message;
	const list = rules.length || !notes.length ? reasons_describe_rules(message) : reasons_text(reason);
	field.html(`<div class="cs-reasons">${reasons_text(notes.join("\n"))}${list}</div>`);
}

async function file_again(frm) {
	const { message } = await frappe.call({
		method: "citizen_support.api.desk.file_again",
		type: "POST",
		args: { reference: frm.doc.name },
		freeze: true,
		freeze_message: __("Filing the request …"),
	});
	await frm.reload_doc();
	if (message.ticket) {
		frappe.show_alert({
			message: __("The request is filed now, as ticket {0}.", [message.ticket]),
			indicator: "green",
		});
		return;
	}
	frappe.msgprint({
		title: __("It could not be filed"),
		message: __("The request is safe, but Helpdesk did not take it: {0}", [
			frappe.utils.escape_html(message.failure || __("no reason was given")),
		]),
		indicator: "red",
	});
}

function make_answers(frm) {
	const answers = read_answers(frm.doc.answers);
	if (!answers.length) return `<p class="text-muted">${__("No questions were answered.")}</p>`;
	return `<dl>${answers.map(make_answer).join("")}</dl>`;
}

function read_answers(data) {
	try {
		return JSON.parse(data || "[]");
	} catch {
		return [];
	}
}

function make_answer(answer) {
	const translate = answer.type === "Yes or no" ? (value) => __(value) : (value) => value;
	const lines = (answer.values || []).map((value) =>
		answer.type === "Date" ? frappe.datetime.str_to_user(value) : translate(value)
	);
	if (answer.latitude != null) lines.push(`${answer.latitude}, ${answer.longitude}`);
	const text = lines
		.map((line) => frappe.utils.escape_html(String(line)).replace(/\n/g, "<br>"))
		.join("<br>");
	const mark = answer.personal
		? ` <span class="indicator-pill no-indicator-dot gray">${__("personal")}</span>`
		: "";
	const label = frappe.utils.escape_html(answer.label || "");
	return `<dt class="text-muted" style="font-weight: normal">${label}${mark}</dt>
		<dd style="margin-bottom: var(--margin-md); overflow-wrap: anywhere">${text}</dd>`;
}

function make_files(frm) {
	const files = frm.get_docinfo().attachments || [];
	if (!files.length) return "";
	const links = files.map((file) => {
		const url = frappe.utils.escape_html(encodeURI(file.file_url));
		const name = frappe.utils.escape_html(file.file_name);
		return `<li><a href="${url}" target="_blank" rel="noopener">${name}</a></li>`;
	});
	return `<p class="text-muted">${__("Files")}</p><ul>${links.join("")}</ul>`;
}
