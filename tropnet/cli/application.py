"""The program `tropnet`: its verbs, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from tropnet.cli.catalogue import catalogue
from tropnet.cli.check import check
from tropnet.cli.compare import compare
from tropnet.cli.convert import convert
from tropnet.cli.depth import depth
from tropnet.cli.dimension import dimension
from tropnet.cli.explore import explore
from tropnet.cli.identify import identify
from tropnet.cli.info import info
from tropnet.cli.minimal import minimal
from tropnet.cli.newton import newton
from tropnet.cli.plot import plot
from tropnet.cli.regions import regions
from tropnet.cli.search import search
from tropnet.cli.simplify import simplify
from tropnet.cli.status import INTERRUPTED, TROUBLE, trouble
from tropnet.errors import TropnetError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tropnet")
def app() -> None:
    """Exact tropical geometry of ReLU networks.

    NET, A and B are network files (.json .npz .onnx .nnet .pt .pth), or - for JSON on standard
    input.  "tropnet VERB --help" explains a verb, with an example.
    """


for _verb in (
    compare,
    check,
    info,
    regions,
    dimension,
    depth,
    simplify,
    minimal,
    identify,
    newton,
    plot,
    explore,
    catalogue,
    search,
    convert,
):
    app.add_command(_verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; every trouble is one line on standard error and status 2."""
    try:
        status = app(args=arguments, prog_name="tropnet", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as help_text:
        click.echo(help_text.format_message())
        status = TROUBLE
    except click.Abort:
        status = trouble("interrupted", INTERRUPTED)
    except click.ClickException as error:
        status = trouble(f"{error.format_message()} (see 'tropnet --help')")
    except TropnetError as error:
        status = trouble(str(error))
    except SystemExit:
        # Only click exits here, where the reader of our output has gone, and with status 1.
        status = TROUBLE
    except OSError as error:
        # Our output cannot be written, or its reader has gone; keep Python from saying so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        is_gone = isinstance(error, BrokenPipeError)
        status = TROUBLE if is_gone else trouble(f"cannot write ({error.strerror})")
    except Exception as error:
        # Status 1 means "different", so nothing unforeseen may end with it.
        status = trouble(f"internal error, please report it: {type(error).__name__}: {error}")
    raise SystemExit(status)
