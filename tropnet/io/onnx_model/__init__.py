"""ONNX models: chains of affine maps and piecewise linear activations, folded exactly."""

from tropnet.io.onnx_model.reading import read
from tropnet.io.onnx_model.writing import write

__all__ = ["read", "write"]
