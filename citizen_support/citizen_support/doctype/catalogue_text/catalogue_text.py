from citizen_support.host.phone_links import KeepsPhoneLinks
from citizen_support.host.rows import Row


class CatalogueText(KeepsPhoneLinks, Row):
	pass
