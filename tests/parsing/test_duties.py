from assistant.datatypes import Clause
from assistant.parsing.annotations import Annotation
from assistant.parsing.duties import ClauseLocator, make_duties
from assistant.parsing.unitnames import Unit


def annotation(start, end, name):
    return Annotation(start, end, ((Unit(name, name, "responsible", start + 1, start + 1 + len(name)),),))


def scopes(*annotations):
    locator = ClauseLocator([Clause("", ("一",), "", 0, 100)], [])
    return [duty.scope_start for duty in make_duties(annotations, locator, first_leads=False)]


def test_a_scope_starts_behind_the_annotation_before():
    assert scopes(annotation(20, 30, "市教育局"), annotation(50, 60, "市财政局")) == [0, 30]


def test_a_nested_annotation_has_a_scope_that_ends_before_itself():
    assert scopes(annotation(20, 60, "市教育局"), annotation(40, 50, "市财政局")) == [0, 40]
