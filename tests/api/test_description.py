"""The OpenAPI description: complete, with examples that work, and no request of any kind is a defect."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from api.conftest import interface, service_of_its_own

_REQUESTS = 30  # of each operation, valid and invalid ones


@pytest.fixture(scope="module")
def operations(tmp_path_factory):
    """Every operation, over documents of its own, which the requests may change."""
    app = interface(service_of_its_own(tmp_path_factory.mktemp("described")))
    return [each.ok() for each in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]


def test_every_operation_is_described(client):
    described = client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            assert operation["tags"], where
            assert any(status.startswith("2") for status in operation["responses"]), where
    assert "ProblemModel" in described["components"]["schemas"]


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/api/ask", "AskRequest"),
        ("/api/feedback", "FeedbackRequest"),
        ("/v1/chat/completions", "ChatRequest"),
    ],
)
def test_examples_are_accepted(client, path, model):
    described = client.get("/openapi.json").json()
    for example in described["components"]["schemas"][model]["examples"]:
        assert client.post(path, json=example).status_code in (200, 204)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_is_answered_with_a_defect(operations, mode):
    """Requests made from the description, as it says and against it."""
    called = set()
    for operation in operations:
        if mode is GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters()):
            statuses = _send(operation.as_strategy(generation_mode=mode))
            called.add(f"{operation.method} {operation.path}")
            if mode is GenerationMode.NEGATIVE:
                assert statuses & {400, 422}, operation.path  # what breaks the description is refused
    assert len(called) == (len(operations) if mode is GenerationMode.POSITIVE else len(operations) - 5)


def _send(requests):
    """Send some requests and give the statuses of their replies."""
    statuses = set()

    @settings(
        max_examples=_REQUESTS,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests)
    def call(case):
        response = case.call()
        assert response.status_code < 500, response.text
        if response.status_code >= 400 and case.path.startswith("/api/"):
            assert response.headers["content-type"] == ["application/problem+json"]
        statuses.add(response.status_code)

    call()
    return statuses
