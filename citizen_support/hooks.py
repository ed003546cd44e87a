app_name = "citizen_support"
app_title = "Citizen Support"
app_publisher = "Citizen Support contributors"
app_description = "A citizen desk for municipalities on Frappe Helpdesk"
app_email = "hello@citizen-support.example"
app_license = "AGPL-3.0-or-later"
required_apps = ["frappe/helpdesk"]
require_type_annotated_api_methods = True
export_python_type_annotations = True

add_to_apps_screen = [
	{
		"name": "citizen_support",
		"logo": "/assets/citizen_support/images/logo.svg",
		"title": "Citizen Support",
		"route": "/app/citizen-support",
		"has_permission": "citizen_support.setup.roles.may_open_workspace",
	}
]

# Public pages
before_request = ["citizen_support.portal.guard.admit", "citizen_support.portal.early.answer"]
after_request = ["citizen_support.portal.guard.protect"]
page_renderer = ["citizen_support.portal.renderer.PortalPage"]

# Parts of the service's form in the desk, each in a file of its own
doctype_js = {
	"Citizen Support Settings": ["public/js/desk/languages.js"],
	"Municipal Department": ["public/js/desk/languages.js", "public/js/desk/transfer_form.js"],
	"Notice Template": ["public/js/desk/transfer_form.js"],
	"Service Area": ["public/js/desk/languages.js", "public/js/desk/transfer_form.js"],
	"Service Submission": ["public/js/desk/routing_reasons.js"],
	"Service Category": ["public/js/desk/languages.js", "public/js/desk/transfer_form.js"],
	"Municipal Service": [
		"public/js/desk/service_publishing.js",
		"public/js/desk/service_pilot_history.js",
		"public/js/desk/service_routing.js",
		"public/js/desk/service_questions.js",
		"public/js/desk/service_designer.js",
		"public/js/desk/routing_reasons.js",
		"public/js/desk/trial_map.js",
		"public/js/desk/service_trial.js",
		"public/js/desk/languages.js",
		"public/js/desk/service_languages.js",
		"public/js/desk/service_replay.js",
		"public/js/desk/transfer_form.js",
	],
}

# Install and remove
before_install = "citizen_support.install.before_install"
after_install = ["citizen_support.install.after_install", "citizen_support.portal.snapshot.remember_site"]
after_migrate = ["citizen_support.install.after_migrate", "citizen_support.portal.snapshot.remember_site"]
before_migrate = ["citizen_support.install.before_migrate"]
before_uninstall = [
	"citizen_support.uninstall.before_uninstall",
	"citizen_support.portal.snapshot.forget_site",
]

# Permissions
override_whitelisted_methods = {
	"frappe.desk.desktop.update_onboarding_step": "citizen_support.api.desk.update_onboarding_step",
	"frappe.desk.search.get_link_title": "citizen_support.api.desk.get_link_title",
}
permission_query_conditions = {"File": "citizen_support.host.hidden_files.leave_out"}
has_permission = {
	"Municipal Department": "citizen_support.setup.roles.may_touch_department",
	"Municipal Service": "citizen_support.setup.roles.may_touch_service",
}

# Life of Helpdesk's documents
doc_events = {
	"Citizen Support Settings": {
		"on_update": [
			"citizen_support.languages.texts.forget_offered",
			"citizen_support.portal.snapshot.remember_later",
			"citizen_support.setup.onboarding.note_progress",
		]
	},
	"HD Team": {"on_update": "citizen_support.setup.onboarding.note_progress"},
	"Municipal Service": {
		"on_update": "citizen_support.setup.onboarding.note_progress",
		"on_trash": "citizen_support.languages.texts.remove_texts",
	},
	"Municipal Department": {
		"on_update": "citizen_support.setup.onboarding.note_progress",
		"on_trash": "citizen_support.languages.texts.remove_texts",
	},
	"Service Category": {"on_trash": "citizen_support.languages.texts.remove_texts"},
	"Service Area": {"on_trash": "citizen_support.languages.texts.remove_texts"},
	"Communication": {"validate": "citizen_support.doc_events.communication.validate"},
	"HD Ticket": {
		"before_insert": "citizen_support.doc_events.hd_ticket.before_insert",
		"before_validate": "citizen_support.doc_events.hd_ticket.before_validate",
		"before_save": "citizen_support.doc_events.hd_ticket.before_save",
		"after_insert": "citizen_support.doc_events.hd_ticket.after_insert",
		"on_update": "citizen_support.doc_events.hd_ticket.on_update",
	},
	"HD Article": {
		"on_update": "citizen_support.catalogue.snapshots.clear_catalogue",
		"on_trash": [
			"citizen_support.catalogue.snapshots.clear_catalogue",
			"citizen_support.languages.texts.remove_texts",
		],
	},
	"HD Service Holiday List": {"on_update": "citizen_support.doc_events.hd_service_holiday_list.on_update"},
	"HD Ticket Priority": {"after_insert": "citizen_support.doc_events.hd_ticket_priority.after_insert"},
}

scheduler_events = {
	"cron": {"* * * * *": ["citizen_support.intake.filing.sweep", "citizen_support.notices.sweep.sweep"]},
	"daily": [
		"citizen_support.promise.holidays.fill_holidays",
		"citizen_support.health.alerts.tell_new_findings",
		"citizen_support.notices.sweep.forget_old",
		"citizen_support.replay.service.forget_old",
	],
	"hourly": ["citizen_support.intake.held.purge"],
}

fixtures = [
	{"dt": "Role", "filters": [["name", "in", ["Citizen Support Manager", "Department Coordinator"]]]}
]
