/* Life of a service: its steps, and what stands against them. In a block of its own: all files of the form share one script. */

frappe.provide("citizen_support.publishing");

{
	const API = "citizen_support.api.publishing.";
	const STEPS = {
		Draft: ["Pilot", "Published", "Retired"],
		Pilot: ["Published", "Draft", "Retired"],
		Published: ["Draft", "Retired"],
		Retired: ["Published", "Draft"],
	};
	const LIVE = ["Pilot", "Published"];

	frappe.ui.form.on("Municipal Service", {
		setup(frm) {
			frappe.require("/assets/citizen_support/css/desk.css");
		},

		refresh(frm) {
			frm.set_df_property("status", "read_only", 1);
			if (!frm.is_new()) add_buttons(frm);
		},
	});

	/* Steps */

	function add_buttons(frm) {
		if (frm.doc.status === "Published") {
			const address = `/services/${encodeURIComponent(frm.doc.name)}`;
			frm.add_custom_button(__("Open on the portal"), () => window.open(address, "_blank", "noopener"));
		}
		if (frm.perm[0]?.write) frm.add_custom_button(__("Check"), () => check(frm));
		if (!can_publish(frm)) return;
		for (const status of STEPS[frm.doc.status] || []) add_step(frm, status);
	}

	function can_publish(frm) {
		return Boolean(frm.perm[1]?.write);
	}

	function add_step(frm, status) {
		const { label } = describe_step(frm, status);
		const button = frm.add_custom_button(label, () => {
			if (frm.is_dirty()) frappe.msgprint(__("Save your changes first."));
			else begin_step(frm, status);
		});
		if (status === "Published") button.removeClass("btn-default").addClass("btn-primary");
	}

	function describe_step(frm, status) {
		const title = `“${frappe.utils.escape_html(frm.doc.title)}”`;
		return {
			Pilot: {
				label: __("Start the pilot"),
				question: __("Start the pilot of {0}? Only those it is for can see it.", [title]),
			},
			Published: {
				label: __("Publish"),
				question: __("Publish {0}? Residents see it on the portal at once.", [title]),
			},
			Retired: {
				label: __("Retire"),
				question: __(
					"Retire {0}? It leaves the portal at once. Requests already sent go on as before.",
					[title]
				),
			},
			Draft: {
				label: __("Back to draft"),
				question: __("Take {0} back to draft? It leaves the portal until it is published again.", [
					title,
				]),
			},
		}[status];
	}

	async function begin_step(frm, status) {
		const findings = LIVE.includes(status) ? await ask("lint", { service: frm.doc.name, status }) : [];
		const { label, question } = describe_step(frm, status);
		show_dialog(frm, { title: label, question, findings, label, act: () => take_step(frm, status) });
	}

	async function take_step(frm, status) {
		const args = { service: frm.doc.name, status, confirmed: 1 };
		finish(frm, await send("set_status", args), describe_step(frm, status).label);
	}

	async function check(frm) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save your changes first."));
			return;
		}
		const status = LIVE.includes(frm.doc.status) ? frm.doc.status : "Published";
		const findings = await ask("lint", { service: frm.doc.name, status });
		const question = findings.length
			? __("This is what was found:")
			: __("Nothing stands in the way: residents can use it as it is.");
		show_dialog(frm, { title: __("Check"), question, findings });
	}

	/* What was sent has either happened, or something stands in the way that was not there a moment ago. */
	function finish(frm, outcome, title) {
		if (outcome.is_done) {
			frm.reload_doc();
			return;
		}
		const question = __("Nothing was changed. Please look at this first:");
		show_dialog(frm, { title, question, findings: outcome.findings });
	}

	/* Findings */

	function show_dialog(frm, { title, question, findings, label, act }) {
		const stops = findings.some((finding) => finding.severity === "stops");
		const dialog = new frappe.ui.Dialog({
			title,
			fields: [{ fieldname: "body", fieldtype: "HTML" }],
			primary_action_label: findings.length && !stops ? __("{0} all the same", [label]) : label,
			primary_action:
				act && !stops
					? () => {
							dialog.hide();
							act();
						}
					: null,
		});
		const lead = stops && act ? __("This has to be mended first:") : question;
		dialog.fields_dict.body.html(`<p>${lead}</p>${draw_findings(findings)}`);
		dialog.$wrapper.on("click", ".cs-lint-link", (event) => {
			dialog.hide();
			open_field(frm, findings[event.currentTarget.dataset.place]);
		});
		dialog.show();
	}

	function draw_findings(findings) {
		const rows = findings.map((finding, place) => {
			const stops = finding.severity === "stops";
			const word = stops ? __("Fix first") : __("Please look");
			return `<li class="cs-lint-row">
				<span class="indicator-pill ${stops ? "red" : "orange"}">${word}</span>
				<span>${frappe.utils.escape_html(finding.sentence)}
				<button type="button" class="btn btn-link btn-xs cs-lint-link" data-place="${place}">${__(
					"Show me where"
				)}</button></span>
			</li>`;
		});
		return rows.length ? `<ul class="cs-lint">${rows.join("")}</ul>` : "";
	}

	function open_field(frm, finding) {
		const { elsewhere } = finding;
		if (elsewhere && frappe.model.can_read(elsewhere.doctype)) {
			open_record(elsewhere);
			return;
		}
		const grid = frm.fields_dict[finding.fieldname]?.grid;
		// Frappe would put the focus into every field of a table, and open all their lists.
		frm.scroll_to_field(finding.fieldname, !grid);
		grid?.grid_rows_by_docname[finding.row]?.toggle_view(true);
	}

	// What is to be mended stands in another record.
	function open_record({ doctype, name, fieldname }) {
		frappe.route_hooks.after_load = (frm) => frm.scroll_to_field(fieldname);
		frappe.set_route("Form", doctype, name);
	}

	/* Calls */

	async function ask(method, args) {
		return (await frappe.call({ method: API + method, type: "GET", args })).message;
	}

	async function send(method, args) {
		return (await frappe.call({ method: API + method, args, freeze: true })).message;
	}

	Object.assign(citizen_support.publishing, { ask, send, can_publish, show_dialog, finish });
}
