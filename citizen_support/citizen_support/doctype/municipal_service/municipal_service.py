import frappe
from frappe import _

from citizen_support import publishing, routing
from citizen_support.catalogue import checks, clear_catalogue, read_service
from citizen_support.catalogue.rules import LIVE
from citizen_support.host.phone_links import KeepsPhoneLinks


class MunicipalService(KeepsPhoneLinks):
	def autoname(self) -> None:
		checks.name_by_code(self, "title")

	def validate(self) -> None:
		self.check_coordinator()
		checks.set_question_keys(self)
		checks.check_questions(self)
		checks.check_rules(self)
		checks.check_promise(self)
		publishing.check_save(self)

	def on_update(self) -> None:
		self.keep_agreements()
		publishing.keep_version(self)
		clear_catalogue()

	def on_trash(self) -> None:
		publishing.forget_versions(self.name)
		clear_catalogue()

	def check_coordinator(self) -> None:
		"""A coordinator changes words, of the services of their own departments.

		Frappe asks for permission before it takes back what the user may not change, and so may have been shown
		another department than the service's own; now it sees the real one.
		"""
		before = self.get_doc_before_save()
		if not before or self.flags.ignore_permissions or 1 in self.get_permlevel_access():
			return
		self.check_permission("write")
		if [row.name for row in before.questions] != [row.name for row in self.questions]:
			frappe.throw(
				_("You can reword questions. A Citizen Support Manager adds, removes and moves them."),
				frappe.PermissionError,
			)

	def keep_agreements(self) -> None:
		"""Helpdesk has the agreement before the first request asks for it."""
		if self.status in LIVE:
			routing.ensure_agreements(read_service(self))
