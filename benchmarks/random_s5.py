"""Writes an S5 classifier with random weights in the peers' smnist shape (4 layers, H 64, P 32, bidirectional), as a model
folder that a sweep can take:

    python3 benchmarks/random_s5.py /tmp/random-s5

Only for timing: it has learnt nothing. Needs numpy.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

LAYERS, CHANNELS, STATES, STEPS, CLASSES = 4, 64, 32, 784, 10
CONFIG = {
    "family": "s5", "head": "classification", "input_kind": "continuous", "d_input": 1, "d_model": CHANNELS,
    "n_layers": LAYERS, "ssm_size_base": 2 * STATES, "blocks": 1, "conj_sym": True, "bidirectional": True,
    "discretization": "zoh", "activation": "half_glu1", "norm": "batch", "bn_momentum": 0.95, "prenorm": True,
    "pooling": "mean", "padded": False, "d_output": CLASSES, "clip_eigs": False, "step_rescale": 1.0, "seq_len": STEPS,
    "state_size_stored": STATES, "norm_eps": 1e-5, "gelu": "tanh", "dropout": 0.0, "score_eps": 1e-8,
    "input_normalisation": {"scale": 255.0, "mean": 0.0, "std": 1.0},
}  # fmt: skip


def weights(random):
    """Names of the flax variable tree, joined by "/", to float32 arrays."""

    def normal(*shape):
        return (random.standard_normal(shape) / np.sqrt(shape[0])).astype(np.float32)

    def dense(name, inputs, outputs):
        yield f"params/{name}/kernel", normal(inputs, outputs)
        yield f"params/{name}/bias", np.zeros(outputs, np.float32)

    yield from dense("encoder/encoder", 1, CHANNELS)
    for layer in range(LAYERS):
        name = f"encoder/layers_{layer}"
        for statistic, value in (("mean", 0), ("var", 1)):
            yield f"batch_stats/{name}/norm/{statistic}", np.full(CHANNELS, value, np.float32)
        yield f"params/{name}/norm/scale", np.ones(CHANNELS, np.float32)
        yield f"params/{name}/norm/bias", np.zeros(CHANNELS, np.float32)
        yield from dense(f"{name}/out2", CHANNELS, CHANNELS)
        yield f"params/{name}/seq/Lambda_re", np.full(STATES, -0.5, np.float32)
        yield f"params/{name}/seq/Lambda_im", np.pi * np.arange(STATES, dtype=np.float32)
        yield f"params/{name}/seq/log_step", random.uniform(np.log(1e-3), np.log(0.1), (STATES, 1)).astype(np.float32)
        yield f"params/{name}/seq/B", normal(STATES, CHANNELS, 2)
        yield f"params/{name}/seq/C1", normal(CHANNELS, STATES, 2)
        yield f"params/{name}/seq/C2", normal(CHANNELS, STATES, 2)
        yield f"params/{name}/seq/D", normal(CHANNELS)
    yield from dense("decoder", CHANNELS, CLASSES)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    header, body = {}, b""
    for name, array in weights(np.random.default_rng(0)):
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(body), len(body) + array.nbytes]}
        body += array.tobytes()
    text = json.dumps(header).encode()
    (folder / "weights.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
