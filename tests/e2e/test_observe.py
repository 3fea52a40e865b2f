"""A first policy is learnt: a gateway observes, rules are proposed from what it saw, and by them the same passes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import httpx
from tests.console.serving import until

from interlock.demo.processes import Gateway, Ports, program
from interlock.demo.rules import write_rules
from interlock.demo.services import Services

READ, WRITE = "SELECT id, city FROM customers WHERE id = 1", "UPDATE customers SET city = 'Bonn' WHERE id = 2"
DROP, OTHER = "DROP TABLE customers", "SELECT ssn FROM customers"
PEOPLE = {"anna": "analyst", "berta": "analyst", "carla": "analyst"}


def _ask(services: Services, gateway: Gateway, who: str, group: str, sql: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {services.issuer.token(who, [group])}", "x-interlock-run": f"run-of-{who}"}
    with httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
        return client.post(f"{gateway.reverse}/connections/warehouse/v1/query", json={"query": sql})


def _interlock(*arguments: object, env: Mapping[str, str]) -> str:
    command = [program("interlock"), *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_first_policy_is_learnt(tmp_path: Path) -> None:
    """Without any rule: what is needed passes, marked and said; the blocklist holds. Then the least that would do."""
    recorded, env = tmp_path / "recordings", dict[str, str]()
    with Services() as services:
        env.update(services.environment)
        ports = Ports()
        rules = write_rules(tmp_path / "rules", services, ports, recorded)
        text = (rules / "demo.yaml").read_text(encoding="utf-8")
        bare = text[: text.index("policy:\n")] + text[text.index("blocklist:\n") :]
        (rules / "demo.yaml").write_text(bare, encoding="utf-8")
        extra = ("--observe", "--until", "2100-01-31")
        with Gateway(rules, ports, confdir=tmp_path / "conf", env=env, extra=extra) as gateway:
            until(lambda: "observing      until 2100-01-31" in gateway.process.output(), 60)
            statuses = [_ask(services, gateway, who, group, READ).status_code for who, group in PEOPLE.items()]
            assert statuses == [200, 200, 200]
            assert _ask(services, gateway, "bob", "bookkeeper", WRITE).status_code == 200
            assert _ask(services, gateway, "bob", "bookkeeper", DROP).json()["reason"] == "blocked"

        report = json.loads(_interlock("access", "report", "--json", "--rules", rules, env=env))
        used = {(one["subject"], one["gives"], *one["operations"]) for one in report["permissions"] if one["uses"]}
        assert ("bob", "observed", "sql.write on warehouse") in used
        _interlock("access", "propose", "--rules", rules, "--output", tmp_path / "new", env=env)
        found = json.loads(
            _interlock("backtest", recorded, "--rules", tmp_path / "new", "--enforced", "--fail-on", "any", env=env)
        )
        assert (found["decisions"], found["same"]) == (5, 5)

        with Gateway(tmp_path / "new", ports, confdir=tmp_path / "conf", env=env) as gateway:
            assert _ask(services, gateway, "anna", "analyst", READ).status_code == 200
            assert _ask(services, gateway, "bob", "bookkeeper", WRITE).status_code == 200
            assert _ask(services, gateway, "anna", "analyst", OTHER).json()["reason"] == "no-rule"
            assert _ask(services, gateway, "anna", "analyst", WRITE).json()["reason"] == "no-rule"
            assert "observing" not in gateway.process.output()
