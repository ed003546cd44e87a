const WORDS = ["subject", "opening", "ending"];

frappe.ui.form.on("Notice Template", {
	refresh(frm) {
		show_placeholders(frm);
		if (!frm.doc.notice || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Preview"), () => preview(frm));
		frm.add_custom_button(__("Restore the original"), () =>
			frappe.confirm(
				__("Put the app’s own words back? Yours are gone once you save."),
				() => fill_in(frm)
			)
		);
	},

	notice: prefill,
	language: prefill,
});

function prefill(frm) {
	if (!frm.is_new() || !frm.doc.notice || !frm.doc.language) return;
	frm.refresh();
	if (WORDS.every((field) => !frm.doc[field] || frm.doc[field] === frm.prefilled?.[field])) fill_in(frm);
}

async function fill_in(frm) {
	const { message } = await frappe.call({
		method: "citizen_support.api.desk.get_original_notice",
		type: "GET",
		args: { notice: frm.doc.notice, language: frm.doc.language },
	});
	frm.prefilled = message;
	await frm.set_value(message);
}

async function preview(frm) {
	if (!frm.doc.subject || !frm.doc.opening) {
		frappe.msgprint(__("Write a subject and an opening first."));
		return;
	}
	const { message } = await frappe.call({
		method: "citizen_support.api.desk.preview_notice",
		type: "POST",
		args: {
			notice: frm.doc.notice,
			language: frm.doc.language,
			subject: frm.doc.subject,
			opening: frm.doc.opening,
			ending: frm.doc.ending || "",
		},
	});
	show_mail(message);
}

function show_mail(mail) {
	const dialog = new frappe.ui.Dialog({
		title: __("Preview with a made-up request"),
		size: "large",
		fields: [
			{ fieldname: "subject", fieldtype: "Data", label: __("Subject"), read_only: 1 },
			{ fieldname: "mail", fieldtype: "HTML" },
			{ fieldname: "plain", fieldtype: "Section Break", label: __("As plain text"), collapsible: 1 },
			{ fieldname: "text", fieldtype: "HTML" },
		],
	});
	dialog.set_value("subject", mail.subject);
	// No permission at all: neither scripts nor links to somewhere else.
	const frame = document.createElement("iframe");
	frame.setAttribute("sandbox", "");
	frame.title = __("The message");
	frame.srcdoc = mail.html;
	frame.style.cssText = "width: 100%; height: 26rem; border: 1px solid var(--border-color); background: #fff";
	dialog.fields_dict.mail.$wrapper.append(frame);
	$("<pre>")
		.css({ "white-space": "pre-wrap", "overflow-wrap": "anywhere" })
		.text(mail.text)
		.appendTo(dialog.fields_dict.text.$wrapper);
	dialog.show();
}

function show_placeholders(frm) {
	const meanings = {
		reference: __("the public number of the request"),
		service: __("the name of the service"),
		department: __("the department that answers"),
		city: __("the name of the city"),
		state: __("what has happened, in a sentence"),
		answer_date: __("the day by which the resident hears from you; empty once they have"),
		done_date: __("the day by which it is to be done; empty if none is promised"),
		outcome: __("what was done, in the words of the agent"),
	};
	const rows = Object.entries(meanings).map(
		([name, meaning]) => `<tr><td><code>{${name}}</code></td><td>${meaning}</td></tr>`
	);
	frm.fields_dict.placeholders_html.html(`<table class="table table-sm"><tbody>${rows.join("")}</tbody></table>`);
}
