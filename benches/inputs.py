"""Writes the inputs of the workloads, as the peers draw them, to a folder: one file an array, little-endian doubles.

    python3 benches/inputs.py FOLDER [members of W1] [scenarios of W3]

The peers are taken from $PERENNIS_REFERENCE/peers, else from ../shared/peers beside the workspace.
"""

import os
import sys
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True


def peers():
    workspace = Path(__file__).resolve().parents[1]
    reference = os.environ.get("PERENNIS_REFERENCE")
    return (Path(reference) if reference else workspace.parent / "shared") / "peers"


def write(folder, name, values):
    np.ascontiguousarray(values, dtype="<f8").tofile(folder / f"{name}.f64")


def main():
    folder = Path(sys.argv[1])
    members = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    scenarios = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000
    sys.path.insert(0, str(peers()))
    import w1_common
    import w2_params

    folder.mkdir(parents=True, exist_ok=True)
    for name, values in w1_common.members(members).items():
        write(folder, f"w1_{name}", values)
    write(folder, "w1_mortality", w1_common.Q)
    for name, values in w2_params.params().items():
        write(folder, f"w2_{name}", values)
    write(folder, "w2_spouse", w2_params.spouse_index())
    write(folder, "w3_paths", w2_params.scenarios(scenarios))


if __name__ == "__main__":
    main()
