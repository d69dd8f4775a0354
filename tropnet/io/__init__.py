"""Network files in and out: one module per format, every number exact.

`load` and `save` choose the format by the suffix of the file's name.
"""

from tropnet.io.exports import gfan_dilation, to_gfan, to_polymake
from tropnet.io.files import SUFFIXES, load, load_with_notes, save
from tropnet.io.json_objects import object_from_json, object_to_json
from tropnet.io.json_text import dumps_json, loads_json
from tropnet.io.torch_modules import from_torch, to_torch

__all__ = [
    "SUFFIXES",
    "dumps_json",
    "from_torch",
    "gfan_dilation",
    "load",
    "load_with_notes",
    "loads_json",
    "object_from_json",
    "object_to_json",
    "save",
    "to_gfan",
    "to_polymake",
    "to_torch",
]
