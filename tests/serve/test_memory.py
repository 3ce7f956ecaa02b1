import asyncio
import os
from pathlib import Path

from aggregator.serve.memory import Memory


def test_file_that_stays_as_it_is_is_read_once(tmp_path: Path):
    (tmp_path / "a.atom").write_text("a")

    async def main() -> None:
        memory = Memory(tmp_path)
        first = await memory.find(tmp_path / "a.atom")
        assert await memory.find(tmp_path / "a.atom") is first

    asyncio.run(main())


def test_many_who_ask_at_once_cause_one_reading_and_one_packing(tmp_path: Path):
    (tmp_path / "a.atom").write_text("a" * 1000)

    async def main() -> None:
        memory = Memory(tmp_path)
        found = await asyncio.gather(*(memory.find(tmp_path / "a.atom") for _ in range(20)))
        assert len({id(kept) for kept in found}) == 1
        packed = await asyncio.gather(*(memory.packed(found[0], "gzip") for _ in range(20)))
        assert len({id(body) for body in packed}) == 1

    asyncio.run(main())


def test_memory_stays_within_its_bound_and_keeps_what_was_asked_for_last(tmp_path: Path):
    for name in "abcd":
        (tmp_path / name).write_bytes(name.encode() * 1000)

    async def main() -> None:
        memory = Memory(tmp_path, kept_bytes=3000)
        kept = {name: await memory.find(tmp_path / name) for name in "abc"}
        assert await memory.find(tmp_path / "a") is kept["a"]
        await memory.find(tmp_path / "d")
        assert memory.kept_bytes == 3000
        assert await memory.find(tmp_path / "a") is kept["a"]
        assert await memory.find(tmp_path / "b") is not kept["b"]

    asyncio.run(main())


def test_packed_forms_count_and_are_given_back(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"a" * 1000)

    async def main() -> None:
        memory = Memory(tmp_path)
        kept = await memory.find(tmp_path / "a")
        packed = await memory.packed(kept, "br")
        assert memory.kept_bytes == 1000 + len(packed)
        (tmp_path / "a").unlink()
        assert await memory.find(tmp_path / "a") is None
        assert memory.kept_bytes == 0

    asyncio.run(main())


def test_replacement_is_seen_even_with_the_same_date_and_length(tmp_path: Path):
    async def main() -> None:
        memory = Memory(tmp_path)
        bodies = []
        for body in (b"one", b"two"):
            (tmp_path / "next").write_bytes(body)
            os.utime(tmp_path / "next", (1_700_000_000, 1_700_000_000))
            (tmp_path / "next").replace(tmp_path / "a")
            bodies.append((await memory.find(tmp_path / "a")).body)
        assert bodies == [b"one", b"two"]

    asyncio.run(main())


def test_date_never_goes_back_when_the_bytes_change(tmp_path: Path):
    async def main() -> None:
        memory = Memory(tmp_path)
        dates = []
        for body, date in ((b"one", 1_700_000_000), (b"two", 1_600_000_000), (b"two", 1_600_000_001)):
            (tmp_path / "next").write_bytes(body)
            os.utime(tmp_path / "next", (date, date))
            (tmp_path / "next").replace(tmp_path / "a")
            dates.append((await memory.find(tmp_path / "a")).last_modified)
        assert dates == [1_700_000_000, 1_700_000_001, 1_700_000_001]

    asyncio.run(main())


def test_reader_gets_one_state_or_the_other_while_a_file_is_replaced(tmp_path: Path):
    states = [bytes([65 + n]) * (50_000 + n) for n in range(20)]
    (tmp_path / "a").write_bytes(states[0])

    async def main() -> None:
        memory = Memory(tmp_path)

        def replace_all() -> None:
            for state in states * 5:
                (tmp_path / "next").write_bytes(state)
                (tmp_path / "next").replace(tmp_path / "a")

        writing = asyncio.create_task(asyncio.to_thread(replace_all))
        seen = set()
        while not writing.done():
            kept = await memory.find(tmp_path / "a")
            assert kept.body in states
            seen.add(kept.digest)
            await asyncio.sleep(0)
        await writing
        assert len(seen) > 1

    asyncio.run(main())
