from prosa.up.demo_erp import VARIABLE, DemoErp, program
from runtime.settings import Settings


def test_the_token_of_the_demo_erp_is_no_argument_that_other_users_can_see() -> None:
    found = program(DemoErp("http://127.0.0.1:8090", "kanarienvogel7", {}), Settings(), 0)
    assert "kanarienvogel7" not in " ".join(found.command)
    assert found.environment == {VARIABLE: "kanarienvogel7"}
