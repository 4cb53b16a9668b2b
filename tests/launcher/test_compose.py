"""docker-compose.yml and the Dockerfile against what the project really has.

There is no container engine in the tests, so each command, variable and health check is
held against the programs, settings and addresses that it names.
"""

import importlib.util
import re
import shlex
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.core.management import get_commands
from django.urls import resolve

from config.celery import app
from launcher.parts import ROOT
from tests.launcher.test_settings_page import READERS, variables_read

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OF_NO_CONTAINER = {"ANJUAN_DEMO", "DEBUG", "STATIC_ROOT", "ANJUAN_RULES", "ANJUAN_YARA_RULES"}
OURS = ("migrate", "web", "worker", "worker-prompt", "worker-mail", "beat", "fetch-mail", "serve-mail")


def test_it_has_every_part_of_the_portal() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_that_the_project_has(name: str) -> None:
    words = [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", word) for word in SERVICES[name]["command"]]
    match words:
        case ["python", "manage.py", command, *_]:
            assert command in get_commands()
        case ["gunicorn", "--config", configuration]:
            kind, _, module = configuration.partition(":")
            assert kind == "python" and importlib.util.find_spec(module) is not None
        case ["celery", "--app", application, command, *options]:
            assert application == "config" and app.main == "anjuan"
            parse_celery(command, options)
        case _:
            pytest.fail(f"{name} starts with {words}, which this test does not know: teach it")


def parse_celery(command: str, options: list[str]) -> None:
    """Raises click's UsageError where Celery does not know an option."""
    subject = celery_command.commands[command]
    context = subject.context_class(subject, info_name=command, obj=None)
    parser = subject.make_parser(context)
    _, rest, _ = parser.parse_args(list(options))
    assert rest == []


@pytest.mark.parametrize("name", OURS)
def test_every_variable_given_to_our_processes_is_one_that_they_read(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= variables_read()


def test_every_setting_of_the_portal_reaches_its_containers() -> None:
    given = {name for service in OURS for name in SERVICES[service]["environment"]}
    settings = set(READERS.findall((ROOT / "config" / "settings.py").read_text()))
    assert settings - given == OF_NO_CONTAINER


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for variable in re.findall(r"\$\{(\w+)", text):
        if any(word in variable for word in ("SECRET", "PASSWORD", "KEY", "TOKEN")):
            given = re.findall(rf"\$\{{{variable}:?([-?])([^}}]*)\}}", text)
            # Without a key, the machine's role is used, or nothing encrypted; without a password, no mail.
            required = not variable.startswith(("S3_", "IMAP_", "EMAIL_", "ENCRYPTION_"))
            assert given and all(kind == "?" if required else not default for kind, default in given), (
                variable
            )


def test_what_is_scaled_has_neither_a_name_nor_one_port_of_its_own() -> None:
    for name in ("web", "worker"):
        assert "container_name" not in SERVICES[name]
    ports = SERVICES["web"]["ports"]
    default = re.search(r":-(.*?)\}", ports[0])
    assert default and re.fullmatch(r"127\.0\.0\.1:\d+-\d+", default[1])
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"web", "serve-mail"}


def test_mail_is_taken_from_this_machine_alone_on_the_port_that_the_process_listens_on() -> None:
    listen = SERVICES["serve-mail"]["environment"]["MAIL_LISTEN"]
    assert SERVICES["serve-mail"]["ports"] == ["${MAIL_PORT:-127.0.0.1:8024}:8024"]
    assert listen == "0.0.0.0:8024"
    assert SERVICES["serve-mail"]["profiles"] == ["lmtp"]


def test_every_server_has_a_health_check_and_the_others_wait_for_it() -> None:
    for name in (*OURS[1:], "postgres", "redis"):
        assert SERVICES[name]["healthcheck"]["test"], name
    for name in OURS[1:]:
        needs = SERVICES[name]["depends_on"]
        assert needs["postgres"]["condition"] == needs["redis"]["condition"] == "service_healthy"
        assert needs["migrate"]["condition"] == "service_completed_successfully"


def test_the_web_servers_health_check_asks_an_address_that_exists() -> None:
    command = " ".join(SERVICES["web"]["healthcheck"]["test"])
    match = re.search(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", command)
    assert match and match[1] == SERVICES["web"]["environment"]["PORT"]
    assert resolve(match[2]).view_name == "health-ready"
    # Or Django refuses the question itself.
    assert SERVICES["web"]["environment"]["ALLOWED_HOSTS"].endswith(",127.0.0.1")


def test_the_health_checks_in_python_are_python() -> None:
    for name in ("web", "beat", "serve-mail"):
        program, option, script = SERVICES[name]["healthcheck"]["test"][1:]
        assert (program, option) == ("python", "-c")
        compile(script, name, "exec")


def test_the_workers_health_check_asks_celery() -> None:
    for name in ("worker", "worker-prompt", "worker-mail"):
        words = shlex.split(SERVICES[name]["healthcheck"]["test"][1])
        assert words[:5] == ["celery", "--app", "config", "inspect", "ping"]


def test_all_are_on_one_network_and_every_volume_is_declared() -> None:
    for name, service in SERVICES.items():
        assert service["networks"] == ["inside"], name
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in COMPOSE["volumes"]


def test_the_queue_keeps_what_it_is_given() -> None:
    script = SERVICES["redis"]["command"][-1]
    assert "--appendonly yes" in script and "--maxmemory-policy noeviction" in script


def test_the_image_copies_only_what_exists_and_collects_what_the_pages_need() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    for module in re.findall(r"from (launcher\.\w+) import", dockerfile):
        assert importlib.util.find_spec(module) is not None
    assert "compile_all" in dockerfile and "collectstatic" in dockerfile and "USER anjuan" in dockerfile
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", "node_modules", "data", "*.env"} <= set(ignored)


def test_postgres_understands_chinese() -> None:
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--locale-provider=builtin" in arguments and "--locale=C.UTF-8" in arguments
