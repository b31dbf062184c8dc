"""One job may do what it likes: it costs its own request an error, and the next request is answered at once."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.pace import allowed
from translator.jail import limits
from translator.jail.client import MESSAGES, Busy, JobFailed, Slots, Zygote, ZygoteSpec
from translator.jail.zygote import IDLE_SECONDS

EPERM = 1
AT_ONCE = 3.0
"""Seconds: a job takes some milliseconds, this machine may be busy."""


@pytest.fixture(autouse=True)
def _answers_afterwards(zygote: Zygote) -> Any:
    """After whatever a test did, the same zygote answers the next request at once."""
    yield
    started = time.monotonic()
    assert ask(zygote, "echo", value=[1, "ü"]) == {"value": [1, "ü"]}
    assert time.monotonic() - started < allowed(AT_ONCE)


def ask(zygote: Zygote, deed: str, **values: Any) -> dict[str, Any]:
    return zygote.submit({"deed": deed, **values}).result()


def failure(zygote: Zygote, deed: str, **values: Any) -> JobFailed:
    with pytest.raises(JobFailed) as caught:
        ask(zygote, deed, **values)
    assert caught.value.message == MESSAGES[caught.value.kind]
    return caught.value


def test_layers_in_force_are_told(zygote: Zygote) -> None:
    """A zygote says which layers its jobs are held by; here the kernel has all of them."""
    hello = zygote.hello()
    assert {"rlimits", "no_new_privs", "landlock", "seccomp"} <= set(hello.layers)
    assert hello.may_run


def test_an_endless_loop_ends_at_the_processor_limit(zygote: Zygote) -> None:
    """`while True: pass` is killed after the seconds of processor time a job gets, within the wall limit."""
    started = time.monotonic()
    assert failure(zygote, "loop").kind == "timeout"
    assert time.monotonic() - started < limits.WALL_SECONDS + 2


def test_a_sleeping_job_ends_at_the_wall_limit(zygote: Zygote) -> None:
    """A job that waits costs no processor time; the clock on the wall ends it. Others are served meanwhile."""
    pending = zygote.submit({"deed": "sleep"})
    started = time.monotonic()
    assert ask(zygote, "echo", value=1) == {"value": 1}
    assert time.monotonic() - started < allowed(AT_ONCE)
    with pytest.raises(JobFailed) as caught:
        pending.result()
    assert caught.value.kind == "timeout"


def test_memory_is_limited(zygote: Zygote) -> None:
    """`"a" * 10**10` is refused in milliseconds, and the message says that it was memory."""
    started = time.monotonic()
    assert failure(zygote, "fill_memory").kind == "memory"
    assert time.monotonic() - started < allowed(AT_ONCE)


def test_recursion_is_an_answer(zygote: Zygote) -> None:
    """Endless recursion ends with Python's own error."""
    assert "recursion" in ask(zygote, "recurse")["refused"]


def test_an_answer_has_a_largest_size(zygote: Zygote) -> None:
    """More than a mebibyte isn't handed on."""
    assert failure(zygote, "large_answer").kind == "too-much-output"


@pytest.mark.parametrize("deed", ["read_file", "unix_socket", "fork", "execute", "kill_parent", "kill_everybody"])
def test_the_kernel_refuses(zygote: Zygote, deed: str) -> None:
    """Files, sockets, processes and signals are refused by the kernel, not by politeness."""
    assert ask(zygote, deed) == {"refused": EPERM}


def test_no_file_is_written(zygote: Zygote, tmp_path: Path) -> None:
    """A job leaves nothing on the disk, not even where everybody may write."""
    tmp_path.chmod(0o777)
    assert ask(zygote, "write_file", path=str(tmp_path / "x")) == {"refused": EPERM}
    assert not list(tmp_path.iterdir())


def test_no_connection_is_made(zygote: Zygote) -> None:
    """A server on the same machine is never reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        try:
            answer = ask(zygote, "connect", port=server.getsockname()[1])
        except JobFailed:
            answer = {}
        assert "value" not in answer
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_thread_is_started(zygote: Zygote) -> None:
    """A job is one thread."""
    assert "thread" in ask(zygote, "thread")["refused"]


@pytest.mark.parametrize("deed", ["crash", "leave"])
def test_a_dead_job_is_an_error_of_its_own_request(zygote: Zygote, deed: str) -> None:
    """A segmentation fault or an early exit is reported; the zygote lives on."""
    assert failure(zygote, deed).kind == "crashed"
    assert zygote.alive


@pytest.mark.parametrize(
    "text", ["hello world", "\0\0\0\2[]", "\0\0\0\2{}", "\xff\xff\xff\xff", "\0\0\0\5null", '\0\0\0\x0c{"answer":5}']
)
def test_a_forged_answer_fails_its_own_request(zygote: Zygote, text: str) -> None:
    """Bytes that a job writes to its socket itself are no answer, and no harm."""
    assert failure(zygote, "forge", text=text).kind in ("crashed", "too-much-output")


def test_a_deeply_nested_answer_is_refused(zygote: Zygote) -> None:
    """JSON nested so deeply that a parser recurses too far doesn't reach the caller as an error of its own."""
    assert failure(zygote, "deep_answer").kind == "crashed"


def test_a_job_sees_nothing_of_its_caller(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment variable of the server, no open descriptor, no rights of root."""
    monkeypatch.setenv("SECRET_KEY", "x")
    own = Zygote(ZygoteSpec(entry="entries:handle", paths=(str(Path(__file__).parent),)))
    try:
        assert set(ask(own, "environment")["value"]) <= {"LC_ALL", "PATH", "PWD"}
        assert ask(own, "descriptors") == {"value": [0, 1, 2, 3]}
        if os.getuid() == 0:
            assert ask(own, "user") != {"value": 0}
    finally:
        own.close()


def test_a_dead_zygote_is_replaced(zygote: Zygote) -> None:
    """When the zygote itself is gone, the next request starts another."""
    own = Zygote(ZygoteSpec(entry="entries:handle", paths=(str(Path(__file__).parent),)))
    try:
        assert ask(own, "echo", value=1) == {"value": 1}
        assert own._process is not None
        own._process.popen.kill()
        own._process.popen.wait()
        assert not own.alive
        assert ask(own, "echo", value=2) == {"value": 2}
    finally:
        own.close()


def test_a_zygote_ends_with_its_caller() -> None:
    """When the caller hangs up, the zygote and its jobs end."""
    own = Zygote(ZygoteSpec(entry="entries:handle", paths=(str(Path(__file__).parent),)))
    own.submit({"deed": "sleep"})
    assert own._process is not None
    process = own._process
    process.control.close()
    assert process.popen.wait(5) == 0
    own.close()


def test_a_zygote_that_cannot_start_says_so() -> None:
    """An entry that can't be loaded is a fault of the installation, told as such."""
    own = Zygote(ZygoteSpec(entry="no_such_module:handle"))
    with pytest.raises(JobFailed) as caught:
        own.hello()
    assert caught.value.kind == "no-start"


def test_a_request_that_is_too_large_is_not_sent(zygote: Zygote) -> None:
    """The limit is known before anything is handed over."""
    assert failure(zygote, "echo", value="a" * limits.REQUEST_BYTES).kind == "too-large"


def test_jobs_of_many_threads_do_not_mix(zygote: Zygote) -> None:
    """Each caller gets its own answer."""
    answers: dict[int, Any] = {}

    def work(number: int) -> None:
        answers[number] = ask(zygote, "echo", value=number)["value"]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number for number in range(12)}


def test_too_many_at_once_are_told_to_come_back() -> None:
    """One works, one waits, the third is refused at once; so is one whose turn doesn't come."""
    slots = Slots(at_once=1, queue=1, patience=0.2)
    refused: list[int] = []

    def wait() -> None:
        with pytest.raises(Busy) as caught, slots.take():
            pass
        refused.append(caught.value.retry_after)

    with slots.take():
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.05)
        started = time.monotonic()
        with pytest.raises(Busy), slots.take():
            pass
        assert time.monotonic() - started < allowed(0.1)
        waiting.join()
    assert len(refused) == 1
    assert refused[0] > 0
    with slots.take():
        pass


def test_a_slow_job_stands_in_nobodys_way() -> None:
    """What has run for a while leaves its place to others, and goes on beside them; but not any number of it."""
    slots = Slots(at_once=1, queue=1, patience=limits.SLOW_SECONDS + allowed(1.0), slow=1)
    with slots.take():
        started = time.monotonic()
        with slots.take():
            assert limits.SLOW_SECONDS - 0.1 < time.monotonic() - started < limits.SLOW_SECONDS + allowed(0.9)
            with pytest.raises(Busy), slots.take():
                pass


def test_a_slow_job_gives_way(zygote: Zygote) -> None:
    """After a second it has a lower priority than a fresh one, so that loops of others cost it little."""
    pending = zygote.submit({"deed": "nap", "seconds": limits.SLOW_SECONDS + 1.0})
    time.sleep(limits.SLOW_SECONDS / 2)
    children = _children(_itself(zygote))
    before = [os.getpriority(os.PRIO_PROCESS, child) for child in children]
    time.sleep(limits.SLOW_SECONDS)
    after = [os.getpriority(os.PRIO_PROCESS, child) for child in children]
    assert max(before) < max(after)
    assert pending.result() == {"value": "rested"}


def test_a_child_waits_for_its_job(zygote: Zygote) -> None:
    """While nothing is asked one child gets ready; what comes at the same time gets children of its own."""
    _waiting(zygote)
    both = [zygote.submit({"deed": "warmed", "seconds": 0.2}) for _ in range(2)]
    assert sorted(pending.result()["value"] for pending in both) == [False, True]


def test_a_child_that_ends_while_it_waits_is_not_missed(zygote: Zygote) -> None:
    """The next job gets a child of its own; nothing is made ready again, for that might end as well."""
    os.kill(_waiting(zygote), signal.SIGKILL)
    time.sleep(REST)
    assert ask(zygote, "warmed") == {"value": False}
    time.sleep(REST)
    assert not _children(_itself(zygote))
    zygote.close()  # the next one is to have one in waiting


@pytest.mark.parametrize("deed", ["read_file", "unix_socket", "fork", "execute", "kill_parent"])
def test_a_child_that_waited_is_held_like_any_other(zygote: Zygote, deed: str) -> None:
    """It enters most layers before it has its job, and the rest before it reads it."""
    _waiting(zygote)
    assert ask(zygote, deed) == {"refused": EPERM}


def test_jobs_end_with_their_zygote() -> None:
    """Also where it is killed and can end nobody itself: a job at work, and a child in waiting."""
    own = Zygote(ZygoteSpec(entry="entries:handle", paths=(str(Path(__file__).parent),)))
    _waiting(own)
    pending = [own.submit({"deed": "sleep"}) for _ in range(2)]
    time.sleep(REST)
    children = _children(_itself(own))
    os.kill(_itself(own), signal.SIGKILL)
    for job in pending:
        with pytest.raises(JobFailed):
            job.result()
    time.sleep(REST)
    assert len(children) == 2
    assert not [child for child in children if _is_alive(child)]
    own.close()


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


REST = 5 * IDLE_SECONDS


def _waiting(zygote: Zygote) -> int:
    """The child in waiting, once every other one has ended."""
    assert ask(zygote, "echo", value=1) == {"value": 1}
    time.sleep(REST)
    (child,) = _children(_itself(zygote))
    return child


def _itself(zygote: Zygote) -> int:
    """The zygote's own process."""
    assert zygote._process is not None
    process = zygote._process.popen.pid
    while Path(f"/proc/{process}/comm").read_text().strip() == "bwrap":  # it stands between, twice
        process = _children(process)[0]
    return process


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
