const SENT_AGAIN_ON_REQUEST = ["Failed", "Held back"];

frappe.ui.form.on("Resident Notice", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.ticket) {
			const address = `/helpdesk/tickets/${encodeURIComponent(frm.doc.ticket)}`;
			frm.add_custom_button(__("Open in Helpdesk"), () => window.open(address, "_blank", "noopener"));
		}
		if (SENT_AGAIN_ON_REQUEST.includes(frm.doc.state)) {
			const button = frm.add_custom_button(__("Send again"), () => send_again(frm));
			button.removeClass("btn-default").addClass("btn-primary");
		}
		if (frm.doc.failure === "No answer" && frm.doc.state === "Failed") {
			frm.set_intro(
				__("Nobody can tell whether this message arrived: it was handed over, and no answer came. Sending it again may reach the resident twice."),
				"orange"
			);
		}
	},
});

async function send_again(frm) {
	await frappe.call({
		method: "citizen_support.api.desk.send_notice_again",
		type: "POST",
		args: { notice: frm.doc.name },
	});
	await frm.reload_doc();
	frappe.show_alert({ message: __("It goes out within a minute or two."), indicator: "green" });
}
