"""pack.py AUDIO_NET.npz DURATIONS.npy ENGLISH_LETTERS.npz OUT.bin

Writes aligner.bin: the acoustic net, the duration costs and the English letter net, as 8-bit weights.

Layout, little endian: b"LNAM1", u32 number of entries; each entry: u8 length and name, u8 type (0 i8, 1 f32, 2 UTF-8),
u8 number of dimensions, u32 each, then the data (text: one dimension, its bytes).
Entries: net.w1..w5 i8 [in][out], net.s1..s5 one scale per output, net.b1..b5, net.prior; durations [class][steps 1..40];
classes; english.e [place][letter][hidden], english.o [hidden][emission] with their scales, english.b, english.c,
english.letters, english.emissions (a line each, may be empty), english.exceptions (word TAB classes).
"""
import struct
import sys

import numpy as np

CLASSES = (
    "SIL MUS i I e E a A @ oe er o O u U y an on in "
    "p t k b d g f v th dh s z sh zh h m n ng l r R j w dx"
)


def quantised(w, axis):
    """8 bits with one scale per output unit, or one for the whole table."""
    s = np.abs(w).max(axis) / 127
    return np.clip(np.round(w / s), -127, 127).astype(np.int8), np.atleast_1d(s).astype("<f4")


def entries(net, durations, letters):
    out = {}
    for layer in range(1, 6):
        out[f"net.w{layer}"], out[f"net.s{layer}"] = quantised(net[f"w{layer}"], 0)
        out[f"net.b{layer}"] = net[f"b{layer}"].astype("<f4")
    out["net.prior"] = net["prior"].astype("<f4")
    # Column 0 is a run of no steps.
    out["durations"] = durations[:, 1:].astype("<f4")
    out["classes"] = CLASSES
    for table in "eo":
        # A net that was rounded before comes back to the same bytes.
        scale = letters[f"s{table}"] if f"s{table}" in letters.files else 1
        out[f"english.{table}"], out[f"english.s{table}"] = quantised(letters[table] * np.float32(scale), None)
    for bias in "bc":
        out[f"english.{bias}"] = letters[bias].astype("<f4")
    out["english.letters"] = str(letters["al"])
    out["english.emissions"] = "\n".join(map(str, letters["em"]))
    out["english.exceptions"] = "\n".join(f"{w}\t{p}" for w, p in zip(letters["exw"], letters["exp"]))
    return out


def write(path, table):
    with open(path, "wb") as f:
        f.write(b"LNAM1" + struct.pack("<I", len(table)))
        for name, value in table.items():
            f.write(bytes([len(name)]) + name.encode())
            if isinstance(value, str):
                data, kind, shape = value.encode(), 2, [len(value.encode())]
            else:
                data, kind, shape = value.tobytes(), int(value.dtype != np.int8), value.shape
            f.write(struct.pack("<BB", kind, len(shape)) + struct.pack(f"<{len(shape)}I", *shape) + data)


if __name__ == "__main__":
    net, durations, letters, out = sys.argv[1:]
    write(out, entries(np.load(net), np.load(durations), np.load(letters)))
