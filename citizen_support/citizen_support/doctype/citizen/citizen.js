const CATEGORY_COLORS = { Open: "blue", Paused: "orange", Resolved: "green" };

frappe.ui.form.on("Citizen", {
	async refresh(frm) {
		offer_kind(frm);
		const field = frm.fields_dict.requests_html;
		if (frm.is_new()) {
			field.html(make_hint(__("Requests appear here once this person has sent one.")));
			return;
		}
		const { message } = await frappe.call({
			method: "citizen_support.api.desk.get_citizen_requests",
			type: "GET",
			args: { citizen: frm.doc.name },
		});
		field.html(message.length ? make_table(message) : make_hint(__("No requests you may see.")));
	},
});

// Agents may say what kind of Citizen this is, and change nothing else.
function offer_kind(frm) {
	const is_agent = frappe.user.has_role("Agent") || frappe.user.has_role("Agent Manager");
	if (frm.is_new() || frm.perm[0]?.write || !is_agent) return;
	frm.add_custom_button(__("Change kind"), () => {
		frappe.prompt(
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Kind"),
				options: frappe.meta.get_docfield("Citizen", "kind").options,
				default: frm.doc.kind,
				reqd: 1,
			},
			async ({ kind }) => {
				await frappe.call({
					method: "citizen_support.api.routing.set_citizen_kind",
					type: "POST",
					args: { citizen: frm.doc.name, kind },
				});
				frm.reload_doc();
			},
			__("Change kind"),
			__("Save")
		);
	});
}

function make_hint(text) {
	return `<p class="text-muted">${text}</p>`;
}

function make_table(requests) {
	const heads = [__("Reference"), __("Service"), __("Status"), __("Department"), __("Received")];
	return `<div class="table-responsive"><table class="table">
		<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>
		<tbody>${requests.map(make_row).join("")}</tbody>
	</table></div>`;
}

function make_row(request) {
	const escape = (text) => frappe.utils.escape_html(text || "");
	const color = CATEGORY_COLORS[request.category] || "gray";
	return `<tr>
		<td class="text-nowrap"><a style="text-decoration: underline" href="/helpdesk/tickets/${encodeURIComponent(request.ticket)}"
			target="_blank" rel="noopener">${escape(request.reference || request.ticket)}</a></td>
		<td>${escape(request.service)}</td>
		<td><span class="indicator-pill no-indicator-dot ${color}">${escape(__(request.status))}</span></td>
		<td>${escape(request.department)}</td>
		<td class="text-nowrap">${frappe.datetime.str_to_user(request.received, false)}</td>
	</tr>`;
}
