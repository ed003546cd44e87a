from citizen_support.host.rows import Row


class OfferedLanguage(Row):
	pass
