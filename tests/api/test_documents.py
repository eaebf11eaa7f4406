"""``/api/documents`` and ``/api/clauses`` by value."""

from urllib.parse import quote

import pytest

from assistant.api.documents import attachment
from samples import BICYCLES, CORPUS_FILE, LIBRARIES

DOCUMENT = "lvliang-chan-gai-ban-2023-6"
TITLE = "关于建立健全全市推进产业工人队伍建设改革分类指导机制的实施方案"
SCHOOLS = LIBRARIES.replace("图书馆", "阅览室").replace("8号", "9号")


def ids(client):
    return [each["id"] for each in client.get("/api/documents").json()]


def upload(name, text):
    return {"file": (name, text.encode(), "text/plain")}


class TestDocumentsAndClauses:
    def test_lists_documents_with_counts(self, client, corpus_document):
        assert client.get("/api/documents").json() == [
            {
                "id": DOCUMENT,
                "file": f"{DOCUMENT}.txt",
                "title": TITLE,
                "doc_number": "吕产改办发〔2023〕6号",
                "issuer": corpus_document.metadata.issuer.value,
                "date": corpus_document.metadata.date.value,
                "effective": "",
                "expires": "",
                "clauses": 23,
                "duties": len(corpus_document.duties),
                "warnings": [],
            }
        ]

    @pytest.mark.parametrize("label", ["二（三）1", "二(三)1", "二、（三）1"])
    def test_gives_a_clause_verbatim_by_its_label(self, client, opened, label):
        (clause,) = client.get("/api/clauses", params={"label": label}).json()
        text = opened.index.documents[0].text
        assert (clause["label"], clause["heading"]) == ("二（三）1", "维护农民工合法权益")
        assert clause["text"] == text[clause["start"] : clause["end"]]
        assert clause["text"].startswith("1、维护农民工合法权益。")

    def test_gives_all_clauses_of_a_document_in_order(self, client):
        clauses = client.get("/api/clauses", params={"document": DOCUMENT}).json()
        assert [clause["label"] for clause in clauses][:4] == ["一", "二", "二（一）", "二（一）1"]
        assert len(clauses) == 23

    def test_wants_a_label_or_a_document(self, client, problem):
        assert "label" in problem(client.get("/api/clauses"), 422)

    def test_unknown_label_is_404(self, client, problem):
        assert "九（九）9" in problem(client.get("/api/clauses", params={"label": "九（九）9"}), 404)

    def test_gives_one_document_by_id_or_file_name(self, client):
        (listed,) = client.get("/api/documents").json()
        assert client.get(f"/api/documents/{DOCUMENT}").json() == listed
        assert client.get(f"/api/documents/{DOCUMENT}.txt").json() == listed

    def test_unknown_document_is_404(self, client, problem):
        assert "没有的" in problem(client.get(f"/api/documents/{quote('没有的')}"), 404)


class TestSearch:
    @pytest.mark.parametrize(
        ("params", "labels"),
        [
            ({}, ["二（一）1"]),
            ({"unit": "供电公司"}, ["二（一）2"]),
            ({"document": "bicycles", "issuer": "云桥市人民政府办公室", "place": "云桥市"}, ["二（一）1"]),
            ({"issued_from": "2022-05-08", "in_force": "2024-01-01", "limit": 1}, ["二（一）1"]),
        ],
    )
    def test_finds_the_clauses_that_the_filter_lets_through_best_first(self, changing, params, labels):
        response = changing.get("/api/clauses/search", params={"words": "优化站点布局", **params})
        found = response.json()
        assert [each["label"] for each in found][: len(labels)] == labels
        assert {each["document"] for each in found} == {"bicycles"}
        assert found[0]["doc_number"] == "云政办发〔2022〕15号"
        assert found[0]["text"] in BICYCLES

    def test_finds_front_matter_too(self, changing):
        found = changing.get("/api/clauses/search", params={"words": "方便市民短途出行"}).json()
        assert (found[0]["label"], found[0]["path"]) == ("", [])
        assert "为方便市民短途出行" in found[0]["text"]
        assert "总体目标" not in found[0]["text"]

    @pytest.mark.parametrize(
        ("params", "status", "said"),
        [
            ({"place": "南京市"}, 404, "没有符合条件的文件：地区为“南京市”"),
            ({"unit": "气象局"}, 404, "没有符合条件的条款：责任单位为“气象局”"),
            ({"document": "没有的文件"}, 404, "没有的文件"),
            ({"in_force": "明天"}, 422, "有效日期“明天”不是日期"),
            ({"words": " "}, 422, "请用 words"),
            ({"limit": 51}, 422, "limit"),
        ],
    )
    def test_what_nothing_meets_is_said(self, changing, params, status, said, problem):
        response = changing.get("/api/clauses/search", params={"words": "站点", **params})
        assert said in problem(response, status)


class TestOriginal:
    def test_is_the_file_byte_for_byte_and_never_shown_in_the_page(self, client):
        response = client.get(f"/api/documents/{DOCUMENT}/original")
        assert response.content == CORPUS_FILE.read_bytes()
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["content-disposition"].startswith(f'attachment; filename="{DOCUMENT}.txt"')

    def test_a_changed_file_is_404(self, changing, problem):
        (changing.service.settings.corpus_dir / "bicycles.txt").write_text("别的", encoding="utf-8")
        assert "收录时的原文件" in problem(changing.get("/api/documents/bicycles/original"), 404)

    @pytest.mark.parametrize(
        ("name", "header"),
        [
            ("a.txt", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"),
            ('"\r\nX: 1.txt', "attachment; filename=\"___X__1.txt\"; filename*=UTF-8''%22%0D%0AX%3A%201.txt"),
            ("通知.txt", "attachment; filename=\"__.txt\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5.txt"),
        ],
    )
    def test_header_holds_any_name(self, name, header):
        assert attachment(name) == header


class TestChanges:
    def test_preview_stores_nothing(self, changing):
        got = changing.post("/api/documents/preview", files=upload("schools.txt", SCHOOLS)).json()
        assert got["document"]["id"] == "schools"
        assert got["document"]["doc_number"] == "云文发〔2021〕9号"
        assert got["headings"] == ["一 工作目标", "二 工作要求", "二（一） 加强队伍建设", "二（二） 落实经费"]
        assert (got["warnings"], got["replaces"]) == ([], "")
        assert ids(changing) == ["bicycles", "libraries"]

    def test_added_document_is_answered_from_at_once(self, changing):
        response = changing.post("/api/documents", files=upload("阅览室.txt", SCHOOLS))
        assert response.status_code == 201
        assert response.json()["id"] == "阅览室"
        assert response.json()["duties"] == 4
        assert ids(changing) == ["bicycles", "libraries", "阅览室"]
        got = changing.post("/api/ask", json={"question": "志愿者培训归谁管？", "document": "阅览室"}).json()
        assert [unit["name"] for unit in got["units"]] == ["文旅局", "民政局"]
        original = changing.get(f"/api/documents/{quote('阅览室')}/original")
        assert original.content == SCHOOLS.encode()

    def test_existing_document_is_not_overwritten_by_adding(self, changing, problem):
        detail = problem(changing.post("/api/documents", files=upload("bicycles.txt", SCHOOLS)), 409)
        assert "PUT /api/documents/bicycles" in detail
        assert changing.service.original("bicycles")[1] == BICYCLES.encode()

    def test_replaces_a_document_under_its_id(self, changing):
        got = changing.put("/api/documents/bicycles", files=upload("neu.md", SCHOOLS)).json()
        assert (got["id"], got["file"], got["doc_number"]) == ("bicycles", "bicycles.md", "云文发〔2021〕9号")
        assert ids(changing) == ["bicycles", "libraries"]

    def test_removes_a_document(self, changing):
        assert changing.delete("/api/documents/libraries").status_code == 204
        assert ids(changing) == ["bicycles"]

    def test_the_last_document_stays(self, changing, problem):
        changing.delete("/api/documents/libraries")
        assert "最后一个文件" in problem(changing.delete("/api/documents/bicycles"), 422)

    def test_enters_days_in_force(self, changing, problem):
        address = "/api/documents/bicycles/validity"
        got = changing.put(address, json={"effective": "2022-06-01", "expires": "2027-05-31"}).json()
        assert (got["effective"], got["expires"]) == ("2022-06-01", "2027-05-31")
        assert changing.get("/api/documents/bicycles").json() == got
        assert "不是日期" in problem(changing.put(address, json={"effective": "明天"}), 422)
        assert changing.put(address, json={}).json()["effective"] == ""

    def test_days_entered_by_a_person_are_answered_and_marked_as_such(self, changing):
        changing.put("/api/documents/bicycles/validity", json={"effective": "2022-06-01"})
        asked = {"question": "施行日期是哪天？", "document": "bicycles"}
        got = changing.post("/api/ask", json=asked).json()
        assert got["status"] == "answered"
        assert "2022-06-01（人工填写" in got["text"]
        assert got["citations"] == []

    @pytest.mark.parametrize(
        ("files", "status", "words"),
        [
            (upload("a.exe", "x"), 422, "不支持的文件格式"),
            (upload("a.txt", ""), 422, "没有内容"),
            (upload("a.docx", "no archive"), 422, "a.docx"),
            (upload("a.txt", "x" * (1 << 20) + "x"), 413, "上限是 1 MB"),
            (upload("a.txt", "x" * (5 << 20)), 413, "上限 1 MB"),
            ({}, 422, "file 缺少"),
        ],
    )
    def test_bad_uploads_say_why_and_change_nothing(self, changing, problem, files, status, words):
        for address in ("/api/documents", "/api/documents/preview"):
            assert words in problem(changing.post(address, files=files), status)
        assert ids(changing) == ["bicycles", "libraries"]
        assert len(list(changing.service.settings.corpus_dir.iterdir())) == 2

    def test_a_body_without_a_stated_length_is_limited_too(self, changing, problem):
        def pieces():
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
            for _ in range(50):
                yield b"x" * 100_000

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        response = changing.post("/api/documents", content=pieces(), headers=headers)
        assert "上限 1 MB" in problem(response, 413)
