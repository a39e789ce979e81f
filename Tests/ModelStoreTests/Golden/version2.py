"""Writes model-v2.json and model-v2-calibrated.json: the models of the version 1 files in version 2 of
the format, with no code of this project.

    python3 version2.py
"""
import json
import pathlib

from crc32c import crc32c

folder = pathlib.Path(__file__).parent


def keyed(member):
    """{"kind": k, ...} as {k: {...}}."""
    rest = {key: value for key, value in member.items() if key != "kind"}
    return {member["kind"]: rest}


def source(member):
    if member["kind"] == "number":
        return dict(member, kind={"number": {}})
    substitute = member["substitute"]
    return {
        "name": member["name"],
        "substitute": None if substitute is None else float(substitute),
        "kind": {"factor": {"levels": member["levels"], "base": member["base"]}},
    }


for name in ["", "-calibrated"]:
    document = json.loads((folder / f"model-v1{name}.json").read_text())
    document["format_version"] = 2
    document["encoding"] = {
        "sources": [source(member) for member in document["encoding"]["sources"]],
        "columns": [
            {"factors": [keyed(factor) for factor in column]}
            for column in document["encoding"]["columns"]
        ],
    }
    document["model"] = keyed(document["model"])
    calibration = document.setdefault("calibration", None)
    if calibration is not None:
        calibration["map"] = {calibration.pop("method"): calibration["map"]}
    fit = document["fit"]
    fit["course"]["set_up_passes"] = 0.0
    fit["statistics"]["data_checksum"] = None
    fit["statistics"]["label_noise"] = None
    fit["statistics"]["criteria"] = {"available": fit["statistics"]["criteria"]}
    fit["uncertainty"]["takeuchi"] = None
    fit["covariance"] = fit["uncertainty"].pop("covariance")
    fit["training"] = fit["validation"] = None
    del document["crc32c"]

    def text(value):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    check = crc32c(text(document).encode())
    document["crc32c"] = "%08x" % check
    (folder / f"model-v2{name}.json").write_text(text(document) + "\n")
