"""The fences around the tests hold."""

import socket

import pytest


def test_the_network_is_out_of_reach():
    # 192.0.2.0/24 is reserved for documentation (RFC 5737): nothing would answer even without the fence.
    with socket.socket() as client, pytest.raises(RuntimeError, match="tried to reach the network"):
        client.connect(("192.0.2.1", 80))
    with socket.socket() as client, pytest.raises(RuntimeError, match="tried to reach the network"):
        client.connect_ex(("example.org", 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_within_reach(host):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect((host, server.getsockname()[1]))
        assert client.getpeername() == server.getsockname()
