from assistant.parsing import parse_text

HEAD = "序号\t工作任务\t牵头单位\t配合单位\n"


def duties(rows):
    return [(duty.unit, duty.role) for duty in parse_text(HEAD + rows).duties]


def test_units_get_the_role_of_their_column():
    assert duties("1\t修桥\t市住建局\t市财政局\n") == [("市住建局", "lead"), ("市财政局", "support")]


def test_an_empty_last_cell_does_not_shift_the_columns():
    assert duties("2\t改造\t市住建局\t\n") == [("市住建局", "lead")]


def test_a_row_that_heads_a_section_does_not_end_the_table():
    assert duties("一、项目\t\t\t\n1\t修桥\t市住建局\t\n") == [("市住建局", "lead")]
