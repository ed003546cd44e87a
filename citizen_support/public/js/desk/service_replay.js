// Trying the form, saved or not, on requests that really came.
{
	const MONTHS = [1, 3, 6, 12, 24, 60];

	frappe.ui.form.on("Municipal Service", {
		refresh(frm) {
			if (frm.is_new() || !frappe.model.can_read("Routing Replay")) return;
			frm.add_custom_button(__("Try on past requests…"), () => replay_ask(frm));
		},
	});

	function replay_ask(frm) {
		const dialog = new frappe.ui.Dialog({
			title: __("Try on past requests"),
			fields: [
				{
					fieldtype: "HTML",
					fieldname: "about",
					options: `<p>${__(
						"This form as it stands, saved or not, is tried on the requests that really came: which would have gone elsewhere, and which promises could have been kept. Nothing is changed and nobody is told."
					)}</p>`,
				},
				{
					fieldtype: "Select",
					fieldname: "months",
					label: __("Requests of the last"),
					options: MONTHS.map((months) => ({
						value: String(months),
						label: months === 1 ? __("1 month") : __("{0} months", [months]),
					})),
					default: "12",
					reqd: 1,
				},
			],
			primary_action_label: __("Try"),
			primary_action: ({ months }) => replay_start(frm, dialog, months),
			secondary_action_label: __("Earlier trials"),
			secondary_action() {
				dialog.hide();
				frappe.set_route("List", "Routing Replay", { service: frm.doc.name });
			},
		});
		dialog.show();
	}

	async function replay_start(frm, dialog, months) {
		dialog.disable_primary_action();
		try {
			const { message } = await frappe.call({
				method: "citizen_support.api.replay.try_on_past_requests",
				type: "POST",
				args: { draft: JSON.stringify(designer_copy(frm.doc)), months },
			});
			dialog.hide();
			frappe.set_route("Form", "Routing Replay", message);
		} catch {
			// What is to be mended has been shown; the dialog stays for the next try.
			dialog.enable_primary_action();
		}
	}
}
