"""The real HTTP edge over the fake pipeline, to develop the page against.

python -m tests.web.fake_server --port 8321
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from waitress import serve

from qa.config import Settings
from tests.web.fakes import FakePipeline, sample
from web import create_app


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8321)
    options.add_argument("--pause", type=float, default=0.05, help="seconds before each step, so that streams show")
    options.add_argument("--not-ready", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds, data = Path(folder, "seeds"), Path(folder, "data")
        seeds.mkdir(), data.mkdir()
        for number in range(12):
            (seeds / f"示例{number}.txt").write_text(f"第{number}号示例材料，讲的是水库的清淤。", encoding="utf-8")
        pipeline = None if given.not_ready else FakePipeline(sample(), given.pause)
        app = create_app(pipeline, Settings(seeds=seeds, data=data, port=given.port))
        print(f"http://127.0.0.1:{given.port}", flush=True)
        serve(app, host="127.0.0.1", port=given.port, threads=16, channel_request_lookahead=1)


if __name__ == "__main__":
    main()
