"""What a second session with the same run id adds."""


def test_later():
    pass
