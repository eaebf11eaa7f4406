"""``/api/duties`` and ``/api/units`` by value."""

import io

from openpyxl import load_workbook

from assistant import contract


class TestDuties:
    def test_is_the_ledger_of_the_command_line(self, client, opened):
        assert client.get("/api/duties").json() == contract.duty_records(opened.duty_rows())

    def test_keeps_to_one_unit(self, client, opened):
        rows = client.get("/api/duties", params={"unit": "教育局"}).json()
        assert [row["label"] for row in rows] == ["二（一）3", "二（二）2", "二（三）3"]
        assert rows == contract.duty_records(opened.duty_rows(unit="教育局"))

    def test_keeps_to_one_role(self, client):
        roles = [row["role"] for row in client.get("/api/duties").json()]
        for role in ("lead", "responsible", "support"):
            assert len(client.get("/api/duties", params={"role": role}).json()) == roles.count(role)

    def test_unit_without_duties_has_an_empty_ledger(self, client):
        assert client.get("/api/duties", params={"unit": "气象局"}).json() == []

    def test_unknown_role_is_refused(self, client, problem):
        assert "role" in problem(client.get("/api/duties", params={"role": "boss"}), 422)

    def test_workbook_holds_the_same_rows(self, client):
        response = client.get("/api/duties.xlsx", params={"unit": "教育局"})
        assert response.headers["content-disposition"] == (
            "attachment; filename=\"duties.xlsx\"; filename*=UTF-8''%E8%B4%A3%E4%BB%BB%E5%8F%B0%E8%B4%A6.xlsx"
        )
        rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
        assert rows[0][2:5] == ("条款", "标题", "责任单位")
        assert [row[2] for row in rows[1:]] == ["二（一）3", "二（二）2", "二（三）3"]


class TestUnits:
    def test_counts_duties_by_role(self, changing):
        got = {each["unit"]: each for each in changing.get("/api/units").json()}
        assert got["市城管局"] == {
            "unit": "市城管局",
            "lead": 1,
            "responsible": 1,
            "support": 0,
            "documents": ["bicycles"],
        }
        assert got["文旅局"]["responsible"] == 2

    def test_counts_are_those_of_the_ledger(self, client):
        units = client.get("/api/units").json()
        rows = client.get("/api/duties").json()
        assert sum(each["lead"] + each["responsible"] + each["support"] for each in units) == len(rows)

    def test_keeps_to_one_document(self, changing, problem):
        units = changing.get("/api/units", params={"document": "libraries"}).json()
        assert [each["unit"] for each in units] == ["文旅局", "民政局", "财政局"]
        assert "nichts" in problem(changing.get("/api/units", params={"document": "nichts"}), 404)
