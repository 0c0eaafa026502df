"""Ctrl-C while processes are being started: it waits until they have been."""

from __future__ import annotations

import os
import signal
import socket
import threading

import pytest

from sim.batch.crew import interrupts_held_back


def test_ctrl_c_that_the_thread_of_a_library_gets_waits_too() -> None:
    finished = threading.Event()
    library = threading.Thread(target=finished.wait)
    library.start()
    arrived, tells = socket.socketpair()
    tells.setblocking(False)
    before = signal.set_wakeup_fd(tells.fileno())
    started = []

    def start() -> None:
        with interrupts_held_back():
            os.kill(os.getpid(), signal.SIGINT)
            started.append(arrived.recv(1))

    try:
        with pytest.raises(KeyboardInterrupt):
            start()
    finally:
        signal.set_wakeup_fd(before)
        finished.set()
        library.join()
        arrived.close()
        tells.close()
    assert started == [bytes([signal.SIGINT])]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
