"""`surprisal predict` as a co-process: each line is answered at once, by CSV and by JSON."""

import json
import os
import subprocess
import time

import pytest

TOOL = os.environ.get("SURPRISAL_TOOL")

pytestmark = pytest.mark.skipif(TOOL is None, reason="SURPRISAL_TOOL names no tool")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predict")
    rows = [(i % 7, "red" if i * 5 % 3 else "blue", "yes" if i * 3 % 5 > 1 else "no")
            for i in range(60)]
    text = "x,c,y\n" + "".join(f"{x},{color},{label}\n" for x, color, label in rows)
    (folder / "data.csv").write_text(text)
    path = str(folder / "model.json")
    subprocess.run([TOOL, "fit", str(folder / "data.csv"), "--target", "y", "--l2", "0.01", "-o",
                    path, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return path


class Process:
    """The tool at the other end of two pipes."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([TOOL, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.errors = self.process.stderr.read().decode()
        self.status = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()

    def send(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, line):
        self.send(line)
        return self.process.stdout.readline().decode().rstrip("\n")


def p50(process, line, count=400):
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        assert process.ask(line)
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[count // 2]


def test_csv(model):
    with Process("predict", model, "-", "--stream", "--keep", "id") as process:
        # Fewer bytes than a signature has: nothing waits for more.
        assert process.ask("x,id,c") == "id,predicted,p_no,p_yes"
        fields = process.ask("1,7,red").split(",")
        assert fields[:1] == ["7"] and abs(float(fields[2]) + float(fields[3]) - 1) < 1e-15
        assert p50(process, "2,a b,blue") < 1e-3
    assert process.status == 0


def test_csv_of_one_column(tmp_path):
    (tmp_path / "data.csv").write_text("x,y\n1,a\n2,b\n3,a\n4,b\n")
    path = str(tmp_path / "m.json")
    subprocess.run([TOOL, "fit", str(tmp_path / "data.csv"), "--target", "y", "--l2", "0.1", "-o",
                    path], check=True, stdout=subprocess.DEVNULL)
    with Process("predict", path, "-", "--stream") as process:
        assert process.ask("x") == "predicted,p_a,p_b"
        assert process.ask("1").startswith("a,")
    assert process.status == 0


def test_json_lines(model):
    with Process("predict", model, "-", "--stream", "--format", "ndjson", "--keep", "*",
                 "--on-bad-row", "skip", "--top", "1") as process:
        answer = json.loads(process.ask('{"c": "red", "x": 1, "id": [1, "a"]}'))
        assert list(answer) == ["row", "c", "x", "id", "predicted", "probabilities"]
        assert answer["row"] == 1 and answer["id"] == [1, "a"] and answer["x"] == 1
        assert list(answer["probabilities"]) == [answer["predicted"]]
        faults = ['{"c": "red"}', '{"x": 1, "c": "green"}', '{"x": "1", "c": "red"}', "[1]", "{",
                  '{"x": null, "c": "red"}']
        codes = [json.loads(process.ask(line))["error"]["code"] for line in faults]
        assert codes == ["column.missing", "feature.level", "number.syntax", "json.syntax",
                         "json.syntax", "missing.cells"], codes
        assert json.loads(process.ask('{"x": 3, "c": "blue"}'))["row"] == 8
        assert p50(process, '{"x": 3, "c": "blue"}') < 1e-3
    assert process.status == 0


def test_json_lines_without_skipping(model):
    with Process("predict", model, "-", "--format", "ndjson") as process:
        process.send('{"c": "red", "x": 1}')
        process.send('{"c": "red", "x": 1')
        process.process.stdin.close()
        lines = process.process.stdout.read().splitlines()
    assert process.status == 65 and "line 2" in process.errors
    assert len(lines) <= 1
