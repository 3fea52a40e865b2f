"""Containers, clusters, clouds."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("docker ps", "shell.read", ""),
        ("docker run alpine ls", "shell.write", "container"),
        ("docker run --privileged alpine ls", "shell.admin", "host-access"),
        ("docker system prune", "shell.destroy", ""),
        ("docker run --frob x y", "shell.unknown", ""),
        ("docker volume ls", "shell.read", ""),
        ("kubectl get secret x -o yaml", "shell.network", "secret-read"),
        ("kubectl get secret x -ojsonpath='{.data}'", "shell.network", "secret-read"),
        ("kubectl get secret x --template '{{.data}}'", "shell.network", "secret-read"),
        ("kubectl delete pod x --dry-run=client --dry-run=none", "shell.destroy", ""),
        ("kubectl exec p -- ls", "shell.network", "container"),
        ("kubectl exec p -- touch x", "shell.admin", "container"),
        ("kubectl frob", "shell.unknown", ""),
        ("aws s3 ls", "shell.network", ""),
        ("aws s3 rm s3://b", "shell.destroy", ""),
        ("terraform apply", "shell.admin", ""),
        ("gcloud $x", "shell.unknown", "dynamic"),
        ("docker run --rm --network host curl -s localhost", "shell.write", "opaque"),
        ("docker run --pid=host alpine ls", "shell.admin", "host-access"),
        ("docker context ls", "shell.read", ""),
        ("kubectl port-forward svc/web 8080:80", "shell.network", ""),
        ("docker compose -f a.yml --profile dev config", "shell.read", ""),
        ("docker compose -f a.yml down -v", "shell.destroy", ""),
        ("docker compose exec -T web pytest", "shell.write", "container"),
        ("docker config rm x", "shell.destroy", ""),
        ("docker cp web:/app/a.xml .", "shell.write", ""),
        ("docker cp a.xml web:/app/", "shell.write", ""),
        ("docker rm -f web", "shell.write", ""),
        ("docker rm -fv web", "shell.destroy", ""),
        ("docker kill $x", "shell.destroy", ""),
        ("docker cp web:/x /etc/cron.d/x", "shell.admin", "system-path"),
        ("docker buildx build .", "shell.write", ""),
        ("kubectl config current-context", "shell.network", ""),
        ("kubectl config view --raw", "shell.network", "secret-read"),
        ("kubectl config use-context prod", "shell.admin", ""),
        ("kubectl rollout status deploy/web", "shell.network", ""),
        ("kubectl rollout undo deploy/web", "shell.destroy", ""),
        ("kubectl scale deploy web --replicas=0", "shell.destroy", ""),
        ("kubectl scale deploy web --replicas=3", "shell.admin", ""),
        ("kubectl apply --prune -f k8s", "shell.destroy", ""),
        ("kubectl apply --dry-run=client -f k8s", "shell.network", ""),
        ("kubectl delete pod x --dry-run=client", "shell.network", ""),
        ("kubectl delete pod x --selector --dry-run=client", "shell.destroy", ""),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]


@pytest.mark.parametrize("text", ["kubectl get secrets", "kubectl get secrets -o name", "kubectl get secrets -owide"])
def test_names_of_secrets_are_none(text: str) -> None:
    """What is only listed by name is not read."""
    assert "secret-read" not in analyse(text, "shell")[0].arguments["flags"]


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("docker run alpine env", False),
        ("docker run --rm -it -e X=1 --env Y=2 --env=Z=3 alpine printenv", False),
        ("docker run --env-file .env alpine env", True),
        ("docker run --env-file=.env alpine env", True),
        ("docker run -e AWS_SECRET_ACCESS_KEY alpine env", True),
        ("docker run --env AWS_SECRET_ACCESS_KEY alpine env", True),
        ("docker run --env=AWS_SECRET_ACCESS_KEY alpine env", True),
        ("docker run -e X=1 -e AWS_SECRET_ACCESS_KEY alpine env", True),
        ('docker run -e X="$AWS_SECRET_ACCESS_KEY" alpine env', True),
        ("docker run $x env", True),
        ("podman run --env-host=true alpine env", True),
        ("docker compose run web env", True),
        ("docker compose run web printenv", True),
        ("docker-compose run web env", True),
        ("docker exec web env", True),
    ],
)
def test_a_new_container_shows_what_this_machine_hands_in(text: str, shows: bool) -> None:
    """`env` in a new container shows nothing, unless a file, a recipe or a bare name brings values of this machine."""
    found = [inner for operation in analyse(text, "shell") for inner in operation.walk()]

    assert any("secret-read" in operation.arguments["flags"] for operation in found) is shows
