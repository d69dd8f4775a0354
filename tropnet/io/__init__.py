"""Network files in and out: one module per format, every number exact.

`load` and `save` choose the format by the suffix of the file's name.
"""

from tropnet.io.files import SUFFIXES, load, load_with_notes, save
from tropnet.io.json_text import dumps_json, loads_json

__all__ = [
    "SUFFIXES",
    "dumps_json",
    "load",
    "load_with_notes",
    "loads_json",
    "save",
]
