from citizen_support.host.rows import Row


class PilotGoal(Row):
	pass
