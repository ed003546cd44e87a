from citizen_support.host.rows import Row


class DepartmentOpeningHours(Row):
	pass
