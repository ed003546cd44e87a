"""What is to be imported, whatever file it came from. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from citizen_support.transfer.rules import Content, Unreadable
from citizen_support.transfer.schema import SECTIONS, get_kinds

CATALOGUE, TABLE, OPEN311 = "Catalogue file", "Table (CSV)", "Open311 services"


@dataclass(frozen=True)
class Batch:
	"""Records by section.

	:param partial: the records name only some of their fields; the others stay as they are.
	:param only_new: fields that only a new record takes over.
	:param by_origin: services are known by where they come from, whatever code they have here.
	"""

	kind: str
	sections: Mapping[str, list[Content]] = field(default_factory=dict)
	partial: bool = False
	only_new: frozenset[str] = frozenset()
	by_origin: bool = False

	def count(self) -> int:
		"""How many records there are."""
		return sum(map(len, self.sections.values()))


def check_batch(batch: Batch) -> None:
	"""Refuse a file in which a record is no record, has no name or stands twice.

	:raises Unreadable: with the place.
	"""
	for section, records in batch.sections.items():
		seen: set[tuple] = set()
		kind = get_kinds()[section]
		for position, record in enumerate(records, start=1):
			if not isinstance(record, Mapping):
				raise Unreadable("not a record", (section, str(position)))
			needed = kind.keys[:1] if section == "articles" else kind.keys
			for key in needed:
				if not isinstance(record.get(key), str) or not record[key].strip():
					raise Unreadable("value missing", (section, str(position), key))
			if kind.identify(record) in seen:
				raise Unreadable("key twice", (section,), kind.name_of(record))
			seen.add(kind.identify(record))


def put_parents_first(categories: list[Content]) -> list[Content]:
	"""Categories in an order in which each comes after the one it belongs to; a circle stays as it is."""
	by_code = {str(row.get("code")): row for row in categories}
	ordered: dict[str, Content] = {}

	def add(code: str, on_the_way: frozenset[str]) -> None:
		row = by_code.get(code)
		if row is None or code in ordered or code in on_the_way:
			return
		add(str(row.get("parent_service_category") or ""), on_the_way | {code})
		ordered[code] = row

	for code in by_code:
		add(code, frozenset())
	return [*ordered.values(), *(row for code, row in by_code.items() if code not in ordered)]


def put_in_order(section: str, records: list[Content]) -> list[Content]:
	"""Records of a section in the order in which they are made."""
	if section == "categories":
		return put_parents_first(records)
	# Of several articles of one name each takes the next number when it is made.
	return sorted(records, key=get_kinds()[section].number_of)


def choose(batch: Batch, names: Iterable[tuple[str, str]]) -> Batch:
	"""Only these records, each named by section and name, and what they need of the file."""
	wanted = {section: set() for section in SECTIONS}
	for section, name in names:
		wanted[section].add(name)
	for service in batch.sections.get("services", []):
		if service["code"] in wanted["services"]:
			for section, name in list_needs(service):
				wanted[section].add(name)
	_add_parents(batch, wanted["categories"])
	sections = {
		section: [
			record for record in records if get_kinds()[section].name_plainly(record) in wanted[section]
		]
		for section, records in batch.sections.items()
	}
	of_doctype = {kind.doctype: section for section, kind in get_kinds().items()}
	sections["translations"] = [
		row
		for row in batch.sections.get("translations", [])
		if row["reference_name"] in wanted[of_doctype[row["reference_doctype"]]]
	]
	return replace(batch, sections={name: rows for name, rows in sections.items() if rows})


def list_needs(service: Content) -> list[tuple[str, str]]:
	"""What a service points at: departments, category, areas and articles (all of a "title / category")."""
	rules = [rule for rule in service.get("routing_rules") or [] if isinstance(rule, Mapping)]
	needs = [("departments", service.get("department")), ("categories", service.get("category"))]
	needs += [("departments", rule.get("department")) for rule in rules]
	needs += [("areas", rule.get("service_area")) for rule in rules]
	for row in service.get("articles") or []:
		needs.append(("articles", f"{row.get('article') or ''} / {row.get('category') or ''}"))
	return [(section, str(name)) for section, name in dict.fromkeys(needs) if name]


def move_to(batch: Batch, department: str = "", category: str = "") -> Batch:
	"""The same services for another department and category; those of the file are left out then."""
	services = []
	for service in batch.sections.get("services", []):
		service = dict(service)
		if department:
			service["department"] = department
			service["routing_rules"] = [
				{**rule, "department": department} if rule.get("department") else rule
				for rule in service.get("routing_rules") or []
			]
		if category:
			service["category"] = category
		services.append(service)
	sections = {**batch.sections, "services": services}
	if department:
		sections.pop("departments", None)
	if category:
		sections.pop("categories", None)
	return replace(batch, sections=sections)


def _add_parents(batch: Batch, wanted: set[str]) -> None:
	parents = {
		str(row.get("code")): row.get("parent_service_category")
		for row in batch.sections.get("categories", [])
	}
	waiting = list(wanted)
	while waiting:
		parent = parents.get(waiting.pop())
		if parent and parent not in wanted:
			wanted.add(str(parent))
			waiting.append(str(parent))
