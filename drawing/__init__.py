"""Flows as pictures: from the script to a chart, to places (ELK), to SVG, PNG and pages. See ADR 0021."""
