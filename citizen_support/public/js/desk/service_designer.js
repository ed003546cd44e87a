// A live preview beside the form: what residents will see of the service as it stands, saved or not.

const DESIGNER_IS_WIDE = window.matchMedia("(min-width: 1200px)");
const DESIGNER_CHOICE = "citizen_support:preview";
const DESIGNER_DELAY = 400; // milliseconds after the last key
// Their values change only when the field is left; until then what is typed stands in the field alone.
const DESIGNER_TYPED = ["Data", "Small Text", "Text", "Text Editor", "Int"];

frappe.ui.form.on("Municipal Service", {
	refresh(frm) {
		frappe.require("/assets/citizen_support/css/desk.css");
		frm.cs_preview ??= new DesignerPreview(frm);
		frm.cs_preview.start();
	},
});

frappe.ui.form.on("Service Question", {
	form_render: (frm, cdt, cdn) => frm.cs_preview?.point_at(locals[cdt][cdn]),
});

// The document as the form has it, with what is being typed at this moment.
function designer_collect(frm) {
	const doc = designer_copy(frm.doc);
	const control = document.activeElement?.closest?.(".frappe-control")?.fieldobj;
	if (!control?.docname || !control.get_input_value || !DESIGNER_TYPED.includes(control.df?.fieldtype)) return doc;
	const rows = Object.values(doc).filter(Array.isArray).flat();
	const holder = [doc, ...rows].find((one) => one?.name === control.docname);
	if (holder) holder[control.df.fieldname] = designer_without_pictures(control.get_input_value());
	return doc;
}

// The document as it is now, apart from the form's own.
function designer_copy(doc) {
	return JSON.parse(JSON.stringify(doc, (_key, value) => designer_without_pictures(value)));
}

// A pasted picture stands in the text as a whole until the service is saved, which makes a file of it. Far too much to be
// sent after each key, and the portal would not show it either.
function designer_without_pictures(value) {
	if (typeof value !== "string" || !value.includes("data:")) return value;
	return value.replace(/(\bsrc\s*=\s*)("data:[^"]*"|'data:[^']*')/gi, '$1""');
}

function designer_list(title, sentences) {
	const items = sentences.map((sentence) => `<li>${frappe.utils.escape_html(sentence)}</li>`).join("");
	return `<p class="cs-findings-title">${title}</p><ul>${items}</ul>`;
}

class DesignerPreview {
	constructor(frm) {
		this.frm = frm;
		this.part = "form";
		this.language = "";
		this.asked = 0;
		this.scrolled = {};
		this.make();
		this.schedule = frappe.utils.debounce(() => this.show(), DESIGNER_DELAY);
		$(frm.wrapper).on("dirty input change", () => this.schedule());
		DESIGNER_IS_WIDE.addEventListener("change", () => this.place());
		window.addEventListener("message", (event) => this.remember_scroll(event));
	}

	make() {
		this.$body = $(`
			<section class="cs-preview">
				<div class="cs-preview-head">
					<div class="btn-group btn-group-sm" role="group"></div>
					<select class="form-control input-xs cs-preview-language"></select>
				</div>
				<div class="cs-findings" role="status"></div>
				<p class="cs-untranslated" role="status"></p>
				<div class="cs-phone"></div>
			</section>`);
		this.$body.attr("aria-label", __("Preview"));
		const parts = { form: __("Form"), confirmation: __("Confirmation"), mail: __("Mail") };
		for (const [part, label] of Object.entries(parts)) {
			$(`<button type="button" class="btn btn-default" data-part="${part}">`)
				.text(label)
				.on("click", () => this.choose({ part }))
				.appendTo(this.$body.find(".btn-group"));
		}
		this.$language = this.$body.find("select").attr("aria-label", __("Language")).hide();
		this.$language.on("change", (event) => {
			event.stopPropagation();
			this.choose({ language: this.$language.val() });
		});
		// Scripts run there, but only ours (the page's own policy), and without any reach out of the frame.
		this.frame = document.createElement("iframe");
		this.frame.setAttribute("sandbox", "allow-scripts");
		this.frame.addEventListener("load", () => this.restore_scroll());
		this.$body.find(".cs-phone").append(this.frame);
		this.panel = $(`<div class="cs-preview-panel" hidden>`).appendTo(this.frm.page.wrapper.find(".layout-main").first());
	}

	start() {
		// Frappe keeps one form for all services.
		if (this.name !== this.frm.doc.name) this.scrolled = {};
		this.name = this.frm.doc.name;
		this.frm.add_custom_button(__("Preview"), () => this.toggle());
		this.place();
	}

	choose(what) {
		Object.assign(this, what);
		this.show();
	}

	get is_chosen() {
		return localStorage.getItem(DESIGNER_CHOICE) !== "off";
	}

	get is_shown() {
		return this.panel.is(":visible") || Boolean(this.dialog?.$wrapper.is(":visible"));
	}

	toggle() {
		if (DESIGNER_IS_WIDE.matches) {
			localStorage.setItem(DESIGNER_CHOICE, this.is_chosen ? "off" : "on");
			this.place();
		} else this.open_dialog();
	}

	// Beside the form where there is room, in a dialog of its own elsewhere.
	place() {
		const is_beside = DESIGNER_IS_WIDE.matches && this.is_chosen;
		this.frm.page.wrapper.toggleClass("cs-with-preview", is_beside);
		this.panel.prop("hidden", !is_beside);
		if (!is_beside) return;
		this.dialog?.hide();
		this.panel.append(this.$body);
		this.show();
	}

	open_dialog() {
		this.dialog ??= new frappe.ui.Dialog({
			title: __("Preview"),
			fields: [{ fieldname: "preview", fieldtype: "HTML" }],
		});
		this.dialog.fields_dict.preview.$wrapper.append(this.$body);
		this.dialog.show();
		this.show();
	}

	async show() {
		if (!this.is_shown || cur_frm !== this.frm) return;
		const asked = ++this.asked;
		const { part, language } = this;
		this.$body.find("[data-part]").each((_at, button) => {
			const is_chosen = button.dataset.part === part;
			$(button).toggleClass("active", is_chosen).attr("aria-pressed", String(is_chosen));
		});
		const service = JSON.stringify(designer_collect(this.frm));
		let shown;
		try {
			shown = await frappe.xcall("citizen_support.api.designer.preview_service", { service, part, language });
		} catch {
			return; // Frappe has said what is wrong.
		}
		// Answers may overtake each other.
		if (asked === this.asked) this.fill(shown);
	}

	fill({ html, findings, language, languages, untranslated }) {
		this.language = language;
		this.show_languages(languages);
		const title = __("To be mended before it can be saved:");
		const told = findings.length ? designer_list(title, findings) : "";
		// What has been said already is not said again.
		if (this.told !== told) this.$body.find(".cs-findings").html(told);
		this.told = told;
		this.$body.find(".cs-untranslated").text(untranslated || "");
		this.frame.title = __("What residents will see");
		if (this.html !== html) this.frame.srcdoc = html;
		this.html = html;
	}

	show_languages(languages) {
		this.$language.empty().toggle(languages.length > 1);
		for (const { value, label } of languages) $("<option>").val(value).text(label).appendTo(this.$language);
		this.$language.val(this.language);
	}

	remember_scroll(event) {
		if (event.source !== this.frame.contentWindow || !Number.isFinite(event.data?.previewScroll)) return;
		this.scrolled[this.part] = event.data.previewScroll;
	}

	// The question that is being edited comes into sight.
	point_at(row) {
		if (this.part !== "form" || !this.is_shown) return;
		const before = (this.frm.doc.questions || []).filter((other) => other.idx < row.idx && other.label);
		this.frame.contentWindow.postMessage({ previewField: before.length }, "*");
	}

	restore_scroll() {
		this.frame.contentWindow.postMessage({ previewScroll: this.scrolled[this.part] || 0 }, "*");
	}
}
