import frappe
from frappe import _
from frappe.utils import cint

from citizen_support.catalogue import clear_catalogue
from citizen_support.catalogue.checks import check_web_address
from citizen_support.host.phone_links import KeepsPhoneLinks
from citizen_support.limits.rules import BOUNDS, Limits
from citizen_support.promise import holidays

MOST_FILES = 10
MOST_FILE_MB = 20


class CitizenSupportSettings(KeepsPhoneLinks):
	def validate(self) -> None:
		self.check_file_limits()
		self.check_limits()
		check_web_address(self, "imprint_url")
		self.check_place()

	def on_update(self) -> None:
		clear_catalogue()
		# Frappe remembers addresses that did not exist, such as those of statements not written until now.
		frappe.cache.delete_value("website_404")
		holidays.fill_holidays()

	def check_limits(self) -> None:
		"""Numbers of the tab Limits within their bounds; what nobody has set yet keeps its default."""
		for fieldname, (least, most) in BOUNDS.items():
			if self.get(fieldname) in (None, ""):
				self.set(fieldname, getattr(Limits, fieldname))
			if not least <= cint(self.get(fieldname)) <= most:
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0} has to be between {1} and {2}.").format(frappe.bold(label), least, most))

	def check_file_limits(self) -> None:
		if not 0 <= cint(self.max_files) <= MOST_FILES:
			frappe.throw(_("A request may carry at most {0} files.").format(MOST_FILES))
		if not 1 <= cint(self.max_file_mb) <= MOST_FILE_MB:
			frappe.throw(_("A file may have between 1 and {0} megabytes.").format(MOST_FILE_MB))

	def check_place(self) -> None:
		"""An unknown country is told now, not when the list is next filled; a new place is filled from this year."""
		self.holiday_country = (self.holiday_country or "").strip().upper()[:2]
		self.holiday_subdivision = (self.holiday_subdivision or "").strip().upper()
		if self.holiday_country:
			holidays.find_public_holidays(self.holiday_country, self.holiday_subdivision, range(2026, 2027))
		if self.has_value_changed("holiday_country") or self.has_value_changed("holiday_subdivision"):
			self.holidays_filled_to = 0
			if not self.has_value_changed("holiday_list"):
				self.holiday_list = None
