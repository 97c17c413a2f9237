"""Every faulty file has a test in which its right value stands."""

from pathlib import Path

HERE = Path(__file__).parent


def test_each_file_is_read_by_a_test(shared_data: Path) -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py"))
    files = {file.name for file in (shared_data / "faulty-inputs").iterdir()} - {"README.md"}
    assert len(files) >= 30
    assert sorted(name for name in files if name not in tests) == []
