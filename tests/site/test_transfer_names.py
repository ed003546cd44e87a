"""What a site lets stand twice leaves and arrives as well: articles of one name, and templates that had successors."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import frappe
from frappe.model.document import Document

from citizen_support import transfer
from citizen_support.transfer.catalogue_file import read_catalogue, write_catalogue
from citizen_support.transfer.export import collect, export_catalogue
from citizen_support.transfer.run import CHANGED, CONFLICT, CREATED, KEPT, UNTOUCHED
from tests.site import factories as make
from tests.site.test_transfer import HEAD, forget, make_document, sentences, take

ARTICLES = ["articles", "services", "translations"]


def make_shelf(name: str) -> str:
	"""A category of the knowledge base; nothing keeps two from having one name."""
	return frappe.get_doc({"doctype": "HD Article Category", "category_name": name}).insert().name


def translate(article: str, text: str) -> None:
	"""An article's title in German."""
	frappe.get_doc(
		{
			"doctype": "Catalogue Translation",
			"reference_doctype": "HD Article",
			"reference_name": article,
			"language": "de",
			"texts": [{"path": "title", "source": "S", "translation": text}],
		}
	).insert()


def write_article(**values: str) -> str:
	return write_catalogue({"articles": [values]})


def empty_knowledge_base() -> None:
	forget("HD Article", "HD Article Category", "Municipal Service", "Catalogue Translation")


def check_journey(sections: list[str]) -> None:
	"""Over itself nothing changes; on another site the file arrives and leaves as it came."""
	text = export_catalogue(sections)
	over_itself = take(text)
	empty_knowledge_base()
	arrived = take(text)
	again = export_catalogue(sections)
	once_more = take(text)

	assert {step.action for step in over_itself.steps} <= {UNTOUCHED}, sentences(over_itself)
	assert arrived.written, sentences(arrived)
	assert again.encode() == text.encode()
	assert {step.action for step in once_more.steps} <= {UNTOUCHED}, sentences(once_more)


# Articles


def test_two_articles_that_were_archived_leave_and_arrive() -> None:
	for number in range(2):
		article = frappe.get_doc("HD Article", make.make_article(title="Opening hours"))
		article.update({"status": "Archived", "content": f"<p>{number}</p>"})
		article.flags.ignore_validate = True
		article.save()

	check_journey(["articles"])

	contents = frappe.get_all("HD Article", {"title": "Opening hours"}, pluck="content", order_by="creation")
	assert contents == ["<p>0</p>", "<p>1</p>"]


def test_a_service_and_a_translation_find_the_right_one_of_several() -> None:
	shelf = make_shelf("Animals")
	twins = [
		make.make_article(title="Dogs", category=shelf, content=f"<p>{number}</p>") for number in range(12)
	]
	service = make.make_service(articles=[{"article": twins[1]}, {"article": twins[10]}])
	translate(twins[1], "Hunde")
	(record,) = collect({"services": [service.name]})["services"]
	assert [row["number"] for row in record["articles"]] == [2, 11]

	check_journey(ARTICLES)

	linked = [row.article for row in frappe.get_doc("Municipal Service", service.name).articles]
	assert [frappe.db.get_value("HD Article", name, "content") for name in linked] == [
		"<p>1</p>",
		"<p>10</p>",
	]
	(translated,) = frappe.get_all(
		"Catalogue Translation", {"reference_doctype": "HD Article"}, pluck="reference_name"
	)
	assert str(translated) == str(linked[0])


def test_a_service_takes_all_articles_of_the_name_along() -> None:
	shelf = make_shelf("Animals")
	twins = [make.make_article(title="Dogs", category=shelf) for _number in range(3)]
	service = make.make_service(articles=[{"article": twins[1]}])
	translate(twins[1], "Hunde")
	text = transfer.export_records("Municipal Service", [service.name])
	assert transfer.export_records("HD Article", twins[1:2], with_needs=False) == write_catalogue(
		collect({"articles": twins})
	)
	empty_knowledge_base()

	assert take(text).written
	assert len(read_catalogue(text)["articles"]) == 3
	assert transfer.export_records("Municipal Service", [service.name]) == text
	assert {step.action for step in take(text).steps} == {UNTOUCHED}


def test_separators_in_titles_and_categories_do_not_hide_an_article() -> None:
	articles = [
		make.make_article(title="Dogs", category=make_shelf("Pets / Animals")),
		make.make_article(title="Dogs / Pets", category=make_shelf("Animals")),
		make.make_article(title="Dogs /", category=make_shelf("Pets")),
	]
	service = make.make_service(articles=[{"article": name} for name in articles])
	for name in articles:
		translate(name, f"Hunde {name}")
	text = transfer.export_records("Municipal Service", [service.name])

	assert len(read_catalogue(text)["articles"]) == len(read_catalogue(text)["translations"]) == 3
	check_journey(ARTICLES)


def test_an_archived_article_is_not_taken_for_a_live_one() -> None:
	live = make.make_article(title="Dogs", content="<p>Live</p>")
	text = write_article(title="Dogs", status="Archived", content="<p>Old</p>")

	outcome = take(text)

	assert [step.action for step in outcome.steps] == [CREATED]
	assert frappe.db.get_value("HD Article", live, ["status", "content"]) == ("Published", "<p>Live</p>")
	assert [step.action for step in take(text).steps] == [UNTOUCHED]


def test_a_file_can_archive_an_article_with_its_category_and_does_so_once() -> None:
	shelf = make_shelf("Animals")
	live = make.make_article(title="Dogs", category=shelf)
	make.make_article(category=shelf)
	text = write_article(title="Dogs", category="Animals", status="Archived", content="<p>Answer</p>")

	assert [take(text).steps[0].action for _time in range(2)] == [CHANGED, UNTOUCHED]
	assert frappe.db.get_value("HD Article", live, "status") == "Archived"
	assert frappe.db.count("HD Article", {"title": "Dogs"}) == 1


def test_an_article_stays_in_its_own_of_two_categories_of_one_name() -> None:
	make_shelf("Animals")
	own = make_shelf("Animals")
	article = make.make_article(title="Dogs", category=own)

	outcome = take(write_article(title="Dogs", category="Animals", status="Published", content="<p>New</p>"))

	assert outcome.count(CHANGED) == 1, sentences(outcome)
	assert frappe.db.get_value("HD Article", article, ["category", "content"]) == (own, "<p>New</p>")


def test_a_number_without_those_before_it_is_a_conflict() -> None:
	text = HEAD + "articles:\n  - title: Dogs\n    category: Animals\n    number: 3\n"

	outcome = take(text)

	assert outcome.count(CONFLICT) == 1 and not outcome.written
	assert "“Dogs / Animals (2)” is neither here nor in the file." in sentences(outcome)


def test_the_order_of_a_file_does_not_matter() -> None:
	rows = [
		{"title": "Dogs", "number": number, "content": f"<p>{number}</p>", "status": "Published"}
		for number in (2, 1)
	]

	outcomes = [take(write_catalogue({"articles": rows})) for _time in range(2)]

	assert [{step.action for step in outcome.steps} for outcome in outcomes] == [{CREATED}, {UNTOUCHED}]
	contents = frappe.get_all("HD Article", {"title": "Dogs"}, pluck="content", order_by="creation")
	assert contents == ["<p>1</p>", "<p>2</p>"]


titles = st.sampled_from(["Dogs", "dogs", "Café", "Cafe", "A", "A / B", "A /", "/ B", "😀", "😺"])
shelves = st.sampled_from(["", "Pets", "pets", "B / C", "C", "/ C", "Café", "Cafe", "Pets (2)"])
articles = st.lists(
	st.tuples(titles, shelves, st.sampled_from(["Published", "Draft", "Archived"]), st.booleans()), max_size=7
)


@settings(
	max_examples=25,
	deadline=None,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(articles)
def test_whatever_articles_are_called_they_leave_and_arrive_the_same(rows: list) -> None:
	frappe.db.savepoint("property")
	empty_knowledge_base()
	for number, (title, shelf, status, is_translated) in enumerate(rows):
		category = make_shelf(shelf) if shelf else None
		name = make.make_article(
			title=title, category=category, status=status, content=f"<p>Answer {number}</p>"
		)
		if is_translated:
			translate(name, f"Antwort {number}")

	check_journey(ARTICLES)

	frappe.db.rollback(save_point="property")


# Message texts


def make_template(**values: object) -> Document:
	"""Words for the confirmation in English, in use."""
	return frappe.get_doc(
		{
			"doctype": "Notice Template",
			"notice": "Confirmation",
			"language": "en",
			"opening": "Hello.",
			**values,
		}
	).insert()


def test_message_texts_out_of_use_stay_at_home() -> None:
	frappe.db.delete("Notice Template")
	old = [make_template(subject=f"Old {number}", enabled=0) for number in range(2)]
	used = make_template(subject="In use")
	make_template(subject="Only old", notice="Done", enabled=0)
	text = export_catalogue(["notice_templates"])
	chosen = transfer.export_records("Notice Template", [old[0].name, used.name])

	outcome = take(text)

	assert [row["subject"] for row in read_catalogue(text)["notice_templates"]] == ["In use"]
	assert chosen == text
	assert [step.action for step in outcome.steps] == [UNTOUCHED]
	forget("Notice Template")
	assert take(text).written
	assert export_catalogue(["notice_templates"]) == text


def test_a_message_text_meets_the_one_in_use() -> None:
	frappe.db.delete("Notice Template")
	used, old = make_template(subject="In use"), make_template(subject="Old", enabled=0)
	text = export_catalogue(["notice_templates"]).replace("In use", "New words")

	assert take(text).written

	assert frappe.db.get_value("Notice Template", used.name, "subject") == "New words"
	assert frappe.db.get_value("Notice Template", old.name, "subject") == "Old"


def test_only_message_texts_out_of_use_make_no_file() -> None:
	frappe.db.delete("Notice Template")
	old = make_template(subject="Old", enabled=0)

	with pytest.raises(frappe.ValidationError, match="in use"):
		transfer.export_records("Notice Template", [old.name])


# Long names


def test_long_names_are_remembered_apart(transactions: object) -> None:
	"""Title and category have 140 characters each; both articles are the same for the first 250 of them."""
	title, shelf = "T" * 140, "C" * 139
	rows = [
		{"title": title, "category": f"{shelf}{end}", "status": "Published", "content": f"<p>{end}</p>"}
		for end in "ab"
	]
	name = make_document(write_catalogue({"articles": rows}))
	assert transfer.check(name) == "Checked"
	assert transfer.import_now(name) == "Imported"
	ours = frappe.get_doc("HD Article", {"title": title, "content": "<p>a</p>"})
	ours.content = "<p>In our own words</p>"
	ours.save()
	for row in rows:
		row["content"] += "<p>News</p>"

	outcome = take(write_catalogue({"articles": rows}))

	assert [step.action for step in outcome.steps] == [KEPT, CHANGED]
	assert frappe.db.get_value("HD Article", ours.name, "content") == "<p>In our own words</p>"
