"""The dashboard and the alert rules ask for metrics and labels that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py._aerospike import metric_families

FOLDER = Path(__file__).parents[2] / "docs" / "grafana"
SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}
WORD = re.compile(r"\b(?:db_client|aerospike_client|db)_\w+|\berror_type\b|\breason\b")
OF_PROMETHEUS = {"job", "instance", "le"}


@pytest.fixture
def known(client: aerospike_py.Client) -> set[str]:
    """The names of samples and labels."""
    client.put(("test", "grafana", 1), {"a": 1})
    known = set(OF_PROMETHEUS)
    for name, _, kind, _, samples in metric_families():
        known.update(name + suffix for suffix in SUFFIXES[kind])
        known.update(label for _, labels, _ in samples for label in labels)
    return known


def names_in(expression: str) -> set[str]:
    """Names of metrics and labels in a query; its strings are left out."""
    bare = re.sub(r'"[^"]*"', "", expression)
    by = re.findall(r"\bby \(([^)]*)\)", bare)
    return set(WORD.findall(bare)) | {label.strip() for group in by for label in group.split(",")}


def panels() -> list[dict[str, Any]]:
    board = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return list(board["panels"])


def queries_of_dashboard() -> Iterator[str]:
    board = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"].replace("label_values", "")


def test_dashboard_asks_for_what_there_is(known: set[str]) -> None:
    asked = set().union(*map(names_in, queries_of_dashboard()))
    assert len(asked) > 15
    assert asked <= known


def test_legends_name_labels_of_their_queries() -> None:
    for panel in panels():
        for target in panel["targets"]:
            legends = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
            assert legends <= names_in(target["expr"])


def test_panels_do_not_overlap() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        own = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in own) < 24
        assert not own & cells
        cells |= own


def test_alerts_ask_for_what_there_is(known: set[str]) -> None:
    yaml = pytest.importorskip("yaml")
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    assert len(group["rules"]) > 5
    for rule in group["rules"]:
        asked = names_in(rule["expr"])
        assert asked
        assert asked <= known, rule["alert"]
        # What the summary tells of is kept by the query: all its labels, or those of its `by`.
        told = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert told <= asked | OF_PROMETHEUS
