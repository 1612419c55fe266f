"""Pure drawing: rows in, a Plotly figure (or an SVG, or map colours) out. No SQL, no Flask, no Dash."""
