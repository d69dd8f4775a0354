"""Figures; imports of matplotlib and plotly stay in this folder (extra ``plot``)."""
