"""The real service over the fake pipeline, to develop the page against and to test the process.

python -m tests.web.fake_server --port 8321
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from qa.config import Settings
from tests.web.fakes import FakePipeline, sample
from web.server import serve


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8321)
    options.add_argument("--pause", type=float, default=0.05, help="seconds before each step, so that streams show")
    options.add_argument("--opening", type=float, default=0, help="seconds that opening the library takes")
    given = options.parse_args()

    def build(settings: Settings, address: str) -> FakePipeline:
        time.sleep(given.opening)
        return FakePipeline(sample(), given.pause)

    with tempfile.TemporaryDirectory() as folder:
        seeds, data = Path(folder, "seeds"), Path(folder, "data")
        seeds.mkdir()
        data.mkdir()
        for number in range(1, 13):
            (seeds / f"示例{number}.txt").write_text(f"第{number}号示例材料，讲的是水库的清淤。", encoding="utf-8")
        return serve(Settings(seeds=seeds, data=data, port=given.port), build)


if __name__ == "__main__":
    sys.exit(main())
