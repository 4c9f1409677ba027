"""The settings: what is read, what is refused, and in which words."""

from pathlib import Path

import pytest

from config import DEFAULT_HOME, Config, ConfigError, is_loopback


class TestFromEnviron:
    def test_without_variables_everything_lies_under_instance(self):
        config = Config.from_environ({})
        assert config.home == DEFAULT_HOME
        assert config.database_url == f"sqlite:///{DEFAULT_HOME}/caseflow.db"
        assert config.keys_url == f"sqlite:///{DEFAULT_HOME}/keys.db"
        assert config.jobs_url == f"sqlite:///{DEFAULT_HOME}/jobs.db"
        assert (config.host, config.port, config.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
        assert (config.unlock, config.second_factor, config.demo) == ("auto", True, False)
        assert config.lock_minutes == 5

    def test_the_databases_follow_the_home(self, tmp_path):
        assert Config.from_environ({"CASEFLOW_HOME": str(tmp_path)}).keys_url == f"sqlite:///{tmp_path}/keys.db"

    def test_the_home_is_absolute(self):
        assert Config.from_environ({"CASEFLOW_HOME": "here"}).home == Path.cwd() / "here"

    def test_an_empty_variable_counts_as_absent(self):
        assert Config.from_environ({"CASEFLOW_PORT": " "}).port == 8000

    def test_the_public_url_follows_the_port(self):
        assert Config.from_environ({"CASEFLOW_PORT": "8123"}).public_url == "http://127.0.0.1:8123"

    def test_postgresql_gets_the_driver_that_is_installed(self):
        config = Config.from_environ({"CASEFLOW_DATABASE_URL": "postgresql://u@h/d"})
        assert config.database_url == "postgresql+psycopg://u@h/d"

    def test_a_trailing_slash_is_dropped(self):
        config = Config.from_environ({"CASEFLOW_PUBLIC_URL": "https://caseflow.example.org/"})
        assert (config.public_url, config.https) == ("https://caseflow.example.org", True)

    def test_the_quick_exit_stays_on_our_neutral_page_unless_an_address_is_named(self):
        assert Config.from_environ({}).exit_url == ""
        news = "https://www.example.org/news?page=1"
        assert Config.from_environ({"CASEFLOW_EXIT_URL": news}).exit_url == news

    @pytest.mark.parametrize(("demo", "expected"), [(False, True), (True, False)])
    def test_only_the_demo_may_drop_the_second_factor(self, demo, expected):
        assert Config.from_environ({"CASEFLOW_SECOND_FACTOR": "off"}, demo=demo).second_factor is expected

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("CASEFLOW_PORT", "0"),
            ("CASEFLOW_PORT", "65536"),
            ("CASEFLOW_PORT", "٨٠٠٠"),
            ("CASEFLOW_PORT", "8" * 5000),
            ("CASEFLOW_UNLOCK", "open"),
            ("CASEFLOW_DATABASE_URL", "mysql://h/d"),
            ("CASEFLOW_DATABASE_URL", "redis://h"),
            ("CASEFLOW_KEYS_URL", "keys.db"),
            ("CASEFLOW_PUBLIC_URL", "caseflow.example.org"),
            ("CASEFLOW_PUBLIC_URL", "https://caseflow.example.org/app"),
            ("CASEFLOW_PUBLIC_URL", "https://caseflow.example.org:port"),
            ("CASEFLOW_PUBLIC_URL", "https://user@caseflow.example.org"),
            ("CASEFLOW_PUBLIC_URL", "https://["),
            ("CASEFLOW_EXIT_URL", "www.example.org"),
            ("CASEFLOW_EXIT_URL", "http://www.example.org"),
            ("CASEFLOW_EXIT_URL", "javascript:alert(1)"),
            ("CASEFLOW_EXIT_URL", "https://me@www.example.org"),
            ("CASEFLOW_EXIT_URL", 'https://www.example.org/"; x'),
            ("CASEFLOW_EXIT_URL", "https://["),
        ],
    )
    def test_a_bad_value_is_refused_in_one_sentence_that_names_it(self, name, value):
        with pytest.raises(ConfigError, match=rf"^{name} [^\n]+\.$"):
            Config.from_environ({name: value})

    def test_a_bad_second_factor_is_refused_in_the_demo(self):
        with pytest.raises(ConfigError, match="on, off"):
            Config.from_environ({"CASEFLOW_SECOND_FACTOR": "no"}, demo=True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True)]
    + [("0.0.0.0", False), ("192.168.1.2", False), ("caseflow.example.org", False), ("", False)],
)
def test_loopback_is_this_machine_only(host, expected):
    assert is_loopback(host) is expected
