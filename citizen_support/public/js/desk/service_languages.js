// The tab Languages of a service.
{
	const draw = (frm) => {
		const wrapper = frm.fields_dict.languages_html.$wrapper;
		if (frm.is_new()) {
			wrapper.empty().append($('<p class="text-muted">').text(__("Save the service first; then translate it here.")));
			return;
		}
		new citizen_support.TextsInLanguages(wrapper, frm.doctype, frm.doc.name);
	};

	const is_open = (frm) => frm.get_active_tab()?.df.fieldname === "tab_languages";

	frappe.ui.form.on("Municipal Service", {
		setup(frm) {
			const tab = frm.layout.tabs.find((each) => each.df.fieldname === "tab_languages");
			tab?.tab_link.on("shown.bs.tab", () => draw(frm));
		},

		refresh(frm) {
			// Drawn when it is looked at; once the service is saved, with the texts as they are now.
			frm.fields_dict.languages_html.$wrapper.empty();
			if (is_open(frm)) draw(frm);
		},
	});
}
