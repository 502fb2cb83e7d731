"""Every way in which a test can end, apart from a plain pass."""

import pytest


@pytest.fixture
def broken_setup():
    raise ConnectionError("the database of the test ist nicht da: ☠")


@pytest.fixture
def broken_teardown():
    yield
    raise OSError("could not clean up")


@pytest.fixture
def absent_browser():
    pytest.skip("no browser here")


@pytest.fixture
def known_trouble():
    pytest.xfail("the fixture knows about BUG-7")


def test_total_is_wrong():
    assert 19.99 * 3 == 60


def test_unicode_message():
    raise AssertionError("erwartet „ja“, bekommen ‚nein‘ 🙁")


def test_missing_key():
    assert {"a": 1}["b"]


def test_long_output():
    print("line of output\n" * 5_000)
    raise RuntimeError("x" * 20_000)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_status(status):
    assert status == 200


def test_fails_and_breaks(broken_teardown):
    assert False, "the call failed before its teardown did"


@pytest.mark.xfail(strict=True, reason="fixed long ago")
def test_strict_xpass():
    pass


@pytest.mark.parametrize("kind", ["first", "zweites ö"])
def test_error_in_setup(broken_setup, kind):
    pass


def test_error_in_setup_alone(broken_setup):
    pass


@pytest.mark.parametrize("kind", [1, 2])
def test_error_in_teardown(broken_teardown, kind):
    pass


@pytest.mark.skip("not today")
def test_skipped():
    pass


@pytest.mark.skipif(True, reason="no network, category:environment-issue")
def test_skipped_by_condition():
    pass


def test_skips_itself():
    pytest.skip("nothing to do: ¡nada!")


def test_skipped_by_fixture(absent_browser):
    pass


@pytest.mark.xfail(reason="BUG-1, category:product-issue")
def test_expected_failure():
    assert False


@pytest.mark.xfail(raises=ZeroDivisionError)
def test_expected_exception():
    print(1 / 0)


def test_xfails_itself():
    pytest.xfail("known since März")


def test_xfailed_by_fixture(known_trouble):
    pass


@pytest.mark.xfail(reason="BUG-2")
def test_unexpected_pass():
    pass


@pytest.mark.xfail(reason="BUG-3")
@pytest.mark.component("frontend")
def test_another_unexpected_pass():
    pass
