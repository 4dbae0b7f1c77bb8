#!/usr/bin/env python3
"""Draws the dashboard from what a real Prometheus has scraped, without Grafana.

    docs/grafana/render.py --prometheus /usr/bin/prometheus --output docs/grafana/dashboard.png

Both clients work against an embedded server that lets things go wrong for a while; Prometheus
scrapes them each second and evaluates the queries of `dashboard.json`, and matplotlib draws what
comes of it where the panels are. So the picture has the dashboard's titles, queries and layout, not
Grafana's looks. Needs aerospike_py, matplotlib, and the Prometheus that `--prometheus` names.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import random
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, FuncFormatter, MaxNLocator

import aerospike_py
from aerospike_py.exception import AerospikeError
from aerospike_py.testing import EmbeddedServer

DASHBOARD = Path(__file__).with_name("dashboard.json")
VARIABLES = {"$job": ".*", "$instance": ".*", "$namespace": ".*", "$__rate_interval": "10s"}
Series = tuple[str, list[float], list[float]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def prometheus(binary: str, scraped: int) -> Iterator[str]:
    """A Prometheus that scrapes a port of this machine each second; gives its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "prometheus.yml")
        targets = f"[{{targets: ['127.0.0.1:{scraped}']}}]"
        config.write_text(
            "global: {scrape_interval: 1s}\n"
            f"scrape_configs: [{{job_name: demo, static_configs: {targets}}}]\n"
        )
        process = subprocess.Popen(
            [
                binary,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


# --- the load -----------------------------------------------------------------------------------


def key(number: int | None = None) -> tuple[str, str, int]:
    return ("test", "people", random.randrange(2000) if number is None else number)


def work(hosts: list[tuple[str, int]], over: threading.Event) -> None:
    """What a web application might do with `Client`."""
    with aerospike_py.client({"hosts": hosts}) as client:
        while not over.is_set():
            with contextlib.suppress(AerospikeError):
                client.put(key(), {"age": 36, "name": "Ada"})
                for _ in range(4):
                    client.get(key())
                client.increment(key(), "age", 1)
                client.batch_read([key() for _ in range(20)])
                if random.random() < 0.02:
                    client.query("test", "people").results()
            time.sleep(random.random() * 0.01)


async def work_async(hosts: list[tuple[str, int]], over: threading.Event) -> None:
    async with aerospike_py.AsyncClient({"hosts": hosts}) as client:
        while not over.is_set():
            gets = [client.get(key()) for _ in range(random.randrange(10, 60))]
            await asyncio.gather(*gets, return_exceptions=True)
            await asyncio.sleep(0.02)


def load(server: EmbeddedServer, seconds: float) -> None:
    over = threading.Event()
    threads = [threading.Thread(target=work, args=(server.hosts, over)) for _ in range(3)]
    threads.append(threading.Thread(target=lambda: asyncio.run(work_async(server.hosts, over))))
    for thread in threads:
        thread.start()
    # Quiet, then slow replies, quiet again, then connections that are reset and replies lost.
    time.sleep(seconds * 0.3)
    with server.faults(latency=3, jitter=10):
        time.sleep(seconds * 0.15)
    time.sleep(seconds * 0.2)
    with server.faults(reset=0.02, refused=0.02, code=18, dropped=0.002):
        time.sleep(seconds * 0.2)
    time.sleep(seconds * 0.15)
    over.set()
    for thread in threads:
        thread.join()


# --- the picture ----------------------------------------------------------------------------------


def query(address: str, expression: str, legend: str, start: float, end: float) -> list[Series]:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    asked = urlencode({"query": expression, "start": start, "end": end, "step": 1})
    with urlopen(f"{address}/api/v1/query_range?{asked}") as answer:
        found = json.load(answer)["data"]["result"]
    series = []
    for one in found:
        name = legend
        for label, value in one["metric"].items():
            name = name.replace("{{" + label + "}}", value)
        points = [(float(at) - start, float(value)) for at, value in one["values"]]
        series.append((name, [at for at, _ in points], [value for _, value in points]))
    return sorted(series)


FORMATS: dict[str, Any] = {
    "s": FuncFormatter(lambda value, _: f"{EngFormatter(places=1).format_eng(value)}s"),
    "ops": FuncFormatter(lambda value, _: f"{value:,.4g}/s"),
    "percentunit": FuncFormatter(lambda value, _: f"{value:.2%}"),
    "none": FuncFormatter(lambda value, _: f"{value:,.4g}"),
}


def draw(axes: Axes, panel: dict[str, Any], series: list[Series]) -> None:
    shown = FORMATS[panel["fieldConfig"]["defaults"]["unit"]]
    axes.set_title(panel["title"], loc="left", fontsize=9, fontweight="bold", color="#d8d9da")
    axes.set_facecolor("#181b1f")
    if panel["type"] == "stat":
        axes.set(xticks=[], yticks=[])
        values = [value for _, _, values in series for value in values[-1:]]
        text = shown(values[0], 0) if values and not math.isnan(values[0]) else "no data"
        axes.text(0.5, 0.45, text, fontsize=22, color="#73bf69", ha="center", va="center")
        return
    for name, at, values in series:
        axes.plot(at, values, label=name, linewidth=1.1)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(shown)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} s"))
    axes.tick_params(colors="#9a9b9d", labelsize=7)
    axes.grid(color="#2c3235", linewidth=0.6)
    if series:
        axes.legend(
            fontsize=6.5,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.12),
            ncol=5 if panel["gridPos"]["w"] > 8 else 2,
            frameon=False,
            labelcolor="#9a9b9d",
        )


def picture(address: str, start: float, end: float, output: str) -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    panels = board["panels"]
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    figure = plt.figure(figsize=(14, height * 0.42), facecolor="#111217")
    grid = figure.add_gridspec(height, 24, left=0.05, right=0.985, top=0.945, bottom=0.03)
    figure.suptitle(board["title"], color="#d8d9da", fontsize=13, x=0.05, y=0.985, ha="left")
    for panel in panels:
        place = panel["gridPos"]
        rows = slice(place["y"], place["y"] + place["h"] - (1 if place["h"] < 6 else 2))
        columns = slice(place["x"] + (place["x"] > 0), place["x"] + place["w"])
        series = [
            one
            for target in panel["targets"]
            for one in query(address, target["expr"], target["legendFormat"], start, end)
        ]
        draw(figure.add_subplot(grid[rows, columns]), panel, series)
    figure.savefig(output, dpi=80, facecolor=figure.get_facecolor())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--prometheus", default="prometheus")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--output", default=str(DASHBOARD.with_suffix(".png")))
    options = parser.parse_args()
    with EmbeddedServer() as server:
        with aerospike_py.client({"hosts": server.hosts}) as client:
            client.batch_write([(key(number), {"age": 36}) for number in range(1900)])
        port = aerospike_py.start_metrics_server(0)
        with prometheus(options.prometheus, port) as address:
            start = time.time()
            load(server, options.seconds)
            picture(address, start + 5, time.time(), options.output)


if __name__ == "__main__":
    main()
