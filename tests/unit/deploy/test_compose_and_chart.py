"""The Compose file and the Helm chart are valid, safe by default, and agree with the Containerfile.

Schemas and Helm's own linter come with `make manifests`; without them, those tests are skipped.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings.distribution import __version__

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "docs/deploy"
CHART = DEPLOY / "chart"
#: Kubernetes releases whose schemas the manifests must match
VERSIONS = ("1.30", "1.34")
ALL_VALUES = {
    "replicaCount": 1,
    "image": {"repository": "registry.example/ontherecord", "digest": f"sha256:{'a' * 64}"},
    "imagePullSecrets": [{"name": "registry"}],
    "settings": {"RATE_PER_MINUTE": 30, "READER": "quotes"},
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "host": "news.example",
        "tlsSecret": "news-tls",
        "annotations": {"note.example/key": "value"},
    },
    "nodeSelector": {"kind": "small"},
    "tolerations": [{"key": "spot", "operator": "Exists"}],
}


def load_tool(name: str) -> Any:
    """Import a tool of `make manifests`, or skip the test; with REQUIRE_DEPLOY=1, fail."""
    if os.environ.get("REQUIRE_DEPLOY") == "1":
        return __import__(name)
    return pytest.importorskip(name, reason=f"{name} comes with `make manifests`")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def helm() -> Any:
    return load_tool("helm_python")


def test_compose_file_matches_the_compose_specification() -> None:
    load_tool("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    result = subprocess.run([*command, DEPLOY / "compose.yaml"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_compose_file_has_no_secret(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name or value.startswith("${POSTGRES_PASSWORD:?"), name
    assert ":" not in compose["services"]["bot"]["environment"]["DATABASE_URL"].partition("://")[2]


def test_compose_opens_ports_on_this_machine_only(compose: dict[str, Any]) -> None:
    assert compose["services"]["bot"]["ports"] == ["127.0.0.1:3000:3000"]
    assert "ports" not in compose["services"]["database"]
    assert compose["networks"]["database"]["internal"] is True


def test_compose_starts_the_bot_after_a_healthy_database(compose: dict[str, Any]) -> None:
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    assert bot["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert database["healthcheck"]["test"][1] == "pg_isready"
    for service in (bot, database):
        for mount in service["volumes"]:
            assert mount.partition(":")[0] in compose["volumes"]


def test_compose_runs_the_bot_read_only_and_without_capabilities(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot"]
    assert (bot["read_only"], bot["cap_drop"], bot["tmpfs"]) == (True, ["ALL"], ["/tmp"])  # noqa: S108 - in the container
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()


def test_chart_passes_the_linter_of_helm(helm: Any) -> None:
    result = helm.lint(str(CHART))
    assert result["errors"] == []
    assert {message["error"] for message in result["messages"]} <= {"icon is recommended"}


def render(helm: Any, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the manifests."""
    with helm.Chart.load(str(CHART)) as chart:
        for name, text in chart.render(values, name="news", namespace="press").items():
            if name.endswith(".yaml"):
                yield from filter(None, yaml.safe_load_all(text))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, ["Deployment", "PodDisruptionBudget", "Service"]),
        (ALL_VALUES, ["Deployment", "Ingress", "Service"]),
    ],
    ids=["default values", "all values"],
)
def test_manifests_match_the_schemas_of_kubernetes(
    helm: Any, version: str, values: dict[str, Any], kinds: list[str]
) -> None:
    kubernetes_validate = load_tool("kubernetes_validate")
    manifests = list(render(helm, values))
    assert sorted(manifest["kind"] for manifest in manifests) == kinds
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_pods_run_as_the_user_of_the_image_and_write_nothing(helm: Any) -> None:
    (deployment,) = (manifest for manifest in render(helm, {}) if manifest["kind"] == "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert f"USER {pod['securityContext']['runAsUser']}:" in (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/tmp", "/var/lib/ontherecord"}  # noqa: S108 - inside
    assert [source["secretRef"]["name"] for source in container["envFrom"]] == ["ontherecord"]


@pytest.mark.parametrize(
    ("settings", "source"),
    [
        ({}, {"valueFrom": {"secretKeyRef": {"name": "ontherecord", "key": "DATABASE_URL"}}}),
        ({"DATABASE_URL": "postgresql+psycopg://db.example/news"}, {"value": "postgresql+psycopg://db.example/news"}),
    ],
    ids=["from the secret", "from the settings"],
)
def test_pods_do_not_start_without_a_database(helm: Any, settings: dict[str, str], source: dict[str, Any]) -> None:
    """With a separate SQLite file, each replica would give other answers and lose them when it ends."""
    (deployment,) = (item for item in render(helm, {"settings": settings}) if item["kind"] == "Deployment")
    variables = deployment["spec"]["template"]["spec"]["containers"][0]["env"]
    assert [variable for variable in variables if variable["name"] == "DATABASE_URL"] == [
        {"name": "DATABASE_URL", **source}
    ]


@pytest.mark.parametrize(
    "page", [ROOT / "docs/how-to/deploy.md", CHART / "templates/NOTES.txt"], ids=lambda page: page.name
)
def test_secret_leaves_out_empty_lines_and_no_value(page: Path, tmp_path: Path) -> None:
    """A secret can end with an equals sign."""
    (tmp_path / ".env").write_text("# note\nPAGES_SECRET=c2VjcmV0IQ==\nDATABASE_URL=\nPORT=3000\n")
    command = re.findall(r"^ *(grep .* > secret\.env)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    subprocess.run(["sh", "-c", *command], cwd=tmp_path, check=True)
    assert (tmp_path / "secret.env").read_text() == "# note\nPAGES_SECRET=c2VjcmV0IQ==\nPORT=3000\n"


def test_a_digest_pins_the_image(helm: Any) -> None:
    (deployment,) = (manifest for manifest in render(helm, ALL_VALUES) if manifest["kind"] == "Deployment")
    image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == f"registry.example/ontherecord@sha256:{'a' * 64}"


@pytest.mark.parametrize(
    "values",
    [{"replicas": 3}, {"replicaCount": 0}, {"image": {"digest": "latest"}}, {"existingSecret": ""}],
    ids=["a misspelled name", "no replica", "no digest", "no secret"],
)
def test_wrong_values_are_refused(helm: Any, values: dict[str, Any]) -> None:
    with helm.Chart.load(str(CHART)) as chart, pytest.raises(helm.HelmError):
        chart.validate_schema(values)


def test_an_ingress_needs_a_host(helm: Any) -> None:
    with pytest.raises(helm.HelmError, match=r"Set ingress\.host"):
        list(render(helm, {"ingress": {"enabled": True}}))


def test_chart_runs_the_image_of_this_version() -> None:
    """A chart cannot read the version from the code, so its two copies must be changed with it."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert (chart["version"], chart["appVersion"]) == (__version__, __version__)


def test_schema_of_the_chart_lists_all_its_values() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    assert values.keys() == schema["properties"].keys() - {"global"}
