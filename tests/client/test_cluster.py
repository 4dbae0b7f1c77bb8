"""What both clients make of several nodes: whom they ask, and what becomes of it when nodes slow
down, fall silent, die, come back, come new and go."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py.testing import ClusterNode, EmbeddedCluster
from support.both import KINDS, connected
from support.clusters import key_owned_by
from support.processes import eventually

SOON = {"heartbeat_timeout": 0.1, "migration_time": 0.05}
"""Clusters that notice at once what happened to them."""
NEVER = {"heartbeat_timeout": 600.0}
"""Clusters that never give a node up."""
ONCE: Any = {"max_retries": 0}
PATIENT: Any = {
    "max_retries": 50,
    "sleep_between_retries": 50,
    "socket_timeout": 300,
    "total_timeout": 10_000,
}


def key_of(number: int) -> tuple[str, str, int]:
    return ("test", "cluster", number)


KEYS = [key_of(number) for number in range(1000)]


@contextlib.contextmanager
def clients_of(kind: str, cluster: EmbeddedCluster, **config: Any) -> Iterator[Any]:
    with connected(kind, cluster.config(tend_interval=250, **config)) as client:
        yield client


@pytest.fixture(scope="module")
def calm() -> Iterator[EmbeddedCluster]:
    """A cluster to which nothing happens: one rack for each node."""
    with EmbeddedCluster(nodes=3, racks=[1, 2, 3]) as cluster:
        yield cluster


@pytest.fixture(scope="module", params=KINDS)
def client(request: pytest.FixtureRequest, calm: EmbeddedCluster) -> Iterator[Any]:
    with clients_of(request.param, calm) as client:
        for number in range(300):
            client.put(key_of(number), {"n": number})
        yield client
        calm.clear()


def counts(cluster: EmbeddedCluster, name: str) -> Counter[int]:
    """A counter of the namespace, by node."""

    def count(node: ClusterNode) -> int:
        pairs = (pair.split("=", 1) for pair in node.info("namespace/test").split(";"))
        return int(dict(pairs)[name])

    return Counter({node.id: count(node) for node in cluster.nodes})


def test_each_node_has_a_name_and_its_share(calm: EmbeddedCluster, client: Any) -> None:
    names = {node.name for node in calm.nodes}
    assert set(client.get_node_names()) == names
    assert {(row.node_name, row.error_code, row.response) for row in client.info_all("node")} == {
        (name, 0, name) for name in names
    }
    for name in names:
        assert client.info_single_node("node", name) == name
    assert client.info_random_node("node") in names
    with pytest.raises(exception.AerospikeError, match="BB9FFFF"):
        client.info_single_node("node", "BB9FFFF")

    masters, proles = counts(calm, "master_objects"), counts(calm, "prole_objects")
    assert masters.total() == proles.total() == 300
    assert all(count > 50 for count in masters.values())
    assert counts(calm, "client_proxy_complete").total() == 0


def test_replica_policies_say_which_copy_is_read(calm: EmbeddedCluster, client: Any) -> None:
    key = key_of(1)
    master, other = calm.owners(client.get_key_partition_id(*key))

    def readers(policy: Any, client: Any = client) -> dict[int, int]:
        before = counts(calm, "client_read_success")
        for _ in range(8):
            assert client.get(key, policy=policy).bins == {"n": 1}
        return dict(counts(calm, "client_read_success") - before)

    assert readers({"replica": aero.POLICY_REPLICA_MASTER}) == {master.id: 8}
    assert readers({"replica": aero.POLICY_REPLICA_SEQUENCE}) == {master.id: 8}
    assert readers({"replica": aero.POLICY_REPLICA_ANY}) == {master.id: 4, other.id: 4}
    kind = "AsyncClient" if hasattr(client, "_loop") else "Client"
    rack = {"replica": aero.POLICY_REPLICA_PREFER_RACK}
    for node in (master, other):
        with clients_of(kind, calm, rack_aware=True, rack_id=node.rack) as near:
            assert readers(rack, near) == {node.id: 8}
    with clients_of(kind, calm, rack_ids=[9, other.rack]) as near:
        assert readers(rack, near) == {other.id: 8}

    # What the master refuses for a while, the other one answers in its place.
    policy = {"replica": aero.POLICY_REPLICA_SEQUENCE, "max_retries": 2}
    for code in (9, 14, 18):
        with master.faults(refused=1, code=code):
            assert readers(policy) == {other.id: 8}
    with master.faults(lost=1):
        slow = {**policy, "socket_timeout": 50}
        assert client.get(key, policy=slow).bins == {"n": 1}


def test_queries_and_batches_are_of_all_nodes(calm: EmbeddedCluster, client: Any) -> None:
    everything = set(range(300))
    assert {record.bins["n"] for record in client.scan("test", "cluster").results()} == everything

    query = client.query("test", "cluster")
    query.max_records, pages = 40, 0
    query.paginate()
    found: list[int] = []
    while not query.is_done():
        found += [record.bins["n"] for record in query.results()]
        pages += 1
    assert sorted(found) == sorted(everything)
    assert pages > 6

    before = counts(calm, "batch_sub_read_success")
    keys = [key_of(number) for number in everything]
    rows = client.batch_read(keys).batch_records
    assert [row.record.bins["n"] for row in rows] == list(everything)
    assert min((counts(calm, "batch_sub_read_success") - before).values()) > 50
    assert counts(calm, "batch_sub_proxy_complete").total() == 0


def test_a_full_disk_and_busy_keys_are_told(calm: EmbeddedCluster, client: Any) -> None:
    key = key_owned_by(calm, client, 2, KEYS)
    cases: list[tuple[int, type[exception.AerospikeError]]] = [
        (8, exception.ServerFull),
        (18, exception.DeviceOverload),
        (14, exception.RecordBusy),
    ]
    for code, error in cases:
        with calm.nodes[2].faults(refused=1, code=code, only="writes"):
            with pytest.raises(error) as caught:
                client.put(key, {"n": -1}, policy=ONCE)
            assert (caught.value.code, caught.value.in_doubt) == (code, False)
            assert client.get(key).bins == {"n": key[2]}
    with pytest.raises(ValueError, match="neither reads nor writes"), calm.faults(only="all"):
        pass


def writes_go_on(client: Any, numbers: range) -> None:
    for number in numbers:
        client.put(key_of(number), {"n": number}, policy=PATIENT)


@pytest.mark.parametrize("happens", ["killed", "paused", "drained", "restarted", "added"])
def test_nothing_that_was_written_is_lost_when_nodes_change(kind: str, happens: str) -> None:
    with EmbeddedCluster(nodes=3, **SOON) as cluster, clients_of(kind, cluster) as client:
        writes_go_on(client, range(200))
        node = cluster.nodes[1]
        change: Callable[[], Any] = {
            "killed": node.kill,
            "paused": node.pause,
            "drained": node.drain,
            "restarted": node.restart,
            "added": cluster.add_node,
        }[happens]
        changing = threading.Thread(target=change)
        changing.start()
        writes_go_on(client, range(200, 400))
        changing.join()
        cluster.wait_for_migrations()
        writes_go_on(client, range(400, 500))
        for number in range(500):
            assert client.get(key_of(number), policy=PATIENT).bins == {"n": number}
        present = {n.name for n in cluster.nodes if n.state == "up"}
        assert eventually(lambda: set(client.get_node_names()) == present)

        # Soon the client goes straight to the nodes that have the records now. Those that had them
        # may have copies of them, and answer as well until it knows.
        expected = present - {node.name} if happens == "drained" else present

        def goes_straight() -> bool:
            before = counts_of(cluster, present)
            if proxied(cluster, present, client):
                return False
            used = counts_of(cluster, present) - before
            return {name for name, count in used.items() if count} == expected

        assert eventually(goes_straight)
        found = [record.bins["n"] for record in client.scan("test", "cluster").results()]
        assert sorted(found) == list(range(500))

        if happens in ("killed", "paused"):
            node.restart() if happens == "killed" else node.resume()
            cluster.wait_for_migrations()
            assert eventually(lambda: node.name in client.get_node_names())
            for number in range(500):
                assert client.get(key_of(number), policy=PATIENT).bins == {"n": number}


def counts_of(cluster: EmbeddedCluster, names: set[str], name: str = "client_read_success") -> Any:
    nodes = [node for node in cluster.nodes if node.name in names]
    found = {}
    for node in nodes:
        pairs = dict(pair.split("=", 1) for pair in node.info("namespace/test").split(";"))
        found[node.name] = int(pairs[name])
    return Counter(found)


def proxied(cluster: EmbeddedCluster, names: set[str], client: Any) -> bool:
    """Whether a node has to ask another one for what the client reads."""
    before = counts_of(cluster, names, "client_proxy_complete")
    for number in range(100):
        client.get(key_of(number), policy=PATIENT)
    return bool(counts_of(cluster, names, "client_proxy_complete") - before)


def test_a_node_that_is_gone_fails_what_only_it_has(kind: str) -> None:
    with (
        EmbeddedCluster(nodes=3, replication_factor=1, **NEVER) as cluster,
        clients_of(kind, cluster) as client,
    ):
        writes_go_on(client, range(60))
        keys = [key_of(number) for number in range(60)]
        gone = cluster.nodes[1]
        lost = key_owned_by(cluster, client, 1, KEYS)
        kept = key_owned_by(cluster, client, 0, KEYS)
        theirs = [cluster.owners(client.get_key_partition_id(*key)) == [gone] for key in keys]
        assert 5 < sum(theirs) < 55

        # Silent: nobody knows whether it wrote. What others have is not affected.
        gone.pause()
        policy: Any = {"max_retries": 0, "socket_timeout": 100, "total_timeout": 200}
        with pytest.raises(exception.AerospikeTimeoutError) as timeout:
            client.put(lost, {"n": -1}, policy=policy)
        assert timeout.value.in_doubt is True
        with pytest.raises(exception.AerospikeTimeoutError) as timeout:
            client.get(lost, policy=policy)
        assert timeout.value.in_doubt is False
        rows = client.batch_read(keys, policy=policy).batch_records
        assert [row.result != 0 for row in rows] == theirs
        assert client.get(kept).bins == {"n": kept[2]}
        gone.resume()
        # What was in doubt is done, once the node gets to it.
        assert eventually(lambda: client.get(lost, policy=PATIENT).bins == {"n": -1})

        # Killed: its connections end, and there are no new ones.
        gone.kill()
        with pytest.raises((exception.ClusterError, exception.AerospikeTimeoutError)):
            client.put(lost, {"n": -2}, policy={"max_retries": 2, "total_timeout": 300})
        rows = client.batch_write([(key, {"n": 7}) for key in keys], policy=policy).batch_records
        assert [row.result != 0 for row in rows] == theirs
        with pytest.raises(exception.AerospikeError):
            client.scan("test", "cluster").results({"total_timeout": 500, "max_retries": 1})
        gone.restart()
        cluster.wait_for_migrations()
        everyone = {node.name for node in cluster.nodes}
        assert eventually(lambda: set(client.get_node_names()) == everyone)
        with pytest.raises(exception.RecordNotFound):
            client.get(lost, policy=PATIENT)
        client.put(lost, {"n": 1}, policy=PATIENT)


def test_a_query_has_each_record_once_though_nodes_change(kind: str) -> None:
    with EmbeddedCluster(nodes=3, **SOON) as cluster, clients_of(kind, cluster) as client:
        everything = list(range(400))
        writes_go_on(client, range(400))
        again: Any = {"max_retries": 100, "sleep_between_retries": 50, "socket_timeout": 1000}

        # While records arrive, slowly.
        scan = client.scan("test", "cluster")
        scan.records_per_second = 400
        found: list[int] = []
        scan.foreach(lambda record: found.append(record.bins["n"]) or kill(cluster, 2), again)
        assert cluster.nodes[2].state == "killed"
        assert sorted(found) == everything

        # Page by page, before the client knows of it.
        scan = client.scan("test", "cluster")
        scan.max_records = 50
        scan.paginate()
        found = []
        changes = iter([cluster.nodes[0].drain, cluster.add_node, cluster.nodes[2].restart])
        while not scan.is_done():
            found += [record.bins["n"] for record in scan.results(again)]
            next(changes, lambda: None)()
            cluster.wait_for_migrations()
        assert sorted(found) == everything


def kill(cluster: EmbeddedCluster, node: int) -> None:
    if cluster.nodes[node].state == "up":
        cluster.nodes[node].kill()


def test_a_node_with_too_many_errors_is_left_alone_for_a_while(kind: str) -> None:
    with EmbeddedCluster(nodes=2, replication_factor=1) as cluster:
        limits = {"max_error_rate": 3, "error_rate_window": 1000}
        with clients_of(kind, cluster, **limits) as client:
            bad, good = (key_owned_by(cluster, client, node, KEYS) for node in (1, 0))
            client.put(bad, {"n": 1})
            with cluster.nodes[1].faults(refused=1, code=18):
                for _ in range(4):
                    with pytest.raises(exception.DeviceOverload):
                        client.get(bad, policy=ONCE)
                with pytest.raises(exception.MaxErrorRateExceeded) as caught:
                    client.put(bad, {"n": 2}, policy=ONCE)
                assert caught.value.in_doubt is False
            # Not even that the node is well again makes it asked before the window is over.
            with pytest.raises(exception.MaxErrorRateExceeded):
                client.get(bad, policy=ONCE)
            client.put(good, {"n": 1})
        with clients_of(kind, cluster, **{**limits, "error_rate_window": 1}) as client:
            with cluster.nodes[1].faults(refused=1, code=18), contextlib.suppress(Exception):
                for _ in range(5):
                    client.get(bad, policy={"max_retries": 4})
            assert eventually(lambda: works(client, bad))


def works(client: Any, key: Any) -> bool:
    try:
        return bool(client.get(key, policy=ONCE).bins)
    except exception.MaxErrorRateExceeded:
        return False


def test_many_connect_at_once_while_partitions_move(kind: str) -> None:
    """However often the nodes are asked, a partition has moved from one to another since."""
    with EmbeddedCluster(nodes=3, heartbeat_timeout=0.1, migration_time=5) as cluster:
        cluster.add_node()

        def connect_and_write(number: int) -> Any:
            with clients_of(kind, cluster) as client:
                client.put(key_of(number), {"n": number}, policy=PATIENT)
                return client.get(key_of(number), policy=PATIENT).bins["n"]

        with ThreadPoolExecutor(20) as pool:
            assert list(pool.map(connect_and_write, range(20))) == list(range(20))


def test_alternate_addresses_and_seeds_of_which_some_are_down(kind: str) -> None:
    addresses = {"access_address": "127.0.0.9", "alternate_access_address": "127.0.0.1"}
    with EmbeddedCluster(nodes=3, **addresses) as cluster:
        names = {node.name for node in cluster.nodes}
        with clients_of(kind, cluster, use_services_alternate=True) as client:
            assert set(client.get_node_names()) == names
            client.put(key_of(1), {"n": 1})
        seed = {"hosts": cluster.hosts[:1], "connect_timeout": 200}
        with connected(kind, seed) as client:
            # The nodes are not where they say.
            assert client.get_node_names() == [cluster.nodes[0].name]
        with connected(kind, {**seed, "ip_map": {"127.0.0.9": "127.0.0.1"}}) as client:
            assert set(client.get_node_names()) == names
    with EmbeddedCluster(nodes=3, **SOON) as cluster:
        cluster.nodes[0].kill()
        cluster.wait_for_migrations()
        with clients_of(kind, cluster) as client:
            assert set(client.get_node_names()) == {node.name for node in cluster.nodes[1:]}
            client.put(key_of(1), {"n": 1})


def test_a_slow_node_slows_only_its_own_records(calm: EmbeddedCluster, client: Any) -> None:
    slow, fast = (key_owned_by(calm, client, node, KEYS) for node in (1, 0))
    policy: Any = {"replica": aero.POLICY_REPLICA_MASTER, "max_retries": 0, "socket_timeout": 80}
    reads = counts(calm, "client_read_success")[1]
    with calm.nodes[1].faults(latency=1000):
        with pytest.raises(exception.AerospikeTimeoutError):
            client.get(slow, policy=policy)
        assert client.get(fast, policy=policy).bins == {"n": fast[2]}
    # It is carried out all the same, and not while a later test counts.
    assert eventually(lambda: counts(calm, "client_read_success")[1] == reads + 1)


def of_node(kind: str, cluster: EmbeddedCluster, node: int) -> Any:
    """A client that is told of one node, and finds those that this one knows."""
    known = cluster.nodes[node]
    return connected(kind, {"hosts": [(known.host, known.port)], "tend_interval": 250})


def knows(client: Any, nodes: list[ClusterNode]) -> bool:
    return set(client.get_node_names()) == {node.name for node in nodes}


def test_halves_go_on_by_themselves_until_the_cluster_heals(kind: str) -> None:
    keys = [key_of(number) for number in range(40)]
    with EmbeddedCluster(nodes=3, **SOON) as cluster, clients_of(kind, cluster) as whole:
        writes_go_on(whole, range(40))
        first, *rest = cluster.nodes
        cluster.split([0], rest)
        with of_node(kind, cluster, 0) as left, of_node(kind, cluster, 2) as right:
            assert knows(left, [first])
            assert knows(right, rest)
            for client, added, times in [(left, 1000, 1), (right, 2000, 2)]:
                for key in keys[:20] * times:
                    client.put(key, {"n": added + key[2]}, policy=PATIENT)
            left.put(keys[30], {"n": 3000}, policy=PATIENT)
            assert [left.get(key).bins["n"] for key in keys[:20]] == list(range(1000, 1020))
            assert [right.get(key).bins["n"] for key in keys[:20]] == list(range(2000, 2020))
            assert (left.get(keys[30]).bins, right.get(keys[30]).bins) == ({"n": 3000}, {"n": 30})
            cluster.heal()
            cluster.wait_for_migrations()
            expected = [2000 + n if n < 20 else 3000 if n == 30 else n for n in range(40)]
            for client in (left, right, whole):
                assert eventually(lambda client=client: knows(client, cluster.nodes))
                numbers = [client.get(key, policy=PATIENT).bins["n"] for key in keys]
                assert numbers == expected
                found = [r.bins["n"] for r in client.scan("test", "cluster").results(PATIENT_QUERY)]
                assert sorted(found) == sorted(expected)


PATIENT_QUERY: Any = {"max_retries": 50, "sleep_between_retries": 50}


def test_only_two_halves_are_a_split(calm: EmbeddedCluster) -> None:
    for halves in ([[0], [1]], [[0, 1], [1, 2]], [[0, 1, 2, 3], []]):
        with pytest.raises(ValueError, match="together be the nodes that are up"):
            calm.split(*halves)
    with pytest.raises(ValueError, match="each half must have a node"):
        calm.split([], [0, 1, 2])
    with pytest.raises(ValueError, match="not split"):
        calm.heal()
