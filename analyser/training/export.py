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
from transformers import BertModel

from analyser.training.cross_encoder import load

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class MeanPooled(nn.Module):
    """The bi-encoder: a unit vector a text."""

    def __init__(self, body: BertModel):
        super().__init__()
        self.body = body

    def forward(self, input_ids, attention_mask, token_type_ids):
        states = self.body(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


def export(model: nn.Module, path: Path) -> None:
    """Write an ONNX file with eight-bit weights (per channel); inputs have shape (n_texts, n_tokens)."""
    ids = torch.ones(2, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name) / "plain.onnx"
        torch.onnx.export(
            model.eval(),
            (ids, ids, ids),
            str(plain),
            input_names=list(INPUTS),
            output_names=["out"],
            dynamic_axes={key: {0: "n_texts", 1: "n_tokens"} for key in INPUTS},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(str(plain), str(path), per_channel=True, weight_type=QuantType.QInt8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bi", type=Path, required=True, help="folder written by the bi-encoder's training")
    parser.add_argument("--cross", type=Path, required=True, help="folder written by the cross-encoder's training")
    parser.add_argument("--out", type=Path, required=True, help="models/matcher")
    parser.add_argument("--version", default="0.1.0")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    body = BertModel.from_pretrained(args.bi, add_pooling_layer=False, attn_implementation="eager")
    export(MeanPooled(body), args.out / "bi_encoder.onnx")
    cross = load(args.cross, attn_implementation="eager")
    export(cross, args.out / "cross_encoder.onnx")
    vocabulary = json.loads((args.bi / "tokenizer.json").read_text(encoding="utf8"))["model"]["vocab"]
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    (args.out / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf8")
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(args.out.glob("*.onnx"))
    }
    meta = {"name": "matcher", "version": args.version, "files": files}
    (args.out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf8")
    for name, facts in files.items():
        print(f"{name}: {facts['bytes'] / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
