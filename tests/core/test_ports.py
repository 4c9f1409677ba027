"""Every port has somebody who answers."""

import pytest

from caseflow.core.ports import ALL_PORTS


@pytest.mark.parametrize("port", ALL_PORTS, ids=lambda port: port.name)
def test_a_port_without_a_handler_is_a_mistake(bare_app, port):
    assert port.handlers, f"nobody answers {port.name}"


def test_wiring_twice_registers_once(bare_app, installation):
    from caseflow.factory import create_app

    before = {port.name: len(port.handlers) for port in ALL_PORTS}
    create_app(installation[0])
    assert {port.name: len(port.handlers) for port in ALL_PORTS} == before
