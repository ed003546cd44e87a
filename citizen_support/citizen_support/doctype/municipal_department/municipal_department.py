import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import to_timedelta

from citizen_support import routing
from citizen_support.catalogue import checks, clear_catalogue
from citizen_support.host import views
from citizen_support.host.teams import find_team_problem


class MunicipalDepartment(Document):
	def autoname(self) -> None:
		checks.name_by_code(self, "department_name")

	def validate(self) -> None:
		self.check_hours()
		checks.check_web_address(self, "website")
		self.warn_of_team()

	def after_insert(self) -> None:
		views.ensure_department_view(self.name, self.department_name)

	def on_update(self) -> None:
		views.rename_department_view(self.name, self.department_name)
		self.keep_agreements()
		clear_catalogue()

	def on_trash(self) -> None:
		views.remove_department_view(self.name)
		clear_catalogue()

	def check_hours(self) -> None:
		seen = set()
		for row in self.opening_hours:
			if row.workday in seen:
				frappe.throw(_("{0} stands twice in the opening hours.").format(_(row.workday)))
			if to_timedelta(str(row.start_time)) >= to_timedelta(str(row.end_time)):
				frappe.throw(_("On {0} it closes before it opens.").format(_(row.workday)))
			seen.add(row.workday)

	def warn_of_team(self) -> None:
		if self.enabled and (problem := find_team_problem(self.team)):
			frappe.msgprint(
				_("{0} Until that is mended, requests for this department go to the front desk.").format(
					problem
				),
				title=_("Team"),
				indicator="orange",
			)

	def keep_agreements(self) -> None:
		"""New hours mean new agreements for services that send requests here; running requests keep what they were promised."""
		if self.is_new() or not self.has_calendar_changed():
			return
		# Hours are read from the cache, which Frappe clears only after this.
		frappe.clear_document_cache(self.doctype, self.name)
		for service in routing.list_services_for(self.name):
			routing.ensure_agreements(service, self.name)

	def has_calendar_changed(self) -> bool:
		before = self.get_doc_before_save()
		if not before or before.holiday_list != self.holiday_list:
			return True

		def read_hours(doc: Document) -> list[tuple]:
			return [(row.workday, str(row.start_time), str(row.end_time)) for row in doc.opening_hours]

		return read_hours(before) != read_hours(self)
