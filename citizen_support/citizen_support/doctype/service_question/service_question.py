from citizen_support.host.rows import Row


class ServiceQuestion(Row):
	pass
