from runtime.polling import poll


async def test_the_first_answer_is_returned() -> None:
    answers = iter([None, None, "there", "later"])

    async def ask() -> str | None:
        return next(answers)

    assert await poll(ask, seconds=5, pause=0.001) == "there"
    assert next(answers) == "later"


async def test_an_answer_that_is_false_is_an_answer() -> None:
    async def ask() -> int | None:
        return 0

    assert await poll(ask, seconds=5) == 0


async def test_without_an_answer_the_time_passes() -> None:
    async def ask() -> str | None:
        return None

    assert await poll(ask, seconds=0.02, pause=0.001) is None
