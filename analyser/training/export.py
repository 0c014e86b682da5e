"""Trained encoders -> the ONNX files of ``models/matcher``: weights in eight bits, vocabulary beside them."""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from analyser.training import bi_encoder, cross_encoder
from analyser.training.averaging import averaged

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(model: nn.Module, path: Path, outputs: tuple[str, ...]) -> None:
    """Write an ONNX file with eight-bit weights (per channel); inputs have shape (n_texts, n_tokens)."""
    ids = torch.ones(2, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name) / "plain.onnx"
        torch.onnx.export(
            model.eval(),
            (ids, ids, ids),
            str(plain),
            input_names=list(INPUTS),
            output_names=list(outputs),
            dynamic_axes={key: {0: "n_texts", 1: "n_tokens"} for key in INPUTS},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(str(plain), str(path), per_channel=True, weight_type=QuantType.QInt8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bi", nargs="+", required=True, metavar="FOLDER[=SHARE]", help="trained bi-encoders")
    parser.add_argument("--cross", nargs="+", required=True, metavar="FOLDER[=SHARE]", help="trained cross-encoders")
    parser.add_argument("--out", type=Path, required=True, help="models/matcher")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--held-out", nargs="*", default=[], help="slugs of questions that both trainings left out")
    parser.add_argument("--points-only", nargs="*", default=[], help="slugs of which only points were learnt")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    export(
        averaged(bi_encoder.load, args.bi, attn_implementation="eager"),
        args.out / "bi_encoder.onnx",
        ("vector", "pieces", "weights"),
    )
    export(
        averaged(cross_encoder.load, args.cross, attn_implementation="eager"),
        args.out / "cross_encoder.onnx",
        ("logits",),
    )
    vocabulary = json.loads((Path(args.bi[0].partition("=")[0]) / "tokenizer.json").read_text(encoding="utf8"))[
        "model"
    ]["vocab"]
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    (args.out / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf8")
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(args.out.glob("*.onnx"))
    }
    left_out = {"held_out": sorted(args.held_out), "points_only": sorted(args.points_only)}
    meta = {"name": "matcher", "version": args.version, **left_out, "files": files}
    (args.out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf8")
    for name, facts in files.items():
        print(f"{name}: {facts['bytes'] / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
