"""The command line: ``python -m benchmarks [MEASUREMENT ...] [options]``."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

from benchmarks import (
    ROOT,
    break_locus,
    dimension,
    equality,
    hypersurfaces,
    regions,
    scaling,
    search,
)
from benchmarks.peers import report

MEASUREMENTS = [
    *("regions", "break-locus", "hypersurfaces", "dimension", "search"),
    *("certificates", "equality", "scaling", "peers"),
]
FAMILIES = "a,b,c,d,e,f,fi,fs,g"
ARCHITECTURES = "2-8-8-1,3-6-6-1,2-6-6-6-1,5-10-1,4-8-8-1,3-10-10-1"


def main() -> None:
    """Read the options and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        metavar="MEASUREMENT",
        help=f"which to run: {', '.join(MEASUREMENTS)}; all by default",
    )
    parser.add_argument(
        "--shared",
        type=Path,
        default=ROOT.parent / "shared",
        help="the folder with networks/ and pairs/ (default: shared, beside the checkout)",
    )
    parser.add_argument("--repeats", type=int, default=3, help="medians are over so many runs")
    parser.add_argument("--net", help="regions: only these networks, separated by commas")
    parser.add_argument(
        "--stream", action="store_true", help="regions: also the memory along the stream"
    )
    parser.add_argument(
        "--arch",
        help=f"equality, certificates: architectures of pairs (default: {ARCHITECTURES}; all)",
    )
    parser.add_argument(
        "--identities",
        default="2-4-1,3-6-1",
        help="the same for the networks in the identities; empty for none",
    )
    parser.add_argument("--families", default=FAMILIES, help="the same for families of pairs")
    parser.add_argument(
        "--limit",
        type=int,
        default=120,
        help="all but regions: seconds before a run is stopped",
    )
    parser.add_argument(
        "--only", choices=report.QUESTIONS, help="peers: measure again this kind of question alone"
    )
    options = parser.parse_args()
    what = options.what or MEASUREMENTS
    if unknown := set(what) - set(MEASUREMENTS):
        parser.error(f"unknown measurement: {', '.join(sorted(unknown))}")
    shared = options.shared.resolve()
    _run_without_pairs(what, shared, options)
    families, identities = options.families.split(","), _list(options.identities) or []
    if not (shared / "pairs").is_dir():
        print(f"\npairs: skipped, there is no folder {shared.name}/pairs")
        families = []
    if "certificates" in what:
        equality.compare_certificates(
            shared,
            options.repeats,
            families,
            _list(options.arch) or ["*"],
            identities,
            options.limit,
        )
    if "equality" in what:
        if importlib.util.find_spec("z3") is None:
            print("\nequality: skipped, z3 is not installed (pip install 'tropnet[smt]')")
            return
        if families:
            equality.compare_pairs(
                shared,
                options.repeats,
                families,
                (options.arch or ARCHITECTURES).split(","),
                options.limit,
            )
        if identities:
            equality.compare_identities(options.repeats, identities, options.limit)


def _run_without_pairs(what: list[str], shared: Path, options: argparse.Namespace) -> None:
    if "regions" in what:
        regions.run(shared, options.repeats, _list(options.net), options.stream)
    if "break-locus" in what:
        break_locus.run(shared, options.repeats)
    if "hypersurfaces" in what:
        hypersurfaces.run(options.repeats, options.limit)
    if "dimension" in what:
        dimension.run(shared, options.repeats, options.limit)
    if "search" in what:
        search.run(options.repeats, options.limit)
    if "scaling" in what:
        scaling.run(options.repeats)
    if "peers" in what:
        report.run(options.repeats, options.limit, options.only)


def _list(text: str | None) -> list[str] | None:
    return text.split(",") if text else None


if __name__ == "__main__":
    main()
